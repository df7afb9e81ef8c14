"""What is not wished for any more is not sent, or taken away where it may have arrived."""

import pytest
from unit.storage.outgoing import NOW, OFFLINE, TROUBLE, claimed, order, stored, told, uploaded
from unit.storage.shelf import add

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.storage.library import Library


def test_cancelled_before_it_was_sent_is_gone(library: Library):
    entry_id = library.outbox.add(add(library).id, "shelf")
    entry = claimed(library)
    library.outbox.cancel(entry_id)
    assert library.outbox.entries() == ()
    assert not library.outbox.sending(entry, order())
    with pytest.raises(InputError):
        library.outbox.cancel(entry_id)


def test_cancelled_when_it_may_have_arrived_is_taken_away(library: Library):
    picture_id = add(library).id
    entry_id = library.outbox.add(picture_id, "shelf")
    entry = claimed(library)
    assert library.outbox.sending(entry, order())
    library.outbox.postpone(entry, TROUBLE, NOW + 30)
    library.outbox.cancel(entry_id)
    removal = claimed(library)
    assert (removal.kind, removal.remote_id) == ("deletion", "")
    assert removal.tried is not None
    assert (removal.tried.folder, removal.tried.name) == ("2026-11", "abc.png")
    assert removal.tried.data == b""
    library.outbox.release(removal)
    # Who changes their mind keeps what was known of the first try.
    assert library.outbox.add(picture_id, "shelf") == entry_id
    assert (claimed(library).kind, claimed_tried(library)) == ("upload", "abc.png")


def claimed_tried(library: Library) -> str:
    (entry,) = library.outbox.entries()
    return entry.tried.name if entry.tried else ""


def test_what_certainly_did_not_arrive_is_gone_when_cancelled(library: Library):
    entry_id = library.outbox.add(add(library).id, "shelf")
    entry = claimed(library)
    library.outbox.sending(entry, order())
    library.outbox.not_there(entry)
    library.outbox.postpone_store(entry, OFFLINE, NOW + 30)
    library.outbox.cancel(entry_id)
    assert library.outbox.entries() == ()


def test_cancelled_while_it_is_sent_is_taken_away_afterwards(library: Library):
    picture_id = add(library).id
    entry_id = library.outbox.add(picture_id, "shelf")
    entry = claimed(library)
    library.outbox.sending(entry, order())
    library.outbox.cancel(entry_id)
    library.outbox.finish(entry, stored())
    removal = claimed(library)
    assert (removal.kind, removal.remote_id) == ("deletion", "file-1")
    assert library.outbox.stored((picture_id,)) == {picture_id: (stored(),)}
    library.outbox.removed(removal)
    assert (library.outbox.entries(), library.outbox.stored((picture_id,))) == ((), {})


def test_two_that_sent_the_same_agree_that_it_is_there(library: Library):
    picture_id = add(library).id
    library.outbox.add(picture_id, "shelf")
    slow = claimed(library)
    other = Library(library.folder)
    quick = other.outbox.claim(NOW + 4000)
    assert quick is not None
    other.outbox.finish(quick, stored())
    library.outbox.finish(slow, stored())
    assert library.outbox.entries() == ()
    assert library.outbox.stored((picture_id,)) == {picture_id: (stored(),)}
    other.close()


def test_a_deletion_outlives_its_page_and_its_copy_is_listed_until_it_is_gone(library: Library):
    picture_id = uploaded(library)
    entry_id = library.outbox.add_deletion("shelf", "file-1")
    assert library.outbox.add_deletion("shelf", "file-1") == entry_id
    library.trash(picture_id)
    library.purge()
    assert [copy.stored for copy in library.outbox.left_behind()] == [stored()]
    library.outbox.removed(claimed(library))
    assert (library.outbox.left_behind(), library.outbox.entries()) == ((), ())


def test_wishing_for_a_copy_again_takes_its_deletion_back(library: Library):
    picture_id = uploaded(library)
    library.outbox.add_deletion("shelf", "file-1")
    library.outbox.add(picture_id, "shelf")
    assert told(library) == [("upload", "queued")]
    library.outbox.add_deletion("shelf", "file-1")
    assert told(library) == [("deletion", "queued")]


def test_a_purge_drops_uploads_and_keeps_the_word_of_copies(library: Library):
    copied, waiting, sent = uploaded(library, 1), add(library, 2).id, add(library, 3).id
    library.outbox.add_all((sent, waiting), "shelf")
    entry = claimed(library)
    assert entry.picture_id == sent
    library.outbox.sending(entry, order())
    library.outbox.postpone(entry, TROUBLE, NOW)
    for picture_id in (copied, waiting, sent):
        library.trash(picture_id)
    assert library.purge() == 3
    # What may have arrived is looked for and taken away; nothing else speaks of the pages.
    assert [(e.kind, e.picture_id) for e in library.outbox.entries()] == [("deletion", sent)]
    (left,) = library.outbox.left_behind()
    assert (left.picture_id, left.stored) == (copied, stored())


def test_forgetting_takes_every_copy_away_and_speaks_of_none(library: Library):
    copied, sent = uploaded(library, 1, stored(path="/adas-book/file-1.png")), add(library, 2).id
    library.outbox.add_all((sent, copied), "elsewhere")
    assert library.outbox.forget((copied, sent)) == 1
    (entry,) = library.outbox.entries()
    assert (entry.kind, entry.store_id, entry.remote_id) == ("deletion", "shelf", "file-1")
    assert library.outbox.stored((copied, sent)) == {}
    for picture_id in (copied, sent):
        library.trash(picture_id)
    library.purge()
    library.close()
    for file in library.folder.rglob("*"):
        assert not file.is_file() or b"adas-book" not in file.read_bytes()
