"""The shared libraries that Qt needs from a Debian or Ubuntu system, and how to install them.

Elsewhere (Windows, macOS, other Linux systems) there is nothing to do or nothing we may do: the
wheels bring their own libraries, or the person's package manager knows them by other names.
"""

from __future__ import annotations  # older Pythons must reach our own message

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

# soname -> Debian package. Found by starting the program on a bare Debian 12.
HEADLESS = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfreetype.so.6": "libfreetype6",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
VIRTUAL_SCREEN = {"xvfb-run": "xvfb", "xauth": "xauth"}
# A real keyring service for the tests; without it they are skipped.
SECRET_SERVICE = {"gnome-keyring-daemon": "gnome-keyring", "dbus-run-session": "dbus"}
FONT_PACKAGE = "fonts-dejavu-core"


def missing_packages(
    *, window: bool, virtual_screen: bool = False, secret_service: bool = False
) -> list[str]:
    """Debian packages to install, in a stable order; empty outside Debian and Ubuntu."""
    if not sys.platform.startswith("linux") or not shutil.which("apt-get"):
        return []
    sonames = HEADLESS | (WINDOW if window else {})
    wanted = [package for soname, package in sonames.items() if not _loads(soname)]
    programs = VIRTUAL_SCREEN if virtual_screen else {}
    programs = programs | (SECRET_SERVICE if secret_service else {})
    wanted += [package for program, package in programs.items() if not shutil.which(program)]
    if not any(any(folder.rglob("*.[to]tf")) for folder in _font_folders()):
        wanted.append(FONT_PACKAGE)
    return wanted


def install(packages: list[str]) -> bool:
    """Install with apt-get, as root or through sudo without a password.

    Returns False where that is not allowed or fails, after printing the command to run by hand.
    """
    if not packages:
        return True
    prefix = _root_prefix()
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    by_hand = "sudo apt-get update && sudo " + " ".join(command)
    if prefix is None:
        print(f"These system packages are missing: {' '.join(packages)}\nPlease run: {by_hand}")
        return False
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-q"], command):
        done = subprocess.run(
            [*prefix, *step],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            print(f"{' '.join(step)} failed:\n{done.stderr.strip()}\nPlease run: {by_hand}")
            return False
    return True


def _font_folders() -> list[Path]:
    own = [Path.home() / ".local/share/fonts", Path.home() / ".fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), *own]


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _root_prefix() -> list[str] | None:
    """What to put before a command to run it as root; None where that needs a password."""
    if not shutil.which("apt-get"):
        return None
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if sudo := shutil.which("sudo"):
        probe = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
        if probe.returncode == 0:
            return [sudo, "-n"]
    return None
