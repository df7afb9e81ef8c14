"""What the tests of the view of many pictures share."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import (
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from pickabook_desktop.domain.review import Card, GroupKey
from pickabook_desktop.ui.gallery.view import GalleryView
from pickabook_desktop.ui.viewmodels.thumbnail_feed import ThumbnailFeed

COUNT = 450
LEFT = Qt.MouseButton.LeftButton
RIGHT = Qt.MouseButton.RightButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


class Words:
    """What things are called, plainly."""

    def card(self, card: Card) -> str:
        return f"{card.template} {card.seed}"

    def short(self, card: Card) -> str:
        return f"{card.seed} {card.template}"

    def describe(self, card: Card) -> str:
        return f"{card.template} {card.seed}, {card.rating} stars"

    def group(self, grouping: GroupKey, key: str) -> str:
        return f"{grouping} {key}"

    def of(self, field: str, value: str) -> str:
        return value


def application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def middle(view: GalleryView, place: int) -> QPoint:
    """A point on the picture at ``place``."""
    box = view.box_on_screen(place)
    return box.topLeft() + QPoint(box.width() // 2, 40)


def chosen(view: GalleryView) -> list[int]:
    return view.model.selection.first(1000)


def turn_wheel(view: GalleryView, notches: int, held: Qt.KeyboardModifier, at: QPoint) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    application().sendEvent(view.viewport(), event)


def thumbnails_of(view: GalleryView) -> ThumbnailFeed:
    return view._feed
