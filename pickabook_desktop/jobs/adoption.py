"""Pages that the library's list has lost come back by what they say of themselves."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture
from pickabook_desktop.storage.files import ENDINGS, Files, id_in
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.repair import repair_list

if TYPE_CHECKING:
    from pickabook_desktop.imaging.metadata import Metadata

_KINDS = {f".{ending}": kind for kind, ending in ENDINGS.items()}


def regain_orphans(library: Library) -> tuple[KeptPicture, ...]:
    """Take pages without a row back from the copies of the list, with what was decided about them.
    Raises StorageError.
    """
    before = library.orphans()
    if not before:
        return ()
    with library.held():
        repair_list(library.folder)
    left = set(library.orphans())
    regained: list[KeptPicture] = []
    for path in before:
        if path not in left:
            with contextlib.suppress(InputError):
                regained.append(library.get(id_in(path)))
    return tuple(regained)


def unlisted_pages(library: Library) -> int:
    """How many pages lie where the list has none of them; 0 where all that lies there is no page,
    so that none of it could be taken back. Raises StorageError.
    """
    pages = [path for path in library.orphans() if _lies_right(path)]
    known = bool(pages) and library.backups.know([id_in(path) for path in pages])
    found = known or any(_told_by(library.folder / path) for path in pages)
    return len(pages) if found else 0


def _lies_right(path: str) -> bool:
    media_type = _KINDS.get(Path(path).suffix)
    try:
        return media_type is not None and path == Files(Path()).path_for(id_in(path), media_type)
    except (ValueError, OverflowError):
        return False


class _Told(NamedTuple):
    """A picture's bytes, and how it was made."""

    data: bytes
    said: "Metadata"
    request: GenerationRequest


def _told_by(file: Path) -> _Told | None:
    """None for a picture that cannot be read, or does not say how it was made."""
    from pickabook_desktop.imaging import arriving

    try:
        data = file.read_bytes()
        said = arriving.told_by(data, _KINDS[file.suffix])
        return said and _Told(data, said, GenerationRequest.from_json(said.request_json))
    except (OSError, msgspec.MsgspecError, RecursionError):
        return None


def adopt_orphans(library: Library, cancellation: Cancellation) -> Iterator[KeptPicture]:
    """Take every whole page without a row back into the list. What cannot be read, or does not say
    how it was made, stays as it is. What only the list knew is lost: photo, consent, names.
    """
    for path in library.orphans():
        cancellation.raise_if_cancelled()
        file = library.folder / path
        if file.name.startswith(".") or file.suffix not in _KINDS:
            continue
        told = _told_by(file)
        kept = told and _adopt(library, path, told)
        if kept is not None:
            yield kept


def _adopt(library: Library, path: str, told: _Told) -> KeptPicture | None:
    from pickabook_desktop.imaging import arriving

    try:
        arrival = arriving.examined(told.data, _KINDS[Path(path).suffix])
    except InputError:
        return None
    drawn = DrawnPicture(
        data=told.data,
        media_type=arrival.media_type,
        size=arrival.size,
        seed=told.said.seed,
        thumbnail=arrival.thumbnail,
        digital_source_type=told.said.digital_source_type,
    )
    try:
        return library.adopt(path, drawn, told.request, told.said.engine_version)
    except (ValueError, OverflowError):
        # A name whose letters stand for no time.
        return None
