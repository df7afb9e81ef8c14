"""What the chosen model can do bounds every choice, and what was wished for comes back."""

from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot
from ui.create_data import FAR, HERE, PHOTO, face, new_model, report
from ui.online_data import FAR_AWAY, GRAND, OLD, SWIFT

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.geometry import AspectRatio, Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.models import model_line, price_range_text
from pickabook_desktop.ui.viewmodels.remembered import recall, remember

AWAY = EngineState(id="far", title="Far", capabilities=FAR_AWAY)


def away_model() -> CreateModel:
    model = new_model(HERE, AWAY)
    model.choose_photo(PHOTO)
    model.accept_report(PHOTO, report(face(100)))
    model.choose_template("moon")
    model.choose_engine("far")
    return model


def test_the_first_model_is_chosen_and_named_in_the_request() -> None:
    model = away_model()
    assert model.model == SWIFT
    request = model.request()
    assert request is not None
    assert request.options == {"model": "swift"}


def test_another_model_brings_its_sizes_shapes_and_price() -> None:
    model = away_model()
    model.choose_aspect(AspectRatio(3, 4))
    assert model.size_names == ("1K", "2K")
    assert model.estimate() == "USD 0.05 · about 20 s"
    model.choose_size("1K")
    model.set_count(3)
    assert model.estimate() == "USD 0.09 · about 1 min"
    assert model.later() == "half price · USD 0.05"
    model.choose_model("grand")
    assert model.size_names == ("4K",)
    assert model.aspects == (AspectRatio(1, 1),)
    assert model.size == Size(4096, 4096)
    assert model.estimate() == "USD 0.72 · about 1 min"
    model.choose_model("swift")
    assert (model.size_name, model.aspect) == ("1K", AspectRatio(3, 4))


def test_sizes_of_ones_own_are_not_offered_where_they_are_not_drawn() -> None:
    model = away_model()
    assert model.size_names == ("1K", "2K")
    model.choose_engine("here")
    assert model.size_names[-2:] == ("A4", "custom")


def test_what_an_engine_lacks_comes_back_with_one_that_has_it() -> None:
    model = new_model(HERE, AWAY)
    model.choose_template("moon")
    model.choose_size("A4")
    model.choose_aspect(AspectRatio(210, 297))
    model.set_count(7)
    model.choose_engine("far")
    assert (model.size_name, model.aspect, model.count) == ("2K", AspectRatio(3, 4), 4)
    model.choose_engine("here")
    assert (model.size_name, model.aspect, model.count) == ("A4", AspectRatio(210, 297), 7)


def test_a_model_that_is_gone_blocks_and_says_what_to_do() -> None:
    model = away_model()
    model.choose_model("old")
    assert "no longer offered (shut down on 2026-10-02)" in model.blocker()
    assert model.obstacle().remedy == "other_model"
    model.choose_model("grand")
    assert model.blocker() == ""
    model.choose_model("nobody-knows")
    assert model.obstacle().remedy == "other_model"


def test_a_page_of_another_size_is_recalled_as_near_as_the_engine_can() -> None:
    model = away_model()
    photo = PhotoRef(path=str(PHOTO), sha256="abc")
    model.load(
        GenerationRequest(photo=photo, template_id="moon", engine_id="far", size=Size(1500, 2000))
    )
    assert (model.size_name, model.aspect) == ("2K", AspectRatio(3, 4))


def test_a_recalled_page_brings_back_its_model_its_book_and_its_further_photos() -> None:
    model = away_model()
    wished: list[str] = []
    model.further.wanted.connect(lambda path: wished.append(path.name))
    model.load(
        GenerationRequest(
            photo=PhotoRef(path=str(PHOTO), sha256="abc"),
            template_id="moon",
            engine_id="far",
            size=Size(4096, 4096),
            options={"model": "grand"},
            further_photos=(PhotoRef(path="/photos/two.jpg", sha256="def"),),
            book="Ada’s winter",
        )
    )
    assert model.model == GRAND
    assert model.book == "Ada’s winter"
    assert wished == ["two.jpg"]
    assert model.request() is None
    model.further.accept(Path("/photos/two.jpg"), "def", b"")
    request = model.request()
    assert request is not None
    assert request.further_photos == (PhotoRef(path="/photos/two.jpg", sha256="def"),)


def test_no_more_further_photos_are_sent_than_the_model_takes() -> None:
    model = away_model()
    assert model.max_further == 3
    model.choose_model("grand")
    assert model.max_further == 1
    said = model.add_further([Path("/photos/two.jpg"), Path("/photos/three.jpg"), PHOTO])
    assert said == "This engine takes one more photo."
    assert [photo.path.name for photo in model.further.photos] == ["two.jpg"]


def test_a_missing_key_is_told_before_anything_is_drawn() -> None:
    model = away_model()
    answers: dict[str, bool | None] = {FAR_AWAY.key: None}
    model.key_known = answers.get
    assert model.blocker() == ""
    answers[FAR_AWAY.key] = False
    assert model.obstacle().remedy == "keys"
    answers[FAR_AWAY.key] = True
    assert model.blocker() == ""


def test_connection_settings_and_the_model_are_not_among_the_options_of_a_picture() -> None:
    model = away_model()
    assert [spec.id for spec in model.picture_options] == ["crop"]


def test_model_options_and_book_are_found_at_the_next_start_though_the_engine_comes_later() -> None:
    before = away_model()
    before.choose_size("1K")
    before.set_engine_option("crop", "whole")
    before.choose_model("swift")
    before.set_book("Ada’s winter")
    text = remember(before, options_open=False)
    after = new_model(HERE)
    recall(after, text)
    after.set_engines((HERE, AWAY))
    after.choose_engine("far")
    assert after.book == "Ada’s winter"
    assert after.size_name == "1K"
    assert after.engine_options["crop"] == "whole"


def test_another_model_is_told_once(qtbot: QtBot) -> None:
    model = away_model()
    with qtbot.waitSignal(model.request_changed):
        model.choose_model("grand")
    with qtbot.assertNotEmitted(model.request_changed):
        model.choose_model("grand")


@pytest.mark.parametrize(
    ("model", "line"),
    [
        (SWIFT, "Swift · USD 0.03 to 0.05 · recommended"),
        (GRAND, "Grand · USD 0.24 · ends on 2027-03-01"),
        (OLD, "Old · shut down on 2026-10-02"),
    ],
)
def test_a_model_is_shown_with_price_and_state(model, line) -> None:
    assert model_line(model) == line


def test_the_price_of_an_engine_spans_all_models_that_are_left() -> None:
    assert price_range_text(FAR_AWAY) == "USD 0.03 to 0.24"
    assert HERE.capabilities is not None
    assert price_range_text(HERE.capabilities) == "free"
    assert FAR.capabilities is not None
    assert price_range_text(FAR.capabilities) == "USD 0.04"
    sized = msgspec.structs.replace(FAR_AWAY, models=(), prices={"1K": 0.1, "4K": 0.5})
    assert price_range_text(sized) == "USD 0.10 to 0.50"


def test_one_book_is_offered_once_and_the_latest_first() -> None:
    model = away_model()
    model.set_books(("Old", "Older", "Old", ""))
    model.set_book("New")
    model.remember_prompt()
    model.remember_prompt()
    assert model.books == ("New", "Old", "Older")
