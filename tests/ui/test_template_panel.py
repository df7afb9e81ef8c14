"""Templates, tags, palettes and styles: found, seen and chosen with mouse and keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from ui.create_data import new_model

from pickabook_desktop.ui.create.style_row import StyleRow
from pickabook_desktop.ui.create.template_panel import TemplatePanel
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.widgets.thumbnails import ThumbnailList

RED = QColor("#d02010")


@pytest.fixture
def thumbnail_of(tmp_path: Path) -> Callable[[str], Path | None]:
    """A red picture for every template but the owl, whose file is missing."""

    def path_of(entry_id: str) -> Path | None:
        path = tmp_path / f"{entry_id}.png"
        if entry_id != "owl" and not path.exists():
            image = QImage(300, 200, QImage.Format.Format_RGB32)
            image.fill(RED)
            image.save(str(path))
        return path

    return path_of


@pytest.fixture
def model(qapp: QApplication) -> CreateModel:
    return new_model()


@pytest.fixture
def panel(
    qtbot: QtBot, model: CreateModel, thumbnail_of: Callable[[str], Path | None]
) -> TemplatePanel:
    panel = TemplatePanel(model, thumbnail_of)
    qtbot.addWidget(panel)
    panel.resize(412, 400)
    panel.show()
    QApplication.processEvents()
    return panel


def titles(grid: ThumbnailList) -> list[str]:
    return [item.title for item in grid.items()]


def click_on(qtbot: QtBot, grid: ThumbnailList, row: int) -> None:
    place = grid.visualRect(grid.model().index(row, 0)).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_chooses_a_template(panel: TemplatePanel, model: CreateModel, qtbot: QtBot) -> None:
    click_on(qtbot, panel.grid, 1)
    assert model.template_id == "sea"
    assert panel.grid.chosen() == "sea"


def test_arrow_keys_choose_a_template(
    panel: TemplatePanel, model: CreateModel, qtbot: QtBot
) -> None:
    model.choose_template("moon")
    panel.grid.setFocus()
    qtbot.keyClick(panel.grid, Qt.Key.Key_Right)
    assert model.template_id == "sea"
    qtbot.keyClick(panel.grid, Qt.Key.Key_End)
    assert model.template_id == "owl"


def test_a_template_can_be_taken_back_by_key_and_by_control_click(
    panel: TemplatePanel, model: CreateModel, qtbot: QtBot
) -> None:
    model.choose_template("moon")
    panel.grid.setFocus()
    qtbot.keyClick(panel.grid, Qt.Key.Key_Delete)
    assert model.template_id == ""
    assert panel.grid.chosen() == ""
    click_on(qtbot, panel.grid, 0)
    assert model.template_id == "moon"
    place = panel.grid.visualRect(panel.grid.model().index(0, 0)).center()
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(panel.grid.viewport(), Qt.MouseButton.LeftButton, control, place)
    assert model.template_id == ""


def test_search_looks_at_titles_tags_and_words(panel: TemplatePanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.search, "ASTRO")
    assert titles(panel.grid) == ["Moon walk"]
    panel.search.clear()
    qtbot.keyClicks(panel.search, "night snow")
    assert titles(panel.grid) == ["Snow owl"]
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert len(titles(panel.grid)) == 3


def test_nothing_found_offers_the_way_back(panel: TemplatePanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.search, "xyzzy")
    assert panel.nothing.isVisible()
    assert not panel.grid.isVisible()
    button = panel.nothing.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(titles(panel.grid)) == 3
    assert panel.grid.isVisible()


def test_tags_narrow_the_choice_together(panel: TemplatePanel, qtbot: QtBot) -> None:
    panel.resize(900, 400)
    QApplication.processEvents()
    chips = {chip.text(): chip for chip in panel.tags.findChildren(QPushButton)}
    # A tag of a single template narrows nothing that the search would not.
    assert {text for text, chip in chips.items() if chip.isVisible()} >= {"night", "animals"}
    assert not {"space", "sea"} & set(chips)
    qtbot.mouseClick(chips["night"], Qt.MouseButton.LeftButton)
    assert titles(panel.grid) == ["Moon walk", "Snow owl"]
    qtbot.mouseClick(chips["animals"], Qt.MouseButton.LeftButton)
    assert titles(panel.grid) == ["Snow owl"]


def test_tags_that_do_not_fit_wait_in_a_menu(panel: TemplatePanel) -> None:
    panel.resize(412, 400)
    panel.tags.set_tags(["night", "animals", "winter", "castle", "knight", "forest", "sea"])
    QApplication.processEvents()
    more = next(b for b in panel.tags.findChildren(QPushButton) if b.text().startswith("+"))
    assert more.isVisible()
    more.menu().aboutToShow.emit()
    hidden = {action.text(): action for action in more.menu().actions()}
    assert more.text() == f"+{len(hidden)}"
    hidden["sea"].trigger()
    assert titles(panel.grid) == ["Under the sea"]
    shown = {chip.text() for chip in panel.tags.findChildren(QPushButton) if chip.isVisible()}
    assert "sea" in shown


def test_what_is_chosen_stays_chosen_through_a_search(
    panel: TemplatePanel, model: CreateModel
) -> None:
    model.choose_template("moon")
    panel.search.setText("owl")
    assert panel.grid.chosen() == ""
    assert model.template_id == "moon"
    panel.search.clear()
    assert panel.grid.chosen() == "moon"


def test_colours_are_offered_where_the_template_has_them(
    panel: TemplatePanel, model: CreateModel, qtbot: QtBot
) -> None:
    assert not panel.palettes.isVisible()
    model.choose_template("moon")
    assert panel.palettes.isVisible()
    assert panel.palettes.currentText() == "Any colours"
    panel.palettes.setFocus()
    qtbot.keyClick(panel.palettes, Qt.Key.Key_Down)
    assert model.palette_id == "rose"
    model.choose_palette("blue")
    assert panel.palettes.currentText() == "Blue trim"
    model.choose_template("sea")
    assert not panel.palettes.isVisible()
    model.choose_template("moon")
    assert panel.palettes.currentText() == "Any colours"


def test_thumbnails_are_painted_and_a_missing_one_leaves_a_tidy_card(
    panel: TemplatePanel,
) -> None:
    image = panel.grid.viewport().grab().toImage()
    centres = [panel.grid.visualRect(panel.grid.model().index(row, 0)) for row in range(3)]
    seen = [image.pixelColor(rect.center().x(), rect.y() + 20) for rect in centres]
    assert seen[0] == seen[1] == RED
    assert seen[2] != RED


def test_every_title_is_seen_whole_at_the_smallest_width(panel: TemplatePanel) -> None:
    cell = panel.grid.gridSize()
    assert cell.width() * 3 <= panel.grid.viewport().width()
    assert panel.grid.cell_height() - cell.height() <= 0


def test_styles_are_chosen_by_click_and_key(
    qtbot: QtBot, model: CreateModel, thumbnail_of: Callable[[str], Path | None]
) -> None:
    row = StyleRow(model, thumbnail_of)
    qtbot.addWidget(row)
    row.resize(380, 120)
    row.show()
    QApplication.processEvents()
    assert row.row.chosen() == "ink"
    click_on(qtbot, row.row, 1)
    assert model.style_id == "pencil"
    row.row.setFocus()
    qtbot.keyClick(row.row, Qt.Key.Key_Left)
    assert model.style_id == "ink"
