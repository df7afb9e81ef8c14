"""Sizes as a person chooses them: by name, for paper, or typed."""

from collections.abc import Sequence

from pickabook_desktop.domain.capabilities import Capabilities, size_name_for
from pickabook_desktop.domain.geometry import (
    MIN_EDGE,
    NAMED_LONG_EDGES,
    AspectRatio,
    Size,
    size_for,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.template import Template

A4 = "A4"
CUSTOM = "custom"
PRINT_DPI = 300
MAX_EDGE = 8192
_CM_PER_INCH = 2.54
# ISO 216: A4 is 210 x 297 mm, here at 300 dpi.
_A4_PORTRAIT = Size(2480, 3508)
_USUAL_ASPECTS = (AspectRatio(1, 1), AspectRatio(3, 4), AspectRatio(4, 3), AspectRatio(210, 297))


def size_names(capabilities: Capabilities | None) -> tuple[str, ...]:
    """The names to offer, at least one. :data:`A4` and :data:`CUSTOM` end them, unless the engine
    draws no other sizes than its own.
    """
    known = capabilities.sizes if capabilities else tuple(NAMED_LONG_EDGES)
    named = tuple(name for name in known if name.upper() in NAMED_LONG_EDGES)
    if capabilities and not capabilities.free_size:
        return named or ("1K",)
    limit = capabilities.max_megapixels if capabilities else 0.0
    paper = () if 0 < limit < _A4_PORTRAIT.megapixels else (A4,)
    return (*named, *paper, CUSTOM)


def aspect_choices(
    capabilities: Capabilities | None, template: Template | None
) -> tuple[AspectRatio, ...]:
    """The engine's aspect ratios, or else the template's, or else the usual ones."""
    if capabilities and capabilities.aspects:
        return capabilities.aspects
    return (template.aspects if template else ()) or _USUAL_ASPECTS


def nearest_aspect(choices: Sequence[AspectRatio], wanted: float) -> AspectRatio:
    """The choice whose shape is closest to ``wanted`` (width / height); of equals the first."""
    return min(choices, key=lambda ratio: round(ratio.distance(wanted), 9))


def resolved_size(name: str, aspect: AspectRatio, custom: Size) -> Size:
    """The size in pixels that a name stands for."""
    if name == CUSTOM:
        return custom
    if name == A4:
        upright = aspect.value < 1
        return _A4_PORTRAIT if upright else Size(_A4_PORTRAIT.height, _A4_PORTRAIT.width)
    return size_for(NAMED_LONG_EDGES.get(name.upper(), NAMED_LONG_EDGES["2K"]), aspect.value)


def name_of(size: Size, names: Sequence[str], aspect: AspectRatio) -> str:
    """The name under which ``size`` is offered at ``aspect``, or :data:`CUSTOM`; where sizes of
    one's own are not offered, the nearest that is large enough.
    """
    if CUSTOM not in names:
        return size_name_for(size, names) or names[0]
    matching = (name for name in names if resolved_size(name, aspect, size) == size)
    return next(matching, CUSTOM)


def size_problem(size: Size, capabilities: Capabilities | None) -> str:
    """Why ``size`` cannot be drawn, as a sentence with what to do; empty when it can."""
    if min(size.width, size.height) < MIN_EDGE:
        return tr("Choose a size of at least {edge} pixels each way.", edge=MIN_EDGE)
    if max(size.width, size.height) > MAX_EDGE:
        return tr("Choose a size of at most {edge} pixels each way.", edge=MAX_EDGE)
    if not 1 / 8 <= size.aspect <= 8:
        return tr("Choose a size at most eight times as long as it is wide.")
    limit = capabilities.max_megapixels if capabilities else 0.0
    if 0 < limit < size.megapixels:
        return tr(
            "{size} is {has} megapixels and this engine draws at most {limit}. Choose less.",
            size=size_text(size),
            has=f"{size.megapixels:.1f}",
            limit=f"{limit:g}",
        )
    return ""


def size_text(size: Size, capabilities: Capabilities | None = None) -> str:
    """Width and height; engines with sizes of their own come near to them only."""
    if capabilities is not None and not capabilities.free_size:
        return tr("about {width} × {height} px", width=size.width, height=size.height)
    return tr("{width} × {height} px", width=size.width, height=size.height)


def print_text(size: Size) -> str:
    """How large the picture is on paper."""
    if size.width * size.height == _A4_PORTRAIT.width * _A4_PORTRAIT.height:
        return tr("A4 at {dpi} dpi", dpi=PRINT_DPI)
    width, height = (f"{edge / PRINT_DPI * _CM_PER_INCH:.1f}" for edge in (size.width, size.height))
    return tr("{width} × {height} cm at {dpi} dpi", width=width, height=height, dpi=PRINT_DPI)
