"""Pages that a service draws later."""

from ui.online_steps import agree, draw_first, words_in

from pickabook_desktop.domain.errors import (
    UnreachableError,
)
from pickabook_desktop.domain.ports import BatchState


def test_what_could_not_be_handed_over_is_handed_over_again_and_not_drawn_now(window, far, qtbot):
    draw_first(window, qtbot)
    far.submission = UnreachableError("far.example cannot be reached.", retryable=True)
    window.draw_button.choice_wanted.emit("later")
    qtbot.waitUntil(lambda: window.viewer.error_shown)
    far.submission = None
    window.viewer.error_panel.button.click()
    qtbot.waitUntil(lambda: len(window.workings.online.later.batches) == 1)
    assert len(far.requests) == 1


def test_a_page_that_is_drawn_later_comes_into_the_history(window, far, qtbot):
    draw_first(window, qtbot)
    window.choices.set_count(2)
    menu = window.draw_button.open_menu()
    later = menu.actions()[0]
    assert later.text() == "Draw later · half price · USD 0.05 · within a day"
    later.trigger()
    menu.close()
    qtbot.waitUntil(lambda: len(window.workings.online.later.batches) == 1)
    assert window.workings.toast.text.startswith("Handed over.")
    assert window.top_bar.queue.text() == "1"
    assert "Waits at the service · 2 pictures" in words_in(window.top_bar.queue.job_list)
    far.batches["batch 1"] = BatchState(state="running", done=1, total=2)
    window.workings.online.later.poll()
    rows = window.top_bar.queue.job_list
    qtbot.waitUntil(lambda: "Being drawn, 1 of 2" in words_in(rows))
    far.batches["batch 1"] = BatchState(state="finished", done=2, total=2)
    window.workings.online.later.poll()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 3)
    qtbot.waitUntil(lambda: "2 pictures are in the strip below." in words_in(rows))
    assert window.top_bar.queue.text() == ""


def test_what_was_handed_over_is_asked_for_after_the_next_start(window, open_window, far, qtbot):
    draw_first(window, qtbot)
    window.draw_button.choice_wanted.emit("later")
    qtbot.waitUntil(lambda: len(window.workings.online.later.batches) == 1)
    far.batches["batch 1"] = BatchState(state="finished", done=1, total=1)
    again = open_window()
    qtbot.waitUntil(lambda: len(again.history.pictures) == 2)


def test_a_page_that_is_drawn_later_can_be_stopped_and_leaves_the_list(window, far, qtbot):
    draw_first(window, qtbot)
    window.draw_button.choice_wanted.emit("later")
    qtbot.waitUntil(lambda: len(window.workings.online.later.batches) == 1)
    batch = window.workings.online.later.batches[0]
    rows = window.top_bar.queue.job_list
    rows.stop_button(batch.id).click()
    qtbot.waitUntil(lambda: "Cancelled." in words_in(rows))
    assert far.withdrawn == ["batch 1"]
    rows.stop_button(batch.id).click()
    qtbot.waitUntil(lambda: window.workings.online.later.batches == ())


def test_handing_over_asks_for_consent_as_drawing_does(window, far, qtbot):
    window.draw_button.choice_wanted.emit("later")
    agree(window, qtbot)
    qtbot.waitUntil(lambda: len(window.workings.online.later.batches) == 1)
    assert list(far.batches) == ["batch 1"]
