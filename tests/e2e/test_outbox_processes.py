"""Senders that are killed between two steps, that run side by side, and that find no network."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from e2e.conftest import Answer as Said
from e2e.fake_engine import drawn
from e2e.forks import UPLOADING, Forks
from e2e.sender import sending
from services.imagekit import KEY, FakeImageKit
from services.wire import Answer, Exchange

from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.storage.library import Library

TESTS = Path(__file__).parents[1]
REQUEST = GenerationRequest(photo=PhotoRef(path="ada.jpg", sha256="f" * 64))
KILLED = -getattr(signal, "SIGKILL", 9)
STORE = "imagekit"
Run = Callable[..., Said]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="nobody is killed like that there")


class Killing(FakeImageKit):
    """Kills its victim once it has taken an upload, before it answers. With a ``meeting`` the first
    uploads wait for each other.
    """

    victim: "subprocess.Popen[str] | None" = None
    meeting: threading.Barrier | None = None

    def answer(self, exchange: Exchange) -> Answer:
        meeting = self.meeting
        if meeting is not None and exchange.path.endswith("/upload"):
            meeting.wait(30)
            self.meeting = None
        answered = super().answer(exchange)
        if self.victim is not None and exchange.path.endswith("/upload"):
            self.victim.kill()
            self.victim.wait()
        return answered


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks(UPLOADING) as running:
        yield running


@pytest.fixture
def pickabook(forks: Forks, environment: dict[str, str]) -> Run:
    def run(*words: object) -> Said:
        return Said(*forks.run("pickabook_desktop.cli", words, environment))

    return run


@pytest.fixture
def service() -> Iterator[Killing]:
    with Killing() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def settings(environment: dict[str, str], service: FakeImageKit) -> tuple[str, ...]:
    environment["IMAGEKIT_PRIVATE_KEY"] = KEY
    return ("--set", f"imagekit.base_url={service.url}")


def filled(folder: Path, count: int) -> list[str]:
    """A library whose pages are all to be uploaded."""
    library = Library(folder)
    ids = [library.add(drawn(seed), REQUEST).id for seed in range(count)]
    library.outbox.add_all(ids, STORE)
    library.close()
    return ids


def sender(folder: Path, service: FakeImageKit) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "e2e.sender", str(folder), service.url, "0"]
    return subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, text=True)


def finished(process: "subprocess.Popen[str]") -> int:
    process.communicate(timeout=60)
    return process.returncode


def check(folder: Path, service: FakeImageKit, ids: list[str]) -> None:
    """Every page is there once, and the library knows where."""
    library = Library(folder)
    assert library.outbox.entries() == ()
    stored = library.outbox.stored(ids)
    assert sorted(stored) == sorted(ids)
    assert all(len(copies) == 1 for copies in stored.values())
    known = {copy.remote_id for copies in stored.values() for copy in copies}
    assert known == {kept.file_id for kept in service.files.values()}
    assert len(known) == len(ids)
    library.close()


def test_no_kill_between_two_steps_loses_or_doubles_an_upload(tmp_path: Path, forks: Forks):
    died, fatal = True, 0
    while died:
        fatal += 1
        folder = tmp_path / f"library-{fatal}"
        (picture_id,) = filled(folder, 1)
        with FakeImageKit() as service:
            code, _, said = forks.run("e2e.sender", (folder, service.url, fatal))
            died = code == KILLED
            assert died or code == 0, said
            sending(folder, service.url).close()
            check(folder, service, [picture_id])
            assert len(service.uploads) == 1
    # Claimed, put down as tried, and done: two steps for each commit, and two for the upload.
    assert fatal > 8


def test_a_kill_between_the_store_and_its_answer_doubles_nothing(folder: Path, service: Killing):
    ids = filled(folder, 1)
    service.victim = sender(folder, service)
    assert finished(service.victim) == KILLED
    assert len(service.files) == 1
    service.victim = None
    sending(folder, service.url).close()
    check(folder, service, ids)
    assert len(service.uploads) == 1


@pytest.mark.parametrize("fatal", range(1, 7))
def test_no_kill_leaves_a_copy_that_was_to_be_taken_away(
    folder: Path, service: Killing, forks: Forks, fatal: int
):
    (picture_id,) = filled(folder, 1)
    library = sending(folder, service.url)
    (kept,) = service.files.values()
    library.outbox.add_deletion(STORE, kept.file_id)
    library.close()
    assert forks.run("e2e.sender", (folder, service.url, fatal))[0] == KILLED
    library = sending(folder, service.url)
    assert service.files == {}
    assert (library.outbox.entries(), library.outbox.stored((picture_id,))) == ((), {})
    library.close()


def test_two_that_send_at_once_send_nothing_twice(folder: Path, service: Killing):
    ids = filled(folder, 12)
    service.meeting = threading.Barrier(2)
    processes = [sender(folder, service) for _ in range(2)]
    assert [finished(process) for process in processes] == [0, 0]
    check(folder, service, ids)
    names = [part.text for e in service.uploads for part in e.form() if part.name == "fileName"]
    assert len(names) == len(set(names)) == 12


def test_a_page_is_uploaded_and_its_address_is_told(
    pickabook: Run, photo: Path, service: Killing, settings: tuple[str, ...]
):
    words = ("generate", photo, "--engine", "fake", "--count", 2, "--upload", STORE, "--json")
    answer = pickabook(*words, *settings)
    assert answer.code == 0, answer.err
    urls = [f"{service.endpoint}{path}" for path in service.files]
    assert sorted(answer.json["uploads"]) == sorted(urls)
    assert answer.json["url"] == answer.json["pictures"][0]["url"]
    assert answer.json["queued"] == []
    first = answer.json["pictures"][0]
    (copy,) = first["stored"]
    assert (copy["store"], copy["url"], copy["private"]) == (STORE, first["url"], True)
    assert copy["id"] in {kept.file_id for kept in service.files.values()}
    assert copy["path"] in service.files
    shown = pickabook("library", "show", first["id"], "--json").json["picture"]
    assert (shown["url"], shown["stored"]) == (first["url"], [copy])
    assert first["url"] in pickabook("library", "show", first["id"]).out
    told = pickabook(*words[:-1], *settings)
    assert told.out.splitlines()[2:] == [f"{service.endpoint}{p}" for p in [*service.files][2:]]


def test_offline_keeps_the_page_and_the_next_sending_delivers_it(
    pickabook: Run, photo: Path, service: Killing, settings: tuple[str, ...]
):
    nobody = socket.create_server(("127.0.0.1", 0))
    address = f"imagekit.base_url=http://127.0.0.1:{nobody.getsockname()[1]}"
    nobody.close()
    words = ("generate", photo, "--engine", "fake", "--upload", STORE, "--json")
    answer = pickabook(*words, "--set", address)
    assert (answer.code, answer.json["error"]["kind"]) == (3, "unreachable")
    assert answer.json["error"]["retryable"]
    (picture,) = answer.json["pictures"]
    assert Path(picture["path"]).exists()
    (entry,) = answer.json["queued"]
    assert (entry["picture"], entry["state"], entry["offline"]) == (picture["id"], "waiting", True)
    (listed,) = pickabook("outbox", "list", "--json").json["outbox"]
    assert listed == entry
    assert entry["id"] in pickabook("outbox", "list").out
    sent = pickabook("outbox", "send", *settings, "--json")
    assert sent.code == 0, sent.err
    assert [copy["picture"] for copy in sent.json["sent"]] == [picture["id"]]
    assert (sent.json["outbox"], len(service.files)) == ([], 1)
    assert pickabook("outbox", "list", "--json").json == {"outbox": [], "left_behind": []}


def test_trouble_after_storing_doubles_nothing(
    pickabook: Run, photo: Path, service: Killing, settings: tuple[str, ...]
):
    service.lost_answers = 1
    answer = pickabook(
        *("generate", photo, "--engine", "fake", "--upload", STORE, "--json"), *settings
    )
    assert (answer.code, answer.json["error"]["kind"]) == (3, "storage")
    assert len(service.files) == 1
    sent = pickabook("outbox", "send", *settings, "--json")
    assert (sent.code, len(sent.json["sent"]), len(service.uploads)) == (0, 1, 1)


def test_a_wrong_key_needs_the_person(
    pickabook: Run,
    photo: Path,
    service: Killing,
    settings: tuple[str, ...],
    environment: dict[str, str],
):
    environment["IMAGEKIT_PRIVATE_KEY"] = "private_of_somebody_else"
    words = ("generate", photo, "--engine", "fake", "--upload", STORE, "--json")
    answer = pickabook(*words, *settings)
    assert (answer.code, answer.json["error"]["kind"]) == (4, "not_configured")
    (entry,) = answer.json["queued"]
    assert entry["state"] == "failed"
    environment["IMAGEKIT_PRIVATE_KEY"] = KEY
    assert pickabook("outbox", "retry", entry["id"]).code == 0
    assert pickabook("outbox", "send", *settings).code == 0
    assert len(service.files) == 1


def test_what_waits_can_be_cancelled(
    pickabook: Run, photo: Path, service: Killing, settings: tuple[str, ...]
):
    service.server.say(Answer.of_json([]), *[Answer.of_json({"message": "no"}, 500)] * 2)
    words = ("generate", photo, "--engine", "fake", "--count", 2, "--upload", STORE, "--json")
    first, second = pickabook(*words, *settings).json["queued"]
    told = pickabook("outbox", "cancel", first["id"], "--json").json
    # It may have arrived: that is found out, and it is taken away.
    assert [entry["kind"] for entry in told["outbox"]] == ["deletion"]
    assert pickabook("outbox", "cancel", second["id"]).code == 0
    sent = pickabook("outbox", "send", *settings, "--json")
    assert (sent.code, sent.json["sent"]) == (0, [])
    # What is not there yet might still come: it is looked for once more.
    assert [entry["state"] for entry in sent.json["outbox"]] == ["waiting", "waiting"]
    assert pickabook("outbox", "send", *settings, "--json").json["removed"] == 2
    assert service.files == {}


def test_a_copy_opens_by_its_link_and_is_taken_away(
    pickabook: Run, photo: Path, service: Killing, settings: tuple[str, ...]
):
    words = ("generate", photo, "--engine", "fake", "--upload", STORE, "--json")
    (picture,) = pickabook(*words, *settings).json["pictures"]
    # Private: without a signature nobody sees it.
    with pytest.raises(HTTPError) as refused:
        urlopen(picture["url"])  # noqa: S310 the fake's
    refused.value.close()
    link = pickabook("library", "link", picture["id"], "--expires", "2h", *settings).out.strip()
    with urlopen(link) as answer:  # noqa: S310
        assert answer.read() == Path(picture["path"]).read_bytes()
    pickabook("library", "delete", picture["id"])
    assert pickabook("library", "purge").code == 0
    (left,) = pickabook("outbox", "list", "--json").json["left_behind"]
    assert (left["picture"], left["url"]) == (picture["id"], picture["url"])
    assert pickabook("outbox", "remove", picture["id"]).code == 0
    assert pickabook("outbox", "send", *settings, "--json").json["removed"] == 1
    assert service.files == {}


def test_uploads_of_themselves_never_fail_a_page(
    pickabook: Run, photo: Path, service: Killing, settings: tuple[str, ...]
):
    words: tuple[Any, ...] = ("generate", photo, "--engine", "fake", "--json", *settings)
    automatic = ("--set", f"upload.auto={STORE}")
    assert pickabook(*words, *automatic).json["url"].startswith(service.endpoint)
    service.server.say(Answer.of_json([]), Answer.of_json({"message": "no"}, 500))
    answer = pickabook(*words, *automatic)
    assert (answer.code, answer.json["url"], len(answer.json["queued"])) == (0, "", 1)
    assert "outbox send" in answer.err
    unknown = pickabook(*words, "--set", "upload.auto=nowhere")
    assert (unknown.code, unknown.json["queued"][0]["state"]) == (0, "failed")


def test_the_program_killed_while_it_uploads_leaves_it_to_the_next(
    pickabook: Run,
    command: list[str],
    environment: dict[str, str],
    photo: Path,
    service: Killing,
    settings: tuple[str, ...],
):
    words = ("generate", str(photo), "--engine", "fake", "--upload", STORE, *settings)
    service.victim = subprocess.Popen(
        [*command, *words], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert finished(service.victim) == KILLED
    service.victim = None
    assert len(pickabook("library", "list", "--json").json["pictures"]) == 1
    sent = pickabook("outbox", "send", *settings, "--json")
    assert (sent.code, len(sent.json["sent"]), len(service.uploads)) == (0, 1, 1)
