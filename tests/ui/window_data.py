"""A studio with an engine that does as it is told, for tests of the whole window."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter

from pickabook_desktop.assembly import assemble
from pickabook_desktop.domain.capabilities import Capabilities, EngineState, Terms
from pickabook_desktop.domain.errors import PhotoError, PickaBookError
from pickabook_desktop.domain.events import Done, Drawn, EngineEvent, JobEvent, Progress
from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.domain.photo import FaceReport, PhotoReport
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.domain.template import Crop, FaceSlot, Style, Template
from pickabook_desktop.jobs.inspect import InspectedPhoto
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.catalogue import Catalogue
from pickabook_desktop.storage.places import Places

PHOTO_COLOUR = "#4080c0"
PAGE_COLOUR = "#c08040"


def encoded(colour: str, width: int = 64, height: int = 64, kind: bytes = b"PNG") -> bytes:
    """A picture of one colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, kind).write(image)
    return bytes(buffer.data().data())


class ObedientEngine:
    """Draws plain pictures. ``gate`` holds it before each picture of a job that is kept."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.failure: PickaBookError | None = None
        self.unused_words: tuple[str, ...] = ()
        self.requests: list[GenerationRequest] = []
        self.drawn: dict[str, bytes] = {
            "image/png": encoded(PAGE_COLOUR),
            "image/jpeg": encoded(PAGE_COLOUR, kind=b"JPG"),
        }

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            id="storybook",
            title="Obedient",
            version="1",
            summary="Draws plain pictures.",
            terms=Terms(summary="None."),
            live_preview=True,
        )

    def unavailable(self) -> str:
        return ""

    def check(self, cancellation: Cancellation) -> str:
        return "Obedient as ever."

    def outgoing(self, request: GenerationRequest, cancellation: Cancellation) -> Outgoing:
        return Outgoing()

    def generate(
        self, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        self.requests.append(request)
        small = request.options.get("media_type") == "image/jpeg"
        media_type = "image/jpeg" if small else "image/png"
        for index in range(request.count):
            yield Progress(fraction=index / request.count, stage="Drawing", index=index)
            while not small and not self.gate.wait(0.01):
                cancellation.raise_if_cancelled()
            cancellation.raise_if_cancelled()
            if self.failure is not None:
                raise self.failure
            picture = DrawnPicture(
                data=self.drawn[media_type],
                media_type=media_type,
                size=Size(64, 64),
                seed=request.seed + index,
                template_id=request.template_id,
                style_id=request.style_id,
                unused_words=self.unused_words,
            )
            yield Drawn(index=index, picture=picture)


class Engines:
    """Knows one engine."""

    def __init__(self, engine: ObedientEngine) -> None:
        self.engine = engine

    def states(self) -> tuple[EngineState, ...]:
        can = self.engine.capabilities
        return (EngineState(id=can.id, title=can.title, capabilities=can),)

    def at_hand(self) -> tuple[EngineState, ...]:
        return self.states()

    def get(self, engine_id: str) -> ObedientEngine:
        return self.engine


class PlainStudio(Studio, frozen=True, kw_only=True):
    """A studio in which every photo that exists has one face in its middle."""

    def inspect_job(self, path: Path) -> Job:
        def job(token: CancelToken) -> Iterator[JobEvent]:
            token.raise_if_cancelled()
            if not path.is_file():
                raise PhotoError(f"There is no file {path.name}.", "Choose another photo.")
            photo = InspectedPhoto(
                report=report_on(path),
                preview=encoded(PHOTO_COLOUR, 64, 64, b"JPG"),
                preview_size=Size(64, 64),
            )
            yield Done(value=photo)

        return job


def report_on(path: Path) -> PhotoReport:
    face = FaceReport(
        box=Rect(160, 160, 320, 320),
        eyes=((240.0, 300.0), (400.0, 300.0)),
        pupil_distance=160,
        yaw=0,
        pitch=0,
        roll=0,
        sharpness=1,
        brightness=0.5,
        presence=1,
    )
    return PhotoReport(
        path=str(path), sha256=digest(path), size=Size(640, 640), format="PNG", faces=(face,)
    )


def digest(path: Path) -> str:
    """What a photo is known by; empty where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def template(template_id: str, title: str) -> Template:
    return Template(
        id=template_id,
        title=title,
        world="test",
        summary="",
        tags=("test",),
        canvas=Rect(0, 0, 1000, 1000),
        crops=(Crop("1:1", Rect(0, 0, 1000, 1000)),),
        slots=(FaceSlot(x=500, y=400, unit=100),),
    )


def catalogue() -> Catalogue:
    templates: Mapping[str, Template] = {
        "garden": template("garden", "Garden"),
        "moon": template("moon", "Moon"),
    }
    styles: Mapping[str, Style] = {
        "storybook": Style(id="storybook", title="Storybook", summary="", look="storybook"),
        "pencil": Style(id="pencil", title="Pencil", summary="", look="pencil"),
    }
    return Catalogue(templates=templates, styles=styles, folders={})


def make_studio(folder: Path, engine: ObedientEngine | None = None) -> PlainStudio:
    """A studio that keeps everything in ``folder``; its sample is a plain picture there."""
    real = Places.under(folder)
    places = Places(
        data=real.data, config=real.config, cache=real.cache, resources=folder / "resources"
    )
    places.samples.mkdir(parents=True, exist_ok=True)
    (places.samples / "sample.png").write_bytes(encoded(PHOTO_COLOUR))
    made = assemble(places)
    changed = {"catalogue": catalogue(), "engines": Engines(engine or ObedientEngine())}
    parts = {name: getattr(made, name) for name in made.__struct_fields__}
    return PlainStudio(**parts | changed)


def request_for(path: Path, **changes: object) -> GenerationRequest:
    request = GenerationRequest(
        photo=PhotoRef(path=str(path), sha256=digest(path)),
        template_id="garden",
        style_id="storybook",
        size=Size(64, 64),
    )
    return request.with_changes(**changes)
