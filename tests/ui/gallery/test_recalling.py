"""From a kept page back to its request: into the form, or drawn once more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QMessageBox
from pytestqt.qtbot import QtBot
from ui.online_data import SECRET, VARIABLE, FarEngine, online_studio
from ui.online_steps import agree
from ui.window_data import PAGE_COLOUR, ObedientEngine, encoded, request_for

from pickabook_desktop.domain.errors import EngineError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.dialogs.other_child import OtherChildDialog
from pickabook_desktop.ui.gallery.workings import GalleryWorkings
from pickabook_desktop.ui.main_window import MainWindow
from pickabook_desktop.ui.theme import Theme, apply_theme

PIRATE = {
    "template_id": "moon",
    "style_id": "pencil",
    "prompt": "Mia is a pirate",
    "fields": {"name": "Mia"},
    "book": "Winter",
    "size": Size(2048, 2048),
    "seed": 41,
}


class RecallDesk:
    """A window on its library tab, an engine on this machine, and a service."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.folder = folder
        self.qtbot = qtbot
        self.near, self.far = ObedientEngine(), FarEngine()
        self.studio = online_studio(folder, self.near, self.far)
        self.photo = self.put_photo("photo.png", "#404090")
        self.window: MainWindow | None = None

    def put_photo(self, name: str, colour: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(colour))
        return path

    def keep(self, photo: Path | None = None, **changes: object) -> GenerationRequest:
        request = request_for(photo or self.photo, **(PIRATE | changes))
        drawn = DrawnPicture(
            data=encoded(PAGE_COLOUR),
            media_type="image/png",
            size=request.size,
            seed=request.seed,
            template_id=request.template_id,
            style_id=request.style_id,
        )
        return self.studio.library.add(drawn, request, "1").request

    def open(self, theme: Theme) -> None:
        """Open the library on the newest page."""
        window = self.window = MainWindow(self.studio, Lanes(), theme)
        self.qtbot.addWidget(window)
        window.resize(1280, 800)
        window.show()
        window.start()
        self.qtbot.waitUntil(lambda: window.choices.photo_stage == "ready")
        window.actions_by_id["tab_library"].trigger()
        count = self.studio.library.count()
        model = self.gallery.page.model
        self.qtbot.waitUntil(lambda: model.count == count and not model.looking)
        model.set_current(0)

    @property
    def gallery(self) -> GalleryWorkings:
        assert self.window is not None
        assert self.window.workings.library.gallery is not None
        return self.window.workings.library.gallery

    def act(self, action_id: str) -> None:
        self.gallery.actions[action_id].trigger()

    def drawn(self, engine: ObedientEngine, count: int = 1) -> list[GenerationRequest]:
        """What the engine was asked for and has drawn; previews are not counted."""
        assert self.window is not None

        def asked() -> list[GenerationRequest]:
            return [r for r in engine.requests if "sample" not in r.photo.path]

        session = self.window.session
        self.qtbot.waitUntil(lambda: len(asked()) >= count and not session.busy)
        return asked()

    def question(self) -> QMessageBox:
        """The question that is open."""
        self.qtbot.waitUntil(lambda: bool(self._boxes()))
        return self._boxes()[0]

    def _boxes(self) -> list[QMessageBox]:
        assert self.window is not None
        return [box for box in self.window.findChildren(QMessageBox) if box.isVisible()]

    def wait_for(self, words: str) -> None:
        toast = self.gallery.toast
        self.qtbot.waitUntil(lambda: words in toast.text)

    def close(self) -> None:
        self.near.gate.set()
        self.far.gate.set()
        if self.window is not None:
            self.window.close_at_once()
            assert self.window.joined


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[RecallDesk]:
    monkeypatch.setenv(VARIABLE, SECRET)
    desk = RecallDesk(tmp_path, qtbot)
    yield desk
    desk.close()


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return apply_theme(qapp, "light")


def pressed(box: QMessageBox, words: str) -> QAbstractButton:
    return next(button for button in box.buttons() if words in button.text())


def test_everything_a_page_was_made_from_is_back_in_the_form(
    desk: RecallDesk, theme: Theme
) -> None:
    request = desk.keep(fields={})
    desk.open(theme)
    desk.act("lib_recall")
    assert desk.window is not None
    choices = desk.window.choices
    desk.qtbot.waitUntil(lambda: choices.photo_path == desk.photo)
    desk.qtbot.waitUntil(lambda: not choices.blocker())
    assert desk.window.workings.tabs.current == "create"
    assert choices.request() == request


def test_a_photo_that_was_moved_is_found_by_what_is_in_it(desk: RecallDesk, theme: Theme) -> None:
    old = desk.put_photo("before/mia.png", "#802020")
    request = desk.keep(old)
    new = desk.folder / "after" / "mia.png"
    new.parent.mkdir()
    old.rename(new)
    desk.studio.children.note(PhotoRef(path=str(new), sha256=request.photo.sha256), "Mia")
    desk.open(theme)
    desk.act("lib_again")
    (drawn,) = desk.drawn(desk.near)
    assert drawn.photo.path == str(new)
    desk.act("lib_recall")
    assert desk.window is not None
    choices = desk.window.choices
    desk.qtbot.waitUntil(lambda: choices.photo_path == new and choices.photo_stage == "ready")


def test_a_photo_that_is_gone_is_said_and_what_to_do(desk: RecallDesk, theme: Theme) -> None:
    old = desk.put_photo("mia.png", "#802020")
    desk.keep(old)
    old.unlink()
    desk.open(theme)
    desk.act("lib_again")
    desk.wait_for("The photo is not where it was")
    assert desk.gallery.toast.action_button.text() == "Recall settings"
    desk.gallery.toast.action_button.click()
    assert desk.window is not None
    window = desk.window
    desk.qtbot.waitUntil(lambda: window.workings.tabs.current == "create")
    desk.qtbot.waitUntil(lambda: window.choices.photo_stage == "failed")
    assert window.choices.prompt == "Mia is a pirate"


def test_another_photo_in_its_place_is_not_drawn_from(desk: RecallDesk, theme: Theme) -> None:
    old = desk.put_photo("mia.png", "#802020")
    desk.keep(old)
    desk.put_photo("mia.png", "#205080")
    desk.open(theme)
    desk.act("lib_again")
    desk.wait_for("has been changed")


def test_again_draws_the_same_with_the_same_seed(desk: RecallDesk, theme: Theme) -> None:
    request = desk.keep()
    desk.open(theme)
    desk.act("lib_again")
    (drawn,) = desk.drawn(desk.near)
    assert drawn == request
    desk.wait_for("The page is drawn.")
    desk.qtbot.waitUntil(lambda: desk.gallery.page.model.count == 2)
    desk.gallery.page.model.set_current(1)
    desk.gallery.toast.action_button.click()
    desk.qtbot.waitUntil(lambda: desk.gallery.page.model.current == 0)


def test_again_differently_changes_the_seed_alone(desk: RecallDesk, theme: Theme) -> None:
    request = desk.keep()
    desk.open(theme)
    assert desk.window is not None
    desk.gallery.page.view.setFocus()
    shift, ctrl = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    desk.qtbot.keyClick(desk.gallery.page.view, Qt.Key.Key_R, ctrl | shift)
    (drawn,) = desk.drawn(desk.near)
    assert drawn.seed != request.seed
    assert drawn.with_changes(seed=request.seed) == request


def test_several_pages_are_drawn_again_after_saying_how_many_and_for_how_much(
    desk: RecallDesk, theme: Theme
) -> None:
    gone = desk.put_photo("gone.png", "#802020")
    desk.keep(gone)
    gone.unlink()
    desk.keep(seed=1)
    desk.keep(seed=2)
    desk.open(theme)
    desk.gallery.page.model.select_all()
    desk.act("lib_again")
    box = desk.question()
    assert box.text() == "Draw again: 2 pages"
    assert box.informativeText().splitlines() == [
        "free · about 2 s",
        "Left out, for the photo is not there any more: 1 page.",
    ]
    pressed(box, "Draw 2 pages").click()
    assert sorted(request.seed for request in desk.drawn(desk.near, 2)) == [1, 2]
    desk.wait_for("2 pages are drawn.")


def test_nothing_is_drawn_where_the_question_is_answered_with_cancel(
    desk: RecallDesk, theme: Theme
) -> None:
    desk.keep(seed=1)
    desk.keep(seed=2)
    desk.open(theme)
    desk.gallery.page.model.select_all()
    desk.act("lib_again_seed")
    box = desk.question()
    pressed(box, "Cancel").click()
    assert desk.window is not None
    assert not desk.window.session.busy


def test_another_engine_gets_what_fits_it_and_says_what_does_not(
    desk: RecallDesk, theme: Theme
) -> None:
    photos = tuple(
        PhotoRef(path=str(desk.put_photo(f"more{at}.png", f"#10{at}030"))) for at in range(4)
    )
    desk.keep(size=Size(2480, 3508), further_photos=photos)
    desk.open(theme)
    assert desk.window is not None
    desk.act("lib_other_engine")
    window = desk.window
    desk.qtbot.waitUntil(lambda: window.findChild(QMenu, "engines") is not None)
    menu = window.findChild(QMenu, "engines")
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["Far · online · USD 0.03 to 0.24"]
    menu.actions()[0].trigger()
    menu.close()
    box = desk.question()
    assert box.text() == "Draw with Far: 1 page"
    assert box.informativeText().splitlines() == [
        "USD 0.05 · about 20 s",
        "The picture will be about 1536 × 2048 px.",
        "Far takes no seed.",
        "One further photo is left out.",
    ]
    pressed(box, "Draw").click()
    agree(window, desk.qtbot)
    (drawn,) = desk.drawn(desk.far)
    assert drawn.engine_id == "far"
    assert drawn.prompt == "Mia is a pirate"
    assert len(drawn.further_photos) == 3


def test_nothing_is_sent_before_somebody_has_agreed(desk: RecallDesk, theme: Theme) -> None:
    desk.keep(engine_id="far", options={"model": "swift"}, consent="Mia's mother")
    desk.open(theme)
    assert desk.window is not None
    desk.act("lib_again")
    box = desk.question()
    assert "takes no seed, so the page will not be the same" in box.informativeText()
    pressed(box, "Draw").click()
    window = desk.window
    desk.qtbot.waitUntil(lambda: window.workings.online.sending.gate is not None)
    assert not desk.far.requests
    agree(window, desk.qtbot)
    assert len(desk.drawn(desk.far)) == 1


def test_what_fails_is_told_where_it_was_asked_for(desk: RecallDesk, theme: Theme) -> None:
    desk.keep()
    desk.open(theme)
    desk.near.failure = EngineError("The pens are dry.", "Buy new ones.")
    desk.act("lib_again")
    desk.wait_for("The pens are dry.")
    desk.gallery.toast.action_button.click()
    assert desk.window is not None
    assert desk.window.workings.tabs.current == "create"


def dialog_of(desk: RecallDesk) -> OtherChildDialog:
    assert desk.window is not None
    window = desk.window
    desk.qtbot.waitUntil(lambda: window.findChild(OtherChildDialog) is not None)
    dialog = window.findChild(OtherChildDialog)
    assert isinstance(dialog, OtherChildDialog)
    return dialog


def test_the_same_page_is_drawn_for_another_child_that_is_known(
    desk: RecallDesk, theme: Theme
) -> None:
    request = desk.keep(consent="Mia's mother", further_photos=(PhotoRef(path=str(desk.photo)),))
    ben = desk.put_photo("ben.png", "#208020")
    seen = request_for(ben).photo
    desk.studio.children.note(seen, "Ben")
    desk.open(theme)
    desk.act("lib_other_child")
    dialog = dialog_of(desk)
    desk.qtbot.waitUntil(lambda: dialog.known.count() == 1 and "Ben" in dialog.known.item(0).text())
    assert not dialog.draw.isEnabled()
    dialog.known.setCurrentRow(0)
    desk.qtbot.waitUntil(dialog.draw.isEnabled)
    assert dialog.name.text() == "Ben"
    dialog.draw.click()
    (drawn,) = desk.drawn(desk.near)
    assert drawn == request.with_changes(
        photo=seen,
        prompt="Ben is a pirate",
        fields={"name": "Ben"},
        further_photos=(),
        consent="",
    )


def test_another_child_may_come_from_any_file_that_is_a_photo(
    desk: RecallDesk, theme: Theme
) -> None:
    desk.keep(seed=1)
    desk.keep(seed=2, template_id="garden", prompt="Mia and Miami")
    other = desk.put_photo("other.png", "#208020")
    desk.open(theme)
    desk.gallery.page.model.select_all()
    desk.act("lib_other_child")
    dialog = dialog_of(desk)
    dialog.choose_file(str(desk.folder / "none.png"))
    desk.qtbot.waitUntil(lambda: "There is no file none.png." in dialog.said.text())
    assert not dialog.draw.isEnabled()
    dialog.choose_file(str(other))
    desk.qtbot.waitUntil(dialog.draw.isEnabled)
    dialog.name.setText("Zoë Ann")
    dialog.draw.click()
    drawn = sorted(desk.drawn(desk.near, 2), key=lambda request: request.seed)
    assert [request.prompt for request in drawn] == ["Zoë Ann is a pirate", "Zoë Ann and Miami"]
    assert {request.photo.path for request in drawn} == {str(other)}


def test_a_note_is_kept_when_the_program_ends_at_once(
    desk: RecallDesk, theme: Theme, qtbot: QtBot
) -> None:
    desk.keep()
    desk.open(theme)
    assert desk.window is not None
    if not desk.gallery.actions["lib_details"].isChecked():
        desk.act("lib_details")
    desk.act("lib_note")
    note = desk.gallery.detailing.note
    qtbot.waitUntil(lambda: bool(note.picture))
    qtbot.keyClicks(note, "last words")
    (picture,) = desk.studio.library.recent()
    desk.close()
    desk.window = None
    assert desk.studio.library.review.card(picture.id).note == "last words"
    desk.studio.close()
