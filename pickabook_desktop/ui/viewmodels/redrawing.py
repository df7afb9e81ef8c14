"""Pages drawn once more from what is kept with them: the same, with a new seed, with another
engine. Knows no widget.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from pickabook_desktop.domain.capabilities import MODEL_OPTION, Capabilities, Price
from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef, random_seed
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.template import Template
from pickabook_desktop.storage.children import Children
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.viewmodels.allowance import Allowance
from pickabook_desktop.ui.viewmodels.cost import estimate_text, price_text, time_text
from pickabook_desktop.ui.viewmodels.models import choosable
from pickabook_desktop.ui.viewmodels.picture_size import (
    aspect_choices,
    name_of,
    nearest_aspect,
    resolved_size,
    size_names,
    size_problem,
    size_text,
)

PhotoFound = Literal["there", "moved", "changed", "gone", "unknown"]
# More than anybody wants to wait for; whoever does can come again.
MOST_AT_ONCE = 200

CapabilitiesOf = Callable[[GenerationRequest], Capabilities | None]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A kept picture whose request names the photo where it lies now. ``photo`` says whether it is
    ``there``, has ``moved`` and was found elsewhere by its hash, was ``changed``, is ``gone``, or
    whether its place is ``unknown``.
    """

    kept: KeptPicture
    photo: PhotoFound = "there"

    @property
    def request(self) -> GenerationRequest:
        """One picture more of the same."""
        return self.kept.request.with_changes(count=1)

    @property
    def drawable(self) -> bool:
        return self.photo in ("there", "moved")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be drawn, what it comes to, and what should be known before. ``left_out`` pages
    have no photo any more.
    """

    requests: tuple[GenerationRequest, ...]
    left_out: int = 0
    warnings: tuple[str, ...] = ()
    estimate: str = ""
    amount: float = 0.0
    objection: str = ""


def find(library: Library, children: Children, ids: Iterable[str]) -> tuple[Found, ...]:
    """The pictures of ``ids``, their photos where these are now. Raises InputError,
    StorageError. Waits for the disk.
    """
    places = _Places(children)
    return tuple(places.find(library.get(picture_id)) for picture_id in ids)


def planned(
    requests: Sequence[GenerationRequest],
    capabilities_of: CapabilitiesOf,
    allowance: Allowance,
    *,
    left_out: int = 0,
    warnings: Iterable[str] = (),
) -> Plan:
    """What drawing ``requests`` comes to."""
    prices: dict[str, float] = {}
    seconds = 0.0
    for request in requests:
        can = capabilities_of(request)
        if can is not None:
            price = can.price_for(request.size)
            prices[price.currency] = prices.get(price.currency, 0.0) + price.amount
            seconds += can.seconds
    totals = [Price(amount=amount, currency=currency) for currency, amount in prices.items()]
    paid = [total for total in totals if total.amount > 0]
    words = " + ".join(price_text(total) for total in paid) or tr("free")
    estimate = f"{words} · {time_text(seconds)}"
    if len(requests) == 1:
        estimate = estimate_text(capabilities_of(requests[0]), requests[0].size, 1)
    return Plan(
        requests=tuple(requests),
        left_out=left_out,
        warnings=tuple(dict.fromkeys(warnings)),
        estimate=estimate,
        amount=sum(total.amount for total in paid),
        objection=next(filter(None, (allowance.objection(total, 1) for total in totals)), ""),
    )


def with_new_seeds(requests: Iterable[GenerationRequest]) -> tuple[GenerationRequest, ...]:
    """Each with a seed of its own."""
    return tuple(request.with_changes(seed=random_seed()) for request in requests)


def same_again_problem(can: Capabilities | None) -> str:
    """Why the same request does not make the same picture; empty where it does."""
    if can is None or can.uses_seed:
        return ""
    return tr("{engine} takes no seed, so the page will not be the same.", engine=can.title)


def refitted(
    request: GenerationRequest,
    declared: Capabilities,
    template: Template | None,
    options: dict[str, str],
) -> tuple[GenerationRequest, tuple[str, ...]]:
    """``request`` for another engine with that engine's own ``options``, and what of it will be
    otherwise there, a sentence each.
    """
    options = dict(options)
    model = declared.model(options)
    if declared.models and (model is None or not choosable(model)):
        options.pop(MODEL_OPTION, None)
        first = next(filter(choosable, declared.models), None)
        if first is not None:
            options[MODEL_OPTION] = first.id
    can = declared.chosen(options)
    room = max(0, min(can.further_photos, can.reference_limit - 1))
    aspect = nearest_aspect(aspect_choices(can, template), request.size.aspect)
    size = resolved_size(name_of(request.size, size_names(can), aspect), aspect, request.size)
    if size_problem(size, can):
        fitting = (resolved_size(name, aspect, size) for name in reversed(size_names(can)))
        size = next((other for other in fitting if not size_problem(other, can)), size)
    fitted = request.with_changes(
        engine_id=declared.id,
        options=options,
        size=size,
        further_photos=request.further_photos[:room],
        consent="",
    )
    return fitted, tuple(_changes(request, fitted, can))


def _changes(
    request: GenerationRequest, fitted: GenerationRequest, can: Capabilities
) -> Iterable[str]:
    if fitted.size != request.size:
        yield tr("The picture will be {size}.", size=size_text(fitted.size, can))
    if request.prompt and not can.uses_prompt:
        yield tr("{engine} pays no heed to the prompt.", engine=can.title)
    if request.template_id and not can.uses_template:
        yield tr("{engine} pays no heed to the template.", engine=can.title)
    if not can.uses_seed:
        yield tr("{engine} takes no seed.", engine=can.title)
    dropped = len(request.further_photos) - len(fitted.further_photos)
    if dropped == 1:
        yield tr("One further photo is left out.")
    elif dropped:
        yield tr("{count} further photos are left out.", count=dropped)


class _Places:
    """Where photos are now; each is looked at once."""

    def __init__(self, children: Children) -> None:
        self._children = children
        self._digests: dict[str, str] = {}
        self._known: dict[str, list[str]] | None = None

    def find(self, kept: KeptPicture) -> Found:
        photo, state = self._found(kept.request.photo)
        further = tuple(self._found(other)[0] for other in kept.request.further_photos)
        request = kept.request.with_changes(photo=photo, further_photos=further)
        return Found(kept=msgspec.structs.replace(kept, request=request), photo=state)

    def _found(self, photo: PhotoRef) -> tuple[PhotoRef, PhotoFound]:
        digest = self._digest(photo.path) if photo.path else ""
        if digest and photo.sha256 in ("", digest):
            return photo, "there"
        for path in self._elsewhere(photo.sha256):
            if self._digest(path) == photo.sha256:
                return msgspec.structs.replace(photo, path=path), "moved"
        if digest:
            return photo, "changed"
        return photo, "gone" if photo.path else "unknown"

    def _digest(self, path: str) -> str:
        """The hash of a file, empty where there is none to be read."""
        if path not in self._digests:
            try:
                with Path(path).open("rb") as file:
                    self._digests[path] = hashlib.file_digest(file, "sha256").hexdigest()
            except (OSError, ValueError):
                self._digests[path] = ""
        return self._digests[path]

    def _elsewhere(self, sha256: str) -> list[str]:
        if not sha256:
            return []
        if self._known is None:
            self._known = {}
            try:
                children = self._children.all()
            except PickaBookError:
                # Who is known helps; that it cannot be read is no reason to give up here.
                children = ()
            for photo in (photo for child in children for photo in child.photos if photo.path):
                self._known.setdefault(photo.sha256, []).append(photo.path)
        return self._known.get(sha256, [])
