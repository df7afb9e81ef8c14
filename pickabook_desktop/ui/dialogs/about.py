"""Small dialogs of the help menu: about the program, and its keyboard shortcuts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

import pickabook_desktop
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.actions import CREATE_TAB, action_table, held_keys, menu_titles
from pickabook_desktop.ui.gallery.actions import library_table, submenu_titles
from pickabook_desktop.ui.tabs import ON_TAB
from pickabook_desktop.ui.theme import Space


class AboutDialog(QDialog):
    """Name, version, licence, and what leaves the machine."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About PickaBook Desktop"))
        title = _label("PickaBook Desktop", "title")
        version = _label(tr("Version {version}", version=pickabook_desktop.__version__), "quiet")
        summary = _label(
            tr(
                "Picture-book pages in which a particular child is the hero, drawn on your own "
                "machine. Photos stay here unless you choose an engine that says otherwise."
            )
        )
        licence = _label(tr("Free software under the Apache License 2.0."), "quiet")
        layout = _column(self)
        for label in (title, version, summary, licence):
            label.setMinimumWidth(360)
            layout.addWidget(label)
        layout.addWidget(_close_button(self))


class ShortcutsDialog(QDialog):
    """Every key, by menu; those of ``tab`` come first."""

    def __init__(self, parent: QWidget, tab: str = CREATE_TAB) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        table = QWidget()
        table.setProperty("kind", "scrolled")
        grid = QGridLayout(table)
        grid.setHorizontalSpacing(Space.HUGE)
        grid.setVerticalSpacing(Space.SMALL)
        grid.setColumnStretch(0, 1)
        held = {name: holder for name, (holder, _) in submenu_titles().items()}
        specs_of_all = (*action_table(), *library_table())
        titles, own = menu_titles(), ON_TAB[tab]
        for menu_id in (*own, *(name for name in titles if name not in own)):
            specs = [
                spec
                for spec in specs_of_all
                if menu_id in (spec.menu, held.get(spec.menu)) and spec.keys
            ]
            rows = [(_plain(spec.text), _keys(spec.keys)) for spec in specs]
            _add_rows(grid, titles[menu_id].replace("&", ""), rows)
        _add_rows(grid, tr("In the picture"), held_keys())
        area = QScrollArea()
        area.setWidget(table)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = _column(self)
        layout.addWidget(area, 1)
        layout.addWidget(_close_button(self))
        self.resize(560, 620)


def _add_rows(
    grid: QGridLayout, title: str, rows: list[tuple[str, str]] | tuple[tuple[str, str], ...]
) -> None:
    if not rows:
        return
    row = grid.rowCount()
    heading = _label(title, "heading")
    heading.setContentsMargins(0, Space.MEDIUM, 0, 0)
    grid.addWidget(heading, row, 0, 1, 2)
    for offset, (what, how) in enumerate(rows, start=1):
        grid.addWidget(_label(what), row + offset, 0)
        grid.addWidget(_label(how, "quiet"), row + offset, 1)


def _keys(keys: tuple[str, ...]) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return tr(" or ").join(QKeySequence(key).toString(native) for key in keys)


def _plain(text: str) -> str:
    return text.replace("&", "").rstrip("…")


def _label(text: str, kind: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("type", kind)
    return label


def _column(dialog: QDialog) -> QVBoxLayout:
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.LARGE)
    layout.setSpacing(Space.MEDIUM)
    return layout


def _close_button(dialog: QDialog) -> QDialogButtonBox:
    box = QDialogButtonBox()
    button = box.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
    button.setDefault(True)
    box.rejected.connect(dialog.reject)
    return box
