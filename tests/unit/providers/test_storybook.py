"""What the Storybook engine makes of a request, with a painter that only takes notes."""

import pytest
from doubles import engine_services

from pickabook_desktop.domain.errors import CancelledError, InputError
from pickabook_desktop.domain.events import Drawn, Preview
from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.ports import PageOrder, PaintedPage, PaintStage
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.template import Crop, FaceSlot, Palette, Style, Template
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.providers.storybook import create

MOON = Template(
    id="moon",
    title="Moon walk",
    world="Space",
    summary="",
    tags=(),
    words=("rocket",),
    canvas=Rect(0, 0, 100, 100),
    crops=(Crop("1:1", Rect(0, 0, 100, 100)),),
    slots=(FaceSlot(x=50, y=50, unit=10),),
    palettes=tuple(
        Palette(id=name, title=name, words=(name,)) for name in ("orange", "blue", "pink")
    ),
)
STYLES = {
    name: Style(id=name, title=name, summary="", look=name, words=(name,))
    for name in ("comic", "storybook")
}


class NotingPainter:
    def __init__(self) -> None:
        self.orders: list[PageOrder] = []

    def paint(self, order, cancellation):
        cancellation.raise_if_cancelled()
        self.orders.append(order)
        yield PaintStage("Drawing the face", 0.5)
        yield PaintedPage(data=b"page", media_type=order.media_type, size=order.size, timings={})


@pytest.fixture
def painter() -> NotingPainter:
    return NotingPainter()


@pytest.fixture
def engine(painter: NotingPainter):
    return create(engine_services(templates={"moon": MOON}, styles=STYLES, painter=painter))


def request(**changes: object) -> GenerationRequest:
    made = GenerationRequest(
        photo=PhotoRef(path="photo.jpg"), template_id="moon", size=Size(640, 640), seed=3
    )
    return made.with_changes(**changes)


def drawn(engine, wanted: GenerationRequest) -> list[Drawn]:
    return [e for e in engine.generate(wanted, CancelToken()) if isinstance(e, Drawn)]


def test_each_picture_has_its_own_seed_and_palette(engine):
    pictures = [event.picture for event in drawn(engine, request(count=3))]
    assert [picture.seed for picture in pictures] == [3, 4, 5]
    assert len({picture.palette_id for picture in pictures}) == 3


def test_a_picture_can_be_drawn_again_from_its_own_seed(engine):
    third = drawn(engine, request(count=3))[2].picture
    again = drawn(engine, request(seed=third.seed))[0].picture
    assert again.palette_id == third.palette_id


def test_a_chosen_palette_stays_for_every_picture(engine):
    pictures = drawn(engine, request(count=3, palette_id="pink"))
    assert {event.picture.palette_id for event in pictures} == {"pink"}


def test_words_stand_in_for_what_was_not_chosen(engine):
    wanted = request(template_id="", prompt="a blue rocket, comic, for Mia")
    picture = drawn(engine, wanted)[0].picture
    assert (picture.template_id, picture.palette_id, picture.style_id) == ("moon", "blue", "comic")
    assert picture.used_words == ("blue", "rocket", "comic")
    assert picture.unused_words == ("Mia",)


def test_without_a_style_the_storybook_style_is_used(engine):
    assert drawn(engine, request())[0].picture.style_id == "storybook"


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"template_id": "", "prompt": "tax return"}, "Space"),
        ({"template_id": "nowhere"}, "pickabook templates"),
        ({"style_id": "nothing"}, "comic"),
        ({"palette_id": "black"}, "orange"),
        ({"options": {"media_type": "image/gif"}}, "image/png"),
    ],
)
def test_a_request_that_cannot_be_drawn_says_what_to_do(engine, changes, hint):
    with pytest.raises(InputError) as caught:
        drawn(engine, request(**changes))
    assert hint in caught.value.next_step


def test_a_large_page_is_shown_small_first(engine, painter):
    events = list(engine.generate(request(size=Size(4096, 4096)), CancelToken()))
    kinds = [type(event) for event in events if isinstance(event, Preview | Drawn)]
    assert kinds == [Preview, Drawn]
    assert [order.size for order in painter.orders] == [Size(768, 768), Size(4096, 4096)]
    assert painter.orders[0].palette_id == painter.orders[1].palette_id


def test_nothing_is_painted_after_a_cancel(engine, painter):
    token = CancelToken()
    events = engine.generate(request(count=5), token)
    for event in events:
        if isinstance(event, Drawn):
            token.cancel()
            break
    with pytest.raises(CancelledError):
        list(events)
    assert len(painter.orders) == 1


def test_without_template_and_words_the_seed_picks_a_page(engine, painter):
    for seed in (0, 1, 7):
        list(engine.generate(request(template_id="", prompt="", seed=seed), CancelToken()))
    assert {order.template.id for order in painter.orders} == {"moon"}
