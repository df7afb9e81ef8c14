"""One tool for whoever works on the project. Standard library only; works from any folder.

run          set up, then open the window (without a display: make a page from the sample)
test         set up, then run the whole test suite       (--lowest: with the oldest libraries)
setup        set up only: .venv, the project, face models, system libraries
check        format, lint, types, import contracts, budgets, then the tests with the oldest
             libraries and with the newest                 (--static: no tests)
screenshots  start the real window and write resources/screenshots
thumbnails   draw the pictures of the templates and styles from the sample portrait
bench        run the benchmarks

Words after the command are handed on: ``dev.py test -k coach``, ``dev.py run photo.jpg``.
"""

from __future__ import annotations  # older Pythons must reach our own message

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import face_models
import system_libraries

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOWEST_VENV = ROOT / ".venv-lowest"
OLDEST_PYTHON = (3, 11)
SAMPLE = ROOT / "resources" / "samples" / "sample.png"
SAMPLE_PAGE = ROOT / "sample-page.png"


# More of them only wait for each other's disk.
MOST_PROCESSES = 4

# Widgets of the oldest Qt differ in details that the floors below do not see.
LOWEST = ("--lowest", "tests/unit", "tests/contract")


class SetupError(Exception):
    """Setting up failed; the message says what to do."""


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(command: list[str | Path], **environment: str) -> int:
    """Run in the project's folder; return the exit code."""
    print("$", " ".join(str(word) for word in command), flush=True)
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=ROOT, env=os.environ | environment, check=False).returncode


# ---------------------------------------------------------------- set-up


def setup(extras: tuple[str, ...] = (), *, venv: Path = VENV, lowest: bool = False) -> Path:
    """Make ``venv`` hold the project with ``extras``; return its Python. Quick when up to date."""
    wanted = _fingerprint(lowest=lowest)
    stamp = venv / "pickabook-setup.txt"
    known = stamp.read_text(encoding="utf-8").split() if stamp.is_file() else []
    installed = set(known[1:] if known[:1] == [wanted] else [])
    if not set(extras) <= installed or not python_of(venv).exists() or not known:
        _make_venv(venv)
        _install(venv, tuple(sorted(installed | set(extras))), lowest=lowest)
        stamp.write_text(" ".join([wanted, *sorted(installed | set(extras))]), encoding="utf-8")
    if written := face_models.ensure(python=str(python_of(venv))):
        print(f"Face models put in place: {', '.join(written)}")
    return python_of(venv)


def _fingerprint(*, lowest: bool) -> str:
    # A checkout that was moved has an editable install that points to where it was.
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8") + str(lowest) + str(ROOT)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _make_venv(venv: Path) -> None:
    if _has_pip(venv):
        return
    shutil.rmtree(venv, ignore_errors=True)  # what an interrupted set-up has left
    base = _base_python()
    print(f"Making {venv.name} with {base}", flush=True)
    if _made_with(base, venv):
        return
    # Debian keeps venv in a package of its own.
    installed = shutil.which("dpkg") and system_libraries.install(["python3-venv"])
    if not (installed and _made_with(base, venv)):
        raise SetupError(
            f"{base} could not make a virtual environment. On Debian or Ubuntu run: "
            "sudo apt-get install python3-venv. Then start again."
        )


def _has_pip(venv: Path) -> bool:
    python = python_of(venv)
    command = [str(python), "-m", "pip", "--version"]
    return (
        python.exists()
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


def _made_with(base: str, venv: Path) -> bool:
    command = [base, "-m", "venv", "--clear", str(venv)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _base_python() -> str:
    if sys.version_info >= OLDEST_PYTHON:
        return sys.executable
    for minor in range(14, OLDEST_PYTHON[1] - 1, -1):
        if found := shutil.which(f"python3.{minor}"):
            return found
    raise SetupError("Python 3.11 or newer is needed. Install it, then start again with it.")


def _install(venv: Path, extras: tuple[str, ...], *, lowest: bool) -> None:
    target = f".[{','.join(extras)}]" if extras else "."
    pip = [python_of(venv), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    print("Installing the project and its libraries; the first time takes a minute.", flush=True)
    if lowest:
        pip += ["--constraint", _lower_bounds(venv)]
    if run([*pip, "--editable", target]):
        raise SetupError(
            "pip could not install the project. Check the connection to the package index, "
            "then start again; nothing has to be undone."
        )


def _lower_bounds(venv: Path) -> Path:
    """A constraints file that pins each library to the oldest release we claim to work with."""
    import tomllib  # not there before Python 3.11, which must still reach its message

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = [
        f"{match[1]}=={match[2]}"
        for line in project["dependencies"]
        if (match := re.match(r"([\w.-]+)>=([\w.]+)", line))
    ]
    path = venv / "lower-bounds.txt"
    path.write_text("\n".join(pins) + "\n", encoding="utf-8")
    return path


def system_packages(
    *, window: bool, virtual_screen: bool = False, secret_service: bool = False
) -> None:
    """Install the system's missing shared libraries, or say how.

    Goes on in any case: what looks missing here may be found elsewhere by the program.
    """
    missing = system_libraries.missing_packages(
        window=window, virtual_screen=virtual_screen, secret_service=secret_service
    )
    system_libraries.install(missing)


def has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# ---------------------------------------------------------------- commands


def command_setup(_words: list[str]) -> int:
    system_packages(window=True)
    python = setup()
    print(f"Ready. Python of the project: {python}")
    return 0


def command_run(words: list[str]) -> int:
    display = has_display()
    system_packages(window=display)
    python = setup()
    if display:
        return run([python, "-m", "pickabook_desktop", *words])
    code = run(
        [
            *(python, "-m", "pickabook_desktop.cli", "generate", SAMPLE),
            *("--template", "moon-walk", "--name", "Mia", "--out", SAMPLE_PAGE, *words),
        ],
        QT_QPA_PLATFORM="offscreen",
    )
    if code == 0:
        print(
            f"\nThere is no display here, so a page was made from the sample portrait:\n"
            f"  {SAMPLE_PAGE}\n"
            "To open the window, run the same command in a desktop session, or with a virtual "
            "screen:\n  xvfb-run -a python3 packaging/dev.py run"
        )
    return code


def command_test(words: list[str]) -> int:
    system_packages(window=False, secret_service=True)
    lowest = "--lowest" in words
    venv = LOWEST_VENV if lowest else VENV
    python = setup(("test",), venv=venv, lowest=lowest)
    words = [word for word in words if word != "--lowest"]
    return run([python, "-m", "pytest", *_side_by_side(words), *words], QT_QPA_PLATFORM="offscreen")


def _side_by_side(words: list[str]) -> list[str]:
    """How many processes share the tests: one where somebody looks for something in particular."""
    if any(word.startswith("-") or word.endswith(".py") or "::" in word for word in words):
        return []
    return ["-n", str(min(os.cpu_count() or 1, MOST_PROCESSES)), "--dist", "loadfile"]


def command_check(words: list[str]) -> int:
    python = setup(("test", "check"))
    tools = python.parent
    steps: list[list[str | Path]] = [
        [tools / "ruff", "format", "--check", "."],
        [tools / "ruff", "check", "."],
        [tools / "pyright"],
        [tools / "lint-imports"],
        [python, ROOT / "packaging" / "budgets.py"],
    ]
    failed = [str(step[0]) for step in steps if run(step)]
    if "--static" not in words:
        rest = [word for word in words if word != "--static"]
        failed += ["tests with the oldest libraries"] if command_test([*LOWEST, *rest]) else []
        failed += ["tests"] if command_test(rest) else []
    print("check: clean" if not failed else f"check: failed in {', '.join(failed)}")
    return 1 if failed else 0


def command_screenshots(words: list[str]) -> int:
    system_packages(window=True, virtual_screen=True)
    python = setup()
    screen = ["xvfb-run", "-a", "-s", "-screen 0 2560x1600x24"]
    prefix: list[str | Path] = [] if sys.platform in {"win32", "darwin"} else [*screen]
    platform = {} if not prefix else {"QT_QPA_PLATFORM": "xcb"}
    return run([*prefix, python, ROOT / "packaging" / "screenshots.py", *words], **platform)


def command_thumbnails(words: list[str]) -> int:
    system_packages(window=False)
    python = setup()
    script = ROOT / "packaging" / "thumbnails.py"
    return run([python, script, *words], QT_QPA_PLATFORM="offscreen")


def command_bench(words: list[str]) -> int:
    system_packages(window=False)
    python = setup(("test", "bench"))
    command = [python, "-m", "pytest", "tests/benchmarks", "--override-ini=python_files=bench_*.py"]
    return run([*command, "-s", *words], QT_QPA_PLATFORM="offscreen")


COMMANDS = {
    "run": command_run,
    "test": command_test,
    "setup": command_setup,
    "check": command_check,
    "screenshots": command_screenshots,
    "thumbnails": command_thumbnails,
    "bench": command_bench,
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=COMMANDS)
    known, words = parser.parse_known_args()
    try:
        return COMMANDS[known.command](words)
    except (SetupError, face_models.ModelsMissingError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
