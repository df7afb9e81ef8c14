"""Where each of very many pictures stands: arithmetic on counts, without one object for each.

All lengths are device-independent pixels; ``offset`` runs along the axis that scrolls: downwards in
a grid and a list, to the right in a strip.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal

import msgspec

Mode = Literal["grid", "list", "strip"]
Step = Literal["left", "right", "up", "down"]


class Box(msgspec.Struct, frozen=True):
    """A rectangle by its left upper corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What a layout is made of: cells of ``width`` times ``height``, ``margin`` around all of them,
    and ``header`` above each group. ``columns`` is as many as fit in a grid, else one.
    """

    mode: Mode = "grid"
    width: int
    height: int
    margin: int = 0
    header: int = 0


class Layout:
    """``count`` cells in a view of ``across`` pixels; ``groups`` are the counts of the groups,
    empty where there are none. A strip has no groups.
    """

    def __init__(self, shape: Shape, across: int, count: int, groups: Sequence[int] = ()) -> None:
        self.shape = shape
        self.count = count
        self.across = across
        self.columns = 1
        self.pitch = shape.width
        if shape.mode == "grid":
            room = max(shape.width, across - 2 * shape.margin)
            self.columns = max(1, room // shape.width)
            self.pitch = room // self.columns
        elif shape.mode == "list":
            self.pitch = across
        self._grouped = bool(groups) and shape.mode != "strip"
        counts = list(groups) if self._grouped else [count]
        # The first place of each group, and where its header begins.
        self._places = list(accumulate(counts, initial=0))
        head = shape.header if self._grouped else 0
        self._head = head
        columns, height = self.columns, shape.height
        self._tops = list(
            accumulate((head + -(-n // columns) * height for n in counts), initial=shape.margin)
        )

    @property
    def extent(self) -> int:
        """The length of everything."""
        margin = self.shape.margin
        if self.shape.mode == "strip":
            return 2 * margin + self.count * self.pitch
        return self._tops[-1] + margin

    @property
    def group_count(self) -> int:
        """How many headers there are."""
        return len(self._places) - 1 if self._grouped else 0

    def box(self, place: int) -> Box:
        """The cell of ``place``, from the beginning of everything."""
        margin = self.shape.margin
        if self.shape.mode == "strip":
            return Box(margin + place * self.pitch, 0, self.pitch, self.across)
        group = self.group_of(place)
        row, column = divmod(place - self._places[group], self.columns)
        top = self._tops[group] + self._head + row * self.shape.height
        left = 0 if self.shape.mode == "list" else margin + column * self.pitch
        return Box(left, top, self.pitch, self.shape.height)

    def group_of(self, place: int) -> int:
        """The number of the group that ``place`` is in."""
        return min(max(0, bisect_right(self._places, place) - 1), len(self._places) - 2)

    def first_of(self, group: int) -> int:
        """The first place of a group."""
        return self._places[group]

    def header(self, group: int) -> Box:
        """The header of a group, across the whole view."""
        return Box(0, self._tops[group], self.across, self._head)

    def bottom_of(self, group: int) -> int:
        """Where the group's last row ends."""
        return self._tops[group + 1]

    def headers(self, start: int, stop: int) -> Iterator[int]:
        """The groups of which a header is between two offsets."""
        if not self._grouped:
            return
        group = max(0, bisect_right(self._tops, start - self._head) - 1)
        while group < self.group_count and self._tops[group] < stop:
            if self._tops[group] + self._head > start:
                yield group
            group += 1

    def group_at(self, offset: int) -> int:
        """The group that an offset lies in, header included; -1 where there are none."""
        if not self._grouped or not self.count:
            return -1
        return min(max(0, bisect_right(self._tops, offset) - 1), self.group_count - 1)

    def lifted(self, offset: int) -> tuple[int, Box] | None:
        """The group whose heading lies before ``offset`` while its pictures do not, and where from
        ``offset`` its heading stays meanwhile.
        """
        group = self.group_at(offset)
        if group < 0:
            return None
        header = self.header(group)
        if header.y >= offset:
            return None
        top = min(0, self.bottom_of(group) - offset - header.height)
        return group, Box(0, top, header.width, header.height)

    def visible(self, start: int, stop: int) -> range:
        """The places of which something is between two offsets, and perhaps some more."""
        if not self.count or stop <= start:
            return range(0)
        first = self._row_start(start)
        last = self._row_start(stop - 1)
        if self.shape.mode == "strip":
            return range(first, min(self.count, last + 1))
        end = min(last + self.columns, self._places[self.group_of(last) + 1])
        return range(min(first, self.count - 1), max(end, first))

    def place_at(self, x: int, y: int) -> int:
        """The place whose cell covers a point, or -1."""
        along = x if self.shape.mode == "strip" else y
        if not self.count or along < self.shape.margin:
            return -1
        if self.shape.mode == "strip":
            place = (x - self.shape.margin) // self.pitch
            return place if place < self.count else -1
        group = min(max(0, bisect_right(self._tops, y) - 1), len(self._places) - 2)
        down = y - self._tops[group] - self._head
        left = 0 if self.shape.mode == "list" else self.shape.margin
        column = (x - left) // self.pitch
        if down < 0 or not 0 <= column < self.columns:
            return -1
        place = self._places[group] + down // self.shape.height * self.columns + column
        return place if place < self._places[group + 1] else -1

    def nearest(self, x: int, y: int) -> int:
        """The place whose cell is at or before a point in reading order; -1 where there is none."""
        at = self.place_at(x, y)
        if at >= 0 or not self.count:
            return at
        along = x if self.shape.mode == "strip" else y
        start = self._row_start(max(along, self.shape.margin))
        end = min(start + self.columns, self._places[self.group_of(start) + 1])
        column = min(max(0, (x - self.shape.margin) // self.pitch), self.columns - 1)
        return min(start + column, end - 1, self.count - 1) if self.columns > 1 else start

    def within(self, box: Box) -> list[tuple[int, int]]:
        """The places whose cells touch a rectangle, as ranges."""
        if self.shape.mode == "strip":
            end = self.shape.margin + self.count * self.pitch
            beside = box.y >= self.across or box.bottom <= 0
            if beside or box.x >= end or box.right <= self.shape.margin:
                return []
            seen = self.visible(box.x, box.right)
            return [(seen.start, seen.stop)]
        margin = 0 if self.shape.mode == "list" else self.shape.margin
        first = max(0, (box.x - margin) // self.pitch)
        last = min(self.columns - 1, (box.right - 1 - margin) // self.pitch)
        found: list[tuple[int, int]] = []
        if first > last or box.right <= margin:
            return found
        if first == 0 and last == self.columns - 1:
            seen = self._touched(box.y, box.bottom)
            return [(seen.start, seen.stop)] if seen else []
        for start, stop in self._rows(box.y, box.bottom):
            if start + first < stop:
                found.append((start + first, min(start + last + 1, stop)))
        return found

    def moved(self, place: int, step: Step) -> int:
        """Where an arrow key leads; into the next group it keeps the column. Stays at the ends."""
        if self.shape.mode == "strip":
            back = step in ("left", "up")
            return min(max(0, place + (-1 if back else 1)), self.count - 1)
        if step in ("left", "right") and self.shape.mode == "grid":
            return min(max(0, place + (-1 if step == "left" else 1)), self.count - 1)
        if step in ("left", "right"):
            return place
        return self._up(place) if step == "up" else self._down(place)

    def paged(self, place: int, view: int, *, back: bool) -> int:
        """Where Page Up and Page Down lead in a view of so many pixels: as far as one screen less
        one row, in the same column.
        """
        size = self.pitch if self.shape.mode == "strip" else self.shape.height
        rows = max(1, view // max(1, size) - 1)
        step: Step = "up" if back else "down"
        for _ in range(rows):
            moved = self.moved(place, step)
            if moved == place:
                break
            place = moved
        return place

    def _up(self, place: int) -> int:
        group = self.group_of(place)
        row, column = divmod(place - self._places[group], self.columns)
        if row:
            return place - self.columns
        before = self._neighbour(group, -1)
        if before < 0:
            return place
        count = self._places[before + 1] - self._places[before]
        start = self._places[before] + (count - 1) // self.columns * self.columns
        return min(start + column, self._places[before + 1] - 1)

    def _down(self, place: int) -> int:
        group = self.group_of(place)
        end = self._places[group + 1]
        row, column = divmod(place - self._places[group], self.columns)
        if place + self.columns < end:
            return place + self.columns
        if row < (end - 1 - self._places[group]) // self.columns:
            return end - 1
        behind = self._neighbour(group, 1)
        if behind < 0:
            return place
        return min(self._places[behind] + column, self._places[behind + 1] - 1)

    def _neighbour(self, group: int, step: int) -> int:
        """The next group that is not empty, or -1."""
        group += step
        while 0 <= group < len(self._places) - 1:
            if self._places[group + 1] > self._places[group]:
                return group
            group += step
        return -1

    def _row_start(self, offset: int) -> int:
        """The first place of the row at an offset, or of the nearest one."""
        if self.shape.mode == "strip":
            return min(max(0, (offset - self.shape.margin) // self.pitch), self.count - 1)
        group = min(max(0, bisect_right(self._tops, offset) - 1), len(self._places) - 2)
        rows = -(-(self._places[group + 1] - self._places[group]) // self.columns)
        row = (offset - self._tops[group] - self._head) // self.shape.height
        row = min(max(0, row), max(0, rows - 1))
        return self._places[group] + row * self.columns

    def _touched(self, start: int, stop: int) -> range:
        """The places whose cells are between two offsets, be it in part."""
        seen = self.visible(start, stop)
        first, end = seen.start, seen.stop
        if seen and self.box(first).bottom <= start:
            first = min(first + self.columns, self._places[self.group_of(first) + 1])
        if first < end and self.box(end - 1).y >= stop:
            begin = self._places[self.group_of(end - 1)]
            end = begin + (end - 1 - begin) // self.columns * self.columns
        return range(first, max(first, end))

    def _rows(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """First and last place, the last one not included, of each row between two offsets."""
        seen = self._touched(start, stop)
        place = seen.start
        while place < seen.stop:
            end = min(place + self.columns, self._places[self.group_of(place) + 1])
            yield place, end
            place = end
