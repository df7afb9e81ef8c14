"""What a picture costs, in money and in time, in words."""

from pickabook_desktop.domain.capabilities import Capabilities, Price
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.i18n import tr

_MEASURED_AT = Size(2048, 2048)


def price_text(price: Price, count: int = 1) -> str:
    """``free`` or an amount with its currency."""
    amount = price.amount * count
    if amount <= 0:
        return tr("free")
    thousandths = f"{amount:.3f}"
    return f"{price.currency} {thousandths.removesuffix('0')}"


def time_text(seconds: float) -> str:
    """A rounded length of time; never less than a second."""
    if seconds < 50:
        return tr("about {seconds} s", seconds=max(1, round(seconds)))
    return tr("about {minutes} min", minutes=max(1, round(seconds / 60)))


def estimate_text(capabilities: Capabilities | None, size: Size, count: int) -> str:
    """For example ``free · about 1 s``; empty without an engine."""
    if capabilities is None:
        return ""
    seconds = capabilities.seconds * count * size.megapixels / _MEASURED_AT.megapixels
    return f"{price_text(capabilities.price, count)} · {time_text(seconds)}"
