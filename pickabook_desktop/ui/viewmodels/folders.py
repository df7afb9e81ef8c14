"""The folders of the library: searches that are always there, kept ones, and the values that
pictures have, each with how many pages it finds.
"""

from collections.abc import Callable
from typing import Literal, cast

import msgspec
from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.events import Cancelled, Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Facet, SavedSearch
from pickabook_desktop.domain.search import parse, quoted
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.viewmodels.gallery_words import Titles
from pickabook_desktop.ui.viewmodels.shelf import job_of

Section = Literal["library", "searches", "book", "child", "tag", "template", "engine"]
FacetField = Literal["book", "child", "tag", "template", "engine"]

FACET_FIELDS: tuple[FacetField, ...] = ("book", "child", "tag", "template", "engine")
SECTIONS: tuple[Section, ...] = ("library", "searches", *FACET_FIELDS)
ALL, TRASH = "", "is:trashed"
# Words and icons of the folders that are always there.
_ALWAYS: dict[str, str] = {
    ALL: "library",
    "is:picked": "flag",
    "is:rejected": "reject",
    "is:unflagged -is:rated": "page",
    "rating:>=4": "star",
    "is:uploaded": "cloud",
    "is:queued": "upload",
    "is:failed": "warn",
    TRASH: "delete",
}
_FACET_ICONS: dict[FacetField, str] = {
    "book": "book",
    "child": "face",
    "tag": "tag",
    "template": "photo",
    "engine": "engine",
}
_MOST = 200


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """One folder. ``words`` are the search that it stands for, ``count`` is None until it is
    known, ``saved`` is there for those that a person has kept.
    """

    section: Section
    title: str
    words: str
    icon: str = ""
    count: int | None = None
    value: str = ""
    saved: SavedSearch | None = None

    @property
    def key(self) -> str:
        """The same folder has the same key, whatever is in it."""
        return f"{self.section}:{self.saved.id if self.saved else self.words}"


class Folders(QObject):
    """Reads folders and their counts off the main thread, one small question after the other, so
    that a search never waits long behind them.
    """

    changed = Signal(str)
    """A section has changed."""
    failed = Signal(object)
    """A PickaBookError: a search could not be kept, changed or removed."""

    def __init__(
        self, library: Library, lanes: Lanes, titles: Titles, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._lanes = lanes
        self._titles = titles
        self._facets: dict[str, tuple[Facet, ...]] = {}
        self._saved: tuple[SavedSearch, ...] = ()
        self._counts: dict[str, int] = {}
        self._tasks: list[Callable[[], None]] = []
        self._asking = False
        self._stale = False

    @property
    def total(self) -> int | None:
        """How many pages there are beside those in the trash, as far as is known."""
        return self._counts.get(ALL)

    @property
    def saved(self) -> tuple[SavedSearch, ...]:
        """The searches that were kept, in the person's order."""
        return self._saved

    def facets(self, field: str) -> tuple[Facet, ...]:
        """The values of a field, as they were last counted."""
        return self._facets.get(field, ())

    def section(self, name: Section) -> tuple[Folder, ...]:
        """The folders of one section, as far as they are known."""
        if name == "library":
            return tuple(
                Folder(section=name, title=title, words=words, icon=icon, count=self._count(words))
                for title, (words, icon) in zip(_always_titles(), _ALWAYS.items(), strict=True)
            )
        if name == "searches":
            return tuple(self._of_search(search) for search in self._saved)
        return tuple(self._of_facet(name, facet) for facet in self.facets(name) if facet.value)

    def find(self, words: str) -> Folder | None:
        """The folder that stands for ``words``, a kept one first."""
        said = words.strip()
        order = (*SECTIONS[1:], SECTIONS[0])
        return next((f for name in order for f in self.section(name) if f.words == said), None)

    def refresh(self) -> None:
        """Read all of it again."""
        if self._asking:
            self._stale = True
            return
        self._stale = False
        self._tasks = [self._read_saved, *(self._counting(words) for words in _ALWAYS)]
        self._tasks += [self._reading(field) for field in FACET_FIELDS]
        self._next()

    def know(self, words: str, count: int) -> None:
        """What is being looked at has been counted; its folder says so at once."""
        if self._counts.get(words, count) != count:
            self._counts[words] = count
            self.changed.emit("library" if words in _ALWAYS else "searches")

    def clear(self) -> None:
        """Forget all that names somebody, until it is read again."""
        self._facets.clear()
        self._saved = ()
        for name in SECTIONS:
            self.changed.emit(name)

    def save(self, search: SavedSearch) -> None:
        """Keep a search, or change the one of its id."""
        self._change(lambda: self._library.review.searches.save(search))

    def rename(self, search_id: str, title: str) -> None:
        """Give a kept search another title; an empty one changes nothing."""
        search = next((kept for kept in self._saved if kept.id == search_id), None)
        if search is not None and title.strip():
            self.save(msgspec.structs.replace(search, title=title.strip()))

    def remove(self, search_id: str) -> None:
        """Keep a search no more; what it finds stays."""
        self._change(lambda: self._library.review.searches.remove(search_id))

    def move(self, search_id: str, by: int) -> None:
        """Put a kept search so many places further down."""
        ids = [search.id for search in self._saved]
        if search_id in ids:
            place = min(max(0, ids.index(search_id) + by), len(ids) - 1)
            self._change(lambda: self._library.review.searches.move(search_id, place))

    def _count(self, words: str) -> int | None:
        return self._counts.get(words)

    def _of_search(self, search: SavedSearch) -> Folder:
        return Folder(
            section="searches",
            title=search.title,
            words=search.words,
            icon="search",
            count=self._count(search.words),
            saved=search,
        )

    def _of_facet(self, field: FacetField, facet: Facet) -> Folder:
        return Folder(
            section=field,
            title=self._titles.of(field, facet.value),
            words=f"{field}:{quoted(facet.value)}",
            icon=_FACET_ICONS[field],
            count=facet.count,
            value=facet.value,
        )

    def _next(self) -> None:
        if self._tasks:
            self._asking = True
            self._tasks.pop(0)()
            return
        self._asking = False
        if self._stale:
            self.refresh()

    def _read_saved(self) -> None:
        def take(value: object) -> None:
            self._saved = cast("tuple[SavedSearch, ...]", value)
            self._tasks += [self._counting(search.words) for search in self._saved]
            self.changed.emit("searches")

        self._ask(lambda: self._library.review.searches.all(), take)

    def _counting(self, words: str) -> Callable[[], None]:
        def take(value: object) -> None:
            if self._counts.get(words) != value:
                self._counts[words] = cast("int", value)
                self.changed.emit("library" if words in _ALWAYS else "searches")

        def count() -> int:
            # These two are known without looking at each page.
            if words == ALL:
                return self._library.count()
            if words == TRASH:
                return self._library.count_trash()
            return self._library.review.count(parse(words))

        return lambda: self._ask(count, take)

    def _reading(self, field: FacetField) -> Callable[[], None]:
        def take(value: object) -> None:
            if self._facets.get(field) != value:
                self._facets[field] = cast("tuple[Facet, ...]", value)
                self.changed.emit(field)

        return lambda: self._ask(lambda: self._library.review.facets(field, _MOST), take)

    def _ask(self, call: Callable[[], object], take: Callable[[object], None]) -> None:
        """What cannot be read now, as a search wanted to go first, is read the next time."""

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                take(event.value)
            if isinstance(event, Done | Failed):
                self._next()
            elif isinstance(event, Cancelled):
                self._tasks.clear()
                self._asking = False

        self._lanes.submit("review", job_of(call), on_event)

    def _change(self, call: Callable[[], object]) -> None:
        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                self.refresh()
            elif isinstance(event, Failed):
                self.failed.emit(event.error)

        self._lanes.submit("library", job_of(call), on_event, must_finish=True)


def section_titles() -> dict[Section, str]:
    """The headings of the sections, in their order."""
    return {
        "library": tr("Library"),
        "searches": tr("Saved searches"),
        "book": tr("Books"),
        "child": tr("Children"),
        "tag": tr("Tags"),
        "template": tr("Templates"),
        "engine": tr("Engines"),
    }


def _always_titles() -> tuple[str, ...]:
    return (
        tr("All pages"),
        tr("Picked"),
        tr("Rejected"),
        tr("Not yet judged"),
        tr("4 stars and more"),
        tr("Uploaded"),
        tr("Waiting to upload"),
        tr("Failed uploads"),
        tr("Trash"),
    )
