"""An engine's own settings, built from what it declares."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QDoubleValidator, QValidator
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSizePolicy, QWidget

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.widgets.grids import empty_grid, field_grid
from pickabook_desktop.ui.widgets.labels import wrapped

ON, OFF = "on", "off"
LABELS = 120
_LEAST_LETTERS = 8
_OFF_WORDS = ("", "0", "false", "no", "off")


class EngineOptions(QWidget):
    """One line for each :class:`OptionSpec`; values are text, as in a request."""

    option_edited = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._specs: tuple[OptionSpec, ...] = ()
        self._show: dict[str, Callable[[str], None]] = {}
        self._grid = field_grid(self, Metric.LABEL)

    def set_options(self, specs: Sequence[OptionSpec], values: Mapping[str, str]) -> None:
        """Show these settings with these values; what has no value shows its default."""
        if tuple(specs) != self._specs:
            self._specs = tuple(specs)
            self._show = {}
            empty_grid(self._grid)
            for row, spec in enumerate(self._specs):
                self._add(row, spec)
        for spec in self._specs:
            self._show[spec.id](values.get(spec.id, spec.default))
        self.setVisible(bool(self._specs))

    def _add(self, row: int, spec: OptionSpec) -> None:
        makers = {"choice": self._choice, "switch": self._switch}
        editor = makers.get(spec.kind, self._line)(spec)
        editor.setAccessibleName(spec.title)
        editor.setToolTip(spec.help or spec.title)
        if isinstance(editor, QCheckBox):
            self._grid.addWidget(editor, row, 0, 1, 2)
            return
        unit = f" ({spec.unit})" if spec.unit else ""
        label = wrapped(f"{spec.title}{unit}", "")
        needed = label.fontMetrics().horizontalAdvance(label.text()) + Space.TINY
        label.setFixedWidth(min(max(needed, Metric.LABEL), LABELS))
        label.setBuddy(editor)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(editor, row, 1)

    def _choice(self, spec: OptionSpec) -> QWidget:
        box = QComboBox()
        box.setMinimumContentsLength(_LEAST_LETTERS)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for place, choice in enumerate(spec.choices):
            titled = place < len(spec.choice_titles)
            box.addItem(spec.choice_titles[place] if titled else _choice_title(choice))

        def on_chosen(index: int) -> None:
            self.option_edited.emit(spec.id, spec.choices[index])

        def show(value: str) -> None:
            box.setCurrentIndex(spec.choices.index(value) if value in spec.choices else 0)

        box.activated.connect(on_chosen)
        self._show[spec.id] = show
        return box

    def _switch(self, spec: OptionSpec) -> QWidget:
        box = QCheckBox(spec.title)

        def on_clicked(checked: bool) -> None:
            self.option_edited.emit(spec.id, ON if checked else OFF)

        def show(value: str) -> None:
            box.setChecked(value.casefold() not in _OFF_WORDS)

        box.clicked.connect(on_clicked)
        self._show[spec.id] = show
        return box

    def _line(self, spec: OptionSpec) -> QWidget:
        edit = QLineEdit()
        if spec.kind == "number":
            edit.setValidator(_number_validator(spec, edit))
            edit.setPlaceholderText(_range_text(spec))

        def on_edited() -> None:
            self.option_edited.emit(spec.id, edit.text().strip())

        def show(value: str) -> None:
            if edit.text() != value:
                edit.setText(value)

        edit.editingFinished.connect(on_edited)
        self._show[spec.id] = show
        return edit


def _choice_title(choice: str) -> str:
    """A media type is shown as people call it: ``image/png`` is PNG."""
    kind, _, name = choice.partition("/")
    return name.upper() if kind == "image" and name else choice


def _number_validator(spec: OptionSpec, edit: QLineEdit) -> QValidator:
    validator = QDoubleValidator(edit)
    validator.setNotation(QDoubleValidator.Notation.StandardNotation)
    validator.setLocale(validator.locale().c())
    if spec.minimum is not None:
        validator.setBottom(spec.minimum)
    if spec.maximum is not None:
        validator.setTop(spec.maximum)
    return validator


def _range_text(spec: OptionSpec) -> str:
    if spec.minimum is None or spec.maximum is None:
        return tr("a number")
    return tr("{least} to {most}", least=f"{spec.minimum:g}", most=f"{spec.maximum:g}")
