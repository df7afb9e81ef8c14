"""After full runs of the real program no file and no answer has a byte of a key."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from e2e.secret_service import WHY_NOT, Session
from PIL import Image
from services.gemini import GeminiServer, failed
from services.imagekit import FakeImageKit
from services.wire import Answer

# Of no shape that any service's keys have, so that they are known by nothing but their value.
GEMINI = "wK3nB8xTq5Lm2Vd7Rf9HsYcPzQ4"
IMAGEKIT = "gT6bN1vKj8Wp3Xs5Dh2Mf7RcZy9"
NEW = "uE4rJ9mVt2Cq7Zk1Ln6Xb3HwSd8"
KEYS = (GEMINI, IMAGEKIT, NEW)


@dataclass
class Run:
    """One program that has ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> bytes:
        return f"{self.out}\n{self.err}".encode()


@dataclass
class Machine:
    """A computer on which nothing but this program ever writes."""

    folder: Path
    environment: dict[str, str]

    def run(
        self, *words: object, typed: str = "", environment: dict[str, str] | None = None
    ) -> Run:
        with self.started(*words, environment=environment) as process:
            out, err = process.communicate(typed, timeout=100)
        return Run(process.returncode, out, err)

    def started(
        self, *words: object, environment: dict[str, str] | None = None
    ) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, *map(str, words)],
            cwd=self.folder,
            env=self.environment | (environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def files(self) -> Iterator[Path]:
        return (file for file in self.folder.rglob("*") if file.is_file())


CLI = ("-m", "pickabook_desktop.cli")


def forms(key: str) -> list[bytes]:
    """All the ways in which a key may be written down."""
    plain = key.encode()
    texts = [key, key[::-1], quote(key), json.dumps(key)[1:-1]]
    coded = [base64.b64encode(plain), base64.b64encode(plain + b":"), plain.hex().encode()]
    utf_16 = [key.encode("utf-16-le"), key.encode("utf-16-be")]
    return [*(text.encode() for text in texts), *(code.rstrip(b"=") for code in coded), *utf_16]


def leaks(data: bytes) -> list[bytes]:
    return [form for key in KEYS for form in forms(key) if form in data]


def leaking_files(machine: Machine) -> list[Path]:
    return [file for file in machine.files() if leaks(file.read_bytes())]


@pytest.fixture
def machine(tmp_path: Path, home: Path, environment: dict[str, str]) -> Machine:
    info = tmp_path / "plugins" / "leaky-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: leaky\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[pickabook_desktop.providers]\nleaky = e2e.leaky_engine:create\n"
    )
    keys = {
        "GEMINI_API_KEY": GEMINI,
        "IMAGEKIT_PRIVATE_KEY": IMAGEKIT,
        # With these the services' own packages write down all that they send.
        "IMAGE_KIT_LOG": "debug",
        "HTTPX_LOG_LEVEL": "trace",
        "PYTHONWARNINGS": "default",
    }
    return Machine(home, environment | keys)


@pytest.fixture
def gemini() -> Iterator[GeminiServer]:
    with GeminiServer(key=GEMINI) as server:
        yield server


@pytest.fixture
def imagekit() -> Iterator[FakeImageKit]:
    with FakeImageKit(key=IMAGEKIT) as server:
        yield server


@pytest.fixture
def portrait(home: Path) -> Path:
    data = pytest.importorskip("skimage.data")
    file = home / "astronaut.png"
    Image.fromarray(data.astronaut()).save(file)
    return file


@pytest.fixture
def drawing(gemini: GeminiServer, imagekit: FakeImageKit, portrait: Path) -> list[object]:
    """The words for a page from Gemini, put at ImageKit."""
    return [
        *(*CLI, "generate", portrait, "--engine", "gemini", "--template", "moon-walk"),
        *("--size", "1K", "--name", "Ada", "--consent", "Her mother", "--upload", "imagekit"),
        *("--set", f"gemini.base_url={gemini.url}", "--set", f"imagekit.base_url={imagekit.url}"),
        *("--set", f"imagekit.upload_url={imagekit.url}"),
        *("--set", f"imagekit.url_endpoint={imagekit.endpoint}", "--json"),
    ]


def test_a_page_from_gemini_that_goes_to_imagekit(
    machine: Machine, gemini: GeminiServer, imagekit: FakeImageKit, drawing: list[object]
):
    run = machine.run(*drawing)
    assert run.code == 0, run.err
    assert json.loads(run.out)["url"]
    # The keys were in use: each came to its service.
    assert {each.headers["x-goog-api-key"] for each in gemini.exchanges} == {GEMINI}
    basic = base64.b64encode(f"{IMAGEKIT}:".encode()).decode()
    assert {each.headers["authorization"] for each in imagekit.uploads} == {f"Basic {basic}"}
    written = {file.name for file in machine.files()}
    assert {"pickabook.log", "records.db"} <= written
    assert not leaking_files(machine)
    assert not leaks(run.said)


def test_a_service_that_repeats_the_key_in_its_answer(
    machine: Machine, gemini: GeminiServer, drawing: list[object]
):
    gemini.say(failed(400, "INVALID_ARGUMENT", f"API key not valid: {GEMINI}. x-key={GEMINI}"))
    run = machine.run(*drawing)
    assert run.code in (3, 4), run.out
    assert not leaking_files(machine)
    assert not leaks(run.said)


def test_what_others_see_of_a_running_program(
    machine: Machine, gemini: GeminiServer, drawing: list[object]
):
    gemini.say(Answer(hang_before=True))
    with machine.started(*drawing) as process:
        gemini.wire.wait_for(1, 60)
        seen = [file.read_bytes() for file in Path("/proc").glob("[0-9]*/cmdline") if mine(file)]
        assert any(b"pickabook_desktop.cli" in line for line in seen)
        assert not leaks(b"".join(seen))
        assert not leaking_files(machine)  # as after a kill at this point
        process.kill()
    assert not leaking_files(machine)


def mine(cmdline: Path) -> bool:
    """Whether a process belongs to this test: the processes of others come and go."""
    try:
        status = cmdline.with_name("stat").read_text()
        return int(status.rpartition(")")[2].split()[1]) == os.getpid()
    except OSError:
        return False


def test_a_crash_with_the_keys_in_its_traceback(machine: Machine, portrait: Path):
    run = machine.run(*CLI, "generate", portrait, "--engine", "leaky", "--json")
    assert run.code == 3
    (log,) = [file for file in machine.files() if file.name == "pickabook.log"]
    text = log.read_text()
    assert "Traceback" in text
    assert "RuntimeError: ['***', '***'] were refused" in text
    assert "ValueError: ***" in text
    assert "headers" not in text
    assert "Using ***" in run.err
    assert not leaking_files(machine)
    assert not leaks(run.said)


WINDOW = """
import os, sys
from PySide6.QtCore import QTimer
from pickabook_desktop import app
from pickabook_desktop.ui.first_steps import FirstSteps

def crash_and_close(self):
    QTimer.singleShot(0, self._window, self._window.close_at_once)
    raise RuntimeError(f"a fault with {os.environ['GEMINI_API_KEY']}")

FirstSteps._collect_again = crash_and_close
sys.exit(app.main(["pickabook-desktop"]))
"""


def test_the_window_with_an_error_that_nobody_caught(machine: Machine):
    run = machine.run("-c", WINDOW, environment={"QT_QPA_PLATFORM": "offscreen"})
    assert run.code == 0, run.err
    (log,) = [file for file in machine.files() if file.name == "pickabook.log"]
    assert "RuntimeError: a fault with ***" in log.read_text()
    assert not leaking_files(machine)
    assert not leaks(run.said)


@pytest.mark.skipif(sys.platform == "win32", reason="no core files there")
@pytest.mark.parametrize("start", ["cli", "window"])
def test_the_memory_of_a_crash_is_written_nowhere(machine: Machine, start: str):
    code = {
        "cli": "import os, pickabook_desktop.cli.words as words\n"
        "words.parser = os.abort\n"
        "from pickabook_desktop.cli import main; main(['keys', 'list'])",
        "window": WINDOW.replace("raise RuntimeError", "os.abort()  #"),
    }[start]
    limit = "import resource as r; r.setrlimit(r.RLIMIT_CORE, (r.getrlimit(r.RLIMIT_CORE)[1],) * 2)"
    platform = {"QT_QPA_PLATFORM": "offscreen"}
    run = machine.run("-c", f"{limit}\n{code}", environment=platform)
    assert run.code < 0, run.err
    assert not [file for file in machine.folder.iterdir() if file.name.startswith("core")]
    assert not leaks(run.said)


@pytest.mark.parametrize("words", [("keys", "list"), ("doctor",), ("engines",)])
@pytest.mark.parametrize("as_json", [True, False])
def test_what_is_said_about_keys(machine: Machine, words: tuple[str, ...], as_json: bool):
    run = machine.run(*CLI, *words, *(["--json"] if as_json else []))
    assert run.code == 0, run.err
    assert not leaking_files(machine)
    assert not leaks(run.said)


def test_a_key_that_is_refused(machine: Machine):
    run = machine.run(*CLI, "keys", "set", "gemini", "--json", typed=f"{NEW} {NEW}")
    assert run.code == 2
    assert not leaking_files(machine)
    assert not leaks(run.said)


def test_a_key_in_the_settings_is_refused(machine: Machine):
    for pair in (f"gemini.api_key={NEW}", f"gemini.base_url=http://me:{NEW}@127.0.0.1:1/"):
        machine.run(*CLI, "generate", "photo.jpg", "--set", pair, "--json")
        assert not leaking_files(machine)


@pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
def test_a_key_in_the_systems_keyring(
    machine: Machine, home: Path, drawing: list[object], gemini: GeminiServer
):
    del machine.environment["GEMINI_API_KEY"]
    gemini.key = NEW
    with Session(home, machine.environment, unlocked=True) as session:
        machine.environment = session.environment
        runs = [
            machine.run(*CLI, "keys", "set", "gemini", "--json", typed=f"{NEW}\n"),
            machine.run(*CLI, "keys", "list"),
            machine.run(*drawing),
            machine.run(*CLI, "keys", "remove", "gemini"),
        ]
    assert [run.code for run in runs] == [0, 0, 0, 0], runs
    assert not leaking_files(machine)
    assert not [run for run in runs if leaks(run.said)]


def test_a_key_that_leaks_is_found(machine: Machine):
    """Else the other tests would prove nothing."""
    for number, form in enumerate(forms(GEMINI)):
        file = machine.folder / f"{number}.bin"
        file.write_bytes(b"SQLite" + form + b"\0")
        assert leaking_files(machine) == [file]
        file.unlink()
