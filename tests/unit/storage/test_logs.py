"""The log holds what went wrong and no secret."""

import logging
import stat
import sys
from pathlib import Path

import pytest

from pickabook_desktop.storage import logs
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


@pytest.mark.skipif(sys.platform == "win32", reason="no permission bits there")
def test_the_log_is_for_one_person_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(logs, "LIMIT", 2000)
    file = tmp_path / "cache" / "pickabook.log"
    file.parent.mkdir()
    file.touch(0o644)
    with logging_to(file) as log:
        for number in range(40):
            log.info("line %d %s", number, "x" * 100)
    kept = sorted(file.parent.iterdir())
    assert [path.name for path in kept] == ["pickabook.log", "pickabook.log.1"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in kept] == [0o600, 0o600]
