"""How a contact sheet is to look, with a small drawing of its first page."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.geometry import Rect
from pickabook_desktop.domain.hand_over import PAPERS, CaptionLine
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.sheet_layout import fitting, layout_of
from pickabook_desktop.ui.dialogs.export.parts import NumberField, Part, leave_return_to, row_of
from pickabook_desktop.ui.palette import LIGHT
from pickabook_desktop.ui.theme import Metric, Space, palette_now
from pickabook_desktop.ui.viewmodels.sheet_form import (
    MOST_ACROSS,
    MOST_DOWN,
    SheetForm,
    caption_titles,
)
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import IconMark, wrapped
from pickabook_desktop.ui.widgets.number_field import Stepper
from pickabook_desktop.ui.widgets.segmented import SegmentedControl
from pickabook_desktop.ui.widgets.tab_order import tab_by_layout

FIRST_SIZE = QSize(840, 600)
PREVIEW = QSize(300, 380)
FIELD = 104
TICKS_ACROSS = 3
MOST_MARGIN, MOST_GAP = 50.0, 30.0
LEAST_DPI, MOST_DPI = 36, 600
# How wide and high the bars are that stand for words.
TITLE_SHARE, LINE_SHARES, BAR = 0.36, (0.7, 0.5), 3.0


class SheetDialog(QDialog):
    """Shows a :class:`SheetForm`; accepted, the form's wish is what is wanted."""

    def __init__(self, form: SheetForm, parent: QWidget) -> None:
        super().__init__(parent)
        self.form = form
        self.setWindowTitle(tr("Contact sheet"))
        self._make_fields()
        self._make_captions()
        self._lay_out()
        leave_return_to(self.save, self)
        tab_by_layout(self)
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))
        form.changed.connect(self.refresh)
        self.refresh()
        self.header.setFocus()

    def refresh(self) -> None:
        """Show what the form holds."""
        form, wish = self.form, self.form.wish
        self.paper.choose(wish.paper)
        self.lie.choose("landscape" if wish.landscape else "portrait")
        self.columns.show_value(wish.columns, 1, MOST_ACROSS)
        self.rows.show_value(wish.rows, 1, MOST_DOWN)
        self.margin.show_value(wish.margin)
        self.gap.show_value(wish.gap)
        self.dpi.show_value(wish.dpi)
        if self.header.text() != wish.header:
            self.header.setText(wish.header)
        self.numbers.setChecked(wish.page_numbers)
        self.names.setChecked(wish.names)
        for line, box in self.ticks.items():
            box.setChecked(line in wish.captions)
        problem = form.problem()
        self._mark.setVisible(bool(problem))
        self.said.setText(problem or form.summary())
        self.save.setEnabled(not problem)
        self.preview.update()
        self.preview.setAccessibleName(form.summary())

    def _make_fields(self) -> None:
        form = self.form
        self.header = QLineEdit()
        self.header.setAccessibleName(tr("Title"))
        self.header.setPlaceholderText(tr("Stands at the top of each sheet"))
        self.header.textEdited.connect(form.setter("header"))
        self.paper = SegmentedControl()
        self.paper.setAccessibleName(tr("Paper"))
        self.paper.set_choices([(paper, paper) for paper in PAPERS])
        self.paper.value_chosen.connect(form.setter("paper"))
        self.lie = SegmentedControl()
        self.lie.setAccessibleName(tr("Orientation"))
        self.lie.set_choices((("portrait", tr("Upright")), ("landscape", tr("Lying"))))
        self.lie.value_chosen.connect(form.setter("landscape", "landscape".__eq__))
        self.columns = Stepper(tr("Columns"))
        self.columns.value_edited.connect(form.setter("columns"))
        self.rows = Stepper(tr("Rows"))
        self.rows.value_edited.connect(form.setter("rows"))
        self.margin = NumberField(tr("Margin"), 0, MOST_MARGIN, tr(" mm"), 1)
        self.margin.edited.connect(form.setter("margin"))
        self.gap = NumberField(tr("Between pictures"), 0, MOST_GAP, tr(" mm"), 1)
        self.gap.edited.connect(form.setter("gap"))
        self.dpi = NumberField(tr("Resolution"), LEAST_DPI, MOST_DPI, tr(" dpi"))
        self.dpi.edited.connect(form.setter("dpi", round))
        for field in (self.margin, self.gap, self.dpi):
            field.setFixedWidth(FIELD)
        self.numbers = QCheckBox(tr("Number the sheets"))
        self.numbers.clicked.connect(form.setter("page_numbers"))
        self.names = QCheckBox(tr("With the child's name"))
        self.names.clicked.connect(form.set_names)
        self.preview = SheetPreview(form)

    def _make_captions(self) -> None:
        self.ticks: dict[CaptionLine, QCheckBox] = {}
        self._ticks = QGridLayout()
        self._ticks.setContentsMargins(0, 0, 0, 0)
        self._ticks.setVerticalSpacing(0)
        for index, (line, title) in enumerate(caption_titles().items()):
            box = self.ticks[line] = QCheckBox(title)
            box.clicked.connect(self._ticked(line))
            self._ticks.addWidget(box, index // TICKS_ACROSS, index % TICKS_ACROSS)

    def _ticked(self, line: CaptionLine) -> Callable[[bool], None]:
        def tick(checked: bool) -> None:
            self.form.tick(line, checked)

        return tick

    def _lay_out(self) -> None:
        grid = QHBoxLayout()
        grid.setSpacing(Space.LARGE)
        grid.addLayout(Part(tr("Columns"), self.columns))
        grid.addLayout(Part(tr("Rows"), self.rows))
        measures = QHBoxLayout()
        measures.setSpacing(Space.LARGE)
        measures.addLayout(Part(tr("Margin"), self.margin))
        measures.addLayout(Part(tr("Between pictures"), self.gap))
        measures.addLayout(Part(tr("Resolution"), self.dpi))
        measures.addStretch(1)
        fields = QVBoxLayout()
        fields.setSpacing(Space.LARGE)
        fields.addLayout(Part(tr("Title"), self.header))
        fields.addLayout(Part(tr("Paper"), row_of(self.paper, self.lie)))
        fields.addLayout(grid)
        fields.addLayout(measures)
        fields.addLayout(Part(tr("Below each picture"), self._ticks))
        says = row_of(self.names, self.numbers)
        says.setSpacing(Space.HUGE)
        fields.addLayout(says)
        fields.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(Space.HUGE)
        columns.addLayout(fields, 1)
        columns.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.LARGE, Space.HUGE, Space.LARGE)
        column.setSpacing(Space.LARGE)
        column.addLayout(columns, 1)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        self._mark = IconMark("warn", "warn", Metric.SMALL_ICON)
        self.said = wrapped("", "small")
        self.leave = text_button(tr("Cancel"))
        self.leave.clicked.connect(self.reject)
        self.save = text_button(tr("Save as PDF…"), "", "primary")
        self.save.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setSpacing(Space.SMALL)
        foot.addWidget(self._mark)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.leave)
        foot.addWidget(self.save)
        return foot


class SheetPreview(QWidget):
    """The first page, drawn to scale: grey pictures in their own shapes, bars for captions."""

    def __init__(self, form: SheetForm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self.setFixedSize(PREVIEW)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = self._form.paper
        scale = min((self.width() - 2) / width, (self.height() - 2) / height)
        left = (self.width() - width * scale) / 2
        painter.translate(left, (self.height() - height * scale) / 2)
        painter.scale(scale, scale)
        pen = QPen(palette_now().colour("edge"), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        # Paper is white in the dark too.
        painter.setBrush(LIGHT.colour("surface"))
        painter.drawRect(QRectF(0, 0, width, height))
        painter.setPen(Qt.PenStyle.NoPen)
        if not self._form.problem():
            self._draw_page(painter)

    def _draw_page(self, painter: QPainter) -> None:
        """In millimetres, as the sheet will be."""
        layout = layout_of(fitting(self._form.wish, self._form.count))
        painter.setBrush(LIGHT.colour("quiet"))
        if layout.header is not None:
            head = layout.header
            painter.drawRect(QRectF(head.x, head.y, head.width * TITLE_SHARE, BAR))
        if layout.footer is not None:
            foot = layout.footer
            painter.drawRect(QRectF(foot.center[0] - BAR, foot.center[1], 2 * BAR, BAR / 2))
        for index in range(self._form.on_first):
            self._draw_picture(painter, layout.pictures[index], index)
            if layout.captions:
                self._draw_captions(painter, layout.captions[index])

    def _draw_picture(self, painter: QPainter, room: Rect, index: int) -> None:
        aspect = self._form.aspect(index)
        width = min(room.width, room.height * aspect)
        place = QRectF(0, 0, width, width / aspect)
        place.moveLeft(room.x + (room.width - width) / 2)
        place.moveBottom(room.y + room.height)
        painter.setBrush(LIGHT.colour("edge"))
        painter.drawRect(place)

    def _draw_captions(self, painter: QPainter, room: Rect) -> None:
        lines = len(self._form.wish.captions)
        step = room.height / lines
        painter.setBrush(LIGHT.colour("quiet"))
        for number in range(lines):
            width = room.width * LINE_SHARES[number % len(LINE_SHARES)]
            # A bar of text is lower than its line.
            top = room.y + (number + 0.25) * step
            painter.drawRect(QRectF(room.x, top, width, step / 2))
