"""Pictures that this program has made come back into the library, with what they say of
themselves. Nothing is ever written but into the library: names within archives lead nowhere.
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pickabook_desktop.domain.errors import CancelledError, InputError, PickaBookError, StorageError
from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.hand_over import Imported, ImportReport, Known, NotDone
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import SEED_LIMIT, GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.jobs.lanes import Job, out_of_memory_error
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.files import sha256_of
from pickabook_desktop.storage.ids import id_at
from pickabook_desktop.storage.library import Library

if TYPE_CHECKING:
    from pickabook_desktop.imaging.arriving import Arrival
    from pickabook_desktop.imaging.metadata import Metadata

LARGEST_FILE = 200 * 2**20
# An archive's list of contents is read as a whole; this is that of some 300,000 files.
LONGEST_LIST = 32 * 2**20
# Finished pictures hardly shrink in an archive; what grows this much when unpacked is none.
MOST_GROWTH = 50
SMALL = 2**20
ENCRYPTED = 0x1
# The end of an archive, and the longest comment that it can have.
END_BYTES = 22 + 65535
ZIP_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06")


class _Candidate(NamedTuple):
    """Something that may be a picture. ``read`` gives its first bytes, at most so many; ``chosen``
    where the person has named this very file.
    """

    source: str
    read: Callable[[int], bytes]
    changed: float
    chosen: bool


def import_job(library: Library, paths: tuple[Path, ...]) -> Job:
    """As :meth:`HandOver.import_job`."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        taking = _Taking(library)
        files = list(_files(paths, token))
        for number, (file, chosen) in enumerate(files):
            for part, candidate in taking.candidates(Path(file), chosen):
                done = (number + part) / len(files)
                yield Progress(fraction=done, stage=tr("Taking pictures back"))
                token.raise_if_cancelled()
                taking.take(candidate)
        yield Done(value=taking.report())

    return job


def _files(paths: tuple[Path, ...], token: CancelToken) -> Iterator[tuple[str, bool]]:
    """Every file, and whether it was named itself. Links to folders are not followed."""
    for path in paths:
        if not path.is_dir():
            yield str(path), True
            continue
        for folder, below, names in os.walk(path):
            token.raise_if_cancelled()
            below.sort()
            yield from ((os.path.join(folder, name), False) for name in sorted(names))  # noqa: PTH118 a quarter of the memory, of which there may be much


class _Taking:
    """Takes one candidate after the other and remembers what came of each."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._imported: list[Imported] = []
        self._known: list[Known] = []
        self._foreign: list[str] = []
        self._refused: list[NotDone] = []

    def report(self) -> ImportReport:
        return ImportReport(
            imported=tuple(self._imported),
            known=tuple(self._known),
            foreign=tuple(self._foreign),
            refused=tuple(self._refused),
        )

    def candidates(self, file: Path, chosen: bool) -> Iterator[tuple[float, _Candidate]]:
        """What is in a file, and how far through it that is: the file itself, or what is in an
        archive.
        """
        try:
            beginning, changed = _beginning(file)
        except (OSError, ValueError) as error:
            # A pipe or a socket in a folder is nobody's picture.
            if chosen or isinstance(error, OSError):
                self._refuse(str(file), _unreadable(error))
            return
        if not beginning.startswith(ZIP_BEGINNINGS):
            yield 0.0, _Candidate(str(file), _reader(file), changed, chosen)
            return
        try:
            if _length_of_list(file) > LONGEST_LIST:
                self._refuse(str(file), _damaged(tr("The archive holds too many files.")))
                return
            with zipfile.ZipFile(file) as archive:
                yield from self._within(archive, file, changed)
        except OSError as error:
            self._refuse(str(file), _unreadable(error))
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            self._refuse(str(file), _damaged(tr("The archive is damaged.")))

    def _within(
        self, archive: zipfile.ZipFile, file: Path, changed: float
    ) -> Iterator[tuple[float, _Candidate]]:
        members = [info for info in archive.infolist() if not info.is_dir()]
        for number, info in enumerate(members):
            source = f"{file}/{info.filename}"
            problem = _problem_of(info)
            if problem is not None:
                self._refuse(source, problem)
                continue
            candidate = _Candidate(source, _member_reader(archive, info), changed, False)
            yield number / len(members), candidate

    def take(self, candidate: _Candidate) -> None:
        """Keep a picture, or write down why not. Raises StorageError where the library cannot."""
        try:
            self._take(candidate)
        except _LibraryError as error:
            raise self._stopped(error.reason) from error.reason
        except CancelledError:
            raise
        except PickaBookError as error:
            self._refuse(candidate.source, error)
        except MemoryError:
            self._refuse(candidate.source, out_of_memory_error())

    def _take(self, candidate: _Candidate) -> None:
        from pickabook_desktop.imaging import arriving, load

        with _readable():
            beginning = candidate.read(arriving.SIGNATURE_BYTES)
        kind = arriving.media_type_of(beginning)
        if not kind:
            if load.kind_of(beginning):
                self._foreign.append(candidate.source)
            elif candidate.chosen:
                raise InputError(
                    tr("It is not a picture."), tr("Choose a PNG, JPEG, WebP, TIFF or ZIP file.")
                )
            return
        with _readable():
            data = candidate.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            limit = LARGEST_FILE // 2**20
            raise InputError(
                tr("It is larger than {limit} MB.", limit=limit),
                tr("Take a smaller copy of the picture."),
            )
        sha256 = sha256_of(data)
        with _by_library():
            known = self._library.arrivals.same_file(sha256, candidate.source)
        if known is not None:
            self._known.append(known)
            return
        said = arriving.told_by(data, kind)
        if said is None:
            self._foreign.append(candidate.source)
            return
        self._keep(candidate, data, sha256, arriving.examined(data, kind), said)

    def _keep(
        self,
        candidate: _Candidate,
        data: bytes,
        sha256: str,
        arrival: "Arrival",
        said: "Metadata",
    ) -> None:
        made = _made(said, candidate.changed)
        drawn = DrawnPicture(
            data=data,
            media_type=arrival.media_type,
            size=arrival.size,
            seed=min(said.seed, SEED_LIMIT - 1),
            digital_source_type=said.digital_source_type,
        )
        with _by_library():
            known = self._same(drawn, made, candidate.source)
            if known is not None:
                self._known.append(known)
                return
            kept = self._library.add(
                drawn,
                _request(said),
                said.engine_version,
                arrival.thumbnail,
                id_at(made, bytes.fromhex(sha256)),
            )
        self._imported.append(Imported(id=kept.id, source=candidate.source))

    def _same(self, drawn: DrawnPicture, made: datetime, source: str) -> Known | None:
        """The picture in the library that shows the same: a copy may say less of itself."""
        from pickabook_desktop.imaging.arriving import same_pixels

        likely = self._library.arrivals.likely_same(
            made, drawn.seed, drawn.size, drawn.media_type, source
        )
        for known in likely:
            try:
                kept = self._library.read(known.id)
            except (InputError, StorageError):
                # One that is damaged or gone is no reason to turn a whole one away.
                continue
            if same_pixels(kept, drawn.data):
                return known
        return None

    def _refuse(self, source: str, error: PickaBookError) -> None:
        self._refused.append(NotDone(what=source, message=error.message, next_step=error.next_step))

    def _stopped(self, error: PickaBookError) -> PickaBookError:
        return StorageError(
            tr(
                "{reason} {count} pictures had been taken back.",
                reason=error.message,
                count=len(self._imported),
            ),
            error.next_step,
            retryable=error.retryable,
        )


class _LibraryError(Exception):
    """The library itself is at fault, so the next picture would fare no better."""

    def __init__(self, reason: StorageError) -> None:
        super().__init__(reason.message)
        self.reason = reason


@contextmanager
def _by_library() -> Generator[None]:
    try:
        yield
    except StorageError as error:
        raise _LibraryError(error) from error


@contextmanager
def _readable() -> Generator[None]:
    """What may go wrong with a file, or with one in an archive, becomes an InputError."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(tr("It is damaged or packed in a way that cannot be read.")) from error
    except (OSError, ValueError) as error:
        raise _unreadable(error) from error


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


def _reader(file: Path) -> Callable[[int], bytes]:
    def read(count: int) -> bytes:
        with file.open("rb") as opened:
            return opened.read(count)

    return read


def _member_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(count: int) -> bytes:
        with archive.open(info) as opened:
            return opened.read(count)

    return read


def _problem_of(info: zipfile.ZipInfo) -> PickaBookError | None:
    """Why a file in an archive is not even looked at."""
    name = info.filename.replace("\\", "/")
    if name.startswith("/") or ".." in PurePosixPath(name).parts or name[1:2] == ":":
        return _damaged(tr("Its name leads out of the archive."))
    if info.flag_bits & ENCRYPTED:
        return InputError(
            tr("It is locked with a password."), tr("Unpack the archive, then take the folder.")
        )
    if info.file_size > info.compress_size * MOST_GROWTH + SMALL:
        return _damaged(tr("It would grow far beyond the size of the archive."))
    return None


def _damaged(message: str) -> InputError:
    return InputError(message, tr("Get the file again from where it came."))


def _unreadable(error: BaseException) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError(tr("There is no such file."), tr("Check the name."))
    if isinstance(error, PermissionError):
        return InputError(tr("It may not be read."), tr("Allow reading it, or take a copy."))
    return InputError(tr("It could not be read."), tr("Check the disk, or take a copy."))


def _made(said: "Metadata", changed: float) -> datetime:
    """When a picture was made: as it says, else when the file was changed, and never later than
    now.
    """
    now = datetime.now(UTC)
    try:
        made = datetime.fromisoformat(said.created)
    except ValueError:
        made = datetime.fromtimestamp(min(max(0.0, changed), now.timestamp()), UTC)
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    return min(made, now)


def _request(said: "Metadata") -> GenerationRequest:
    """The request of a picture; where it says none that can be read, what else it says."""
    try:
        request = GenerationRequest.from_json(said.request_json)
    except msgspec.MsgspecError:
        return GenerationRequest(
            photo=PhotoRef(path=""),
            template_id=said.template,
            style_id=said.style,
            engine_id=said.engine,
            prompt=said.prompt,
        )
    # Paths and consents of somebody else's are nothing here.
    return request.with_changes(photo=PhotoRef(path=""), further_photos=(), consent="")
