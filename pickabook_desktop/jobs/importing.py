"""Pictures that this program has made come back into the library, with what they say of
themselves. Nothing is ever written but into the library: names within archives lead nowhere.
"""

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pickabook_desktop.domain.errors import CancelledError, InputError, PickaBookError, StorageError
from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.hand_over import Imported, ImportReport, Known, NotDone
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import SEED_LIMIT, GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.jobs.decided import take_over
from pickabook_desktop.jobs.import_sources import Candidate, candidates, files_of, readable
from pickabook_desktop.jobs.lanes import Job, out_of_memory_error, reporting
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.files import sha256_of
from pickabook_desktop.storage.ids import id_at
from pickabook_desktop.storage.library import Library

if TYPE_CHECKING:
    from pickabook_desktop.imaging.arriving import Arrival
    from pickabook_desktop.imaging.metadata import Metadata

# How many pictures are decoded while others are kept; so many, and one more, are in memory.
AHEAD = 2
# Identifiers begin here.
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LARGEST_FILE = 200 * 2**20


class _Begun(NamedTuple):
    """A picture of ours that is not in the library, as it was read."""

    source: str
    data: bytes
    sha256: str
    media_type: str
    said: "Metadata"
    made: datetime


def import_job(library: Library, paths: tuple[Path, ...]) -> Job:
    """As :meth:`HandOver.import_job`."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        with ThreadPoolExecutor(AHEAD, thread_name_prefix="import") as pool:
            taking = _Taking(library, pool)
            yield from reporting(take(taking, token), taking.report)

    def take(taking: _Taking, token: CancelToken) -> Iterator[JobEvent]:
        for done in taking.all(list(files_of(paths, token))):
            yield Progress(fraction=done, stage=tr("Taking pictures back"))
            token.raise_if_cancelled()
        yield Done(value=taking.report())

    return job


class _Taking:
    """Takes one candidate after the other and remembers what came of each. While one is kept, the
    next are decoded in ``pool``.
    """

    def __init__(self, library: Library, pool: ThreadPoolExecutor) -> None:
        self._library = library
        self._pool = pool
        self._begun: deque[tuple[_Begun, Future[Arrival]]] = deque()
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

    def all(self, files: Sequence[tuple[str, bool]]) -> Iterator[float]:
        """Take everything, and say before each step how far it is. Raises StorageError where the
        library cannot keep it.
        """
        for number, (file, chosen) in enumerate(files):
            for part, candidate in candidates(Path(file), chosen, self._refuse):
                yield (number + part) / len(files)
                self._begin(candidate)
                self._end(AHEAD)
        while self._begun:
            yield 1.0
            self._end(len(self._begun) - 1)

    def _begin(self, candidate: Candidate) -> None:
        """Read a file and have it decoded, unless it is known or none of ours."""
        from pickabook_desktop.imaging import arriving

        with self._refusing(candidate.source):
            begun = self._read(candidate)
            if begun is not None:
                decoding = self._pool.submit(arriving.examined, begun.data, begun.media_type)
                self._begun.append((begun, decoding))

    def _end(self, left: int) -> None:
        """Keep what was begun first, until ``left`` are still under way."""
        while len(self._begun) > left:
            begun, decoding = self._begun.popleft()
            with self._refusing(begun.source):
                self._keep(begun, decoding.result())

    @contextmanager
    def _refusing(self, source: str) -> Generator[None]:
        """What is wrong with one picture is written down; what is wrong with the library ends
        it.
        """
        try:
            yield
        except _LibraryError as error:
            raise self._stopped(error.reason) from error.reason
        except CancelledError:
            raise
        except PickaBookError as error:
            self._refuse(source, error)
        except MemoryError:
            self._refuse(source, out_of_memory_error())

    def _read(self, candidate: Candidate) -> "_Begun | None":
        from pickabook_desktop.imaging import arriving, load

        with readable(), candidate.open() as file:
            beginning = file.read(arriving.SIGNATURE_BYTES)
            kind = arriving.media_type_of(beginning)
            file.seek(0)
            data = file.read(LARGEST_FILE + 1) if kind else b""
        if not kind:
            if load.kind_of(beginning):
                self._foreign.append(candidate.source)
            elif candidate.chosen:
                raise InputError(
                    tr("It is not a picture."), tr("Choose a PNG, JPEG, WebP, TIFF or ZIP file.")
                )
            return None
        if len(data) > LARGEST_FILE:
            limit = LARGEST_FILE // 2**20
            raise InputError(
                tr("It is larger than {limit} MB.", limit=limit),
                tr("Take a smaller copy of the picture."),
            )
        sha256 = sha256_of(data)
        if self._is_known(sha256, candidate.source):
            return None
        said = arriving.told_by(data, kind)
        if said is None:
            self._foreign.append(candidate.source)
            return None
        return _Begun(candidate.source, data, sha256, kind, said, _made(said, candidate.changed))

    def _is_known(self, sha256: str, source: str) -> bool:
        with _by_library():
            known = self._library.arrivals.same_file(sha256, source)
        if known is not None:
            self._known.append(known)
        return known is not None

    def _keep(self, begun: "_Begun", arrival: "Arrival") -> None:
        # The same file may have come twice in a row.
        if self._is_known(begun.sha256, begun.source):
            return
        said = begun.said
        drawn = DrawnPicture(
            data=begun.data,
            media_type=begun.media_type,
            size=arrival.size,
            seed=min(said.seed, SEED_LIMIT - 1),
            digital_source_type=said.digital_source_type,
        )
        with _by_library():
            known = self._same(drawn, begun.made, begun.source)
            if known is not None:
                self._known.append(known)
                take_over(self._library, known.id, said.decided)
                return
            kept = self._library.add(
                drawn,
                _request(said),
                said.engine_version,
                arrival.thumbnail,
                id_at(begun.made, bytes.fromhex(begun.sha256)),
            )
            take_over(self._library, kept.id, said.decided)
        self._imported.append(Imported(id=kept.id, source=begun.source))

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
        self._refused.append(NotDone.because_of(error, source))

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


def _made(said: "Metadata", changed: float) -> datetime:
    """When a picture was made: as it says, else when the file was changed, never before
    ``EARLIEST`` and never later than now.
    """
    now = datetime.now(UTC)
    try:
        told = datetime.fromisoformat(said.created)
        made = (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        made = datetime.fromtimestamp(min(max(0.0, changed), now.timestamp()), UTC)
    return max(EARLIEST, min(made, now))


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
