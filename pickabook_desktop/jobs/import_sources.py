"""What may be a picture to be taken back: files, what is in folders, and what is in archives. Names
within archives lead nowhere; nothing of them is ever unpacked to a disk.
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from pickabook_desktop.domain.errors import InputError, PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.net.cancel import CancelToken

# An archive's list of contents is read as a whole; this is that of some 300,000 files.
LONGEST_LIST = 32 * 2**20
# Finished pictures hardly shrink in an archive; what grows this much when unpacked is none.
MOST_GROWTH = 50
SMALL = 2**20
ENCRYPTED = 0x1
# The methods of which zipfile unpacks no more than it is asked for.
MEASURED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# The end of an archive, and the longest comment that it can have.
END_BYTES = 22 + 65535
ZIP_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06")

Refuse = Callable[[str, PickaBookError], None]


class Candidate(NamedTuple):
    """Something that may be a picture, to be opened within :func:`readable`; ``chosen`` where the
    person has named this very file.
    """

    source: str
    open: Callable[[], IO[bytes]]
    changed: float
    chosen: bool


def files_of(paths: tuple[Path, ...], token: CancelToken) -> Iterator[tuple[str, bool]]:
    """Every file, and whether it was named itself. Links to folders are not followed."""
    for path in paths:
        if not path.is_dir():
            yield str(path), True
            continue
        for folder, below, names in os.walk(path):
            token.raise_if_cancelled()
            below.sort()
            yield from ((os.path.join(folder, name), False) for name in sorted(names))  # noqa: PTH118 a quarter of the memory, of which there may be much


def candidates(file: Path, chosen: bool, refuse: Refuse) -> Iterator[tuple[float, Candidate]]:
    """What is in a file, and how far through it that is: the file itself, or what is in an
    archive.
    """
    try:
        beginning, changed = _beginning(file)
    except (OSError, ValueError) as error:
        # A pipe or a socket in a folder is nobody's picture.
        if chosen or isinstance(error, OSError):
            refuse(str(file), unreadable_error(error))
        return
    if not beginning.startswith(ZIP_BEGINNINGS):
        yield 0.0, Candidate(str(file), partial(file.open, "rb"), changed, chosen)
        return
    try:
        if _length_of_list(file) > LONGEST_LIST:
            refuse(str(file), damaged_error(tr("The archive holds too many files.")))
            return
        with zipfile.ZipFile(file) as archive:
            yield from _within(archive, file, changed, refuse)
    except OSError as error:
        refuse(str(file), unreadable_error(error))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        refuse(str(file), damaged_error(tr("The archive is damaged.")))


def _within(
    archive: zipfile.ZipFile, file: Path, changed: float, refuse: Refuse
) -> Iterator[tuple[float, Candidate]]:
    members = [info for info in archive.infolist() if not info.is_dir()]
    for number, info in enumerate(members):
        source = f"{file}/{info.filename}"
        problem = _problem_of(info)
        if problem is not None:
            refuse(source, problem)
            continue
        candidate = Candidate(source, partial(archive.open, info), changed, False)
        yield number / len(members), candidate


@contextmanager
def readable() -> Generator[None]:
    """What may go wrong with a file, or with one in an archive, becomes an InputError."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged_error(tr("It is damaged or packed in a way that cannot be read.")) from error
    except (OSError, ValueError) as error:
        raise unreadable_error(error) from error


def _beginning(file: Path) -> tuple[bytes, float]:
    """The first bytes of a file and when it was changed; raises OSError for what is no file."""
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError
    with file.open("rb") as opened:
        return opened.read(4), status.st_mtime


def _length_of_list(file: Path) -> int:
    """How many bytes an archive's list of contents has, as its end says (APPNOTE 6.3.10, 4.3.16).
    Raises OSError, and ValueError where there is no such end.
    """
    with file.open("rb") as opened:
        end = opened.seek(0, os.SEEK_END)
        opened.seek(max(0, end - END_BYTES))
        tail = opened.read(END_BYTES)
    place = tail.rindex(b"PK\x05\x06")
    return int.from_bytes(tail[place + 12 : place + 16], "little")


def _problem_of(info: zipfile.ZipInfo) -> PickaBookError | None:
    """Why a file in an archive is not even looked at."""
    name = info.filename.replace("\\", "/")
    if name.startswith("/") or ".." in PurePosixPath(name).parts or name[1:2] == ":":
        return damaged_error(tr("Its name leads out of the archive."))
    if info.flag_bits & ENCRYPTED:
        return InputError(
            tr("It is locked with a password."), tr("Unpack the archive, then take the folder.")
        )
    if info.compress_type not in MEASURED:
        return damaged_error(tr("It is packed in a way that is not read here."))
    if info.file_size > info.compress_size * MOST_GROWTH + SMALL:
        return damaged_error(tr("It would grow far beyond the size of the archive."))
    return None


def damaged_error(message: str) -> InputError:
    return InputError(message, tr("Get the file again from where it came."))


def unreadable_error(error: BaseException) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError(tr("There is no such file."), tr("Check the name."))
    if isinstance(error, PermissionError):
        return InputError(tr("It may not be read."), tr("Allow reading it, or take a copy."))
    return InputError(tr("It could not be read."), tr("Check the disk, or take a copy."))
