"""Records read from the pages of a list and of its log, without what leads to them.

As https://sqlite.org/fileformat.html has them: sections 1.6 (pages of b-trees, and what of a record
is on them), 2.1 (records) and 4 (the log). Pages that were freed are zeros here, for lists are
written with ``secure_delete``: what is found was in the list at the last commit.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from pickabook_desktop.storage.connection import Value

# What SQLite makes, and no list was ever made with another.
PAGE = 4096
_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR = 0x0D, 0x0A, 0x02
_HEADER = {_TABLE_LEAF: 8, _INDEX_LEAF: 8, _INDEX_INTERIOR: 12}
# How much of a record is on its page at most, and at least where it goes on elsewhere.
_MOST = {True: PAGE - 35, False: (PAGE - 12) * 64 // 255 - 23}
_LEAST = (PAGE - 12) * 32 // 255 - 23

_LOG_HEADER, _FRAME_HEADER = 32, 24
_LOG_MAGIC = 0x377F0682
_WORD = 0xFFFFFFFF

_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_REAL, _ZERO, _ONE, _FIRST_BLOB = 7, 8, 9, 12

Record = tuple[int | None, tuple[Value, ...]]


class Pages:
    """The pages of a list, each as it was committed last. Raises OSError."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("rb")
        self._log: BinaryIO | None = None
        self._in_log: dict[int, int] = {}
        self._count = file.stat().st_size // PAGE
        log = Path(f"{file}-wal")
        if log.exists():
            self._log = log.open("rb")
            self._in_log, count = _committed(self._log)
            self._count = count or self._count

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if self._log is not None:
            self._log.close()

    def records(self) -> Iterator[Record]:
        """Every record that can be read, with its number where it is a row of a numbered table.
        What is none is passed over, but noise may look like one: check what it says.
        """
        # The first page has nothing but what leads to others.
        for number in range(2, self._count + 1):
            page = self._page(number)
            if len(page) < PAGE or page[0] not in _HEADER:
                continue
            for start in _cells(page):
                try:
                    yield self._record(page, start)
                except (IndexError, ValueError, struct.error):
                    continue

    def _page(self, number: int) -> bytes:
        at = self._in_log.get(number)
        if at is not None and self._log is not None:
            self._log.seek(at)
            return self._log.read(PAGE)
        self._file.seek((number - 1) * PAGE)
        return self._file.read(PAGE)

    def _record(self, page: bytes, start: int) -> Record:
        numbered = page[0] == _TABLE_LEAF
        at = start + 4 * (page[0] == _INDEX_INTERIOR)
        size, at = _varint(page, at)
        rowid: int | None = None
        if numbered:
            rowid, at = _varint(page, at)
            rowid -= (rowid >> 63) << 64
        return rowid, _values(self._payload(page, at, size, _MOST[numbered]))

    def _payload(self, page: bytes, at: int, size: int, most: int) -> bytes:
        if size <= most:
            return _exactly(page[at : at + size], size)
        if size > self._count * PAGE:
            raise ValueError(size)
        here = _LEAST + (size - _LEAST) % (PAGE - 4)
        here = here if here <= most else _LEAST
        parts = [_exactly(page[at : at + here], here)]
        (following,) = struct.unpack_from(">I", page, at + here)
        left = size - here
        while left > 0:
            if not 1 < following <= self._count:
                raise ValueError(following)
            part = _exactly(self._page(following), PAGE)
            (following,) = struct.unpack_from(">I", part)
            parts.append(part[4 : 4 + left])
            left -= PAGE - 4
        if following:
            raise ValueError(following)
        return b"".join(parts)


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise ValueError(size)
    return data


def _cells(page: bytes) -> list[int]:
    """Where the records of a page begin."""
    header = _HEADER[page[0]]
    (count,) = struct.unpack_from(">H", page, 3)
    end = header + 2 * count
    if end > PAGE:
        return []
    return [start for start in struct.unpack_from(f">{count}H", page, header) if start >= end]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of up to 64 bits, and where the next begins."""
    value = 0
    for number in range(8):
        byte = data[at + number]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + number + 1
    return value << 8 | data[at + 8], at + 9


def _values(record: bytes) -> tuple[Value, ...]:
    end, at = _varint(record, 0)
    kinds: list[int] = []
    while at < end:
        kind, at = _varint(record, at)
        kinds.append(kind)
    if at != end or sum(map(_size, kinds)) != len(record) - end:
        raise ValueError(end)
    values: list[Value] = []
    for kind in kinds:
        size = _size(kind)
        values.append(_value(kind, record[at : at + size]))
        at += size
    return tuple(values)


def _size(kind: int) -> int:
    if kind >= _FIRST_BLOB:
        return (kind - _FIRST_BLOB) // 2
    if kind > _ONE:
        raise ValueError(kind)
    return 8 if kind == _REAL else _INTEGERS.get(kind, 0)


def _value(kind: int, data: bytes) -> Value:
    if kind >= _FIRST_BLOB:
        return data.decode() if kind % 2 else data
    if kind in _INTEGERS:
        return int.from_bytes(data, "big", signed=True)
    if kind == _REAL:
        return float(struct.unpack(">d", data)[0])
    return {0: None, _ZERO: 0, _ONE: 1}[kind]


def _committed(log: BinaryIO) -> tuple[dict[int, int], int]:
    """Where in a log the pages are that it has, and how many pages there were at the last commit; 0
    where there is none.
    """
    header = log.read(_LOG_HEADER)
    if len(header) < _LOG_HEADER:
        return {}, 0
    magic, _, size, _, *salts, first, second = struct.unpack(">8I", header)
    order = "<>"[magic & 1]
    sums = _summed((0, 0), header[:24], order)
    if magic & ~1 != _LOG_MAGIC or size != PAGE or sums != (first, second):
        return {}, 0
    pages: dict[int, int] = {}
    begun: dict[int, int] = {}
    count = 0
    while len(frame := log.read(_FRAME_HEADER + PAGE)) == _FRAME_HEADER + PAGE:
        number, committed, *its_salts, first, second = struct.unpack_from(">6I", frame)
        sums = _summed(_summed(sums, frame[:8], order), frame[_FRAME_HEADER:], order)
        if its_salts != salts or sums != (first, second):
            break
        begun[number] = log.tell() - PAGE
        if committed:
            pages.update(begun)
            begun.clear()
            count = committed
    return pages, count


def _summed(sums: tuple[int, int], data: bytes, order: str) -> tuple[int, int]:
    first, second = sums
    words = iter(struct.unpack(f"{order}{len(data) // 4}I", data))
    for word in words:
        first = (first + word + second) & _WORD
        second = (second + next(words) + first) & _WORD
    return first, second
