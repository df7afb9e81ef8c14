"""The account's own metadata fields, and what of a picture's facts fits them."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

_TRUE = ("on", "yes", "true", "1")
_FALSE = ("off", "no", "false", "0")


def fitting(facts: Mapping[str, str], fields: Iterable[object]) -> dict[str, object]:
    """The facts for which there is a field of that name that takes the value, in its type.

    ``fields`` are ``imagekitio.types.CustomMetadataField``. What does not fit is left out: ImageKit
    would refuse the whole picture for it.
    """
    values: dict[str, object] = {}
    for field in fields:
        name = getattr(field, "name", None)
        text = facts.get(name, "") if isinstance(name, str) else ""
        value = _value(text, getattr(field, "schema_", None)) if text else None
        if value is not None:
            values[str(name)] = value
    return values


def _value(text: str, schema: Any) -> object | None:
    kind = getattr(schema, "type", "")
    if kind in ("Text", "Textarea"):
        return text if _between(len(text), schema.min_length, schema.max_length) else None
    if kind == "Number":
        return _number(text, schema)
    if kind == "Boolean":
        return _boolean(text.lower())
    if kind in ("SingleSelect", "MultiSelect"):
        choices = cast("list[object]", schema.select_options or [])
        chosen = next((choice for choice in choices if str(choice) == text), None)
        return [chosen] if kind == "MultiSelect" and chosen is not None else chosen
    return None


def _number(text: str, schema: Any) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    if not _between(number, schema.min_value, schema.max_value):
        return None
    return int(number) if number.is_integer() else number


def _boolean(text: str) -> bool | None:
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    return None


def _between(value: float, least: object, most: object) -> bool:
    low = least if isinstance(least, int | float) else float("-inf")
    high = most if isinstance(most, int | float) else float("inf")
    return low <= value <= high
