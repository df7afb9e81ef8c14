"""The log file: what went wrong, for whoever mends it; without secrets and home folders."""

import contextlib
import logging
import os
import sys
from collections.abc import Generator
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pickabook_desktop.net.redact import redact

LIMIT = 1_000_000
FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _Private(RotatingFileHandler):
    """Its files can be read by this person alone, those of older versions too."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        if sys.platform != "win32":
            os.fchmod(handle, 0o600)
        return open(handle, "a", encoding=self.encoding, errors=self.errors)  # noqa: PTH123 a handle


@contextlib.contextmanager
def logging_to(file: Path, level: int = logging.INFO) -> Generator[logging.Logger]:
    """Write the program's log to ``file`` meanwhile; go without one where that cannot be done.

    Gives the program's logger.
    """
    logger = logging.getLogger("pickabook_desktop")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = _Private(
            file, maxBytes=LIMIT, backupCount=1, encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        yield logger
        return
    handler.setFormatter(_Redacting(FORMAT))
    before = logger.level
    logger.setLevel(level)
    logger.addHandler(handler)
    try:
        yield logger
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
        handler.close()
