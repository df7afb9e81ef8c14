"""A library's list made whole again, from what is left of it and from its copies.

A damaged list is copied aside before anything happens, and the new one takes its place in one step:
cut short at any point, the old list is there or the new one, and a second try does the rest.
"""

import contextlib
import logging
import re
from pathlib import Path

import apsw
import msgspec

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.alone import Alone, alone, new_list, rows_of
from pickabook_desktop.storage.atomic import write_error
from pickabook_desktop.storage.checks import check_whole, is_lost, problem_with
from pickabook_desktop.storage.database import Connection, Database, translated
from pickabook_desktop.storage.entries import withdraw_purged
from pickabook_desktop.storage.gleaning import gleaned
from pickabook_desktop.storage.holdings import Holdings
from pickabook_desktop.storage.own_names import LIBRARY_FILE, is_half_written, is_new_list
from pickabook_desktop.storage.reconciling import (
    COPY,
    copies_in,
    hold_uploads,
    sent_since,
    uploads_in,
)
from pickabook_desktop.storage.rows import stack_of
from pickabook_desktop.storage.salvage import (
    BESIDES,
    UNDER_WAY,
    Source,
    source_at,
    take_decisions,
    take_pictures,
    take_tables,
    take_tags,
)
from pickabook_desktop.storage.schema import LIBRARY_STEPS
from pickabook_desktop.storage.unfinished import recover, remove_doomed

# Behind all times.
_NEVER = "~"

_log = logging.getLogger(__name__)


class ListRepair(msgspec.Struct, frozen=True, kw_only=True):
    """What was done. ``damage`` says what was wrong with the list, empty where nothing was;
    ``set_aside`` is the folder in the library with the damaged one, empty without one. ``salvaged``
    pictures came out of it and ``from_copies`` out of ``copies``; ``removed`` are the paths of
    half-written files.
    """

    damage: str = ""
    set_aside: str = ""
    salvaged: int = 0
    from_copies: int = 0
    copies: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def repair_list(folder: Path) -> ListRepair:
    """Make the list of the library in ``folder`` whole, finish what was cut short, and remove what
    is half written. Whoever calls holds the library (:meth:`Library.held`). Raises StorageError;
    nothing is lost then, and the next try goes on.
    """
    if not folder.exists():
        return ListRepair()
    repairing = _Repairing(folder)
    try:
        return repairing.run()
    finally:
        repairing.close()


class _Lacking(msgspec.Struct, frozen=True):
    """Tables of which rows were lost with the list, and pictures of which the decisions or the tags
    were.
    """

    tables: frozenset[str] = frozenset()
    undecided: frozenset[str] = frozenset()
    untagged: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.tables or self.undecided or self.untagged)


_ALL = _Lacking(tables=frozenset(BESIDES))


class _Repairing:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._list = folder / LIBRARY_FILE
        self._holdings = holdings = Holdings(folder)
        self._files, self._database = holdings.files, holdings.database
        self._backups, self._thumbnails = holdings.backups, holdings.thumbnails

    def run(self) -> ListRepair:
        lost = is_lost(self._list)
        known = self._backups.all() or self._backups.lists_set_aside() or self._files.all()
        if lost and not known:
            return ListRepair()
        damage = tr("The list is gone") if lost else problem_with(self._database)
        done, lacking = ListRepair(), _Lacking()
        if damage != "ok":
            _log.warning("The library's list is made anew: %s", damage)
            self._database.close()
            aside, salvaged, lacking = self._rebuild()
            done = ListRepair(damage=damage, set_aside=aside, salvaged=salvaged)
        from_copies, copies = self._fill(lacking)
        removed = self._finish()
        return msgspec.structs.replace(
            done, from_copies=from_copies, copies=copies, removed=removed
        )

    def close(self) -> None:
        self._holdings.close()

    def _rebuild(self) -> tuple[str, int, _Lacking]:
        """A new list in the place of the old one, with all that can be read of that: where the old
        one is now, how many pictures were in it, and what was not.
        """
        aside = ""
        with alone(self._list) as old:
            damaged = self._copied_aside(old) if old.exists else None
            try:
                with new_list(self._list) as new:
                    salvaged, lacking = self._salvage(damaged, new)
                    check_whole(new)
                    old.replace_with(new)
            except OSError as error:
                raise write_error(self._list, error) from error
            if damaged is not None:
                aside = damaged.parent.relative_to(self._folder).as_posix()
        return aside, salvaged, lacking

    def _copied_aside(self, old: Alone) -> Path:
        """A copy of the damaged list with its log, on the disk."""
        folder = self._backups.set_aside()
        try:
            with translated(self._list):
                old.copy_to(folder)
        except OSError as error:
            raise write_error(folder / LIBRARY_FILE, error) from error
        return folder / LIBRARY_FILE

    def _salvage(self, damaged: Path | None, new: Path) -> tuple[int, _Lacking]:
        database = Database(new, LIBRARY_STEPS, functions={"stack_of": stack_of})
        try:
            with database.writing() as target:
                if damaged is None:
                    return 0, _ALL
                taken, lacking, whole = _read(target, damaged)
                if not whole:
                    scratch = rows_of(new)
                    more, lacking = _glean(target, damaged, scratch, lacking)
                    taken |= more
                return len(taken), lacking
        finally:
            # The log of the new list, emptied into it in closing, does not come with it.
            database.close()
            with contextlib.suppress(OSError):
                Path(f"{damaged}-shm").unlink(missing_ok=True)

    def _fill(self, lacking: _Lacking) -> tuple[int, tuple[str, ...]]:
        """Take pictures that are there without a row from copies of the list, newest first."""
        count = 0
        used: list[str] = []
        orphans = self._orphans()
        begun = self._begun(orphans)
        for made, file in self._copies():
            wanted = lacking
            if made < begun:
                # Some program has begun a new list in the place of one that was lost.
                wanted = msgspec.structs.replace(lacking, tables=frozenset(BESIDES))
            if not (wanted or orphans):
                continue
            with contextlib.suppress(apsw.Error), contextlib.ExitStack() as stack:
                backup = file.parent == self._backups.folder
                source = stack.enter_context(source_at(file, immutable=backup))
                taken = self._fill_from(source, wanted, orphans, backup=backup)
                count += taken
                if taken or wanted:
                    used.append(file.relative_to(self._folder).as_posix())
                if taken:
                    orphans = self._orphans()
                if backup:
                    lacking, begun = _Lacking(), begun if made >= begun else ""
        return count, tuple(used)

    def _fill_from(
        self, source: Source, lacking: _Lacking, orphans: set[str], *, backup: bool
    ) -> int:
        with self._database.writing() as target:
            taken = take_pictures(target, source, lambda row: row.path in orphans)
            take_decisions(target, source, taken | lacking.undecided)
            take_tags(target, source, lacking.untagged)
            before = uploads_in(target)
            sent = sent_since(copies_in(target), source.rows("stored", COPY))
            # What services have to delete they are rather told twice than never.
            take_tables(target, source, tuple(sorted(lacking.tables | {"discards"})))
            whose = {"outbox", "stored"} - lacking.tables
            take_tables(target, source, tuple(sorted(whose)), taken)
            if backup:
                hold_uploads(target, uploads_in(target) - before, sent)
        return len(taken)

    def _begun(self, orphans: set[str]) -> str:
        """When the first page was listed that is, as copies are named; empty for not known."""
        ((first,),) = self._database.rows("SELECT min(created) FROM pictures") or [(None,)]
        if first is None:
            return _NEVER if orphans else ""
        return re.sub("[-:]", "", str(first))[: len("20260101T000000")]

    def _copies(self) -> list[tuple[str, Path]]:
        """When copies and lists set aside were made, and where they are, newest first."""
        backups = {
            self._backups.path(b).stem.partition("-")[2]: self._backups.path(b)
            for b in self._backups.all()
        }
        aside = {file.parent.name: file for file in self._backups.lists_set_aside()}
        return sorted([*backups.items(), *aside.items()], reverse=True)

    def _orphans(self) -> set[str]:
        return {path for path in self._holdings.unlisted() if not is_half_written(path)}

    def _finish(self) -> tuple[str, ...]:
        removed: list[str] = []
        with self._database.writing() as connection:
            recover(connection, self._files)
            remove_doomed(connection, self._files, self._thumbnails, self._backups)
            withdraw_purged(connection)
            # In this transaction nobody keeps a picture.
            for path in sorted(filter(is_half_written, self._files.all())):
                with contextlib.suppress(StorageError):
                    self._files.remove(path)
                    removed.append(path)
        for part in filter(lambda file: is_new_list(file.name), self._folder.glob(".*")):
            with contextlib.suppress(OSError):
                part.unlink()
                removed.append(part.name)
        self._thumbnails.mend()
        return (*removed, *self._backups.remove_unfinished())


def _read(target: Connection, damaged: Path) -> tuple[set[str], _Lacking, bool]:
    """Take all that SQLite can read of a list: which pictures that were, what was not read, and
    whether nothing was damaged on the way.
    """
    with contextlib.ExitStack() as stack:
        try:
            source = stack.enter_context(source_at(damaged, immutable=False))
        except apsw.Error as error:
            _log.warning("The damaged list cannot be opened: %s", error)
            return set(), _ALL, False
        taken = take_pictures(target, source, lambda row: True)
        undecided = taken - take_decisions(target, source, taken)
        take_tables(target, source, (*BESIDES, *UNDER_WAY))
        whole = {table for table in BESIDES if source.columns(table)} - source.damaged
        lacking = _Lacking(
            tables=frozenset(BESIDES) - whole,
            undecided=frozenset(undecided),
            untagged=frozenset(taken if "tags" in source.damaged else ()),
        )
        return taken, lacking, bool(source.columns("pictures")) and not source.damaged


def _glean(
    target: Connection, damaged: Path, scratch: Path, lacking: _Lacking
) -> tuple[set[str], _Lacking]:
    """Take what is still on pages that SQLite does not find: which pictures that were, and what may
    be missing yet.
    """
    with gleaned(damaged, scratch, target) as rows:
        source = Source(rows)
        taken = take_pictures(target, source, lambda row: True)
        undecided = lacking.undecided | taken
        undecided -= take_decisions(target, source, undecided)
        take_tags(target, source, lacking.untagged)
        take_tables(target, source, (*BESIDES, *UNDER_WAY))
    # What has no tags may have lost them, or was never given any.
    tagged = target.execute("SELECT id FROM cards WHERE n IN (SELECT n FROM tags)")
    untagged = lacking.untagged | taken.difference(str(row[0]) for row in tagged)
    return taken, msgspec.structs.replace(
        lacking, undecided=frozenset(undecided), untagged=frozenset(untagged)
    )
