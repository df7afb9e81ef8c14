"""The words that are sent to Gemini."""

import pytest
from msgspec.structs import replace
from services.gemini_rig import BALLOON, STYLES

from pickabook_desktop.domain.errors import TemplateError
from pickabook_desktop.domain.names import Hints
from pickabook_desktop.domain.template import Template
from pickabook_desktop.providers.gemini.prompt import CHILD, ENDING, written
from pickabook_desktop.storage.catalogue import read_catalogue


def prompt_of(template: Template | None = BALLOON, text: str = "", **fields: str) -> str:
    return written(
        template=template,
        style=STYLES["comic"],
        palette=None,
        fields=fields,
        text=text,
        roles=["face", "scene"],
    )


def test_it_ends_with_the_wish_for_a_picture_alone():
    assert prompt_of().endswith(ENDING)


def test_fields_are_filled_in_and_examples_stand_in_for_empty_ones():
    assert "Rex looks on." in prompt_of(companion="Rex")
    assert "Biscuit the puppy looks on." in prompt_of(companion=" ")


def test_style_words_and_roles_are_all_there():
    said = prompt_of(text="a red scarf")
    assert "Style: Drawn as comic." in said
    assert "a red scarf." in said
    assert said.index("Image 1: a photograph of the child's face") < said.index("Image 2: the page")


@pytest.mark.parametrize(
    ("text", "name", "sent"),
    [
        ("Mia waves", "Mia", "the child waves"),
        ("MIA's hat, mia’s scarf", "Mia", "the child's hat, the child’s scarf"),
        ("Miaow says the cat", "Mia", "Miaow says the cat"),
        ("Anna Lena and Anna", "Anna Lena", "the child and the child"),
        ("Anna  Lena", "Anna Lena", "the child"),
        ("José-Luis and josé", "José-Luis", "the child and the child"),
        ("a van for Ida van der Berg", "Ida van der Berg", "a van for the child"),
        ("a bee for Mia A.", "Mia A.", "a bee for the child"),
        ("mia rose and rose", "mia rose", "the child and the child"),
        ("小美在月亮上", "小美", "the child在月亮上"),
        ("C++ (a club)", "C++", "the child (a club)"),
        ("nobody", "", "nobody"),
        ("a - b", "-", "a - b"),
    ],
)
def test_the_name_is_replaced_wherever_it_stands(text: str, name: str, sent: str):
    assert Hints(name).without(text, CHILD) == sent


def test_a_name_in_a_field_or_the_text_is_not_sent():
    said = prompt_of(name="Olive", companion="Olive's puppy", text="Olive in red")
    assert "Olive" not in said
    assert "the child's puppy looks on." in said


@pytest.mark.parametrize("words", ["Emmas Hund", "#Emma_the_brave", "EMMA’S hat", "e\u0301mma"])
def test_no_spelling_of_the_name_is_sent(words: str):
    own = replace(BALLOON, prompt="Emma flies. {companion} looks on.")
    said = prompt_of(own, name="Émma" if "\u0301" in words else "Emma", companion=words, text=words)
    assert "mma" not in said.lower()


def test_the_name_example_is_not_sent_either():
    assert "Mia" not in prompt_of()


@pytest.mark.parametrize("pattern", ["{child.__class__}", "{unknown} waves", "{name", "{0}"])
def test_a_pattern_that_cannot_be_filled_is_said(pattern: str):
    template = Template(
        id="odd",
        title="Odd",
        world="",
        summary="",
        tags=(),
        canvas=BALLOON.canvas,
        crops=BALLOON.crops,
        slots=BALLOON.slots,
        prompt=pattern,
    )
    with pytest.raises(TemplateError) as caught:
        prompt_of(template)
    assert "Odd" in caught.value.message


def test_every_template_of_the_program_can_be_filled():
    from doubles import RESOURCES

    catalogue = read_catalogue((RESOURCES / "templates",), (RESOURCES / "styles",))
    assert catalogue.templates
    for template in catalogue.templates.values():
        said = prompt_of(template, name="Zebedee")
        assert "{" not in said
        assert "the child" in said
        assert "Zebedee" not in said
