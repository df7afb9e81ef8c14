"""What may still be spent in this month."""

import msgspec

from pickabook_desktop.domain.capabilities import Price
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.viewmodels.cost import amount_text, price_text

# Amounts are kept to the millionth; what is less comes of reckoning.
_LEAST = 1e-6


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """``left`` is None where there is no limit, or nobody has looked yet; ``problem`` is why the
    limit that is set cannot be meant.
    """

    left: float | None = None
    currency: str = "USD"
    problem: str = ""

    def objection(self, price: Price, count: int) -> str:
        """Why ``count`` pictures at ``price`` cannot be drawn, as a sentence; empty where they
        can. Prices in other currencies are not limited.
        """
        amount = price.amount * count
        if amount <= 0 or price.currency != self.currency:
            return ""
        if self.problem or self.left is None or amount <= self.left + _LEAST:
            return self.problem
        return tr(
            "This would cost {price}, and {left} is left of this month’s limit.",
            price=price_text(price, count),
            left=amount_text(self.left, self.currency),
        )
