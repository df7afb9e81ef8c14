"""The log file: what went wrong, for whoever mends it; without secrets and home folders."""

import contextlib
import logging
import os
import sys
from collections.abc import Callable, Generator, Iterable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pickabook_desktop.net.redact import redact

OWN = "pickabook_desktop"
LIMIT = 1_000_000
FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


class _Redacting(logging.Formatter):
    def __init__(self, secrets: Callable[[], Iterable[str]]) -> None:
        super().__init__(FORMAT)
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record), self._secrets())


def _worth_keeping(record: logging.LogRecord) -> bool:
    """Whether a record is this program's own, or a complaint of a library. Anything less of
    libraries tells addresses and headers, and some can be made to say it by environment variables.
    """
    return record.name.partition(".")[0] == OWN or record.levelno >= logging.WARNING


class _Private(RotatingFileHandler):
    """Its files can be read by this person alone, those of older versions too."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        if sys.platform != "win32":
            os.fchmod(handle, 0o600)
        return open(handle, "a", encoding=self.encoding, errors=self.errors)  # noqa: PTH123 a handle


def leave_no_core() -> None:
    """Keep the system from putting the memory of a crash, with the keys in it, into a file."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))


@contextlib.contextmanager
def logging_to(
    file: Path, level: int = logging.INFO, secrets: Callable[[], Iterable[str]] = tuple
) -> Generator[logging.Logger]:
    """Write the log of the program and its libraries to ``file`` meanwhile; go without one where
    that cannot be done. ``secrets`` gives what must not be in it.

    Gives the program's logger.
    """
    logger, root = logging.getLogger(OWN), logging.getLogger()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = _Private(
            file, maxBytes=LIMIT, backupCount=1, encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        yield logger
        return
    handler.setFormatter(_Redacting(secrets))
    handler.addFilter(_worth_keeping)
    before = logger.level
    logger.setLevel(level)
    # With a handler there, no library sets up one of its own that writes to standard error.
    root.addHandler(handler)
    try:
        yield logger
    finally:
        root.removeHandler(handler)
        logger.setLevel(before)
        handler.close()
