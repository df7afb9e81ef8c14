"""What each command of the command line does; each gives its exit code."""

import argparse
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from pickabook_desktop.assembly import Studio, assemble
from pickabook_desktop.cli.output import Output
from pickabook_desktop.domain.errors import CancelledError, PickaBookError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, Progress, Succeeded
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.photo import CoachNote
from pickabook_desktop.domain.ports import Store
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import GenerationResult, KeptPicture
from pickabook_desktop.jobs import reports
from pickabook_desktop.jobs.adoption import adopt_orphans
from pickabook_desktop.jobs.doctor import diagnose
from pickabook_desktop.jobs.export import check_target, export_picture, numbered
from pickabook_desktop.jobs.inspect import InspectedPhoto
from pickabook_desktop.jobs.lanes import Job, run_job, unexpected_error
from pickabook_desktop.jobs.ordering import Wishes, check_settings, order
from pickabook_desktop.jobs.stores import find_store
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.settings import parse_overrides

PAGE = 500

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Context:
    """What every command is given."""

    places: Places
    output: Output
    token: CancelToken

    def studio(self, library: Path | None = None, overrides: Iterable[str] = ()) -> Studio:
        values = parse_overrides(overrides)
        if library is not None:
            values["library.dir"] = str(library.absolute())
        studio = assemble(self.places, values)
        self.output.hidden.add(studio.keys.values)
        if studio.settings.problem:
            self.output.note(studio.settings.problem)
        return studio

    def finish(self, job: Job) -> Succeeded | Done | Failed | Cancelled:
        """Run a job to its end, telling how far it is."""
        ending: Succeeded | Done | Failed | Cancelled = Failed(error=unexpected_error())
        for event in run_job(job, self.token):
            if isinstance(event, Progress):
                self.output.progress(event)
            elif isinstance(event, Succeeded | Done | Failed | Cancelled):
                ending = event
        return ending


Command = Callable[[argparse.Namespace, Context], int]


def generate(arguments: argparse.Namespace, context: Context) -> int:
    studio = context.studio(arguments.library, arguments.set)
    output = context.output
    targets: tuple[Path, ...] = ()
    if arguments.out is not None:
        targets = numbered(arguments.out, max(1, arguments.count))
        for target in targets:
            check_target(target, photo=arguments.photo, library=studio.library.folder)
    store = find_store(arguments.upload, studio.settings.text) if arguments.upload else None
    check_settings(parse_overrides(arguments.set), studio)
    wishes = Wishes(**{name: getattr(arguments, name) for name in Wishes.__struct_fields__})
    ending = context.finish(studio.generate_job(order(wishes, studio)))
    if isinstance(ending, Succeeded):
        warnings = _warnings(ending.result.request, studio, context)
        delivery = _Delivery(ending.result, warnings)
        return _hand_over(delivery, targets, store, studio, context)
    if isinstance(ending, Failed | Cancelled):
        error = ending.error if isinstance(ending, Failed) else CancelledError(tr("Stopped."))
        kept = _Delivery(ending.kept) if ending.kept else None
        return output.fail(error, kept.data, kept.lines) if kept else output.fail(error)
    return output.fail(unexpected_error())


def _warnings(
    request: GenerationRequest, studio: Studio, context: Context
) -> tuple[CoachNote, ...]:
    """What the coach has against the photo; also said on stderr."""
    try:
        report = studio.photo_report(Path(request.photo.path))
    except PickaBookError:
        return ()  # gone since it was drawn from
    except Exception:  # noqa: BLE001 advice must not cost the page that is already kept
        _log.exception("The coach could not look at the photo")
        return ()
    notes = tuple(
        note
        for note in report.notes_for(request.photo.face_index)
        if note.level != "good" or note.code == "several_faces"
    )
    for note in notes:
        context.output.note(f"{note.message} {note.next_step}".rstrip())
    if any(note.code == "several_faces" for note in notes) and request.photo.face_index is None:
        context.output.note(tr("Faces are counted from the left: --set photo.face=0 is the first."))
    return notes


class _Delivery:
    """What there is to tell of drawn pictures: where they are, and where copies of them are."""

    def __init__(self, result: GenerationResult, warnings: tuple[CoachNote, ...] = ()) -> None:
        self.result = result
        self.warnings = warnings
        self.files: list[Path] = []
        self.uploads: list[str] = []

    @property
    def data(self) -> dict[str, Any]:
        uploads = {"uploads": self.uploads} if self.uploads else {}
        warnings = {"warnings": msgspec.to_builtins(self.warnings)} if self.warnings else {}
        return reports.result_data(self.result, self.files) | uploads | warnings

    @property
    def lines(self) -> list[str]:
        files = [str(file) for file in self.files]
        if len(files) < len(self.result.pictures):
            files = [picture.path for picture in self.result.pictures] + files
        return files + self.uploads


def _hand_over(
    delivery: _Delivery,
    targets: Iterable[Path],
    store: Store | None,
    studio: Studio,
    context: Context,
) -> int:
    """Write and upload copies; the pictures are kept whatever happens, and told."""
    pictures = delivery.result.pictures
    try:
        for picture, target in zip(pictures, targets, strict=False):
            delivery.files.append(_export(picture, target, studio))
        if store is not None:
            for picture in pictures:
                delivery.uploads.append(_upload(picture, store, studio, context.token))
    except PickaBookError as error:
        return context.output.fail(error, delivery.data, delivery.lines)
    except (Exception, SystemExit):  # noqa: BLE001 whatever happens, tell what was kept
        _log.exception("A finished page could not be handed over")
        return context.output.fail(unexpected_error(), delivery.data, delivery.lines)
    context.output.give(delivery.data, delivery.lines)
    return 0


def _upload(picture: KeptPicture, store: Store, studio: Studio, token: CancelToken) -> str:
    data = studio.library.read(picture.id)
    return store.upload(Path(picture.path).name, data, picture.media_type, token)


def _export(picture: KeptPicture, target: Path, studio: Studio) -> Path:
    return export_picture(
        picture,
        target,
        keep_metadata=studio.exports_metadata,
        library=studio.library.folder,
        names=studio.exports_names,
    )


def engines(arguments: argparse.Namespace, context: Context) -> int:
    states = context.studio().engines.states()
    lines = [
        f"{s.id}  {s.title}" + (f"  ({s.unavailable})" if s.unavailable else "") for s in states
    ]
    context.output.give(reports.engines_data(states), lines)
    return 0


def templates(arguments: argparse.Namespace, context: Context) -> int:
    catalogue = context.studio().catalogue
    lines = [f"{t.id}  {t.title}: {t.summary}" for t in catalogue.templates.values()]
    context.output.give(reports.templates_data(catalogue), lines)
    return 0


def styles(arguments: argparse.Namespace, context: Context) -> int:
    catalogue = context.studio().catalogue
    lines = [f"{s.id}  {s.title}: {s.summary}" for s in catalogue.styles.values()]
    context.output.give(reports.styles_data(catalogue), lines)
    return 0


def check_photo(arguments: argparse.Namespace, context: Context) -> int:
    ending = context.finish(context.studio().inspect_job(arguments.photo))
    if isinstance(ending, Failed):
        return context.output.fail(ending.error)
    if not isinstance(ending, Done) or not isinstance(ending.value, InspectedPhoto):
        return context.output.fail(CancelledError(tr("Stopped.")))
    report = ending.value.report
    context.output.give(reports.photo_data(report), reports.photo_lines(report))
    return 2 if report.level_for(None) == "stop" else 0


def library_list(arguments: argparse.Namespace, context: Context) -> int:
    library = context.studio(arguments.library).library
    page = library.recent(PAGE, trashed=arguments.trash)
    pictures = list(page)
    while len(page) == PAGE:
        context.token.raise_if_cancelled()
        page = library.recent(PAGE, before=page[-1].id, trashed=arguments.trash)
        pictures += page
    data = {"pictures": [reports.picture_data(picture) for picture in pictures]}
    context.output.give(data, map(reports.picture_line, pictures))
    return 0


def library_show(arguments: argparse.Namespace, context: Context) -> int:
    picture = context.studio(arguments.library).library.get(arguments.id)
    context.output.give({"picture": reports.picture_data(picture)}, reports.picture_lines(picture))
    return 0


def library_export(arguments: argparse.Namespace, context: Context) -> int:
    studio = context.studio(arguments.library)
    picture = studio.library.get(arguments.id)
    file = _export(picture, arguments.file, studio)
    context.output.give({"files": [str(file)]}, [str(file)])
    return 0


def library_delete(arguments: argparse.Namespace, context: Context) -> int:
    context.studio(arguments.library).library.trash(arguments.id)
    said = tr("{id} is in the trash until “pickabook library purge”.", id=arguments.id)
    context.output.give({"deleted": [arguments.id]}, [said])
    return 0


def library_restore(arguments: argparse.Namespace, context: Context) -> int:
    context.studio(arguments.library).library.restore(arguments.id)
    said = tr("{id} is back in the library.", id=arguments.id)
    context.output.give({"restored": [arguments.id]}, [said])
    return 0


def library_purge(arguments: argparse.Namespace, context: Context) -> int:
    count = context.studio(arguments.library).library.purge()
    context.output.give({"purged": count}, [tr("Pages deleted for good: {count}", count=count)])
    return 0


def library_adopt(arguments: argparse.Namespace, context: Context) -> int:
    library = context.studio(arguments.library).library
    pictures = list(adopt_orphans(library, context.token))
    left = library.orphans()
    data = {"adopted": [reports.picture_data(p) for p in pictures], "orphans": list(left)}
    lines = [*map(reports.picture_line, pictures), *reports.orphan_lines(left)]
    context.output.give(data, lines)
    return 0


def library_verify(arguments: argparse.Namespace, context: Context) -> int:
    report = context.studio(arguments.library).library.verify(context.token)
    context.output.give(reports.verify_data(report), reports.verify_lines(report))
    return 0 if report.sound else 3


def doctor(arguments: argparse.Namespace, context: Context) -> int:
    diagnosis = diagnose(context.studio())
    context.output.give(reports.diagnosis_data(diagnosis), reports.diagnosis_lines(diagnosis))
    return 0 if diagnosis.healthy else 4
