"""Contact sheets show every picture with what was asked to be said of it, and nothing else."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest
from unit.jobs.kept_pages import keep, names_in, pixels

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent
from pickabook_desktop.domain.hand_over import PAPERS, Paper, SheetReport, SheetWish
from pickabook_desktop.domain.review import Marks
from pickabook_desktop.domain.sheet_layout import fitting, layout_of
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken

EventsOf = Callable[..., list[JobEvent]]

# Fonts need an application; in the program it is there, and one for all tests must not be made
# by this module's code.
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "sheet.pdf"


@pytest.fixture
def sheet(studio: Studio, target: Path, events_of: EventsOf) -> Callable[..., Any]:
    def make(*ids: str, **wish: Any) -> tuple[SheetReport, pypdf.PdfReader]:
        job = studio.hand_over.contact_sheet_job(ids, SheetWish(**wish), target)
        ending = events_of(job)[-1]
        assert isinstance(ending, Done), ending
        assert isinstance(ending.value, SheetReport)
        return ending.value, pypdf.PdfReader(target)

    return make


def words_of(page: pypdf.PageObject) -> str:
    return " ".join(page.extract_text().split())


def test_pictures_go_onto_as_many_pages_as_they_need(studio: Studio, sheet: Callable[..., Any]):
    kept = [keep(studio.library, seed=seed).id for seed in range(7)]
    report, pdf = sheet(*kept, columns=2, rows=2, captions=("number",), header="For the press")
    assert (report.pages, report.pictures, len(pdf.pages)) == (2, 7, 2)
    assert [len(page.images) for page in pdf.pages] == [4, 3]
    first, second = map(words_of, pdf.pages)
    assert "For the press" in first
    assert "For the press" in second
    assert "1 / 2" in first
    assert "2 / 2" in second
    assert all(str(number) in first for number in (1, 2, 3, 4))
    assert all(str(number) in second for number in (5, 6, 7))


@pytest.mark.parametrize("paper", ["A4", "A3", "Letter"])
@pytest.mark.parametrize("landscape", [False, True])
def test_the_paper_has_its_size(
    studio: Studio, sheet: Callable[..., Any], paper: Paper, landscape: bool
):
    _, pdf = sheet(keep(studio.library).id, paper=paper, landscape=landscape)
    size = [float(edge) / 72 * 25.4 for edge in pdf.pages[0].mediabox[2:]]
    wanted = PAPERS[paper][::-1] if landscape else PAPERS[paper]
    assert size == pytest.approx(wanted, abs=0.5)


def test_captions_say_what_was_chosen(studio: Studio, sheet: Callable[..., Any]):
    kept = keep(studio.library)
    review = studio.library.review
    review.decisions.mark((kept.id,), Marks(rating=3))
    review.decisions.tag((kept.id,), ("cover", "night"), ())
    review.decisions.annotate(kept.id, "a little darker")
    _, pdf = sheet(
        kept.id,
        columns=1,
        rows=1,
        captions=("title", "date", "style", "engine", "rating", "tags", "note", "book", "seed"),
    )
    words = words_of(pdf.pages[0])
    for said in (
        *(studio.templates["moon-walk"].title, studio.styles["storybook"].title),
        *("fake", "cover, night"),
        *("a little darker", "The long way home", "7", "★★★☆☆"),
    ):
        assert said in words
    assert "Annemarie" not in words


def test_children_are_named_only_where_that_is_asked_for(studio: Studio, sheet: Callable[..., Any]):
    kept = keep(studio.library, book="Annemaries journey")
    for names in (False, True):
        _, pdf = sheet(kept.id, columns=1, rows=1, captions=("child", "book"), names=names)
        words = words_of(pdf.pages[0])
        assert ("Annemarie" in words, "journey" in words) == (names, True)


def test_other_children_are_not_named_either(studio: Studio, sheet: Callable[..., Any]):
    kept = keep(studio.library)
    keep(studio.library, seed=8, fields={"name": "Quentin"})
    studio.library.review.decisions.tag((kept.id,), ("with Quentin",), ())
    studio.library.review.decisions.annotate(kept.id, "Quentins boat, and Annemarie at the sea")
    for names in (False, True):
        _, pdf = sheet(kept.id, columns=1, rows=1, captions=("tags", "note"), names=names)
        words = words_of(pdf.pages[0])
        assert ("Quentin" in words, "Annemarie" in words) == (names, names)
        assert "boat" in words


@pytest.mark.parametrize("note", ["Größe prüfen, ça va", "Луна и кот", "Σελήνη", "naïve — “ok”"])
def test_any_script_can_be_found_in_the_text(studio: Studio, sheet: Callable[..., Any], note: str):
    kept = keep(studio.library)
    studio.library.review.decisions.annotate(kept.id, note)
    _, pdf = sheet(kept.id, columns=1, rows=1, captions=("note",))
    assert note in words_of(pdf.pages[0])


@pytest.mark.parametrize(
    "note", ["月の上の猫", "قطة على القمر", "🌙🚀", "e\u0301" * 40, "x" * 3000]
)
def test_no_text_stops_it(studio: Studio, sheet: Callable[..., Any], note: str):
    kept = keep(studio.library)
    studio.library.review.decisions.annotate(kept.id, note)
    report, pdf = sheet(kept.id, captions=("note", "title"))
    assert (report.pictures, len(pdf.pages[0].images)) == (1, 1)


@pytest.mark.parametrize("dpi", [100, 300])
def test_pictures_have_the_resolution_that_was_asked_for(
    studio: Studio, sheet: Callable[..., Any], dpi: int
):
    kept = keep(studio.library, pixels(1600, 1200))
    wish: dict[str, Any] = {"columns": 2, "rows": 3, "dpi": dpi}
    _, pdf = sheet(*[kept.id] * 6, **wish)
    place = layout_of(SheetWish(**wish)).pictures[0]
    image = pdf.pages[0].images[0]
    across = image.image.width / (min(place.width, place.height * 4 / 3) / 25.4)
    assert dpi <= across <= dpi * 1.35
    original = np.asarray(image.image.convert("RGB").resize((160, 120)), float)
    assert np.abs(original - pixels(1600, 1200)[::10, ::10]).mean() < 16


def test_a_picture_that_cannot_be_had_leaves_its_place_empty(
    studio: Studio, sheet: Callable[..., Any]
):
    gone, whole = keep(studio.library, seed=1), keep(studio.library, seed=2)
    Path(gone.path).unlink()
    report, pdf = sheet(gone.id, "0" * 26, whole.id, captions=("seed",))
    assert [failure.what for failure in report.failed] == [gone.id, "0" * 26]
    assert (report.pictures, len(pdf.pages[0].images)) == (1, 1)


def test_memory_does_not_grow_with_the_pages(studio: Studio, target: Path, events_of: EventsOf):
    kept = keep(studio.library, pixels(400, 400)).id

    def peak_for(count: int) -> int:
        tracemalloc.start()
        events_of(studio.hand_over.contact_sheet_job([kept] * count, SheetWish(), target))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    peak_for(20)
    few = peak_for(40)
    assert peak_for(400) < few + 1_000_000


def test_cancelling_leaves_none(studio: Studio, target: Path):
    kept = [keep(studio.library, seed=seed).id for seed in range(3)]
    target.write_bytes(b"an older one")
    token = CancelToken()
    events: list[JobEvent] = []
    job = studio.hand_over.contact_sheet_job(kept, SheetWish(), target)
    for event in run_job(job, token):
        events.append(event)
        if len(events) == 2:
            token.cancel()
    assert isinstance(events[-1], Cancelled)
    assert target.read_bytes() == b"an older one"
    assert names_in(target.parent) == ["sheet.pdf"]


@pytest.mark.parametrize(
    "wish",
    [
        *({"columns": 0}, {"columns": 40}, {"margin": 100}, {"margin": -1}, {"dpi": 5}),
        *({"rows": 31}, {"margin": float("nan")}, {"gap": float("nan")}, {"gap": float("inf")}),
    ],
)
def test_what_does_not_fit_is_refused(
    studio: Studio, target: Path, events_of: EventsOf, wish: dict[str, Any]
):
    kept = keep(studio.library).id
    job = studio.hand_over.contact_sheet_job((kept,), SheetWish(**wish), target)
    ending = events_of(job)[-1]
    assert isinstance(ending, Failed)
    assert isinstance(ending.error, InputError)
    assert names_in(target.parent) == []


def test_a_sheet_is_a_pdf_of_at_least_one_picture(
    studio: Studio, target: Path, events_of: EventsOf
):
    kept = keep(studio.library).id
    over = studio.hand_over
    for job in (
        over.contact_sheet_job((kept,), SheetWish(), target.with_suffix(".png")),
        over.contact_sheet_job((), SheetWish(), target),
        over.contact_sheet_job((kept,), SheetWish(), studio.library.folder / "sheet.pdf"),
    ):
        assert isinstance(events_of(job)[-1], Failed)
    assert names_in(target.parent) == []


def test_a_full_disk_is_told(studio: Studio, events_of: EventsOf):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full")
    from pickabook_desktop.domain.errors import StorageError
    from pickabook_desktop.imaging.sheet import SheetWriter

    layout = layout_of(SheetWish())
    with full.open("r+b", buffering=0) as file, SheetWriter(file, layout, "", pages=1) as writer:
        writer.next_page()
        writer.picture(0, pixels(), ("words",))
        with pytest.raises(StorageError):
            writer.finish()


@pytest.mark.parametrize(
    ("count", "grid"),
    [(1, (1, 1)), (2, (1, 2)), (3, (2, 2)), (6, (2, 3)), (20, (4, 5)), (99, (4, 5))],
)
def test_few_pictures_are_as_large_as_the_page_lets_them(count: int, grid: tuple[int, int]):
    wish = fitting(SheetWish(), count)
    assert (wish.columns, wish.rows) == grid


def test_one_picture_fills_its_page(studio: Studio, sheet: Callable[..., Any]):
    alone = keep(studio.library).id
    _, pdf = sheet(alone, columns=4, rows=5, dpi=72)
    (image,) = pdf.pages[0].images
    # 120 x 80 pixels are not made more, and were cut down for a place a quarter as wide.
    assert image.image is not None
    assert image.image.size == (120, 80)


def test_templates_and_styles_are_called_by_their_titles(studio: Studio, sheet: Callable[..., Any]):
    template, style = next(iter(studio.templates.values())), next(iter(studio.styles.values()))
    kept = keep(studio.library, template_id=template.id, style_id=style.id)
    words = words_of(sheet(kept.id, captions=("template", "style"))[1].pages[0])
    assert template.title in words
    assert style.title in words
