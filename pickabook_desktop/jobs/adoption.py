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
from pickabook_desktop.storage.files import ENDINGS, id_in
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.repair import repair_list

THUMBNAIL_EDGE = 256


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


def adopt_orphans(library: Library, cancellation: Cancellation) -> Iterator[KeptPicture]:
    """Take every whole page without a row back into the list. What cannot be read, or does not say
    how it was made, stays as it is. What only the list knew is lost: photo, consent, names.
    """
    media_types = {f".{ending}": kind for kind, ending in ENDINGS.items()}
    for path in library.orphans():
        cancellation.raise_if_cancelled()
        file = library.folder / path
        if file.name.startswith(".") or file.suffix not in media_types:
            continue
        kept = _adopt(library, path, media_types[file.suffix])
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
