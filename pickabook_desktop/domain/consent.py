"""Who agreed to what leaving the machine."""

from typing import Literal

import msgspec

Scope = Literal["face", "photo"]


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody agreed that this photo may be sent to ``recipient``.

    ``scope`` ``face`` covers crops of the face alone, ``photo`` those and the whole photo. Times
    are ISO 8601 in UTC; from ``expires_on`` on it no longer holds.
    """

    photo_sha256: str
    recipient: str
    given_by: str
    given_on: str
    expires_on: str
    scope: Scope = "face"

    def covers(self, scope: Scope, now: str) -> bool:
        """Whether it still holds at ``now`` for what is to be sent."""
        return now < self.expires_on and (self.scope == "photo" or scope == "face")
