"""Gemini's image models: what comes with the program, corrected by what the service last said."""

import contextlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from pickabook_desktop.domain.capabilities import MODEL_OPTION, ModelSpec, size_name_for
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.geometry import NAMED_LONG_EDGES, AspectRatio, Size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.providers.gemini.costs import Tariff

LIST_NAME = "gemini.toml"
CACHE_NAME = "gemini_models.json"
# How far a shape may be from one that the model draws; less than this is trimmed unseen.
SHAPE_TOLERANCE = 0.03
_ORDER = ("recommended", "available", "preview", "deprecated", "retired")


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model as in the file; see there for what the prices of tokens are for."""

    id: str
    title: str
    state: Literal["recommended", "available", "preview", "deprecated", "retired"]
    since: str = ""
    until: str = ""
    sizes: tuple[str, ...]
    aspects: tuple[str, ...] = ()
    reference_limit: int
    prices: dict[str, float]
    image_tokens_million: float | None = None
    input_tokens_million: float | None = None
    text_tokens_million: float | None = None


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    read_on: str
    currency: str
    batch_share: float
    models: tuple[_Entry, ...]


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a service last said: the models of ours that it no longer has, and when that was."""

    listed_on: str = ""
    gone: tuple[str, ...] = ()


class _Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen, by the address where it was seen: a gateway lists what it likes."""

    seen: dict[str, _Seen] = {}


class Catalogue:
    """The list that comes with the program, and what was seen since. Any thread may use it."""

    def __init__(self, model_lists: Path, cache_dir: Path) -> None:
        self._source = model_lists / LIST_NAME
        self._cache = cache_dir / CACHE_NAME
        self._lock = threading.Lock()
        self._read: _File | None = None
        self._memory: dict[str, _Seen] | None = None

    def at(self, address: str) -> "Models":
        """The models as the service behind an address has them."""
        return Models(self, address)

    @property
    def batch_share(self) -> float:
        """The share of the price that is asked for pictures that need not come at once."""
        return self.file().batch_share

    def known(self, model_id: str) -> ModelSpec:
        """A model as the list has it, also one that is gone; the first where it has none."""
        file = self.file()
        entry = next((entry for entry in file.models if entry.id == model_id), file.models[0])
        return _spec(entry, file, _Seen())

    def tariff(self, model_id: str) -> Tariff:
        """What a model's tokens cost."""
        entry = next((entry for entry in self.file().models if entry.id == model_id), None)
        if entry is None:
            return Tariff()
        return Tariff(
            image=entry.image_tokens_million,
            input=entry.input_tokens_million,
            text=entry.text_tokens_million,
        )

    def file(self) -> _File:
        """The list as it is written."""
        with self._lock:
            if self._read is None:
                self._read = msgspec.toml.decode(self._source.read_bytes(), type=_File)
            return self._read

    def seen(self, address: str) -> _Seen:
        """What was last seen at an address."""
        with self._lock:
            return self._remembered().get(address, _Seen())

    def note(self, address: str, change: Callable[[_Seen], _Seen]) -> None:
        """Replace what was seen at an address, here and for the next start too, if the disk lets
        us: it can be asked for again.
        """
        with self._lock:
            before = self._remembered()
            old = before.get(address, _Seen())
            new = change(old)
            if new == old:
                return
            self._memory = {**before, address: new}
            with contextlib.suppress(OSError):
                self._write(msgspec.json.encode(_Memory(seen=self._memory)))

    def _remembered(self) -> dict[str, _Seen]:
        if self._memory is None:
            try:
                read = msgspec.json.decode(self._cache.read_bytes(), type=_Memory)
            except (OSError, msgspec.MsgspecError):
                read = _Memory()
            self._memory = read.seen
        return self._memory

    def _write(self, data: bytes) -> None:
        self._cache.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=self._cache.parent, prefix=CACHE_NAME, delete=False
        ) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(self._cache)


class Models:
    """The models behind one address, recommended ones first."""

    def __init__(self, catalogue: Catalogue, address: str) -> None:
        self._catalogue = catalogue
        self._address = address

    @property
    def all(self) -> tuple[ModelSpec, ...]:
        """All models, those that are gone too, with the state ``retired``."""
        file, seen = self._catalogue.file(), self._catalogue.seen(self._address)
        specs = [_spec(entry, file, seen) for entry in file.models]
        return tuple(sorted(specs, key=lambda spec: _ORDER.index(spec.state)))

    def recommended(self) -> ModelSpec:
        """The first model that is still there, or the first of all where none is."""
        models = self.all
        return next((model for model in models if model.state != "retired"), models[0])

    def chosen(self, options: Mapping[str, str]) -> ModelSpec:
        """The model that ``options`` name, else the recommended one.

        Raises InputError for one that is unknown or retired.
        """
        wanted = options.get(MODEL_OPTION, "")
        best = self.recommended()
        if not wanted:
            return best
        model = next((model for model in self.all if model.id == wanted), None)
        if model is None:
            raise InputError(
                tr("Gemini has no image model “{name}” that this program knows.", name=wanted),
                tr(
                    "Choose another model, for example {title} ({id}).",
                    title=best.title,
                    id=best.id,
                ),
                remedies=("other_model",),
            )
        if model.state == "retired":
            raise retired(model, best)
        return model

    def listed(self, ids: Iterable[str], today: str) -> tuple[ModelSpec, ...]:
        """Take over which models the service has; returns those of ours that it offers.

        A list without any of ours says nothing about them.
        """
        offered = set(ids)
        known = [entry.id for entry in self._catalogue.file().models]
        gone = tuple(model_id for model_id in known if model_id not in offered)
        if len(gone) < len(known):
            self._catalogue.note(self._address, lambda _old: _Seen(listed_on=today, gone=gone))
        return tuple(m for m in self.all if m.id in offered and m.state != "retired")

    def retire(self, model_id: str, today: str) -> None:
        """Remember that the service no longer has this model."""

        def without(old: _Seen) -> _Seen:
            if model_id in old.gone:
                return old
            return _Seen(listed_on=today, gone=(*old.gone, model_id))

        self._catalogue.note(self._address, without)


def retired(model: ModelSpec, best: ModelSpec) -> InputError:
    """The error for a model that is gone, naming what to use instead."""
    return InputError(
        tr("Google has retired the model {title} ({id}).", title=model.title, id=model.id),
        tr("Choose {title} ({id}) instead.", title=best.title, id=best.id),
        code="NOT_FOUND",
        remedies=("other_model", "retry"),
    )


def size_name_of(size: Size, model: ModelSpec) -> str:
    """The name of the smallest size of the model that is as long as ``size``; raises InputError
    where none is.
    """
    name = size_name_for(size, model.sizes)
    longest = NAMED_LONG_EDGES.get(name, 0)
    if longest < max(size.width, size.height):
        raise InputError(
            tr("{title} cannot draw a picture as large as {size}.", title=model.title, size=size),
            tr(
                "Choose {name} at most ({pixels} pixels long), or another engine.",
                name=name,
                pixels=longest,
            ),
            remedies=("smaller_size", "other_model", "other_engine"),
        )
    return name


def aspect_for(size: Size, model: ModelSpec) -> AspectRatio | None:
    """The model's shape nearest to ``size``; None for a model that draws one shape only.

    Raises InputError where none is near enough.
    """
    if not model.aspects:
        return None
    by_distance = sorted(model.aspects, key=lambda aspect: aspect.distance(size.aspect))
    nearest = by_distance[0]
    if abs(nearest.value / size.aspect - 1) <= SHAPE_TOLERANCE:
        return nearest
    raise InputError(
        tr("{title} cannot draw the shape of {size}.", title=model.title, size=size),
        tr("Shapes near it: {names}.", names=", ".join(str(aspect) for aspect in by_distance[:3])),
        remedies=("smaller_size", "other_model", "other_engine"),
    )


def _spec(entry: _Entry, file: _File, seen: _Seen) -> ModelSpec:
    gone = entry.id in seen.gone
    return ModelSpec(
        id=entry.id,
        title=entry.title,
        state="retired" if gone else entry.state,
        note=_note(entry, seen.listed_on if gone else ""),
        since=entry.since,
        until=entry.until,
        sizes=entry.sizes,
        aspects=tuple(AspectRatio.parse(text) for text in entry.aspects),
        reference_limit=entry.reference_limit,
        prices=entry.prices,
        currency=file.currency,
        read_on=file.read_on,
    )


def _note(entry: _Entry, gone_on: str) -> str:
    if gone_on:
        return tr("Not offered by Google any more, as of {date}.", date=gone_on)
    if entry.state == "retired":
        return tr("Shut down on {date}.", date=entry.until) if entry.until else tr("Shut down.")
    if entry.state == "deprecated":
        return tr("Google is going to shut it down.")
    return tr("Since {date}.", date=entry.since) if entry.since else ""
