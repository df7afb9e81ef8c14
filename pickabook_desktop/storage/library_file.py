"""The file with a library's tables."""

from pathlib import Path

from pickabook_desktop.storage.database import Database
from pickabook_desktop.storage.own_names import LIBRARY_FILE
from pickabook_desktop.storage.rows import stack_of
from pickabook_desktop.storage.schema import LIBRARY_STEPS


def library_database(folder: Path) -> Database:
    """The tables of the library in ``folder``; opens nothing yet. They are copied before a newer
    version changes them.
    """
    return Database(
        folder / LIBRARY_FILE,
        LIBRARY_STEPS,
        functions={"stack_of": stack_of},
        before_migration=lambda: _copy(folder),
    )


def _copy(folder: Path) -> None:
    from pickabook_desktop.storage.backups import Backups

    Backups(folder).make_quietly()
