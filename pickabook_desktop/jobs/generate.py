"""Draw the pictures of a request and keep them."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from pickabook_desktop import __version__
from pickabook_desktop.domain.calls import CallPlan
from pickabook_desktop.domain.capabilities import Capabilities, Price
from pickabook_desktop.domain.errors import (
    EngineError,
    InputError,
    NotConfiguredError,
    PhotoError,
    PickaBookError,
    StorageError,
)
from pickabook_desktop.domain.events import Drawn, Failed, JobEvent, Preview, Progress, Succeeded
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import name_in
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.domain.ports import Engine
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture, GenerationResult, KeptPicture
from pickabook_desktop.jobs.lanes import Job, ending_for
from pickabook_desktop.jobs.telling import unnamed
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.rows import request_of

if TYPE_CHECKING:
    from pickabook_desktop.imaging.metadata import Metadata

_log = logging.getLogger(__name__)
# Below this share of the work done, the time taken so far says little about the rest.
TELLING_FRACTION = 0.15


Check = Callable[[], None]


def always(request: GenerationRequest, *, new: bool = True) -> Check:
    """A watch that never stops anything."""
    return lambda: None


def unlimited(plan: CallPlan) -> None:
    """A limit that is never passed."""


class Watch(Protocol):
    """As :meth:`~pickabook_desktop.storage.children.Children.watch`."""

    def __call__(self, request: GenerationRequest, *, new: bool = True) -> Check: ...


@dataclass(frozen=True, kw_only=True)
class HouseRules:
    """What holds for every generation, whichever engine draws.

    ``allow`` raises ConsentError unless everything in what is about to be sent may be sent; it is
    not asked where nothing leaves. ``on_kept`` is called with each picture once it is in the
    library. The pictures' files have the child's name only with ``names``. ``watch`` says from the
    start on whether the child was forgotten meanwhile; then nothing is kept any more. ``afford``
    raises SpendingLimitError where calls of that plan together would pass the month's limit.
    """

    allow: Callable[[Outgoing, GenerationRequest], None]
    on_kept: Callable[[KeptPicture], None]
    names: bool = False
    watch: Watch = always
    afford: Callable[[CallPlan], None] = unlimited

    def follow(self, kept: KeptPicture) -> None:
        """Do what follows a kept picture. It is there; that something else fails must not cost
        it.
        """
        try:
            self.on_kept(kept)
        except PickaBookError:
            _log.exception("What follows a kept picture could not be done")


def generate_job(
    request: GenerationRequest,
    get_engine: Callable[[str], Engine],
    library: Library,
    rules: HouseRules,
) -> Job:
    """A job that ends with ``Succeeded``; what was finished before a failure is kept."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        run = _Run(request, library, rules)
        try:
            engine = get_engine(request.engine_id)
            run.request = allowed(request, engine, rules, token, at_once=True)
            yield from run.events(engine, token)
        except (GeneratorExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 whatever happens, tell what was kept before
            ending = ending_for(error, run.result() if run.kept else None)
            if isinstance(ending, Failed) and run.unkept:
                ending = msgspec.structs.replace(ending, unkept=tuple(run.unkept))
            yield ending
            return
        yield Succeeded(result=run.result())

    return job


def check_request(request: GenerationRequest, engine: Engine) -> None:
    """Raise InputError or NotConfiguredError where ``engine`` cannot carry out ``request``."""
    can = engine.capabilities.chosen(request.options)
    reason = engine.unavailable()
    if reason:
        raise NotConfiguredError(
            tr("{title} cannot be used now.", title=can.title),
            reason,
            remedies=("keys", "other_engine") if can.needs_key else ("settings", "other_engine"),
        )
    if not 1 <= request.count <= can.max_count:
        raise InputError(
            tr("{title} draws 1 to {most} pictures at once.", title=can.title, most=can.max_count),
            tr("Choose a number in that range; more can be drawn in several goes."),
        )
    if can.max_megapixels and request.size.megapixels > can.max_megapixels:
        raise InputError(
            tr(
                "{size} is more than {title} can draw ({most} megapixels).",
                size=request.size,
                title=can.title,
                most=f"{can.max_megapixels:g}",
            ),
            tr("Choose a smaller size."),
        )
    if len(request.further_photos) > can.further_photos:
        raise InputError(
            tr(
                "{title} takes at most {most} further photos.",
                title=can.title,
                most=can.further_photos,
            )
            if can.further_photos
            else tr("{title} takes one photo and no further ones.", title=can.title),
            tr("Leave the others out."),
        )


def allowed(
    request: GenerationRequest,
    engine: Engine,
    rules: HouseRules,
    token: CancelToken,
    *,
    at_once: bool = False,
) -> GenerationRequest:
    """``request`` with the hashes of its photos, once ``engine`` can carry it out and everything
    that it would send may be sent. Raises what :func:`check_request`, :func:`with_photo_hash` and
    the engine's ``outgoing`` raise, and ConsentError.

    With ``at_once`` pictures are paid for one by one: what all of them cost is weighed first, so
    that the limit does not stop them half way. Raises SpendingLimitError then.
    """
    check_request(request, engine)
    request = with_photo_hash(request)
    if engine.capabilities.needs_network:
        outgoing = engine.outgoing(request, token)
        if outgoing.leaves:
            rules.allow(outgoing, request)
        if at_once and request.count > 1 and outgoing.price.amount > 0:
            rules.afford(_whole(request, engine, outgoing.price))
    return request


def _whole(request: GenerationRequest, engine: Engine, each: Price) -> CallPlan:
    """What all pictures of a request cost together."""
    model = engine.capabilities.model(request.options)
    return CallPlan(
        engine_id=request.engine_id,
        model=model.id if model else "",
        estimate=round(each.amount * request.count, 6),
        currency=each.currency,
        book=request.book,
        pictures=request.count,
    )


def with_photo_hash(request: GenerationRequest) -> GenerationRequest:
    """The request with the hashes of its photos, so that it can be told which were drawn from.

    Raises PhotoError for a photo that cannot be read, or that is another one than the request says.
    """
    return request.with_changes(
        photo=_hashed(request.photo), further_photos=tuple(map(_hashed, request.further_photos))
    )


def _hashed(photo: PhotoRef) -> PhotoRef:
    from pickabook_desktop.imaging.load import read_photo

    path = Path(photo.path)
    digest = hashlib.sha256(read_photo(path)).hexdigest()
    if photo.sha256 not in ("", digest):
        raise PhotoError(
            tr("{name} has changed since it was looked at.", name=path.name),
            tr("Choose it again."),
        )
    return msgspec.structs.replace(photo, sha256=digest)


class _Run:
    """One run of an engine: keeps what comes and estimates how long the rest takes."""

    def __init__(self, request: GenerationRequest, library: Library, rules: HouseRules) -> None:
        self.request = request
        self.kept: list[KeptPicture] = []
        self.unkept: list[DrawnPicture] = []
        self._library = library
        self._rules = rules
        self._started = time.monotonic()
        self._check = always(request)

    def events(self, engine: Engine, token: CancelToken) -> Iterator[Progress | Preview]:
        """The engine's events but for its pictures, which are kept."""
        can = engine.capabilities
        self._check = self._rules.watch(self.request)
        for event in engine.generate(self.request, token):
            # Nothing more is drawn of a child, and paid for, that is forgotten.
            self._check()
            if isinstance(event, Drawn):
                self._keep(event.picture, can)
            elif isinstance(event, Progress):
                yield self._estimated(can, event)
            else:
                yield event
        if not self.kept:
            token.raise_if_cancelled()
            raise EngineError(
                tr("{title} drew nothing.", title=can.title),
                tr("Try again, or use another engine."),
            )

    def _keep(self, drawn: DrawnPicture, can: Capabilities) -> None:
        kept = keep(
            drawn,
            self.request,
            can,
            self._library,
            names=self._rules.names,
            check=self._check,
            on_unkept=self.unkept.append,
        )
        self.kept.append(kept)
        self._rules.follow(kept)

    def result(self) -> GenerationResult:
        pictures = sorted(self.kept, key=lambda picture: (picture.request.seed, picture.id))
        return GenerationResult(
            request=self.request,
            pictures=tuple(pictures),
            seconds=round(time.monotonic() - self._started, 3),
        )

    def _estimated(self, can: Capabilities, event: Progress) -> Progress:
        if event.seconds_left is not None:
            return event
        passed = time.monotonic() - self._started
        left = 1.0 - event.fraction
        if event.fraction >= TELLING_FRACTION:
            seconds = passed * left / event.fraction
        else:
            scale = self.request.size.megapixels / 4.2 * self.request.count
            seconds = max(can.seconds * scale * left, 0.1)
        return msgspec.structs.replace(event, seconds_left=seconds)


def keep(
    drawn: DrawnPicture,
    request: GenerationRequest,
    can: Capabilities,
    library: Library,
    *,
    names: bool = False,
    picture_id: str = "",
    check: Check = lambda: None,
    on_unkept: Callable[[DrawnPicture], None] = lambda picture: None,
) -> KeptPicture:
    """Write into the picture how it came to be, and put it into the library with a thumbnail. No
    text in the file has the child's name unless ``names`` may go out; the library's row keeps all.

    ``picture_id`` as for :meth:`Library.add`. Where ``check`` raises, nothing is kept. Where the
    library cannot keep the picture, ``on_unkept`` has it, and the StorageError is raised.
    """
    picture = msgspec.structs.replace(drawn, data=_telling(drawn, request, can, names=names))
    small = _thumbnail(drawn, can)
    check()
    try:
        kept = library.add(picture, request, can.version, small, picture_id)
    except StorageError:
        on_unkept(picture)
        raise
    try:
        check()
    except PickaBookError:
        # Forgotten in between: whoever did that may have looked before the page was there.
        _take_back(kept, library)
        raise
    return kept


def _telling(
    drawn: DrawnPicture, request: GenerationRequest, can: Capabilities, *, names: bool
) -> bytes:
    """The picture's file, which says of itself how it came to be where its format has a place for
    that; the library's row knows everything all the same.
    """
    from pickabook_desktop.imaging import metadata

    said = _said(drawn, request_of(drawn, request), can)
    if not names:
        said = unnamed(said, name_in(request))
    try:
        return metadata.embed(drawn.data, drawn.media_type, said, names=names)
    except InputError:
        return drawn.data


def _said(drawn: DrawnPicture, own: GenerationRequest, can: Capabilities) -> "Metadata":
    """What the picture says of itself."""
    from pickabook_desktop.imaging.metadata import Metadata

    return Metadata(
        prompt=own.prompt,
        template=own.template_id,
        style=own.style_id,
        engine=can.id,
        engine_version=can.version,
        seed=own.seed,
        request_json=own.with_changes(options=_declared(own.options, can)).to_json(),
        digital_source_type=drawn.digital_source_type,
        software=f"PickaBook Desktop {__version__}",
        created=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    )


def _thumbnail(drawn: DrawnPicture, can: Capabilities) -> bytes:
    from pickabook_desktop.imaging.thumbnail import thumbnail

    try:
        return drawn.thumbnail or thumbnail(drawn.data)
    except (InputError, StorageError) as error:
        raise EngineError(
            tr("{title} handed over a picture that cannot be opened.", title=can.title),
            tr("Try again, or use another engine."),
        ) from error


def _take_back(kept: KeptPicture, library: Library) -> None:
    from pickabook_desktop.jobs.known_children import library_memory

    with library_memory(library.folder) as memory:
        memory.forget_page(kept.id)


def _declared(options: dict[str, str], can: Capabilities) -> dict[str, str]:
    known = {option.id for option in can.options if option.scope == "picture"}
    return {name: value for name, value in options.items() if name in known}
