"""What is about to leave this machine, so that a person can look at it first."""

from typing import Literal

import msgspec

from pickabook_desktop.domain.capabilities import Price
from pickabook_desktop.domain.geometry import Size

Role = Literal["face", "photo", "scene"]


class OutgoingImage(msgspec.Struct, frozen=True, kw_only=True):
    """One picture as it will be sent: ``data`` is exactly what leaves, without any metadata.

    ``role`` ``face`` is a crop around the face, ``photo`` the whole photo, ``scene`` a drawing in
    which nobody can be recognised. ``photo_sha256`` is the hash of the photo's file it was made
    from, empty for a scene.
    """

    role: Role
    title: str
    data: bytes
    media_type: str
    size: Size
    photo_sha256: str = ""


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one request would send, and to whom; empty where nothing leaves.

    ``price`` is for one picture, as it is known before.
    """

    recipient: str = ""
    prompt: str = ""
    images: tuple[OutgoingImage, ...] = ()
    price: Price = Price()

    @property
    def leaves(self) -> bool:
        """Whether anything leaves the machine at all."""
        return bool(self.recipient)
