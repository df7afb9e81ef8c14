"""Closing the window: with and without work in hand."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox


@pytest.fixture
def question(window, engine, qtbot):
    """What is asked when the window is closed while two pages are unfinished."""
    engine.gate.clear()
    window.draw_button.click()
    window.actions_by_id["draw"].trigger()
    qtbot.waitUntil(lambda: window.top_bar.queue.text() == "2")
    assert not window.close()
    return window.findChild(QMessageBox)


def press(question, words: str, qtbot) -> None:
    button = next(b for b in question.buttons() if words in b.text().replace("&", ""))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_pages_that_are_not_finished_are_asked_about(window, question):
    assert question.text() == "2 pages are not finished. Close and stop them?"
    assert window.isVisible()
    window.close()
    assert len(window.findChildren(QMessageBox)) == 1


def test_keeping_on_drawing_loses_nothing(window, question, engine, qtbot):
    press(question, "Keep drawing", qtbot)
    assert window.isVisible()
    engine.gate.set()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 2)


def test_closing_all_the_same_stops_them(window, question, qtbot):
    press(question, "Close and stop", qtbot)
    assert not window.isVisible()
    assert window.joined


def test_the_question_goes_when_there_is_nothing_left_to_ask(window, question, engine, qtbot):
    engine.gate.set()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is None)
    assert window.isVisible()
    assert len(window.history.pictures) == 2
    assert window.close()


@pytest.mark.parametrize("steps", range(9))
def test_a_window_may_be_closed_while_it_starts(desk, steps):
    window = desk.open(steps)
    assert window.close()
    assert window.joined


def test_a_polite_kill_does_not_ask(window, engine, qtbot):
    engine.gate.clear()
    window.draw_button.click()
    window.close_at_once()
    assert not window.isVisible()
    assert window.joined


def test_the_library_stays_open_while_a_thread_still_uses_it(desk, window, qtbot, monkeypatch):
    stop = window.session.close
    monkeypatch.setattr(window.session, "close", lambda: stop() and False)
    desk.open_window = None
    closed = []
    close = desk.studio.library.close
    monkeypatch.setattr(type(desk.studio.library), "close", lambda library: closed.append(library))
    window.close()
    assert not window.joined
    assert closed == []
    close()


def test_quitting_past_the_window_ends_the_work_too(desk, window, engine, qtbot):
    window.choices.choose_template("moon")
    window.shut_down()
    assert window.joined
    window.close()
    desk.open_window = None
    again = desk.open()
    assert again.choices.template_id == "moon"
    QApplication.processEvents()
