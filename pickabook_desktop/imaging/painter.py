"""Pages from a photo and a drawn scene: the offline engine's painter."""

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from pickabook_desktop.domain.errors import InputError, NoFaceError, TemplateError
from pickabook_desktop.domain.geometry import Rect
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import (
    Cancellation,
    PageOrder,
    PaintedPage,
    PaintEvent,
    PaintStage,
)
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.domain.template import FaceSlot
from pickabook_desktop.imaging.blend import PlacedSlot, slot_on_page
from pickabook_desktop.imaging.bounded import BoundedCache
from pickabook_desktop.imaging.drawings import Drawings
from pickabook_desktop.imaging.encode import encode_jpeg, encode_png
from pickabook_desktop.imaging.faces import FoundFaces
from pickabook_desktop.imaging.looks import LOOKS, draw_head
from pickabook_desktop.imaging.ops import F32, U8
from pickabook_desktop.imaging.page_ops import Between
from pickabook_desktop.imaging.paper import Medium, Sheet, sheet_for
from pickabook_desktop.imaging.portrait import Portrait, prepare
from pickabook_desktop.imaging.scene import (
    Place,
    PlacedHead,
    Scene,
    add_heads,
    page_colours,
    place_for,
    render_scene,
    treat,
)
from pickabook_desktop.imaging.seen import SeenPhotos
from pickabook_desktop.imaging.stages import Beside, Stages
from pickabook_desktop.imaging.thumbnail import thumbnail_of

PORTRAITS, SCENES, HEADS = 6, 4, 12
PORTRAIT_BYTES = 150e6
SCENE_BYTES = 130e6
HEAD_BYTES = 40e6
JPEG_QUALITY = 92
SMALL_UNIT, UNIT_STEP = 90.0, 1.25


class StorybookPainter:
    """Paints pages on this machine, for one caller or several at the same time.

    Keeps a little of what it did, so that a change of style, palette or template does not begin
    with the photo again; the memory for that is bounded.
    """

    def __init__(
        self, seen: SeenPhotos, template_dir: Callable[[str], Path], trusted: Path | None = None
    ) -> None:
        """``seen`` looks at photos, ``template_dir`` finds a template's folder by id; drawings
        under ``trusted`` are not checked before they are rendered.
        """
        self._seen = seen
        self._drawings = Drawings(template_dir, trusted)
        self._portraits: BoundedCache[Portrait] = BoundedCache(
            PORTRAITS, PORTRAIT_BYTES, lambda p: p.alpha.nbytes * 8
        )
        self._scenes: BoundedCache[Scene] = BoundedCache(SCENES, SCENE_BYTES, lambda s: s.bytes)
        self._heads: BoundedCache[F32] = BoundedCache(HEADS, HEAD_BYTES, lambda lab: lab.nbytes)

    def paint(self, order: PageOrder, cancellation: Cancellation) -> Iterator[PaintEvent]:
        """Paint one page; see :class:`~pickabook_desktop.domain.ports.PagePainter`."""
        stages = Stages(cancellation)
        with Beside(stages.check) as beside:
            yield stages.begin(tr("Looking at the photo"), "photo", 0.0)
            looked = beside.start(lambda: self._found(order.photo))
            _load_renderer()
            photo, found = beside.result(looked)
            faces = _chosen_faces(found, order.photo, len(order.template.slots))
            view = order.template.view_for(order.size)
            slots = [slot_on_page(slot, view, order.size) for slot in order.template.slots]
            yield stages.begin(tr("Measuring the face"), "portrait", 0.15)
            portraits = [
                beside.run(partial(self._portrait, photo, found, face, slot, spec))
                for face, slot, spec in zip(faces, slots, order.template.slots, strict=False)
            ]
            page = yield from self._page(order, view, portraits, slots, stages, beside)
            yield stages.begin(tr("Saving the picture"), "encode", 0.88)
            data = beside.run(lambda: _encoded(page, order.media_type, stages.check))
            thumbnail = thumbnail_of(page)
        yield stages.begin(tr("Done"), "", 1.0)
        yield PaintedPage(
            data=data,
            media_type=order.media_type,
            size=order.size,
            timings=stages.timings,
            thumbnail=thumbnail,
        )

    def _page(
        self,
        order: PageOrder,
        view: Rect,
        portraits: Sequence[Portrait],
        slots: Sequence[PlacedSlot],
        stages: Stages,
        beside: Beside,
    ) -> Generator[PaintStage, None, U8]:
        look, seed = order.style.look, order.seed
        if look not in LOOKS:
            raise TemplateError(
                tr("The style “{title}” is drawn in a way unknown here.", title=order.style.title),
                tr("Choose another style."),
            )
        yield stages.begin(tr("Drawing the face"), "head", 0.3)
        # QtSvg holds the interpreter for a moment at a time, the rest is mostly inside OpenCV.
        ground = beside.start(
            partial(self._backdrop, order, view, portraits, slots, stages.check),
        )
        drawn = beside.run(
            lambda: [
                self._head(portrait, look, seed, slot)
                for portrait, slot in zip(portraits, slots, strict=False)
            ]
        )
        yield stages.begin(tr("Drawing the scene"), "scene", 0.5)
        backdrop = beside.result(ground)
        yield stages.begin(tr("Putting the face into the scene"), "blend", 0.7)
        heads = [
            PlacedHead(*parts)
            for parts in zip(drawn, portraits, slots, backdrop.places, strict=False)
        ]
        page = beside.run(
            lambda: add_heads(backdrop.scene, backdrop.treated, heads, stages.check),
        )
        yield stages.begin(tr("Laying the paper"), "finish", 0.8)
        backdrop.sheet.lay(page, stages.check)
        return page

    def _head(self, portrait: Portrait, look: str, seed: int, slot: PlacedSlot) -> F32:
        def draw() -> F32:
            return draw_head(portrait, look, seed, light=slot.light - slot.tilt)

        if portrait.unit > SMALL_UNIT:
            return draw()
        return self._heads.get((portrait, look, seed, slot.light - slot.tilt), draw)

    def _found(self, photo: PhotoRef) -> tuple[str, FoundFaces]:
        """The photo's hash, and its faces."""
        loaded = self._seen.read(Path(photo.path))
        return loaded.sha256, self._seen.faces(loaded)

    def _portrait(
        self, sha256: str, found: FoundFaces, face: int, slot: PlacedSlot, spec: FaceSlot
    ) -> Portrait:
        unit = _drawn_unit(slot.unit)

        def make() -> Portrait:
            return prepare(found.rgb, found.faces[face], self._seen.finder, unit, spec.fit)

        return self._portraits.get((sha256, face, unit, spec.fit), make)

    def _backdrop(
        self,
        order: PageOrder,
        view: Rect,
        portraits: Sequence[Portrait],
        slots: Sequence[PlacedSlot],
        between: Between,
    ) -> "_Backdrop":
        look, seed, size = order.style.look, order.seed, order.size
        scene = self._scene(order, view, portraits[0], between)
        between()
        treated = treat(scene, look, seed, between)
        places: list[Place | None] = []
        for portrait, slot in zip(portraits, slots, strict=False):
            between()
            places.append(place_for(scene, portrait, slot, look, seed))
        between()
        sheet = sheet_for(look, Medium(scene.scale, seed), (size.width, size.height))
        return _Backdrop(scene, treated, places, sheet)

    def _scene(self, order: PageOrder, view: Rect, portrait: Portrait, between: Between) -> Scene:
        template = order.template
        colours = page_colours(template, portrait.colours(), template.palette(order.palette_id))
        drawings = (
            self._drawings.read(template, "back.svg"),
            self._drawings.read(template, "front.svg"),
        )
        key = (drawings, tuple(sorted(colours.items())), view, order.size)
        return self._scenes.get(
            key, lambda: render_scene(drawings, colours, view, order.size, between)
        )


@dataclass(frozen=True, eq=False)
class _Backdrop:
    """All of a page but its heads. ``treated`` is the scene in the look's medium."""

    scene: Scene
    treated: U8
    places: Sequence[Place | None]
    sheet: Sheet


def _load_renderer() -> None:
    """Qt takes longer to load than a face to find, so it is loaded meanwhile."""
    from pickabook_desktop.imaging import svg

    svg.settle()


def _drawn_unit(unit: float) -> float:
    """The scale at which a head is drawn for a slot of ``unit`` pixels.

    Small heads, as in previews, come in steps, each scaled down when it is placed: then a change of
    template mostly finds its portrait ready.
    """
    if unit >= SMALL_UNIT:
        return round(unit, 2)
    steps = math.floor(math.log(SMALL_UNIT / unit) / math.log(UNIT_STEP) + 1e-6)
    return round(SMALL_UNIT / UNIT_STEP**steps, 2)


def _chosen_faces(found: FoundFaces, photo: PhotoRef, wanted: int) -> list[int]:
    """The chosen face, then others from left to right for further slots."""
    largest = found.largest
    if largest is None:
        raise NoFaceError(
            tr("No face was found in {name}.", name=Path(photo.path).name),
            tr("Choose a photo in which the face is sharp, well lit and seen from the front."),
        )
    first = largest if photo.face_index is None else photo.face_index
    if not 0 <= first < len(found.faces):
        raise InputError(
            tr(
                "There is no face number {number} in {name}; faces found: {count}.",
                number=first,
                name=Path(photo.path).name,
                count=len(found.faces),
            ),
            tr("Faces are counted from 0, from left to right."),
        )
    others = [index for index in range(len(found.faces)) if index != first]
    return [first, *others][: max(1, wanted)]


def _encoded(page: U8, media_type: str, between: Between) -> bytes:
    if media_type == "image/jpeg":
        return encode_jpeg(page, JPEG_QUALITY)
    return encode_png(np.ascontiguousarray(page), between=between)
