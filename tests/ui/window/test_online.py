"""The window with an engine that is a service: nothing leaves unasked, and everything is told."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QLocale, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from ui.online_data import (
    RECIPIENT,
    SECRET,
    SENT_COLOUR,
    VARIABLE,
    FarEngine,
    online_studio,
)
from ui.window_data import ObedientEngine, encoded

from pickabook_desktop.domain.errors import (
    EngineError,
    RefusedError,
    SpendingLimitError,
    UnreachableError,
)
from pickabook_desktop.domain.ports import BatchState
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.dialogs.privacy_gate import PrivacyGate
from pickabook_desktop.ui.dialogs.sending import OutgoingView, SendingDialog
from pickabook_desktop.ui.main_window import MainWindow
from pickabook_desktop.ui.theme import apply_theme

OpenWindow = Callable[[], MainWindow]


@pytest.fixture
def far() -> FarEngine:
    return FarEngine()


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)


@pytest.fixture
def open_window(
    tmp_path: Path, engine: ObedientEngine, far: FarEngine, qtbot, qapp: QApplication
) -> Iterator[OpenWindow]:
    """Opens the window with the service chosen; an earlier one is closed first."""
    theme = apply_theme(qapp, "light")
    opened: list[MainWindow] = []

    def close() -> None:
        while opened:
            window = opened.pop()
            window.close_at_once()
            assert window.joined

    def open_one() -> MainWindow:
        close()
        window = MainWindow(online_studio(tmp_path, engine, far), Lanes(), theme)
        qtbot.addWidget(window)
        opened.append(window)
        window.resize(1280, 800)
        window.show()
        window.start()
        window.choices.choose_engine("far")
        qtbot.waitUntil(lambda: window.choices.photo_stage == "ready")
        return window

    yield open_one
    engine.gate.set()
    far.gate.set()
    close()


@pytest.fixture
def window(open_window: OpenWindow, key: None) -> MainWindow:
    return open_window()


def gate_of(window: MainWindow, qtbot) -> PrivacyGate:
    """The question, once it shows what would be sent."""

    def shown() -> bool:
        gate = window.online.sending.gate
        return gate is not None and gate.view is not None

    qtbot.waitUntil(shown)
    gate = window.online.sending.gate
    assert gate is not None
    return gate


def view_of(dialog: SendingDialog) -> OutgoingView:
    assert dialog.view is not None
    return dialog.view


def agree(window: MainWindow, qtbot) -> None:
    gate = gate_of(window, qtbot)
    gate.name.setText("Ada’s father")
    gate.grown_up.setChecked(True)
    gate.agree.click()
    qtbot.waitUntil(lambda: window.online.sending.gate is None)


def draw_first(window: MainWindow, qtbot) -> None:
    window.draw_button.click()
    agree(window, qtbot)
    qtbot.waitUntil(lambda: len(window.history.pictures) == 1 and not window.session.busy)


def words_in(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_before_anything_leaves_it_is_shown_and_somebody_must_agree(window, far, qtbot):
    window.choices.set_prompt("in the snow")
    window.draw_button.click()
    gate = gate_of(window, qtbot)
    assert far.requests == []
    view = view_of(gate)
    assert view.prompt.toPlainText() == "A page. in the snow"
    (picture,) = view.pictures
    middle = picture.image.pixelColor(picture.image.rect().center())
    assert abs(middle.green() - QColor(SENT_COLOUR).green()) < 4
    said = words_in(gate)
    for words in (
        RECIPIENT,
        "USD 0.05 for the picture",
        "The pictures leave this computer.",
        "Pages are yours.",
        "640 × 480 px",
    ):
        assert words in said
    year = QLocale().toString(QDate.currentDate().addDays(365), QLocale.FormatType.LongFormat)
    assert year in said
    assert not gate.agree.isEnabled()
    gate.grown_up.setChecked(True)
    assert not gate.agree.isEnabled()
    gate.name.setText("Ada’s father")
    assert gate.agree.isEnabled()
    gate.agree.click()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 1)
    assert len(far.requests) == 1


def test_who_has_agreed_once_is_not_asked_again_for_the_same_photo(window, far, qtbot, tmp_path):
    draw_first(window, qtbot)
    window.draw_button.click()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 2)
    other = tmp_path / "other.png"
    other.write_bytes(encoded("#123456"))
    window.choices.choose_photo(other)
    qtbot.waitUntil(lambda: window.choices.photo_stage == "ready")
    window.draw_button.click()
    assert gate_of(window, qtbot).name.text() == "Ada’s father"
    assert len(far.requests) == 2


def test_without_consent_nothing_is_sent_and_the_next_time_it_is_asked_again(window, far, qtbot):
    window.draw_button.click()
    gate_of(window, qtbot).reject()
    assert window.toast.text == "Nothing was sent."
    assert not window.session.busy
    window.draw_button.click()
    assert gate_of(window, qtbot).isVisible()
    assert far.requests == []


def test_pages_that_wait_for_the_same_answer_ask_once(window, far, qtbot):
    far.looked.clear()
    for _ in range(3):
        window.actions_by_id["draw"].trigger()
    gate_of(window, qtbot)
    qtbot.waitUntil(lambda: not window.session.busy)
    assert len([d for d in window.findChildren(PrivacyGate) if d.isVisible()]) == 1
    agree(window, qtbot)
    qtbot.waitUntil(lambda: len(window.history.pictures) == 3)


def test_what_is_sent_can_be_looked_at_any_time(window, far, qtbot):
    window.draw_button.choice_wanted.emit("look")
    dialog = next(d for d in window.findChildren(SendingDialog))
    qtbot.waitUntil(lambda: dialog.view is not None)
    assert not isinstance(dialog, PrivacyGate)
    assert len(view_of(dialog).pictures) == 1
    dialog.reject()
    assert far.requests == []
    assert not window.session.busy


def test_what_cannot_be_sent_is_explained_where_it_would_be_shown(window, qtbot, tmp_path):
    photo = tmp_path / "gone.png"
    photo.write_bytes(encoded("#123456"))
    window.choices.choose_photo(photo)
    qtbot.waitUntil(lambda: window.choices.photo_stage == "ready")
    photo.unlink()
    window.actions_by_id["look"].trigger()
    dialog = next(d for d in window.findChildren(SendingDialog))
    qtbot.waitUntil(lambda: "gone.png" in words_in(dialog))


def test_the_menu_offers_what_the_service_can(window):
    look, later = window.actions_by_id["look"], window.actions_by_id["draw_later"]
    assert look.isEnabled()
    assert later.isEnabled()
    window.choices.choose_engine("storybook")
    assert not look.isEnabled()
    assert not later.isEnabled()


def test_a_service_draws_beside_this_machine(window, engine, far, qtbot):
    draw_first(window, qtbot)
    far.gate.clear()
    window.draw_button.click()
    qtbot.waitUntil(lambda: len(far.requests) == 2)
    window.choices.choose_engine("storybook")
    window.actions_by_id["draw"].trigger()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 2)
    assert len(window.session.jobs) == 1
    far.gate.set()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 3)


def test_a_wait_that_the_service_asks_for_is_counted_down_and_can_be_stopped(window, far, qtbot):
    draw_first(window, qtbot)
    far.gate.clear()
    far.pause = 42.0
    window.draw_button.click()

    def told() -> bool:
        return "42 s" in window.draw_button.accessibleDescription()

    qtbot.waitUntil(told)
    description = window.draw_button.accessibleDescription()
    assert "The service asks to wait · second try" in description
    rows = window.top_bar.queue.job_list
    assert "second try" in words_in(rows)
    qtbot.waitUntil(lambda: "41 s" in words_in(rows), timeout=4000)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.session.busy
    assert not window.draw_button.busy


def test_without_a_key_the_button_offers_to_add_one(open_window, far, qtbot):
    far.reason = "There is no key."
    window = open_window()
    qtbot.waitUntil(lambda: window.draw_button.accessibleName() == "Add a key…")
    assert window.draw_button.isEnabled()
    assert "needs a key" in window.draw_button.toolTip()
    window.draw_button.click()
    dialogs = QApplication.activeModalWidget()
    assert dialogs is not None
    assert dialogs.windowTitle()
    dialogs.close()
    assert far.requests == []


def test_the_button_draws_again_once_a_key_has_come(window):
    known: dict[str, bool | None] = {"replicate": False}
    window.choices.key_known = known.get
    window.choices.refresh()
    assert window.draw_button.accessibleName() == "Add a key…"
    known["replicate"] = True
    window.window_actions.setting_up.setup.keys.keys_changed.emit()
    assert window.draw_button.accessibleName().startswith("Draw the page")


def test_typing_the_name_of_a_book_draws_no_preview_anew(window, engine, qtbot):
    window.choices.choose_engine("storybook")
    qtbot.waitUntil(lambda: window.viewer.caption == "Preview")
    before = len(engine.requests)
    window.choices.set_book("Ada’s winter")
    with qtbot.waitSignal(window.session.preview_drawn):
        window.choices.choose_template("moon")
    assert len(engine.requests) == before + 1


def test_what_could_not_be_handed_over_is_handed_over_again_and_not_drawn_now(window, far, qtbot):
    draw_first(window, qtbot)
    far.submission = UnreachableError("far.example cannot be reached.", retryable=True)
    window.draw_button.choice_wanted.emit("later")
    qtbot.waitUntil(lambda: window.viewer.error_shown)
    far.submission = None
    window.viewer.error_panel.button.click()
    qtbot.waitUntil(lambda: len(window.online.later.batches) == 1)
    assert len(far.requests) == 1


def test_a_refusal_says_what_happened_with_its_code_and_leads_to_what_helps(window, far, qtbot):
    draw_first(window, qtbot)
    far.failure = RefusedError(
        "The service will not draw this.",
        "Change the prompt.",
        code="IMAGE_SAFETY",
        remedies=("edit_prompt", "other_model", "other_engine", "other_crop", "retry"),
    )

    def refused() -> dict[str, QPushButton]:
        window.draw_button.click()
        qtbot.waitUntil(lambda: window.viewer.error_shown)
        return {button.text(): button for button in window.viewer.error_panel.buttons}

    buttons = refused()
    assert window.viewer.error_panel.text == "The service will not draw this. Change the prompt."
    assert "IMAGE_SAFETY" in window.viewer.error_panel.code
    assert next(iter(buttons)) == "Change the prompt"
    buttons["Change the prompt"].click()
    assert not window.viewer.error_shown
    assert window.focusWidget() is window.page_column.prompt.edit
    refused()["Choose another model"].click()
    form = window.page_column.options.form
    assert window.page_column.options.expanded
    assert form.models.box.view().isVisible()
    form.models.box.hidePopup()
    refused()["Choose another engine"].click()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    assert popup.accessibleName() == "Engines"
    popup.close()
    refused()["Send another crop"].click()
    focus = window.focusWidget()
    assert focus is not None
    assert form.engine_options.isAncestorOf(focus)
    buttons = refused()
    far.failure = None
    buttons["Try again"].click()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 2)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SpendingLimitError("The month is spent."), "Change the limit"),
        (UnreachableError("far.example cannot be reached."), "Try again"),
        (EngineError("It broke."), "Try again"),
    ],
)
def test_every_failure_has_a_button_that_helps(window, far, qtbot, error, words):
    draw_first(window, qtbot)
    far.failure = error
    window.draw_button.click()
    qtbot.waitUntil(lambda: window.viewer.error_shown)
    assert window.viewer.error_panel.button.text() == words


def test_escape_closes_a_list_and_stops_no_page(window, far, qtbot):
    draw_first(window, qtbot)
    far.gate.clear()
    window.draw_button.click()
    qtbot.waitUntil(lambda: window.draw_button.busy)
    engines = window.top_bar.engine.open_list()
    qtbot.keyClick(engines.rows[1], Qt.Key.Key_Escape)
    assert not engines.isVisible()
    window.top_bar.queue.click()
    queue = window.top_bar.queue.job_list
    assert queue.isVisible()
    qtbot.keyClick(queue, Qt.Key.Key_Escape)
    assert not queue.isVisible()
    assert window.session.busy


def test_a_page_that_is_drawn_later_comes_into_the_history(window, far, qtbot):
    draw_first(window, qtbot)
    window.choices.set_count(2)
    menu = window.draw_button.open_menu()
    later = menu.actions()[0]
    assert later.text() == "Draw later · half price · USD 0.05 · within a day"
    later.trigger()
    menu.close()
    qtbot.waitUntil(lambda: len(window.online.later.batches) == 1)
    assert window.toast.text.startswith("Handed over.")
    assert window.top_bar.queue.text() == "1"
    assert "Waits at the service · 2 pictures" in words_in(window.top_bar.queue.job_list)
    far.batches["batch 1"] = BatchState(state="running", done=1, total=2)
    window.online.later.poll()
    rows = window.top_bar.queue.job_list
    qtbot.waitUntil(lambda: "Being drawn, 1 of 2" in words_in(rows))
    far.batches["batch 1"] = BatchState(state="finished", done=2, total=2)
    window.online.later.poll()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 3)
    qtbot.waitUntil(lambda: "2 pictures are in the history." in words_in(rows))
    assert window.top_bar.queue.text() == ""


def test_what_was_handed_over_is_asked_for_after_the_next_start(window, open_window, far, qtbot):
    draw_first(window, qtbot)
    window.draw_button.choice_wanted.emit("later")
    qtbot.waitUntil(lambda: len(window.online.later.batches) == 1)
    far.batches["batch 1"] = BatchState(state="finished", done=1, total=1)
    again = open_window()
    qtbot.waitUntil(lambda: len(again.history.pictures) == 2)


def test_a_page_that_is_drawn_later_can_be_stopped_and_leaves_the_list(window, far, qtbot):
    draw_first(window, qtbot)
    window.draw_button.choice_wanted.emit("later")
    qtbot.waitUntil(lambda: len(window.online.later.batches) == 1)
    batch = window.online.later.batches[0]
    rows = window.top_bar.queue.job_list
    rows.stop_button(batch.id).click()
    qtbot.waitUntil(lambda: "Cancelled." in words_in(rows))
    assert far.withdrawn == ["batch 1"]
    rows.stop_button(batch.id).click()
    qtbot.waitUntil(lambda: window.online.later.batches == ())


def test_handing_over_asks_for_consent_as_drawing_does(window, far, qtbot):
    window.draw_button.choice_wanted.emit("later")
    agree(window, qtbot)
    qtbot.waitUntil(lambda: len(window.online.later.batches) == 1)
    assert list(far.batches) == ["batch 1"]


def test_further_photos_are_dropped_shown_and_sent(window, far, qtbot, tmp_path):
    row = window.photo_column.further
    assert row.isVisible()
    paths = []
    for name, colour in (("one.png", "#111111"), ("two.png", "#222222"), ("three.png", "#333333")):
        path = tmp_path / name
        path.write_bytes(encoded(colour))
        paths.append(path)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in (*paths, tmp_path / "four.png")])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(row, QDragEnterEvent(QPoint(5, 5), copy, mime, left, keys))
    QApplication.sendEvent(row, QDropEvent(QPointF(5, 5), copy, mime, left, keys))
    assert row.words == "This engine takes 3 more photos."
    qtbot.waitUntil(lambda: window.choices.request() is not None)
    assert len(row.tiles()) == 3
    row.tiles()[1].click()
    window.draw_button.click()
    assert len(view_of(gate_of(window, qtbot)).pictures) == 3
    agree(window, qtbot)
    qtbot.waitUntil(lambda: len(far.requests) == 1)
    sent = far.requests[0].further_photos
    assert [Path(photo.path).name for photo in sent] == ["one.png", "three.png"]
    assert all(photo.sha256 for photo in sent)
    window.choices.choose_engine("storybook")
    assert not row.isVisible()


def test_a_further_photo_that_cannot_be_used_says_why_and_can_be_taken_away(
    window, tmp_path, qtbot
):
    window.choices.add_further([tmp_path / "gone.png"])
    row = window.photo_column.further
    qtbot.waitUntil(lambda: row.words == "There is no file gone.png.")
    assert window.choices.request() is None
    assert "further photo" in window.draw_button.toolTip()
    row.tiles()[0].click()
    assert window.choices.request() is not None


def test_another_child_takes_none_of_the_further_photos_along(window, tmp_path, qtbot):
    path = tmp_path / "one.png"
    path.write_bytes(encoded("#111111"))
    window.choices.add_further([path])
    qtbot.waitUntil(lambda: window.choices.request() is not None)
    other = tmp_path / "other.png"
    other.write_bytes(encoded("#444444"))
    window.choices.choose_photo(other)
    assert window.choices.further.photos == ()


def test_earlier_books_are_offered_at_the_next_start(window, open_window, qtbot):
    window.choices.set_book("Ada’s winter")
    draw_first(window, qtbot)
    again = open_window()
    assert again.choices.book == "Ada’s winter"
    qtbot.waitUntil(lambda: "Ada’s winter" in again.choices.books)
    completer = again.page_column.options.form.book.completer()
    completer.setCompletionPrefix("wint")
    assert completer.currentCompletion() == "Ada’s winter"
