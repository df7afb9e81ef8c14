"""Pictures as rows of the library's table, and back."""

from datetime import UTC
from pathlib import Path
from typing import Any, cast

import msgspec

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.names import NAME_FIELD
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture
from pickabook_desktop.storage.ids import created_at


class PictureRow(msgspec.Struct, frozen=True, array_like=True):
    """One row, in the order of ``schema.COLUMNS``; tuples and dicts are JSON text."""

    id: str
    created: str
    path: str
    media_type: str
    width: int
    height: int
    bytes: int
    sha256: str
    engine: str
    engine_version: str
    template: str
    style: str
    palette: str
    prompt: str
    seed: int
    photo_sha256: str
    request: str
    used_words: str
    unused_words: str
    timings: str
    stack: str = ""
    cost: float | None = None
    likeness: float | None = None
    seam: float | None = None


def stack_of(request_json: str) -> str:
    """The same text for all variations of one request: for what differs from it in seed, palette,
    number of pixels, book, and the child's name alone. Empty for what is no request.
    """
    try:
        request: object = msgspec.json.decode(request_json)
        return _hash_of(cast("dict[str, Any]", request)) if isinstance(request, dict) else ""
    except (msgspec.DecodeError, RecursionError):
        return ""


def _hash_of(known: dict[str, Any]) -> str:
    import hashlib

    same = {key: value for key, value in known.items() if key not in _VARYING}
    same["photos"] = [_without_path(p) for p in (known.get("photo"), *_list(known))]
    fields: object = known.get("fields")
    if isinstance(fields, dict):
        said = cast("dict[str, object]", fields)
        same["fields"] = {key: value for key, value in said.items() if key != NAME_FIELD}
    return hashlib.sha256(msgspec.json.encode(same, order="sorted")).hexdigest()[:24]


_VARYING = (
    *("seed", "palette_id", "size", "count", "consent", "book"),
    *("photo", "further_photos", "fields"),
)


def _list(request: dict[str, Any]) -> list[object]:
    photos: object = request.get("further_photos")
    return cast("list[object]", photos) if isinstance(photos, list) else []


def _without_path(photo: object) -> object:
    if not isinstance(photo, dict):
        return photo
    return {k: v for k, v in cast("dict[str, object]", photo).items() if k != "path"}


def row_of(
    picture_id: str,
    path: str,
    sha256: str,
    drawn: DrawnPicture,
    request: GenerationRequest,
    engine_version: str,
) -> PictureRow:
    """The row of a picture; its request is narrowed to this one picture."""
    own = request_of(drawn, request)
    created = created_at(picture_id).astimezone(UTC)
    request_json = own.to_json()
    return PictureRow(
        id=picture_id,
        created=created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        path=path,
        media_type=drawn.media_type,
        width=drawn.size.width,
        height=drawn.size.height,
        bytes=len(drawn.data),
        sha256=sha256,
        engine=own.engine_id,
        engine_version=engine_version,
        template=own.template_id,
        style=own.style_id,
        palette=own.palette_id,
        prompt=own.prompt,
        seed=own.seed,
        photo_sha256=own.photo.sha256,
        request=request_json,
        used_words=msgspec.json.encode(drawn.used_words).decode(),
        unused_words=msgspec.json.encode(drawn.unused_words).decode(),
        timings=msgspec.json.encode(drawn.timings).decode(),
        stack=stack_of(request_json),
        cost=drawn.cost,
        likeness=drawn.likeness,
        seam=drawn.seam,
    )


def request_of(drawn: DrawnPicture, request: GenerationRequest) -> GenerationRequest:
    """The request that draws exactly this picture again. Who agreed to sending the photo is left
    out: that was said once, is written down among the consents, and may have been withdrawn since.

    A photo's path that is no Unicode cannot be written as JSON; the hash finds the photo still.
    """
    path = request.photo.path.encode("utf-8", "replace").decode()
    return request.with_changes(
        photo=msgspec.structs.replace(request.photo, path=path),
        template_id=drawn.template_id or request.template_id,
        style_id=drawn.style_id or request.style_id,
        palette_id=drawn.palette_id or request.palette_id,
        size=drawn.size,
        seed=drawn.seed,
        count=1,
        consent="",
    )


def kept_from(values: tuple[object, ...], folder: Path) -> KeptPicture:
    """The picture of a row of the library in ``folder``."""
    row = msgspec.convert(values, PictureRow)
    return KeptPicture(
        id=row.id,
        path=str(folder / row.path),
        media_type=row.media_type,
        size=Size(row.width, row.height),
        created=row.created,
        request=_request(row),
        engine_version=row.engine_version,
        sha256=row.sha256,
        bytes=row.bytes,
        used_words=msgspec.json.decode(row.used_words, type=tuple[str, ...]),
        unused_words=msgspec.json.decode(row.unused_words, type=tuple[str, ...]),
        timings=msgspec.json.decode(row.timings, type=dict[str, float]),
        cost=row.cost,
        likeness=row.likeness,
        seam=row.seam,
    )


def _request(row: PictureRow) -> GenerationRequest:
    try:
        return GenerationRequest.from_json(row.request)
    except msgspec.MsgspecError:
        # Written by a version whose requests this one cannot read: what the columns say.
        return GenerationRequest(
            photo=PhotoRef(path="", sha256=row.photo_sha256),
            template_id=row.template,
            style_id=row.style,
            engine_id=row.engine,
            prompt=row.prompt,
            palette_id=row.palette,
            size=Size(row.width, row.height),
            seed=row.seed,
        )
