"""Money looks the same wherever it is written."""

import pytest

from pickabook_desktop.domain.capabilities import Price
from pickabook_desktop.domain.money import listed_price_text, money_text
from pickabook_desktop.ui.viewmodels.cost import amount_text, price_text


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "USD 0.00"),
        (0.1, "USD 0.10"),
        (0.134, "USD 0.13"),
        (0.0336, "USD 0.03"),
        (0.0504, "USD 0.05"),
        (0.045, "USD 0.05"),
        (12, "USD 12.00"),
        (0.0049, "less than USD 0.01"),
    ],
)
def test_money_has_its_currency_and_two_decimals(amount: float, shown: str):
    assert money_text(amount) == shown
    assert amount_text(amount, "USD") == shown


def test_other_currencies_are_named_and_prices_are_written_likewise():
    assert money_text(2.5, "EUR") == "EUR 2.50"
    assert money_text(2.5, "") == "2.50"
    assert price_text(Price(amount=0.0504), 3) == "USD 0.15"
    assert price_text(Price()) == "free"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0.0336, "USD 0.0336"),
        (0.05, "USD 0.05"),
        (0.134, "USD 0.134"),
        (0.24, "USD 0.24"),
        (2, "USD 2.00"),
    ],
)
def test_a_listed_price_keeps_what_tells_it_from_others(amount: float, text: str):
    assert listed_price_text(amount) == text
