"""A copy of a library's list, put back in the place of the list.

A copy that is laid there by hand meets the log of the list before, which SQLite then takes for the
copy's own.
"""

import contextlib
import shutil
from pathlib import Path

import msgspec

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.alone import alone, new_list, rows_of
from pickabook_desktop.storage.atomic import created, write_error
from pickabook_desktop.storage.backups import Backup, Backups, problem_of
from pickabook_desktop.storage.checks import check_whole
from pickabook_desktop.storage.database import Database, translated
from pickabook_desktop.storage.own_names import LIBRARY_FILE
from pickabook_desktop.storage.reconciling import reconcile
from pickabook_desktop.storage.rows import stack_of
from pickabook_desktop.storage.schema import LIBRARY_STEPS


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """The ``copy`` that is the list now, by name, when it was ``made``, and the folder in the
    library where the list before was ``set_aside``, empty without one. ``held`` uploads wait for
    the person, for they may have been sent since.
    """

    copy: str
    made: str
    set_aside: str = ""
    held: int = 0


def restore_list(folder: Path, name: str) -> Restored:
    """Put the copy ``name`` in the place of the list of the library in ``folder``, which is set
    aside. What services were told since stays known. Whoever calls holds the library
    (:meth:`Library.held`). Raises InputError for a name that no copy has, and StorageError; the
    list is as it was then.
    """
    backups = Backups(folder)
    copy = _named(backups, name)
    path = folder / LIBRARY_FILE
    try:
        with alone(path) as old, new_list(path) as new:
            _copy(backups.path(copy), new)
            aside = backups.set_aside() if old.exists else None
            if aside is not None:
                with translated(path):
                    old.copy_to(aside)
            held = _reconciled(new, None if aside is None else aside / path.name)
            check_whole(new)
            old.replace_with(new)
    except OSError as error:
        raise write_error(path, error) from error
    where = aside.relative_to(folder).as_posix() if aside is not None else ""
    return Restored(copy=copy.name, made=copy.made, set_aside=where, held=held)


def _named(backups: Backups, name: str) -> Backup:
    for backup in backups.all():
        if backup.name != name:
            continue
        if problem_of(backups.path(backup)):
            raise StorageError(
                tr("The copy {name} is damaged itself.", name=name),
                tr("Choose another one: “pickabook library backups” lists them."),
            )
        return backup
    raise InputError(
        tr("There is no copy {name} of the list.", name=name),
        tr("“pickabook library backups” lists them."),
    )


def _reconciled(new: Path, before: Path | None) -> int:
    """How many uploads are held in the ``new`` list, which has what the one before it knew."""
    database = Database(new, LIBRARY_STEPS, functions={"stack_of": stack_of})
    try:
        with database.writing() as target:
            return reconcile(target, before, rows_of(new))
    finally:
        # Empties its log into it.
        database.close()
        with contextlib.suppress(OSError):
            Path(f"{before}-shm").unlink(missing_ok=True)


def _copy(source: Path, new: Path) -> None:
    with source.open("rb") as reading, created(new) as writing:
        shutil.copyfileobj(reading, writing)
