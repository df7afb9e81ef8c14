"""The list of batches: what is known of each, also by runs that come later."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e.fake_engine import drawn

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.ports import BatchState, BatchTicket
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.storage.batches import Batches
from pickabook_desktop.storage.library import Library

REQUEST = GenerationRequest(
    photo=PhotoRef(path="/photos/ada.jpg", sha256="f" * 64),
    further_photos=(PhotoRef(path="/photos/b\udcff.jpg"),),
    template_id="moon-walk",
    engine_id="cloud",
    prompt="on the moon with cheese",
    fields={"name": "Ada"},
    count=3,
)
TICKET = BatchTicket(name="batches/7", call_id="call")
NOW = 1_800_000_000.0


@pytest.fixture
def new_library(tmp_path: Path) -> Iterator[Callable[[], Library]]:
    """A run of the program on the same folder; the one before it has ended."""
    opened: list[Library] = []

    def start() -> Library:
        for library in opened:
            library.close()
        opened.append(Library(tmp_path / "library"))
        return opened[-1]

    yield start
    for library in opened:
        library.close()


@pytest.fixture
def batches(new_library: Callable[[], Library]) -> Batches:
    return new_library().batches


def test_a_batch_is_known_before_it_is_sent(new_library: Callable[[], Library]):
    batches = new_library().batches
    batch_id = batches.begin(REQUEST)
    (batch,) = batches.all()
    assert (batch.id, batch.state, batch.total) == (batch_id, "sending", 3)
    assert batch.request.prompt == REQUEST.prompt
    assert not batch.unfinished


def test_one_that_was_being_sent_when_the_program_ended_is_unknown(
    new_library: Callable[[], Library],
):
    batch_id = new_library().batches.begin(REQUEST)
    assert new_library().batches.get(batch_id).state == "unknown"
    assert new_library().batches.unfinished() == ()


def test_everything_needed_to_fetch_it_outlives_the_program(new_library: Callable[[], Library]):
    batches = new_library().batches
    batches.sent(batches.begin(REQUEST), TICKET)
    (batch,) = new_library().batches.unfinished()
    assert batch.ticket == TICKET
    assert (batch.state, batch.request.count, batch.engine_id) == ("waiting", 3, "cloud")


def test_what_the_service_says_is_remembered(batches: Batches):
    batch_id = batches.begin(REQUEST)
    batches.sent(batch_id, TICKET)
    batches.polled(batch_id, BatchState(state="running", done=1, total=3))
    batch = batches.get(batch_id)
    assert (batch.state, batch.done, batch.total) == ("running", 1, 3)
    assert batch.polled >= batch.submitted
    batches.polled(batch_id, BatchState(state="expired", reason="Too late."))
    batch = batches.get(batch_id)
    # A service that has ended it may count nothing any more.
    assert (batch.state, batch.reason, batch.total) == ("expired", "Too late.", 3)


def test_a_batch_that_has_ended_stays_ended(batches: Batches):
    batch_id = batches.begin(REQUEST)
    batches.sent(batch_id, TICKET)
    batches.close_one(batch_id, "collected", "One is missing.")
    batches.polled(batch_id, BatchState(state="running"))
    batches.close_one(batch_id, "failed", "Gone.")
    batch = batches.get(batch_id)
    assert (batch.state, batch.reason) == ("collected", "One is missing.")


def test_pictures_have_the_same_ids_whoever_asks(new_library: Callable[[], Library]):
    batches = new_library().batches
    batch_id = batches.begin(REQUEST)
    ids = batches.picture_ids(batch_id, 3)
    assert len(set(ids)) == 3
    assert sorted(ids) == list(ids)
    longer = new_library().batches.picture_ids(batch_id, 5)
    assert longer[:3] == ids
    assert len(set(longer)) == 5


def test_kept_pictures_are_counted_once(new_library: Callable[[], Library]):
    library = new_library()
    batches = library.batches
    batch_id = batches.begin(REQUEST)
    ids = batches.picture_ids(batch_id, 3)
    for picture_id in (ids[0], ids[2], ids[0]):
        library.add(drawn(1), REQUEST.with_changes(further_photos=()), picture_id=picture_id)
    assert batches.kept(batch_id) == 2
    assert batches.get(batch_id).collected == 2
    assert library.count() == 2


def test_a_page_in_the_trash_does_not_come_back(new_library: Callable[[], Library]):
    library = new_library()
    batches = library.batches
    (picture_id,) = batches.picture_ids(batches.begin(REQUEST), 1)
    request = REQUEST.with_changes(further_photos=())
    library.add(drawn(1), request, picture_id=picture_id)
    library.trash(picture_id)
    assert library.add(drawn(1), request, picture_id=picture_id).id == picture_id
    assert library.count() == 0


def test_one_that_was_fetched_keeps_nothing_of_photo_child_and_prompt(
    new_library: Callable[[], Library], tmp_path: Path
):
    library = new_library()
    batches = library.batches
    batch_id = batches.begin(REQUEST)
    batches.sent(batch_id, TICKET)
    batches.close_one(batch_id, "collected")
    batch = batches.get(batch_id)
    assert (batch.request.template_id, batch.request.count) == ("moon-walk", 3)
    library.purge()
    library.close()
    for file in (tmp_path / "library").rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert not any(word in data for word in (b"ada.jpg", b"cheese", b"Ada")), file


def test_one_that_was_not_sent_is_forgotten(batches: Batches):
    batch_id = batches.begin(REQUEST)
    batches.not_sent(batch_id)
    assert batches.all() == ()
    with pytest.raises(InputError):
        batches.get(batch_id)
    with pytest.raises(InputError):
        batches.picture_ids(batch_id, 1)


def test_the_list_is_newest_first_and_asking_begins_with_the_oldest(batches: Batches):
    ids = [batches.begin(REQUEST) for _ in range(3)]
    for batch_id in ids:
        batches.sent(batch_id, TICKET)
    assert [batch.id for batch in batches.all()] == ids[::-1]
    assert [batch.id for batch in batches.unfinished()] == ids


def test_there_is_no_list_before_the_first_batch(batches: Batches, tmp_path: Path):
    assert batches.all() == ()
    assert not (tmp_path / "library").exists()


def test_what_a_service_has_of_a_batch_is_owed_from_its_end_on(new_library: Callable[[], Library]):
    batches = new_library().batches
    states = ("collected", "failed", "cancelled", "expired")
    for state in states:
        batch_id = batches.begin(REQUEST)
        batches.announced(batch_id, BatchTicket(call_id="call", title=state, uploads=True))
        batches.sent(batch_id, BatchTicket(name=f"batches/{state}", call_id="call"))
        assert state not in {owed.ticket.title for owed in batches.discards(NOW)}
        batches.close_one(batch_id, state)
        batches.remove((batch_id,))
    batches = new_library().batches
    assert [(owed.ticket.name, owed.ticket.title) for owed in batches.discards(NOW)] == [
        (f"batches/{state}", state) for state in states
    ]
    assert all(owed.ticket.uploads and owed.engine_id == "cloud" for owed in batches.discards(NOW))


def test_what_is_dropped_on_its_way_is_owed_by_its_title(batches: Batches):
    batch_id = batches.begin(REQUEST)
    batches.announced(batch_id, BatchTicket(call_id="call", title="pickabook-7"))
    batches.lost(batch_id, "No answer.")
    assert batches.get(batch_id).lost
    assert [batch.id for batch in batches.unfinished()] == [batch_id]
    batches.remove((batch_id,))
    (owed,) = batches.discards(NOW)
    assert owed.ticket == BatchTicket(call_id="call", title="pickabook-7")
    batches.discard_later(owed.id, NOW + 60)
    assert batches.discards(NOW) == ()
    assert batches.owing
    (later,) = batches.discards(NOW + 60)
    assert later.tries == 1
    batches.discarded(owed.id)
    assert not batches.owing


@pytest.mark.parametrize("uploads", [True, False])
def test_of_what_was_not_sent_only_a_file_is_owed(batches: Batches, uploads: bool):
    batch_id = batches.begin(REQUEST)
    batches.announced(batch_id, BatchTicket(call_id="call", title="pickabook-7", uploads=uploads))
    batches.not_sent(batch_id)
    batches.not_sent(batches.begin(REQUEST))
    assert batches.all() == ()
    assert len(batches.discards(NOW)) == uploads


def test_a_batch_that_was_found_is_as_one_that_was_taken(batches: Batches):
    batch_id = batches.begin(REQUEST)
    batches.announced(batch_id, BatchTicket(call_id="call", title="pickabook-7"))
    batches.lost(batch_id, "No answer.")
    batches.sent(batch_id, BatchTicket(name="batches/7", call_id="call", title="pickabook-7"))
    batch = batches.get(batch_id)
    assert (batch.state, batch.reason, batch.ticket.name) == ("waiting", "", "batches/7")
    batches.close_one(batch_id, "cancelled")
    batches.sent(batch_id, batch.ticket)
    assert batches.get(batch_id).state == "cancelled"
