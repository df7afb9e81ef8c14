"""Prompt, options and engine: typed, folded away, built from what the engine declares."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from ui.create_data import new_model, ready_model
from ui.online_data import FAR_AWAY as AWAY

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.ui.create.columns import PageColumn
from pickabook_desktop.ui.theme import Metric, apply_theme
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.widgets.tab_order import stops


@pytest.fixture
def model(qapp: QApplication) -> CreateModel:
    return ready_model()


@pytest.fixture
def column(qtbot: QtBot, model: CreateModel) -> PageColumn:
    column = PageColumn(model, lambda _: None, lambda _: None)
    column.add_footer(QPushButton("Draw the page"))
    qtbot.addWidget(column)
    column.resize(Metric.PAGE_COLUMN, 648)
    column.show()
    return column


@pytest.fixture
def dressed(qapp: QApplication) -> None:
    """Sizes are those of the style sheet."""
    if not qapp.styleSheet():
        apply_theme(qapp, "light")


def named(root: QWidget, name: str) -> QWidget:
    return next(w for w in root.findChildren(QWidget) if w.accessibleName() == name)


def type_into(qtbot: QtBot, edit: QWidget, text: str) -> None:
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Tab)


def test_words_go_into_the_model(column: PageColumn, model: CreateModel, qtbot: QtBot) -> None:
    qtbot.keyClicks(column.prompt.edit, "in the snow")
    assert model.prompt == "in the snow"


def test_blanks_come_with_their_template(
    column: PageColumn, model: CreateModel, qtbot: QtBot
) -> None:
    friend = column.prompt.field_edit("companion")
    assert friend is not None
    assert friend.placeholderText() == "for example Pip"
    assert column.prompt.field_edit("name") is None
    qtbot.keyClicks(friend, "Bartholomew")
    assert model.fields["companion"] == "Bartholome"
    model.choose_template("sea")
    assert column.prompt.field_edit("companion") is None
    model.choose_template("moon")
    again = column.prompt.field_edit("companion")
    assert again is not None
    assert again.text() == "Bartholome"


def test_control_up_brings_back_what_was_written_before(
    column: PageColumn, model: CreateModel, qtbot: QtBot
) -> None:
    assert not column.prompt.history.isEnabled()
    model.set_history(["second", "first"])
    assert column.prompt.history.isEnabled()
    edit = column.prompt.edit
    qtbot.keyClicks(edit, "draft")
    for _ in range(2):
        qtbot.keyClick(edit, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert edit.toPlainText() == "first"
    for _ in range(2):
        qtbot.keyClick(edit, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert edit.toPlainText() == model.prompt == "draft"


def test_the_menu_lists_earlier_prompts(column: PageColumn, model: CreateModel) -> None:
    model.set_history(["salt & pepper", "first"])
    menu = column.prompt.history.menu()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["salt && pepper", "first"]
    menu.actions()[0].trigger()
    assert column.prompt.edit.toPlainText() == "salt & pepper"


def test_says_what_the_engine_does_with_words(column: PageColumn, model: CreateModel) -> None:
    assert column.prompt.edit.toolTip() == "Words choose what you have not."
    model.choose_engine("far")
    assert column.prompt.hint.text() == "This engine does not read the prompt."


def test_a_long_prompt_is_seen_and_a_hebrew_one_starts_at_the_right(column: PageColumn) -> None:
    edit = column.prompt.edit
    low = edit.height()
    edit.setPlainText("\n".join("abcd"))
    assert edit.height() > low
    edit.setPlainText("בשלג, עם צעיף אדום")
    way = edit.document().defaultTextOption().textDirection()
    assert way == Qt.LayoutDirection.RightToLeft


def test_options_are_folded_away_and_say_what_they_come_to(
    column: PageColumn, model: CreateModel, qtbot: QtBot
) -> None:
    options = column.options
    assert not options.form.sizes.isVisible()
    model.set_seed(42)
    model.lock_seed(True)
    assert options.section.header.toolTip() == "2048 × 2048 px · 1 picture · seed 42"
    with qtbot.waitSignal(options.expanded_changed) as told:
        qtbot.mouseClick(options.section.header, Qt.MouseButton.LeftButton)
    assert told.args == [True]
    assert options.form.sizes.isVisible()
    qtbot.keyClick(options.section.header, Qt.Key.Key_Left)
    assert not options.form.sizes.isVisible()
    QApplication.processEvents()


def test_sizes_by_name_for_paper_and_typed(
    column: PageColumn, model: CreateModel, qtbot: QtBot
) -> None:
    options = column.options
    options.set_expanded(True)
    qtbot.mouseClick(options.form.sizes.button("4K"), Qt.MouseButton.LeftButton)
    assert model.size == Size(4096, 4096)
    assert options.form.measure.text() == "4096 × 4096 px · 34.7 × 34.7 cm at 300 dpi"
    qtbot.mouseClick(options.form.sizes.button("A4"), Qt.MouseButton.LeftButton)
    assert options.form.measure.text() == "3508 × 2480 px · A4 at 300 dpi"
    qtbot.mouseClick(options.form.sizes.button("custom"), Qt.MouseButton.LeftButton)
    assert options.form.custom.isVisible()
    assert not options.form.aspect.isEnabled()
    type_into(qtbot, options.form.custom.width_spin, "1000")
    assert model.size == Size(1000, 2480)
    QApplication.processEvents()


def test_an_impossible_size_is_explained_where_it_is_typed(
    column: PageColumn, model: CreateModel
) -> None:
    model.choose_size("custom")
    model.set_custom_size(Size(64, 4000))
    assert "eight times" in column.options.form.measure.text()


def test_shape_follows_the_template(column: PageColumn, model: CreateModel, qtbot: QtBot) -> None:
    box = column.options.form.aspect
    assert [box.itemText(i) for i in range(box.count())] == ["Square 1:1", "A4 upright"]
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert str(model.aspect) == "210:297"
    model.choose_template("sea")
    assert box.itemText(0) == "Lying 4:3"


def test_number_and_seed_can_be_typed_thrown_and_locked(
    column: PageColumn, model: CreateModel, qtbot: QtBot
) -> None:
    column.options.set_expanded(True)
    type_into(qtbot, named(column, "Pictures"), "3")
    assert model.count == 3
    type_into(qtbot, named(column, "Seed"), "123")
    assert model.seed == 123
    dice = named(column, "Throw a new seed")
    qtbot.mouseClick(dice, Qt.MouseButton.LeftButton)
    assert model.seed != 123
    qtbot.mouseClick(named(column, "Keep this seed"), Qt.MouseButton.LeftButton)
    assert model.seed_locked
    assert not dice.isEnabled()
    QApplication.processEvents()


def test_the_engines_own_settings_are_offered(
    column: PageColumn, model: CreateModel, qtbot: QtBot
) -> None:
    column.options.set_expanded(True)
    light = named(column, "Lightness")
    assert isinstance(light, QLineEdit)
    type_into(qtbot, light, "0.5")
    grain = named(column, "Paper grain")
    assert isinstance(grain, QCheckBox)
    assert grain.isChecked()
    grain.click()
    line = named(column, "Outline")
    assert isinstance(line, QComboBox)
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Down)
    assert model.engine_options == {"light": "0.5", "grain": "off", "line": "Bold"}
    model.choose_engine("far")
    assert not column.options.form.engine_options.isVisible()
    assert not column.options.form.seed.isVisible()
    assert model.engine_options == {}
    QApplication.processEvents()


@pytest.mark.usefixtures("dressed")
def test_tab_goes_from_template_to_style_to_words_to_options(column: PageColumn) -> None:
    column.options.set_expanded(True)
    QApplication.processEvents()
    order = list(stops(column))
    marks: list[QWidget] = [
        column.templates.search,
        column.templates.grid,
        column.styles.row,
        column.prompt.edit,
        column.options.section.header,
        column.options.form.sizes.button("1K"),
    ]
    assert sorted(map(order.index, marks)) == list(map(order.index, marks))
    chain: list[QWidget] = [column.templates.search]
    while (widget := chain[-1].nextInFocusChain()) not in (None, chain[0]):
        assert widget is not None
        chain.append(widget)
    places = [chain.index(mark) for mark in marks]
    assert places == sorted(places)


@pytest.mark.usefixtures("dressed")
def test_everything_that_can_be_pressed_is_large_enough_and_has_a_name(
    column: PageColumn,
) -> None:
    column.options.set_expanded(True)
    QApplication.processEvents()
    for button in column.findChildren(QAbstractButton):
        if not button.isVisible() or button.objectName().startswith("qt_"):
            continue
        if isinstance(button.parentWidget(), QLineEdit):
            continue
        assert button.height() >= Metric.HIT, button.accessibleName() or button.text()
        assert button.accessibleName() or button.text()


@pytest.mark.usefixtures("dressed")
def test_nothing_is_cut_in_the_smallest_window(column: PageColumn) -> None:
    QApplication.processEvents()
    for label in column.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()
    for button in column.findChildren(QPushButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.text()


def test_models_that_are_gone_are_shown_and_cannot_be_chosen(
    column: PageColumn, model: CreateModel, qtbot: QtBot
) -> None:
    form = column.options.form
    column.options.set_expanded(True)
    assert not form.models.isVisible()
    model.set_engines((*model.engines[:1], EngineState(id="far", title="Far", capabilities=AWAY)))
    model.choose_engine("far")
    assert form.models.isVisible()
    box = form.models.box
    lines = [box.itemText(row) for row in range(box.count())]
    assert lines[2] == "Old · shut down on 2026-10-02"
    rows = [box.model().index(row, 0) for row in range(3)]
    enabled = [bool(row.flags() & Qt.ItemFlag.ItemIsEnabled) for row in rows]
    assert enabled == [True, True, False]
    assert form.models.note.text() == "Prices as of 2026-11."
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert model.model is not None
    assert model.model.id == "grand"
    assert form.sizes.values == ("4K",)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert model.model.id == "grand"
    assert column.options.section.header.toolTip().startswith("Grand · about 4096 × 4096 px")
    QApplication.processEvents()


def test_choices_have_titles_and_what_concerns_the_connection_is_elsewhere(
    column: PageColumn, model: CreateModel
) -> None:
    model.set_engines((EngineState(id="far", title="Far", capabilities=AWAY),))
    model.choose_engine("far")
    options = column.options.form.engine_options
    box = named(options, "What is sent")
    assert isinstance(box, QComboBox)
    assert [box.itemText(row) for row in range(box.count())] == ["The face", "The whole photo"]
    box.activated.emit(1)
    assert model.engine_options["crop"] == "whole"
    assert not [w for w in options.findChildren(QWidget) if w.accessibleName() == "Address"]


def test_the_book_is_typed_and_completed(
    column: PageColumn, model: CreateModel, qtbot: QtBot
) -> None:
    column.options.set_expanded(True)
    book = column.options.form.book
    model.set_books(("Ada’s winter", "Summer"))
    qtbot.keyClicks(book, "Ada")
    assert model.book == "Ada"
    completer = book.completer()
    assert completer.currentCompletion() == "Ada’s winter"
    popup = completer.popup()
    assert popup is not None
    popup.hide()
    QApplication.processEvents()


def test_an_empty_model_still_makes_a_window(qtbot: QtBot) -> None:
    model = CreateModel({}, {}, ())
    column = PageColumn(model, lambda _: None, lambda _: None)
    qtbot.addWidget(column)
    column.show()
    assert column.templates.nothing.isVisible()
    assert model.blocker() == "Choose a photo first."
    assert new_model().blocker() == "Choose a photo first."


def test_a_photo_held_over_the_prompt_is_left_to_the_window(column: PageColumn) -> None:
    photo, words = QMimeData(), QMimeData()
    photo.setUrls([QUrl.fromLocalFile("/photos/holiday.jpg")])
    words.setText("in the snow")
    for mime, taken in ((photo, False), (words, True)):
        event = QDragEnterEvent(
            QPoint(10, 10),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        event.ignore()
        QApplication.sendEvent(column.prompt.edit.viewport(), event)
        assert event.isAccepted() is taken
    assert not column.templates.search.acceptDrops()
