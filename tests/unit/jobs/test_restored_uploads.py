"""Going back to a copy of the list sends nothing twice, and forgets nothing that is elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from unit.jobs.mending import Shelf, delete, filled, flip_the_first_page, garbage

from pickabook_desktop.domain.events import Done
from pickabook_desktop.domain.stored import StoredPicture, UploadOrder
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.repair import restore_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.entries import Entry
from pickabook_desktop.storage.restoring import Restored

STORE = "shelf"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with filled(tmp_path / "library") as shelf:
        yield shelf


def copy_of(picture_id: str, time_stored: str = "2026-11-22T10:00:00+00:00") -> StoredPicture:
    return StoredPicture(
        store_id=STORE,
        remote_id=f"file-{picture_id}",
        url=f"https://shelf.test/{picture_id}",
        path=f"/{picture_id}.png",
        private=True,
        bytes=7,
        stored_on=time_stored,
    )


def send(shelf: Shelf) -> str:
    """Upload what is next."""
    entry = shelf.library.outbox.claim(time.time())
    assert entry is not None
    shelf.library.outbox.finish(entry, copy_of(entry.picture_id))
    return entry.picture_id


def restore(shelf: Shelf, name: str) -> Restored:
    shelf.library.close()
    *_, ending = run_job(restore_job(shelf.library, name), CancelToken())
    assert isinstance(ending, Done), ending
    assert isinstance(ending.value, Restored)
    assert not list(shelf.library.folder.glob(".library*"))
    assert shelf.library.check_database() == "ok"
    return ending.value


def copied(shelf: Shelf) -> str:
    copy = shelf.library.backups.make()
    assert copy is not None
    return copy.name


def uploads(shelf: Shelf) -> dict[str, Entry]:
    return {e.picture_id: e for e in shelf.library.outbox.entries() if e.kind == "upload"}


def next_upload(shelf: Shelf) -> Entry | None:
    shelf.library.outbox.wake()
    return shelf.library.outbox.claim(time.time())


def test_what_was_sent_since_the_copy_is_known_and_not_sent_again(shelf: Shelf) -> None:
    _, first, second, third, *_ = shelf.pages
    shelf.library.outbox.add_all((first, second, third), STORE)
    name = copied(shelf)
    assert send(shelf) == first
    shelf.library.outbox.cancel(uploads(shelf)[second].id)
    shelf.library.outbox.add_deletion(STORE, "file-of-another")
    newer = shelf.keep(500).id
    shelf.library.outbox.add(newer, STORE)
    restored = restore(shelf, name)
    assert restored.held == 0
    assert {one: entry.state for one, entry in uploads(shelf).items()} == {third: "queued"}
    assert list(shelf.library.outbox.stored((first,))) == [first]
    deletions = [e.remote_id for e in shelf.library.outbox.entries() if e.kind == "deletion"]
    assert deletions == ["file-of-another"]
    assert send(shelf) == third
    # What waited for a page that the copy has not comes back with it.
    shelf.repair()
    assert list(uploads(shelf)) == [newer]
    assert uploads(shelf)[newer].state == "queued"


def test_a_copy_that_was_taken_away_since_is_not_listed_again(shelf: Shelf) -> None:
    _, first, *_ = shelf.pages
    shelf.library.outbox.add(first, STORE)
    send(shelf)
    name = copied(shelf)
    shelf.library.outbox.add_deletion(STORE, f"file-{first}")
    entry = next_upload(shelf)
    assert entry is not None
    shelf.library.outbox.removed(entry)
    restore(shelf, name)
    assert shelf.library.outbox.stored((first,)) == {}
    assert shelf.library.outbox.entries() == ()


def test_an_upload_without_an_answer_is_remembered_as_one(shelf: Shelf) -> None:
    _, first, *_ = shelf.pages
    shelf.library.outbox.add(first, STORE)
    name = copied(shelf)
    entry = shelf.library.outbox.claim(time.time())
    assert entry is not None
    order = UploadOrder(name="a.png", data=b"", media_type="image/png", sha256="a", folder="f")
    assert shelf.library.outbox.sending(entry, order)
    shelf.library.outbox.release(entry)
    restore(shelf, name)
    tried = uploads(shelf)[first].tried
    assert tried is not None
    assert tried.name == "a.png"


@pytest.mark.parametrize("damage", [delete, garbage])
def test_uploads_wait_for_the_person_where_nobody_knows_whether_they_were_sent(
    shelf: Shelf, damage: Callable[[Path], None]
) -> None:
    _, first, second, *_ = shelf.pages
    shelf.library.outbox.add_all((first, second), STORE)
    shelf.library.outbox.add_deletion(STORE, "file-of-another")
    name = copied(shelf)
    shelf.library.close()
    damage(shelf.list)
    assert restore(shelf, name).held == 2
    assert next_upload_is_deletion(shelf)
    for entry in uploads(shelf).values():
        assert entry.state == "failed"
        assert entry.problem is not None
        assert "may have been sent" in entry.problem.message
        assert "withdraw" in entry.problem.next_step
    shelf.library.outbox.retry(uploads(shelf)[second].id)
    assert send(shelf) == second
    # Asking for it anew is a word as well.
    shelf.library.outbox.add(first, STORE)
    assert send(shelf) == first


def next_upload_is_deletion(shelf: Shelf) -> bool:
    entry = next_upload(shelf)
    assert entry is not None
    assert next_upload(shelf) is None
    shelf.library.outbox.removed(entry)
    return entry.kind == "deletion"


def test_what_a_damaged_list_still_says_of_stores_is_believed(shelf: Shelf) -> None:
    _, first, second, third, *_ = shelf.pages
    shelf.library.outbox.add_all((first, second, third), STORE)
    name = copied(shelf)
    assert send(shelf) == first
    shelf.library.outbox.cancel(uploads(shelf)[second].id)
    shelf.library.close()
    flip_the_first_page(shelf.list)
    assert restore(shelf, name).held == 1
    found = {one: entry.state for one, entry in uploads(shelf).items()}
    assert found == {second: "failed", third: "queued"}
    assert list(shelf.library.outbox.stored((first,))) == [first]


def test_uploads_out_of_a_copy_wait_after_a_repair_too(shelf: Shelf) -> None:
    _, first, second, *_ = shelf.pages
    shelf.library.outbox.add_all((first, second), STORE)
    copied(shelf)
    shelf.library.close()
    shelf.list.unlink()
    shelf.repair()
    assert {entry.state for entry in uploads(shelf).values()} == {"failed"}
    assert next_upload(shelf) is None


def test_a_batch_that_was_collected_since_the_copy_stays_so(shelf: Shelf) -> None:
    shelf.library.close()
    with closing(apsw.Connection(str(shelf.list))) as connection:
        connection.execute(
            "INSERT INTO batches (id, engine, name, call_id, request, state, submitted) VALUES"
            " ('01KAP8Z0V0TESTPAGE00000000', 'gemini', 'b', 'c', '{}', 'submitted', '2026')"
        )
    name = copied(shelf)
    shelf.library.close()
    with closing(apsw.Connection(str(shelf.list))) as connection:
        connection.execute("UPDATE batches SET state='collected'")
        connection.execute("DELETE FROM discards")
    restore(shelf, name)
    shelf.library.close()
    with closing(apsw.Connection(str(shelf.list))) as connection:
        assert list(connection.execute("SELECT state FROM batches")) == [("collected",)]
        assert list(connection.execute("SELECT * FROM discards")) == []
