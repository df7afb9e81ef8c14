"""Exports that people want again and again, and what files of an export are called."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from pickabook_desktop.domain.hand_over import (
    DISPLAY_P3,
    EXPORT_FORMATS,
    NO_PROFILE,
    SRGB,
    ExportFormat,
    ExportWish,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import Hints
from pickabook_desktop.domain.review import Card

SizeMode = Literal["same", "edge", "print"]
Unit = Literal["mm", "inch"]
SIZE_MODES: tuple[SizeMode, ...] = ("same", "edge", "print")
UNITS: tuple[Unit, ...] = ("mm", "inch")
WEB_EDGE = 2048
WEB_QUALITY = 85
USUAL_BLEED = 3.0
ENDINGS: dict[ExportFormat, str] = {"png": "png", "jpeg": "jpg", "webp": "webp", "tiff": "tif"}
_KEPT_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody exports again and again: all but the folder, metadata and names."""

    id: str
    title: str
    wish: ExportWish
    size_mode: SizeMode = "same"
    own: bool = False


class RememberedExport(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen last, and the presets that the person has made."""

    wish: ExportWish = ExportWish()
    size_mode: SizeMode = "same"
    unit: Unit = "mm"
    preset: str = "original"
    presets: tuple[Preset, ...] = ()


NameValues = Callable[[Card, int, bool], Mapping[str, str | int]]
"""What the places of a pattern stand for: of a card, at its number, with names or without."""


def values_with(title_of: Callable[[str], str]) -> NameValues:
    """The values that an export will put in; ``title_of`` names a template by its id."""

    def values(card: Card, number: int, names: bool) -> dict[str, str | int]:
        hints = Hints("" if names else card.child)
        made = _local(card.created)
        return {
            "number": number,
            "date": made.strftime("%Y-%m-%d") if made else "",
            "time": made.strftime("%H-%M-%S") if made else "",
            "title": hints.without(title_of(card.template) or card.template, ""),
            "template": hints.without(card.template, ""),
            "style": hints.without(card.style, ""),
            "engine": card.engine,
            "seed": card.seed,
            "child": card.child if names else "",
            "book": hints.without(card.book, ""),
            "id": card.id,
            "rating": card.rating,
        }

    return values


def without_circumstances(wish: ExportWish) -> ExportWish:
    """A wish without what belongs to one hand-over: the folder, and what the files may say."""
    return msgspec.structs.replace(wish, folder="", metadata=True, names=False, notes=False)


def is_profile_file(icc: str) -> bool:
    """Whether colours are asked for by the path of a profile."""
    return icc not in (SRGB, DISPLAY_P3, NO_PROFILE)


def ending_of(card: Card, chosen: ExportFormat) -> str:
    """The ending of the file that ``card`` becomes, without a dot."""
    kept = _KEPT_ENDINGS.get(card.media_type) or card.media_type.partition("/")[2]
    return ENDINGS.get(chosen, kept)


def format_titles() -> dict[ExportFormat, str]:
    """What the formats are called, in their order."""
    titles: dict[ExportFormat, str] = {
        "original": tr("As it is"),
        "png": "PNG",
        "jpeg": "JPEG",
        "webp": "WebP",
        "tiff": "TIFF",
    }
    return {name: titles[name] for name in EXPORT_FORMATS}


def built_in_presets() -> tuple[Preset, ...]:
    """What most exports are for."""
    web = ExportWish(format="jpeg", quality=WEB_QUALITY, long_edge=WEB_EDGE)
    printer = ExportWish(format="tiff", bleed=USUAL_BLEED)
    return (
        Preset(id="original", title=tr("As they are"), wish=ExportWish()),
        Preset(id="web", title=tr("For the web"), wish=web, size_mode="edge"),
        Preset(id="print", title=tr("For a printer"), wish=printer),
    )


def _local(created: str) -> datetime | None:
    try:
        return datetime.fromisoformat(created).astimezone()
    except ValueError:
        return None
