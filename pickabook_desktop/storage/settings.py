"""The person's settings: flat ``part.name`` keys with text values, in one JSON file.

Keys in use: ``library.dir``, ``engine.default``, ``export.metadata`` and ``export.names`` (each
``on`` or ``off``), ``page.palette`` and ``photo.face`` (for one run of the command line),
``window.*`` (the state of the window), and ``<engine id>.<name>`` for an engine's own options.
Secrets never go here.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import msgspec

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.atomic import locked, make_folder, write_atomic

_KEY = re.compile(r"[a-z][a-z0-9_-]*(\.[a-zA-Z0-9_-]+)+")
_ON = ("on", "yes", "true", "1")


class Settings:
    """Settings of one file. Values given for this run win over it and are never written.

    A broken file is set aside and ``problem`` says so. What other versions of the program have
    written is kept.
    """

    def __init__(self, file: Path, overrides: Mapping[str, str] | None = None) -> None:
        self._file = file
        self._overrides = dict(overrides or {})
        for key in self._overrides:
            check_key(key)
        self.problem = ""
        self._held: dict[str, str] = {}
        self._values = self._read_at_start()

    def text(self, key: str, default: str = "") -> str:
        """The value of ``key``, as text; ``default`` where there is none."""
        if key in self._overrides:
            return self._overrides[key]
        if key in self._held:
            return self._held[key] or default
        value = self._values.get(key, default)
        return value if isinstance(value, str) else msgspec.json.encode(value).decode()

    def switched_on(self, key: str, default: bool) -> bool:
        """The value of a switch."""
        value = self.text(key)
        return value.lower() in _ON if value else default

    def starting_with(self, prefix: str) -> dict[str, str]:
        """Every set key that starts with ``prefix``, without the prefix."""
        keys = {*self._values, *self._held, *self._overrides}
        return {k.removeprefix(prefix): self.text(k) for k in keys if k.startswith(prefix)}

    def hold(self, values: Mapping[str, str]) -> None:
        """Use ``values`` from now on; the next :meth:`update`, perhaps in another thread, keeps
        them. Raises InputError as that does, and touches no file.
        """
        for key in values:
            check_key(key)
        self._held.update(values)

    def set(self, key: str, value: str) -> None:
        """As :meth:`update` with one key."""
        self.update({key: value})

    def update(self, values: Mapping[str, str]) -> None:
        """Keep ``values`` and what is held; an empty one takes the key away.

        Reads the file again first, so what another process has set is not lost. Raises InputError
        for a name that is none or that asks for a secret, StorageError if the file cannot be read
        or written; it then stays as it is.
        """
        for key in values:
            check_key(key)
        make_folder(self._file.parent)
        with locked(self._file):
            held = dict(self._held)
            known = self._read() | held | dict(values)
            known = {key: value for key, value in known.items() if value != ""}
            text = msgspec.json.format(msgspec.json.encode(known, order="sorted"))
            write_atomic(self._file, text + b"\n")
        self._values = known
        for key, value in held.items():
            if self._held.get(key) == value:
                del self._held[key]

    def _read_at_start(self) -> dict[str, Any]:
        try:
            return self._read()
        except StorageError as error:
            self.problem = error.message
            return {}

    def _read(self) -> dict[str, Any]:
        try:
            values: object = msgspec.json.decode(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StorageError(
                tr("The settings could not be read: {reason}.", reason=error.strerror),
                tr("Allow reading {path}, or check the disk.", path=self._file),
            ) from error
        except msgspec.DecodeError:
            return self._set_aside()
        if not isinstance(values, dict):
            return self._set_aside()
        return cast("dict[str, Any]", values)

    def _set_aside(self) -> dict[str, Any]:
        aside = self._file.with_name(f"{self._file.name}.broken")
        try:
            self._file.replace(aside)
        except OSError:
            aside = self._file
        self.problem = tr(
            "The settings could not be read and start afresh. The old file is {path}.", path=aside
        )
        return {}


def check_key(key: str) -> None:
    """Raise InputError unless ``key`` may be the name of a setting."""
    from pickabook_desktop.net.redact import names_a_secret

    if names_a_secret(key):
        raise InputError(
            tr("“{key}” looks like a secret, and settings are no place for one.", key=key),
            tr("Give keys in the settings dialog or in the environment."),
        )
    if not _KEY.fullmatch(key):
        raise InputError(
            tr("“{key}” is not the name of a setting.", key=key),
            tr("Write part.name=value, for example photo.face=1."),
        )


def parse_overrides(pairs: Iterable[str]) -> dict[str, str]:
    """Read ``KEY=VALUE`` words; raise InputError for anything else."""
    values: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise InputError(
                tr("“{pair}” does not set anything.", pair=pair),
                tr("Write part.name=value, for example photo.face=1."),
            )
        check_key(key)
        values[key] = value
    return values
