"""Thumbnails come in one query, the larger ones have a bound, and none outlives its picture."""

from pathlib import Path

import pytest
from unit.storage.shelf import add, files_with

from pickabook_desktop.storage import thumbnails
from pickabook_desktop.storage.database import Database
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.schema import THUMBNAIL_STEPS
from pickabook_desktop.storage.thumbnails import ThumbnailStore


def test_thumbnails_of_many_pictures_come_together(library: Library):
    kept = [add(library, seed) for seed in range(3)]
    unknown = "0" * 26
    assert library.thumbnails((kept[2].id, unknown, kept[0].id)) == {
        kept[0].id: b"thumbnail of seed 0.",
        kept[2].id: b"thumbnail of seed 2.",
    }
    assert library.thumbnails(()) == {}


def test_a_library_without_pictures_has_no_thumbnails(library: Library):
    assert library.thumbnails(("0" * 26,)) == {}
    assert library.large_thumbnail("0" * 26, 512) is None


def test_larger_thumbnails_are_kept_by_size(library: Library):
    kept = add(library)
    library.keep_large_thumbnail(kept.id, 512, b"five hundred and twelve")
    library.keep_large_thumbnail(kept.id, 1024, b"a thousand")
    assert library.large_thumbnail(kept.id, 512) == b"five hundred and twelve"
    assert library.large_thumbnail(kept.id, 1024) == b"a thousand"
    assert library.large_thumbnail(kept.id, 768) is None
    assert library.thumbnail(kept.id) == b"thumbnail of seed 0."


def test_those_that_nobody_has_looked_at_for_longest_make_room(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    now = [1_000_000.0]
    monkeypatch.setattr(thumbnails.time, "time", lambda: now[0])
    store = ThumbnailStore(here / "thumbnails.db", large_bytes=1000)
    for name in "abcd":
        store.put_large(name, 512, name.encode() * 240)
        now[0] += 1
    now[0] += thumbnails.LOOK_SECONDS
    assert store.get_large("a", 512) == b"a" * 240
    store.put_large("e", 512, b"e" * 240)
    left = [name for name in "abcde" if store.get_large(name, 512)]
    store.close()
    assert left == ["a", "d", "e"]


def test_the_file_stays_within_its_bound(here: Path):
    store = ThumbnailStore(here / "thumbnails.db", large_bytes=200_000)
    for number in range(60):
        store.put_large(f"{number:026}", 512, bytes([number]) * 20_000)
    store.close()
    assert (here / "thumbnails.db").stat().st_size < 300_000


def test_a_purged_picture_leaves_no_thumbnail_of_any_size(library: Library):
    gone, stays = add(library, 1), add(library, 2)
    for kept in (gone, stays):
        library.keep_large_thumbnail(kept.id, 512, b"large one of " + kept.id.encode())
    library.trash(gone.id)
    library.purge()
    assert library.large_thumbnail(gone.id, 512) is None
    assert library.large_thumbnail(stays.id, 512) == b"large one of " + stays.id.encode()
    library.close()
    assert files_with(library.folder, b"large one of " + gone.id.encode()) == []


def test_a_thumbnail_that_comes_after_the_purge_is_not_kept(library: Library):
    gone = add(library, 1)
    library.trash(gone.id)
    library.purge()
    library.keep_large_thumbnail(gone.id, 512, b"too late for this")
    assert library.large_thumbnail(gone.id, 512) is None
    library.close()
    assert files_with(library.folder, b"too late for this") == []


def test_thumbnails_from_before_there_were_larger_ones_stay(here: Path):
    file = here / "thumbnails.db"
    old = Database(file, THUMBNAIL_STEPS[:1])
    with old.writing() as connection:
        connection.execute("INSERT INTO thumbnails VALUES ('a', x'01')")
    old.close()
    store = ThumbnailStore(file)
    store.put_large("a", 512, b"larger")
    assert (store.get("a"), store.get_large("a", 512)) == (b"\x01", b"larger")
    store.close()
