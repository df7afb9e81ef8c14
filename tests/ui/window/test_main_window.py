"""The whole window, as a person uses it, with an engine that does as it is told."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImageReader
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox
from ui.window_data import encoded, make_studio

from pickabook_desktop.domain.errors import EngineError
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.controllers import trash
from pickabook_desktop.ui.main_window import MainWindow


def test_a_first_start_shows_the_sample_and_says_what_to_do(window):
    assert window.choices.photo_path == window.sample
    assert window.viewer.canvas.picture is not None
    assert window.viewer.hint.startswith("This is a sample.")
    assert window.draw_button.isEnabled()


def test_without_the_sample_the_window_asks_for_a_photo(desk, qtbot):
    studio = make_studio(desk.folder)
    (studio.places.samples / "sample.png").unlink()
    desk.engine.gate.set()
    window = MainWindow(studio, Lanes(), desk.theme)
    qtbot.addWidget(window)
    desk.open_window = window
    window.show()
    window.start()
    assert window.viewer.hint == "Choose a photo first."
    assert not window.draw_button.isEnabled()


def test_another_template_or_style_is_previewed_at_once(window, engine, qtbot):
    before = len(engine.requests)
    window.choices.choose_template("moon")
    window.choices.choose_style("pencil")
    qtbot.waitUntil(lambda: len(engine.requests) > before)
    last = engine.requests[-1]
    assert (last.template_id, last.style_id) == ("moon", "pencil")
    assert max(last.size.width, last.size.height) <= 768


def test_control_return_draws_a_page_into_the_history(desk, window):
    desk.draw(window)
    assert window.viewer.caption.startswith("Garden · Storybook")
    assert window.workings.showing.current is not None
    assert window.history.strip.chosen.id == window.workings.showing.current.id
    assert not window.draw_button.busy


def test_words_without_effect_are_named(desk, window, engine, qtbot):
    engine.unused_words = ("purple", "dinosaur")
    window.choices.set_prompt("purple dinosaur")
    qtbot.waitUntil(lambda: window.viewer.hint == "Without effect: purple, dinosaur.")
    desk.draw(window)
    qtbot.waitUntil(lambda: window.viewer.hint == "Without effect: purple, dinosaur.")


def test_the_finished_page_stays_though_the_seed_moves_on(desk, window, engine, qtbot):
    seed = window.choices.seed
    desk.draw(window)
    assert window.choices.seed != seed
    QApplication.processEvents()
    assert window.workings.showing.current is not None


def test_the_window_answers_while_a_page_is_drawn(window, engine, qtbot):
    engine.gate.clear()
    window.draw_button.click()
    qtbot.waitUntil(lambda: window.draw_button.busy)
    window.choices.choose_template("moon")
    qtbot.waitUntil(lambda: "moon" in [request.template_id for request in engine.requests])
    assert window.draw_button.busy


def test_escape_stops_at_once(window, engine, qtbot):
    engine.gate.clear()
    window.draw_button.click()
    qtbot.waitUntil(lambda: window.draw_button.busy)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.draw_button.busy
    assert window.draw_button.accessibleName().startswith("Draw the page")
    assert window.history.pictures == ()


def test_several_pages_queue_and_each_can_be_cancelled(window, engine, qtbot):
    engine.gate.clear()
    for _ in range(3):
        window.actions_by_id["draw"].trigger()
    assert window.top_bar.queue.text() == "3"
    waiting = window.session.jobs[1].id
    window.top_bar.queue.job_list.cancel_button(waiting).click()
    assert window.top_bar.queue.text() == "2"
    assert [job.id for job in window.session.jobs] == [1, 3]


def test_a_failure_is_explained_and_can_be_tried_again(window, engine, qtbot):
    engine.failure = EngineError("The pencil broke.", "Sharpen it and try again.")
    window.draw_button.click()
    qtbot.waitUntil(lambda: window.viewer.error_shown)
    assert window.viewer.error_panel.text == "The pencil broke. Sharpen it and try again."
    engine.failure = None
    window.viewer.error_panel.button.click()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 1)
    assert not window.viewer.error_shown


def test_prompts_that_were_used_can_be_used_again(desk, window, qtbot):
    window.choices.set_prompt("in the snow")
    desk.draw(window)
    desk.close()
    again = desk.open()
    qtbot.waitUntil(lambda: "in the snow" in again.choices.history)


def test_settings_are_recalled_from_a_picture(desk, window, qtbot):
    window.choices.choose_template("moon")
    window.choices.choose_style("pencil")
    window.choices.set_field("name", "Mia")
    desk.draw(window)
    seed = window.workings.showing.current.request.seed
    window.choices.choose_template("garden")
    window.choices.choose_style("storybook")
    desk.ready(window)
    window.history.picture_chosen.emit(window.history.pictures[0])
    window.actions_by_id["recall"].trigger()
    assert window.choices.template_id == "moon"
    assert window.choices.style_id == "pencil"
    assert window.choices.seed == seed
    qtbot.waitUntil(lambda: window.draw_button.isEnabled())
    assert window.workings.showing.current is not None


def test_a_preview_under_way_does_not_replace_a_page_that_was_chosen(desk, window, qtbot):
    desk.draw(window)
    window.choices.choose_template("moon")
    desk.ready(window)
    window.choices.choose_style("pencil")
    window.history.picture_chosen.emit(window.history.pictures[0])
    qtbot.waitUntil(lambda: not window._lanes.busy("preview"))
    qtbot.waitUntil(lambda: window.viewer.caption.startswith("Garden"))
    QApplication.processEvents()
    assert window.workings.showing.current is not None
    assert window.viewer.caption.startswith("Garden")


def test_a_page_is_drawn_again_with_another_seed(desk, window, qtbot):
    desk.draw(window)
    first = window.workings.showing.current
    window.actions_by_id["reroll"].trigger()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 2)
    second = window.history.pictures[0]
    assert second.request.seed != first.request.seed
    assert second.request.template_id == first.request.template_id
    qtbot.waitUntil(lambda: window.viewer.variations.isVisible())
    qtbot.waitUntil(lambda: window.viewer.caption.endswith("2 of 2"))


def test_a_deleted_picture_can_be_brought_back(desk, window, qtbot):
    desk.draw(window)
    window.actions_by_id["delete"].trigger()
    qtbot.waitUntil(lambda: window.history.pictures == ())
    assert window.workings.toast.isVisible()
    assert window.workings.showing.current is None
    desk.ready(window)
    window.workings.toast.action_button.click()
    qtbot.waitUntil(lambda: len(window.history.pictures) == 1)
    assert window.workings.showing.current is not None


def test_an_emptied_trash_says_how_much_goes_and_leaves_nothing(desk, window, qtbot):
    window.choices.set_prompt("secret snow")
    desk.draw(window)
    page = window.history.pictures[0]
    window.actions_by_id["delete"].trigger()
    qtbot.waitUntil(lambda: window.history.pictures == ())
    window.actions_by_id["empty_trash"].trigger()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None)
    box = window.findChild(QMessageBox)
    assert "One page goes for good" in box.informativeText()
    assert Path(page.path).is_file()
    button = next(b for b in box.buttons() if b.text() == "Empty the trash")
    button.click()
    qtbot.waitUntil(lambda: window.workings.toast.text == "One page is gone for good.")
    qtbot.waitUntil(lambda: window.choices.history == ())
    assert not Path(page.path).exists()
    window.choices.set_prompt("")
    desk.close()
    left = [path for path in desk.folder.rglob("*") if path.is_file()]
    assert not [path for path in left if b"secret snow" in path.read_bytes()]


def test_a_page_deleted_a_month_ago_is_gone_after_the_next_start(desk, window, qtbot, monkeypatch):
    desk.draw(window)
    page = window.history.pictures[0]
    window.actions_by_id["delete"].trigger()
    qtbot.waitUntil(lambda: window.history.pictures == ())
    desk.close()
    desk.open()
    qtbot.waitUntil(lambda: not desk.open_window._lanes.busy("library"))
    assert Path(page.path).is_file()
    desk.close()
    monkeypatch.setattr(trash, "KEPT_FOR", timedelta(seconds=-5))
    desk.open()
    qtbot.waitUntil(lambda: not Path(page.path).exists())


def test_a_copy_is_saved_in_the_format_of_its_name(desk, window, tmp_path, qtbot):
    desk.draw(window)
    target = tmp_path / "page.jpg"
    window.workings.pictures.save_to(window.workings.showing.current, target)
    qtbot.waitUntil(lambda: window.workings.toast.text == "Saved as page.jpg.")
    assert bytes(QImageReader(str(target)).format().data()) == b"jpeg"


@pytest.mark.parametrize("left_out", [True, False])
def test_metadata_is_left_out_of_copies_on_request(desk, window, tmp_path, qtbot, left_out):
    desk.draw(window)
    window.workings.window_actions.open_settings()
    dialog = window.findChild(QDialog)
    dialog.page("general").without_metadata.setChecked(left_out)
    dialog.close()
    target = tmp_path / "page.png"
    window.workings.pictures.save_to(window.workings.showing.current, target)
    qtbot.waitUntil(target.exists)
    assert (b"pickabook" in target.read_bytes()) is not left_out


def test_a_copied_picture_is_there_as_file_and_as_picture(desk, window):
    desk.draw(window)
    window.actions_by_id["copy"].trigger()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.hasImage()
    assert mime.urls()[0].toLocalFile() == window.workings.showing.current.path


def test_the_photo_is_seen_while_the_backslash_is_held(window, qtbot):
    qtbot.keyPress(window, Qt.Key.Key_Backslash)
    assert window.viewer.canvas.photo_shown
    qtbot.keyRelease(window, Qt.Key.Key_Backslash)
    assert not window.viewer.canvas.photo_shown


def test_a_page_is_only_compared_with_the_photo_it_was_drawn_from(desk, window, tmp_path, qtbot):
    desk.draw(window)
    assert window.actions_by_id["compare"].isEnabled()
    other = tmp_path / "other.png"
    other.write_bytes(encoded("#808080"))
    window.choices.choose_photo(other)
    desk.ready(window)
    assert window.actions_by_id["compare"].isEnabled()
    window.history.picture_chosen.emit(window.history.pictures[0])
    assert not window.actions_by_id["compare"].isEnabled()


def test_pages_are_there_at_the_next_start_and_so_are_the_choices(desk, window, qtbot):
    window.choices.choose_template("moon")
    window.choices.choose_style("pencil")
    desk.ready(window)
    desk.draw(window)
    page = window.history.pictures[0].id
    window.choices.set_field("name", "Mia")
    window.choices.set_prompt("in the snow")
    window.choices.choose_size("1K")
    window.choices.set_seed(12)
    window.choices.lock_seed(True)
    window.page_column.options.set_expanded(True)
    desk.close()
    again = desk.open()
    qtbot.waitUntil(lambda: [p.id for p in again.history.pictures] == [page])
    choices = again.choices
    assert (choices.template_id, choices.style_id) == ("moon", "pencil")
    assert (choices.fields, choices.prompt) == ({"name": "Mia"}, "in the snow")
    assert (choices.size_name, choices.seed, choices.seed_locked) == ("1K", 12, True)
    assert again.photo_column.panel.name_edit.text() == "Mia"
    assert again.page_column.options.form.sizes.isVisible()


def test_the_window_comes_back_with_its_splitter(desk, window):
    window.resize(window.minimumSizeHint().expandedTo(window.minimumSize()))
    window._splitter.setSizes([300, 400, 600])
    sizes = window._splitter.sizes()
    desk.close()
    again = MainWindow(desk.studio, Lanes(), desk.theme)
    desk.qtbot.addWidget(again)
    desk.open_window = again
    again.show()
    assert again._splitter.sizes() == sizes


def test_closing_while_drawing_ends_the_work(desk, window, engine, qtbot):
    engine.gate.clear()
    window.draw_button.click()
    qtbot.waitUntil(lambda: window.draw_button.busy)
    desk.close()
    assert len(make_studio(desk.folder).library.recent()) == 0


def test_colours_change_while_the_window_is_open(window, qapp):
    window.actions_by_id["scheme_dark"].trigger()
    dark = window.grab().toImage().pixelColor(700, 20)
    window.actions_by_id["scheme_light"].trigger()
    light = window.grab().toImage().pixelColor(700, 20)
    assert dark.lightness() < 80 < light.lightness()
