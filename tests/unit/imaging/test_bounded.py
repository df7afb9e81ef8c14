"""What is being made for one is waited for by the next."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pickabook_desktop.imaging.bounded import BoundedCache


def test_two_who_ask_at_the_same_time_get_one_thing():
    cache: BoundedCache[object] = BoundedCache(2)
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> object:
        begun.set()
        assert go_on.wait(10)
        return object()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.get, "a", slowly)
        assert begun.wait(10)
        second = pool.submit(cache.get, "a", object)
        assert cache.get("b", lambda: "meanwhile") == "meanwhile"
        go_on.set()
        assert first.result(10) is second.result(10)


def test_a_failure_is_not_kept():
    cache: BoundedCache[int] = BoundedCache(2)

    def fail() -> int:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        cache.get("a", fail)
    assert cache.get("a", lambda: 1) == 1


def test_the_oldest_goes_when_there_is_too_much():
    cache: BoundedCache[int] = BoundedCache(9, 10, float)
    for weight in (4, 5, 6):
        cache.get(weight, lambda weight=weight: weight)
    assert len(cache) == 1
    assert cache.get(6, lambda: 0) == 6
