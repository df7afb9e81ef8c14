"""The words of the command line, without starting a process."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pickabook_desktop import __version__
from pickabook_desktop.assembly import Studio, assemble
from pickabook_desktop.cli import main
from pickabook_desktop.storage.places import Places

COMMANDS = (
    ("generate",),
    ("engines",),
    ("templates",),
    ("styles",),
    ("check-photo",),
    ("library",),
    ("library", "list"),
    ("library", "show"),
    ("library", "mark"),
    ("library", "export"),
    ("library", "export-many"),
    ("library", "zip"),
    ("library", "sheet"),
    ("library", "import"),
    ("library", "delete"),
    ("library", "restore"),
    ("library", "purge"),
    ("library", "adopt"),
    ("library", "verify"),
    ("library", "backups"),
    ("library", "link"),
    ("outbox",),
    ("outbox", "list"),
    ("outbox", "add"),
    ("outbox", "send"),
    ("outbox", "cancel"),
    ("outbox", "retry"),
    ("outbox", "remove"),
    ("doctor",),
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    assert " ".join(words) in capsys.readouterr().out


def test_generate_offers_what_is_promised(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["generate", "--help"])
    text = capsys.readouterr().out
    promised = (
        *("PHOTO", "--template", "--prompt", "--style", "--engine", "--name", "--size", "--aspect"),
        *("--seed", "--count", "--set", "--consent", "--upload", "--library", "--out", "--json"),
    )
    assert [word for word in promised if word not in text] == []


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_a_short_form_of_an_option_is_not_guessed(capsys: pytest.CaptureFixture[str]):
    assert main(["generate", "a.jpg", "--temp", "moon-walk", "--json"]) == 2
    assert "--temp" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_only_what_the_help_demands_is_missed(capsys: pytest.CaptureFixture[str]):
    assert main(["library", "export-many", "--json"]) == 2
    message = json.loads(capsys.readouterr().out)["error"]["message"]
    assert "FOLDER" in message
    assert "ID" not in message


def test_an_empty_library_is_an_empty_list(capsys: pytest.CaptureFixture[str]):
    assert main(["library", "list"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["library", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"pictures": []}


def test_ctrl_c_means_what_it_meant_before_afterwards(capsys: pytest.CaptureFixture[str]):
    before = signal.getsignal(signal.SIGINT)
    main(["engines"])
    assert signal.getsignal(signal.SIGINT) is before


def test_a_fault_in_the_program_is_told_and_logged(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
):
    def boom(*arguments: object) -> None:
        raise RuntimeError("a fault nobody foresaw")

    monkeypatch.setattr("pickabook_desktop.cli.commands.assemble", boom)
    assert main(["engines", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "unexpected"
    assert main(["engines"]) == 3
    told = capsys.readouterr()
    assert "unexpected" in told.err
    assert "Traceback" not in told.err
    assert "a fault nobody foresaw" in (home / ".cache/pickabook/pickabook.log").read_text()


def test_a_fault_before_there_is_a_log_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def homeless() -> Places:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Places, "of_system", homeless)
    assert main(["engines", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "unexpected"


def test_what_libraries_print_does_not_reach_standard_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def noisy(*arguments: Any) -> Studio:
        print("Loading the library of an engine")  # noqa: T201 what it must not do
        return assemble(*arguments)

    monkeypatch.setattr("pickabook_desktop.cli.commands.assemble", noisy)
    assert main(["engines", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["engines"]
    assert "Loading the library" in told.err


def test_an_interrupt_while_the_program_is_read_ends_it_as_cancelled(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    import builtins

    real = builtins.__import__

    def interrupted(name: str, *arguments: Any) -> object:
        if name == "pickabook_desktop.cli.run":
            signal.raise_signal(signal.SIGINT)
        return real(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", interrupted)
    assert main(["engines", "--json"]) == 130
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["kind"] == "cancelled"
    assert told.err == ""


HEAVY = ("numpy", "cv2", "PIL", "PySide6", "isal", "sqlite3")


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import pickabook_desktop.cli", ()),
        ("from pickabook_desktop.cli import main; main(['templates'])", ()),
        ("from pickabook_desktop.cli import main; main(['engines'])", ()),
        ("import pickabook_desktop.jobs.threads, pickabook_desktop.assembly", ("PySide6",)),
        (
            "from pickabook_desktop.assembly import assemble; s = assemble(); s.library.recent();"
            " s.engines.states()",
            (),
        ),
    ],
    ids=["cli", "templates", "engines", "threads", "assembled"],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(code: str, allowed: tuple[str, ...]):
    ask = f"{code}\nimport sys; sys.stderr.write(' '.join(m for m in {HEAVY} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert set(done.stderr.split()) <= set(allowed)
