"""The library tab with made-up pages, in the states that each need their own care."""

import itertools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImageReader
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.domain.review import Label, Marks, SavedSearch
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.ui.controllers.gallery.looking import Looking
from pickabook_desktop.ui.gallery.page import GalleryPage
from pickabook_desktop.ui.main_window import MainWindow

GALLERY_STATES = (
    "gallery",
    "gallery-groups",
    "gallery-list",
    "gallery-strip",
    "gallery-completion",
    "gallery-problem",
    "gallery-saving",
    "gallery-nothing",
    "gallery-no-trash",
    "gallery-no-pages",
    "gallery-right-to-left",
    "gallery-loupe",
    "gallery-compare",
    "gallery-swipe",
    "gallery-slideshow",
)
CHILDREN = ("Mia", "Jonas", "", "Amara")
BOOKS = ("Mia’s winter", "Under the sea", "", "Once upon a birthday")
TAGS = (("cover",), ("draft",), (), ("spread", "night"), ("cover", "night"))
LABELS: tuple[Label, ...] = ("", "", "red", "", "green", "", "blue", "")
RATINGS = (0, 3, 5, 4, 0, 2, 5)
FLAGS = (0, 1, 0, 1, 0, -1, 0)
PAGES = 72


class GalleryStates:
    """Brings the library tab into each state; ``save`` takes a picture, ``settle`` lets queued work
    end, ``wait`` waits for something.
    """

    def __init__(
        self,
        window: MainWindow,
        studio: Studio,
        save: Callable[[QWidget, str], None],
        settle: Callable[[], None],
        wait: Callable[[Callable[[], bool]], None],
    ) -> None:
        self._window = window
        self._studio = studio
        self._save = save
        self._settle = settle
        self._wait = wait
        self._page: GalleryPage | None = None

    def take(self, state: str) -> None:
        """Take the picture of one of ``GALLERY_STATES``."""
        page = self._page or self._open()
        self._page = page
        self._window.workings.tabs.show("library")
        self._show("")
        page.view.setFocus()
        name = state.removeprefix("gallery").removeprefix("-").replace("-", "_") or "pages"
        getattr(self, name)(page)
        self._settle()
        self._settle()
        self._save(self._seen, state)
        self._put_back(page)

    def pages(self, page: GalleryPage) -> None:
        page.model.set_current(2)
        page.model.set_current(4, "extend")

    def groups(self, page: GalleryPage) -> None:
        page.search_bar.options.grouping_chosen.emit("book")

    def list(self, page: GalleryPage) -> None:
        self._action("lib_list")
        page.model.set_current(3)

    def strip(self, page: GalleryPage) -> None:
        self._action("lib_strip")
        page.model.set_current(3)

    def completion(self, page: GalleryPage) -> None:
        page.search_bar.ask_words()
        QTest.keyClicks(page.search_bar.field, "rating:>=3 template:mo")
        QTest.keyClick(page.search_bar.field, Qt.Key.Key_Down)

    def problem(self, page: GalleryPage) -> None:
        self._show("is:lovely rating:good night")

    def saving(self, page: GalleryPage) -> None:
        self._show("tag:cover rating:>=4")
        self._action("lib_save_search")
        page.search_bar.title.setText("Covers to choose from")

    def nothing(self, page: GalleryPage) -> None:
        self._show("zeppelin child:Mia")

    def no_trash(self, page: GalleryPage) -> None:
        self._show("is:trashed")

    def no_pages(self, page: GalleryPage) -> None:
        self._wait(lambda: page.model.count > 0)
        page.show_nothing(words="", in_trash=False)

    def right_to_left(self, page: GalleryPage) -> None:
        QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        page.search_bar.options.grouping_chosen.emit("child")

    def loupe(self, page: GalleryPage) -> None:
        page.model.set_current(5)
        self._action("lib_loupe")
        self._decoded()

    def compare(self, page: GalleryPage) -> None:
        self._compare(page, (2, 5, 7))

    def swipe(self, page: GalleryPage) -> None:
        self._compare(page, (2, 5))
        self._action("lib_compare")

    def slideshow(self, page: GalleryPage) -> None:
        page.model.set_current(5)
        self._action("lib_slideshow")
        show = self._looking.slideshow
        if show is not None:
            self._wait(lambda: show.slides.picture is not None)

    def _compare(self, page: GalleryPage, places: tuple[int, ...]) -> None:
        page.model.set_current(places[0])
        for place in places[1:]:
            page.model.set_current(place, "toggle")
        self._action("lib_compare")
        cards = self._looking.compare.comparison.cards
        words = self._looking.compare.comparison.words
        self._wait(lambda: len(cards) == len(places) and all(words(card.id) for card in cards))
        self._decoded()

    def _decoded(self) -> None:
        lanes = self._looking.lanes
        self._wait(lambda: not lanes.busy("photo"))

    @property
    def _looking(self) -> Looking:
        gallery = self._window.workings.library.gallery
        if gallery is None:
            raise RuntimeError("the library tab did not open")
        return gallery.looking

    @property
    def _seen(self) -> QWidget:
        """What the state is seen in."""
        return self._looking.slideshow or self._window

    def _put_back(self, page: GalleryPage) -> None:
        if self._looking.slideshow is not None:
            self._looking.slideshow.close()
        self._looking.leave()
        QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        page.search_bar.title_row.hide()
        page.search_bar.options.grouping_chosen.emit("")
        page.model.select_none()
        self._action("lib_grid")
        self._window.workings.tabs.show("create")

    def _action(self, name: str) -> None:
        gallery = self._window.workings.library.gallery
        if gallery is not None:
            gallery.actions[name].trigger()

    def _show(self, words: str) -> None:
        gallery = self._window.workings.library.gallery
        if gallery is not None:
            gallery.searching.show(words)
            self._wait(lambda: not gallery.page.model.looking)

    def _open(self) -> GalleryPage:
        self._fill()
        self._window.workings.tabs.show("library")
        gallery = self._window.workings.library.gallery
        if gallery is None:
            raise RuntimeError("the library tab did not open")
        gallery.page.folders.save(_search("Covers", "tag:cover rating:>=4"))
        gallery.page.folders.save(_search("To show at home", "is:picked -tag:draft"))
        # The last that is read of the folders.
        self._wait(lambda: bool(gallery.page.folders.facets("engine")))
        self._wait(lambda: len(gallery.page.folders.saved) > 1)
        return gallery.page

    def _fill(self) -> None:
        """Keep the pictures of all templates as if they were pages."""
        library = self._studio.library
        templates = itertools.cycle(self._studio.templates)
        ids = [self._keep(number, next(templates)) for number in range(PAGES)]
        for number, picture in enumerate(ids):
            marks = Marks(
                rating=RATINGS[number % len(RATINGS)],
                flag=FLAGS[number % len(FLAGS)],
                label=LABELS[number % len(LABELS)],
            )
            library.review.decisions.mark([picture], marks)
            library.review.decisions.tag([picture], TAGS[number % len(TAGS)])

    def _keep(self, number: int, template: str) -> str:
        thumbnail = self._studio.template_dir(template) / "thumbnail.jpg"
        size = QImageReader(str(thumbnail)).size()
        data = thumbnail.read_bytes()
        child = CHILDREN[number // 3 % len(CHILDREN)]
        request = GenerationRequest(
            photo=PhotoRef(path=str(Path("photo.jpg"))),
            template_id=template,
            style_id="storybook",
            prompt=f"{template.replace('-', ' ')}, night {number // 16}",
            fields={"name": child} if child else {},
            book=BOOKS[number // 4 % len(BOOKS)],
            seed=number,
        )
        drawn = DrawnPicture(
            data=data,
            media_type="image/jpeg",
            size=_size(size),
            seed=number,
            template_id=template,
            style_id="storybook",
        )
        return self._studio.library.add(drawn, request, "1", data).id


def _search(title: str, words: str) -> SavedSearch:
    return SavedSearch(id="", title=title, words=words)


def _size(size: QSize) -> Size:
    return Size(size.width(), size.height())
