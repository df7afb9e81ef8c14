"""What a call has cost, by what the service says it has counted."""

import msgspec

from pickabook_desktop.domain.calls import Usage

MILLION = 1_000_000


class Tariff(msgspec.Struct, frozen=True, kw_only=True):
    """Prices of a million tokens of one model: of pictures drawn, of what is sent to it, and of
    words and thoughts that come from it. None where a price is not known.
    """

    image: float | None = None
    input: float | None = None
    text: float | None = None


def cost_of(usage: Usage, tariff: Tariff) -> float | None:
    """What a call with that usage has cost when it was asked for at once, in the list's currency.

    None where it cannot be told, so that the estimate stands: nothing is said of pictures, or they
    have no price. Tokens of other kinds without a price are left out.
    """
    images = usage.image_tokens
    if images is None or (images and tariff.image is None):
        return None
    words = max(0, (usage.output_tokens or 0) - images)
    counted = (
        (images, tariff.image),
        (usage.input_tokens or 0, tariff.input),
        (words, tariff.text),
    )
    return rounded(sum(tokens * (price or 0.0) for tokens, price in counted) / MILLION)


def rounded(amount: float) -> float:
    """Without the dust of binary fractions, which people would see in their tables."""
    return round(amount, 9)
