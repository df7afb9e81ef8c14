"""The error tree. Every failure that a person can meet is one of these.

``message`` says what happened, ``next_step`` what to do about it; both are whole sentences, already
translated. Exceptions of libraries are translated into this tree where they arise, with the cause
chained.
"""


class PickaBookError(Exception):
    """Base of every expected failure."""

    def __init__(
        self,
        message: str,
        next_step: str = "",
        *,
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        """``retry_after`` is in seconds and only meaningful where ``retryable`` is true."""
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.retryable = retryable
        self.retry_after = retry_after

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


class EngineError(PickaBookError):
    """An engine refused or failed."""


class RefusedError(EngineError):
    """The engine understood the request and declined it."""


class StorageError(PickaBookError):
    """The library, a file or a store could not be read or written."""


class CancelledError(PickaBookError):
    """The person cancelled; not a failure."""
