"""A process that forgets a child and is killed on the way: at the point of the given number, where
points lie before and after everything that changes a file.
"""

import functools
import os
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pickabook_desktop.domain.events import Done
from pickabook_desktop.jobs.forget import Surroundings, find_child, forget_job
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage import leftovers
from pickabook_desktop.storage.database import Connection, Database
from pickabook_desktop.storage.files import Files
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.records import records_database
from pickabook_desktop.storage.settings import Settings


class Killer:
    """Ends the process without any farewell at point ``number``."""

    def __init__(self, number: int) -> None:
        self._left = number

    def point(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapped(*words: Any, **named: Any) -> Any:
            self.point()
            answer = function(*words, **named)
            self.point()
            return answer

        return wrapped

    def lurk(self) -> None:
        """Put points around all that changes a file."""
        writing = Database.writing

        @contextmanager
        def watched(database: Database, *, durable: bool = True) -> Generator[Connection]:
            with writing(database, durable=durable) as connection:
                yield connection
                self.point()
            self.point()

        for place, name in (
            *((Database, name) for name in ("rebuild", "fold")),
            (Files, "remove"),
            *((leftovers, name) for name in ("_remove", "_clean_log")),
            (Settings, "update"),
        ):
            setattr(place, name, self.around(getattr(place, name)))
        setattr(Database, "writing", watched)  # noqa: B010 a method with points in it


def main(folder: Path, words: str, number: int) -> None:
    places = Places.under(folder)
    records = records_database(places.data)
    around = Surroundings(
        records=records,
        places=places,
        settings=Settings(places.settings_file),
        library=places.library,
    )
    child = find_child(words, around)
    Killer(number).lurk()
    *_, ending = run_job(forget_job(child, around), CancelToken())
    assert isinstance(ending, Done), ending
    records.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
