"""Settings of the window: used at once, written while nobody waits."""

import os
import threading

import pytest

from pickabook_desktop.storage.settings import Settings
from pickabook_desktop.ui.setting_keys import EXPORT_FOLDER_KEY, SCHEME_KEY


@pytest.fixture
def syncing(monkeypatch) -> list[threading.Thread]:
    """The threads that have waited for the disk."""
    seen: list[threading.Thread] = []
    fsync = os.fsync

    def watched(handle: int) -> None:
        seen.append(threading.current_thread())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    return seen


def on_disk(desk, key: str) -> str:
    return Settings(desk.studio.places.settings_file).text(key)


def test_the_window_does_not_wait_for_the_disk_when_a_setting_changes(desk, window, qtbot, syncing):
    window.actions_by_id["scheme_dark"].trigger()
    assert desk.studio.settings.text(SCHEME_KEY) == "dark"
    qtbot.waitUntil(lambda: on_disk(desk, SCHEME_KEY) == "dark")
    assert syncing
    assert threading.main_thread() not in syncing


def test_the_folder_of_copies_is_remembered_without_waiting(desk, window, tmp_path, qtbot, syncing):
    desk.draw(window)
    window.workings.pictures.save_to(window.workings.showing.current, tmp_path / "page.png")
    qtbot.waitUntil(lambda: on_disk(desk, EXPORT_FOLDER_KEY) == str(tmp_path))
    assert threading.main_thread() not in syncing


def test_what_was_chosen_just_before_closing_is_kept(desk, window):
    window.actions_by_id["scheme_dark"].trigger()
    window.actions_by_id["scheme_light"].trigger()
    desk.close()
    assert on_disk(desk, SCHEME_KEY) == "light"


def test_recalling_a_page_whose_photo_is_gone_says_so_in_the_photo_column(
    desk, window, tmp_path, qtbot
):
    photo = tmp_path / "holiday.png"
    photo.write_bytes(window.sample.read_bytes())
    window.choices.choose_photo(photo)
    desk.ready(window)
    qtbot.waitUntil(lambda: window.choices.photo_stage == "ready")
    desk.draw(window)
    window.choices.choose_photo(window.sample)
    photo.unlink()
    window.actions_by_id["recall"].trigger()
    qtbot.waitUntil(lambda: window.choices.photo_stage == "failed")
    assert "There is no file holiday.png." in window.draw_button.accessibleDescription()
