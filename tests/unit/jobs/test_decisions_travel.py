"""Stars, labels and tags go out where other programs look for them, and come back; nothing of them
tells a child whose name is to stay at home.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from unit.jobs.kept_pages import keep, page, pixels

from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.hand_over import ExportFormat, ExportReport, ExportWish, ImportReport
from pickabook_desktop.domain.review import Marks
from pickabook_desktop.imaging import metadata
from pickabook_desktop.imaging.containers import CONTAINERS
from pickabook_desktop.jobs.importing import import_job
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.jobs.lending import lend_job
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.library import Library

EventsOf = Callable[..., list[JobEvent]]
Export = Callable[..., Path]
KINDS: tuple[ExportFormat, ...] = ("png", "jpeg", "webp", "tiff")
# As the standards have them, not as this program's own modules do.
SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
}


def packet_of(data: bytes) -> ElementTree.Element:
    """The XMP of a file, found by its marks and not by this program's readers."""
    start = data.index(b"<x:xmpmeta")
    end = data.index(b"</x:xmpmeta>") + len(b"</x:xmpmeta>")
    return ElementTree.fromstring(data[start:end])  # noqa: S314 made by this test


def said_of(data: bytes) -> dict[str, object]:
    """What any program reads of a picture."""
    about = packet_of(data).find("rdf:RDF/rdf:Description", SPACES)
    assert about is not None
    tags = about.findall("dc:subject/rdf:Bag/rdf:li", SPACES)
    return {
        "rating": about.findtext("xmp:Rating", None, SPACES),
        "label": about.findtext("xmp:Label", None, SPACES),
        "tags": [tag.text for tag in tags],
        "note": about.findtext("exif:UserComment/rdf:Alt/rdf:li", None, SPACES),
    }


@pytest.fixture
def export(studio: Studio, tmp_path: Path, events_of: EventsOf) -> Export:
    folder = tmp_path / "copies"
    folder.mkdir()

    def run(picture_id: str, **wish: object) -> Path:
        values = {"folder": str(folder), "on_clash": "replace"} | wish
        ending = events_of(studio.hand_over.export_many_job([picture_id], ExportWish(**values)))[-1]  # type: ignore[arg-type]
        assert isinstance(ending, Done), ending
        assert isinstance(ending.value, ExportReport)
        return Path(ending.value.written[0].file)

    return run


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "another library")
    yield library
    library.close()


def decide(library: Library, picture_id: str, *, flag: int = 1) -> None:
    library.review.decisions.mark((picture_id,), Marks(rating=4, flag=flag, label="green"))
    library.review.decisions.tag((picture_id,), ("cover", "für den Druck"))
    library.review.decisions.annotate(picture_id, "the moon <is> too large")


def take(library: Library, *paths: Path) -> ImportReport:
    *_, ending = run_job(import_job(library, paths), CancelToken())
    assert isinstance(ending, Done), ending
    assert isinstance(ending.value, ImportReport)
    return ending.value


@pytest.mark.parametrize("kind", [*KINDS, "original"])
def test_copies_say_what_was_decided_where_others_look(
    studio: Studio, export: Export, kind: ExportFormat
):
    kept = keep(studio.library)
    before = Path(kept.path).read_bytes()
    decide(studio.library, kept.id)
    said = said_of(export(kept.id, format=kind).read_bytes())
    tags = ["cover", "für den Druck"]
    assert said == {"rating": "4", "label": "Green", "tags": tags, "note": None}
    assert Path(kept.path).read_bytes() == before


def test_a_rejected_page_has_the_rating_of_rejected_ones(studio: Studio, export: Export):
    kept = keep(studio.library)
    decide(studio.library, kept.id, flag=-1)
    assert said_of(export(kept.id).read_bytes())["rating"] == "-1"


def test_what_nobody_decided_is_not_said(studio: Studio, export: Export):
    kept = keep(studio.library)
    said = said_of(export(kept.id).read_bytes())
    assert said == {"rating": None, "label": None, "tags": [], "note": None}


def test_a_note_goes_along_where_it_is_wished(studio: Studio, export: Export):
    kept = keep(studio.library)
    decide(studio.library, kept.id)
    assert said_of(export(kept.id, notes=True).read_bytes())["note"] == "the moon <is> too large"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_said_without_metadata(studio: Studio, export: Export, kind: ExportFormat):
    kept = keep(studio.library)
    decide(studio.library, kept.id)
    data = export(kept.id, format=kind, metadata=False, notes=True).read_bytes()
    assert b"xmpmeta" not in data
    assert b"cover" not in data


@pytest.mark.parametrize("kind", KINDS)
def test_no_tag_and_no_note_tells_a_child(studio: Studio, export: Export, kind: ExportFormat):
    kept = keep(studio.library)
    keep(studio.library, seed=8, fields={"name": "Quentin"})
    in_the_trash = keep(studio.library, seed=9, fields={"name": "Wilhelmina"})
    studio.library.trash(in_the_trash.id)
    tags = ("cover", "for Annemarie", "Annemaries Buch", "quentin", "Wilhelmina too")
    studio.library.review.decisions.tag((kept.id,), tags)
    studio.library.review.decisions.annotate(kept.id, "Annemarie and Quentin like it")
    silent = export(kept.id, format=kind, notes=True).read_bytes()
    assert said_of(silent)["tags"] == ["cover"]
    assert said_of(silent)["note"] == "… and … like it"
    for name in (b"nnemarie", b"uentin"):
        assert name not in silent
    telling = said_of(export(kept.id, format=kind, notes=True, names=True).read_bytes())
    assert set(telling["tags"]) == set(tags)  # type: ignore[arg-type]
    assert telling["note"] == "Annemarie and Quentin like it"


def test_a_single_copy_says_it_too(studio: Studio, events_of: EventsOf, tmp_path: Path):
    kept = keep(studio.library)
    decide(studio.library, kept.id)
    target = tmp_path / "page.jpg"
    assert isinstance(events_of(studio.hand_over.export_job(kept, target))[-1], Done)
    assert (said_of(target.read_bytes())["rating"], said_of(target.read_bytes())["note"]) == (
        "4",
        None,
    )


def test_archives_say_it_too(studio: Studio, events_of: EventsOf, tmp_path: Path):
    kept = keep(studio.library)
    decide(studio.library, kept.id)
    target = tmp_path / "pages.zip"
    assert isinstance(
        events_of(studio.hand_over.zip_job([kept.id], ExportWish(), target))[-1], Done
    )
    with zipfile.ZipFile(target) as archive:
        (name,) = archive.namelist()
        assert said_of(archive.read(name))["rating"] == "4"


def test_lent_files_say_it_too_without_notes_and_the_library_keeps_its_own(
    studio: Studio, events_of: EventsOf, tmp_path: Path
):
    kept = keep(studio.library)
    before = Path(kept.path).read_bytes()
    decide(studio.library, kept.id)
    job = lend_job(
        studio.library, [kept.id], lambda name: tmp_path / name, metadata=True, names=False
    )
    ending = events_of(job)[-1]
    assert isinstance(ending, Done)
    (file,) = ending.value  # type: ignore[misc]
    said = said_of(file.read_bytes())
    assert (said["rating"], said["label"], said["note"]) == ("4", "Green", None)
    assert Path(kept.path).read_bytes() == before


@pytest.mark.parametrize("kind", [*KINDS, "original"])
@pytest.mark.parametrize("flag", [1, 0, -1])
def test_a_new_library_decides_as_the_old_one(
    studio: Studio, export: Export, elsewhere: Library, kind: ExportFormat, flag: int
):
    kept = keep(studio.library)
    decide(studio.library, kept.id, flag=flag)
    (imported,) = take(elsewhere, export(kept.id, format=kind, notes=True)).imported
    card = elsewhere.review.card(imported.id)
    assert (card.rating, card.flag, card.label) == (4, flag, "green")
    assert card.tags == ("cover", "für den Druck")
    assert card.note == "the moon <is> too large"


def test_a_known_page_takes_them_only_where_nobody_has_decided(
    studio: Studio, export: Export, elsewhere: Library
):
    pages = [keep(studio.library, seed=seed) for seed in (1, 2)]
    files = [export(kept.id, pattern=f"page {kept.id}") for kept in pages]
    one, two = (imported.id for imported in take(elsewhere, *files).imported)
    elsewhere.review.decisions.mark((two,), Marks(rating=1))
    for kept in pages:
        decide(studio.library, kept.id)
    files = [export(kept.id, pattern=f"page {kept.id}") for kept in pages]
    assert {known.id for known in take(elsewhere, *files).known} == {one, two}
    cards = [elsewhere.review.card(picture_id) for picture_id in (one, two)]
    assert [(card.rating, card.flag, card.label) for card in cards] == [(4, 1, "green"), (1, 0, "")]
    assert [card.tags for card in cards] == [("cover", "für den Druck"), ()]


def test_an_imported_page_says_what_is_thought_of_it_now(
    studio: Studio, export: Export, elsewhere: Library, tmp_path: Path
):
    kept = keep(studio.library)
    decide(studio.library, kept.id)
    (imported,) = take(elsewhere, export(kept.id, notes=True)).imported
    elsewhere.review.decisions.mark((imported.id,), Marks(rating=0, flag=0, label="red"))
    elsewhere.review.decisions.tag((imported.id,), remove=("cover", "für den Druck"))
    job = lend_job(elsewhere, [imported.id], lambda _: tmp_path / "x", metadata=True, names=False)
    *_, ending = run_job(job, CancelToken())
    assert isinstance(ending, Done)
    (file,) = ending.value  # type: ignore[misc]
    said = said_of(file.read_bytes())
    assert said == {"rating": None, "label": "Red", "tags": [], "note": None}


ADOBE = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:own="urn:pickabook-desktop:xmp:1.0#"
 xmp:Rating="{rating}" xmp:Label="{label}" own:seed="7" own:stars="5">
 <dc:subject><rdf:Bag><rdf:li>Cover</rdf:li><rdf:li> cover </rdf:li><rdf:li>?!</rdf:li>
 <rdf:li>{long}</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"""


@pytest.mark.parametrize(
    ("rating", "label", "expected"),
    [
        ("3", "Yellow", (3, 0, "yellow")),
        ("-1", "Select", (5, -1, "")),
        ("4.0", "", (4, 0, "")),
        ("9" * 5000, "red", (0, 0, "red")),
        ("٣", "Blue", (0, 0, "blue")),
        ("6", "", (0, 0, "")),
    ],
)
def test_what_others_have_decided_since_is_taken_with_care(
    elsewhere: Library, tmp_path: Path, rating: str, label: str, expected: tuple[int, int, str]
):
    packet = ADOBE.format(rating=rating, label=label, long="x" * 101).encode()
    drawn = page(pixels())
    file = tmp_path / "page.png"
    file.write_bytes(CONTAINERS["image/png"].with_packet(drawn.data, packet))
    (imported,) = take(elsewhere, file).imported
    card = elsewhere.review.card(imported.id)
    assert (card.rating, card.flag, card.label) == expected
    assert card.tags == ("Cover",)


def test_pillow_finds_the_packet_in_each_format(studio: Studio, export: Export):
    kept = keep(studio.library)
    decide(studio.library, kept.id)
    for kind in KINDS:
        image = Image.open(io.BytesIO(export(kept.id, format=kind).read_bytes()))
        packet = image.info.get("xmp") or image.info["XML:com.adobe.xmp"].encode()
        assert said_of(packet)["rating"] == "4"
        said = metadata.from_packet(packet)
        assert said is not None
        assert said.decided.flag == 1
