"""What a request becomes for another engine or another child, and what it comes to."""

import msgspec
import pytest
from ui.create_data import FAR, HERE, MOON
from ui.online_data import FAR_AWAY

from pickabook_desktop.domain.capabilities import Capabilities
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.gallery.tag_field import tags_in
from pickabook_desktop.ui.viewmodels.allowance import Allowance
from pickabook_desktop.ui.viewmodels.decisions import Change
from pickabook_desktop.ui.viewmodels.other_child import for_child
from pickabook_desktop.ui.viewmodels.redrawing import planned, refitted, same_again_problem
from pickabook_desktop.ui.viewmodels.shared_marks import SharedMarks

PAGE = GenerationRequest(
    photo=PhotoRef(path="/photos/mia.jpg", sha256="ab", face_index=1),
    template_id="moon",
    style_id="ink",
    engine_id="far",
    prompt="Mia and her dog",
    fields={"name": "Mia", "companion": "Mia's Pip"},
    options={"model": "swift"},
    consent="Mia's mother",
    further_photos=(PhotoRef(path="/photos/mia2.jpg"),),
    size=Size(2048, 2048),
    seed=7,
)
CARD = Card(
    n=1, id="a", created="2026-01-01T00:00:00Z", path="", media_type="image/png", size=Size(1, 1)
)


def can(declared: Capabilities | None) -> Capabilities:
    assert declared is not None
    return declared


def test_an_engine_without_limits_gets_the_page_as_it_is() -> None:
    options = {"line": "Bold"}
    fitted, said = refitted(PAGE, can(HERE.capabilities), MOON, options)
    assert said == ("One further photo is left out.",)
    assert fitted == PAGE.with_changes(
        engine_id="here", options=options, further_photos=(), consent=""
    )


def test_what_an_engine_cannot_do_is_said_of_each_thing() -> None:
    fitted, said = refitted(PAGE, can(FAR.capabilities), MOON, {})
    assert fitted.size == Size(768, 1024)
    assert set(said) == {
        "The picture will be 768 × 1024 px.",
        "Far pays no heed to the prompt.",
        "Far takes no seed.",
        "One further photo is left out.",
    }


@pytest.mark.parametrize("model", ["old", "unknown"])
def test_a_model_that_is_gone_gives_way_to_the_first_that_is_offered(model: str) -> None:
    fitted, _ = refitted(PAGE, FAR_AWAY, MOON, {"model": model, "crop": "face"})
    assert fitted.options == {"model": "swift", "crop": "face"}


def test_the_price_of_all_pages_is_told_and_a_limit_that_it_exceeds() -> None:
    pages = [PAGE.with_changes(seed=seed) for seed in range(3)]

    def capabilities(request: GenerationRequest) -> Capabilities:
        return FAR_AWAY.chosen(request.options)

    plan = planned(pages, capabilities, Allowance())
    assert plan.estimate == "USD 0.15 · about 1 min"
    assert plan.amount == pytest.approx(0.15)
    assert not plan.objection
    tight = planned(pages, capabilities, Allowance(left=0.1))
    assert "USD 0.15" in tight.objection
    free = planned(pages[:1], lambda request: HERE.capabilities, Allowance(left=0.0))
    assert (free.estimate, free.objection) == ("free · about 1 s", "")


def test_only_engines_without_seeds_are_said_to_differ() -> None:
    assert not same_again_problem(HERE.capabilities)
    assert "Far" in same_again_problem(FAR.capabilities)


def test_another_child_takes_the_place_of_the_first_in_every_word() -> None:
    photo = PhotoRef(path="/photos/ben.jpg", sha256="cd")
    changed = for_child(PAGE, photo, "  Ben ")
    assert changed.fields == {"name": "Ben", "companion": "Ben's Pip"}
    assert changed.prompt == "Ben and her dog"
    assert changed == PAGE.with_changes(
        photo=photo,
        fields=changed.fields,
        prompt=changed.prompt,
        further_photos=(),
        consent="",
    )


def test_names_within_other_words_stay_and_no_name_leaves_the_words_alone() -> None:
    page = PAGE.with_changes(prompt="Miami with Mia, mia bella")
    photo = PhotoRef(path="/photos/ben.jpg")
    assert for_child(page, photo, r"\1").prompt == r"Miami with \1, mia bella"
    nameless = for_child(page, photo, "")
    assert nameless.prompt == page.prompt
    assert "name" not in nameless.fields


def test_tags_are_parted_by_commas_and_told_once() -> None:
    assert tags_in(" cover,  two   words ,Cover,,\n print ") == ("cover", "two words", "print")
    assert tags_in("שער، ספר，封面") == ("שער", "ספר", "封面")


def test_a_change_touches_only_what_it_is_about() -> None:
    card = msgspec.structs.replace(CARD, rating=3, label="red", tags=("Cover", "a"), note="n")
    assert Change(add=("cover", "b")).on(card).tags == ("a", "b", "Cover")
    assert Change(remove=("COVER",)).on(card) == msgspec.structs.replace(card, tags=("a",))
    assert Change(note="").on(card) == msgspec.structs.replace(card, note="")


def test_marks_are_shared_where_all_pictures_are_known_and_the_same() -> None:
    cards = [msgspec.structs.replace(CARD, id=name, rating=2, label="red") for name in "ab"]
    cards[1] = msgspec.structs.replace(cards[1], flag=1, tags=("cover",))
    shared = SharedMarks.of(cards, 2)
    assert (shared.rating, shared.flag, shared.label) == (2, None, "red")
    assert shared.tags == {"cover": False}
    assert SharedMarks.of(cards, 3).rating is None
