"""Traces of a child outside the library: in settings, the log, and files of this program's folders.

What is sought there are the child's name, as :class:`~pickabook_desktop.domain.names.Mentions`
finds it, and the paths, file names and hashes of its photos, in JSON in the texts that it means.
"""

import contextlib
import functools
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import cast

import msgspec

from pickabook_desktop.domain.names import Mentions, written
from pickabook_desktop.storage.atomic import TEMPORARY, locked, write_error
from pickabook_desktop.storage.files import sha256_of
from pickabook_desktop.storage.json_texts import texts_in
from pickabook_desktop.storage.scratch import Scratch
from pickabook_desktop.storage.settings import Settings

# Where the person has put things; without them the program would look in the wrong place.
KEPT_SETTINGS = ("library.dir", "folder.dir")
_DATABASES = (".db", ".db-wal", ".db-shm", ".db-journal")
_TEXTS = (".toml", ".svg", ".json", ".txt", ".md", ".broken")
_MOST_TEXT = 4 << 20
_RECORD = re.compile(r"(?m)^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")


class Clues(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """By what traces are known: ``photos`` are hashes, ``paths`` where the photos were, ``pages``
    the ids of the pages that go.
    """

    photos: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    def found_in(self, text: str) -> bool:
        """Whether ``text`` names a photo, by its hash, its path or the name of its file."""
        if any(photo in text for photo in self.photos):
            return True
        return any(self.paths) and bool(self._files.search(text))

    @functools.cached_property
    def _files(self) -> re.Pattern[str]:
        files = {*self.paths, *(PurePath(path).name for path in self.paths)} - {""}
        ways = sorted(map(written, files), key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)")


def settings_without(values: Mapping[str, str], clues: Clues, mentions: Mentions) -> dict[str, str]:
    """What has to be set so that no setting leads to the child; an empty value takes one away.

    In JSON, such as the form of the window, texts that lead there become empty, all else stays.
    """
    changes: dict[str, str] = {}
    for key, value in values.items():
        if key not in KEPT_SETTINGS and _leads(value, clues, mentions):
            changes[key] = _json_without(value, clues, mentions)
    return changes


def settings_that_stay(values: Mapping[str, str], mentions: Mentions) -> tuple[str, ...]:
    """The settings that have the name and are left, for the program would lose its way."""
    return tuple(key for key in KEPT_SETTINGS if mentions.found_in(values.get(key, "")))


def forget_memory(file: Path, mentions: Mentions) -> None:
    """Delete a file that the program makes again by itself, where it has the name in it; raises
    StorageError.
    """
    if any(map(mentions.quoted_in, texts_in(_text(file)))):
        _remove(file)


def clean_settings(file: Path, clues: Clues, mentions: Mentions, live: Settings) -> int:
    """Take the child out of the settings in ``file``, of which ``live`` are this run's, and out of
    what was set aside or left half written; gives the number of settings. Raises StorageError.
    """
    if not file.parent.is_dir():
        return 0
    if file.exists():
        live.update({})
    changes = settings_without(Settings(file).starting_with(""), clues, mentions)
    if changes:
        live.update(changes)
    with locked(file):
        for part in file.parent.glob(f".{file.name}.*{TEMPORARY}"):
            _remove(part)
    aside = broken(file)
    if _speaks(_text(aside), clues, mentions):
        _remove(aside)
    return len(changes)


def broken(settings_file: Path) -> Path:
    """Where settings are set aside that could not be read."""
    return settings_file.with_name(f"{settings_file.name}.broken")


def clean_log(file: Path, clues: Clues, mentions: Mentions) -> int:
    """Take every record out of the log, and out of older ones beside it, that speaks of the child;
    gives the number of records. Raises StorageError.
    """
    return sum(
        _clean_log(one, clues, mentions)
        for one in sorted(file.parent.glob(f"{file.name}*"))
        if one.is_file()
    )


def records_about(file: Path, clues: Clues, mentions: Mentions) -> int:
    """How many records :func:`clean_log` would take out."""
    logs = [one for one in file.parent.glob(f"{file.name}*") if one.is_file()]
    return sum(
        _speaks(record, clues, mentions) for one in logs for record in _RECORD.split(_text(one))
    )


def copies(folders: Iterable[Path], clues: Clues, skip: Iterable[Path]) -> tuple[Path, ...]:
    """Files below ``folders`` that are a photo of the child, byte for byte, or have the id of one
    of its pages as their name, but for those below ``skip``.
    """
    return tuple(
        file
        for file in _files(folders, tuple(skip))
        if file.stem.lstrip(".").partition(".")[0] in clues.pages or _digest(file) in clues.photos
    )


def telling(folders: Iterable[Path], mentions: Mentions, skip: Iterable[Path]) -> tuple[Path, ...]:
    """Texts below ``folders`` that have the name in them, and files that have it in theirs."""
    return tuple(
        file
        for file in _files(folders, tuple(skip))
        if mentions.found_in(file.name)
        or (file.suffix in _TEXTS and any(map(mentions.found_in, texts_in(_text(file)))))
    )


def remove_copies(files: Iterable[Path], scratch: Path) -> None:
    """Delete ``files``, and what runs that have ended left in ``scratch``; raises StorageError."""
    Scratch(scratch).sweep()
    for file in files:
        _remove(file)


def _json_without(text: str, clues: Clues, mentions: Mentions) -> str:
    try:
        value: object = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return ""
    if not isinstance(value, dict | list):
        return ""
    emptied = _emptied(cast("object", value), lambda inner: _leads(inner, clues, mentions))
    return msgspec.json.encode(emptied).decode()


def _emptied(value: object, found: Callable[[str], bool]) -> object:
    """A JSON value in which all texts are empty that are ``found``."""
    if isinstance(value, dict):
        parts = cast("dict[str, object]", value)
        return {key: _emptied(inner, found) for key, inner in parts.items() if not found(key)}
    if isinstance(value, list):
        return [_emptied(inner, found) for inner in cast("list[object]", value)]
    return "" if isinstance(value, str) and found(value) else value


def _leads(value: str, clues: Clues, mentions: Mentions) -> bool:
    """Whether a text, or JSON in the texts that it means, leads to the child."""
    return any(mentions.found_in(text) or clues.found_in(text) for text in texts_in(value))


def _speaks(record: str, clues: Clues, mentions: Mentions) -> bool:
    """Whether a text that goes as a whole may lead to the child."""
    return mentions.quoted_in(record) or clues.found_in(record)


def _clean_log(file: Path, clues: Clues, mentions: Mentions) -> int:
    records = _RECORD.split(_text(file))
    kept = [record for record in records if not _speaks(record, clues, mentions)]
    if len(kept) == len(records):
        return 0
    try:
        # In its place: whoever is writing to the log goes on at its end.
        with file.open("r+b") as log:
            log.write("".join(kept).encode("utf-8", "surrogateescape"))
            log.truncate()
            log.flush()
            os.fsync(log.fileno())
    except OSError as error:
        raise write_error(file, error) from error
    return len(records) - len(kept)


def _files(folders: Iterable[Path], skip: tuple[Path, ...]) -> Iterator[Path]:
    for folder in dict.fromkeys(folders):
        for place, names, files in os.walk(folder):
            here = Path(place)
            names[:] = [name for name in names if here / name not in skip]
            for name in files:
                if not name.endswith(_DATABASES) and here / name not in skip:
                    yield here / name


def _digest(file: Path) -> str:
    try:
        return sha256_of(file.read_bytes())
    except OSError:
        return ""


def _text(file: Path) -> str:
    """The start of a file as text, empty where there is none; what is no Unicode survives."""
    with contextlib.suppress(OSError), file.open("rb") as opened:
        return opened.read(_MOST_TEXT).decode("utf-8", "surrogateescape")
    return ""


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise write_error(file, error) from error
