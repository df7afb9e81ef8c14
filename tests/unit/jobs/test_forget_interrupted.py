"""Forgetting a child while something else happens, or after it was cut short."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e.fake_engine import FakeEngine, drawn
from unit.jobs.forget_house import House, receipt_of

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, Progress
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs.forget import (
    find_child,
    forget_job,
    known_children,
    resume_job,
    unfinished,
)
from pickabook_desktop.jobs.generate import keep
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.journal import Entry, Journal
from pickabook_desktop.storage.library import Library


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def test_a_page_that_was_cut_short_goes_as_well(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = house.photo("adelheid.jpg")
    house.draw(photo, "Adelheid")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pickabook_desktop.storage.keeping.insert", die)
        patched.setattr("pickabook_desktop.storage.files.Path.unlink", die)
        with pytest.raises(KeyboardInterrupt):
            house.draw(photo, "Adelheid", "a page nobody has heard of")
    house.forget("Adelheid")
    assert house.files_with("Adelheid", "nobody has heard") == []
    assert list(house.library.folder.rglob("*.png")) == []


def test_nobody_notes_whoever_is_being_forgotten(house: House) -> None:
    photo = house.photo("adelheid.jpg")
    house.draw(photo, "Adelheid")
    house.draw(house.photo("ben.jpg"), "Ben")
    steps = 0
    for event in forget_job(find_child("Adelheid", house.around), house.around)(CancelToken()):
        if isinstance(event, Progress) and event.stage != "Looking for everything":
            steps += 1
            moved = PhotoRef(path="/elsewhere/adelheid.jpg", sha256=photo.sha256)
            for shown, name in (
                (house.photo("new.jpg"), "ADELHEID"),
                (moved, "Adelheid"),
                (moved, ""),
            ):
                with pytest.raises(InputError):
                    house.children.note(shown, name)
            house.children.note(house.photo("new.jpg"), "Ben")
            assert {child.name for child in known_children(house.around)} >= {"Ben"}
    assert steps == 4
    assert [child.name for child in house.children.all()] == ["Ben"]
    # Afterwards it may be drawn again like anybody.
    house.children.watch(GenerationRequest(photo=photo, fields={"name": "Adelheid"}))()
    assert [child.name for child in house.children.all()] == ["Adelheid", "Ben"]


class Drawing:
    """A job that draws a child, and goes on while that child is forgotten."""

    def __init__(self, house: House, request: GenerationRequest) -> None:
        self._house = house
        self._request = request
        self.check = house.children.watch(request)

    def keep(self, check: Callable[[], None] | None = None) -> KeptPicture:
        can = FakeEngine().capabilities
        house = self._house
        return keep(drawn(5), self._request, can, house.library, check=check or self.check)


@pytest.mark.parametrize("name", ["Adelheid", ""])
def test_what_was_being_drawn_is_not_kept_afterwards(house: House, name: str) -> None:
    photo = house.photo("adelheid.jpg")
    drawing = Drawing(house, GenerationRequest(photo=photo, fields={"name": name}, prompt="a hat"))
    ben = Drawing(house, GenerationRequest(photo=house.photo("b.jpg"), fields={"name": "Ben"}))
    drawing.keep()
    house.forget(name or photo.path)
    with pytest.raises(InputError):
        drawing.keep()
    kept = ben.keep()
    assert house.ids() == {kept.id}
    assert [child.name for child in known_children(house.around)] == ["Ben"]
    assert "a hat" not in house.library.prompts()
    assert len(list(house.library.folder.rglob("*.png"))) == 1


def test_a_page_kept_behind_the_back_of_forgetting_is_taken_back(house: House) -> None:
    photo = house.photo("adelheid.jpg")
    house.draw(photo, "Adelheid")
    drawing = Drawing(
        house, GenerationRequest(photo=photo, fields={"name": "Adelheid"}, prompt="a hat")
    )
    checks: list[bool] = []

    def between() -> None:
        if checks:
            drawing.check()
        checks.append(True)
        if len(checks) == 1:
            # Between the look before keeping and the one after it.
            house.forget("Adelheid")

    with pytest.raises(InputError):
        drawing.keep(between)
    assert house.ids() == set()
    assert house.children.all() == ()
    assert house.files_with("Adelheid", "a hat", photo.sha256) == []
    assert list(house.library.folder.rglob("*.png")) == []


def test_pages_that_come_during_the_last_step_go_as_well(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = house.photo("adelheid.jpg")
    house.draw(photo, "Adelheid")
    late = [house.photo("late.jpg"), photo]
    forget_records = Journal.forget_records

    def slowly(journal: Journal, entry: Entry) -> None:
        if late:
            # By a program that looks into no journal.
            house.draw(late.pop(), "Adelheid", "Adelheid comes late")
        forget_records(journal, entry)

    monkeypatch.setattr(Journal, "forget_records", slowly)
    house.forget("Adelheid")
    assert late == []
    assert house.ids() == set()
    assert known_children(house.around) == ()
    assert house.files_with("Adelheid", photo.sha256) == []


def test_stopped_between_steps_it_is_finished_later(house: House) -> None:
    photo = house.photo("adelheid.jpg")
    own = [house.draw(house.photo("both.jpg", 0), "Adelheid"), house.draw(photo, "Adelheid")]
    sibling = house.draw(house.photo("both.jpg", 1), "Ben")
    token = CancelToken()
    events: list[object] = []
    for event in run_job(forget_job(find_child("Adelheid", house.around), house.around), token):
        events.append(event)
        if isinstance(event, Progress) and event.fraction > 0:
            token.cancel()
    assert isinstance(events[-1], Cancelled)
    assert unfinished(house.around)
    assert house.ids().isdisjoint({page.id for page in own})
    *_, ending = run_job(resume_job(house.around), CancelToken())
    assert isinstance(ending, Done)
    (receipt,) = ending.value  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]
    assert receipt.counts.pages == 2
    assert not unfinished(house.around)
    assert house.ids() == {sibling.id}
    assert house.files_with("Adelheid", photo.sha256) == []


def test_what_cannot_be_deleted_now_is_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = house.draw(house.photo("adelheid.jpg"), "Adelheid")
    child = find_child("Adelheid", house.around)

    def refuse(*_: object) -> None:
        raise StorageError("The file is in use.")

    with monkeypatch.context() as patched:
        patched.setattr("pickabook_desktop.storage.files.Files.remove", refuse)
        *_, ending = run_job(forget_job(child, house.around), CancelToken())
    assert isinstance(ending, Failed)
    assert unfinished(house.around)
    assert Path(page.path).exists()
    receipt_of(forget_job(child, house.around))
    assert not Path(page.path).exists()
    assert not unfinished(house.around)


def test_a_library_that_is_not_there_now_is_waited_for(house: House, tmp_path: Path) -> None:
    shelf, away = tmp_path / "shelf", tmp_path / "away"
    library = Library(shelf)
    request = GenerationRequest(photo=house.photo("adelheid.jpg"), fields={"name": "Adelheid"})
    page = library.add(drawn(1), request, "7")
    library.close()
    around = dataclasses.replace(house.around, library=shelf)
    job = forget_job(find_child("Adelheid", around), around)
    for event in job(CancelToken()):
        if isinstance(event, Progress) and event.stage == "Deleting pages":
            shelf.rename(away)
            break
    *_, ending = run_job(resume_job(house.around), CancelToken())
    assert isinstance(ending, Failed)
    assert "Connect" in ending.error.next_step
    away.rename(shelf)
    *_, ending = run_job(resume_job(house.around), CancelToken())
    assert isinstance(ending, Done)
    assert not Path(page.path).exists()
