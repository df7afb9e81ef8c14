"""The choices of the create view and the request they come to."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from ui.create_data import (
    BROKEN,
    FAR,
    HERE,
    PHOTO,
    TOO_SMALL,
    face,
    new_model,
    ready_model,
    report,
)

from pickabook_desktop.domain.geometry import AspectRatio, Size
from pickabook_desktop.domain.request import SEED_LIMIT, GenerationRequest, PhotoRef
from pickabook_desktop.ui.viewmodels.remembered import recall, remember


def test_says_what_is_missing_one_thing_at_a_time() -> None:
    model = new_model()
    assert model.blocker() == "Choose a photo first."
    model.choose_photo(PHOTO)
    assert model.blocker() == "Looking at the photo…"
    model.accept_report(PHOTO, report(face(100)))
    assert model.blocker() == "Choose a template, or say what you wish for."
    assert model.request() is None
    model.set_prompt("an astronaut")
    assert model.blocker() == ""
    assert model.request() is not None


def test_a_photo_asks_to_be_looked_at(qtbot: QtBot) -> None:
    model = new_model()
    with qtbot.waitSignal(model.photo_chosen) as asked:
        model.choose_photo(PHOTO)
    assert asked.args == [PHOTO]


def test_the_report_on_an_earlier_photo_is_dropped() -> None:
    model = new_model()
    model.choose_photo(Path("/photos/first.jpg"))
    model.choose_photo(PHOTO)
    model.accept_report(Path("/photos/first.jpg"), report(face(100)))
    assert model.photo_stage == "analysing"
    model.fail_photo(Path("/photos/first.jpg"), "Gone.")
    assert model.photo_stage == "analysing"


def test_a_photo_that_cannot_be_read_says_so_until_another_comes() -> None:
    model = new_model()
    model.choose_photo(PHOTO)
    model.fail_photo(PHOTO, "holiday.jpg cannot be read.")
    assert model.blocker() == "holiday.jpg cannot be read."
    model.remove_photo()
    assert model.blocker() == "Choose a photo first."


def test_an_unusable_face_blocks_until_another_is_chosen() -> None:
    model = ready_model()
    model.accept_report(PHOTO, report(face(100), face(400, TOO_SMALL, size=150)))
    assert model.blocker() == TOO_SMALL.message
    model.choose_face(0)
    assert model.blocker() == ""
    request = model.request()
    assert request is not None
    assert request.photo == PhotoRef(path=str(PHOTO), sha256="abc", face_index=0)


def test_the_request_holds_every_choice_and_only_the_blanks_of_its_template() -> None:
    model = ready_model()
    model.choose_palette("rose")
    model.choose_style("pencil")
    model.set_prompt("  in the snow ")
    model.set_field("name", " Mia ")
    model.set_field("ship", "Comet")
    model.set_engine_option("light", "0.5")
    model.choose_size("A4")
    model.choose_aspect(AspectRatio(210, 297))
    model.set_count(3)
    model.set_seed(7)
    assert model.request() == GenerationRequest(
        photo=PhotoRef(path=str(PHOTO), sha256="abc"),
        template_id="moon",
        style_id="pencil",
        engine_id="here",
        prompt="in the snow",
        fields={"name": "Mia"},
        palette_id="rose",
        size=Size(2480, 3508),
        seed=7,
        count=3,
        options={"light": "0.5"},
    )


@pytest.mark.parametrize(
    "size", [Size(2048, 2048), Size(1448, 2048), Size(3508, 2480), Size(1234, 777)]
)
def test_a_recalled_request_comes_back_unchanged(size: Size) -> None:
    model = ready_model()
    wanted = GenerationRequest(
        photo=PhotoRef(path=str(PHOTO), sha256="abc", face_index=0),
        template_id="moon",
        style_id="pencil",
        engine_id="here",
        prompt="in the snow",
        fields={"name": "Mia"},
        palette_id="blue",
        size=size,
        seed=11,
        count=2,
        options={"grain": "false"},
    )
    model.load(wanted)
    assert model.request() == wanted


def test_recalling_the_same_photo_does_not_look_at_it_again(qtbot: QtBot) -> None:
    model = ready_model()
    request = model.request()
    assert request is not None
    with qtbot.assertNotEmitted(model.photo_chosen):
        model.load(request)
    other = request.with_changes(photo=PhotoRef(path="/photos/other.jpg", sha256="def"))
    with qtbot.waitSignal(model.photo_chosen) as asked:
        model.load(other)
    assert asked.args == [Path("/photos/other.jpg")]


def test_another_template_drops_the_palette_and_keeps_to_its_shapes() -> None:
    model = ready_model()
    model.choose_palette("rose")
    model.set_field("name", "Mia")
    model.choose_template("sea")
    assert model.palette_id == ""
    assert model.aspect in model.aspects
    assert model.size == Size(2048, 1536)
    assert model.fields["name"] == "Mia"


def test_another_engine_keeps_number_and_size_within_its_bounds() -> None:
    model = ready_model()
    model.set_count(8)
    model.choose_engine("far")
    assert model.count == 2
    assert model.size_names == ("1K", "custom")
    assert model.size == Size(768, 1024)
    model.choose_size("custom")
    model.set_custom_size(Size(2000, 2000))
    assert "megapixels" in model.blocker()


def test_an_engine_that_cannot_be_used_says_why() -> None:
    model = ready_model()
    model.choose_engine("broken")
    assert model.blocker() == "The package “foo” is missing."
    model.set_engines((HERE, BROKEN))
    model.choose_engine("here")
    assert model.blocker() == ""


def test_the_first_usable_engine_is_chosen_at_the_start() -> None:
    assert new_model(BROKEN, HERE).engine_id == "here"
    assert new_model(BROKEN).engine_id == "broken"


def test_own_sizes_start_from_the_size_shown_before() -> None:
    model = ready_model()
    model.choose_size("1K")
    model.choose_size("custom")
    assert model.size == Size(1024, 1024)
    model.set_custom_size(Size(64, 1000))
    assert "eight times" in model.blocker()


def test_the_seed_changes_after_a_page_unless_it_is_locked() -> None:
    model = ready_model()
    model.set_seed(5)
    model.lock_seed(True)
    model.advance_seed()
    assert model.seed == 5
    model.lock_seed(False)
    model.advance_seed()
    assert model.seed != 5
    model.set_seed(SEED_LIMIT + 3)
    assert model.seed == SEED_LIMIT - 1


def test_says_what_the_page_costs_and_takes() -> None:
    model = ready_model()
    assert model.estimate() == "free · about 1 s"
    model.choose_size("4K")
    model.set_count(4)
    assert model.estimate() == "free · about 10 s"
    model.set_engines((HERE, FAR))
    model.choose_engine("far")
    model.set_count(2)
    assert model.estimate() == "USD 0.08 · about 15 s"


def test_earlier_prompts_come_back_and_the_draft_is_kept() -> None:
    model = new_model()
    for text in ("first", "second", "first"):
        model.set_prompt(text)
        model.remember_prompt()
    assert model.history == ("first", "second")
    model.set_prompt("draft")
    model.older_prompt()
    model.older_prompt()
    model.older_prompt()
    assert model.prompt == "second"
    model.newer_prompt()
    model.newer_prompt()
    model.newer_prompt()
    assert model.prompt == "draft"


def test_every_change_is_told_once(qtbot: QtBot) -> None:
    model = ready_model()
    changes = (
        lambda: model.choose_style("pencil"),
        lambda: model.set_field("name", "Mia"),
        lambda: model.set_prompt("snow"),
        lambda: model.set_count(2),
        lambda: model.choose_face(0),
        lambda: model.choose_template("owl"),
        lambda: model.choose_engine("far"),
    )
    for change in changes:
        with qtbot.waitSignal(model.request_changed):
            change()
        with qtbot.assertNotEmitted(model.request_changed):
            change()


def test_the_next_start_finds_the_choices_of_the_last() -> None:
    before = ready_model()
    before.set_field("name", "Mia")
    before.set_prompt("in the snow")
    before.set_seed(12)
    before.lock_seed(True)
    before.choose_palette("blue")
    before.choose_aspect(AspectRatio(210, 297))
    before.choose_size("A4")
    before.set_count(3)
    text = remember(before, options_open=True)
    after = ready_model()
    assert recall(after, text)
    assert after.fields == {"name": "Mia"}
    assert after.prompt == "in the snow"
    assert (after.seed, after.seed_locked) == (12, True)
    assert (after.palette_id, after.size, after.count) == ("blue", Size(2480, 3508), 3)


@pytest.mark.parametrize("text", ["", "{", '{"count": "many"}', '{"size_name": "9K"}'])
def test_choices_that_cannot_be_read_change_nothing(text: str) -> None:
    model = ready_model()
    before = model.request()
    assert not recall(model, text)
    assert model.request() == before
