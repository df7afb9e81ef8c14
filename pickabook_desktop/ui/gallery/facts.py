"""What is known of a picture as lines of title and text, and its prompt."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.viewmodels.picture_facts import Fact
from pickabook_desktop.ui.widgets.buttons import text_button, tool_button
from pickabook_desktop.ui.widgets.labels import ElidedLabel, wrapped
from pickabook_desktop.ui.widgets.text import follows_right_to_left

LONGEST_WORD = 16
SHORT_PROMPT = 220
_ZERO_WIDTH_SPACE = "\u200b"
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_PART = re.compile(r"[^._/\\-]*[._/\\-]?")


def breakable(text: str) -> str:
    """``text`` with places to break in words that are longer than a line, such as the names of
    files.
    """
    return _LONG_WORD.sub(lambda found: _pieces(found.group()), text)


def _pieces(word: str) -> str:
    parts = (part for part in _PART.findall(word) if part)
    lengths = (
        part[at : at + LONGEST_WORD] for part in parts for at in range(0, len(part), LONGEST_WORD)
    )
    return _ZERO_WIDTH_SPACE.join(lengths)


class FactList(QWidget):
    """Lines under each other; those of earlier pictures are used again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.SMALL)
        self._grid.setVerticalSpacing(Space.TINY)
        self._grid.setColumnMinimumWidth(0, Metric.LABEL)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these and no others."""
        while len(self._rows) < len(facts):
            self._rows.append(_Row(self._grid, len(self._rows), self))
        for row, fact in zip(self._rows, facts, strict=False):
            row.show_fact(fact)
        for row in self._rows[len(facts) :]:
            row.hide()
        self.setVisible(bool(facts))

    def clear(self) -> None:
        """Show nothing, and let go of what was shown."""
        for row in self._rows:
            row.clear()

    def texts(self) -> dict[str, str]:
        """What is shown, by title."""
        return dict(row.text for row in self._rows if row.shown)


class _Row:
    def __init__(self, grid: QGridLayout, number: int, parent: QWidget) -> None:
        self._title = wrapped("", "quiet")
        self._text = wrapped("", "small")
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._line = ElidedLabel()
        self._line.setProperty("type", "small")
        self._line.elide_mode = Qt.TextElideMode.ElideMiddle
        self._line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = _copy_button(self._on_copy, parent)
        self._fact = Fact(title="", text="")
        self.shown = False
        top = Qt.AlignmentFlag.AlignTop
        self._grid = grid
        grid.addWidget(self._title, number, 0, top)
        grid.addWidget(self._text, number, 1, 1, 2)
        grid.addWidget(self._line, number, 1)
        grid.addWidget(self._copy, number, 2)

    @property
    def text(self) -> tuple[str, str]:
        return self._fact.title, self._fact.text

    def show_fact(self, fact: Fact) -> None:
        if fact == self._fact and self.shown:
            return
        relit = fact.level != self._fact.level
        self._fact, self.shown = fact, True
        self._title.setText(fact.title)
        self._title.show()
        whole = not fact.copied
        shown, hidden = (self._text, self._line) if whole else (self._line, self._text)
        hidden.hide()
        shown.setText(breakable(fact.text) if whole else fact.text)
        # Short words stay beside their titles, whichever way they run.
        mirrored = shown.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        middle = Qt.AlignmentFlag.AlignVCenter
        shown.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | middle)
        shown.show()
        # The button is higher than the line.
        upright = Qt.AlignmentFlag.AlignTop if whole else Qt.AlignmentFlag.AlignVCenter
        self._grid.setAlignment(self._title, upright)
        if relit:
            self._text.setProperty("level", fact.level)
            self._text.style().unpolish(self._text)
            self._text.style().polish(self._text)
        self._copy.setVisible(not whole)
        self._copy.setToolTip(tr("Copy: {title}", title=fact.title))
        self._copy.setAccessibleName(tr("Copy: {title}", title=fact.title))

    def clear(self) -> None:
        self.hide()
        self._fact = Fact(title="", text="")
        for label in (self._title, self._text, self._line):
            label.setText("")

    def hide(self) -> None:
        self.shown = False
        for part in (self._title, self._text, self._line, self._copy):
            part.hide()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._fact.copied)


class PromptText(QWidget):
    """The words a picture was drawn from, to be selected; long ones are folded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prompt = ""
        self._whole = False
        self._label = wrapped("", "body")
        flags = Qt.TextInteractionFlag
        self._label.setTextInteractionFlags(
            flags.TextSelectableByMouse | flags.TextSelectableByKeyboard
        )
        self._label.setAccessibleName(tr("Prompt"))
        self._more = text_button("", kind="flat")
        self._more.clicked.connect(self._on_more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._label)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeading)

    @property
    def label(self) -> QLabel:
        return self._label

    @property
    def more_button(self) -> QWidget:
        """Unfolds and folds."""
        return self._more

    def show_prompt(self, prompt: str) -> None:
        """Show another one, folded."""
        if prompt != self._prompt:
            self._prompt, self._whole = prompt, False
            right = follows_right_to_left(prompt)
            ways = Qt.LayoutDirection
            self._label.setLayoutDirection(ways.RightToLeft if right else ways.LeftToRight)
            self._show()

    def _show(self) -> None:
        long = len(self._prompt) > SHORT_PROMPT
        text = self._prompt
        if long and not self._whole:
            text = f"{text[:SHORT_PROMPT].rstrip()}…"
        self._label.setText(breakable(text))
        self._more.setText(tr("Show less") if self._whole else tr("Show all"))
        self._more.setVisible(long)

    def _on_more(self) -> None:
        self._whole = not self._whole
        self._show()


def _copy_button(on_click: object, parent: QWidget) -> QToolButton:
    button = tool_button("copy", tr("Copy"), parent, "quiet")
    button.setIconSize(QSize(Metric.SMALL_ICON, Metric.SMALL_ICON))
    button.clicked.connect(on_click)
    return button
