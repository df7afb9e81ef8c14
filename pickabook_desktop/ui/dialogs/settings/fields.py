"""Fields for what an engine or a store lets be set, built from what it declares."""

import math
import re
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.settings.parts import Rows
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import wrapped

ON, OFF = "on", "off"
NUMBER_WIDTH = 96
_ON_WORDS = ("on", "yes", "true", "1")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]{1,2}")
_PASSWORD = re.compile(r"://[^/@\s]*:[^/@\s]*@")

Check = Callable[[str, str], str]
"""From the id of an option and a value to what is wrong with it; empty where nothing is."""


class OptionFields(QWidget):
    """One row for each :class:`OptionSpec`; values are text, and an empty one is the default.

    What cannot be meant is explained below its field and not told to anybody.
    """

    option_edited = Signal(str, str)

    def __init__(
        self,
        specs: Sequence[OptionSpec],
        values: Mapping[str, str],
        check: Check | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._check = check
        self._problems: dict[str, QLabel] = {}
        self._editors: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        rows = Rows()
        column.addLayout(rows)
        for spec in specs:
            self._add(rows, spec, values.get(spec.id, ""))

    def editor(self, option_id: str) -> QWidget:
        """The field of one option; raises KeyError where there is none."""
        return self._editors[option_id]

    def problem(self, option_id: str) -> str:
        """What is said to be wrong with a value that was typed."""
        label = self._problems[option_id]
        return "" if label.isHidden() else label.text()

    def _add(self, rows: Rows, spec: OptionSpec, value: str) -> None:
        if spec.kind == "switch":
            field = editor = self._switch(spec, value or spec.default)
        elif spec.kind == "choice":
            field = editor = self._choice(spec, value or spec.default)
        else:
            editor = self._line(spec, value)
            field = self._furnished(spec, editor)
        editor.setAccessibleName(spec.title)
        editor.setAccessibleDescription(spec.help)
        self._editors[spec.id] = editor
        rows.add_field("" if spec.kind == "switch" else spec.title, field, spec.help)
        problem = self._problems[spec.id] = wrapped("", "small")
        problem.setProperty("level", "stop")
        problem.hide()
        rows.addWidget(problem, rows.rowCount(), 1)

    def _switch(self, spec: OptionSpec, value: str) -> QCheckBox:
        box = QCheckBox(spec.title)
        box.setChecked(value.casefold() in _ON_WORDS)

        def on_clicked(checked: bool) -> None:
            self.option_edited.emit(spec.id, ON if checked else OFF)

        box.clicked.connect(on_clicked)
        return box

    def _choice(self, spec: OptionSpec, value: str) -> QComboBox:
        titles = spec.choice_titles or spec.choices
        box = combo(list(zip(spec.choices, titles, strict=False)), value)

        def on_chosen(index: int) -> None:
            self.option_edited.emit(spec.id, spec.choices[index])

        box.activated.connect(on_chosen)
        return box

    def _line(self, spec: OptionSpec, value: str) -> QLineEdit:
        edit = QLineEdit(value)
        edit.setPlaceholderText(spec.default)
        if spec.kind == "number":
            edit.setFixedWidth(NUMBER_WIDTH)
        edit.setClearButtonEnabled(spec.kind != "number")
        kept = value

        def on_finished() -> None:
            nonlocal kept
            text = with_point(edit.text().strip()) if spec.kind == "number" else edit.text().strip()
            wrong = problem_of(spec, text) or (self._check(spec.id, text) if self._check else "")
            self._explain(spec.id, edit, wrong)
            if not wrong and text != kept:
                kept = text
                self.option_edited.emit(spec.id, text)

        edit.editingFinished.connect(on_finished)
        return edit

    def _furnished(self, spec: OptionSpec, edit: QLineEdit) -> QWidget:
        """The line with its unit or its button beside it."""
        if spec.kind not in ("number", "file", "folder"):
            return edit
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(edit, 0 if spec.kind == "number" else 1)
        if spec.kind == "number":
            row.addWidget(wrapped(spec.unit, "quiet"), 1)
        else:
            choose = text_button(tr("Choose…"), "folder")
            choose.setAccessibleName(tr("Choose: {title}", title=spec.title))
            choose.clicked.connect(lambda: self._browse(spec, edit))
            row.addWidget(choose)
        holder.setFocusProxy(edit)
        return holder

    def _browse(self, spec: OptionSpec, edit: QLineEdit) -> None:
        dialog = QFileDialog(self, spec.title, edit.text())
        mode = QFileDialog.FileMode
        dialog.setFileMode(mode.Directory if spec.kind == "folder" else mode.ExistingFile)

        def on_selected(name: str) -> None:
            edit.setText(name)
            edit.editingFinished.emit()

        dialog.fileSelected.connect(on_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _explain(self, option_id: str, edit: QLineEdit, wrong: str) -> None:
        label = self._problems[option_id]
        label.setText(wrong)
        label.setVisible(bool(wrong))
        edit.setProperty("wrong", bool(wrong))
        edit.style().unpolish(edit)
        edit.style().polish(edit)


def with_point(text: str) -> str:
    """A number with its decimal comma as a point; a comma before three digits, which may part
    thousands, is left as it is.
    """
    return text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text


def problem_of(spec: OptionSpec, text: str) -> str:
    """Why ``text`` cannot be the value of ``spec``; empty where it can."""
    if _PASSWORD.search(text):
        return tr("This address holds a password, and settings are no place for one.")
    if spec.kind != "number" or not text:
        return ""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return tr("“{text}” is not a number.", text=text)
    low, high = spec.minimum, spec.maximum
    if (low is None or number >= low) and (high is None or number <= high):
        return ""
    if low is not None and high is not None:
        return tr("Give a number from {least} to {most}.", least=f"{low:g}", most=f"{high:g}")
    if low is not None:
        return tr("Give a number of at least {least}.", least=f"{low:g}")
    return tr("Give a number of at most {most}.", most=f"{high:g}")


class CalmBox(QComboBox):
    """Leaves the wheel to the page it stands on: who scrolls does not mean to choose."""

    def wheelEvent(self, e: QWheelEvent) -> None:
        e.ignore()


def combo(choices: Sequence[tuple[str, str]], chosen: str) -> QComboBox:
    """A box with values and titles, in which ``chosen`` stands."""
    box = CalmBox()
    for value, title in choices:
        box.addItem(title, value)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    return box
