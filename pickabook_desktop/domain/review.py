"""Kept pictures as they are looked through: what is known of each at a glance, in what order."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.search import Search

SortKey = Literal["date", "rating", "likeness", "cost", "template", "child", "engine"]
GroupKey = Literal["", "child", "book", "template", "day"]
Label = Literal["", "red", "yellow", "green", "blue", "purple"]
UploadState = Literal["", "uploaded", "queued", "failed"]

SORT_KEYS: tuple[SortKey, ...] = (
    *("date", "rating", "likeness", "cost"),
    *("template", "child", "engine"),
)
GROUP_KEYS: tuple[GroupKey, ...] = ("", "child", "book", "template", "day")
LABELS: tuple[Label, ...] = ("", "red", "yellow", "green", "blue", "purple")
MOST_STARS = 5


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One kept picture, without its request.

    ``n`` numbers pictures by the time they were made, ``created`` is UTC in ISO 8601, ``path``
    absolute. ``rating`` is 0 (none) to 5 stars, ``flag`` 1 for picked and -1 for rejected.
    ``likeness`` and ``seam`` are as engines measured them and ``cost`` is in USD; None where nobody
    knows. ``stack`` is the same for all variations of one request, ``variations`` how many there
    are of it, this one included.
    """

    n: int
    id: str
    created: str
    path: str
    media_type: str
    size: Size
    engine: str = ""
    template: str = ""
    style: str = ""
    child: str = ""
    book: str = ""
    prompt: str = ""
    seed: int = 0
    photo_sha256: str = ""
    rating: int = 0
    flag: int = 0
    label: Label = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    likeness: float | None = None
    seam: float | None = None
    cost: float | None = None
    stack: str = ""
    variations: int = 1
    upload: UploadState = ""
    trashed: bool = False


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at, and in what order.

    ``grouping`` puts pictures of the same kind together, ``sort`` orders them within a group, and
    ``descending`` turns that round: newest, best or dearest first, and names from Z to A. Groups by
    name stand from A to Z all the same; those of days turn with it. What has no value of the kind
    comes last. With ``stacked`` variations of one request stand as one picture, the newest of those
    found.
    """

    search: Search = Search()
    sort: SortKey = "date"
    descending: bool = True
    grouping: GroupKey = ""
    stacked: bool = False


class Group(msgspec.Struct, frozen=True):
    """One group of a view: its ``key`` (a name, an id, a day as YYYY-MM-DD in local time) and how
    many pictures are in it.
    """

    key: str
    count: int


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A view as it was counted: how many pictures, in which groups (empty where not grouped), which
    picture has been sought and at which place it stands, counted from 0; -1 where it is not there.
    """

    count: int = 0
    groups: tuple[Group, ...] = ()
    sought: str = ""
    place: int = -1


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """What a person thinks of a picture; None leaves what it was."""

    rating: int | None = None
    flag: int | None = None
    label: Label | None = None


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What was thought of one picture before."""

    id: str
    rating: int = 0
    flag: int = 0
    label: Label = ""
    tags: tuple[str, ...] = ()
    note: str = ""


UNDECIDED = Decided(id="")


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What a change has made of pictures: marks, tags as they are spelled, or a note."""

    marks: Marks = Marks()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    note: str | None = None


class Before(msgspec.Struct, frozen=True):
    """What was thought of ``count`` pictures before a change, so that it can be had back, and what
    the change ``made`` of them: whatever else is thought of them by then stays.

    One JSON text, however many they are: Python looks through all objects again and again for
    garbage, and everything waits while it looks through a hundred thousand.
    """

    count: int = 0
    text: str = "[]"
    made: Made = Made()

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Decided]:
        return iter(msgspec.json.decode(self.text, type=tuple[Decided, ...]))


class Facet(msgspec.Struct, frozen=True):
    """A value that pictures have, and how many have it."""

    value: str
    count: int


class SavedSearch(msgspec.Struct, frozen=True, kw_only=True):
    """A search that is kept under a title; ``words`` as the person typed them."""

    id: str
    title: str
    words: str
    sort: SortKey = "date"
    descending: bool = True
    grouping: GroupKey = ""
