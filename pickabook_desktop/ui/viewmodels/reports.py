"""What hand-overs came to, in words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from pickabook_desktop.domain.hand_over import (
    ExportReport,
    ImportReport,
    NotDone,
    SheetReport,
    Written,
)
from pickabook_desktop.domain.i18n import tr

Level = Literal["good", "note", "plain", "bad"]
# More lines than these are read by nobody, and make a dialog slow.
MOST_LINES = 200
MOST_NAMES = 6


class ReportLine(msgspec.Struct, frozen=True):
    """What it is about, and a sentence on it that may be empty."""

    what: str
    why: str = ""


class ReportGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Several of the same kind. ``level`` says whether somebody has to see to them."""

    title: str
    level: Level = "plain"
    lines: tuple[ReportLine, ...] = ()

    @property
    def shown(self) -> tuple[ReportLine, ...]:
        return self.lines[:MOST_LINES]

    @property
    def hidden(self) -> int:
        """How many lines are not shown."""
        return max(0, len(self.lines) - MOST_LINES)


class HandOverReport(msgspec.Struct, frozen=True, kw_only=True):
    """``title`` says all in one sentence; ``groups`` are what it leaves out, the most important
    first. ``folder`` is where the files are, or empty.
    """

    title: str
    folder: str = ""
    groups: tuple[ReportGroup, ...] = ()

    @property
    def troubled(self) -> bool:
        """Whether something was not done that was meant to be."""
        return any(group.level == "bad" for group in self.groups)

    @property
    def noteworthy(self) -> bool:
        """Whether something was left out."""
        return any(group.level in ("bad", "plain") for group in self.groups)

    def text(self) -> str:
        """Everything, for the clipboard."""
        parts = [self.title]
        for group in self.groups:
            lines = (f"{line.what}  {line.why}".rstrip() for line in group.lines)
            parts.append("\n".join((group.title, *lines)))
        return "\n\n".join(parts) + "\n"


def export_words(
    report: ExportReport, *, archive: bool = False, titles: Mapping[str, str] | None = None
) -> HandOverReport:
    """What an export into a folder, or into an archive, came to; ``titles`` are those of pages by
    their ids.
    """
    done = len(report.written)
    title = counted(done, tr("One page exported"), tr("{count} pages exported"))
    if archive:
        title = counted(done, tr("One page packed"), tr("{count} pages packed"))
    target = Path(report.target)
    return HandOverReport(
        title=title,
        folder=str(target.parent if archive else target),
        groups=_present(
            _not_done(
                report.failed,
                tr("One page was not exported"),
                tr("{count} pages were not exported"),
                titles=titles,
            ),
            _not_done(
                report.skipped,
                tr("One page was left out, as there is a file of its name"),
                tr("{count} pages were left out, as there are files of their names"),
                titles=titles,
                level="plain",
            ),
            ReportGroup(
                title=tr("Good to know"),
                level="note",
                lines=(*(ReportLine(note) for note in report.notes), *_notes(report.written)),
            ),
            ReportGroup(title=title, level="good", lines=_files(report.written)),
        ),
    )


def sheet_words(report: SheetReport, titles: Mapping[str, str] | None = None) -> HandOverReport:
    """What a contact sheet came to."""
    title = counted(report.pages, tr("One sheet saved"), tr("{count} sheets saved"))
    return HandOverReport(
        title=title,
        folder=str(Path(report.target).parent),
        groups=_present(
            _not_done(
                report.failed,
                tr("One page could not be read and has an empty frame"),
                tr("{count} pages could not be read and have empty frames"),
                titles=titles,
            ),
        ),
    )


def import_words(report: ImportReport) -> HandOverReport:
    """What an import came to."""
    new = tuple(one.source for one in report.imported)
    title = counted(len(new), tr("One page imported"), tr("{count} pages imported"))
    if not new:
        title = tr("Nothing new was imported")
    refused = _not_done(
        report.refused, tr("One file could not be taken"), tr("{count} files could not be taken")
    )
    good = ReportGroup(title=title, level="good", lines=_lines(new))
    return HandOverReport(
        title=title,
        groups=_present(refused, *_not_imported(report), good),
    )


def _not_imported(report: ImportReport) -> tuple[ReportGroup, ...]:
    """What is none of ours, or is here already."""
    trashed = tuple(one.source for one in report.known if one.trashed)
    known = tuple(one.source for one in report.known if not one.trashed)
    kinds = (
        (
            report.foreign,
            tr("One picture was not made by this program"),
            tr("{count} pictures were not made by this program"),
        ),
        (
            trashed,
            tr("One page is in the trash; take it out there"),
            tr("{count} pages are in the trash; take them out there"),
        ),
        (
            known,
            tr("One page was in the library already"),
            tr("{count} pages were in the library already"),
        ),
    )
    return tuple(
        ReportGroup(title=counted(len(sources), one, several), lines=_lines(sources))
        for sources, one, several in kinds
    )


def _lines(sources: Sequence[str]) -> tuple[ReportLine, ...]:
    return tuple(ReportLine(source) for source in sources)


def counted(count: int, one: str, several: str) -> str:
    """``one``, or ``several`` with the number in the place of ``{count}``."""
    return one if count == 1 else several.format(count=f"{count:,}")


def _present(*groups: ReportGroup) -> tuple[ReportGroup, ...]:
    return tuple(group for group in groups if group.lines)


def _not_done(
    left: Sequence[NotDone],
    one: str,
    several: str,
    level: Level = "bad",
    titles: Mapping[str, str] | None = None,
) -> ReportGroup:
    known = titles or {}
    lines = tuple(
        ReportLine(known.get(each.what, each.what), f"{each.message} {each.next_step}".strip())
        for each in left
    )
    return ReportGroup(title=counted(len(lines), one, several), level=level, lines=lines)


def _notes(written: Sequence[Written]) -> tuple[ReportLine, ...]:
    """Each note once, with the files that it is about."""
    about: dict[str, list[str]] = {}
    for one in written:
        for note in one.notes:
            about.setdefault(note, []).append(Path(one.file).name)
    return tuple(ReportLine(note, _listed(names)) for note, names in about.items())


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return tr("{names} and {count} more", names=shown, count=f"{more:,}") if more > 0 else shown


def _files(written: Sequence[Written]) -> tuple[ReportLine, ...]:
    return tuple(ReportLine(Path(one.file).name) for one in written)
