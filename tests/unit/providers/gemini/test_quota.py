"""When Google's day begins."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pickabook_desktop.providers.gemini.quota import midnight_pacific


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        ("2026-11-22T12:00", "2026-11-23T08:00"),
        ("2026-11-22T08:00", "2026-11-23T08:00"),
        ("2026-11-22T07:59", "2026-11-22T08:00"),
        ("2026-07-01T12:00", "2026-07-02T07:00"),
        # Clocks change there on 8 March and 1 November 2026.
        ("2026-03-08T07:00", "2026-03-08T08:00"),
        ("2026-03-08T12:00", "2026-03-09T07:00"),
        ("2026-11-01T06:00", "2026-11-01T07:00"),
        ("2026-11-01T12:00", "2026-11-02T08:00"),
    ],
)
def test_midnight_in_california(now: str, midnight: str):
    found = midnight_pacific(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(midnight).replace(tzinfo=UTC)


def test_it_agrees_with_the_list_of_time_zones():
    zone = ZoneInfo("America/Los_Angeles")
    now = datetime(2026, 1, 1, 3, 30, tzinfo=UTC)
    while now.year < 2029:
        there = midnight_pacific(now).astimezone(zone)
        assert (there.hour, there.minute) == (0, 0)
        assert timedelta() < midnight_pacific(now) - now <= timedelta(hours=25)
        now += timedelta(hours=19)
