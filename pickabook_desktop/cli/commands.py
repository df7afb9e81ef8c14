"""What each command of the command line does; each gives its exit code."""

import argparse
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pickabook_desktop.assembly import Studio, assemble
from pickabook_desktop.cli.meant import Needs, check_library
from pickabook_desktop.cli.output import Output
from pickabook_desktop.domain.errors import CancelledError, PickaBookError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, Progress, Succeeded
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs import reports
from pickabook_desktop.jobs.backups import back_up
from pickabook_desktop.jobs.doctor import diagnose
from pickabook_desktop.jobs.inspect import InspectedPhoto
from pickabook_desktop.jobs.lanes import Job, run_job, unexpected_error
from pickabook_desktop.jobs.library_place import LIBRARY_KEY, check_library_place
from pickabook_desktop.jobs.ordering import Wishes, check_settings
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.settings import parse_overrides

Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Context:
    """What every command is given; ``needs`` is what this one needs to find in the library."""

    places: Places
    output: Output
    token: CancelToken
    studios: list[Studio] = field(default_factory=list[Studio])
    needs: Needs = ""

    def studio(self, library: Path | None = None, overrides: Iterable[str] = ()) -> Studio:
        values = parse_overrides(overrides)
        if library is not None:
            values[LIBRARY_KEY] = str(library.absolute())
        studio = assemble(self.places, values)
        self.studios.append(studio)
        self.output.hidden.add(studio.keys.values)
        if studio.settings.problem:
            self.output.note(studio.settings.problem)
        named = LIBRARY_KEY in values
        if self.needs and not named:
            check_library_place(studio.library, studio.settings)
        check_library(studio.library, self.needs, named=named)
        return studio

    def studio_for(self, arguments: argparse.Namespace) -> Studio:
        """The program with the library (where a command takes one) and the ``--set`` of this run.
        Raises InputError for a setting that nothing here reads.
        """
        studio = self.studio(getattr(arguments, "library", None), arguments.set)
        check_settings(parse_overrides(arguments.set), studio)
        return studio

    def close(self) -> None:
        """Let go of all files; where a library was changed, its list is copied now and then."""
        for studio in self.studios:
            try:
                if studio.library.changed:
                    back_up(studio.library, studio.settings, self.token)
                studio.close()
            except Exception:  # noqa: BLE001 the answer is out already
                _log.exception("Not everything could be closed")

    def finish(self, job: Job) -> Succeeded | Done | Failed | Cancelled:
        """Run a job to its end, telling how far it is."""
        ending: Succeeded | Done | Failed | Cancelled = Failed(error=unexpected_error())
        for event in run_job(job, self.token):
            if isinstance(event, Progress):
                self.output.progress(event)
            elif isinstance(event, Succeeded | Done | Failed | Cancelled):
                ending = event
        return ending

    def answer(self, job: Job, kind: type[Answer], stopped: str = "") -> Answer:
        """What a job that ends with ``Done`` was done for. Raises what it failed with, and
        CancelledError, which says ``stopped``.
        """
        return value_of(self.finish(job), kind, stopped)


def value_of(
    ending: Succeeded | Done | Failed | Cancelled, kind: type[Answer], stopped: str = ""
) -> Answer:
    """As :meth:`Context.answer`, of a job that has ended."""
    if isinstance(ending, Failed | Cancelled):
        raise error_of(ending, stopped)
    if not isinstance(ending, Done) or not isinstance(ending.value, kind):
        raise unexpected_error()
    return ending.value


def error_of(ending: Failed | Cancelled, stopped: str = "") -> PickaBookError:
    """What is said of a job that has ended early; of one that was cancelled ``stopped``."""
    if isinstance(ending, Failed):
        return ending.error
    return CancelledError(stopped or tr("Stopped."))


def wishes_of(arguments: argparse.Namespace) -> Wishes:
    """What was asked for with the words of ``pickabook generate``."""
    return Wishes(**{name: getattr(arguments, name) for name in Wishes.__struct_fields__})


Command = Callable[[argparse.Namespace, Context], int]


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
    report = context.answer(context.studio().inspect_job(arguments.photo), InspectedPhoto).report
    context.output.give(reports.photo_data(report), reports.photo_lines(report))
    return 2 if report.level_for(None) == "stop" else 0


def library_export(arguments: argparse.Namespace, context: Context) -> int:
    studio = context.studio(arguments.library)
    picture = studio.library.get(arguments.id)
    file = studio.hand_over.export(picture, arguments.file)
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


def doctor(arguments: argparse.Namespace, context: Context) -> int:
    diagnosis = diagnose(context.studio())
    context.output.give(reports.diagnosis_data(diagnosis), reports.diagnosis_lines(diagnosis))
    return 0 if diagnosis.healthy else 4
