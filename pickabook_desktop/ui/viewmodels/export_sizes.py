"""How large exported pictures will be, in words."""

from collections.abc import Sequence

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.hand_over import MILLIMETRES_AN_INCH, Planned
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.viewmodels.export_presets import Unit
from pickabook_desktop.ui.viewmodels.picture_size import size_text

# Less is not seen in print.
NOTICED = 1.05
# From here on a digit after the point says nothing.
MANIFOLD = 10


def size_words(plans: Sequence[Planned], dpi: int, unit: Unit) -> str:
    """The size of the first picture and, with ``dpi`` other than 0, how large it is on paper;
    empty where nothing is planned.
    """
    if not plans:
        return ""
    sizes = tuple(dict.fromkeys(size_text(plan.full) for plan in plans))
    words = sizes[0] if len(sizes) == 1 else tr("{size} and others", size=sizes[0])
    if not dpi:
        return words
    trim = length_words(plans[0].trim, dpi, unit)
    if plans[0].bleed:
        return tr("{size}, cut to {trim}", size=words, trim=trim)
    return tr("{size}, {trim} on paper", size=words, trim=trim)


def enlarging_words(plans: Sequence[Planned]) -> str:
    """A word of warning where pixels would be made up; empty where none are."""
    most = max((plan.factor for plan in plans), default=1.0)
    if most <= NOTICED:
        return ""
    factor = f"{most:.1f}" if most < MANIFOLD else f"{most:.0f}"
    return tr("Enlarged {factor} times, which adds no detail.", factor=factor)


def length_words(size: Size, dpi: int, unit: Unit) -> str:
    """How large ``size`` is on paper."""
    inches = (size.width / dpi, size.height / dpi)
    if unit == "inch":
        width, height = (f"{edge:.2f}".rstrip("0").rstrip(".") for edge in inches)
        return tr("{width} × {height} in", width=width, height=height)
    width, height = (f"{edge * MILLIMETRES_AN_INCH:.0f}" for edge in inches)
    return tr("{width} × {height} mm", width=width, height=height)
