"""The command line: ``pickabook``.

Exit codes: 0 done, 2 wrong usage or bad input, 3 the service refused or failed, 4 not configured,
130 cancelled. With ``--json`` standard output holds one JSON object and nothing else.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, cast

from pickabook_desktop import __version__
from pickabook_desktop.assembly import Studio, assemble
from pickabook_desktop.domain.errors import CancelledError, InputError, PickaBookError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, Progress, Succeeded
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs import reports
from pickabook_desktop.jobs.doctor import diagnose
from pickabook_desktop.jobs.export import check_target, export_picture, numbered
from pickabook_desktop.jobs.inspect import InspectedPhoto
from pickabook_desktop.jobs.lanes import Job, run_job, unexpected_error
from pickabook_desktop.jobs.ordering import Wishes, check_settings, order
from pickabook_desktop.jobs.stores import find_store
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.logs import logging_to
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.settings import parse_overrides

PAGE = 500


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    output = Output(as_json="--json" in words)
    token = CancelToken()
    places = Places.of_system()
    try:
        with _interruptible(token), logging_to(places.log_file):
            arguments = _parser().parse_args(words)
            return _run(arguments, Context(places, output, token))
    except PickaBookError as error:
        return output.fail(error)
    except KeyboardInterrupt:
        return output.fail(CancelledError(tr("Stopped.")))
    except BrokenPipeError:
        # Whoever read has gone; keep Python from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


class Output:
    """Standard output for results, standard error for progress and failures."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._stage = ""

    def give(self, data: dict[str, Any], lines: Iterable[str]) -> None:
        """Say what came out: ``data`` with ``--json``, ``lines`` without."""
        if self.as_json:
            # The standard library's takes file names that are no Unicode as well.
            text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
        else:
            text = "".join(f"{line}\n" for line in lines)
        _write(sys.stdout, text)

    def progress(self, event: Progress) -> None:
        """One line for each stage."""
        if event.stage != self._stage:
            self._stage = event.stage
            _write(sys.stderr, f"{event.fraction:4.0%}  {event.stage}\n")

    def note(self, text: str) -> None:
        """Something to know that is no result."""
        _write(sys.stderr, f"{text}\n")

    def fail(self, error: PickaBookError, kept: dict[str, Any] | None = None) -> int:
        """Say what went wrong; returns the exit code."""
        if self.as_json:
            self.give({"error": reports.error_data(error), **(kept or {})}, ())
        else:
            self.note(str(error))
        return reports.exit_code(error)


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


def _run(arguments: argparse.Namespace, context: Context) -> int:
    command = cast("Callable[[argparse.Namespace, Context], int]", arguments.command)
    return command(arguments, context)


def _generate(arguments: argparse.Namespace, context: Context) -> int:
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
    if isinstance(ending, Failed | Cancelled):
        error = ending.error if isinstance(ending, Failed) else CancelledError(tr("Stopped."))
        return output.fail(error, reports.result_data(ending.kept) if ending.kept else None)
    if not isinstance(ending, Succeeded):
        return output.fail(unexpected_error())
    pictures = ending.result.pictures
    files = [
        export_picture(picture, target, keep_metadata=studio.exports_metadata)
        for picture, target in zip(pictures, targets, strict=False)
    ]
    data = reports.result_data(ending.result, files)
    lines = [str(file) for file in files] or [picture.path for picture in pictures]
    if store is not None:
        data["uploads"] = [
            store.upload(Path(p.path).name, studio.library.read(p.id), p.media_type, context.token)
            for p in pictures
        ]
        lines += data["uploads"]
    output.give(data, lines)
    return 0


def _engines(arguments: argparse.Namespace, context: Context) -> int:
    states = context.studio().engines.states()
    lines = [
        f"{s.id}  {s.title}" + (f"  ({s.unavailable})" if s.unavailable else "") for s in states
    ]
    context.output.give(reports.engines_data(states), lines)
    return 0


def _templates(arguments: argparse.Namespace, context: Context) -> int:
    catalogue = context.studio().catalogue
    lines = [f"{t.id}  {t.title}: {t.summary}" for t in catalogue.templates.values()]
    context.output.give(reports.templates_data(catalogue), lines)
    return 0


def _styles(arguments: argparse.Namespace, context: Context) -> int:
    catalogue = context.studio().catalogue
    lines = [f"{s.id}  {s.title}: {s.summary}" for s in catalogue.styles.values()]
    context.output.give(reports.styles_data(catalogue), lines)
    return 0


def _check_photo(arguments: argparse.Namespace, context: Context) -> int:
    ending = context.finish(context.studio().inspect_job(arguments.photo))
    if isinstance(ending, Failed):
        return context.output.fail(ending.error)
    if not isinstance(ending, Done) or not isinstance(ending.value, InspectedPhoto):
        return context.output.fail(CancelledError(tr("Stopped.")))
    report = ending.value.report
    context.output.give(reports.photo_data(report), reports.photo_lines(report))
    return 2 if report.level_for(None) == "stop" else 0


def _library_list(arguments: argparse.Namespace, context: Context) -> int:
    library = context.studio(arguments.library).library
    page = library.recent(PAGE)
    pictures = list(page)
    while len(page) == PAGE:
        context.token.raise_if_cancelled()
        page = library.recent(PAGE, before=page[-1].id)
        pictures += page
    data = {"pictures": [reports.picture_data(picture) for picture in pictures]}
    context.output.give(data, map(reports.picture_line, pictures))
    return 0


def _library_show(arguments: argparse.Namespace, context: Context) -> int:
    picture = context.studio(arguments.library).library.get(arguments.id)
    context.output.give({"picture": reports.picture_data(picture)}, reports.picture_lines(picture))
    return 0


def _library_export(arguments: argparse.Namespace, context: Context) -> int:
    studio = context.studio(arguments.library)
    picture = studio.library.get(arguments.id)
    file = export_picture(
        picture,
        arguments.file,
        keep_metadata=studio.exports_metadata,
        library=studio.library.folder,
    )
    context.output.give({"files": [str(file)]}, [str(file)])
    return 0


def _library_verify(arguments: argparse.Namespace, context: Context) -> int:
    report = context.studio(arguments.library).library.verify(context.token)
    context.output.give(reports.verify_data(report), reports.verify_lines(report))
    return 0 if report.sound else 3


def _doctor(arguments: argparse.Namespace, context: Context) -> int:
    diagnosis = diagnose(context.studio())
    context.output.give(reports.diagnosis_data(diagnosis), reports.diagnosis_lines(diagnosis))
    return 0 if diagnosis.healthy else 4


class _Parser(argparse.ArgumentParser):
    """Tells wrong usage like every other failure, so that ``--json`` stays JSON."""

    def error(self, message: str) -> NoReturn:
        raise InputError(
            tr("The command was not understood: {reason}.", reason=message.rstrip(".")),
            tr("“{program} --help” shows what there is.", program=self.prog),
        )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="pickabook",
        allow_abbrev=False,
        description=tr("Draw picture-book pages in which your child is the hero."),
    )
    parser.add_argument("--version", action="version", version=f"pickabook {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    common = _Parser(add_help=False)
    common.add_argument("--json", action="store_true", help=tr("answer with one JSON object"))
    shelf = _Parser(add_help=False, parents=[common])
    shelf.add_argument("--library", type=Path, metavar="DIR", help=tr("the library's folder"))

    def add(group: Any, name: str, run: object, parent: _Parser, text: str) -> _Parser:
        new: _Parser = group.add_parser(
            name, parents=[parent], help=text, description=text, allow_abbrev=False
        )
        new.set_defaults(command=run)
        return new

    _add_generate(add(commands, "generate", _generate, shelf, tr("draw a page from a photo")))
    add(commands, "engines", _engines, common, tr("list what can draw"))
    add(commands, "templates", _templates, common, tr("list the pages to choose from"))
    add(commands, "styles", _styles, common, tr("list the ways of drawing"))
    check = add(commands, "check-photo", _check_photo, common, tr("say whether a photo is fit"))
    check.add_argument("photo", type=Path, metavar="PHOTO")
    library = commands.add_parser("library", help=tr("look after finished pages"))
    actions = library.add_subparsers(required=True, metavar="ACTION", parser_class=_Parser)
    add(actions, "list", _library_list, shelf, tr("list all pages, newest first"))
    show = add(actions, "show", _library_show, shelf, tr("say everything about a page"))
    show.add_argument("id", metavar="ID")
    export = add(actions, "export", _library_export, shelf, tr("write a page to a file"))
    export.add_argument("id", metavar="ID")
    export.add_argument("file", type=Path, metavar="FILE")
    add(actions, "verify", _library_verify, shelf, tr("compare all pages with what was kept"))
    add(commands, "doctor", _doctor, common, tr("say whether everything is in place"))
    return parser


def _add_generate(parser: _Parser) -> None:
    add = parser.add_argument
    add("photo", type=Path, metavar="PHOTO")
    add("--template", default="", metavar="ID")
    add("--prompt", default="", metavar="TEXT")
    add("--style", default="", metavar="ID")
    add("--engine", default="", metavar="ID")
    add("--name", default="", metavar="CHILD", help=tr("the child's name"))
    add("--size", default="", metavar="WxH|1K|2K|4K")
    add("--aspect", default="", metavar="W:H")
    add("--seed", type=int, metavar="N")
    add("--count", type=int, default=1, metavar="N")
    add("--set", action="append", default=[], metavar="KEY=VALUE", help=tr("a setting, this once"))
    add("--consent", default="", metavar="WHO", help=tr("who agreed to sending the photo"))
    add("--upload", default="", metavar="STORE")
    add("--out", type=Path, metavar="FILE", help=tr("also write to a png, jpg, webp or tif file"))


@contextmanager
def _interruptible(token: CancelToken) -> Generator[None]:
    """The first Ctrl+C cancels; the second ends the program where it stands."""

    def on_interrupt(_signal: int, _frame: FrameType | None) -> None:
        if token.cancelled:
            raise KeyboardInterrupt
        token.cancel()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _write(stream: Any, text: str) -> None:
    stream.write(text.encode(stream.encoding or "utf-8", "replace").decode(stream.encoding))
    stream.flush()


if __name__ == "__main__":
    sys.exit(main())
