"""Nothing leaves unasked, and what would leave is shown."""

from PySide6.QtCore import QDate, QLocale
from PySide6.QtGui import QColor
from ui.online_data import (
    RECIPIENT,
    SENT_COLOUR,
)
from ui.online_steps import agree, draw_first, gate_of, view_of, words_in
from ui.window_data import encoded

from pickabook_desktop.ui.dialogs.privacy_gate import PrivacyGate
from pickabook_desktop.ui.dialogs.sending import SendingDialog


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
    assert window.workings.toast.text == "Nothing was sent."
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
