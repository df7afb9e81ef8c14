"""Copies of many pictures: into a folder, or into one archive."""

import contextlib
import errno
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pickabook_desktop.domain.errors import (
    CancelledError,
    InputError,
    PickaBookError,
    StorageError,
)
from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.file_names import check_pattern, file_name
from pickabook_desktop.domain.hand_over import (
    DISPLAY_P3,
    NO_PROFILE,
    SRGB,
    ExportReport,
    ExportWish,
    NotDone,
    Planned,
    ProfileFacts,
    Written,
    check_export,
    planned,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import Hints, name_in
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs.decided import DecidedForOthers
from pickabook_desktop.jobs.export import MEDIA_TYPES, check_folder, check_place, read_kept
from pickabook_desktop.jobs.export_sinks import ArchiveSink, FolderSink, Sink
from pickabook_desktop.jobs.lanes import Job, out_of_memory_error, reporting
from pickabook_desktop.jobs.telling import said_for_others, telling_file
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.atomic import replacing
from pickabook_desktop.storage.files import ENDINGS

if TYPE_CHECKING:
    from pickabook_desktop.imaging.colour_targets import ColourTarget
    from pickabook_desktop.jobs.stock import Stock

# What was written last will not be the last to fail.
LOST = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EIO,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.ENODEV,
)
ARCHIVE_ENDING = ".zip"
LARGEST_PROFILE = 32 * 2**20


def export_many_job(stock: "Stock", ids: tuple[str, ...], wish: ExportWish) -> Job:
    """As :meth:`~pickabook_desktop.jobs.hand_over.HandOver.export_many_job`."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        folder = Path(wish.folder).expanduser()
        if not wish.folder:
            raise InputError(tr("There is no folder to write to."), tr("Choose a folder."))
        check_folder(folder, library=stock.library.folder)
        sink = FolderSink(folder, wish, lambda: _photos_of(stock, ids))
        copying = _Copying(_Exporting(stock, wish), ids, sink)
        yield from reporting(write(copying, token), copying.report)

    def write(copying: _Copying, token: CancelToken) -> Iterator[JobEvent]:
        try:
            yield from copying.all(token)
        except _EndError as end:
            raise copying.stopped(end.reason) from end.reason
        yield Done(value=copying.report())

    return job


def zip_job(stock: "Stock", ids: tuple[str, ...], wish: ExportWish, target: Path) -> Job:
    """As :meth:`~pickabook_desktop.jobs.hand_over.HandOver.zip_job`."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        if target.suffix.lower() != ARCHIVE_ENDING:
            raise InputError(
                tr("{name} does not end like a ZIP archive.", name=target.name),
                tr("End the name in .zip."),
            )
        check_place(target, library=stock.library.folder)
        with replacing(target.absolute()) as file, ArchiveSink(file, target) as archive:
            copying = _Copying(_Exporting(stock, wish), ids, archive)
            try:
                yield from copying.all(token)
            except _EndError as end:
                # Of an archive that has no end, nothing stays.
                raise end.reason from end
            report = copying.report()
            if not report.written:
                raise InputError(
                    tr("None of the pictures could be put into the archive."),
                    report.failed[0].message if report.failed else tr("Choose some pictures."),
                )
        yield Done(value=report)

    return job


def profile_facts(path: Path) -> ProfileFacts:
    """What an ICC profile is; raises InputError for what is none or cannot be read."""
    from pickabook_desktop.imaging import colour_targets

    return colour_targets.facts_of(_profile(path))


def _profile(path: Path) -> bytes:
    try:
        with path.expanduser().open("rb") as file:
            data = file.read(LARGEST_PROFILE + 1)
    except (OSError, ValueError) as error:
        raise InputError(
            tr("The colour profile {path} could not be read.", path=path),
            tr("Check the name, or choose another profile."),
        ) from error
    if len(data) > LARGEST_PROFILE:
        raise InputError(
            tr("{name} is too large for a colour profile.", name=path.name),
            tr("Choose another profile."),
        )
    return data


class _Exporting:
    """Turns kept pictures into the files that are wished for. Raises InputError for a wish that
    cannot be.
    """

    def __init__(self, stock: "Stock", wish: ExportWish) -> None:
        check_export(wish)
        check_pattern(wish.pattern)
        self._stock = stock
        self._decisions = DecidedForOthers(stock.library, names=wish.names, notes=wish.notes)
        self.wish = wish
        self._check_colours()

    @cached_property
    def colours(self) -> "ColourTarget":
        from pickabook_desktop.imaging import colour_targets

        known = self.wish.icc in (SRGB, DISPLAY_P3, NO_PROFILE)
        profile = b"" if known else _profile(Path(self.wish.icc))
        return colour_targets.target_of(self.wish.icc, profile)

    def _check_colours(self) -> None:
        from pickabook_desktop.imaging.colour_targets import FORMATS

        formats = FORMATS[self.colours.space]
        if self.wish.format not in formats:
            raise InputError(
                tr(
                    "Files of the kind {format} cannot hold {space} colours.",
                    format=self.wish.format.upper(),
                    space=self.colours.space,
                ),
                tr(
                    "Choose {formats}, or another profile.",
                    formats=" / ".join(format_.upper() for format_ in formats),
                ),
            )

    def kept(self, picture_id: str) -> KeptPicture:
        return self._stock.library.get(picture_id)

    def kind_of(self, kept: KeptPicture) -> tuple[str, str]:
        """The media type of a copy, and its ending."""
        original = self.wish.format == "original"
        kind = kept.media_type if original else f"image/{self.wish.format}"
        return kind, ENDINGS[kind]

    def name_of(self, kept: KeptPicture, number: int) -> str:
        request = kept.request
        name = name_in(request)
        hints = Hints("" if self.wish.names else name)
        made = _local(kept.created)
        title = self._stock.title_of(request.template_id)
        values: dict[str, str | int] = {
            "number": number,
            "date": made.strftime("%Y-%m-%d"),
            "time": made.strftime("%H-%M-%S"),
            "title": hints.without(title or request.template_id, ""),
            "template": hints.without(request.template_id, ""),
            "style": hints.without(request.style_id, ""),
            "engine": request.engine_id,
            "seed": request.seed,
            "child": name if self.wish.names else "",
            "book": hints.without(request.book, ""),
            "id": kept.id,
            "rating": self._rating(kept),
        }
        return file_name(self.wish.pattern, values, self.kind_of(kept)[1])

    def _rating(self, kept: KeptPicture) -> int:
        if "{rating" not in self.wish.pattern:
            return 0
        return self._stock.library.review.card(kept.id).rating

    def copy_of(self, kept: KeptPicture, plan: Planned) -> tuple[bytes, tuple[str, ...]]:
        """The bytes of a copy, and what is worth knowing of it. Raises StorageError, InputError."""
        from pickabook_desktop.imaging import metadata, print_ready

        data = read_kept(kept)
        media_type = self.kind_of(kept)[0]
        if self._untouched(kept, plan) and print_ready.keeps_its_colours(data, self.colours):
            return self._as_it_is(data, kept), ()
        notes = list(_notes(plan, self.wish))
        said = None
        if self.wish.metadata:
            name, names = name_in(kept.request), self.wish.names
            decided = self._decisions.of(kept.id)
            said = said_for_others(data, kept.media_type, name, names=names, decided=decided)
        if said is not None and not metadata.fits(said, media_type, names=self.wish.names):
            said = None
            notes.append(tr("Its history is too long for a JPEG file and was left out."))
        finish = print_ready.Finish(
            media_type=media_type,
            plan=plan,
            colours=self.colours,
            dpi=self.wish.dpi,
            quality=self.wish.quality,
            said=said,
            names=self.wish.names,
        )
        return print_ready.finished(data, kept.media_type, finish), tuple(notes)

    def _untouched(self, kept: KeptPicture, plan: Planned) -> bool:
        """Whether the file as it is kept may be what is wished for."""
        return (
            self.wish.format == "original"
            and not self.wish.quality
            and plan.full == kept.size
            and kept.media_type in MEDIA_TYPES.values()
            and kept.media_type != "image/tiff"
        )

    def _as_it_is(self, data: bytes, kept: KeptPicture) -> bytes:
        if not self.wish.metadata:
            from pickabook_desktop.imaging import metadata

            return metadata.strip(data, kept.media_type)
        return telling_file(
            data,
            kept.media_type,
            name_in(kept.request),
            names=self.wish.names,
            decided=self._decisions.of(kept.id),
        )


class _Copying:
    """Writes one picture after the other and remembers what came of each."""

    def __init__(self, exporting: _Exporting, ids: tuple[str, ...], sink: Sink) -> None:
        self._exporting = exporting
        self._ids = ids
        self._sink = sink
        self._written: list[Written] = []
        self._skipped: list[NotDone] = []
        self._failed: list[NotDone] = []

    def report(self) -> ExportReport:
        return ExportReport(
            target=self._sink.target,
            written=tuple(self._written),
            skipped=tuple(self._skipped),
            failed=tuple(self._failed),
            notes=_notes_for_all(self._exporting.wish),
        )

    def all(self, token: CancelToken) -> Iterator[JobEvent]:
        """Write all pictures; what cannot be had is named, and the rest goes on. Raises
        :class:`_EndError` where nothing more can be written.
        """
        for number, picture_id in enumerate(self._ids, start=1):
            yield Progress(fraction=(number - 1) / len(self._ids), stage=tr("Writing copies"))
            token.raise_if_cancelled()
            try:
                self._one(picture_id, number)
            except CancelledError:
                raise
            except PickaBookError as error:
                self._failed.append(NotDone.because_of(error, picture_id))
            except MemoryError:
                self._failed.append(NotDone.because_of(out_of_memory_error(), picture_id))

    def stopped(self, reason: StorageError) -> StorageError:
        """``reason``, with how far it had come."""
        return StorageError(
            tr(
                "{reason} {written} of {total} pictures had been written.",
                reason=reason.message,
                written=len(self._written),
                total=len(self._ids),
            ),
            reason.next_step,
            retryable=reason.retryable,
        )

    def _one(self, picture_id: str, number: int) -> None:
        exporting = self._exporting
        kept = exporting.kept(picture_id)
        wished = exporting.name_of(kept, number)
        name = self._sink.free(wished)
        if name is None:
            self._leave_out(picture_id, wished)
            return
        plan = planned(kept.size, exporting.wish)
        data, notes = exporting.copy_of(kept, plan)
        try:
            file = self._sink.write(name, data, _local(kept.created))
        except StorageError as error:
            if isinstance(error.__cause__, OSError) and error.__cause__.errno in LOST:
                raise _EndError(error) from error
            raise
        if file is None:
            self._leave_out(picture_id, name)
            return
        self._written.append(
            Written(id=picture_id, file=file, size=plan.full, trim=plan.trim, notes=notes)
        )

    def _leave_out(self, picture_id: str, name: str) -> None:
        said = tr("There is a file named {name}.", name=name)
        self._skipped.append(NotDone(what=picture_id, message=said))


def _photos_of(stock: "Stock", ids: tuple[str, ...]) -> Iterator[str]:
    """The photos that pictures were drawn from."""
    for picture_id in ids:
        # One that is gone has been told of, or will be.
        with contextlib.suppress(PickaBookError):
            request = stock.library.get(picture_id).request
            for photo in (request.photo, *request.further_photos):
                if photo.path:
                    yield photo.path


class _EndError(Exception):
    """Nothing more can be written, for ``reason``."""

    def __init__(self, reason: StorageError) -> None:
        super().__init__(reason.message)
        self.reason = reason


def _notes(plan: Planned, wish: ExportWish) -> Iterator[str]:
    """What is worth knowing of one copy."""
    if plan.factor > 1:
        factor = f"{plan.factor:.2f}".rstrip("0").rstrip(".")
        yield tr("Enlarged {factor} times: it shows no more than the picture has.", factor=factor)
    if plan.cut:
        yield tr("Its edges were cut off to fill the print.")
    if plan.bleed:
        yield tr(
            "The trim is {size} pixels, {bleed} pixels inside each edge ({millimetres} mm).",
            size=plan.trim,
            bleed=plan.bleed,
            millimetres=f"{wish.bleed:g}",
        )


def _notes_for_all(wish: ExportWish) -> tuple[str, ...]:
    notes: list[str] = []
    if "{child" in wish.pattern and not wish.names:
        notes.append(tr("The children's names were left out of the names of the files."))
    if "/" in wish.pattern or "\\" in wish.pattern:
        notes.append(tr("All files went into one place: / became _ in their names."))
    if wish.format == "webp":
        notes.append(tr("WebP has no place for a resolution in dots per inch."))
    return tuple(notes)


def _local(created: str) -> datetime:
    return datetime.fromisoformat(created).astimezone()
