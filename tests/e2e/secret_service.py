"""A real Secret Service of a test's own: D-Bus and GNOME Keyring, in a home of their own."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Self

PROGRAMS = ("dbus-daemon", "dbus-send", "gnome-keyring-daemon")
MISSING = [name for name in PROGRAMS if not shutil.which(name)]
WHY_NOT = (
    "Linux only"
    if not sys.platform.startswith("linux")
    else f"not installed: {', '.join(MISSING)}"
    if MISSING
    else ""
)


class Session:
    """One signing-in: a bus, and the keyring of ``home`` unlocked or locked.

    ``environment`` makes programs find both. Locked, the service is started by the bus with the
    first question and has no screen to ask for the password on.
    """

    def __init__(self, home: Path, environment: dict[str, str], *, unlocked: bool) -> None:
        self._running = contextlib.ExitStack()
        self._unlocked = unlocked
        self.environment = {
            name: value
            for name, value in environment.items()
            if name not in ("DISPLAY", "WAYLAND_DISPLAY", "PYTHON_KEYRING_BACKEND")
        }
        # Sockets have short names only.
        self._runtime = Path(tempfile.mkdtemp(prefix="keyring"))
        self.environment |= {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / ".local" / "share"),
            "XDG_RUNTIME_DIR": str(self._runtime),
            # What the package leaves open where the service fails is not ours to close.
            "PYTHONWARNINGS": "error,ignore::ResourceWarning",
        }

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._running.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def _start(self) -> None:
        self._running.callback(shutil.rmtree, self._runtime, ignore_errors=True)
        command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
        bus = subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._running.enter_context(_ended(bus))
        assert bus.stdout
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        self._running.callback(self._stop_service)
        if self._unlocked:
            command = ["gnome-keyring-daemon", "--unlock", "--components=secrets"]
            subprocess.run(
                command,
                env=self.environment,
                input=b"a password\n",
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            self.service()

    def service(self) -> int:
        """The process that keeps the keys."""
        # It comes to the bus a little after it has been started.
        self._ask_bus("StartServiceByName", "uint32:0")
        return self._ask_bus("GetConnectionUnixProcessID")

    def _stop_service(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError, ProcessLookupError):
            os.kill(self._ask_bus("GetConnectionUnixProcessID"), signal.SIGKILL)

    def _ask_bus(self, method: str, *words: str) -> int:
        name, path = "org.freedesktop.DBus", "/org/freedesktop/DBus"
        command = ["dbus-send", "--session", "--print-reply", f"--dest={name}", path]
        command += [f"{name}.{method}", "string:org.freedesktop.secrets", *words]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=True
        )
        found = re.search(r"uint32 (\d+)", done.stdout)
        assert found, done.stdout
        return int(found[1])


@contextlib.contextmanager
def _ended(process: subprocess.Popen[str]) -> Iterator[None]:
    with process:
        try:
            yield
        finally:
            process.terminate()
