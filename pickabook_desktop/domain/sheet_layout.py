"""Where things stand on a contact sheet, in millimetres from the top left corner of the page."""

import math

import msgspec

from pickabook_desktop.domain.geometry import Rect
from pickabook_desktop.domain.hand_over import (
    MILLIMETRES_AN_INCH,
    PAPERS,
    SHEET_FOOTER,
    SHEET_HEADER,
    SHEET_LINE,
    SHEET_SPACE,
    SheetWish,
    check_sheet,
)


class SheetLayout(msgspec.Struct, frozen=True, kw_only=True):
    """One page. ``pictures`` are the places that pictures are fitted into, row by row, and
    ``captions`` those of the lines below them; ``header`` and ``footer`` are None where there are
    none. ``edge`` is the longer side of a picture's place in pixels, at the resolution wished for.
    """

    width: float
    height: float
    pictures: tuple[Rect, ...]
    captions: tuple[Rect, ...]
    header: Rect | None
    footer: Rect | None
    edge: int

    def pages_for(self, count: int) -> int:
        """How many pages that many pictures take."""
        return math.ceil(count / len(self.pictures))


def fitting(wish: SheetWish, count: int) -> SheetWish:
    """The same sheet with fewer and larger places where ``count`` pictures would leave some empty
    on the only page. Raises InputError as :func:`check_sheet`.
    """
    check_sheet(wish)
    if not 0 < count < wish.columns * wish.rows:
        return wish
    grids = (
        msgspec.structs.replace(wish, columns=columns, rows=rows)
        for columns in range(1, min(wish.columns, count) + 1)
        for rows in range(1, min(wish.rows, count) + 1)
        if columns * rows >= count
    )

    def size(grid: SheetWish) -> tuple[float, int]:
        place = layout_of(grid).pictures[0]
        return min(place.width, place.height), -grid.columns * grid.rows

    return max(grids, key=size)


def layout_of(wish: SheetWish) -> SheetLayout:
    """The layout of each page; raises InputError as :func:`check_sheet`."""
    check_sheet(wish)
    width, height = PAPERS[wish.paper]
    if wish.landscape:
        width, height = height, width
    inner = width - 2 * wish.margin
    header = Rect(wish.margin, wish.margin, inner, SHEET_HEADER) if wish.header else None
    footer_top = height - wish.margin - SHEET_FOOTER
    footer = Rect(wish.margin, footer_top, inner, SHEET_FOOTER) if wish.page_numbers else None
    top = wish.margin + (SHEET_HEADER if header else 0.0)
    bottom = footer_top if footer else height - wish.margin
    across = (inner - (wish.columns - 1) * wish.gap) / wish.columns
    down = (bottom - top - (wish.rows - 1) * wish.gap) / wish.rows
    words = SHEET_LINE * len(wish.captions) + SHEET_SPACE if wish.captions else 0.0
    corners = [
        (wish.margin + column * (across + wish.gap), top + row * (down + wish.gap))
        for row in range(wish.rows)
        for column in range(wish.columns)
    ]
    return SheetLayout(
        width=width,
        height=height,
        pictures=tuple(Rect(x, y, across, down - words) for x, y in corners),
        captions=tuple(
            Rect(x, y + down - words + SHEET_SPACE, across, words - SHEET_SPACE) for x, y in corners
        )
        if words
        else (),
        header=header,
        footer=footer,
        edge=math.ceil(max(across, down - words) / MILLIMETRES_AN_INCH * wish.dpi),
    )
