"""The log file: what went wrong, for whoever mends it; without secrets and home folders."""

import contextlib
import logging
from collections.abc import Generator
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pickabook_desktop.net.redact import redact

LIMIT = 1_000_000
FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


@contextlib.contextmanager
def logging_to(file: Path, level: int = logging.INFO) -> Generator[logging.Logger]:
    """Write the program's log to ``file`` meanwhile; go without one where that cannot be done.

    Gives the program's logger.
    """
    logger = logging.getLogger("pickabook_desktop")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        handler = RotatingFileHandler(
            file,
            maxBytes=LIMIT,
            backupCount=1,
            encoding="utf-8",
            errors="backslashreplace",
            delay=True,
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
