"""TOML that was read before: the standard library reads it in Python, a millisecond a template, and
the first painted window waits for all of them.
"""

import contextlib
import os
from pathlib import Path
from typing import TypeVar

import msgspec

Entry = TypeVar("Entry")


class _Seen(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was: time of change (ns), size, and what it said, as JSON."""

    changed: int
    size: int
    said: msgspec.Raw


class ParsedFiles:
    """Reads TOML files, and remembers in ``memory`` (a file; None for no memory) what they said.

    A file that has another time or size is read again. A memory that is broken, or was made by a
    version with other fields, is none.
    """

    def __init__(self, memory: Path | None = None) -> None:
        self._memory = memory
        self._seen: dict[str, _Seen] = {}
        self._new = False
        if memory is not None:
            with contextlib.suppress(OSError, msgspec.MsgspecError):
                self._seen = msgspec.json.decode(memory.read_bytes(), type=dict[str, _Seen])

    def read(self, file: Path, kind: type[Entry]) -> Entry:
        """What ``file`` says; raises OSError, ``msgspec.MsgspecError``, UnicodeDecodeError."""
        status = file.stat()
        seen = self._seen.get(str(file))
        if seen is not None and (seen.changed, seen.size) == (status.st_mtime_ns, status.st_size):
            with contextlib.suppress(msgspec.MsgspecError):
                return msgspec.json.decode(seen.said, type=kind)
        entry = msgspec.toml.decode(file.read_bytes(), type=kind)
        said = msgspec.Raw(msgspec.json.encode(entry))
        self._seen[str(file)] = _Seen(status.st_mtime_ns, status.st_size, said)
        self._new = True
        return entry

    def keep(self) -> None:
        """Write down what is new; that it cannot be written costs a few milliseconds next time."""
        if self._memory is None or not self._new:
            return
        with contextlib.suppress(OSError):
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            beside = self._memory.with_name(f"{self._memory.name}.{os.getpid()}")
            beside.write_bytes(msgspec.json.encode(self._seen))
            beside.replace(self._memory)
