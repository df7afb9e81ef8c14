"""What stores have yet to be told lasts, is done once, and never leaves a copy nobody knows of."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest
from unit.storage.outgoing import NO_KEY, NOW, OFFLINE, TROUBLE, claimed, stored, told, uploaded
from unit.storage.shelf import add

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.storage.entries import Entry
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.schema import LIBRARY_STEPS


def test_an_upload_is_put_down_once_and_lasts(library: Library):
    picture_id = add(library).id
    first = library.outbox.add(picture_id, "shelf")
    assert library.outbox.add(picture_id, "shelf") == first
    assert library.outbox.add(picture_id, "elsewhere") != first
    library.close()
    again = Library(library.folder)
    assert [(e.picture_id, e.store_id, e.state) for e in again.outbox.entries()] == [
        (picture_id, "shelf", "queued"),
        (picture_id, "elsewhere", "queued"),
    ]
    again.close()


def test_several_are_put_down_together_or_not_at_all(library: Library):
    with pytest.raises(InputError, match="no picture"):
        library.outbox.add_all((add(library).id, "01ARZ3NDEKTSV4RRFFQ69G5FAV"), "shelf")
    assert library.outbox.entries() == ()


def test_looking_makes_no_library(library: Library):
    assert library.outbox.entries() == ()
    assert library.outbox.claim(NOW) is None
    assert library.outbox.next_due() is None
    assert library.outbox.stored(("01ARZ3NDEKTSV4RRFFQ69G5FAV",)) == {}
    assert library.outbox.forget(("01ARZ3NDEKTSV4RRFFQ69G5FAV",)) == 0
    library.outbox.wake()
    with pytest.raises(InputError):
        library.outbox.cancel("01ARZ3NDEKTSV4RRFFQ69G5FAV")
    assert not library.folder.exists()


def test_what_arrived_leaves_the_outbox_and_is_listed(library: Library):
    picture_id = uploaded(library)
    assert library.outbox.entries() == ()
    assert library.outbox.stored((picture_id, "none")) == {picture_id: (stored(),)}
    assert library.outbox.left_behind() == ()


def test_the_oldest_is_claimed_first_and_by_one_alone(library: Library):
    ids = [library.outbox.add(add(library, seed).id, "shelf") for seed in range(3)]
    got: list[str] = []

    def claim() -> None:
        while (entry := library.outbox.claim(NOW)) is not None:
            got.append(entry.id)

    threads = [threading.Thread(target=claim) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == ids
    assert told(library) == [("upload", "running")] * 3


def test_another_window_leaves_alone_what_this_one_is_at(library: Library):
    library.outbox.add(add(library).id, "shelf")
    entry = claimed(library)
    other = Library(library.folder)
    assert other.outbox.claim(NOW) is None
    assert [e.state for e in other.outbox.entries()] == ["running"]
    library.outbox.release(entry)
    again = other.outbox.claim(NOW)
    assert again is not None
    assert again.id == entry.id
    other.close()


CLAIM_AND_DIE = """
import os, sys
from pathlib import Path
from pickabook_desktop.storage.library import Library
assert Library(Path(sys.argv[1])).outbox.claim(float(sys.argv[2])) is not None
os._exit(9)
"""


def test_what_a_dead_process_was_at_is_due_again(library: Library):
    entry_id = library.outbox.add(add(library).id, "shelf")
    died = subprocess.run(
        [sys.executable, "-c", CLAIM_AND_DIE, str(library.folder), str(NOW)], check=False
    )
    assert died.returncode == 9
    assert told(library) == [("upload", "queued")]
    assert library.outbox.next_due() == 0
    assert claimed(library).id == entry_id


def test_a_claim_ends_where_nobody_can_say_who_lives(library: Library):
    library.outbox.add(add(library).id, "shelf")
    claimed(library)
    other = Library(library.folder)
    assert other.outbox.claim(NOW + 60) is None
    assert other.outbox.claim(NOW + 4000) is not None
    other.close()


def test_a_try_that_failed_waits_for_its_time(library: Library):
    library.outbox.add(add(library).id, "shelf")
    library.outbox.postpone(claimed(library), TROUBLE, NOW + 30)
    assert library.outbox.claim(NOW + 29) is None
    assert library.outbox.next_due() == NOW + 30
    (entry,) = library.outbox.entries()
    assert (entry.state, entry.attempts, entry.due) == ("waiting", 1, NOW + 30)
    assert entry.problem is not None
    error = entry.problem.error()
    assert isinstance(error, StorageError)
    assert (error.message, error.next_step, error.code, error.retryable) == (
        TROUBLE.message,
        TROUBLE.next_step,
        "500",
        True,
    )
    assert claimed(library, NOW + 31).attempts == 1


def test_offline_puts_a_whole_store_off_and_is_nobodys_failure(library: Library):
    for seed in range(2):
        for store_id in ("shelf", "elsewhere"):
            library.outbox.add(add(library, seed).id, store_id)
    library.outbox.postpone_store(claimed(library), OFFLINE, NOW + 10)
    waiting = [e for e in library.outbox.entries() if e.store_id == "shelf"]
    assert [(e.state, e.offline, e.attempts, e.due) for e in waiting] == [
        ("waiting", 1, 0, NOW + 10)
    ] * 2
    assert claimed(library).store_id == "elsewhere"


def test_one_that_gets_through_brings_the_others_of_its_store_back(library: Library):
    ids = [library.outbox.add(add(library, seed).id, "shelf") for seed in range(2)]
    library.outbox.postpone_store(claimed(library), OFFLINE, NOW + 1000)
    got = library.outbox.claim(NOW, only=ids[:1])
    assert got is not None
    library.outbox.finish(got, stored())
    assert claimed(library).id == ids[1]


def test_a_missing_key_stops_all_that_needs_it_until_one_gets_through(library: Library):
    ids = [library.outbox.add(add(library, seed).id, "shelf") for seed in range(3)]
    removal = library.outbox.add_deletion("shelf", "file-9")
    library.outbox.fail_store(claimed(library), NO_KEY)
    states = {entry.id: entry.state for entry in library.outbox.entries()}
    assert states == {**dict.fromkeys(ids, "failed"), removal: "queued"}
    library.outbox.retry(ids[1])
    library.outbox.finish(claimed(library), stored())
    assert {e.state for e in library.outbox.entries()} == {"queued"}


@pytest.mark.parametrize("asked", [None, 60.0])
def test_whoever_says_now_does_not_overrule_the_service(library: Library, asked: float | None):
    library.outbox.add(add(library).id, "shelf")
    error = StorageError("Too many requests.", retryable=True, retry_after=asked)
    library.outbox.postpone(claimed(library), error, NOW + 60)
    library.outbox.wake()
    assert (library.outbox.claim(NOW) is None) == (asked is not None)


def test_a_failure_waits_for_the_person(library: Library):
    entry_id = library.outbox.add(add(library).id, "shelf")
    library.outbox.fail(claimed(library), StorageError("Too large.", code="too_large"))
    assert told(library) == [("upload", "failed")]
    assert library.outbox.next_due() is None
    assert library.outbox.claim(NOW + 1e6) is None
    library.outbox.retry(entry_id)
    assert (claimed(library).attempts, library.outbox.entries()[0].problem) == (0, None)


def test_a_page_in_the_trash_waits_there(library: Library):
    picture_id = add(library).id
    library.outbox.add(picture_id, "shelf")
    library.trash(picture_id)
    assert (library.outbox.claim(NOW), library.outbox.next_due()) == (None, None)
    library.restore(picture_id)
    assert claimed(library).picture_id == picture_id


def test_a_copy_that_moved_is_listed_beside_the_older_one(library: Library):
    picture_id = uploaded(library)
    for copy in (stored("file-2", path="/new/place.png"), stored("file-3", path="/new/place.png")):
        library.outbox.add(picture_id, "shelf")
        library.outbox.finish(claimed(library), copy)
    listed = library.outbox.stored((picture_id,))[picture_id]
    # The third took the place of the second, the first is still where it was.
    assert sorted(copy.remote_id for copy in listed) == ["file-1", "file-3"]


def fail(library: Library, entry: Entry) -> None:
    library.outbox.fail(entry, TROUBLE)


def finish(library: Library, entry: Entry) -> None:
    library.outbox.finish(entry, stored())


@pytest.mark.parametrize("settle", [fail, finish])
def test_what_came_of_a_try_and_could_not_be_written_leaves_the_entry_due(
    library: Library, settle: Callable[[Library, Entry], None]
):
    library.outbox.add(add(library).id, "shelf")
    entry = claimed(library)
    connection = apsw.Connection(str(library.folder / "library.db"))
    for change in ("UPDATE", "DELETE"):
        connection.execute(
            f"CREATE TRIGGER no_{change} BEFORE {change} ON outbox"
            " BEGIN SELECT RAISE(ABORT, 'the disk is broken'); END"
        )
    with pytest.raises(StorageError):
        settle(library, entry)
    connection.execute("DROP TRIGGER no_UPDATE; DROP TRIGGER no_DELETE")
    connection.close()
    assert claimed(library).id == entry.id
    assert library.outbox.stored((entry.picture_id,)) == {}


def test_a_library_from_before_there_was_an_outbox_gets_one(library: Library):
    """The fourth version's tables, with a page in them."""
    library.folder.mkdir(parents=True)
    connection = apsw.Connection(str(library.folder / "library.db"))
    for step in LIBRARY_STEPS[:4]:
        connection.execute(step)
    connection.execute("PRAGMA user_version=4")
    connection.execute(
        "INSERT INTO pictures VALUES ('01ARZ3NDEKTSV4RRFFQ69G5FAV', '2016-07-30T23:54:10.259Z',"
        " 'pictures/2016/07/01ARZ3NDEKTSV4RRFFQ69G5FAV.png', 'image/png', 64, 64, 9, 'abc',"
        " 'storybook', '0.1', 'moon-walk', 'comic', '', 'an old prompt', 3, '', '{}', '[]',"
        " '[]', '{}', NULL)"
    )
    connection.close()
    (old,) = library.recent()
    assert library.outbox.stored((old.id,)) == {}
    library.outbox.add(old.id, "shelf")
    library.outbox.finish(claimed(library), stored())
    assert library.outbox.stored((old.id,)) == {old.id: (stored(),)}


def test_nothing_of_the_dead_is_left_lying_about(tmp_path: Path):
    library = Library(tmp_path / "library")
    library.outbox.add(add(library).id, "shelf")
    claimed(library, datetime.now(UTC).timestamp())
    assert len(list((library.folder / ".alive").iterdir())) == 1
    library.close()
    assert list((library.folder / ".alive").iterdir()) == []
