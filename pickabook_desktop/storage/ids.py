"""Identifiers that sort by the time they were made."""

import os
import threading
import time
from datetime import UTC, datetime

# Crockford's base 32, as ULIDs use it: no I, L, O, U.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIME_LETTERS = 10
_RANDOM_BITS = 80
# Of the year 9999, the last that a date can have.
_LAST_MILLISECOND = 253_402_214_400_000


class IdMaker:
    """Makes ULIDs: 48 bits of Unix milliseconds, 80 random bits, 26 letters.

    Those of one maker grow strictly, also within a millisecond and when the clock is set back.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> str:
        now = time.time_ns() // 1_000_000
        with self._lock:
            value = (now << _RANDOM_BITS) | int.from_bytes(os.urandom(_RANDOM_BITS // 8), "big")
            self._last = (
                value if value >> _RANDOM_BITS > self._last >> _RANDOM_BITS else (self._last + 1)
            )
            value = self._last
        return _written(value)


def id_at(moment: datetime, token: bytes) -> str:
    """The identifier of something made at ``moment`` that ``token`` tells from all else, by its
    first ten bytes: the same one for the same thing.

    What was made before 1970, or later than an identifier can say, is taken for the nearest.
    """
    milliseconds = round(moment.timestamp() * 1000)
    milliseconds = min(max(milliseconds, 0), _LAST_MILLISECOND)
    random = int.from_bytes(token[: _RANDOM_BITS // 8].ljust(_RANDOM_BITS // 8, b"\0"), "big")
    return _written((milliseconds << _RANDOM_BITS) | random)


def created_at(picture_id: str) -> datetime:
    """The time in an identifier, in UTC."""
    milliseconds = 0
    for letter in picture_id[:_TIME_LETTERS]:
        milliseconds = milliseconds * 32 + _ALPHABET.index(letter)
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _written(value: int) -> str:
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))
