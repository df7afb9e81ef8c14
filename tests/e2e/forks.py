"""Many short processes out of one that has imported the slow packages already.

Each is a process of its own, with its own environment, output and end; only the packages named are
there before. Where there is no fork, use :func:`subprocess.run` instead.
"""

import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

TESTS = Path(__file__).parents[1]
UPLOADING = ("apsw", "httpx", "imagekitio", "msgspec", "truststore", "PIL.Image")
DRAWING = ("apsw", "google.genai", "httpx2", "msgspec", "truststore", "PIL.Image")


class Forks:
    """Runs Python modules as programs, one after the other, while it is entered."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._packages = packages
        self._parent: subprocess.Popen[str] | None = None

    def run(
        self, module: str, words: Sequence[object], environment: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        """The exit code as :mod:`subprocess` has it, and what was said to both outputs."""
        assert self._parent is not None
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            said = [str(Path(folder) / name) for name in ("out", "err")]
            order = {
                "module": module,
                "words": [str(word) for word in words],
                "environment": dict(os.environ if environment is None else environment),
                "said": said,
            }
            self._parent.stdin.write(json.dumps(order) + "\n")
            self._parent.stdin.flush()
            code = int(self._parent.stdout.readline())
            out, err = (Path(name).read_text(encoding="utf-8") for name in said)
        return code, out, err

    def __enter__(self) -> Self:
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "e2e.forks", *self._packages],
            cwd=TESTS,
            env={**os.environ, "PYTHONWARNINGS": "error"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._parent is not None:
            self._parent.communicate()


def main() -> None:
    for name in sys.argv[1:]:
        importlib.import_module(name)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            become(order)
            return
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def become(order: dict[str, object]) -> None:
    """Be the program that was ordered; its end is this process's."""
    (out, err), environment = order["said"], order["environment"]  # type: ignore[misc] # as sent
    for number, name in ((0, os.devnull), (1, out), (2, err)):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT
        os.dup2(os.open(name, flags), number)
    os.environ.clear()
    os.environ.update(environment)  # type: ignore[arg-type] # as sent
    added = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [place for place in added if place and place not in sys.path]
    sys.argv[1:] = order["words"]  # type: ignore[assignment] # as sent
    runpy.run_module(str(order["module"]), run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
