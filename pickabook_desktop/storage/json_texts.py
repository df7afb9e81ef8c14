"""Texts that are kept within JSON, read as they were before they were put there."""

from collections.abc import Callable, Iterator
from typing import cast

import msgspec


def texts_in(text: str) -> Iterator[str]:
    """All texts and keys in JSON, and in JSON within these; ``text`` itself where it is none."""
    value = _structure(text)
    if value is None:
        yield text
    else:
        yield from _within(value)


def with_texts(text: str, change: Callable[[str], str]) -> str:
    """JSON with all its texts but the keys changed; ``text`` itself, changed, where it is none."""
    value = _structure(text)
    if value is None:
        return change(text)
    return msgspec.json.encode(_changed(value, change)).decode()


def _structure(text: str) -> object:
    """The object or list that is meant; None for all other texts."""
    try:
        value: object = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    return cast("object", value) if isinstance(value, dict | list) else None


def _within(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            yield key
            yield from _within(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _within(inner)
    elif isinstance(value, str):
        yield from texts_in(value)


def _changed(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, dict):
        parts = cast("dict[str, object]", value)
        return {key: _changed(inner, change) for key, inner in parts.items()}
    if isinstance(value, list):
        return [_changed(inner, change) for inner in cast("list[object]", value)]
    return with_texts(value, change) if isinstance(value, str) else value
