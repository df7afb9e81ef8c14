"""A library on a disk that is not connected is not taken for an empty one."""

from pathlib import Path

import pytest

from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.settings import Settings


@pytest.fixture
def away(desk, tmp_path: Path) -> Path:
    """The folder that was chosen for the library, on a disk that is away."""
    folder = tmp_path / "disk" / "pages"
    Settings(Places.under(desk.folder).settings_file).set("library.dir", str(folder))
    return folder


def test_a_library_that_is_away_is_said_to_be_so_at_the_start(desk, away, qtbot):
    window = desk.open()
    qtbot.waitUntil(lambda: str(away) in window.workings.toast.text)
    assert "Connect the disk" in window.workings.toast.text


def test_a_library_that_is_away_is_not_shown_as_an_empty_one(desk, away, qtbot):
    window = desk.open()
    window.workings.tabs.show("library")
    page = window.workings.library.gallery.page
    qtbot.waitUntil(lambda: str(away) in page.empty.text)
    assert "gather here" not in page.empty.text
    desk.ready(window)
    assert not away.exists()


def test_a_disk_that_is_connected_later_is_found_with_another_try(desk, away, hands, qtbot):
    library = hands.window._studio.library
    elsewhere = away.with_name("elsewhere")
    away.rename(elsewhere)
    library.close()
    desk.close()

    window = desk.open()
    window.workings.tabs.show("library")
    page = window.workings.library.gallery.page
    qtbot.waitUntil(lambda: str(away) in page.empty.text)
    elsewhere.rename(away)
    page.empty.button.click()
    qtbot.waitUntil(lambda: page.model.count > 0 and page.view.isVisible())
    window.workings.library.gallery.searching.show("zzz")
    qtbot.waitUntil(lambda: "Nothing matches" in page.empty.text)
