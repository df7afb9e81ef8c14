"""What the viewer shows: a preview, work under way, a page from the library, or an error."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.result.pyramid import Pyramid
from pickabook_desktop.ui.result.viewer import ResultViewer
from pickabook_desktop.ui.viewmodels.loader import PictureLoader


class Showing(QObject):
    """Decodes what is to be seen and keeps track of which kept picture, if any, that is."""

    current_changed = Signal()

    def __init__(
        self, viewer: ResultViewer, lanes: Lanes, describe: Callable[[KeptPicture], str]
    ) -> None:
        """``describe`` names a page in a line."""
        super().__init__(viewer)
        self._describe = describe
        self._viewer = viewer
        self._pictures = PictureLoader(lanes, self)
        self._blocker = ""
        self._welcome = ""
        self._something = False
        self._unused: tuple[str, ...] = ()
        self._seen_id = ""
        self.current: KeptPicture | None = None
        self.siblings: tuple[KeptPicture, ...] = ()

    def pyramid_of(self, picture: KeptPicture) -> Pyramid | None:
        """``picture`` decoded, where it is what is seen; it may be current and not yet seen."""
        return self._viewer.canvas.picture if self._seen_id == picture.id else None

    def set_blocker(self, reason: str) -> None:
        """What stands in the way of a page; said where there is no picture to look at."""
        self._blocker = reason
        self._hint()

    def set_welcome(self, sentence: str) -> None:
        """A hint for newcomers, said below previews; empty for none."""
        self._welcome = sentence
        self._hint()

    def show_kept(self, picture: KeptPicture, siblings: Sequence[KeptPicture] = ()) -> None:
        """Show a page of the library, with the other pictures of its request."""
        self._set_current(picture, tuple(siblings) or (picture,))
        place = 1 + [p.id for p in self.siblings].index(picture.id)
        caption = self._describe(picture)
        if len(self.siblings) > 1:
            number = tr("{place} of {count}", place=place, count=len(self.siblings))
            caption = f"{caption} · {number}"
        self._load(Path(picture.path), caption, caption, picture.unused_words, picture.id)

    def show_preview(self, picture: DrawnPicture, caption: str = "") -> None:
        """Show a picture that is not kept; ``caption`` says what it is where that is not plain."""
        self._set_current(None, ())
        name = tr("Preview of the page")
        self._load(picture.data, caption or tr("Preview"), name, picture.unused_words)

    def show_work(self, data: bytes) -> None:
        """Show how far a picture has come."""
        self._set_current(None, ())
        self._load(data, tr("Drawing"), tr("The page as it is being drawn"))

    def show_error(self, error: PickaBookError) -> None:
        """Explain what went wrong."""
        self._pictures.drop()
        self._viewer.show_error(error)

    def clear(self) -> None:
        """Show nothing."""
        self._pictures.drop()
        self._set_current(None, ())
        self._something = False
        self._seen_id = ""
        self._viewer.show_picture(None, "")
        self._hint()

    def _hint(self) -> None:
        if not self._something:
            self._viewer.set_hint(self._blocker)
        else:
            self._viewer.set_hint(_without_effect(self._unused) or self._greeting())

    def _greeting(self) -> str:
        return "" if self.current else self._blocker or self._welcome

    def _set_current(self, picture: KeptPicture | None, siblings: tuple[KeptPicture, ...]) -> None:
        self.current, self.siblings = picture, siblings
        self._viewer.show_variations(siblings, picture.id if picture else "")
        self.current_changed.emit()

    def _load(
        self,
        source: Path | bytes,
        caption: str,
        name: str,
        unused: tuple[str, ...] = (),
        picture_id: str = "",
    ) -> None:
        def on_ready(picture: Pyramid) -> None:
            self._something, self._unused, self._seen_id = True, unused, picture_id
            self._viewer.show_picture(picture, caption, name)
            self._hint()

        self._pictures.load(source, on_ready, self._viewer.show_error)


def _without_effect(words: tuple[str, ...]) -> str:
    """Which words of the prompt the engine could do nothing with."""
    return tr("Without effect: {words}.", words=", ".join(words)) if words else ""
