"""Copies of pictures for the world outside: in another format, with or without metadata."""

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

import msgspec

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import name_in
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture
from pickabook_desktop.domain.review import UNDECIDED, Decided
from pickabook_desktop.jobs.telling import telling_file
from pickabook_desktop.storage.atomic import write_atomic

MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}
# TIFF has no place for the record of how a picture was made.
WITHOUT_RECORD = ("image/tiff",)


def check_target(target: Path, *, photo: Path | None = None, library: Path | None = None) -> None:
    """Raise InputError unless a picture can be written to ``target``, which is neither ``photo``
    nor in the folder ``library``, by whatever name.
    """
    if target.suffix.lower() not in MEDIA_TYPES:
        raise InputError(
            tr("{name} does not end like a kind of file that can be written.", name=target.name),
            tr("End the name in .png, .jpg, .webp or .tif."),
        )
    check_place(target, photo=photo, library=library)


def check_place(target: Path, *, photo: Path | None = None, library: Path | None = None) -> None:
    """As :func:`check_target`, for a file of any kind."""
    check_folder(target.absolute().parent)
    if target.is_dir():
        raise InputError(
            tr("{path} is a folder.", path=target), tr("Give the name of a file in it.")
        )
    if photo is not None and _same(target, photo):
        raise InputError(
            tr("{name} is the photo itself.", name=target.name),
            tr("Choose another name; the photo is never written over."),
        )
    if library is not None:
        # It may be a link to a file that is there.
        for folder in (target.resolve().parent, target.absolute().parent):
            _check_outside(folder, library, target)


def check_folder(folder: Path, *, library: Path | None = None) -> None:
    """Raise InputError unless ``folder`` is one in which files may be made, and neither the folder
    ``library`` nor in it.
    """
    if not folder.is_dir():
        raise InputError(
            tr("The folder {folder} does not exist.", folder=folder),
            tr("Make the folder first, or choose another one."),
        )
    if not os.access(folder, os.W_OK):
        raise InputError(
            tr("The folder {folder} may not be written.", folder=folder),
            tr("Choose another folder, or allow writing there."),
        )
    if library is not None:
        _check_outside(folder, library, folder)


def _check_outside(folder: Path, library: Path, named: Path) -> None:
    real = folder.resolve()
    if any(_same(one, library) for one in (real, *real.parents)):
        raise InputError(
            tr("{path} is in the library, which keeps its own files.", path=named),
            tr("Choose another folder for the copy."),
        )


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def numbered(target: Path, count: int) -> tuple[Path, ...]:
    """The files for ``count`` pictures: ``target``, or ``page-1.png``, ``page-2.png``, ..."""
    if count == 1:
        return (target,)
    return tuple(target.with_stem(f"{target.stem}-{i}") for i in range(1, count + 1))


class CopyRules(msgspec.Struct, frozen=True, kw_only=True):
    """How copies are written: never into the folder ``library``, with ``metadata`` on how they came
    to be and, of these, the child's ``names``. ``quality`` is 1 to 100, for JPEG and WebP.
    """

    metadata: bool
    names: bool = False
    quality: int | None = None
    library: Path | None = None


def export_picture(
    picture: KeptPicture, target: Path, rules: CopyRules, decided: Decided = UNDECIDED
) -> Path:
    """Write a copy of ``picture`` to ``target``, whose suffix decides the format and which is not
    the picture's photo. With the record of how it was made goes what was ``decided`` about it.

    An older file of that name is replaced whole or not at all. Raises InputError for a target as
    :func:`check_target`, StorageError where reading or writing fails.
    """
    _check_copy(target, picture.request, rules)
    told = _Told(name_in(picture.request), decided)
    data = _copy(read_kept(picture), picture.media_type, target, told, rules)
    write_atomic(target.absolute(), data, sync_name=False)
    return target


def rescue_picture(
    picture: DrawnPicture, request: GenerationRequest, target: Path, rules: CopyRules
) -> Path:
    """Write a picture that the library could not keep to ``target``, as :func:`export_picture`."""
    _check_copy(target, request, rules)
    told = _Told(name_in(request), UNDECIDED)
    data = _copy(picture.data, picture.media_type, target, told, rules)
    # There is no other: its name must outlive a power cut as well.
    write_atomic(target.absolute(), data)
    return target


class _Told(NamedTuple):
    """Whom a picture shows, and what was decided about it."""

    name: str
    decided: Decided


def _check_copy(target: Path, request: GenerationRequest, rules: CopyRules) -> None:
    photo = request.photo.path
    check_target(target, photo=Path(photo) if photo else None, library=rules.library)


def _copy(data: bytes, source_type: str, target: Path, told: _Told, rules: CopyRules) -> bytes:
    from pickabook_desktop.imaging.encode import convert

    media_type = MEDIA_TYPES[target.suffix.lower()]
    metadata = rules.metadata and media_type not in WITHOUT_RECORD
    data = convert(
        data,
        source_type,
        media_type,
        quality=rules.quality,
        keep_metadata=metadata,
        names=rules.names,
    )
    if not metadata:
        return data
    return telling_file(data, media_type, told.name, names=rules.names, decided=told.decided)


def read_kept(picture: KeptPicture) -> bytes:
    """The file of a picture; raises StorageError where it is gone, damaged or changed."""
    try:
        data = Path(picture.path).read_bytes()
    except OSError as error:
        raise StorageError(
            tr("The picture {path} could not be read.", path=picture.path),
            tr("Draw the page again, or put a backup of the file in its place."),
        ) from error
    if picture.sha256 and hashlib.sha256(data).hexdigest() != picture.sha256:
        raise StorageError(
            tr("The picture {path} has been changed or damaged.", path=picture.path),
            tr("Draw the page again, or put a backup of the file in its place."),
        )
    return data
