"""The error tree. Every failure that a person can meet is one of these.

``message`` says what happened, ``next_step`` what to do about it; both are whole sentences, already
translated. Exceptions of libraries are translated into this tree where they arise, with the cause
chained.
"""

from typing import Literal

Remedy = Literal[
    "retry",
    "save_copy",
    "other_photo",
    "other_crop",
    "shorten_prompt",
    "edit_prompt",
    "other_engine",
    "other_model",
    "other_template",
    "smaller_size",
    "settings",
    "keys",
    "consent",
    "raise_limit",
]
"""What a person can do about a failure, as the interface offers it."""


class PickaBookError(Exception):
    """Base of every expected failure."""

    def __init__(
        self,
        message: str,
        next_step: str = "",
        *,
        retryable: bool = False,
        retry_after: float | None = None,
        code: str = "",
        remedies: tuple[Remedy, ...] = (),
    ) -> None:
        """``retry_after`` is in seconds and only meaningful where ``retryable`` is true. ``code``
        is the service's own word for what happened, untranslated. ``remedies`` come best first.
        """
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.retryable = retryable
        self.retry_after = retry_after
        self.code = code
        self.remedies = remedies

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class InputError(PickaBookError):
    """The request cannot be carried out as given: wrong usage, unknown id, unusable value."""


class PhotoError(InputError):
    """The photo cannot be read or is not a picture that can be used."""


class NoFaceError(PhotoError):
    """The photo was read, but no usable face was found in it."""


class TemplateError(InputError):
    """A template or style folder is missing, broken or not allowed."""


class NotConfiguredError(PickaBookError):
    """Something must be set up first: a key, an account, a consent, an optional package."""


class ConsentError(NotConfiguredError):
    """Nobody has agreed to sending this photo to that service."""


class SpendingLimitError(NotConfiguredError):
    """The call would pass the limit that the person has set for the month."""


class EngineError(PickaBookError):
    """An engine refused or failed."""


NOT_CONNECTED = "not_connected"


class UnreachableError(PickaBookError):
    """A service could not be reached, or did not answer in time. With the code ``NOT_CONNECTED``
    nothing has arrived there.
    """


class RefusedError(EngineError):
    """The engine understood the request and declined it."""


STORE_FULL = "storage_full"


class StorageError(PickaBookError):
    """The library, a file or a store could not be read or written. With the code ``STORE_FULL`` a
    store takes no more of anything.
    """


class CancelledError(PickaBookError):
    """The person cancelled; not a failure."""
