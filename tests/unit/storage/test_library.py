"""The library keeps what it says it keeps, and forgets what it says it forgets."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from e2e.fake_engine import drawn, plain_png

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.schema import LIBRARY_STEPS
from pickabook_desktop.storage.thumbnails import ThumbnailStore

REQUEST = GenerationRequest(
    photo=PhotoRef(path="/photos/ada.jpg", sha256="f" * 64, face_index=1),
    prompt="on the moon with cheese",
    fields={"name": "Ada"},
    count=3,
)


@pytest.fixture
def library(tmp_path: Path):
    with_library = Library(tmp_path / "library")
    yield with_library
    with_library.close()


def add(library: Library, seed: int = 0, prompt: str = REQUEST.prompt) -> KeptPicture:
    request = REQUEST.with_changes(prompt=prompt)
    return library.add(drawn(seed), request, "7", b"thumbnail of seed %d." % seed)


def files_with(folder: Path, text: bytes) -> list[str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files if text in file.read_bytes()]


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


def test_what_is_purged_is_nowhere_any_more(library: Library):
    gone = add(library, 1, prompt="a secret birthday party")
    stays = add(library, 2)
    library.trash(gone.id)
    assert library.purge() == 1
    assert not Path(gone.path).exists()
    assert library.thumbnail(gone.id) is None
    assert library.prompts() == (REQUEST.prompt,)
    with pytest.raises(InputError):
        library.get(gone.id)
    for trace in (b"secret birthday", b"thumbnail of seed 1.", gone.id.encode()):
        assert files_with(library.folder, trace) == []
    assert library.read(stays.id)
    assert library.verify().sound


CUTS = (
    "storage.thumbnails.ThumbnailStore.remove",
    "storage.files.Files.remove",
    "storage.database.Database.fold",
)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("finish", ["the next purge", "the next picture"])
def test_a_purge_cut_short_is_finished_later(
    library: Library, monkeypatch: pytest.MonkeyPatch, cut: str, finish: str
):
    gone = add(library, 1, prompt="a secret birthday party")
    library.trash(gone.id)
    with monkeypatch.context() as patch:
        patch.setattr(f"pickabook_desktop.{cut}", killed)
        with pytest.raises(Killed):
            library.purge()
    library.close()
    another_run = Library(library.folder)
    if finish == "the next purge":
        another_run.purge()
    else:
        add(another_run, 2)
    another_run.close()
    assert not Path(gone.path).exists()
    for trace in (b"secret birthday", b"thumbnail of seed 1.", gone.id.encode()):
        assert files_with(library.folder, trace) == []


def test_a_file_that_cannot_be_deleted_blocks_no_new_page_and_the_purge_tells(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    stuck, gone = add(library, 1), add(library, 2)
    library.trash(stuck.id)
    library.trash(gone.id)
    unlink = Path.unlink

    def refusing(self: Path, missing_ok: bool = False) -> None:
        if self.name == Path(stuck.path).name:
            raise PermissionError(13, "Permission denied")
        unlink(self, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refusing)
        with pytest.raises(StorageError, match="may not be"):
            library.purge()
        another_run = Library(library.folder)
        newer = add(another_run, 3)
        assert another_run.recent() == (newer,)
        another_run.close()
    assert Path(stuck.path).exists()
    assert not Path(gone.path).exists()
    library.purge()
    assert not Path(stuck.path).exists()


def test_thumbnails_that_cannot_be_deleted_are_told_by_the_purge(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    gone = add(library, 1)
    library.trash(gone.id)

    def refusing(self: ThumbnailStore, picture_ids: tuple[str, ...]) -> None:
        raise StorageError("The thumbnails are busy.")

    with monkeypatch.context() as patch:
        patch.setattr(ThumbnailStore, "remove", refusing)
        with pytest.raises(StorageError, match="busy"):
            library.purge()
        assert add(library, 2)
    library.close()
    another_run = Library(library.folder)
    add(another_run, 3)
    assert another_run.thumbnail(gone.id) is None
    another_run.close()


def test_only_what_has_long_been_in_the_trash_is_purged(library: Library):
    gone = add(library, 1)
    library.trash(gone.id)
    now = datetime.now(UTC)
    assert library.purge(before=now - timedelta(days=30)) == 0
    assert library.recent(trashed=True) == (gone,)
    assert library.purge(before=now + timedelta(minutes=1)) == 1
    assert library.recent(trashed=True) == ()


@pytest.mark.parametrize("call", ["get", "read", "trash", "restore"])
def test_an_unknown_picture_is_said_to_be_unknown(library: Library, call: str):
    add(library)
    with pytest.raises(InputError, match="no picture XYZ"):
        getattr(library, call)("XYZ")


def test_prompts_come_latest_first_and_once(library: Library):
    for seed, prompt in enumerate(("fox", "owl", "", "fox")):
        add(library, seed, prompt)
    assert library.prompts() == ("fox", "owl")
    assert library.prompts(limit=1) == ("fox",)


def pictures_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.rglob("*.png")}


def copy_of_list(folder: Path) -> bytes:
    for ending in ("-wal", "-shm"):
        assert not folder.joinpath(f"library.db{ending}").exists()
    return (folder / "library.db").read_bytes()


def test_a_lost_list_costs_no_picture(library: Library):
    for seed in range(3):
        add(library, seed)
    library.close()
    before = pictures_in(library.folder)
    (library.folder / "library.db").unlink()
    another_run = Library(library.folder)
    add(another_run, 7)
    assert another_run.purge() == 0
    assert before.items() <= pictures_in(library.folder).items()
    assert len(another_run.verify().orphans) == 3
    another_run.close()


def test_an_older_list_put_back_costs_no_picture(library: Library):
    add(library, 1)
    library.close()
    backup = copy_of_list(library.folder)
    add(library, 2)
    add(library, 3)
    library.close()
    before = pictures_in(library.folder)
    (library.folder / "library.db").write_bytes(backup)
    another_run = Library(library.folder)
    add(another_run, 4)
    assert another_run.purge() == 0
    assert before.items() <= pictures_in(library.folder).items()
    assert len(another_run.verify().orphans) == 2
    another_run.close()


def test_what_a_person_put_beside_the_pictures_stays(library: Library):
    month = Path(add(library).path).parent
    library.close()
    (month / "holiday.png").write_bytes(b"mine")
    (month / "folder").mkdir()
    another_run = Library(library.folder)
    add(another_run, 2)
    another_run.purge()
    assert another_run.verify().orphans == ()
    assert (month / "holiday.png").read_bytes() == b"mine"
    assert (month / "folder").is_dir()
    another_run.close()


class Killed(BaseException):
    """Stands for a kill: nothing of the library's own may tidy up after it."""


def killed(*arguments: object, **options: object) -> None:
    raise Killed


def test_a_kill_while_a_file_is_written_leaves_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    kept = add(library, 1)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(Killed):
            add(library, 2)
    library.close()
    assert len(list(library.folder.rglob("*.part"))) == 1
    another_run = Library(library.folder)
    newer = add(another_run, 3)
    assert another_run.recent() == (newer, kept)
    assert another_run.verify().orphans == ()
    another_run.close()


def test_a_whole_picture_whose_row_was_cut_off_is_not_thrown_away(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    add(library, 1)
    with monkeypatch.context() as patch:
        patch.setattr("pickabook_desktop.storage.library._insert", killed)
        patch.setattr(Path, "unlink", killed)
        with pytest.raises(Killed):
            add(library, 2, prompt="an owl")
    library.close()
    another_run = Library(library.folder)
    add(another_run, 3)
    found = another_run.recent()[1]
    assert (found.request.seed, found.request.prompt) == (2, "an owl")
    assert another_run.read(found.id) == plain_png(Size(64, 64), 2)
    assert another_run.verify().orphans == ()
    another_run.close()


def test_a_tidying_program_beside_this_one_costs_no_picture(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    """Another program may start between the intent and the file, and take the intent away."""
    add(library, 1)
    other = Library(library.folder)
    writing = library._database.writing
    entered: list[str] = []

    def interrupted(**options: bool):
        entered.append("")
        if len(entered) == 2:
            add(other, 50)
        return writing(**options)

    monkeypatch.setattr(library._database, "writing", interrupted)
    kept = add(library, 2)
    assert library.read(kept.id)
    assert library.count() == 3
    report = library.verify()
    assert (report.sound, report.orphans) == (True, ())
    other.close()


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


def test_an_empty_database_file_is_filled(library: Library):
    library.folder.mkdir(parents=True)
    (library.folder / "library.db").touch()
    assert library.recent() == ()
    assert library.recent() == () == library.prompts()
    assert library.get(add(library).id)


def test_a_library_of_a_newer_version_is_left_alone(library: Library):
    older_library(library.folder, steps=len(LIBRARY_STEPS))
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
