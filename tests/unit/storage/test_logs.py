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


def test_the_keys_of_the_run_are_not_in_the_log(tmp_path: Path):
    file = tmp_path / "pickabook.log"
    known: list[str] = []
    logger = logging.getLogger("pickabook_desktop.some.module")
    with logging_to(file, secrets=lambda: known):
        known.append("swordfish")
        logger.error("It answered %s", "no, swordfish!", exc_info=ValueError("not swordfish"))
        logging.getLogger("httpx2").warning("sent %s", "swordfish")
    text = file.read_text()
    assert "It answered" in text
    assert "ValueError" in text
    assert "swordfish" not in text


@pytest.mark.parametrize(
    "library",
    ["httpx", "httpx2", "httpcore.http11", "google_genai.models", "imagekitio", "urllib3"],
)
def test_libraries_that_are_made_to_tell_everything_tell_complaints_only(
    tmp_path: Path, library: str, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "pickabook.log"
    logger = logging.getLogger(library)
    monkeypatch.setattr(logger, "level", logging.DEBUG)
    with logging_to(file):
        logger.debug("request headers: x-api-key")
        logger.info("POST https://api.test/v1")
        logger.warning("the service complains")
    text = file.read_text()
    assert "headers" not in text
    assert "POST" not in text
    assert text.count("the service complains") == 1


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
