"""Stars, flag and colour label: what a person thinks of a picture, shown and changed."""

import math
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QToolButton, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import LABELS, MOST_STARS, Label
from pickabook_desktop.ui.palette import LABEL_COLOURS
from pickabook_desktop.ui.theme import Metric, Space, draw_focus_ring, palette_now
from pickabook_desktop.ui.viewmodels.gallery_words import label_titles, stars_title
from pickabook_desktop.ui.widgets.buttons import tool_button

PICKED, REJECTED, UNFLAGGED = 1, -1, 0
_INNER = 0.42  # of the outer radius, as in the icon


def stars_words(rating: int | None) -> str:
    """A rating in words; None is several different ones."""
    if rating is None:
        return tr("Different ratings")
    return stars_title(rating)


def star_path(centre: QPointF, radius: float) -> QPainterPath:
    """A star with five points, one of them upwards."""
    path = QPainterPath()
    for corner in range(10):
        length = radius * (1 if corner % 2 == 0 else _INNER)
        angle = math.pi * (corner / 5 - 0.5)
        point = centre + QPointF(math.cos(angle) * length, math.sin(angle) * length)
        if corner == 0:
            path.moveTo(point)
        else:
            path.lineTo(point)
    path.closeSubpath()
    return path


class Stars(QWidget):
    """Five stars. A press on one gives as many, the arrow keys one more or less; whoever listens
    decides what a press on those that are there already means.
    """

    rating_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rating: int | None = 0
        self._pointed = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(MOST_STARS * Metric.HIT, Metric.HIT)
        self.set_rating(0)

    @property
    def rating(self) -> int | None:
        """How many are shown; None where several pictures have different ones."""
        return self._rating

    def set_rating(self, rating: int | None) -> None:
        self._rating = rating
        self.setAccessibleName(tr("Rating: {stars}", stars=stars_words(rating)))
        self.setToolTip(tr("{stars}. Keys 0 to 5 change it.", stars=stars_words(rating)))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        self._point_at(self._star_at(event.position().x()))

    def leaveEvent(self, event: QEvent, /) -> None:
        self._point_at(0)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.rating_chosen.emit(self._star_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        if self._mirrored and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = -step
        wanted = min(max(0, (self._rating or 0) + step), MOST_STARS)
        if wanted != self._rating:
            self.rating_chosen.emit(wanted)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        palette = palette_now()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self._pointed or self._rating or 0
        for star in range(1, MOST_STARS + 1):
            middle = self._middle(star)
            if self._rating is None and not self._pointed:
                painter.setPen(QPen(palette.colour("quiet"), 2))
                painter.drawLine(middle - QPointF(3, 0), middle + QPointF(3, 0))
                continue
            path = star_path(middle, Metric.ICON / 2)
            if star <= lit:
                painter.fillPath(path, palette.colour("accent"))
            else:
                painter.setPen(QPen(palette.colour("quiet"), 1.25))
                painter.drawPath(path)
        if self.hasFocus():
            draw_focus_ring(painter, QRectF(self.rect()), Metric.FIELD_RADIUS)

    @property
    def _mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _star_at(self, x: float) -> int:
        if self._mirrored:
            x = self.width() - x
        return min(max(1, int(x // Metric.HIT) + 1), MOST_STARS)

    def _middle(self, star: int) -> QPointF:
        x = (star - 0.5) * Metric.HIT
        return QPointF(self.width() - x if self._mirrored else x, self.height() / 2)

    def _point_at(self, star: int) -> None:
        if star != self._pointed:
            self._pointed = star
            self.update()


def different_mark(words: str) -> QLabel:
    """A dash for what is not the same of several pictures; hidden at first."""
    mark = QLabel("–")
    mark.setProperty("type", "quiet")
    mark.setToolTip(words)
    mark.setAccessibleName(words)
    mark.hide()
    return mark


class FlagButtons(QWidget):
    """Picked, rejected, or neither of the two."""

    flag_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.TINY)
        self._buttons = {
            PICKED: tool_button("flag", tr("Picked (P)")),
            REJECTED: tool_button("reject", tr("Rejected (X)")),
        }
        for button in self._buttons.values():
            button.setCheckable(True)
            button.clicked.connect(self._on_clicked)
            row.addWidget(button)
        self._different = different_mark(tr("Some are picked or rejected, others are not"))
        row.addWidget(self._different)

    def set_flag(self, flag: int | None) -> None:
        """None where several pictures have different ones."""
        self._different.setVisible(flag is None)
        for value, button in self._buttons.items():
            button.setChecked(value == flag)

    def button(self, flag: int) -> QToolButton:
        """The button for picking or rejecting."""
        return self._buttons[flag]

    def _on_clicked(self, checked: bool) -> None:
        pressed = next((f for f, button in self._buttons.items() if button is self.sender()), 0)
        self.flag_chosen.emit(pressed if checked else UNFLAGGED)


class LabelDot(QAbstractButton):
    """A colour to be chosen; the one that is has a ring around it."""

    def __init__(self, label: Label, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label: Label = label
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(label_titles()[label])
        self.setAccessibleName(tr("Label: {colour}", colour=label_titles()[label]))
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(Metric.ICON + Space.TINY, Metric.HIT)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QRectF(self.rect()).center()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LABEL_COLOURS[self.label]))
        painter.drawEllipse(middle, 6.0, 6.0)
        if self.isChecked() or self.underMouse():
            role = "text" if self.isChecked() else "edge"
            painter.setPen(QPen(palette_now().colour(role), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, 9.0, 9.0)
        if self.hasFocus():
            draw_focus_ring(painter, QRectF(self.rect()), Metric.FIELD_RADIUS)


class LabelDots(QWidget):
    """At most one of five colours; a press on the one that is chosen takes it away."""

    label_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._dots: dict[Label, LabelDot] = {}
        for label in LABELS:
            if label:
                dot = self._dots[label] = LabelDot(label, self)
                dot.clicked.connect(self._on_clicked)
                row.addWidget(dot)
        self._different = different_mark(tr("Different labels"))
        row.addWidget(self._different)

    def set_label(self, label: Label | None) -> None:
        """None where several pictures have different ones."""
        self._different.setVisible(label is None)
        for name, dot in self._dots.items():
            dot.setChecked(name == label)

    def name_keys(self, actions: Mapping[str, QAction]) -> None:
        """Tell the keys of the actions in the tool tips."""
        for label, dot in self._dots.items():
            action = actions.get(f"lib_label_{label}")
            key = action.shortcut().toString() if action is not None else ""
            dot.setToolTip(f"{label_titles()[label]} ({key})" if key else label_titles()[label])

    def dot(self, label: Label) -> LabelDot:
        return self._dots[label]

    def _on_clicked(self, checked: bool) -> None:
        dot = self.sender()
        if isinstance(dot, LabelDot):
            self.label_chosen.emit(dot.label if checked else "")
