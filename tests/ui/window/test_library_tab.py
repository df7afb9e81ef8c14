"""The library beside the create tab: from a search to files on the disk without a mouse."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from ui.window.hands import CONTROL, PROMPTS, SHIFT, Hands
from ui.window_data import request_for

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.controllers import caretaking, updating
from pickabook_desktop.ui.dialogs.export import ExportDialog
from pickabook_desktop.ui.dialogs.repair import RepairDialog


def rated(hands: Hands) -> dict[str, tuple[int, int]]:
    """Stars and flag of each picture, by its prompt, as they are on the disk."""
    library = hands.window._studio.library
    cards = (library.review.card(picture.id) for picture in library.recent())
    return {card.prompt: (card.rating, card.flag) for card in cards}


def search_for(hands: Hands, words: str) -> None:
    hands.press(Qt.Key.Key_F, CONTROL)
    hands.type(words)
    hands.press(Qt.Key.Key_Return)


def export_to(hands: Hands, qtbot, folder: Path) -> None:
    hands.press(Qt.Key.Key_E, CONTROL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ExportDialog))
    while not (hands.focus.accessibleName() or "").startswith("Folder"):
        hands.press(Qt.Key.Key_Tab)
    hands.press(Qt.Key.Key_A, CONTROL)
    hands.type(str(folder))
    hands.press(Qt.Key.Key_Return)
    assert QApplication.activeModalWidget() is None


def test_from_a_search_to_exported_files_by_keyboard_alone(hands, qtbot, tmp_path: Path):
    target = tmp_path / "out"
    target.mkdir()
    hands.open_library()
    search_for(hands, "pirate")
    qtbot.waitUntil(lambda: hands.found(3))
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Home)
    hands.press(Qt.Key.Key_4)
    hands.press(Qt.Key.Key_End)
    hands.press(Qt.Key.Key_P)
    hands.press(Qt.Key.Key_Home, SHIFT)
    hands.press(Qt.Key.Key_X)
    hands.press(Qt.Key.Key_Z, CONTROL)
    hands.settle()
    assert rated(hands) == {
        "a pirate at the wheel": (0, 1),
        "a whale": (0, 0),
        "a pirate asleep": (0, 0),
        "a pirate's parrot": (4, 0),
        "snow": (0, 0),
    }
    hands.press(Qt.Key.Key_T)
    hands.type("cover,")
    hands.press(Qt.Key.Key_Escape)
    export_to(hands, qtbot, target)
    qtbot.waitUntil(lambda: "3 pages exported." in hands.library.toast.text)
    files = sorted(target.iterdir())
    assert len(files) == 3
    for file in files:
        with Image.open(file) as image:
            assert image.size == (64, 64)
    tagged = hands.window._studio.library.review.facets("tag")
    assert [(facet.value, facet.count) for facet in tagged] == [("cover", 3)]


def test_a_key_means_one_thing_in_each_tab(hands, qtbot):
    hands.press(Qt.Key.Key_1)
    assert hands.window.viewer.canvas.scale == pytest.approx(1.0)
    hands.press(Qt.Key.Key_0)
    hands.open_library()
    hands.press(Qt.Key.Key_Home)
    hands.press(Qt.Key.Key_1)
    hands.settle()
    assert rated(hands)["snow"] == (1, 0)
    hands.press(Qt.Key.Key_1, CONTROL)
    assert hands.window.stack.currentWidget() is hands.window.create_page
    hands.press(Qt.Key.Key_5)
    hands.settle()
    assert rated(hands)["snow"] == (1, 0)


def test_each_tab_has_its_own_menus(hands):
    def titles() -> list[str]:
        bar = hands.window.top_bar.menus
        return [a.text().replace("&", "") for a in bar.actions() if a.isVisible()]

    assert titles() == ["File", "Page", "Share", "View", "Help"]
    hands.open_library()
    assert titles() == ["File", "View", "Library", "Pictures", "Help"]
    hands.press(Qt.Key.Key_1, CONTROL)
    assert titles() == ["File", "Page", "Share", "View", "Help"]


def test_what_is_drawn_is_in_the_library_at_once(hands, desk, qtbot):
    hands.open_library()
    hands.press(Qt.Key.Key_1, CONTROL)
    desk.draw(hands.window)
    hands.press(Qt.Key.Key_2, CONTROL)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS) + 1))


def test_what_is_deleted_in_the_library_leaves_the_create_tab(hands, desk, qtbot):
    desk.draw(hands.window)
    shown = hands.window.workings.showing.current
    hands.press(Qt.Key.Key_2, CONTROL)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS) + 1))
    hands.press(Qt.Key.Key_Home)
    hands.press(Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS)))
    qtbot.waitUntil(lambda: shown.id not in [p.id for p in hands.window.history.pictures])
    assert hands.window.workings.showing.current is None


def test_the_library_is_not_made_before_it_is_looked_at(hands):
    assert hands.window.workings.library.gallery is None


def offered(qtbot) -> RepairDialog:
    """The dialog that offers a repair, once it is there."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), RepairDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RepairDialog)
    return dialog


def damaged(desk) -> None:
    """The list was overwritten while the program was not running."""
    studio = desk.studio
    for seed in range(2):
        drawn = DrawnPicture(
            data=desk.engine.drawn["image/png"],
            media_type="image/png",
            size=Size(64, 64),
            seed=seed,
        )
        studio.library.add(drawn, request_for(studio.places.samples / "sample.png", seed=seed))
    studio.library.backups.make()
    desk.close()
    (studio.library.folder / "library.db").write_bytes(b"not a list any more" * 300)


def test_a_damaged_list_is_repaired_from_the_window(desk, qtbot):
    desk.ready(desk.open())
    damaged(desk)
    window = desk.open()
    offered(qtbot).repair.click()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 2)


def test_a_lost_list_is_noticed_at_the_start(desk, qtbot):
    desk.ready(desk.open())
    damaged(desk)
    (desk.studio.library.folder / "library.db").unlink()
    window = desk.open()
    dialog = offered(qtbot)
    assert "no list of them" in dialog.problem.text()
    dialog.repair.click()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 2)


def test_the_list_is_copied_once_the_window_has_been_up_for_a_while(desk, qtbot, monkeypatch):
    monkeypatch.setattr(caretaking, "COPY_AFTER_MS", 0)
    window = desk.open()
    desk.ready(window)
    desk.draw(window)
    desk.close()
    window = desk.open()
    library = desk.studio.library
    qtbot.waitUntil(lambda: len(library.backups.all()) == 1)


def test_while_an_old_list_is_brought_up_to_date_the_window_says_so(desk, qtbot, monkeypatch):
    monkeypatch.setattr(updating, "SAID_AFTER_MS", 0)
    monkeypatch.setattr(Library, "being_updated", True)
    window = desk.open()
    qtbot.waitUntil(lambda: "brought up to date" in window.workings.toast.text)


def test_nothing_is_said_of_a_list_that_is_up_to_date(desk, qtbot, monkeypatch):
    monkeypatch.setattr(updating, "SAID_AFTER_MS", 0)
    window = desk.open()
    desk.ready(window)
    assert window.workings.toast.text == ""


def test_recalling_shows_what_is_recalled_and_not_another_page(hands, desk, qtbot):
    desk.draw(hands.window)
    hands.press(Qt.Key.Key_2, CONTROL)
    qtbot.waitUntil(lambda: hands.found(len(PROMPTS) + 1))
    hands.press(Qt.Key.Key_End)
    hands.press(Qt.Key.Key_R, CONTROL)
    qtbot.waitUntil(lambda: hands.window.stack.currentWidget() is hands.window.create_page)
    qtbot.waitUntil(lambda: hands.window.viewer.caption == "Preview")
