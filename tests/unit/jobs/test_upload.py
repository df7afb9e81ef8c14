"""What is sent, what is never sent, and what comes of each way in which a store can fail."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from unit.jobs.memory_shelf import Shelf, add, no_key, offline, ruled, trouble

from pickabook_desktop.domain.errors import (
    STORE_FULL,
    CancelledError,
    NotConfiguredError,
    PickaBookError,
    StorageError,
    UnreachableError,
)
from pickabook_desktop.domain.events import Cancelled, Done, JobEvent, Progress
from pickabook_desktop.domain.ports import Store
from pickabook_desktop.domain.stored import StoredPicture
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.upload import Delivered, deliver_job, enqueue, wait_after
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.entries import Entry
from pickabook_desktop.storage.library import Library

Run = Callable[..., Delivered]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "library")
    yield library
    library.close()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def deliver(library: Library, shelf: Shelf) -> Run:
    def run(token: CancelToken | None = None, **choices: object) -> Delivered:
        ending = events(library, shelf, token, **choices)[-1]
        assert isinstance(ending, Done), ending
        assert isinstance(ending.value, Delivered)
        return ending.value

    return run


def events(
    library: Library, shelf: Shelf, token: CancelToken | None = None, **choices: object
) -> list[JobEvent]:
    def get(store_id: str) -> Store:
        if store_id != shelf.info.id:
            raise NotConfiguredError("There is no such store.")
        return shelf

    rules = choices.pop("rules", None) or ruled()
    job = deliver_job(library, get, rules, **choices)  # type: ignore[arg-type]  # as they come
    return list(run_job(job, token or CancelToken()))


def the_entry(library: Library) -> Entry:
    (entry,) = library.outbox.entries()
    return entry


# What is sent.


def test_all_pages_of_a_request_go_and_are_listed(library: Library, shelf: Shelf, deliver: Run):
    pictures = [add(library, seed) for seed in range(3)]
    enqueue(pictures, "shelf", library)
    delivered = deliver()
    assert [copy.picture_id for copy in delivered.sent] == [picture.id for picture in pictures]
    assert (delivered.left, delivered.failed, delivered.next_due) == ((), (), None)
    assert shelf.calls == ["upload"] * 3
    listed = library.outbox.stored([picture.id for picture in pictures])
    assert {copies[0].url for copies in listed.values()} == {
        f"https://shelf.test/{path}" for path in shelf.files
    }


def test_what_the_store_would_find_too_large_is_not_sent(
    library: Library, shelf: Shelf, deliver: Run
):
    shelf.info = replace(shelf.info, max_bytes=100)
    enqueue((add(library),), "shelf", library)
    (entry,) = deliver().failed
    assert entry.problem is not None
    assert (entry.problem.code, shelf.calls) == ("too_large", [])
    assert "Shelf" in entry.problem.message


# What can go wrong.


def test_offline_is_a_wait_and_no_failure(library: Library, shelf: Shelf, deliver: Run):
    enqueue([add(library, seed) for seed in range(3)], "shelf", library)
    shelf.troubles = [offline()]
    before = time.time()
    delivered = deliver()
    # Nobody knocks three times at a door that is shut.
    assert shelf.calls == ["upload"]
    assert [(e.state, e.attempts, e.offline) for e in delivered.left] == [("waiting", 0, 1)] * 3
    assert delivered.next_due is not None
    assert before + 5 <= delivered.next_due <= time.time() + 10
    assert deliver().sent == ()
    assert shelf.calls == ["upload"]
    assert len(deliver(wake=True).sent) == 3
    # It was never reached, so there was nothing to look for.
    assert shelf.calls == ["upload"] * 4


def test_an_answer_that_got_lost_doubles_nothing(library: Library, shelf: Shelf, deliver: Run):
    shelf.late, shelf.troubles = True, [trouble()]
    enqueue((add(library),), "shelf", library)
    (entry,) = deliver().left
    assert (entry.state, entry.attempts) == ("waiting", 1)
    assert len(deliver(wake=True).sent) == 1
    assert shelf.calls == ["upload", "find"]
    assert len(shelf.files) == 1


def test_a_lost_answer_is_asked_after_also_when_settings_have_changed(
    library: Library, shelf: Shelf, deliver: Run
):
    shelf.late, shelf.troubles = True, [trouble()]
    enqueue((add(library),), "shelf", library)
    deliver(rules=ruled(names=True))
    (with_name,) = shelf.files
    deliver(wake=True, rules=ruled(names=False, shelf_folder="elsewhere"))
    (path,) = shelf.files
    assert path.startswith("elsewhere/")
    assert path != with_name
    assert b"Ada" not in shelf.files[path].data


def test_the_wait_that_a_service_asks_for_wins_and_holds_for_all(
    library: Library, shelf: Shelf, deliver: Run
):
    enqueue([add(library, seed) for seed in range(2)], "shelf", library)
    shelf.troubles = [trouble(retry_after=77.0)]
    before = time.time()
    delivered = deliver()
    assert shelf.calls == ["upload"]
    for entry in delivered.left:
        assert before + 77 <= entry.due <= time.time() + 77
    assert deliver(wake=True).sent == ()


def test_a_service_that_asks_for_no_pause_is_asked_once_and_then_less_and_less(
    library: Library, shelf: Shelf, deliver: Run
):
    ids = enqueue([add(library, seed) for seed in range(3)], "shelf", library)
    shelf.troubles = [trouble(retry_after=0.0)] * 50
    waits = [deliver().left[0].due - time.time()]
    assert shelf.calls == ["upload"]
    for _ in range(4):
        waits.append(deliver(only=ids[:1]).left[0].due - time.time())
    assert waits[0] > 0.5
    assert waits[-1] > 4 * waits[0]


def test_waits_double_and_are_never_quite_the_same():
    waits = [[wait_after(tries, 5, 3600) for _ in range(50)] for tries in range(1, 30)]
    for tries, some in enumerate(waits):
        full = min(5 * 2**tries, 3600)
        assert all(full / 2 <= wait <= full for wait in some)
        assert len(set(some)) > 40


def test_each_failure_waits_longer(library: Library, shelf: Shelf, deliver: Run):
    enqueue((add(library),), "shelf", library)
    waits: list[float] = []
    for _ in range(4):
        shelf.troubles = [trouble()]
        waits.append(deliver(wake=True).left[0].due - time.time())
    assert waits == sorted(waits)
    assert waits[-1] > 4 * waits[0] / 2


@pytest.mark.parametrize("error", [no_key(), StorageError("No room left.", code=STORE_FULL)])
def test_a_missing_key_or_room_is_asked_for_once_and_all_goes_on_when_it_is_there(
    library: Library, shelf: Shelf, deliver: Run, error: PickaBookError
):
    ids = enqueue([add(library, seed) for seed in range(3)], "shelf", library)
    shelf.troubles = [error]
    assert len(deliver().failed) == 3
    assert shelf.calls == ["upload"]
    assert deliver().failed
    library.outbox.retry(ids[2])
    assert len(deliver().sent) == 3


@pytest.mark.parametrize(
    "fault", [ValueError("a fault in the library of the service"), SystemExit(7)]
)
def test_a_fault_in_a_store_costs_one_page_its_turn(
    library: Library,
    shelf: Shelf,
    deliver: Run,
    fault: BaseException,
):
    enqueue([add(library, seed) for seed in range(2)], "shelf", library)
    shelf.troubles = [fault]
    delivered = deliver()
    assert (len(delivered.failed), len(delivered.sent)) == (1, 1)
    problem = delivered.failed[0].problem
    assert problem is not None
    assert "ValueError" not in problem.message + problem.next_step


def test_a_store_that_is_not_installed_any_more_says_so(
    library: Library, shelf: Shelf, deliver: Run
):
    enqueue((add(library),), "gone", library)
    enqueue((add(library, 1),), "shelf", library)
    delivered = deliver()
    assert [entry.store_id for entry in delivered.failed] == ["gone"]
    assert len(delivered.sent) == 1


def test_a_damaged_page_is_not_sent(library: Library, shelf: Shelf, deliver: Run):
    picture = add(library)
    Path(picture.path).write_bytes(b"torn")
    enqueue((picture,), "shelf", library)
    (entry,) = deliver().failed
    assert entry.problem is not None
    assert "damaged" in entry.problem.message
    assert shelf.calls == []


def test_stopping_ends_the_job_and_the_next_one_looks_before_it_sends(
    library: Library, shelf: Shelf, deliver: Run
):
    enqueue((add(library),), "shelf", library)
    shelf.late, shelf.troubles = True, [CancelledError("Stopped.")]
    assert isinstance(events(library, shelf)[-1], Cancelled)
    assert the_entry(library).state == "queued"
    assert len(deliver().sent) == 1
    assert shelf.calls == ["upload", "find"]


def test_a_job_that_is_dropped_gives_back_what_it_had_claimed(
    library: Library, shelf: Shelf, deliver: Run
):
    enqueue((add(library),), "shelf", library)
    running = run_job(deliver_job(library, lambda _: shelf, ruled()), CancelToken())
    assert isinstance(next(running), Progress)
    running.close()  # type: ignore[attr-defined]  # a generator
    assert the_entry(library).state == "queued"
    assert len(deliver().sent) == 1


def test_progress_counts_up_to_the_end(library: Library, shelf: Shelf):
    enqueue([add(library, seed) for seed in range(4)], "shelf", library)
    told = [event for event in events(library, shelf) if isinstance(event, Progress)]
    assert [event.fraction for event in told] == [0, 0.25, 0.5, 0.75]


# What is withdrawn, and what others are at.


def test_a_copy_is_taken_away(library: Library, shelf: Shelf, deliver: Run):
    picture = add(library)
    enqueue((picture,), "shelf", library)
    (copy,) = deliver().sent
    library.outbox.add_deletion("shelf", copy.stored.remote_id)
    assert deliver().removed == 1
    assert (shelf.files, library.outbox.stored((picture.id,))) == ({}, {})


@pytest.mark.parametrize("arrived", [True, False])
def test_an_upload_withdrawn_after_a_lost_answer_leaves_no_copy(
    library: Library,
    shelf: Shelf,
    deliver: Run,
    arrived: bool,
):
    picture = add(library)
    (entry_id,) = enqueue((picture,), "shelf", library)
    shelf.late, shelf.troubles = arrived, [trouble()]
    deliver()
    library.outbox.cancel(entry_id)
    library.trash(picture.id)
    library.purge()
    delivered = deliver()
    if not arrived:
        # Nor may it arrive later.
        assert [entry.state for entry in delivered.left] == ["waiting"]
        delivered = deliver(wake=True)
    assert delivered.removed == 1
    assert (shelf.files, library.outbox.entries()) == ({}, ())


def test_an_upload_that_arrives_after_it_was_withdrawn_leaves_no_copy(
    library: Library, shelf: Shelf, deliver: Run
):
    (entry_id,) = enqueue((add(library),), "shelf", library)
    shelf.late, shelf.troubles = True, [CancelledError("Stopped.")]
    events(library, shelf)
    on_its_way = dict(shelf.files)
    shelf.files.clear()
    library.outbox.cancel(entry_id)
    assert len(deliver().left) == 1
    shelf.files |= on_its_way
    deliver(wake=True)
    assert (shelf.files, library.outbox.entries()) == ({}, ())


def test_a_page_that_is_withdrawn_before_it_is_sent_is_not_sent(
    library: Library, shelf: Shelf, deliver: Run
):
    (entry_id,) = enqueue((add(library),), "shelf", library)

    def get(store_id: str) -> Store:
        library.outbox.cancel(entry_id)
        return shelf

    list(run_job(deliver_job(library, get, ruled()), CancelToken()))
    assert (shelf.calls, library.outbox.entries()) == ([], ())


def test_wishing_for_a_copy_that_is_there_sends_nothing(
    library: Library, shelf: Shelf, deliver: Run
):
    picture = add(library)
    for _ in range(2):
        enqueue((picture,), "shelf", library)
        assert len(deliver().sent) == 1
    assert shelf.calls == ["upload", "find"]
    shelf.files.clear()  # somebody has deleted it over there
    enqueue((picture,), "shelf", library)
    deliver()
    assert len(library.outbox.stored((picture.id,))[picture.id]) == len(shelf.files) == 1


def test_some_alone_are_sent_however_long_they_would_wait(
    library: Library, shelf: Shelf, deliver: Run
):
    ids = enqueue([add(library, seed) for seed in range(3)], "shelf", library)
    shelf.troubles = [offline()]
    deliver()
    shelf.troubles = [None, trouble()]
    delivered = deliver(only=ids[:2])
    assert (len(delivered.sent), [e.id for e in delivered.left]) == (1, [ids[1]])
    shelf.troubles = [offline()]
    assert [e.id for e in deliver(only=ids[1:]).left] == list(ids[1:])


def test_what_another_process_is_at_is_waited_for(library: Library, shelf: Shelf, deliver: Run):
    picture = add(library)
    ids = enqueue((picture,), "shelf", library)
    other = Library(library.folder)
    entry = other.outbox.claim(time.time())
    assert entry is not None

    class Watching(CancelToken):
        def wait(self, seconds: float) -> bool:
            other.outbox.finish(entry, copy)
            return False

    copy = StoredPicture(store_id="shelf", remote_id="1", url="https://shelf.test/1")
    assert deliver(Watching(), only=ids) == Delivered()
    assert library.outbox.stored((picture.id,)) == {picture.id: (copy,)}
    assert shelf.calls == []
    other.close()


def test_an_error_keeps_its_kind_until_another_run_tells_it(
    library: Library, shelf: Shelf, deliver: Run
):
    for kind, error in ((UnreachableError, offline()), (NotConfiguredError, no_key())):
        (entry_id,) = enqueue((add(library),), "shelf", library)
        shelf.troubles = [error]
        deliver()
        problem = the_entry(library).problem
        assert problem is not None
        told: PickaBookError = problem.error()
        assert (type(told), told.message, told.next_step) == (kind, error.message, error.next_step)
        library.outbox.cancel(entry_id)
