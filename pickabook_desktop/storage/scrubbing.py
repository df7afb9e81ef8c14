"""What SQLite leaves of rows that it has moved from page to page, overwritten with zeros.

A page keeps such bytes in its free space, where nothing overwrites them when the row is deleted.
Writing the whole file anew gets rid of them, while nobody else can write; this goes through it a
few pages at a time.

The bytes are written into the file itself, beside SQLite. It reads none of them, so that a page is
the same to everybody before, after and half way, also where the power fails: SQLite as well relies
on disks to leave alone what is beside the bytes that are written
(https://sqlite.org/psow.html). What could harm is that a page is another one meanwhile, or that
somebody writes a page back as he remembers it. So the log is empty and the right to write is held
here while pages are looked at, and each time ends with a change that makes all others forget.
"""

import contextlib
import struct
import time
from pathlib import Path
from typing import Protocol, cast

import apsw

from pickabook_desktop.storage.connection import Connection
from pickabook_desktop.storage.database import BUSY_SECONDS, Database, identity_of, translated
from pickabook_desktop.storage.pages import PAGE

# Some ten milliseconds.
PAGES_AT_ONCE = 1024

# By the first byte of a page of a b-tree (https://sqlite.org/fileformat.html, section 1.6). That of
# all other pages is 0 or 1 in files below 128 GB: a page's number, or of how many there are.
_HEADERS = {0x0D: 8, 0x0A: 8, 0x05: 12, 0x02: 12}
_MOST_PAGES = 1 << 25
_OPENED = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_MAIN_DB


class _File(Protocol):
    """What is used of ``apsw.VFSFile``. A file of our own would take away the locks that SQLite
    holds on it when it is closed.
    """

    def xFileSize(self) -> int: ...  # noqa: N802 SQLite's name

    def xRead(self, amount: int, offset: int) -> bytes: ...  # noqa: N802 SQLite's name

    def xWrite(self, data: bytes, offset: int) -> None: ...  # noqa: N802 SQLite's name

    def xSync(self, flags: int) -> bool: ...  # noqa: N802 SQLite's name

    def xClose(self) -> None: ...  # noqa: N802 SQLite's name


def scrub(database: Database, patience: float = BUSY_SECONDS) -> None:
    """Have free space in pages overwritten and the log emptied. Raises StorageError where others
    read or write for longer than ``patience`` seconds; what was done by then is done.
    """
    with translated(database.file):
        there = identity_of(database.file)
        if there is None:
            return
        connection = database.open_to_read()
        try:
            connection.set_busy_timeout(int(patience * 1000))
            # The first page has no rows of anybody's.
            place, last_step = 2, time.monotonic()
            while place:
                _empty_log(connection)
                following = _step(connection, database.file, place, there)
                if following != place:
                    place, last_step = following, time.monotonic()
                elif time.monotonic() - last_step > patience:
                    raise apsw.BusyError
            _empty_log(connection)
        finally:
            with contextlib.suppress(apsw.Error):
                connection.close()


def _empty_log(connection: Connection) -> None:
    ((busy, _, _),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if busy:
        raise apsw.BusyError


def _step(connection: Connection, path: Path, place: int, there: tuple[int, int]) -> int:
    """Some pages from ``place`` on while nobody writes; gives where to go on, ``place`` where
    somebody has written before, and 0 at the end.
    """
    log = Path(f"{path}-wal")
    connection.execute("BEGIN IMMEDIATE")
    try:
        if log.exists() and not log.stat().st_size:
            file = cast("_File", apsw.VFSFile("", str(path.absolute()), [_OPENED, 0]))
            try:
                if identity_of(path) != there:
                    raise apsw.BusyError
                place = _overwrite_some(file, place)
            finally:
                file.xClose()
        # Whoever remembers these pages reads them again.
        ((mark,),) = connection.execute("PRAGMA application_id")
        connection.execute(f"PRAGMA application_id={mark}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return place


def _overwrite_some(file: _File, place: int) -> int:
    last = file.xFileSize() // PAGE
    count = min(PAGES_AT_ONCE, last - place + 1)
    if count <= 0 or last > _MOST_PAGES:
        return 0
    at = (place - 1) * PAGE
    data = file.xRead(count * PAGE, at)
    changed = False
    for start in range(0, len(data), PAGE):
        page = data[start : start + PAGE]
        for begin, end in free_space(page):
            if page.count(0, begin, end) != end - begin:
                file.xWrite(bytes(end - begin), at + start + begin)
                changed = True
    if changed:
        file.xSync(apsw.SQLITE_SYNC_FULL)
    return place + count if place + count <= last else 0


def free_space(page: bytes) -> list[tuple[int, int]]:
    """From where to where nothing is said in a page that is not the first; nowhere in one that is
    not of a b-tree, or damaged.
    """
    header = _HEADERS.get(page[0])
    if header is None:
        return []
    block, count, content = struct.unpack_from(">HHH", page, 1)
    end = header + 2 * count
    if not end <= content <= PAGE or min(_cells(page, header, count), default=content) < content:
        return []
    parts = [(end, content)]
    while block:
        following, size = struct.unpack_from(">HH", page, block) if block <= PAGE - 4 else (0, 0)
        if size < 4 or block < content or block + size > PAGE:
            return []
        parts.append((block + 4, block + size))
        content, block = block + size, following
    return parts


def _cells(page: bytes, header: int, count: int) -> tuple[int, ...]:
    return struct.unpack_from(f">{count}H", page, header)
