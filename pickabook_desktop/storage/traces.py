"""What a library knows of one child.

A page belongs to the child if it has the child's name, or is drawn from one of the child's photos
and nothing says that it shows somebody else. Two children in one photo are told apart by the number
of the face alone: a page stays if it was drawn from a face that was chosen by number, and the
child's own pages of that photo were drawn from other numbers. So a page with another name may go,
and :class:`Page` says so beforehand.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from pickabook_desktop.domain.names import NAME_FIELD, Mentions, folded, name_in
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.storage.database import Row, Value
from pickabook_desktop.storage.json_texts import texts_in, with_texts

_AT_ONCE = 2000
_PAGE = (
    "id, created, path, sha256, media_type, deleted_at, photo_sha256, prompt, request,"
    " used_words, unused_words"
)
_DECIDED = (
    "coalesce((SELECT note FROM cards WHERE cards.id=pictures.id), ''),"
    " (SELECT json_group_array(tag) FROM cards JOIN tags USING (n) WHERE cards.id=pictures.id)"
)
_PAGES = f"SELECT {_PAGE}, {_DECIDED} FROM pictures WHERE id > ? ORDER BY id LIMIT {_AT_ONCE}"  # noqa: S608 constants

Query = Callable[[str, Sequence[Value]], Iterable[Row]]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to forget. ``name`` is empty for a child without one; ``photos`` are hashes, ``others``
    the names of all other children. ``faces`` are those of each photo from which the child's own
    pages were drawn, which nobody can tell any more once these pages have gone.
    """

    name: str = ""
    photos: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    faces: dict[str, tuple[int | None, ...]] = {}

    @property
    def mentions(self) -> Mentions:
        return Mentions(self.name, self.others)

    def means(self, name: str, photos: Iterable[str]) -> bool:
        """Whether the child is who is called ``name``, or for an empty one is in ``photos``."""
        wanted = folded(name)
        return wanted == folded(self.name) if wanted else not set(self.photos).isdisjoint(photos)


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the library. ``path`` is relative to the library's folder, ``name`` the child's
    as given with the page, ``other_name`` whether that is another than the one to be forgotten.
    """

    id: str
    created: str
    path: str
    media_type: str
    name: str
    trashed: bool
    other_name: bool
    photo: PhotoRef


class Traces(msgspec.Struct, frozen=True, kw_only=True):
    """What a library knows of a child.

    ``going`` are the pages that go; ``staying`` those of a shared photo that show another face;
    ``mentioning`` the other pages whose texts have the name. ``prompts`` are remembered ones that
    have it, ``batches`` the ids of those not collected, ``copies`` how many copies each store has,
    ``waiting`` how many uploads wait, ``addresses`` how many copies of pages that stay have the
    name in their address, ``searches`` the ids of saved ones that have it. ``faces`` is as in
    :class:`Wish`.
    """

    going: tuple[Page, ...] = ()
    staying: tuple[Page, ...] = ()
    mentioning: tuple[Page, ...] = ()
    prompts: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    copies: dict[str, int] = {}
    waiting: int = 0
    addresses: int = 0
    searches: tuple[str, ...] = ()
    faces: dict[str, tuple[int | None, ...]] = {}

    @property
    def any(self) -> bool:
        """Whether there is anything left to forget."""
        texts = self.mentioning or self.prompts or self.searches
        return bool(self.going or texts or self.batches)


class PageRow(msgspec.Struct, frozen=True, array_like=True):
    """One row, in the order of ``_PAGE``, with the note and as JSON the tags of the page."""

    id: str
    created: str
    path: str
    sha256: str
    media_type: str
    deleted_at: str | None
    photo_sha256: str
    prompt: str
    request: str
    used_words: str
    unused_words: str
    note: str
    tags: str


def shows(request: GenerationRequest, wish: Wish) -> bool:
    """Whether a request is for the child, as far as it says so itself: by its name, or without
    another name by its photo.
    """
    return wish.means(name_in(request), _photos(request))


def page_rows(query: Query) -> Iterator[PageRow]:
    """All pages, those in the trash too, oldest first."""
    last = ""
    while rows := [msgspec.convert(row, PageRow) for row in query(_PAGES, (last,))]:
        yield from rows
        last = rows[-1].id


def request_of_row(row: PageRow) -> GenerationRequest:
    """What a page was drawn from."""
    try:
        return GenerationRequest.from_json(row.request)
    except msgspec.MsgspecError:
        # Written by a version whose requests this one cannot read: what the columns say.
        return GenerationRequest(
            photo=PhotoRef(path="", sha256=row.photo_sha256), prompt=row.prompt
        )


def _photos(request: GenerationRequest) -> set[str]:
    photos = (request.photo, *request.further_photos)
    return {photo.sha256 for photo in photos if photo.sha256}


def traces_of(query: Query, wish: Wish) -> Traces:
    """All that there is in a library; ``query`` answers words of SQL."""
    mentions, found = wish.mentions, _pages_of(query, wish)
    gone = {page.id for page in found.going}
    uploads = texts_of(query, "SELECT picture_id FROM outbox WHERE kind='upload'")
    return msgspec.structs.replace(
        found,
        prompts=tuple(filter(mentions.found_in, texts_of(query, "SELECT text FROM prompts"))),
        batches=batches_for(query, wish),
        copies=_copies(query, gone | set(left_behind(query, wish))),
        waiting=len(gone & set(uploads)),
        addresses=_addresses(query, mentions, gone),
        searches=tuple(
            str(search_id)
            for search_id, title, words in query("SELECT id, title, words FROM searches", ())
            if mentions.found_in(f"{title} {words}")
        ),
    )


def _pages_of(query: Query, wish: Wish) -> Traces:
    """The pages alone, with their faces."""
    wanted, photos, mentions = folded(wish.name), set(wish.photos), wish.mentions
    going: list[Page] = []
    drawn_from: list[Page] = []
    mentioning: list[Page] = []
    faces = {photo: set(known) for photo, known in wish.faces.items()}
    for row in page_rows(query):
        request = request_of_row(row)
        page = _page(row, request, wanted)
        if folded(page.name) == wanted and (wanted or photos & _photos(request)):
            going.append(page)
            faces.setdefault(page.photo.sha256, set()).add(page.photo.face_index)
        elif photos & {*_photos(request), row.sha256}:
            drawn_from.append(page)
        if mentioned_in(row, mentions):
            mentioning.append(page)
    staying = [page for page in drawn_from if _another_face(page.photo, faces)]
    others = {page.id for page in staying}
    going += [page for page in drawn_from if page.id not in others]
    gone = {page.id for page in going}
    return Traces(
        going=tuple(sorted(going, key=lambda page: page.id)),
        staying=tuple(staying),
        mentioning=tuple(page for page in mentioning if page.id not in gone),
        faces={photo: tuple(known) for photo, known in faces.items()},
    )


def _page(row: PageRow, request: GenerationRequest, wanted: str) -> Page:
    name = name_in(request)
    return Page(
        id=row.id,
        created=row.created,
        path=row.path,
        media_type=row.media_type,
        name=name,
        trashed=row.deleted_at is not None,
        other_name=folded(name) not in ("", wanted),
        photo=request.photo,
    )


def _another_face(photo: PhotoRef, faces: dict[str, set[int | None]]) -> bool:
    """Whether a page was certainly drawn from another face than those of the child's own pages."""
    own = faces.get(photo.sha256, set())
    return bool(own) and None not in own and photo.face_index not in (None, *own)


def mentioned_in(row: PageRow, mentions: Mentions) -> bool:
    """Whether what a person has typed for a page has the name."""
    lost = row_without(row, mentions)
    texts = (row.prompt, row.request, row.used_words, row.unused_words)
    return lost != texts or any(map(mentions.found_in, (row.note, *texts_in(row.tags))))


def texts_of(query: Query, words: str) -> list[str]:
    """The first column of the answer to ``words``."""
    return [str(row[0]) for row in query(words, ())]


def batches_for(query: Query, wish: Wish) -> tuple[str, ...]:
    """The ids of the batches that draw the child."""
    found: list[str] = []
    for batch_id, text in query("SELECT id, request FROM batches", ()):
        try:
            request = GenerationRequest.from_json(str(text))
        except msgspec.MsgspecError:
            continue
        if shows(request, wish):
            found.append(str(batch_id))
    return tuple(found)


def left_behind(query: Query, wish: Wish) -> list[str]:
    """Pages that were deleted and have a copy elsewhere, by their photo."""
    words = (
        "SELECT picture_id FROM stored WHERE photo_sha256=? AND photo_sha256 <> ''"
        " AND picture_id NOT IN (SELECT id FROM pictures)"
    )
    return [str(row[0]) for photo in wish.photos for row in query(words, (photo,))]


def _copies(query: Query, ids: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for picture_id, store_id in query("SELECT picture_id, store_id FROM stored", ()):
        if str(picture_id) in ids:
            found[str(store_id)] = found.get(str(store_id), 0) + 1
    return found


def _addresses(query: Query, mentions: Mentions, gone: set[str]) -> int:
    rows = query("SELECT picture_id, url, path FROM stored", ())
    return sum(
        1
        for picture_id, url, path in rows
        if str(picture_id) not in gone and mentions.found_in(f"{url} {path}")
    )


def row_without(row: PageRow, mentions: Mentions) -> tuple[str, str, str, str]:
    """Prompt, request and words of a page without the name."""
    return (
        mentions.without(row.prompt),
        request_without(row.request, mentions),
        _words_without(row.used_words, mentions),
        _words_without(row.unused_words, mentions),
    )


def _words_without(text: str, mentions: Mentions) -> str:
    words = msgspec.json.decode(text, type=tuple[str, ...])
    kept = [word for word in words if not mentions.found_in(word)]
    return text if len(kept) == len(words) else msgspec.json.encode(kept).decode()


def request_without(text: str, mentions: Mentions) -> str:
    """A request's JSON without the name; unchanged where it has none in what a person has typed.

    Identifiers stay, and the name of the other child that the page is for. A path with the name
    goes as a whole, for part of one leads nowhere.
    """
    try:
        request = GenerationRequest.from_json(text)
    except msgspec.MsgspecError:
        spoken = any(map(mentions.found_in, texts_in(text)))
        return with_texts(text, mentions.without) if spoken else text
    lost = request.with_changes(
        prompt=mentions.without(request.prompt),
        fields={
            key: value if key == NAME_FIELD else mentions.without(value)
            for key, value in request.fields.items()
        },
        # An option with spaces is a text; others are chosen from a list.
        options={
            key: mentions.without(value) if " " in value else value
            for key, value in request.options.items()
        },
        photo=_nowhere(request.photo, mentions),
        further_photos=tuple(_nowhere(photo, mentions) for photo in request.further_photos),
        consent=mentions.without(request.consent),
        book=mentions.without(request.book),
    )
    return text if lost == request else lost.to_json()


def _nowhere(photo: PhotoRef, mentions: Mentions) -> PhotoRef:
    if not mentions.found_in(photo.path):
        return photo
    return msgspec.structs.replace(photo, path="")
