"""``pickabook library export-many``, ``zip``, ``sheet`` and ``import``: pages that are handed over,
and pages that come back.
"""

import argparse
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from pickabook_desktop.assembly import Studio
from pickabook_desktop.cli.commands import Context, error_of, value_of
from pickabook_desktop.cli.meant import add_pages_words, pages_meant
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.events import Cancelled, Failed
from pickabook_desktop.domain.file_names import PLACES
from pickabook_desktop.domain.hand_over import (
    CAPTION_LINES,
    CLASHES,
    EXPORT_FORMATS,
    PAPERS,
    CaptionLine,
    ExportReport,
    ExportWish,
    ImportReport,
    NotDone,
    SheetReport,
    SheetWish,
)
from pickabook_desktop.domain.i18n import tr

Report = TypeVar("Report")

FAILED = 3
BAD_INPUT = 2
_PRINT = re.compile(r"(\d+(?:\.\d+)?)?x(\d+(?:\.\d+)?)?")


def export_many(arguments: argparse.Namespace, context: Context) -> int:
    """Write copies of pages into a folder."""
    studio = context.studio(arguments.library)
    wish = _wish(arguments, studio, str(arguments.folder))
    job = studio.hand_over.export_many_job(pages_meant(arguments, studio.library), wish)
    ending = context.finish(job)
    if isinstance(ending, Failed | Cancelled):
        report = _kept(ending, ExportReport)
        return _fail(ending, report, _export_lines(report) if report else (), context)
    return _tell_export(value_of(ending, ExportReport), context)


def zip_pages(arguments: argparse.Namespace, context: Context) -> int:
    """Write copies of pages into an archive."""
    studio = context.studio(arguments.library)
    ids = pages_meant(arguments, studio.library)
    job = studio.hand_over.zip_job(ids, _wish(arguments, studio, ""), arguments.file)
    return _tell_export(context.answer(job, ExportReport), context)


def sheet(arguments: argparse.Namespace, context: Context) -> int:
    """Print pages to a contact sheet."""
    studio = context.studio(arguments.library)
    ids = pages_meant(arguments, studio.library)
    wish = _sheet_wish(arguments, studio)
    job = studio.hand_over.contact_sheet_job(ids, wish, arguments.file)
    report = context.answer(job, SheetReport)
    context.output.give(msgspec.to_builtins(report), [report.target, *_lines(report.failed)])
    return FAILED if report.failed else 0


def import_pages(arguments: argparse.Namespace, context: Context) -> int:
    """Take pages back that this program has made."""
    studio = context.studio(arguments.library)
    ending = context.finish(studio.hand_over.import_job(arguments.paths))
    if isinstance(ending, Failed | Cancelled):
        report = _kept(ending, ImportReport)
        return _fail(ending, report, _import_lines(report) if report else (), context)
    report = value_of(ending, ImportReport)
    lines = _import_lines(report) or [tr("There was nothing to take.")]
    context.output.give(msgspec.to_builtins(report), lines)
    return BAD_INPUT if report.refused else 0


def _import_lines(report: ImportReport) -> list[str]:
    in_trash = tr("in the trash")
    return [
        *(f"{page.id}  {page.source}" for page in report.imported),
        *(
            tr("Known as {id}: {file}", id=page.id, file=page.source)
            + (f" ({in_trash})" if page.trashed else "")
            for page in report.known
        ),
        *(tr("Not made by this program: {file}", file=file) for file in report.foreign),
        *_lines(report.refused),
    ]


def _tell_export(report: ExportReport, context: Context) -> int:
    context.output.give(msgspec.to_builtins(report), _export_lines(report))
    return FAILED if report.failed else 0


def _export_lines(report: ExportReport) -> list[str]:
    lines: list[str] = []
    for page in report.written:
        lines += (page.file, *(f"    {note}" for note in page.notes))
    return [*lines, *_lines(report.skipped), *_lines(report.failed), *report.notes]


def _kept(ending: Failed | Cancelled, kind: type[Report]) -> Report | None:
    """What was done before it ended."""
    return ending.report if isinstance(ending.report, kind) else None


def _fail(
    ending: Failed | Cancelled, report: object, lines: Iterable[str], context: Context
) -> int:
    """Say what went wrong, and what was done by then."""
    kept = msgspec.to_builtins(report) if report is not None else None
    return context.output.fail(error_of(ending), kept, lines)


def _lines(left_out: Iterable[NotDone]) -> list[str]:
    return [f"{one.what}: {one.message} {one.next_step}".rstrip() for one in left_out]


def _wish(arguments: argparse.Namespace, studio: Studio, folder: str) -> ExportWish:
    width, height = _print_size(arguments.print)
    if arguments.edge == 0:
        raise InputError(
            tr("An edge of 0 pixels is none."),
            tr("Leave --edge out to keep pages as large as they are."),
        )
    usual = studio.hand_over.usual_wish
    return ExportWish(
        folder=folder,
        format=arguments.format,
        quality=arguments.quality,
        long_edge=arguments.edge or 0,
        enlarge=arguments.enlarge,
        print_width=width,
        print_height=height,
        fit="fill" if arguments.fill else "inside",
        dpi=arguments.dpi,
        icc=arguments.icc,
        bleed=arguments.bleed,
        metadata=usual.metadata if arguments.metadata is None else arguments.metadata,
        names=usual.names if arguments.names is None else arguments.names,
        notes=arguments.notes,
        pattern=arguments.pattern,
        on_clash=arguments.clash,
    )


def _print_size(text: str | None) -> tuple[float, float]:
    if text is None:
        return 0, 0
    match = _PRINT.fullmatch(text)
    width, height = (float(part or 0) for part in match.groups()) if match else (0, 0)
    if match is None or not (width or height):
        raise InputError(
            tr("“{text}” is not the size of a print.", text=text),
            tr("Give millimetres as 210x297, or 210x to let the height follow."),
        )
    return width, height


def _sheet_wish(arguments: argparse.Namespace, studio: Studio) -> SheetWish:
    written: str = arguments.captions
    captions = tuple(filter(None, written.split(",")))
    unknown = [line for line in captions if line not in CAPTION_LINES]
    if unknown:
        raise InputError(
            tr("There is no caption “{line}”.", line=unknown[0]),
            tr("Use {lines}.", lines=", ".join(CAPTION_LINES)),
        )
    names = arguments.names
    return SheetWish(
        paper=arguments.paper,
        landscape=arguments.landscape,
        columns=arguments.columns,
        rows=arguments.rows,
        margin=arguments.margin,
        gap=arguments.gap,
        captions=msgspec.convert(captions, tuple[CaptionLine, ...]),
        header=arguments.header,
        page_numbers=not arguments.no_numbers,
        dpi=arguments.dpi,
        names=studio.hand_over.usual_wish.names if names is None else names,
    )


def add_export_words(parser: argparse.ArgumentParser) -> None:
    """The words of ``export-many`` and ``zip``, but for where to."""
    usual = ExportWish()
    add_pages_words(parser)
    add = parser.add_argument
    add("--format", choices=EXPORT_FORMATS, default=usual.format)
    text = tr("for JPEG and WebP; 0 for what suits them")
    add("--quality", type=int, default=usual.quality, metavar="0-100", help=text)
    add("--edge", type=int, metavar="PIXELS", help=tr("the longer side, at most"))
    add("--enlarge", action="store_true", help=tr("smaller pages too, up to --edge"))
    text = tr("millimetres; one of them may be left out")
    add("--print", metavar="WxH", help=text)
    add("--fill", action="store_true", help=tr("fill the print and cut off what goes beyond it"))
    add("--dpi", type=int, default=usual.dpi, metavar="N", help=tr("dots per inch"))
    text = tr("srgb, display-p3, none, or the file of a profile")
    add("--icc", default=usual.icc, metavar="PROFILE", help=text)
    text = tr("beyond each edge, the picture mirrored")
    add("--bleed", type=float, default=0.0, metavar="MM", help=text)
    text = tr("say in the file how the page was made, with its stars, label and tags")
    add("--metadata", action=argparse.BooleanOptionalAction, help=text)
    add("--names", action=argparse.BooleanOptionalAction, help=tr("with the child's name"))
    add("--notes", action="store_true", help=tr("with the note that somebody has written"))
    places = " ".join(f"{{{place}}}" for place in PLACES)
    text = tr(
        "names of files, with {places}; {{child}} is empty without --names, and / becomes _",
        places=places,
    )
    add("--pattern", default=usual.pattern, metavar="TEXT", help=text)
    text = tr("what becomes of a file that is there already")
    add("--clash", choices=CLASHES, default=usual.on_clash, help=text)
    parser.epilog = tr(
        "With --json: “target”; “written”, a list with “id”, “file”, “size” and “trim” in pixels "
        "and “notes”; “skipped” and “failed”, lists with “what”, “message” and “next_step”; "
        "“notes”. The exit code is 3 where a page failed. Where it ends early there is “error” "
        "too, with what had been written into the folder by then."
    )


def add_sheet_words(parser: argparse.ArgumentParser) -> None:
    """The words of ``sheet``."""
    usual = SheetWish()
    parser.add_argument("file", type=Path, metavar="FILE.pdf")
    add_pages_words(parser)
    add = parser.add_argument
    add("--paper", choices=tuple(PAPERS), default=usual.paper)
    add("--landscape", action="store_true")
    add("--columns", type=int, default=usual.columns, metavar="N")
    add("--rows", type=int, default=usual.rows, metavar="N")
    add("--margin", type=float, default=usual.margin, metavar="MM")
    add("--gap", type=float, default=usual.gap, metavar="MM")
    text = tr("lines below each page: {lines}", lines=", ".join(CAPTION_LINES))
    add("--captions", default=",".join(usual.captions), metavar="LINE,LINE", help=text)
    add("--header", default="", metavar="TEXT")
    add("--no-numbers", action="store_true", help=tr("without the numbers of the sheets"))
    add("--dpi", type=int, default=usual.dpi, metavar="N", help=tr("dots per inch of the pages"))
    add("--names", action=argparse.BooleanOptionalAction, help=tr("with the child's name"))
    parser.epilog = tr(
        "With --json: “target”, “pages” (sheets of paper), “pictures” on them, and “failed”, a "
        "list with “what”, “message” and “next_step”. The exit code is 3 where a page failed."
    )


def add_import_words(parser: argparse.ArgumentParser) -> None:
    """The words of ``import``."""
    text = tr("pictures, folders with all in them, and ZIP archives")
    parser.add_argument("paths", type=Path, metavar="PATH", nargs="+", help=text)
    parser.epilog = tr(
        "With --json: “imported”, a list with “id” and “source”; “known”, the same with “trashed”; "
        "“foreign”, pictures of others; “refused”, a list with “what”, “message” and “next_step”. "
        "The exit code is 2 where something was refused. Where it ends early there is “error” too, "
        "with what had come by then."
    )
