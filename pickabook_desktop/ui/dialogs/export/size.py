"""How large exported pictures are to be: as they are, by their longest edge, or for paper."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pickabook_desktop.domain.hand_over import (
    LARGEST_PRINT,
    LONGEST_EDGE,
    MOST_BLEED,
    MOST_DPI,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.export.bleed import BleedDrawing
from pickabook_desktop.ui.dialogs.export.parts import NumberField, Part, row_of
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.viewmodels.export_form import ExportForm
from pickabook_desktop.ui.viewmodels.export_presets import SIZE_MODES, UNITS, SizeMode
from pickabook_desktop.ui.widgets.labels import IconMark, wrapped
from pickabook_desktop.ui.widgets.segmented import SegmentedControl

LEAST_EDGE = 16
FIELD = 104


class SizePart(QWidget):
    """The three ways to say a size, each with its fields, and what comes of it."""

    def __init__(self, form: ExportForm) -> None:
        super().__init__()
        self._form = form
        self.mode = SegmentedControl()
        self.mode.setAccessibleName(tr("Size"))
        titles = {
            "same": tr("As it is"),
            "edge": tr("Longest edge"),
            "print": tr("Print size"),
        }
        self.mode.set_choices([(mode, titles[mode]) for mode in SIZE_MODES])
        self.mode.value_chosen.connect(self._on_mode)
        self.edge = NumberField(tr("Longest edge in pixels"), LEAST_EDGE, LONGEST_EDGE, tr(" px"))
        self.edge.edited.connect(form.setter("long_edge", round))
        self.print = PrintFields(form)
        self.edge.setFixedWidth(FIELD)
        self.enlarge = QCheckBox(tr("Enlarge smaller pages"))
        self.enlarge.clicked.connect(form.setter("enlarge"))
        self._edge_row = QWidget()
        self._edge_row.setLayout(row_of(self.edge, self.enlarge))
        for part in (self._edge_row, self.print):
            layout = part.layout()
            if layout is not None:
                layout.setContentsMargins(0, Space.TINY, 0, 0)
        self.result = wrapped("", "small")
        self._mark = IconMark("warn", "warn", Metric.SMALL_ICON)
        self.warning = wrapped("", "small")
        self._warned = QWidget()
        warned = QHBoxLayout(self._warned)
        warned.setContentsMargins(0, 0, 0, 0)
        warned.setSpacing(Space.SMALL)
        warned.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        warned.addWidget(self.warning, 1)
        column = Part(tr("Size"), self.mode, self._edge_row, self.print, self.result, self._warned)
        column.setContentsMargins(0, 0, 0, 0)
        self.setLayout(column)

    def refresh(self) -> None:
        """Show what the form holds."""
        form = self._form
        self.mode.choose(form.size_mode)
        self._edge_row.setVisible(form.size_mode == "edge")
        self.print.setVisible(form.size_mode == "print")
        self.edge.show_value(form.chosen.long_edge)
        self.enlarge.setVisible(form.may_enlarge)
        self.enlarge.setChecked(form.chosen.enlarge)
        self.print.refresh()
        forecast = form.forecast
        self.result.setText(forecast.size_words())
        warning = forecast.enlarging()
        self.warning.setText(warning)
        self._warned.setVisible(bool(warning))

    def _on_mode(self, mode: str) -> None:
        chosen: SizeMode = next(one for one in SIZE_MODES if one == mode)
        self._form.choose_size_mode(chosen)


class PrintFields(QWidget):
    """Width and height on paper, their unit, and whether pictures of other shapes fill them."""

    def __init__(self, form: ExportForm) -> None:
        super().__init__()
        self._form = form
        self.across = NumberField(tr("Width on paper"), 0, LARGEST_PRINT, decimals=1)
        self.down = NumberField(tr("Height on paper"), 0, LARGEST_PRINT, decimals=1)
        for field in (self.across, self.down):
            field.box.setSpecialValueText(tr("any"))
            field.setFixedWidth(FIELD)
            field.setToolTip(tr("0 lets this edge follow from the other"))
        self.across.edited.connect(form.setter("print_width", form.from_unit))
        self.down.edited.connect(form.setter("print_height", form.from_unit))
        self.unit = SegmentedControl()
        self.unit.setAccessibleName(tr("Unit"))
        titles = {"mm": tr("mm"), "inch": tr("inch")}
        self.unit.set_choices([(unit, titles[unit]) for unit in UNITS])
        self.unit.value_chosen.connect(self._on_unit)
        self.fill = QCheckBox(tr("Fill it, and cut off what goes beyond"))
        self.fill.clicked.connect(
            form.setter("fit", lambda checked: "fill" if checked else "inside")
        )
        column = QVBoxLayout(self)
        column.setSpacing(0)
        column.addLayout(row_of(self.across, QLabel("×"), self.down, self.unit))
        column.addWidget(self.fill)

    def refresh(self) -> None:
        """Show what the form holds."""
        form = self._form
        self.unit.choose(form.unit)
        most = form.in_unit(LARGEST_PRINT)
        for field, length in (
            (self.across, form.chosen.print_width),
            (self.down, form.chosen.print_height),
        ):
            field.show_decimals(1 if form.unit == "mm" else 2)
            field.set_range(0, most, tr(" mm") if form.unit == "mm" else tr(" in"))
            field.show_value(form.in_unit(length))
        self.fill.setChecked(form.chosen.fit == "fill")
        self.fill.setEnabled(form.fills)

    def _on_unit(self, unit: str) -> None:
        self._form.choose_unit(next(one for one in UNITS if one == unit))


class BleedPart(QWidget):
    """Bleed and resolution, with a drawing of what the first means."""

    def __init__(self, form: ExportForm) -> None:
        super().__init__()
        self._form = form
        self.bleed = NumberField(tr("Bleed on each side"), 0, MOST_BLEED, decimals=1)
        self.bleed.edited.connect(form.setter("bleed", form.from_unit))
        self.dpi = NumberField(tr("Resolution"), 36, MOST_DPI, tr(" dpi"))
        self.dpi.edited.connect(form.setter("dpi", round))
        self.drawing = BleedDrawing()
        for field in (self.bleed, self.dpi):
            field.setFixedWidth(FIELD)
        fields = QVBoxLayout()
        fields.setSpacing(Space.SMALL)
        fields.addLayout(Part(tr("Bleed on each side"), self.bleed))
        fields.addLayout(Part(tr("Resolution"), self.dpi))
        fields.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.LARGE)
        row.addLayout(fields)
        row.addWidget(self.drawing, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)

    def refresh(self) -> None:
        """Show what the form holds."""
        form = self._form
        inches = form.unit == "inch"
        self.bleed.show_decimals(3 if inches else 1)
        self.bleed.set_range(0, form.in_unit(MOST_BLEED), tr(" in") if inches else tr(" mm"))
        self.bleed.show_value(form.in_unit(form.chosen.bleed))
        self.dpi.show_value(form.chosen.dpi)
        plans = form.forecast.plans()
        aspect = plans[0].trim.aspect if plans else 1.0
        self.drawing.show_bleed(aspect, form.chosen.bleed)
