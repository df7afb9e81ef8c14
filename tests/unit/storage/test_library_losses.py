"""What is lost, cut short or stuck costs no picture, and what is purged is gone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from e2e.fake_engine import plain_png
from unit.storage.shelf import REQUEST, add, files_with

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.thumbnails import ThumbnailStore


class Killed(BaseException):
    """Stands for a kill: nothing of the library's own may tidy up after it."""


def killed(*arguments: object, **options: object) -> None:
    raise Killed


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
    "storage.database.Database.rebuild",
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


def test_a_check_after_a_check_takes_new_pages_for_no_damage(library: Library):
    for seed in range(3):
        add(library, seed)
        assert library.check_database() == "ok"


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
        patch.setattr("pickabook_desktop.storage.keeping.insert", killed)
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
