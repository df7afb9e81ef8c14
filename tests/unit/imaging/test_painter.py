"""A page from a photo: the child is in it, each look differs, and nothing is left to chance."""

import io
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from pickabook_desktop.domain.errors import CancelledError, InputError, NoFaceError, TemplateError
from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.ports import PageOrder, PaintStage, painted
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.domain.template import Crop, Ellipse, FaceSlot, Palette, Style, Template
from pickabook_desktop.imaging.looks import LOOKS
from pickabook_desktop.imaging.ops import F32
from pickabook_desktop.imaging.painter import StorybookPainter
from pickabook_desktop.imaging.portrait import Portrait
from pickabook_desktop.imaging.seen import SeenPhotos
from pickabook_desktop.net.cancel import CancelToken

MODELS = Path(__file__).parents[3] / "resources" / "face_models"
BACK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300">'
    '<rect width="300" height="300" fill="#4a78b0"/>'
    '<rect x="20" y="230" width="60" height="60" fill="#d9a07b"/>'
    '<circle cx="250" cy="60" r="30" fill="#ee6a3c" stroke="#202020" stroke-width="3"/></svg>'
)
FRONT = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300">'
    '<rect y="215" x="100" width="100" height="85" fill="#f4f2fb"/></svg>'
)
TEMPLATE = Template(
    id="test",
    title="Test",
    world="Test",
    summary="",
    tags=(),
    canvas=Rect(0, 0, 300, 300),
    crops=(Crop("1:1", Rect(0, 0, 300, 300)),),
    slots=(FaceSlot(x=150, y=130, unit=44, clip=Ellipse(150, 130, 110, 120)),),
    palettes=(Palette(id="green", title="Green", colours={"#ee6a3c": "#2f9e4f"}),),
    child_colours={"skin": "#d9a07b"},
)
SIZE = Size(240, 240)

Paint = Callable[..., NDArray[np.uint8]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    (folder / "back.svg").write_text(BACK)
    (folder / "front.svg").write_text(FRONT)
    return folder


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from skimage import data

    path = tmp_path_factory.mktemp("photo") / "portrait.png"
    Image.fromarray(data.astronaut()).save(path)
    return path


@pytest.fixture(scope="module")
def painter(folder: Path) -> StorybookPainter:
    return StorybookPainter(SeenPhotos(MODELS), lambda _id: folder)


@pytest.fixture(scope="module")
def other_painter(folder: Path) -> StorybookPainter:
    """One that remembers nothing of what the first has done."""
    return StorybookPainter(SeenPhotos(MODELS), lambda _id: folder)


def order(path: Path, **changes: object) -> PageOrder:
    values: dict[str, object] = {
        "photo": PhotoRef(path=str(path)),
        "template": TEMPLATE,
        "style": style("storybook"),
        "size": SIZE,
        "seed": 7,
    }
    return PageOrder(**{**values, **changes})  # pyright: ignore[reportArgumentType]


def style(look: str) -> Style:
    return Style(id=look, title=look, summary="", look=look)


def pixels(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@pytest.fixture
def paint(painter: StorybookPainter, photo: Path) -> Paint:
    def page_pixels(**changes: object) -> NDArray[np.uint8]:
        page = painted(painter.paint(order(photo, **changes), CancelToken()))
        return pixels(page.data)

    return page_pixels


def test_the_page_has_the_size_and_the_head_between_the_layers(paint: Paint):
    page = paint().astype(int)
    assert page.shape == (240, 240, 3)
    face = page[95:125, 108:132].reshape(-1, 3).mean(axis=0)
    assert face[0] > face[2] + 15, "skin is warmer than the blue back"
    front = page[200:230, 90:150].reshape(-1, 3).mean(axis=0)
    assert front.min() > 200, "the front layer covers the neck"


def test_the_childs_skin_colours_the_drawing(paint: Paint):
    patch = paint()[195:225, 25:55].reshape(-1, 3).astype(int)
    drawn = np.array([0xD9, 0xA0, 0x7B])
    assert np.abs(patch.mean(axis=0) - drawn).max() > 6
    assert patch[:, 0].mean() > patch[:, 2].mean() + 10


def test_a_palette_recolours_the_scene_but_not_the_child(paint: Paint):
    plain, green = paint().astype(int), paint(palette_id="green").astype(int)
    balloon = (slice(40, 56), slice(192, 208))
    assert plain[balloon][..., 0].mean() > plain[balloon][..., 1].mean() + 30
    assert green[balloon][..., 1].mean() > green[balloon][..., 0].mean() + 30
    assert np.abs(plain[95:125, 108:132] - green[95:125, 108:132]).mean() < 1


def test_looks_differ_in_face_and_scene(paint: Paint):
    pages = {look: paint(style=style(look)).astype(int) for look in LOOKS}
    names = sorted(pages)
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            apart = np.abs(pages[first] - pages[second])
            assert apart[60:170, 80:160].mean() > 2, (first, second)
            assert apart[:60, :80].mean() > 0.8, (first, second)


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_the_same_order_gives_the_same_page_and_another_seed_another_grain(
    other_painter: StorybookPainter, photo: Path, paint: Paint, look: str
):
    first = paint(style=style(look))
    again = painted(other_painter.paint(order(photo, style=style(look)), CancelToken()))
    assert np.array_equal(first, pixels(again.data))
    assert not np.array_equal(first, paint(style=style(look), seed=8))


def test_no_seam_is_left_around_the_heads_window(paint: Paint):
    """The window in which the page is drawn anew must not show in the even blue beside the head."""
    for look in LOOKS:
        page = paint(style=style(look)).astype(int).mean(axis=2)
        columns = page[70:90, 26:50].mean(axis=0)
        assert np.abs(np.diff(columns)).max() < 12, look


def test_jpeg_is_written_where_asked(painter: StorybookPainter, photo: Path):
    page = painted(painter.paint(order(photo, media_type="image/jpeg"), CancelToken()))
    assert page.media_type == "image/jpeg"
    assert page.data[:2] == b"\xff\xd8"
    assert page.timings["head"] > 0


def test_stages_only_go_forward(painter: StorybookPainter, photo: Path):
    events = list(painter.paint(order(photo), CancelToken()))
    heard = [event for event in events if isinstance(event, PaintStage)]
    parts = [stage.fraction for stage in heard]
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    assert all(stage.title for stage in heard)
    assert events[:-1] == heard, "the page comes last"


def test_cancelling_stops_at_the_next_stage(painter: StorybookPainter, photo: Path):
    token = CancelToken()
    events = painter.paint(order(photo, seed=99), token)
    heard = [next(events), next(events)]
    token.cancel()
    with pytest.raises(CancelledError):
        next(events)
    assert all(isinstance(event, PaintStage) for event in heard)


def test_cancelling_does_not_wait_for_a_head_that_is_being_drawn(
    painter: StorybookPainter, photo: Path, monkeypatch: pytest.MonkeyPatch
):
    token, finished = CancelToken(), threading.Event()

    def draw(portrait: Portrait, *_: object, **__: object) -> F32:
        token.cancel()
        assert finished.wait(20)
        return portrait.lab

    monkeypatch.setattr("pickabook_desktop.imaging.painter.draw_head", draw)
    try:
        with pytest.raises(CancelledError):
            painted(painter.paint(order(photo, seed=77), token))
    finally:
        finished.set()


def test_a_photo_without_a_face_is_refused(painter: StorybookPainter, tmp_path: Path):
    path = tmp_path / "sky.png"
    Image.new("RGB", (300, 300), (90, 140, 210)).save(path)
    with pytest.raises(NoFaceError, match=r"sky\.png") as caught:
        painted(painter.paint(order(path), CancelToken()))
    assert caught.value.next_step


def test_a_face_that_is_not_there_is_refused(paint: Paint, photo: Path):
    with pytest.raises(InputError, match="number 3"):
        paint(photo=PhotoRef(path=str(photo), face_index=3))


def test_an_unknown_way_of_drawing_is_refused(paint: Paint):
    with pytest.raises(TemplateError):
        paint(style=style("oil"))


def test_a_missing_drawing_is_refused(photo: Path, tmp_path: Path):
    painter = StorybookPainter(SeenPhotos(MODELS), lambda _id: tmp_path)
    with pytest.raises(TemplateError, match="Test"):
        painted(painter.paint(order(photo), CancelToken()))


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        ("<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "script"),
        ("<svg xmlns='http://www.w3.org/2000/svg'><use href='http://e.org/a#b'/></svg>", "outside"),
        ("<!DOCTYPE svg [<!ENTITY a 'aa'>]><svg>&a;</svg>", "entities"),
        (f"<svg xmlns='http://www.w3.org/2000/svg'>{'<g/>' * 100_000}</svg>", "100001 elements"),
        (" " * 2_000_001, "longer than"),
    ],
)
def test_a_strangers_drawing_that_does_harm_is_refused(
    photo: Path, folder: Path, tmp_path: Path, drawing: str, said: str
):
    (tmp_path / "back.svg").write_text(drawing)
    (tmp_path / "front.svg").write_bytes((folder / "front.svg").read_bytes())
    painter = StorybookPainter(SeenPhotos(MODELS), lambda _id: tmp_path)
    with pytest.raises(TemplateError, match=said) as caught:
        painted(painter.paint(order(photo), CancelToken()))
    assert caught.value.next_step


def test_two_children_share_a_page_with_two_places(
    painter: StorybookPainter, photo: Path, tmp_path: Path
):
    alone = np.asarray(Image.open(photo))[:300, 60:400]
    path = tmp_path / "two.png"
    Image.fromarray(np.hstack([alone, alone[:, ::-1]])).save(path)
    slots = (FaceSlot(x=80, y=130, unit=36), FaceSlot(x=220, y=130, unit=36))
    template = msgspec.structs.replace(TEMPLATE, slots=slots)

    def faces(source: Path) -> list[bool]:
        page = painted(painter.paint(order(source, template=template), CancelToken()))
        spots = [pixels(page.data)[95:125, x - 12 : x + 12].astype(int) for x in (64, 176)]
        return [bool(spot[..., 0].mean() > spot[..., 2].mean() + 15) for spot in spots]

    assert faces(path) == [True, True]
    assert faces(photo) == [True, False]


def test_a_changed_photo_is_looked_at_anew(painter: StorybookPainter, photo: Path, tmp_path: Path):
    path = tmp_path / "changing.png"
    path.write_bytes(photo.read_bytes())
    painted(painter.paint(order(path), CancelToken()))
    Image.new("RGB", (300, 300), (90, 140, 210)).save(path)
    with pytest.raises(NoFaceError):
        painted(painter.paint(order(path), CancelToken()))
