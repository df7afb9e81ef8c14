"""Is everything in place? What ``pickabook doctor`` looks at; never a secret."""

import ctypes
import hashlib
import platform
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import msgspec

from pickabook_desktop import __version__
from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.key_names import KeyState, where_text
from pickabook_desktop.jobs.library_place import check_library_place
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.storage.places import writable

PACKAGES = (
    "PySide6-Essentials",
    "opencv-python-headless",
    "numpy",
    "pillow",
    "pillow-heif",
    "msgspec",
    "platformdirs",
    "apsw",
    "isal",
    "google-genai",
    "imagekitio",
    "keyring",
    "truststore",
)

# Where a key is that certainly nobody has given.
NOT_SET = ("missing", "unavailable")

# What Qt loads at run time and no Python package brings along.
LINUX_LIBRARIES = (
    "libGL.so.1",
    "libEGL.so.1",
    "libxkbcommon.so.0",
    "libglib-2.0.so.0",
    "libfreetype.so.6",
    "libfontconfig.so.1",
    "libdbus-1.so.3",
    "libgssapi_krb5.so.2",
)
LINUX_WINDOW_LIBRARIES = (
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-keysyms.so.1",
    "libxcb-shape.so.0",
    "libxcb-xkb.so.1",
    "libxkbcommon-x11.so.0",
)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at. ``level`` ``warn`` means that drawing works all the same."""

    name: str
    level: str
    detail: str
    next_step: str = ""


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was looked at, the versions, and the folders."""

    version: str
    python: str
    system: str
    packages: dict[str, str]
    folders: dict[str, str]
    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        return all(finding.level != "stop" for finding in self.findings)


def diagnose(studio: Studio) -> Diagnosis:
    """Look at everything; changes nothing and raises nothing that was foreseen."""
    places = studio.places
    keys = studio.keys.refresh(studio.key_names)
    findings = (
        *_packages_missing(),
        _face_models(places.face_models),
        *_catalogue(studio),
        *_engines(studio, keys),
        _keyring(studio),
        *_keys(keys),
        _settings(studio),
        _library(studio),
        _copies(studio),
        _writable(tr("Data folder"), places.data),
        _writable(tr("Settings folder"), places.config),
        *_qt_libraries(),
    )
    return Diagnosis(
        version=__version__,
        python=platform.python_version(),
        system=platform.platform(),
        packages={name: _version(name) or tr("missing") for name in PACKAGES},
        folders={
            "resources": str(places.resources),
            "data": str(places.data),
            "settings": str(places.settings_file),
            "cache": str(places.cache),
            "log": str(places.log_file),
            "library": str(studio.library.folder),
        },
        findings=findings,
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _packages_missing() -> Iterator[Finding]:
    missing = [name for name in PACKAGES if not _version(name)]
    yield Finding(
        name=tr("Packages"),
        level="stop" if missing else "good",
        detail=tr("missing: {names}", names=", ".join(missing)) if missing else tr("complete"),
        next_step=tr("Install PickaBook Desktop again.") if missing else "",
    )


def _listed_models(folder: Path) -> list[tuple[str, str]]:
    """Name and hash of each model, from the list that the build goes by; empty without one."""
    try:
        listed = tomllib.loads((folder / "models.toml").read_text(encoding="utf-8"))
        return [
            (member.rpartition("/")[2], sha256)
            for package in listed["package"]
            for member, sha256 in package["files"].items()
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []


def _face_models(folder: Path) -> Finding:
    models = _listed_models(folder)
    wrong = [name for name, sha256 in models if _hash(folder / name) != sha256]
    if not models:
        wrong = ["models.toml"]
    return Finding(
        name=tr("Face models"),
        level="stop" if wrong else "good",
        detail=tr("missing or wrong: {names}", names=", ".join(wrong)) if wrong else tr("complete"),
        next_step=tr("Run “python packaging/face_models.py”, or install again.") if wrong else "",
    )


def _hash(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def _catalogue(studio: Studio) -> Iterator[Finding]:
    for name, found in ((tr("Templates"), studio.templates), (tr("Styles"), studio.styles)):
        yield Finding(
            name=name,
            level="good" if found else "stop",
            detail=", ".join(found) or tr("none"),
            next_step="" if found else tr("Install PickaBook Desktop again."),
        )
    for skipped in studio.catalogue.skipped:
        yield Finding(
            name=str(skipped.folder),
            level="warn",
            detail=skipped.reason,
            next_step=tr("Mend or remove this folder."),
        )


def _engines(studio: Studio, keys: tuple[KeyState, ...]) -> Iterator[Finding]:
    """An engine whose key is missing, which is said of the key itself, is not ready either."""
    missing = {key.name for key in keys if key.where in NOT_SET}
    for state in studio.engines.states():
        can = state.capabilities
        keyless = can is not None and can.needs_key and can.key in missing
        problem = state.unavailable or (tr("needs a key") if keyless else "")
        yield Finding(
            name=tr("Engine {title}", title=state.title),
            level="warn" if problem else "good",
            detail=problem or tr("ready"),
        )


def _keyring(studio: Studio) -> Finding:
    try:
        detail = studio.keys.keyring()
    except PickaBookError as error:
        return Finding(
            name=tr("Keyring"), level="warn", detail=error.message, next_step=error.next_step
        )
    return Finding(name=tr("Keyring"), level="good", detail=detail)


def _keys(keys: tuple[KeyState, ...]) -> Iterator[Finding]:
    """Where the keys are. Drawing on this machine needs none, so a missing one stops nothing."""
    for state in keys:
        how = tr(
            "“pickabook keys set {name}” keeps one, and the environment variable {variable} gives"
            " one.",
            name=state.name,
            variable=state.variable,
        )
        hint = how if state.where in NOT_SET else state.hint
        yield Finding(
            name=tr("Key for {title}", title=state.title),
            level="good" if state.present else "warn",
            detail=where_text(state),
            next_step="" if state.present else hint,
        )


def _settings(studio: Studio) -> Finding:
    problem = studio.settings.problem
    return Finding(
        name=tr("Settings"), level="warn" if problem else "good", detail=problem or tr("readable")
    )


def _library(studio: Studio) -> Finding:
    try:
        check_library_place(studio.library, studio.settings)
        count = studio.library.count()
        database = studio.library.check_database()
    except PickaBookError as error:
        return Finding(
            name=tr("Library"), level="stop", detail=error.message, next_step=error.next_step
        )
    sound = database == "ok"
    return Finding(
        name=tr("Library"),
        level="good" if sound else "stop",
        detail=tr("{count} pictures", count=count) if sound else database,
        next_step="" if sound else tr("“pickabook library verify --repair” makes it whole again."),
    )


def _copies(studio: Studio) -> Finding:
    wished = studio.settings.switched_on("library.backups", default=True)
    due = wished and studio.library.backups.due()
    newest = studio.library.backups.all()[:1]
    made = tr("last made {time}", time=newest[0].made[:16].replace("T", " ")) if newest else ""
    return Finding(
        name=tr("Copies of the library's list"),
        level="warn" if due else "good",
        detail=made or (tr("none yet") if wished else tr("switched off")),
        next_step=tr("“pickabook library backups --now” makes one.") if due else "",
    )


def _writable(name: str, folder: Path) -> Finding:
    fine = writable(folder)
    return Finding(
        name=name,
        level="good" if fine else "stop",
        detail=str(folder) if fine else tr("{folder} may not be written", folder=folder),
        next_step="" if fine else tr("Allow writing there."),
    )


def _qt_libraries() -> Iterator[Finding]:
    if find_spec("PySide6") is None or not sys.platform.startswith("linux"):
        return
    for name, libraries, level in (
        (tr("Libraries for drawing"), LINUX_LIBRARIES, "stop"),
        (tr("Libraries for the window on X11"), LINUX_WINDOW_LIBRARIES, "warn"),
    ):
        missing = [library for library in libraries if not _loads(library)]
        yield Finding(
            name=name,
            level=level if missing else "good",
            detail=tr("missing: {names}", names=", ".join(missing)) if missing else tr("complete"),
            next_step=tr("Install them with the system's package manager.") if missing else "",
        )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
