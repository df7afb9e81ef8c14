"""A key that is typed at a terminal is not shown there, and Ctrl+C ends the asking."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")

KEY = "AIzaSyNobodysKey0123456789"


@dataclass
class Terminal:
    """A program that asks for a key; ``end`` is the person's end of the terminal."""

    process: "subprocess.Popen[str]"
    end: int

    def finish(self) -> str:
        """Wait for the end; everything that the person has seen."""
        out, err = self.process.communicate(timeout=60)
        os.set_blocking(self.end, False)
        shown = b""
        with contextlib.suppress(OSError):
            while more := os.read(self.end, 4096):
                shown += more
        return f"{out}{err}{shown.decode()}"


@pytest.fixture
def terminal(environment: dict[str, str], command: list[str]) -> Iterator[Terminal]:
    import pty

    end, other = pty.openpty()
    process = subprocess.Popen(
        [*command, "keys", "set", "gemini"],
        env=environment,
        stdin=other,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        question = "Key for Google Gemini: "
        assert process.stderr
        assert process.stderr.read(len(question)) == question
        yield Terminal(process, end)
        process.kill()
    os.close(other)
    os.close(end)


def test_what_is_typed_is_not_shown(terminal: Terminal):
    os.write(terminal.end, f"{KEY}\n".encode())
    shown = terminal.finish()
    assert terminal.process.returncode == 4
    assert "PYTHON_KEYRING_BACKEND" in shown
    assert KEY not in shown


def test_typing_nothing_keeps_nothing(terminal: Terminal):
    os.write(terminal.end, b"\n")
    assert "no key" in terminal.finish()
    assert terminal.process.returncode == 2


def test_ctrl_c_ends_the_asking(terminal: Terminal):
    terminal.process.send_signal(signal.SIGINT)
    assert "Stopped" in terminal.finish()
    assert terminal.process.returncode == 130
