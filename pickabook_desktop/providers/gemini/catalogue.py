"""Gemini's image models: what comes with the program, corrected by what the service last said."""

import os
import tempfile
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from pickabook_desktop.domain.calls import Usage
from pickabook_desktop.domain.capabilities import MODEL_OPTION, ModelSpec
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.geometry import AspectRatio, Size
from pickabook_desktop.domain.i18n import tr

LIST_NAME = "gemini.toml"
CACHE_NAME = "gemini_models.json"
# How far a shape may be from one that the model draws; less than this is trimmed unseen.
SHAPE_TOLERANCE = 0.03
_ORDER = ("recommended", "available", "preview", "deprecated", "retired")


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model as in the file; ``image_tokens_million`` is the price of so many image tokens."""

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


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    read_on: str
    currency: str
    batch_share: float
    models: tuple[_Entry, ...]


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What the service last said: the models of ours that it no longer has, and when that was."""

    listed_on: str = ""
    gone: tuple[str, ...] = ()


class Catalogue:
    """The models, recommended ones first. Any thread may use it."""

    def __init__(self, model_lists: Path, cache_dir: Path) -> None:
        self._source = model_lists / LIST_NAME
        self._cache = cache_dir / CACHE_NAME
        self._lock = threading.Lock()
        self._read: _File | None = None
        self._seen: _Seen | None = None

    @property
    def models(self) -> tuple[ModelSpec, ...]:
        """All models, those that are gone too, with the state ``retired``."""
        with self._lock:
            file, seen = self._file(), self._said()
        specs = [_spec(entry, file, seen) for entry in file.models]
        return tuple(sorted(specs, key=lambda spec: _ORDER.index(spec.state)))

    @property
    def batch_share(self) -> float:
        """The share of the price that is asked for pictures that need not come at once."""
        with self._lock:
            return self._file().batch_share

    def recommended(self) -> ModelSpec:
        """The first model that is still there, or the first of all where none is."""
        models = self.models
        return next((model for model in models if model.state != "retired"), models[0])

    def chosen(self, options: Mapping[str, str]) -> ModelSpec:
        """The model that ``options`` name, else the recommended one.

        Raises InputError for one that is unknown or retired.
        """
        wanted = options.get(MODEL_OPTION, "")
        best = self.recommended()
        if not wanted:
            return best
        model = next((model for model in self.models if model.id == wanted), None)
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

    def spent(self, model_id: str, usage: Usage) -> float | None:
        """What a call cost by the tokens of image output that were counted; None where nothing was
        counted, or where only the picture has a price.
        """
        with self._lock:
            entries = self._file().models
        million = next((e.image_tokens_million for e in entries if e.id == model_id), None)
        if million is None or usage.image_tokens is None:
            return None
        return usage.image_tokens * million / 1e6

    def listed(self, ids: Iterable[str], today: str) -> tuple[ModelSpec, ...]:
        """Take over which models the service has; returns those of ours that it offers.

        A list without any of ours says nothing about them: gateways list what they like.
        """
        offered = set(ids)
        with self._lock:
            known = [entry.id for entry in self._file().models]
            gone = tuple(model_id for model_id in known if model_id not in offered)
            if len(gone) < len(known):
                self._keep(_Seen(listed_on=today, gone=gone))
        return tuple(m for m in self.models if m.id in offered and m.state != "retired")

    def retire(self, model_id: str, today: str) -> None:
        """Remember that the service no longer has this model."""
        with self._lock:
            gone = self._said().gone
            if model_id not in gone:
                self._keep(_Seen(listed_on=today, gone=(*gone, model_id)))

    def _file(self) -> _File:
        if self._read is None:
            self._read = msgspec.toml.decode(self._source.read_bytes(), type=_File)
        return self._read

    def _said(self) -> _Seen:
        if self._seen is None:
            try:
                self._seen = msgspec.json.decode(self._cache.read_bytes(), type=_Seen)
            except (OSError, msgspec.MsgspecError):
                self._seen = _Seen()
        return self._seen

    def _keep(self, seen: _Seen) -> None:
        """Keep it for the next start too, if the disk lets us: it can be asked for again."""
        self._seen = seen
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                dir=self._cache.parent, prefix=CACHE_NAME, delete=False
            ) as file:
                file.write(msgspec.json.encode(seen))
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(self._cache)
        except OSError:
            return


def retired(model: ModelSpec, best: ModelSpec) -> InputError:
    """The error for a model that is gone, naming what to use instead."""
    return InputError(
        tr("Google has retired the model {title} ({id}).", title=model.title, id=model.id),
        tr("Choose {title} ({id}) instead.", title=best.title, id=best.id),
        code="NOT_FOUND",
        remedies=("other_model", "retry"),
    )


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
