"""Pages come back by what they say of themselves, whatever lies beside them."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from e2e.fake_engine import drawn
from PIL import Image

from pickabook_desktop.domain.events import Done
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.imaging.containers import Png
from pickabook_desktop.imaging.metadata import Metadata, embed, to_packet
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.repair import RepairReport, repair_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.library import Library

UNKNOWN = "01KAP8Z0V8TESTPAGE00000000"


def keep(library: Library, seed: int, request: GenerationRequest | None = None) -> KeptPicture:
    request = request or GenerationRequest(photo=PhotoRef(path=""), prompt=f"page {seed}")
    plain = drawn(seed)
    said = Metadata(prompt=request.prompt, seed=seed, request_json=request.to_json())
    data = embed(plain.data, plain.media_type, said)
    return library.add(msgspec.structs.replace(plain, data=data), request, "7", b"small")


def repaired(library: Library) -> RepairReport:
    *_, ending = run_job(repair_job(library), CancelToken())
    assert isinstance(ending, Done), ending
    assert isinstance(ending.value, RepairReport)
    return ending.value


def in_another_month(page: Path) -> Path:
    return page.parents[2] / "2020" / "01" / page.name


def as_sync_programs_do(page: Path) -> Path:
    return page.with_name(f"{page.stem}.sync-conflict-20260101-120000-ABCDEFG.png")


def as_another_kind(page: Path) -> Path:
    return page.with_name(f"{page.stem}.webp")


def beside_a_month(page: Path) -> Path:
    return page.parents[1] / "13" / page.name


@pytest.fixture
def library(tmp_path: Path):
    library = Library(tmp_path / "library")
    yield library
    library.close()


STRAY = (in_another_month, as_sync_programs_do, as_another_kind, beside_a_month)


@pytest.mark.parametrize("stray", STRAY)
@pytest.mark.parametrize("listed", [True, False], ids=["listed", "lost"])
def test_a_copy_of_a_page_beside_it_stops_no_repair(
    library: Library, stray: Callable[[Path], Path], listed: bool
) -> None:
    pages = [keep(library, seed) for seed in range(3)]
    lost = keep(library, 9)
    where = stray(Path(pages[0].path if listed else lost.path))
    where.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(pages[0].path if listed else lost.path, where)
    with library._database.writing() as connection:
        connection.execute("DELETE FROM pictures WHERE id=?", (lost.id,))
    report = repaired(library)
    assert report.adopted == (lost.id,)
    assert report.after.sound
    for page in (*pages, lost):
        assert Path(library.get(page.id).path) == Path(page.path)
        assert library.read(page.id)
    assert library.count() == 4
    assert where.exists()
    assert report.after.orphans == (where.relative_to(library.folder).as_posix(),)


def test_a_page_that_says_what_cannot_be_kept_is_passed_over(library: Library) -> None:
    first, strange, last = (keep(library, seed) for seed in range(3))
    whole = b'{"photo":{"path":""}}'
    packet = to_packet(Metadata(seed=1, request_json=whole.decode()))
    packet = packet.replace(whole, b'{"photo":' + b"[" * 100_000)
    file = Path(strange.path)
    file.write_bytes(Png().with_packet(file.read_bytes(), packet))
    with library._database.writing() as connection:
        connection.execute("DELETE FROM pictures")
    assert repaired(library).adopted == (first.id, last.id)
    assert Path(strange.path).exists()


def test_a_tiff_that_was_taken_in_comes_back_as_well(library: Library) -> None:
    request = GenerationRequest(photo=PhotoRef(path=""), prompt="a fox")
    said = Metadata(prompt=request.prompt, seed=4, request_json=request.to_json())
    target, xmp = io.BytesIO(), 700
    picture = Image.open(io.BytesIO(drawn(4).data))
    picture.save(target, "TIFF", tiffinfo={xmp: to_packet(said)})
    tiff = msgspec.structs.replace(drawn(4), data=target.getvalue(), media_type="image/tiff")
    kept = library.add(tiff, request, "7", b"small")
    with library._database.writing() as connection:
        connection.execute("DELETE FROM pictures")
    assert repaired(library).adopted == (kept.id,)
    back = library.get(kept.id)
    assert (back.request.prompt, back.media_type, back.size) == ("a fox", "image/tiff", kept.size)
