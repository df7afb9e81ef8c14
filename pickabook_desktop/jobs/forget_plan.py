"""What would go, and what would stay, if the program were to forget a child."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pickabook_desktop.domain.errors import InputError, PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import folded, name_in
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.jobs.forget_words import sentences_that_go, sentences_that_stay
from pickabook_desktop.jobs.known_children import (
    Surroundings,
    digest_of,
    hashes_of,
    is_there,
    library_memory,
    note_pages,
)
from pickabook_desktop.storage.children import Child, Children
from pickabook_desktop.storage.consents import timestamp
from pickabook_desktop.storage.files import ENDINGS
from pickabook_desktop.storage.forgetting import LibraryMemory
from pickabook_desktop.storage.journal import Counts, Entry, Journal
from pickabook_desktop.storage.json_texts import texts_in
from pickabook_desktop.storage.leftovers import (
    Clues,
    broken,
    copies,
    records_about,
    settings_that_stay,
    settings_without,
    telling,
)
from pickabook_desktop.storage.settings import Settings
from pickabook_desktop.storage.traces import Page, Traces, Wish


class PlannedPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page in a plan; ``path`` is absolute. With ``other_name`` the page has ``name``, which is
    that of somebody else, and is drawn from the same face, as far as anybody can tell.
    """

    id: str
    created: str
    path: str
    name: str = ""
    trashed: bool = False
    other_name: bool = False


class ForgetPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What forgetting a child will do; ``goes`` and ``stays`` say it in sentences.

    ``pages`` go, ``staying`` are drawn from the same photos and show somebody else, ``mentioning``
    lose the name in their texts here. ``files_with_name`` are files that keep it: what pages of
    others say of themselves, and the person's own texts. ``originals`` are the photos where the
    person keeps them, ``photo_copies`` those in the program's folders.
    """

    child_id: str
    name: str
    title: str
    pages: tuple[PlannedPage, ...] = ()
    staying: tuple[PlannedPage, ...] = ()
    mentioning: tuple[PlannedPage, ...] = ()
    prompts: tuple[str, ...] = ()
    originals: tuple[str, ...] = ()
    photo_copies: tuple[str, ...] = ()
    files_with_name: tuple[str, ...] = ()
    counts: Counts = Counts()
    goes: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()


def forget_plan(
    child_id: str, around: Surroundings, cancellation: Cancellation | None = None
) -> ForgetPlan:
    """What forgetting the child will do; changes nothing but what listing the children does.

    Raises InputError for an unknown id, StorageError.
    """
    return planned(child_id, around, cancellation)[0]


def planned(
    child_id: str, around: Surroundings, cancellation: Cancellation | None = None
) -> tuple[ForgetPlan, Entry]:
    """As :func:`forget_plan`, with what goes into the journal."""
    children = Children(around.records)
    note_pages(around, children)
    known = {child.id: child for child in children.all()}
    if child_id not in known:
        raise InputError(
            tr("There is no child {id}.", id=child_id),
            tr("“pickabook children” shows whom there is."),
        )
    return _Survey(known.pop(child_id), tuple(known.values()), around, cancellation).result()


class _Survey:
    """Collects what there is of one child."""

    def __init__(
        self,
        child: Child,
        others: tuple[Child, ...],
        around: Surroundings,
        cancellation: Cancellation | None,
    ) -> None:
        self._child = child
        self._around = around
        self._cancellation = cancellation
        self._wish = Wish(
            name=child.name,
            photos=tuple(sorted(hashes_of(child))),
            others=tuple(other.name for other in others if other.name),
        )
        self._mentions = self._wish.mentions
        self._files_with_name: list[str] = []
        self._orphans: list[PlannedPage] = []

    def result(self) -> tuple[ForgetPlan, Entry]:
        """The plan, and the entry for the journal."""
        traces = [self._in_library(folder) for folder in self._around.libraries]
        pages = tuple(_page(page, folder) for folder, t in traces for page in t.going)
        pages += tuple(self._orphans)
        faces = {p: f for _, found in traces for p, f in found.faces.items()}
        wish = msgspec.structs.replace(self._wish, faces=faces)
        clues = self._clues(tuple(page for _, found in traces for page in found.going))
        photo_copies = copies(self._around.folders, clues, _skipped(self._around))
        originals = self._originals(clues, photo_copies)
        self._files_with_name += self._texts_with_name(photo_copies)
        counts = self._counts(traces, clues, pages, photo_copies, originals)
        plan = ForgetPlan(
            child_id=self._child.id,
            name=self._child.name,
            title=self._child.name or tr("No name"),
            pages=pages,
            staying=tuple(_page(page, folder) for folder, t in traces for page in t.staying),
            mentioning=tuple(_page(page, folder) for folder, t in traces for page in t.mentioning),
            prompts=tuple(text for _, found in traces for text in found.prompts),
            originals=originals,
            photo_copies=tuple(map(str, photo_copies)),
            files_with_name=tuple(self._files_with_name),
            counts=counts,
            goes=sentences_that_go(
                counts,
                self._around.store_title,
                tuple(page.name for page in pages if page.other_name),
            ),
            stays=sentences_that_stay(counts),
        )
        entry = Entry(
            id=self._child.id,
            started=timestamp(datetime.now(UTC)),
            wish=wish,
            clues=clues,
            counts=counts,
            libraries=tuple(str(folder) for folder, _ in traces if is_there(folder)),
        )
        return plan, entry

    def _in_library(self, folder: Path) -> tuple[Path, Traces]:
        with library_memory(folder) as memory:
            memory.regain()
            traces = memory.traces(self._wish)
            for page in (*traces.mentioning, *traces.staying):
                self._raise_if_cancelled()
                if self._mentions.found_in(_said(memory, page.path, page.media_type)[0]):
                    self._files_with_name.append(str(folder / page.path))
            for path in memory.orphans():
                self._raise_if_cancelled()
                self._look_at_orphan(memory, path)
        return folder, traces

    def _look_at_orphan(self, memory: LibraryMemory, path: str) -> None:
        """A page that the list has lost goes where it has the child's name, as such."""
        kinds = {ending: kind for kind, ending in ENDINGS.items()}
        text, name = _said(memory, path, kinds.get(Path(path).suffix.lstrip("."), ""))
        file = str(memory.folder / path)
        if name and folded(name) == folded(self._wish.name):
            stem = Path(path).stem.lstrip(".").partition(".")[0]
            self._orphans.append(PlannedPage(id=stem, created="", path=file, name=name))
        elif self._mentions.found_in(text):
            self._files_with_name.append(file)

    def _clues(self, going: tuple[Page, ...]) -> Clues:
        paths = {photo.path for photo in self._child.photos}
        paths |= {page.photo.path for page in going if page.photo.sha256 in self._wish.photos}
        pages = (*(page.id for page in going), *(page.id for page in self._orphans))
        return Clues(
            photos=self._wish.photos, paths=tuple(sorted(filter(None, paths))), pages=pages
        )

    def _originals(self, clues: Clues, photo_copies: tuple[Path, ...]) -> tuple[str, ...]:
        """The photos that are still where they were, outside the program's folders."""
        return tuple(
            path
            for path in clues.paths
            if Path(path) not in photo_copies and digest_of(Path(path)) in clues.photos
        )

    def _texts_with_name(self, photo_copies: tuple[Path, ...]) -> list[str]:
        places = self._around.places
        # All that forgetting cleans or deletes whole is no file that keeps the name.
        cleaned = (places.settings_file, broken(places.settings_file), places.catalogue_memory)
        skip = (*_skipped(self._around), *photo_copies, *cleaned)
        found = telling(self._around.folders, self._mentions, skip)
        settings = Settings(places.settings_file).starting_with("")
        kept = settings_that_stay(settings, self._mentions)
        return [str(file) for file in found] + [str(places.settings_file)] * bool(kept)

    def _counts(
        self,
        traces: list[tuple[Path, Traces]],
        clues: Clues,
        pages: tuple[PlannedPage, ...],
        photo_copies: tuple[Path, ...],
        originals: tuple[str, ...],
    ) -> Counts:
        places = self._around.places
        settings = Settings(places.settings_file).starting_with("")
        consents, books = Journal(self._around.records).counts(self._wish)
        remote: dict[str, int] = {}
        for _, found in traces:
            for store_id, count in found.copies.items():
                remote[store_id] = remote.get(store_id, 0) + count
        return Counts(
            pages=len(pages),
            texts=sum(len(found.mentioning) for _, found in traces),
            prompts=sum(len(found.prompts) for _, found in traces),
            batches=sum(len(found.batches) for _, found in traces),
            uploads=sum(found.waiting for _, found in traces),
            photos=len(self._wish.photos),
            photo_copies=len(photo_copies),
            consents=consents,
            books=books,
            settings=len(settings_without(settings, clues, self._mentions)),
            log_records=records_about(places.log_file, clues, self._mentions),
            remote=remote,
            originals=len(originals),
            files_with_name=len(self._files_with_name),
            addresses=sum(found.addresses for _, found in traces),
        )

    def _raise_if_cancelled(self) -> None:
        if self._cancellation is not None:
            self._cancellation.raise_if_cancelled()


def _page(page: Page, folder: Path) -> PlannedPage:
    return PlannedPage(
        id=page.id,
        created=page.created,
        path=str(folder / page.path),
        name=page.name,
        trashed=page.trashed,
        other_name=page.other_name,
    )


def _said(memory: LibraryMemory, path: str, media_type: str) -> tuple[str, str]:
    """What a page says of itself, and the child's name in that; nothing where it cannot be read."""
    from pickabook_desktop.imaging.arriving import told_by

    try:
        said = told_by(memory.read(path), media_type)
        if said is None:
            return "", ""
        decided = "\n".join((*said.decided.tags, said.decided.note))
        text = "\n".join((said.prompt, *texts_in(said.request_json), decided))
        return text, name_in(GenerationRequest.from_json(said.request_json))
    except (PickaBookError, msgspec.MsgspecError):
        return "", ""


def _skipped(around: Surroundings) -> tuple[Path, ...]:
    """What is looked through in another way."""
    pictures = (folder / "pictures" for folder in around.libraries)
    return (*pictures, around.places.log_file, around.places.resources)
