"""Make a library whole again: its list from what is left of it and from its copies, and pages that
none of them knows from what they say of themselves.
"""

from collections.abc import Iterator

import msgspec

from pickabook_desktop.domain.errors import PickaBookError, StorageError
from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.adoption import adopt_orphans
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.database import DAMAGED
from pickabook_desktop.storage.library import Library, LibraryReport
from pickabook_desktop.storage.repair import ListRepair, repair_list
from pickabook_desktop.storage.restoring import restore_list


class RepairReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was done to the ``list``, which pages were ``adopted`` by what they say of themselves,
    which were ``dropped`` from the list as their files are gone, and what a check found ``after``
    it all. Pages are told by their ids.
    """

    list: ListRepair
    adopted: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    after: LibraryReport

    @property
    def anything_done(self) -> bool:
        done = self.list
        return bool(done.damage or done.from_copies or done.removed or self.adopted or self.dropped)


def calls_for_repair(error: PickaBookError) -> bool:
    """Whether ``error`` says that the list of a library is damaged."""
    return error.code == DAMAGED


def repair_job(library: Library, *, drop_missing: bool = False) -> Job:
    """Repair the library and end with ``Done(value=RepairReport)``. Pages whose files are gone stay
    listed unless they are to be dropped, which they are not where no page's file is there.
    Cancelling stops it between two steps; what was done by then is done. Fails with StorageError
    where the disk does not do its part or another program has the library open; a second try goes
    on.
    """

    def job(token: CancelToken) -> Iterator[JobEvent]:
        yield Progress(fraction=0.0, stage=tr("Mending the list"))
        with library.held():
            mended = repair_list(library.folder)
        yield Progress(fraction=0.4, stage=tr("Taking back pages"))
        adopted: list[str] = []
        for picture in adopt_orphans(library, token):
            adopted.append(picture.id)
            yield Progress(fraction=0.5, stage=tr("Taking back pages"))
        yield Progress(fraction=0.7, stage=tr("Checking all pages"))
        after = library.verify(token)
        dropped: tuple[str, ...] = ()
        if drop_missing and after.missing:
            dropped = _drop(library, after, token)
            after = library.verify(token)
        library.backups.make_quietly()
        yield Done(
            value=RepairReport(list=mended, adopted=tuple(adopted), dropped=dropped, after=after)
        )

    return job


def restore_job(library: Library, name: str) -> Job:
    """Put the copy ``name`` of the list in the place of the list, which is set aside; ends with
    ``Done(value=Restored)``. Fails as :func:`restore_list` does.
    """

    def job(token: CancelToken) -> Iterator[JobEvent]:
        token.raise_if_cancelled()
        with library.held():
            restored = restore_list(library.folder, name)
        yield Done(value=restored)

    return job


def _drop(library: Library, found: LibraryReport, token: CancelToken) -> tuple[str, ...]:
    """Take pages off the list whose files are gone; what was known of them stays in a copy."""
    if len(found.missing) == found.pictures:
        raise StorageError(
            tr("Not one page's file is there, so no page was taken off the list."),
            tr(
                "Connect the disk that {folder} is on, or put that folder back, then try again.",
                folder=library.folder / "pictures",
            ),
        )
    library.backups.make(token)
    return library.drop_missing(found.missing)


def repair_data(report: RepairReport) -> dict[str, object]:
    """A repair as data, the check after it in front as :func:`reports.verify_data` has it."""
    return {
        "sound": report.after.sound,
        **msgspec.to_builtins(report.after),
        "repair": {
            **msgspec.to_builtins(report.list),
            "adopted": list(report.adopted),
            "dropped": list(report.dropped),
        },
    }


def repair_lines(report: RepairReport) -> list[str]:
    """What was done, in sentences."""
    done = report.list
    lines: list[str] = []
    if done.damage:
        lines.append(tr("The list was made anew. What was wrong: {words}.", words=done.damage))
    if done.set_aside:
        lines.append(tr("The damaged one is kept in {folder}.", folder=done.set_aside))
        lines.append(tr("Pages read from it: {count}", count=done.salvaged))
    if done.from_copies:
        names = ", ".join(done.copies)
        lines.append(tr("Pages taken from {names}: {count}", names=names, count=done.from_copies))
    if report.adopted:
        lines.append(
            tr(
                "Pages taken back by what they say of themselves, without photo, name and ratings:"
                " {count}",
                count=len(report.adopted),
            )
        )
    if report.dropped:
        lines.append(
            tr("Pages without a file, taken off the list: {count}", count=len(report.dropped))
        )
    if done.removed:
        lines.append(tr("Half-written files removed: {count}", count=len(done.removed)))
    return lines or [tr("There was nothing to repair.")]
