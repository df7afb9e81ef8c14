"""The window and the real Gemini engine, with a server in Google's place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from services.gemini import KEY, GeminiServer, sent_pictures, sent_prompt, too_many

from pickabook_desktop.assembly import assemble
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.places import Places
from pickabook_desktop.ui.dialogs.privacy_gate import PrivacyGate
from pickabook_desktop.ui.main_window import MainWindow
from pickabook_desktop.ui.theme import apply_theme


@pytest.fixture
def google() -> Iterator[GeminiServer]:
    with GeminiServer() as server:
        yield server


@pytest.fixture
def window(
    tmp_path: Path, google: GeminiServer, monkeypatch: pytest.MonkeyPatch, qtbot, qapp: QApplication
) -> Iterator[MainWindow]:
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    settings = {"gemini.base_url": google.url, "net.proxy": "none"}
    studio = assemble(Places.under(tmp_path / "desk"), settings)
    window = MainWindow(studio, Lanes(), apply_theme(qapp, "light"))
    qtbot.addWidget(window)
    window.show()
    window.start()
    window.choices.choose_engine("gemini")
    qtbot.waitUntil(lambda: window.choices.photo_stage == "ready", timeout=20_000)
    window.choices.choose_size("1K")
    window.choices.set_field("name", "Mia")
    yield window
    window.close_at_once()
    assert window.joined


def gate_of(window: MainWindow, qtbot) -> PrivacyGate:
    def shown() -> bool:
        gate = window.workings.online.sending.gate
        return gate is not None and gate.view is not None

    qtbot.waitUntil(shown, timeout=20_000)
    gate = window.workings.online.sending.gate
    assert gate is not None
    return gate


def test_what_the_gate_shows_is_what_google_gets(window, google, qtbot):
    window.draw_button.click()
    gate = gate_of(window, qtbot)
    view = gate.view
    assert view is not None
    assert google.exchanges == []
    shown = [picture.image.size() for picture in view.pictures]
    prompt = view.prompt.toPlainText()
    assert "Mia" not in prompt
    gate.name.setText("Ada’s father")
    gate.grown_up.setChecked(True)
    gate.agree.click()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 1, timeout=20_000)
    (exchange,) = google.exchanges
    assert prompt in sent_prompt(exchange)
    sent = [QImage.fromData(data) for data in sent_pictures(exchange)]
    assert len(sent) == len(shown)
    for image, size in zip(sent, shown, strict=True):
        assert abs(image.width() / image.height() - size.width() / size.height()) < 0.01


def test_google_asks_to_wait_and_the_person_does_not(window, google, qtbot):
    google.say(too_many(retry="58s"))
    window.draw_button.click()
    gate = gate_of(window, qtbot)
    gate.name.setText("Ada’s father")
    gate.grown_up.setChecked(True)
    gate.agree.click()

    def counting() -> bool:
        said = window.draw_button.accessibleDescription()
        return "Google asks to wait" in said and "5" in said

    qtbot.waitUntil(counting, timeout=20_000)
    window.draw_button.click()
    assert not window.session.busy
    qtbot.waitUntil(lambda: not window._lanes.busy("cloud"))
    assert len(google.exchanges) == 1
