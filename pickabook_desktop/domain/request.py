"""The request: everything an engine needs, and all that is needed to do the same again."""

import os
from typing import Self

import msgspec

from pickabook_desktop.domain.geometry import Size

SEED_LIMIT = 2**31


class PhotoRef(msgspec.Struct, frozen=True, kw_only=True):
    """Which photo, and which of the faces in it.

    ``path`` is where the photo was when it was chosen, ``sha256`` the hash of the file's bytes.
    ``face_index`` counts the faces from left to right in the upright photo; None takes the largest.
    """

    path: str
    sha256: str = ""
    face_index: int | None = None


class GenerationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One job: ``count`` pictures of the same page, with seeds ``seed``, ``seed + 1``, ...

    ``consent`` is who agreed, for this request, to sending the photo to a service.
    ``further_photos`` show the same child. ``book`` is the title of the book the page is for.
    """

    photo: PhotoRef
    template_id: str = ""
    style_id: str = ""
    engine_id: str = "storybook"
    prompt: str = ""
    fields: dict[str, str] = {}
    palette_id: str = ""
    size: Size = Size(2048, 2048)
    seed: int = 0
    count: int = 1
    options: dict[str, str] = {}
    consent: str = ""
    further_photos: tuple[PhotoRef, ...] = ()
    book: str = ""

    def to_json(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what :meth:`to_json` wrote; raise ``msgspec.ValidationError`` for anything else."""
        try:
            return msgspec.json.decode(text, type=cls)
        except RecursionError as error:
            raise msgspec.ValidationError("nested too deeply") from error

    def with_changes(self, **changes: object) -> Self:
        """A copy with some values replaced."""
        return msgspec.structs.replace(self, **changes)


def random_seed() -> int:
    """A fresh seed, from 0 up to but not including ``SEED_LIMIT``."""
    return int.from_bytes(os.urandom(4), "big") % SEED_LIMIT
