"""How amounts of money are written, the same way everywhere."""

from pickabook_desktop.domain.i18n import tr


def money_text(amount: float, currency: str = "USD") -> str:
    """For example ``USD 0.05``: the currency's code and two decimals. What is less than a cent, and
    not nothing, says so. Without a currency the number alone.
    """
    micros = round(amount * 1e6)  # in which half a cent is half a cent, as in no binary fraction
    if 0 < micros < 5_000:
        return tr("less than {amount}", amount=money_text(0.01, currency))
    return f"{currency} {(micros + 5_000) // 10_000 / 100:.2f}".strip()


def listed_price_text(amount: float, currency: str = "USD") -> str:
    """A price as a list has it, to be compared with others: two to four decimals, as it needs."""
    text = f"{amount:.4f}"
    while text.endswith("0") and len(text) - text.index(".") > 3:
        text = text[:-1]
    return f"{currency} {text}".strip()
