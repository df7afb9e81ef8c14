"""Where copies of pictures go: a folder, or an archive."""

import contextlib
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Protocol, Self

from pickabook_desktop.domain.file_names import numbered_name
from pickabook_desktop.domain.hand_over import ExportWish
from pickabook_desktop.jobs.export import check_place
from pickabook_desktop.storage.atomic import write_atomic, write_error, write_new

# The format's own time begins here.
FIRST_ZIP_YEAR = 1980


class Sink(Protocol):
    """Where copies go."""

    target: str

    def free(self, name: str) -> str | None:
        """A name like ``name`` that can be written, or None where there is a file of that name and
        the picture is to be left out. Raises InputError.
        """
        ...

    def write(self, name: str, data: bytes, when: datetime) -> str | None:
        """Write a file and say where, or None as :meth:`free`. Raises StorageError."""
        ...


class FolderSink:
    """Files in a folder. What this run has written is never replaced by it, and no photo is."""

    def __init__(self, folder: Path, wish: ExportWish, photos: Callable[[], Iterable[str]]) -> None:
        """``photos`` gives the paths of photos; asked for once a file is to be replaced."""
        self.target = str(folder)
        self._folder = folder
        self._clash = wish.on_clash
        self._taken: set[str] = set()
        self._find_photos = photos

    def free(self, name: str) -> str | None:
        wished, number = name, 1
        while name.casefold() in self._taken or self._is_there(name):
            if self._clash == "skip" and name.casefold() not in self._taken:
                return None
            number += 1
            name = numbered_name(wished, number)
        if self._clash == "replace":
            self._check_replaced(self._folder / name)
        return name

    def write(self, name: str, data: bytes, when: datetime) -> str | None:
        file = (self._folder / name).absolute()
        if self._clash == "replace":
            write_atomic(file, data, sync_name=False)
        elif not write_new(file, data):
            # Another program has taken the name since it was free.
            again = self.free(name)
            return None if again is None else self.write(again, data, when)
        self._taken.add(name.casefold())
        return str(self._folder / name)

    def _is_there(self, name: str) -> bool:
        file = self._folder / name
        return (file.exists() or file.is_symlink()) and self._clash != "replace"

    def _check_replaced(self, file: Path) -> None:
        check_place(file)
        with contextlib.suppress(OSError):
            status = file.stat()
            if (status.st_dev, status.st_ino) in self._photos:
                check_place(file, photo=file)

    @cached_property
    def _photos(self) -> frozenset[tuple[int, int]]:
        """The photos that are still there, whatever names lead to them."""
        found: set[tuple[int, int]] = set()
        for path in self._find_photos():
            with contextlib.suppress(OSError, ValueError):
                status = Path(path).stat()
                found.add((status.st_dev, status.st_ino))
        return frozenset(found)


class ArchiveSink:
    """A ZIP file. Pictures are compressed already, so they are stored as they are; names are in
    UTF-8, and beyond 4 GiB the format's own extension is used (APPNOTE 6.3.10, 4.5.3).
    """

    def __init__(self, file: BinaryIO, target: Path) -> None:
        self.target = str(target)
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self._taken: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._archive.close()
            return
        # Its list of contents goes nowhere: the file is about to be deleted.
        with contextlib.suppress(OSError, ValueError):
            self._archive.close()

    def free(self, name: str) -> str | None:
        wished, number = name, 1
        while name.casefold() in self._taken:
            number += 1
            name = numbered_name(wished, number)
        return name

    def write(self, name: str, data: bytes, when: datetime) -> str:
        moment = when if when.year >= FIRST_ZIP_YEAR else when.replace(year=FIRST_ZIP_YEAR)
        info = zipfile.ZipInfo(name, moment.timetuple()[:6])
        info.external_attr = 0o644 << 16
        try:
            self._archive.writestr(info, data)
        except OSError as error:
            raise write_error(Path(self.target), error) from error
        self._taken.add(name.casefold())
        return name
