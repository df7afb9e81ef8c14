"""What a running job tells: any number of :class:`Progress` and :class:`Preview` (and, from an
engine, :class:`Drawn`), then exactly one of :class:`Succeeded` (or
:class:`Done`), :class:`Failed`, :class:`Cancelled`.
"""

import msgspec

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.result import DrawnPicture, GenerationResult


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """``fraction`` of the whole job done, 0 to 1; ``stage`` is translated and may be shown.

    ``seconds_left`` is an estimate, or None where there is none. ``attempt`` counts from 1 the
    tries at picture ``index``; ``waiting`` is how many seconds the engine waits, because a service
    has asked for that, before it goes on.
    """

    fraction: float
    stage: str
    seconds_left: float | None = None
    index: int = 0
    attempt: int = 1
    waiting: float | None = None


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of the work so far, encoded as ``media_type``."""

    data: bytes
    media_type: str = "image/jpeg"
    index: int = 0


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """An engine has finished picture ``index`` of the request."""

    index: int
    picture: DrawnPicture


class Succeeded(msgspec.Struct, frozen=True, kw_only=True):
    """All pictures are kept."""

    result: GenerationResult


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A job other than a generation has finished with ``value``."""

    value: object


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """The job ended early. ``kept`` holds the pictures that were finished and kept before;
    ``report`` is what ``Done`` would have had as its value, of a job that leaves what it has done.
    ``unkept`` are pictures that were drawn and that the library could not keep; nothing but this
    event has them.
    """

    error: PickaBookError
    kept: GenerationResult | None = None
    report: object = None
    unkept: tuple[DrawnPicture, ...] = ()


class Cancelled(msgspec.Struct, frozen=True, kw_only=True):
    """The person stopped the job. ``kept`` and ``report`` as for :class:`Failed`."""

    kept: GenerationResult | None = None
    report: object = None


EngineEvent = Progress | Preview | Drawn
Terminal = Succeeded | Done | Failed | Cancelled
JobEvent = Progress | Preview | Succeeded | Done | Failed | Cancelled
