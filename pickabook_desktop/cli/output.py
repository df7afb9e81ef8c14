"""What the command line says, and where."""

import contextlib
import io
import json
import os
import sys
from collections.abc import Generator, Iterable
from typing import Any, TextIO

from pickabook_desktop.domain.errors import PickaBookError, StorageError
from pickabook_desktop.domain.events import Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs import reports
from pickabook_desktop.net.redact import Hidden, hide


class Aside(io.TextIOBase):
    """Standard error as one to which anybody may write: a reader that has gone stops nothing, and
    nobody reads there what is ``hidden``.
    """

    def __init__(self, stream: TextIO, hidden: Hidden) -> None:
        super().__init__()
        self._stream = stream
        self._hidden = hidden

    @property
    def encoding(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride] read only
        return self._stream.encoding

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def write(self, text: str) -> int:
        try:
            self._stream.write(hide(text, self._hidden.values()))
            self._stream.flush()
        except (OSError, ValueError):
            _give_up(self._stream)
        return len(text)


class Output:
    """Standard output for results, standard error for progress, failures, and whatever the
    libraries of engines and stores print; neither with what is ``hidden``.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._results = sys.stdout
        self.hidden = Hidden()
        self._aside = Aside(sys.stderr, self.hidden)
        self._stage = ""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")

    @contextlib.contextmanager
    def kept_apart(self) -> Generator[None]:
        """Nobody else writes to standard output meanwhile."""
        with contextlib.redirect_stdout(self._aside), contextlib.redirect_stderr(self._aside):
            yield

    @contextlib.contextmanager
    def help_on_results(self) -> Generator[None]:
        """What is asked for with ``--help`` is a result."""
        with contextlib.redirect_stdout(self._results):
            try:
                yield
            finally:
                self._write("")

    def give(self, data: dict[str, Any], lines: Iterable[str]) -> None:
        """Say what came out: ``data`` with ``--json``, ``lines`` without.

        A reader that has gone is no fault. Raises StorageError where it cannot be written.
        """
        if self.as_json:
            # The standard library's takes file names that are no Unicode as well.
            self._write(json.dumps(data, indent=2) + "\n")
        else:
            self._write("".join(f"{line}\n" for line in lines))

    def progress(self, event: Progress) -> None:
        """One line for each stage."""
        if event.stage != self._stage:
            self._stage = event.stage
            self.note(f"{event.fraction:4.0%}  {event.stage}")

    def note(self, text: str) -> None:
        """Something to know that is no result."""
        self._aside.write(f"{text}\n")

    def fail(
        self,
        error: PickaBookError,
        kept: dict[str, Any] | None = None,
        lines: Iterable[str] = (),
    ) -> int:
        """Say what went wrong, and what was ``kept`` all the same; returns the exit code."""
        try:
            self.give({"error": reports.error_data(error), **(kept or {})}, lines)
        except StorageError as unheard:
            self.note(str(unheard))
        if not self.as_json:
            self.note(str(error))
        return reports.exit_code(error)

    def _write(self, text: str) -> None:
        try:
            self._results.write(hide(text, self.hidden.values()))
            self._results.flush()
        except BrokenPipeError:
            _give_up(self._results)
        except OSError as error:
            _give_up(self._results)
            raise StorageError(
                tr("The answer could not be written: {reason}.", reason=error.strerror),
                tr("Check where standard output goes."),
            ) from error


def _give_up(stream: TextIO) -> None:
    """Lead a stream nowhere, so that Python does not complain about it at exit."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
