"""What a picture costs, in money and in time, in words."""

from pickabook_desktop.domain.capabilities import Capabilities, Price
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.money import money_text

_MEASURED_AT = Size(2048, 2048)


def price_text(price: Price, count: int = 1) -> str:
    """``free`` or an amount with its currency."""
    amount = price.amount * count
    return tr("free") if amount <= 0 else amount_text(amount, price.currency)


def amount_text(amount: float, currency: str) -> str:
    """As :func:`~pickabook_desktop.domain.money.money_text`."""
    return money_text(amount, currency)


def time_text(seconds: float) -> str:
    """A rounded length of time; never less than a second."""
    if seconds < 50:
        return tr("about {seconds} s", seconds=max(1, round(seconds)))
    return tr("about {minutes} min", minutes=max(1, round(seconds / 60)))


def estimate_text(capabilities: Capabilities | None, size: Size, count: int) -> str:
    """For example ``free · about 1 s``; empty without an engine. The price is for all pictures."""
    if capabilities is None:
        return ""
    seconds = capabilities.seconds * count
    if capabilities.free_size:
        seconds *= size.megapixels / _MEASURED_AT.megapixels
    return f"{price_text(capabilities.price_for(size), count)} · {time_text(seconds)}"


def later_text(capabilities: Capabilities | None, size: Size, count: int) -> str:
    """What it costs to draw where the pictures need not come at once, and what that share of the
    price is: ``half price · USD 0.02``. Empty where that is not offered.
    """
    if capabilities is None or capabilities.batch_price <= 0:
        return ""
    full = capabilities.price_for(size)
    amount = full.amount * capabilities.batch_price * count
    percent = round(capabilities.batch_price * 100)
    share = tr("half price") if percent == 50 else tr("{percent} % of the price", percent=percent)
    return f"{share} · {amount_text(amount, full.currency)}" if amount > 0 else share
