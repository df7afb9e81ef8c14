"""A Gemini engine wired to a local server, with as little around it as the tests need."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from doubles import MemorySecrets, NotingMeter, engine_services

from pickabook_desktop.domain.calls import Call
from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Drawn, EngineEvent
from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.outgoing import OutgoingImage
from pickabook_desktop.domain.ports import PageOrder
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.domain.template import (
    Crop,
    FaceSlot,
    Palette,
    Style,
    Template,
    TemplateField,
)
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.providers.gemini.engine import GeminiEngine
from services.gemini import KEY, GeminiServer

BALLOON = Template(
    id="balloon",
    title="Balloon ride",
    world="Sky",
    summary="",
    tags=(),
    prompt="{name}, a small child in a warm jacket, waves from a balloon; {companion} looks on.",
    canvas=Rect(0, 0, 300, 300),
    crops=(Crop("1:1", Rect(0, 0, 300, 300)),),
    slots=(FaceSlot(x=150, y=140, unit=40),),
    fields=(
        TemplateField(id="name", title="Child's name", example="Mia"),
        TemplateField(id="companion", title="The puppy's name", example="Biscuit the puppy"),
    ),
    palettes=(
        Palette(id="teal", title="Teal jacket, red scarf"),
        Palette(id="plum", title="Plum jacket, yellow scarf"),
    ),
)
STYLES = {
    name: Style(id=name, title=name, summary="", look=name, prompt=f"Drawn as {name}.")
    for name in ("comic", "storybook")
}


class PlainReferences:
    """References that are flat pictures; what services send is looked at as in the program.

    ``made`` notes each in the order it was asked for.
    """

    def __init__(self) -> None:
        self.made: list[tuple[str, object, int]] = []

    def face(self, photo: PhotoRef, *, longest: int) -> OutgoingImage:
        return self._flat("face", photo, longest)

    def whole(self, photo: PhotoRef, *, longest: int) -> OutgoingImage:
        return self._flat("photo", photo, longest)

    def scene(self, order: PageOrder, *, longest: int) -> OutgoingImage:
        return self._flat("scene", order, longest)

    def measured(self, data: bytes, *, max_megapixels: float) -> tuple[str, Size]:
        from pickabook_desktop.imaging.references import measured

        return measured(data, max_megapixels)

    def _flat(self, role: Any, source: PhotoRef | PageOrder, longest: int) -> OutgoingImage:
        import io

        from PIL import Image

        self.made.append((role, source, longest))
        file = io.BytesIO()
        Image.new("RGB", (64, 48), (len(self.made), 90, 120)).save(file, "JPEG")
        return OutgoingImage(
            role=role,
            title=role,
            data=file.getvalue(),
            media_type="image/jpeg",
            size=Size(64, 48),
            photo_sha256="ab" if role != "scene" else "",
        )


class Rig:
    """An engine and all that a test may want to look at."""

    def __init__(
        self,
        server: GeminiServer | None,
        cache_dir: Path,
        *,
        now: Callable[[], datetime] | None = None,
        **parts: Any,
    ) -> None:
        self.settings: dict[str, str] = {"gemini.per_minute": "0"}
        if server is not None:
            self.settings["gemini.base_url"] = server.url
            self.secrets = MemorySecrets({"gemini": server.key})
        else:
            self.secrets = MemorySecrets({"gemini": KEY})
        self.meter = NotingMeter()
        self.references = PlainReferences()
        plain: dict[str, Any] = {
            "templates": {"balloon": BALLOON},
            "styles": STYLES,
            "setting": lambda key: self.settings.get(key, ""),
            "cache_dir": cache_dir,
            "references": self.references,
            "secrets": self.secrets,
            "meter": self.meter,
        }
        self.services = engine_services(**plain | parts)
        self.engine = GeminiEngine(self.services, *([now] if now else []))
        self.events: list[EngineEvent] = []

    @property
    def calls(self) -> list[Call]:
        """The ledger's lines in the order they were begun."""
        return list(self.meter.calls.values())

    def run(
        self, request: GenerationRequest | None = None, token: CancelToken | None = None
    ) -> list[DrawnPicture]:
        """Draw; the events that came before an error are in ``events`` too."""
        for event in self.engine.generate(request or wanted(), token or CancelToken()):
            self.events.append(event)
        return self.pictures

    def error(self, request: GenerationRequest | None = None) -> PickaBookError:
        """What drawing ends with; fails the test where it ends well."""
        try:
            self.run(request)
        except PickaBookError as error:
            return error
        raise AssertionError("nothing went wrong")

    @property
    def pictures(self) -> list[DrawnPicture]:
        return [event.picture for event in self.events if isinstance(event, Drawn)]


def wanted(**changes: object) -> GenerationRequest:
    """One small page for Mia."""
    request = GenerationRequest(
        photo=PhotoRef(path="portrait.jpg", sha256="ab"),
        template_id="balloon",
        style_id="storybook",
        engine_id="gemini",
        fields={"name": "Mia"},
        size=Size(1024, 1024),
        seed=5,
    )
    return request.with_changes(**changes)


def explained(error: PickaBookError) -> bool:
    """Whether a person learns what happened and what to do."""
    sentences = (error.message, error.next_step)
    return bool(error.remedies) and all(text.rstrip("”").endswith((".", "…")) for text in sentences)
