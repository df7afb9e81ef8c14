"""What a call has cost, as far as the service's count tells."""

import pytest

from pickabook_desktop.domain.calls import Usage
from pickabook_desktop.providers.gemini.answers import read_answer, usage_of
from pickabook_desktop.providers.gemini.costs import Tariff, cost_of

TARIFF = Tariff(image=30.0, input=1.5, text=7.5)
PICTURE = '{"candidates": [{"content": {"parts": [{"inlineData": {"data": "AAAA"}}]}}]'


def counted(answer: str) -> Usage:
    return usage_of(read_answer(answer))


def test_all_that_is_counted_is_paid_for():
    usage = Usage(input_tokens=20_000, output_tokens=1120 + 8000, image_tokens=1120)
    assert cost_of(usage, TARIFF) == pytest.approx(0.0336 + 0.03 + 0.06)


def test_what_has_no_price_is_left_out_and_pictures_without_one_are_not_known():
    usage = Usage(input_tokens=20_000, output_tokens=1120, image_tokens=1120)
    assert cost_of(usage, Tariff(image=30.0)) == pytest.approx(0.0336)
    assert cost_of(usage, Tariff(input=1.5, text=7.5)) is None
    assert cost_of(Usage(), TARIFF) is None


@pytest.mark.parametrize(
    "usage",
    [
        "{}",
        '{"promptTokenCount": 9}',
        '{"promptTokenCount": 9, "thoughtsTokenCount": 50}',
        '{"promptTokenCount": 9, "candidatesTokenCount": 0}',
        '{"candidatesTokenCount": 20,'
        ' "candidatesTokensDetails": [{"modality": "TEXT", "tokenCount": 20}]}',
        '{"candidatesTokenCount": 1120}',
        '{"candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": -5}]}',
        '{"candidatesTokenCount": 1120,'
        ' "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1e30}]}',
    ],
)
def test_a_count_without_the_picture_that_came_tells_nothing(usage: str):
    usage = usage.replace("1e30", str(10**30))
    assert cost_of(counted(f'{PICTURE}, "usageMetadata": {usage}}}'), TARIFF) is None


def test_a_refusal_before_drawing_costs_what_was_read_and_thought():
    """For every model, whether or not its pictures have a price of tokens."""
    usage = counted(
        '{"promptFeedback": {"blockReason": "SAFETY"},'
        ' "usageMetadata": {"promptTokenCount": 1000, "thoughtsTokenCount": 100}}'
    )
    assert cost_of(usage, TARIFF) == pytest.approx(0.0015 + 0.00075)
    assert cost_of(usage, Tariff()) == 0.0


def test_a_refusal_that_counts_nothing_may_have_cost_the_picture():
    refused = '{"candidates": [{"finishReason": "IMAGE_SAFETY"}]'
    assert cost_of(counted(refused + "}"), TARIFF) is None
    unknown = ', "usageMetadata": {"candidatesTokenCount": 1120}}'
    assert cost_of(counted(refused + unknown), TARIFF) is None
