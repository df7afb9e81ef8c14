"""Where copies of pictures go: a folder, or an archive."""

import contextlib
import zipfile
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, Self

from pickabook_desktop.domain.file_names import numbered_name
from pickabook_desktop.domain.hand_over import ExportWish
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs.export import check_place
from pickabook_desktop.storage.atomic import write_atomic, write_error

# The format's own time begins here.
FIRST_ZIP_YEAR = 1980


class Sink(Protocol):
    """Where copies go."""

    target: str

    def free(self, name: str, kept: KeptPicture) -> str | None:
        """A name like ``name`` that can be written, or None where the copy is there already.
        Raises InputError.
        """
        ...

    def write(self, name: str, data: bytes, when: datetime) -> str:
        """Write a file and say where; raises StorageError."""
        ...


class FolderSink:
    """Files in a folder. What this run has written is never replaced by it."""

    def __init__(self, folder: Path, wish: ExportWish) -> None:
        self.target = str(folder)
        self._folder = folder
        self._clash = wish.on_clash
        self._taken: set[str] = set()

    def free(self, name: str, kept: KeptPicture) -> str | None:
        wished, number = name, 1
        while name.casefold() in self._taken or self._is_there(name):
            if self._clash == "skip" and name.casefold() not in self._taken:
                return None
            number += 1
            name = numbered_name(wished, number)
        photo = kept.request.photo.path
        check_place(self._folder / name, photo=Path(photo) if photo else None)
        return name

    def write(self, name: str, data: bytes, when: datetime) -> str:
        file = self._folder / name
        write_atomic(file.absolute(), data, sync_name=False)
        self._taken.add(name.casefold())
        return str(file)

    def _is_there(self, name: str) -> bool:
        file = self._folder / name
        return (file.exists() or file.is_symlink()) and self._clash != "replace"


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

    def free(self, name: str, kept: KeptPicture) -> str | None:
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
