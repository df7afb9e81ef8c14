"""Zoom and place that several pictures share, whatever their sizes; plain arithmetic.

Places are told in fractions of the picture and zoom in multiples of the fitted size, so that the
same part of each picture is seen.
"""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPointF

from pickabook_desktop.ui.result.view import View


class Look(msgspec.Struct, frozen=True):
    """What of a picture is looked at: the point in the middle of the viewport, in fractions of the
    picture's width and height, and how many times larger than fitted it is.
    """

    x: float = 0.5
    y: float = 0.5
    zoom: float = 1.0
    fitted: bool = True


def look_of(view: View) -> Look:
    """What ``view`` shows now; the whole picture where it has none."""
    rect = view.rect
    if view.fitted or rect.isEmpty():
        return Look()
    middle = view.centre - rect.topLeft()
    return Look(
        x=middle.x() / rect.width(),
        y=middle.y() / rect.height(),
        zoom=view.scale / view.fit_scale(),
        fitted=False,
    )


def put(view: View, look: Look) -> None:
    """Show the same in ``view``, as near as its picture's shape allows."""
    if view.rect.isEmpty():
        return
    if look.fitted:
        view.fit()
        return
    view.zoom(view.fit_scale() * look.zoom, view.centre)
    rect = view.rect
    point = rect.topLeft() + QPointF(look.x * rect.width(), look.y * rect.height())
    view.pan(view.centre - point)


class LinkedViews:
    """Views that follow the one that was moved last, while they are linked."""

    def __init__(self) -> None:
        self.linked = True
        self.look = Look()
        self._views: list[View] = []

    def set_views(self, views: Sequence[View]) -> None:
        """These from now on; they keep what they show until one is moved."""
        self._views = list(views)

    def moved(self, moved: View) -> None:
        """``moved`` was zoomed or panned by a person; the others follow."""
        if not self.linked:
            return
        self.look = look_of(moved)
        for view in self._views:
            if view is not moved:
                put(view, self.look)

    def take_in(self, view: View) -> None:
        """``view`` has got its picture; it shows what the others do."""
        if self.linked:
            put(view, self.look)

    def link(self, linked: bool, leader: View | None = None) -> None:
        """Let them go together again, all as ``leader``, or each by itself."""
        self.linked = linked
        if linked and leader is not None:
            self.moved(leader)
