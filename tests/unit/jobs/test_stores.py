"""Stores are found where they are installed, and say why where they are not."""

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.domain.ports import StoreServices
from pickabook_desktop.domain.stored import StoreInfo
from pickabook_desktop.jobs.stores import GROUP, StoreRegistry


class NoKeys:
    def known(self, name: str) -> bool | None:
        return False

    def get(self, name: str, cancellation: object = None) -> str:
        raise NotConfiguredError("There is no key.")


class Shelf:
    """As much of a store as a list shows."""

    def __init__(self, services: StoreServices) -> None:
        self._address = services.setting("shelf.address")
        self.info = StoreInfo(id="shelf", title="The shelf", summary="In memory.")

    def unavailable(self) -> str:
        return "" if self._address else "Give an address in the settings."


def broken(services: StoreServices) -> Shelf:
    raise ModuleNotFoundError("No module named 'shelves'", name="shelves")


class Faulty(Shelf):
    def unavailable(self) -> str:
        raise KeyError("address")


def registry(monkeypatch: pytest.MonkeyPatch, address: str = "") -> StoreRegistry:
    monkeypatch.setattr(EntryPoint, "load", lambda self: globals()[self.attr])
    names = {"shelf": "Shelf", "broken": "broken", "faulty": "Faulty"}
    points = [EntryPoint(name, f"{__name__}:{attr}", GROUP) for name, attr in names.items()]
    return StoreRegistry(services(address), points)


def services(address: str = "") -> StoreServices:
    return StoreServices(setting=lambda _key: address, secrets=NoKeys(), data_dir=Path("unused"))


def test_each_store_is_listed_with_what_keeps_it_from_use(monkeypatch: pytest.MonkeyPatch):
    listed = {state.id: state for state in registry(monkeypatch).states()}
    assert list(listed) == ["broken", "faulty", "shelf"]
    assert "shelves" in listed["broken"].unavailable
    assert "address" in listed["faulty"].unavailable
    assert listed["shelf"].title == "The shelf"
    assert listed["shelf"].unavailable == "Give an address in the settings."


def test_one_that_is_set_up_is_handed_out_once_made(monkeypatch: pytest.MonkeyPatch):
    stores = registry(monkeypatch, "https://shelf.test")
    assert stores.get("shelf") is stores.get("shelf")
    assert stores.state("shelf").unavailable == ""


@pytest.mark.parametrize(
    ("store_id", "words"), [("broken", "shelves"), ("none", "broken, faulty, shelf")]
)
def test_one_that_is_not_there_is_an_error_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, store_id: str, words: str
):
    stores = registry(monkeypatch)
    with pytest.raises(NotConfiguredError) as caught:
        stores.get(store_id)
    assert words in caught.value.next_step


def test_a_picture_may_be_in_a_store_that_is_gone(monkeypatch: pytest.MonkeyPatch):
    assert "not installed any more" in registry(monkeypatch).state("gone").unavailable


def test_the_built_in_ones_are_listed_without_their_packages():
    program = (
        "import sys; from pathlib import Path\n"
        "from pickabook_desktop.domain.ports import StoreServices\n"
        "from pickabook_desktop.jobs.stores import StoreRegistry\n"
        "class Keys:\n"
        "    def known(self, name): return None\n"
        "services = StoreServices(setting=lambda k: '', secrets=Keys(), data_dir=Path())\n"
        "states = StoreRegistry(services).states()\n"
        "heavy = ('imagekitio', 'httpx', 'asyncio', 'truststore')\n"
        "print([s.id for s in states], [name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("['folder', 'imagekit'] []", "")
