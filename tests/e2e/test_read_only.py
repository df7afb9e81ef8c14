"""A library that may only be read, one that is moved or put back, and two programs on one."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from unit.storage.shelf import add
from unit.storage.test_migrations import KEPT, file_of, filled, id_of, pixels

from pickabook_desktop.domain.review import Marks, View
from pickabook_desktop.storage.library import Library

TESTS = Path(__file__).parents[1]
NOBODY = "65534"

LOOK = """
import os, sys, tempfile
from pathlib import Path
from unit.storage.shelf import add
from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Marks, View
from pickabook_desktop.storage.library import Library

if len(sys.argv) > 2:
    # Python itself may be where only its owner may look: all that is needed is imported before.
    with tempfile.TemporaryDirectory() as folder:
        tr("Try again.")
        first = Library(Path(folder))
        page = add(first)
        first.review.decisions.mark([page.id], Marks(rating=3))
        first.review.show(View())
        first.backups.make()
        first.trash(page.id)
        first.purge()
        first.verify()
        first.close()
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
library = Library(Path(sys.argv[1]))
pages = library.recent()
for page in pages:
    assert library.read(page.id)
    library.thumbnail(page.id)
assert [card.id for card in library.review.first(View())] == [page.id for page in pages]
assert library.review.show(View()).count == len(pages)
assert library.verify().sound
assert not library.backups.make_quietly()
for change in (
    lambda: add(library),
    lambda: library.review.decisions.mark([pages[0].id], Marks(rating=3)),
    lambda: library.trash(pages[0].id),
    library.purge,
):
    try:
        change()
    except StorageError as error:
        assert "writ" in error.message + error.next_step, str(error)
        assert error.next_step
    else:
        raise AssertionError("it was written")
assert library.recent() == pages
library.close()
print(len(pages))
"""


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder into which everybody may look."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def closed_library(folder: Path) -> None:
    library = Library(folder)
    for seed in range(3):
        add(library, seed)
    library.close()


def killed_library(folder: Path) -> None:
    """As a kill leaves it: with its log."""
    library = Library(folder.with_name("living"))
    for seed in range(3):
        add(library, seed)
    shutil.copytree(library.folder, folder)
    library.close()


def old_library(folder: Path) -> None:
    """Of a version whose tables would have to be changed."""
    library = Library(folder)
    for number in (*KEPT, 3):
        file = file_of(library, number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pixels(number))
    connection = filled(str(folder / "library.db"), 7)
    connection.execute("DELETE FROM pending; DELETE FROM doomed")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    assert id_of(0)


STATES = (closed_library, killed_library, old_library)


def looked_at(command: list[str]) -> int:
    """How many pages somebody sees who may only look."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="folders are protected otherwise there")
@pytest.mark.parametrize("state", STATES)
def test_a_library_in_a_folder_that_may_only_be_read_can_be_looked_at(shared: Path, state) -> None:
    folder = shared / "library"
    state(folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    somebody = [NOBODY] if os.geteuid() == 0 else []
    count = looked_at([sys.executable, "-c", LOOK, str(folder), *somebody])
    assert count == (len(KEPT) if state is old_library else 3)
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)


def can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    words = ["unshare", "-m", "true"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="no disk can be made read-only here")
@pytest.mark.parametrize("state", STATES)
def test_a_library_on_a_disk_that_may_only_be_read_can_be_looked_at(shared: Path, state) -> None:
    folder = shared / "library"
    state(folder)
    protected = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$2" -c "$3" "$1"'
    words = ["unshare", "-m", "sh", "-c", protected, "sh", str(folder), sys.executable, LOOK]
    assert looked_at(words) == (len(KEPT) if state is old_library else 3)


def test_a_library_may_be_moved_and_be_reached_by_a_link(tmp_path: Path) -> None:
    library = Library(tmp_path / "here")
    kept = [add(library, seed) for seed in range(3)]
    library.review.decisions.mark([kept[0].id], Marks(rating=5))
    library.backups.make()
    data = [library.read(picture.id) for picture in kept]
    library.close()
    moved = tmp_path / "elsewhere" / "deeper"
    moved.parent.mkdir()
    (tmp_path / "here").rename(moved)
    link = tmp_path / "link"
    link.symlink_to(moved, target_is_directory=True)
    for folder in (moved, link):
        again = Library(folder)
        assert [again.read(picture.id) for picture in kept] == data
        assert all(Path(picture.path).is_relative_to(folder) for picture in again.recent())
        assert again.review.card(kept[0].id).rating == 5
        assert again.backups.all()
        assert again.verify().sound
        again.close()
    assert not (tmp_path / "here").exists()


def test_a_list_that_is_put_back_while_the_program_runs_is_the_one_that_is_used(
    tmp_path: Path,
) -> None:
    library = Library(tmp_path / "library")
    add(library, 1)
    backup = library.backups.make()
    assert backup is not None
    later = add(library, 2)
    for ending in ("-wal", "-shm"):
        (library.folder / f"library.db{ending}").unlink()
    shutil.copy(library.backups.path(backup), library.folder / "put back")
    (library.folder / "put back").rename(library.folder / "library.db")
    newest = add(library, 3)
    assert newest in library.recent()
    other = Library(library.folder)
    assert other.recent() == library.recent()
    assert [Path(path).stem for path in other.orphans()] == [later.id]
    assert other.verify().sound
    other.close()
    library.close()


def test_two_programs_on_one_library_see_what_the_other_does(tmp_path: Path) -> None:
    one, other = Library(tmp_path / "library"), Library(tmp_path / "library")
    kept = [add(one if seed % 2 else other, seed) for seed in range(6)]
    one.review.decisions.tag([picture.id for picture in kept[:3]], add=("cover",))
    other.trash(kept[5].id)
    one.backups.make()
    for library in (one, other):
        assert library.review.show(View()).count == 5
        assert library.review.card(kept[0].id).tags == ("cover",)
        assert library.verify().sound
    one.close()
    assert add(other, 9) in other.recent()
    other.close()
