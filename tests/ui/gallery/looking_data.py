"""A library of pictures that are told apart by their colour, opened with all that looks at them."""

import math
from pathlib import Path

import msgspec
from PySide6.QtGui import QAction, QColor
from ui.gallery.page_data import LibraryDesk
from ui.window_data import encoded, request_for

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.ui.controllers.gallery.common import Common
from pickabook_desktop.ui.controllers.gallery.deciding import Deciding
from pickabook_desktop.ui.controllers.gallery.looking import Looking
from pickabook_desktop.ui.controllers.moving import Moving
from pickabook_desktop.ui.gallery.compare import Compare
from pickabook_desktop.ui.gallery.look_canvas import LookCanvas, StandIn
from pickabook_desktop.ui.gallery.loupe import Loupe
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.decisions import Decisions

COLOURS = ("#c03020", "#20a040", "#2040c0", "#c0a020", "#8030a0", "#20a0a0")


class Painted(msgspec.Struct, frozen=True, kw_only=True):
    """A picture to be kept."""

    colour: str
    width: int = 400
    height: int = 400
    seed: int = 1
    prompt: str = "a moon"
    style: str = "ink"
    photo: PhotoRef | None = None


SIX = tuple(Painted(colour=colour, seed=seed) for seed, colour in enumerate(COLOURS))


class LookingDesk(LibraryDesk):
    """The library tab with pictures, the newest first; ``keep`` comes before ``look``."""

    def keep(self, *pictures: Painted) -> list[str]:
        """Keep pictures; their ids come newest first, as they stand in the view."""
        return [self._keep(picture) for picture in pictures][::-1]

    def look(self) -> None:
        """Open the library, with its first picture current."""
        page = self.open()
        self.toast = Toast(page.stage)
        library = self.studio.library
        watch = self.studio.children.watch_all
        decisions = Decisions(lambda: library.review.decisions, self.lanes, watch, page)
        self.deciding = Deciding(
            self.actions,
            page.model,
            library,
            self.lanes,
            self.toast,
            lambda key, value: None,
            decisions=decisions,
            parent=page,
        )
        common = Common(
            actions=self.actions,
            model=page.model,
            moving=Moving(
                decisions, {name: QAction(page) for name in ("undo", "redo")}, self.toast
            ),
            studio=self.studio,
            lanes=self.lanes,
            toast=self.toast,
            window=self.window,
            library_changed=page.refresh,
        )
        self.looking = Looking(page, common)
        count = library.count()
        self._qtbot.waitUntil(lambda: page.model.count == count and not page.model.looking)
        page.model.set_current(0)

    @property
    def loupe(self) -> Loupe:
        return self.looking.loupe

    @property
    def compare(self) -> Compare:
        return self.looking.compare

    def id_at(self, place: int) -> str:
        card = self.page.model.card(place)
        assert card is not None
        return card.id

    def choose(self, *places: int) -> None:
        """Choose pictures by their places; the first is current."""
        model = self.page.model
        model.set_current(places[0])
        for place in places[1:]:
            model.set_current(place, "toggle")
        model.set_current(places[0], "move")

    def rating_of(self, picture_id: str) -> int:
        """As it is on disk once all is written."""
        self._qtbot.waitUntil(lambda: not self.lanes.busy("library"))
        return self.studio.library.review.card(picture_id).rating

    def wait_for(self, canvas: LookCanvas, colour: str) -> None:
        """Until the picture itself, of that colour, is on the canvas."""
        self._qtbot.waitUntil(lambda: shows(canvas, colour))

    def _keep(self, picture: Painted) -> str:
        request: GenerationRequest = request_for(
            Path("photo.png"),
            prompt=picture.prompt,
            style_id=picture.style,
            seed=picture.seed,
        )
        if picture.photo is not None:
            request = request.with_changes(photo=picture.photo)
        drawn = DrawnPicture(
            data=encoded(picture.colour, picture.width, picture.height),
            media_type="image/png",
            size=Size(picture.width, picture.height),
            seed=picture.seed,
            template_id=request.template_id,
            style_id=picture.style,
        )
        small = encoded(picture.colour, 32, 32, kind=b"JPG")
        return self.studio.library.add(drawn, request, thumbnail=small).id


def shows(canvas: LookCanvas, colour: str) -> bool:
    """Whether the decoded picture on the canvas has that colour."""
    picture = canvas.picture
    if picture is None or isinstance(picture, StandIn):
        return False
    return picture.image.pixelColor(0, 0) == QColor(colour)


def near(one: float, other: float) -> bool:
    return math.isclose(one, other, abs_tol=1e-6)
