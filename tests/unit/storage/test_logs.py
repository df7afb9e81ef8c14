"""The log holds what went wrong and no secret."""

import logging
from pathlib import Path

from pickabook_desktop.storage.logs import logging_to


def test_what_is_logged_is_redacted(tmp_path: Path, home: Path):
    file = tmp_path / "cache" / "pickabook.log"
    logger = logging.getLogger("pickabook_desktop.some.module")
    with logging_to(file):
        logger.error("It broke", exc_info=RuntimeError(f"token=topsecret in {home}/photos"))
        logger.info("and goes on")
    logger.error("after the end")
    text = file.read_text()
    assert "It broke" in text
    assert "RuntimeError" in text
    assert "and goes on" in text
    assert "topsecret" not in text
    assert str(home) not in text
    assert "after the end" not in text


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    with logging_to(tmp_path / "cache" / "pickabook.log"):
        logging.getLogger("pickabook_desktop").info("unheard")
    assert (tmp_path / "cache").is_file()
