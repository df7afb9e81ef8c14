"""Stores are found where they are installed, and say why where they are not."""

from collections.abc import Callable
from importlib.metadata import EntryPoint

import pytest

from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.jobs import stores
from pickabook_desktop.net.cancel import CancelToken


class Shelf:
    """A store in memory."""

    def __init__(self, setting: Callable[[str], str]) -> None:
        self._address = setting("shelf.address")

    def unavailable(self) -> str:
        return "" if self._address else "Give an address in the settings."

    def upload(self, name: str, data: bytes, media_type: str, cancellation: Cancellation) -> str:
        return f"{self._address}/{name}"


def broken(setting: Callable[[str], str]) -> Shelf:
    raise ImportError("no such library")


class Faulty(Shelf):
    def unavailable(self) -> str:
        raise KeyError("address")


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    group = stores.GROUP
    found = (
        EntryPoint("shelf", f"{__name__}:Shelf", group),
        EntryPoint("broken", f"{__name__}:broken", group),
        EntryPoint("faulty", f"{__name__}:Faulty", group),
    )

    def entry_points(*, group: str) -> tuple[EntryPoint, ...]:
        return tuple(point for point in found if point.group == group)

    monkeypatch.setattr(stores, "entry_points", entry_points)
    monkeypatch.setattr(EntryPoint, "load", lambda self: globals()[self.attr])


def test_a_store_that_is_set_up_takes_pictures():
    store = stores.find_store("shelf", lambda key: "https://shelf.test")
    address = store.upload("a.png", b"", "image/png", CancelToken())
    assert address == "https://shelf.test/a.png"


@pytest.mark.parametrize(
    ("store_id", "words"),
    [
        ("shelf", "Give an address"),
        ("broken", "Install"),
        ("faulty", "Install"),
        ("none", "broken, faulty, shelf"),
    ],
)
def test_one_that_cannot_be_used_says_what_to_do(store_id: str, words: str):
    with pytest.raises(NotConfiguredError) as caught:
        stores.find_store(store_id, lambda key: "")
    assert words in caught.value.next_step
