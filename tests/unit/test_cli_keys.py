"""Keys on the command line: keeping one asks nobody, and says how to have it asked about."""

import io
import json
import sys
from collections.abc import Iterator

import pytest
from services.gemini import KEY, GeminiServer

from pickabook_desktop import assembly
from pickabook_desktop.cli import main
from pickabook_desktop.jobs.keys import Keys
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.settings import Settings
from pickabook_desktop.storage.vault import Vault


class Ring(Vault):
    """A keyring that keeps."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def title(self) -> str:
        return "A keyring"

    def read(self, name: str) -> str:
        return self.kept.get(name, "")

    def write(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


@pytest.fixture
def google() -> Iterator[GeminiServer]:
    with GeminiServer() as server:
        yield server


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch, google: GeminiServer) -> Ring:
    ring = Ring()
    monkeypatch.setattr(assembly, "Keys", lambda: Keys(ring, {}))
    Settings(Places.of_system().settings_file).set("gemini.base_url", google.url)
    return ring


def test_a_new_key_is_asked_about_when_the_person_says_so(
    ring: Ring,
    google: GeminiServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(KEY.encode())))
    assert main(["keys", "set", "gemini"]) == 0
    assert "pickabook keys test gemini" in capsys.readouterr().err
    assert ring.kept == {"gemini": KEY}
    assert google.exchanges == []
    del google.models["gemini-3-pro-image"]
    assert main(["keys", "test", "gemini", "--json"]) == 0
    assert "Nano Banana 2.1" in json.loads(capsys.readouterr().out)["checks"]["gemini"]
    assert main(["engines", "--json"]) == 0
    engines = json.loads(capsys.readouterr().out)["engines"]
    models = next(engine for engine in engines if engine["id"] == "gemini")["capabilities"][
        "models"
    ]
    states = {model["id"]: model["state"] for model in models}
    assert states["gemini-3-pro-image"] == "retired"


def test_a_key_is_asked_about_where_this_run_is_told_to(
    ring: Ring, google: GeminiServer, capsys: pytest.CaptureFixture[str]
):
    Settings(Places.of_system().settings_file).set("gemini.base_url", "http://127.0.0.1:1")
    ring.kept["gemini"] = KEY
    words = ["keys", "test", "gemini", "--set", f"gemini.base_url={google.url}", "--json"]
    assert main(words) == 0
    assert "accepted" in json.loads(capsys.readouterr().out)["checks"]["gemini"]


def test_a_key_that_nothing_uses_is_not_kept(
    ring: Ring, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(KEY.encode())))
    assert main(["keys", "set", "nonsense", "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert "nonsense" in error["message"]
    assert "gemini, imagekit" in error["next_step"]
    assert ring.kept == {}
