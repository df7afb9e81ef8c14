"""What every engine must keep to, whoever wrote it: all that are registered take this suite."""

import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from doubles import MemorySecrets, engine_services
from PIL import Image
from services import gemini
from services.gemini import GeminiServer

from pickabook_desktop.domain.capabilities import Capabilities
from pickabook_desktop.domain.errors import CancelledError, NotConfiguredError
from pickabook_desktop.domain.events import Drawn, EngineEvent, Preview, Progress
from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.ports import Engine
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.domain.template import Crop, FaceSlot, Palette, Style, Template
from pickabook_desktop.imaging.painter import StorybookPainter
from pickabook_desktop.imaging.references import ReferenceMaker
from pickabook_desktop.imaging.seen import SeenPhotos
from pickabook_desktop.jobs.engines import EngineRegistry
from pickabook_desktop.net.cancel import CancelToken

MODELS = Path(__file__).parents[2] / "resources" / "face_models"
BACK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 400">'
    '<rect width="300" height="400" fill="#4a78b0"/></svg>'
)
FRONT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 400"/>'
MEADOW = Template(
    id="meadow",
    title="Meadow",
    world="Garden",
    summary="A child in a meadow.",
    tags=("garden",),
    words=("meadow",),
    canvas=Rect(0, 0, 300, 400),
    crops=(Crop("1:1", Rect(0, 0, 300, 300)), Crop("3:4", Rect(0, 0, 300, 400))),
    slots=(FaceSlot(x=150, y=140, unit=40),),
    palettes=(Palette(id="blue", title="Blue"), Palette(id="red", title="Red")),
)
STORYBOOK = Style(id="storybook", title="Storybook", summary="Ink and wash.", look="storybook")


@pytest.fixture(scope="module")
def services_there() -> Iterator[dict[str, str]]:
    """Settings that lead each engine to a server of its own wire format on this machine."""
    with GeminiServer() as gemini:
        yield {"gemini.base_url": gemini.url, "gemini.per_minute": "0"}


@pytest.fixture(scope="module")
def registry(
    tmp_path_factory: pytest.TempPathFactory, services_there: dict[str, str]
) -> EngineRegistry:
    folder = tmp_path_factory.mktemp("meadow")
    (folder / "back.svg").write_text(BACK)
    (folder / "front.svg").write_text(FRONT)
    seen = SeenPhotos(MODELS)
    return EngineRegistry(
        engine_services(
            templates={"meadow": MEADOW},
            styles={"storybook": STORYBOOK},
            painter=StorybookPainter(seen, lambda _id: folder),
            setting=lambda key: services_there.get(key, ""),
            cache_dir=tmp_path_factory.mktemp("cache"),
            references=ReferenceMaker(seen, lambda _id: folder),
            secrets=MemorySecrets({"gemini": gemini.KEY}),
        )
    )


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from skimage import data

    path = tmp_path_factory.mktemp("photo") / "portrait.png"
    Image.fromarray(data.astronaut()).save(path)
    return path


def registered() -> Iterator[str]:
    """The ids of all engines installed here."""
    from importlib.metadata import entry_points

    from pickabook_desktop.jobs.engines import GROUP

    yield from sorted(point.name for point in entry_points(group=GROUP))


@pytest.fixture(params=list(registered()))
def engine(request: pytest.FixtureRequest, registry: EngineRegistry) -> Engine:
    try:
        return registry.get(request.param)
    except NotConfiguredError as error:
        pytest.skip(str(error))


@pytest.fixture
def ready(engine: Engine) -> Engine:
    """An engine that can draw here and now; one that is known to this suite must."""
    reason = engine.unavailable()
    if engine.capabilities.id in ("storybook", "gemini"):
        assert not reason
    elif reason or engine.capabilities.needs_network:
        pytest.skip(reason or "needs a server of its own wire format")
    return engine


def wanted(engine: Engine, photo: Path, **changes: object) -> GenerationRequest:
    request = GenerationRequest(
        photo=PhotoRef(path=str(photo)),
        template_id="meadow",
        style_id="storybook",
        engine_id=engine.capabilities.id,
        prompt="a meadow in blue for Mia",
        fields={"name": "Mia"},
        size=Size(128, 128),
        seed=5,
        count=2,
    )
    return request.with_changes(**changes)


def events(engine: Engine, request: GenerationRequest) -> list[EngineEvent]:
    return list(engine.generate(request, CancelToken()))


def pictures(engine: Engine, request: GenerationRequest) -> list[DrawnPicture]:
    drawn = [event for event in events(engine, request) if isinstance(event, Drawn)]
    return [event.picture for event in sorted(drawn, key=lambda event: event.index)]


def test_capabilities_survive_a_journey_through_json(engine: Engine):
    can = engine.capabilities
    assert msgspec.json.decode(msgspec.json.encode(can), type=Capabilities) == can
    assert can.id
    assert can.title
    assert can.terms.summary
    assert can.max_count >= 1


def test_why_it_cannot_draw_is_a_sentence_or_nothing(engine: Engine):
    reason = engine.unavailable()
    assert reason == "" or reason.rstrip().endswith((".", "!"))


def test_it_draws_as_many_pictures_as_asked_for(ready: Engine, photo: Path):
    drawn = [e for e in events(ready, wanted(ready, photo)) if isinstance(e, Drawn)]
    assert sorted(event.index for event in drawn) == [0, 1]


@pytest.mark.parametrize("size", [Size(128, 128), Size(120, 160)])
def test_pictures_have_the_size_they_claim(ready: Engine, photo: Path, size: Size):
    picture = pictures(ready, wanted(ready, photo, size=size, count=1))[0]
    opened = Image.open(io.BytesIO(picture.data))
    assert opened.size == (picture.size.width, picture.size.height)
    assert opened.get_format_mimetype() == picture.media_type
    assert picture.size.aspect == pytest.approx(size.aspect, rel=0.03)
    if ready.capabilities.free_size:
        assert picture.size == size


def test_what_leaves_is_shown_and_what_does_not_is_not(ready: Engine, photo: Path):
    outgoing = ready.outgoing(wanted(ready, photo), CancelToken())
    assert outgoing.leaves == ready.capabilities.needs_network
    assert outgoing.recipient == ready.capabilities.recipient
    assert bool(outgoing.images) == outgoing.leaves
    for image in outgoing.images:
        opened = Image.open(io.BytesIO(image.data))
        assert opened.get_format_mimetype() == image.media_type
        assert opened.size == (image.size.width, image.size.height)
    if outgoing.leaves:
        assert "Mia" not in outgoing.prompt
        assert ready.capabilities.privacy


def test_a_check_says_what_was_found(ready: Engine):
    said = ready.check(CancelToken())
    assert said.endswith(".")


def test_paid_pictures_have_a_price_before(ready: Engine, photo: Path):
    request = wanted(ready, photo)
    price = ready.capabilities.chosen(request.options).price_for(request.size)
    assert price == ready.outgoing(request, CancelToken()).price
    if price.amount:
        assert price.read_on


def test_each_picture_tells_how_to_make_it_again(ready: Engine, photo: Path):
    if not ready.capabilities.uses_seed:
        pytest.skip("this engine knows no seed")
    first, second = pictures(ready, wanted(ready, photo))
    assert (first.seed, second.seed) == (5, 6)
    again = pictures(ready, wanted(ready, photo, seed=second.seed, count=1))[0]
    assert again.data == second.data
    assert (again.template_id, again.style_id, again.palette_id) == (
        second.template_id,
        second.style_id,
        second.palette_id,
    )


def test_words_are_used_or_unused_never_both(ready: Engine, photo: Path):
    picture = pictures(ready, wanted(ready, photo, count=1))[0]
    used, unused = set(picture.used_words), set(picture.unused_words)
    assert not used & unused
    assert used | unused <= {"a", "meadow", "in", "blue", "for", "Mia"}


def test_progress_only_goes_forward(ready: Engine, photo: Path):
    told = [e for e in events(ready, wanted(ready, photo)) if isinstance(e, Progress)]
    fractions = [event.fraction for event in told]
    assert fractions == sorted(fractions)
    assert all(0 <= fraction <= 1 for fraction in fractions)
    assert all(event.stage for event in told)


def test_previews_come_before_their_picture_and_can_be_opened(ready: Engine, photo: Path):
    seen: set[int] = set()
    for event in events(ready, wanted(ready, photo, size=Size(2600, 2600), count=1)):
        if isinstance(event, Preview):
            assert event.index not in seen
            opened = Image.open(io.BytesIO(event.data))
            assert opened.get_format_mimetype() == event.media_type
        elif isinstance(event, Drawn):
            seen.add(event.index)


def test_a_cancelled_job_draws_nothing(ready: Engine, photo: Path):
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        list(ready.generate(wanted(ready, photo), token))


def test_cancelling_half_way_ends_the_job(ready: Engine, photo: Path):
    token = CancelToken()
    drawn: list[int] = []

    def run() -> None:
        for event in ready.generate(wanted(ready, photo, count=4), token):
            if isinstance(event, Drawn):
                drawn.append(event.index)
                token.cancel()

    with pytest.raises(CancelledError):
        run()
    assert len(drawn) < 4
