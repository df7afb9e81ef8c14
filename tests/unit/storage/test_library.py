"""The library keeps what it says it keeps, and forgets what it says it forgets."""

import threading
from datetime import datetime
from pathlib import Path

import apsw
import pytest
from e2e.fake_engine import drawn, plain_png
from unit.storage.album import keep
from unit.storage.shelf import REQUEST, add

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.ports import BatchTicket
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.rows import stack_of
from pickabook_desktop.storage.schema import LIBRARY_STEPS
from pickabook_desktop.storage.thumbnails import ThumbnailStore


def test_a_kept_picture_comes_back_byte_for_byte_with_its_own_request(library: Library):
    kept = add(library, seed=5)
    assert library.get(kept.id) == kept
    assert library.read(kept.id) == plain_png(Size(64, 64), 5)
    assert Path(kept.path).read_bytes() == plain_png(Size(64, 64), 5)
    assert library.thumbnail(kept.id) == b"thumbnail of seed 5."
    assert (kept.used_words, kept.unused_words) == (("moon",), ("cheese",))
    assert kept.request == REQUEST.with_changes(
        seed=5, count=1, size=Size(64, 64), template_id="moon-walk", style_id="storybook"
    )


def test_another_run_finds_what_this_one_kept(library: Library):
    kept = add(library)
    library.close()
    again = Library(library.folder)
    assert again.recent() == (kept,)
    assert again.prompts() == (REQUEST.prompt,)
    again.close()


def test_looking_makes_nothing(library: Library):
    assert library.recent() == ()
    assert library.count() == 0
    assert library.prompts() == ()
    assert library.thumbnail("0" * 26) is None
    assert library.purge() == 0
    assert library.verify().sound
    assert not library.folder.exists()


def test_pages_of_the_newest_come_without_gap_or_double(library: Library):
    ids = [add(library, seed).id for seed in range(7)]
    seen: list[str] = []
    page = library.recent(3)
    while page:
        seen += [picture.id for picture in page]
        page = library.recent(3, before=seen[-1])
    assert seen == ids[::-1]


def test_the_trash_hides_and_gives_back(library: Library):
    first, second = add(library, 1), add(library, 2)
    library.trash(first.id)
    assert library.recent() == (second,)
    assert library.recent(trashed=True) == (first,)
    assert library.count() == 1
    library.restore(first.id)
    assert library.recent() == (second, first)


@pytest.mark.parametrize("call", ["get", "read", "trash", "restore"])
def test_an_unknown_picture_is_said_to_be_unknown(library: Library, call: str):
    add(library)
    with pytest.raises(InputError, match="no picture XYZ"):
        getattr(library, call)("XYZ")


def test_an_old_page_that_is_taken_in_makes_its_prompt_no_older(library: Library):
    keep(library, "fox", when=datetime(2024, 5, 1), seed=1)
    keep(library, "owl", when=datetime(2025, 5, 1), seed=2)
    keep(library, "owl", when=datetime(2020, 5, 1), seed=3)
    assert library.prompts() == ("owl", "fox")
    keep(library, "fox", when=datetime(2026, 5, 1), seed=4)
    assert library.prompts() == ("fox", "owl")


def test_a_request_nested_without_end_is_none_and_its_page_is_shown(library: Library):
    kept = add(library, 1, "fox")
    deep = f'{{"photo": {{"path": "", "sha256": ""}}, "more": {"[" * 50_000}{"]" * 50_000}}}'
    with library._database.writing() as connection:
        connection.execute("UPDATE pictures SET request=?", (deep,))
    assert stack_of(deep) == stack_of("[" * 50_000) == ""
    assert library.get(kept.id).request.prompt == "fox"


def test_prompts_come_latest_first_and_once(library: Library):
    for seed, prompt in enumerate(("fox", "owl", "", "fox")):
        add(library, seed, prompt)
    assert library.prompts() == ("fox", "owl")
    assert library.prompts(limit=1) == ("fox",)


def test_a_check_names_what_is_missing_changed_and_left_over(library: Library):
    missing, torn, fine = (add(library, seed) for seed in range(3))
    assert library.verify().sound
    Path(missing.path).unlink()
    Path(torn.path).write_bytes(Path(torn.path).read_bytes()[:-1])
    orphan = Path(fine.path).parent / "01ARZ3NDEKTSV4RRFFQ69G5FAV.png"
    orphan.write_bytes(b"?")
    report = library.verify()
    assert not report.sound
    assert report.pictures == 3
    assert report.missing == (missing.id,)
    assert report.torn == (torn.id,)
    assert [Path(path).name for path in report.orphans] == [orphan.name]
    for picture in (missing, torn):
        with pytest.raises(StorageError):
            library.read(picture.id)


def test_a_failed_row_leaves_no_file(library: Library):
    add(library, 1)
    connection = apsw.Connection(str(library.folder / "library.db"))
    connection.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON pictures BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    connection.close()
    with pytest.raises(StorageError):
        add(library, 2)
    report = library.verify()
    assert (report.pictures, report.orphans) == (1, ())


def test_damaged_thumbnails_cost_no_picture(library: Library):
    kept = add(library, 1)
    library.close()
    for file in library.folder.glob("thumbnails.db*"):
        file.unlink()
    (library.folder / "thumbnails.db").write_bytes(b"not a database at all" * 200)
    another_run = Library(library.folder)
    assert another_run.thumbnail(kept.id) is None
    newer = add(another_run, 2)
    assert another_run.recent() == (newer, kept)
    assert another_run.thumbnail(newer.id) == b"thumbnail of seed 2."
    another_run.close()


def test_a_damaged_list_is_told_with_what_to_do(library: Library):
    add(library)
    library.close()
    for file in library.folder.glob("library.db*"):
        file.unlink()
    (library.folder / "library.db").write_bytes(b"not a database at all" * 200)
    with pytest.raises(StorageError) as caught:
        library.recent()
    assert "library.db is damaged" in caught.value.message
    assert "backup" in caught.value.next_step


def test_threads_may_keep_and_look_at_the_same_time(library: Library):
    def work(first: int) -> None:
        # A failure in here fails the test as an unhandled exception of a thread.
        for seed in range(first, first + 5):
            kept = add(library, seed)
            assert kept in library.recent()

    threads = [threading.Thread(target=work, args=(100 * n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.count() == 15
    assert library.verify().sound


# In which nobody noted whose line in the ledger a batch is that goes.
STEPS_WITHOUT_CALLS = 6


def older_library(folder: Path, steps: int) -> None:
    folder.mkdir(parents=True)
    connection = apsw.Connection(str(folder / "library.db"))
    for step in LIBRARY_STEPS[:steps]:
        connection.execute(step)
    connection.execute(f"PRAGMA user_version={steps}")
    connection.execute(
        "INSERT INTO pictures VALUES ('01ARZ3NDEKTSV4RRFFQ69G5FAV', '2016-07-30T23:54:10.259Z',"
        " 'pictures/2016/07/01ARZ3NDEKTSV4RRFFQ69G5FAV.png', 'image/png', 64, 64, 9, 'abc',"
        " 'storybook', '0.1', 'moon-walk', 'comic', '', 'an old prompt', 3, '', '{}', '[]', '[]',"
        " '{}', NULL)"
    )
    connection.close()


def test_an_older_library_is_brought_up_to_date(library: Library):
    older_library(library.folder, steps=1)
    assert library.prompts() == ("an old prompt",)
    newer = add(library)
    old = library.recent()[1]
    assert (old.request.template_id, old.request.seed) == ("moon-walk", 3)
    assert library.recent()[0] == newer


def test_a_purge_that_an_older_version_began_is_finished(library: Library):
    older_library(library.folder, steps=3)
    path = "pictures/2016/07/01ARZ3NDEKTSV4RRFFQ69G5FAV.png"
    connection = apsw.Connection(str(library.folder / "library.db"))
    connection.execute("DELETE FROM pictures; INSERT INTO doomed VALUES (?)", (path,))
    connection.close()
    file = library.folder / path
    file.parent.mkdir(parents=True)
    file.touch()
    ThumbnailStore(library.folder / "thumbnails.db").put(file.stem, b"thumbnail")
    add(library)
    assert not file.exists()
    assert library.thumbnail(file.stem) is None


def test_what_services_were_to_delete_for_an_older_version_they_still_are(library: Library):
    older_library(library.folder, steps=STEPS_WITHOUT_CALLS)
    connection = apsw.Connection(str(library.folder / "library.db"))
    connection.execute(
        "INSERT INTO discards (id, engine, name, title, uploads) VALUES ('7', 'cloud', 'b', 't', 0)"
    )
    connection.close()
    batches = library.batches
    (owed,) = batches.discards(0.0)
    assert (owed.ticket.name, owed.ticket.call_id) == ("b", "")
    batch_id = batches.begin(REQUEST)
    batches.announced(batch_id, BatchTicket(call_id="call", title="new"))
    batches.remove((batch_id,))
    assert "call" in {owed.ticket.call_id for owed in batches.discards(0.0)}


def test_an_empty_database_file_is_filled(library: Library):
    library.folder.mkdir(parents=True)
    (library.folder / "library.db").touch()
    assert library.recent() == ()
    assert library.recent() == () == library.prompts()
    assert library.get(add(library).id)


def test_a_library_of_a_newer_version_is_left_alone(library: Library):
    older_library(library.folder, steps=STEPS_WITHOUT_CALLS)
    connection = apsw.Connection(str(library.folder / "library.db"))
    connection.execute("PRAGMA user_version=99")
    connection.close()
    before = (library.folder / "library.db").read_bytes()
    for call in (library.recent, lambda: add(library)):
        with pytest.raises(StorageError, match="newer version"):
            call()
    library.close()
    assert (library.folder / "library.db").read_bytes() == before


def test_a_kind_of_picture_that_cannot_be_kept_is_refused(library: Library):
    from msgspec.structs import replace

    with pytest.raises(StorageError, match="image/bmp"):
        library.add(replace(drawn(), media_type="image/bmp"), REQUEST)


def test_some_of_the_trash_can_go_for_good_and_the_rest_stay_there(library: Library):
    kept, trashed, doomed = (add(library, seed) for seed in range(3))
    for picture in (trashed, doomed):
        library.trash(picture.id)
    # What is not in the trash does not go, whoever asks for it.
    assert library.purge(only=(doomed.id, kept.id)) == 1
    assert not Path(doomed.path).exists()
    assert library.recent() == (kept,)
    assert library.recent(trashed=True) == (trashed,)
    assert library.review.decisions.trashed_since((kept.id, trashed.id, doomed.id)).keys() == {
        trashed.id
    }
