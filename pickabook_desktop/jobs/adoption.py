"""Pages that the library's list has lost come back by what they say of themselves."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture
from pickabook_desktop.storage.files import ENDINGS, Files, id_in
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.repair import repair_list

THUMBNAIL_EDGE = 256
_KINDS = {f".{ending}": kind for kind, ending in ENDINGS.items()}


def regain_orphans(library: Library) -> tuple[KeptPicture, ...]:
    """Take pages without a row back from the copies of the list, with what was decided about them.
    Raises StorageError.
    """
    before = library.orphans()
    if not before:
        return ()
    library.close()
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
    if known or any(_says_how(library.folder / path) for path in pages):
        return len(pages)
    return 0


def _lies_right(path: str) -> bool:
    media_type = _KINDS.get(Path(path).suffix)
    try:
        return media_type is not None and path == Files(Path()).path_for(id_in(path), media_type)
    except (ValueError, OverflowError):
        return False


def _says_how(file: Path) -> bool:
    """Whether a picture says how it was made, as those that can be adopted do."""
    from pickabook_desktop.imaging import metadata

    try:
        said = metadata.read(file.read_bytes(), _KINDS[file.suffix])
        return said is not None and bool(GenerationRequest.from_json(said.request_json))
    except (OSError, msgspec.MsgspecError, RecursionError, InputError, StorageError):
        return False


def adopt_orphans(library: Library, cancellation: Cancellation) -> Iterator[KeptPicture]:
    """Take every whole page without a row back into the list. What cannot be read, or does not say
    how it was made, stays as it is. What only the list knew is lost: photo, consent, names.
    """
    for path in library.orphans():
        cancellation.raise_if_cancelled()
        file = library.folder / path
        if file.name.startswith(".") or file.suffix not in _KINDS:
            continue
        kept = _adopt(library, path, _KINDS[file.suffix])
        if kept is not None:
            yield kept


def _adopt(library: Library, path: str, media_type: str) -> KeptPicture | None:
    from pickabook_desktop.imaging import metadata
    from pickabook_desktop.imaging.encode import decode_rgb
    from pickabook_desktop.imaging.thumbnail import thumbnail

    try:
        data = Path(library.folder / path).read_bytes()
        said = metadata.read(data, media_type)
        if said is None:
            return None
        request = GenerationRequest.from_json(said.request_json)
        height, width, _ = decode_rgb(data).shape
        small = thumbnail(data, THUMBNAIL_EDGE)
    except (OSError, msgspec.MsgspecError, RecursionError, InputError, StorageError):
        return None
    drawn = DrawnPicture(
        data=data,
        media_type=media_type,
        size=Size(width, height),
        seed=said.seed,
        thumbnail=small,
        digital_source_type=said.digital_source_type,
    )
    try:
        return library.adopt(path, drawn, request, said.engine_version)
    except (ValueError, OverflowError):
        # A name whose letters stand for no time.
        return None
