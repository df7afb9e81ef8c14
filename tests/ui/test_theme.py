"""Tokens, icons, and the change between light and dark."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from pickabook_desktop.storage.places import find_resources
from pickabook_desktop.ui.palette import DARK, LIGHT, Palette, contrast
from pickabook_desktop.ui.theme import Theme, apply_theme, icon_pixmap, palette_now, set_icon

GROUNDS = ("ground", "surface", "hover", "pressed", "chosen")
INKS = ("text", "quiet")
DRAWINGS = (find_resources() / "icons").glob("*.svg")
ICONS = sorted(path.stem for path in DRAWINGS if path.stem != "app")
READABLE = 4.5


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    style, sheet, palette = qapp.style().name(), qapp.styleSheet(), qapp.palette()
    theme = apply_theme(qapp, "light")
    yield theme
    theme.set_scheme("system")
    theme.deleteLater()
    qapp.setStyleSheet(sheet)
    qapp.setStyle(style)
    qapp.setPalette(palette)


def pairs(palette: Palette) -> Iterator[tuple[str, str]]:
    yield from itertools.product(INKS, GROUNDS)
    yield from itertools.product(("good", "warn", "bad", "accent"), ("ground", "surface"))
    yield from (("good", "good_wash"), ("warn", "warn_wash"), ("bad", "bad_wash"))
    yield from itertools.product(INKS, ("good_wash", "warn_wash", "bad_wash"))
    yield from (("on_accent", "accent"), ("on_accent", "accent_hover"))
    yield ("on_backdrop", "backdrop")


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_text_can_be_read_wherever_it_stands(palette: Palette) -> None:
    colours = palette.as_mapping()
    faint = {
        f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2)
        for ink, ground in pairs(palette)
        if contrast(colours[ink], colours[ground]) < READABLE
    }
    assert faint == {}


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_pictures_stand_on_a_grey_without_a_tint() -> None:
    for palette in (LIGHT, DARK):
        grey = QColor(palette.backdrop)
        assert grey.red() == grey.green() == grey.blue()


def test_every_icon_is_drawn_in_the_colour_asked_for() -> None:
    accent = palette_now().colour("accent")
    for name in ICONS:
        image = icon_pixmap(name, 40, "accent").toImage()
        pixels = [image.pixelColor(x, y) for x in range(40) for y in range(40)]
        inked = [p for p in pixels if p.alpha() > 200]
        assert len(inked) > 20, name
        far = [p for p in inked if abs(p.red() - accent.red()) + abs(p.blue() - accent.blue()) > 8]
        assert not far, name


def test_every_icon_belongs_to_the_family() -> None:
    assert len(ICONS) > 30
    for name in ICONS:
        text = (find_resources() / "icons" / f"{name}.svg").read_text()
        assert 'viewBox="0 0 20 20"' in text, name
        assert 'stroke-width="1.5"' in text, name
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}", text)) == {"#000"}, name


def test_arrows_and_ticks_of_boxes_have_the_colours_of_their_theme() -> None:
    for palette in (LIGHT, DARK):
        folder = find_resources() / "icons" / "arrows" / palette.name
        colours = {
            "up.svg": palette.quiet,
            "down.svg": palette.quiet,
            "tick.svg": palette.on_accent,
        }
        assert {path.name for path in folder.iterdir()} == set(colours)
        for name, colour in colours.items():
            assert colour in (folder / name).read_text(), name


def test_window_and_icons_change_together_while_running(theme: Theme, qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    set_icon(button, "close", "text")
    with qtbot.waitSignal(theme.changed):
        theme.set_scheme("dark")
    assert palette_now() is DARK
    assert QApplication.palette().window().color() == QColor(DARK.ground)
    image = button.icon().pixmap(20, 20).toImage()
    assert image.pixelColor(10, 10).lightness() > 128
    theme.set_scheme("light")
    image = button.icon().pixmap(20, 20).toImage()
    assert image.pixelColor(10, 10).lightness() < 128


def test_a_missing_icon_is_told_at_once(theme: Theme) -> None:
    with pytest.raises(FileNotFoundError):
        set_icon(QPushButton(), "no-such-icon")


def test_panels_hold_no_colours_of_their_own() -> None:
    folder = Path(__file__).parents[2] / "pickabook_desktop" / "ui"
    sources = [*(folder / "create").glob("*.py"), *(folder / "widgets").glob("*.py")]
    assert sources
    found = [path.name for path in sources if re.search(r"#[0-9a-fA-F]{6}", path.read_text())]
    assert found == []
