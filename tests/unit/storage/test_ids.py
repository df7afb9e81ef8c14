"""Identifiers sort by time, whatever the clock does."""

import time
from datetime import UTC, datetime

import pytest

from pickabook_desktop.storage.ids import IdMaker, created_at


def test_later_ids_sort_behind_earlier_ones():
    maker = IdMaker()
    ids = [maker.next() for _ in range(5000)]
    assert ids == sorted(set(ids))
    assert {len(picture_id) for picture_id in ids} == {26}


def test_a_clock_set_back_does_not_turn_the_order_round(monkeypatch: pytest.MonkeyPatch):
    maker = IdMaker()
    before = maker.next()
    monkeypatch.setattr(time, "time_ns", lambda: 10**18)
    assert maker.next() > before


def test_an_id_tells_when_it_was_made(monkeypatch: pytest.MonkeyPatch):
    moment = datetime(2026, 11, 22, 8, 30, 15, 250_000, UTC)
    monkeypatch.setattr(time, "time_ns", lambda: int(moment.timestamp() * 1000) * 1_000_000)
    assert created_at(IdMaker().next()) == moment
