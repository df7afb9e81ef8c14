"""Words choose a template, its palette and a style, and say which of them did."""

import pytest

from pickabook_desktop.domain.geometry import Rect
from pickabook_desktop.domain.template import Crop, FaceSlot, Palette, Style, Template
from pickabook_desktop.providers.matching import match_prompt, stem


def template(
    id_: str,
    title: str,
    world: str,
    words: list[str],
    tags: tuple[str, ...] = (),
    palettes: tuple[Palette, ...] = (),
) -> Template:
    return Template(
        id=id_,
        title=title,
        world=world,
        summary="",
        tags=tags,
        words=tuple(words),
        canvas=Rect(0, 0, 100, 100),
        crops=(Crop("1:1", Rect(0, 0, 100, 100)),),
        slots=(FaceSlot(x=50, y=50, unit=10),),
        palettes=palettes,
    )


SUITS = (
    Palette(id="orange", title="Orange", words=("orange",)),
    Palette(id="blue", title="Blue", words=("blue", "navy")),
)
TEMPLATES = {
    made.id: made
    for made in (
        template("moon", "Moon walk", "Space", ["rocket", "astronaut"], palettes=SUITS),
        template("reef", "Deep dive", "Underwater", ["diver", "whale", "turtle"], palettes=SUITS),
        template("wood", "Teddy wood", "Forest", ["bear", "hood"], tags=("animals",)),
    )
}
STYLES = {
    "storybook": Style(id="storybook", title="Storybook", summary="", look="storybook"),
    "comic": Style(id="comic", title="Comic", summary="", look="comic", words=("comic",)),
}


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Mia flies a rocket to the stars", "moon"),
        ("diving with two whales", "reef"),
        ("a walk in the woods with my bears", "wood"),
        ("an ocean adventure", "reef"),
        ("an astronuat", "moon"),
    ],
)
def test_the_nearest_template_is_chosen(prompt: str, expected: str):
    assert match_prompt(prompt, TEMPLATES, STYLES).template_id == expected


def test_words_that_name_palette_and_style_choose_them():
    match = match_prompt("a diver in a navy suit, as a comic", TEMPLATES, STYLES)
    assert (match.template_id, match.palette_id, match.style_id) == ("reef", "blue", "comic")


def test_used_and_unused_words_are_told_apart_and_filling_words_left_out():
    match = match_prompt("Mia and a Whale in blue", TEMPLATES, STYLES)
    assert match.used == ("Whale", "blue")
    assert match.unused == ("Mia",)


def test_a_given_template_stays_whatever_the_words_say():
    match = match_prompt("a whale in blue", TEMPLATES, STYLES, template_id="moon")
    assert (match.template_id, match.palette_id) == ("moon", "blue")
    assert match.used == ("blue",)
    assert match.unused == ("whale",)


def test_palette_and_style_chosen_by_hand_stay():
    match = match_prompt(
        "a blue comic diver", TEMPLATES, STYLES, palette_id="orange", style_id="storybook"
    )
    assert (match.palette_id, match.style_id) == ("orange", "storybook")
    assert match.unused == ("blue", "comic")


def test_words_that_fit_nothing_choose_nothing():
    match = match_prompt("quarterly tax return", TEMPLATES, STYLES)
    assert (match.template_id, match.used) == ("", ())
    assert match.unused == ("quarterly", "tax", "return")


def test_a_rare_word_weighs_more_than_one_that_every_template_knows():
    templates = dict(TEMPLATES)
    templates["farm"] = template("farm", "Farm", "Farm", ["bear"], tags=("animals", "walk"))
    assert match_prompt("bear hood", templates, STYLES).template_id == "wood"


@pytest.mark.parametrize(
    ("first", "second"),
    [("whales", "whale"), ("fairies", "fairy"), ("swimming", "swim"), ("diving", "dive")],
)
def test_forms_of_a_word_share_a_stem(first: str, second: str):
    assert stem(first) == stem(second)
