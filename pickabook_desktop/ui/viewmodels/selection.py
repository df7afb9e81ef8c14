"""Places that are chosen out of many, kept as ranges: all of them cost as little as one."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

Range = tuple[int, int]
"""From the first place up to, and without, the second."""


class Selection:
    """Ranges of places, in order and apart from each other."""

    def __init__(self, ranges: Iterable[Range] = ()) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []
        self._count = 0
        for start, stop in ranges:
            self.add(start, stop)

    @staticmethod
    def of(places: Iterable[int]) -> "Selection":
        """The given places, in whatever order."""
        selection = Selection()
        for place in places:
            selection.add(place, place + 1)
        return selection

    def __contains__(self, place: int) -> bool:
        index = bisect_right(self._starts, place) - 1
        return index >= 0 and place < self._stops[index]

    def __len__(self) -> int:
        return self._count

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Selection) and self.ranges() == other.ranges()

    __hash__ = None  # pyright: ignore[reportAssignmentType]  # it changes

    def copy(self) -> "Selection":
        """One that changes by itself."""
        same = Selection()
        same._starts = self._starts.copy()
        same._stops = self._stops.copy()
        same._count = self._count
        return same

    def ranges(self) -> tuple[Range, ...]:
        return tuple(zip(self._starts, self._stops, strict=True))

    def clear(self) -> None:
        self._starts.clear()
        self._stops.clear()
        self._count = 0

    def add(self, start: int, stop: int) -> None:
        """Choose the places from ``start`` up to ``stop``."""
        if start >= stop:
            return
        # All ranges that touch the new one become one with it.
        first = bisect_right(self._starts, start) - 1
        if first < 0 or self._stops[first] < start:
            first += 1
        last = bisect_right(self._starts, stop)
        if first < last:
            start = min(start, self._starts[first])
            stop = max(stop, self._stops[last - 1])
        self._replace(first, last, [(start, stop)])

    def remove(self, start: int, stop: int) -> None:
        """Choose them no more."""
        if start >= stop:
            return
        first = bisect_right(self._starts, start) - 1
        if first < 0 or self._stops[first] <= start:
            first += 1
        last = bisect_right(self._starts, stop - 1)
        left: list[Range] = []
        if first < last:
            left = [(self._starts[first], start), (stop, self._stops[last - 1])]
        self._replace(first, last, [r for r in left if r[0] < r[1]])

    def toggle(self, place: int) -> None:
        """Choose it, or no more."""
        if place in self:
            self.remove(place, place + 1)
        else:
            self.add(place, place + 1)

    def invert(self, count: int) -> None:
        """Choose exactly those of the first ``count`` places that are not chosen."""
        edges = [0]
        for start, stop in self.ranges():
            edges += [start, stop]
        edges.append(count)
        gaps = zip(edges[::2], edges[1::2], strict=True)
        self.clear()
        for start, stop in gaps:
            self.add(start, min(stop, count))

    def first(self, limit: int) -> list[int]:
        """Its first places, at most ``limit``."""
        found: list[int] = []
        for start, stop in zip(self._starts, self._stops, strict=True):
            found.extend(range(start, min(stop, start + limit - len(found))))
            if len(found) >= limit:
                break
        return found

    def _replace(self, first: int, last: int, ranges: Sequence[Range]) -> None:
        gone = zip(self._starts[first:last], self._stops[first:last], strict=True)
        self._count -= sum(stop - start for start, stop in gone)
        self._count += sum(stop - start for start, stop in ranges)
        self._starts[first:last] = [start for start, _ in ranges]
        self._stops[first:last] = [stop for _, stop in ranges]
