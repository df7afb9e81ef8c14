"""What ``pickabook`` writes reaches whoever listens, or is told as a failure."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.conftest import Answer

Run = Callable[..., Answer]


def test_a_reader_that_goes_away_is_no_fault(
    command: list[str], environment: dict[str, str], pickabook: Run
):
    process = subprocess.Popen(
        [*command, "engines", "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 0


@pytest.mark.parametrize("gone", ["stdout", "stderr"])
@pytest.mark.parametrize(("words", "code"), [(("library", "show", "NONE"), 2), ((), 0)])
def test_whoever_listens_may_go_away_without_changing_the_outcome(
    command: list[str],
    environment: dict[str, str],
    pickabook: Run,
    photo: Path,
    gone: str,
    words: tuple[str, ...],
    code: int,
):
    draw = ("generate", str(photo), "--engine", "fake", "--count", "3", "--prompt", "chat")
    process = subprocess.Popen(
        [*command, *(words or draw), "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    (process.stdout if gone == "stdout" else process.stderr).close()
    said = (process.stderr if gone == "stdout" else process.stdout).read()
    assert process.wait(60) == code
    assert b"Traceback" not in said
    assert b"BrokenPipe" not in said
    for stream in (process.stdout, process.stderr):
        stream.close()
    if not words:
        assert len(pickabook("library", "list", "--json").json["pictures"]) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="no such device elsewhere")
def test_an_answer_that_cannot_be_written_is_a_failure(
    command: list[str], environment: dict[str, str]
):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*command, "engines"], env=environment, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 3
    assert b"could not be written" in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_answer_is_json_in_ascii_whatever_an_engine_prints(pickabook: Run, photo: Path):
    words = ("--prompt", "chat", "--name", "Zoë 🚀", "--json")
    answer = pickabook("generate", photo, "--engine", "fake", *words)
    assert answer.code == 0, answer.err
    assert answer.out.isascii()
    assert answer.json["pictures"][0]["request"]["fields"] == {"name": "Zoë 🚀"}
    assert "Downloading weights" in answer.err


def test_letters_that_the_terminal_lacks_are_replaced(
    pickabook: Run, photo: Path, environment: dict[str, str]
):
    environment["PYTHONIOENCODING"] = "ascii"
    target = photo.with_name("Zoë.png")
    answer = pickabook("generate", photo, "--engine", "fake", "--out", target)
    assert (answer.code, Path(answer.out.strip()).name) == (0, "Zo?.png")
