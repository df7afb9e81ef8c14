"""Which children the program knows, and where to look for what it knows of them."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import folded, name_in
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.storage.children import Child, Children
from pickabook_desktop.storage.consents import Consents, KeptConsent
from pickabook_desktop.storage.database import Database
from pickabook_desktop.storage.files import sha256_of
from pickabook_desktop.storage.forgetting import LibraryMemory
from pickabook_desktop.storage.own_names import LIBRARY_FILE, PICTURES
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Where to look. ``library`` is the folder of the library in use; the one in the program's own
    folder is looked through as well. ``store_title`` says what people call the store of an id.
    """

    records: Database
    places: Places
    settings: Settings
    library: Path
    store_title: Callable[[str], str] = str

    @property
    def libraries(self) -> tuple[Path, ...]:
        return tuple(dict.fromkeys((self.library.absolute(), self.places.library.absolute())))

    @property
    def folders(self) -> tuple[Path, ...]:
        """The program's own folders."""
        return self.places.data, self.places.config, self.places.cache

    @property
    def scratch(self) -> Path:
        return self.places.cache / "scratch"


class KnownChild(msgspec.Struct, frozen=True, kw_only=True):
    """A child as listed. ``name`` is empty where nobody has given one; ``title`` never is."""

    id: str
    name: str
    title: str
    photos: tuple[str, ...] = ()
    pages: int = 0
    consents: tuple[KeptConsent, ...] = ()


def known_children(around: Surroundings) -> tuple[KnownChild, ...]:
    """Every child by name, those without one last. Pages from before there were records, or whose
    photo was not noted, are noted now. Raises StorageError.
    """
    children = Children(around.records)
    requests = note_pages(around, children)
    consents = Consents(around.records).all()
    return tuple(
        KnownChild(
            id=child.id,
            name=child.name,
            title=child.name or tr("No name"),
            photos=tuple(photo.path for photo in child.photos),
            pages=sum(_is_of(child, request) for request in requests),
            consents=tuple(c for c in consents if c.consent.photo_sha256 in hashes_of(child)),
        )
        for child in children.all()
    )


def find_child(words: str, around: Surroundings) -> str:
    """The id of the child that ``words`` mean: its name, its id, or the path of one of its photos.

    Raises InputError where there is none, or a photo shows several children.
    """
    children = Children(around.records)
    note_pages(around, children)
    known = children.all()
    found = [child for child in known if words == child.id or _named(child, words)]
    if not found:
        digest = digest_of(Path(words))
        found = [child for child in known if digest and digest in hashes_of(child)]
    if not found:
        raise InputError(
            tr("There is no child “{name}”.", name=words),
            tr("“pickabook children” shows whom there is; a photo's path does as well."),
        )
    if len(found) > 1:
        raise InputError(
            tr("That photo shows {names}.", names=", ".join(child.name for child in found)),
            tr("Say the name of the child."),
        )
    return found[0].id


def is_library(folder: Path) -> bool:
    """Whether there is a library with its list in ``folder``."""
    return (folder / LIBRARY_FILE).exists()


def is_there(folder: Path) -> bool:
    """Whether there is a library in ``folder``, be it one that has lost its list."""
    return is_library(folder) or (folder / PICTURES).is_dir()


@contextmanager
def library_memory(folder: Path) -> Generator[LibraryMemory]:
    """The library in ``folder``, closed again at the end."""
    memory = LibraryMemory(folder)
    try:
        yield memory
    finally:
        memory.close()


def note_pages(around: Surroundings, children: Children) -> list[GenerationRequest]:
    """Note whom the pages of all libraries show; gives what they were drawn from."""
    requests: list[GenerationRequest] = []
    for folder in around.libraries:
        with library_memory(folder) as memory:
            requests += memory.requests()
    noted: set[tuple[object, ...]] = set()
    for request in requests:
        photos = (request.photo, *request.further_photos)
        key = (folded(name_in(request)), *((photo.path, photo.sha256) for photo in photos))
        if key not in noted:
            noted.add(key)
            # Nobody notes a child that is just being forgotten.
            with suppress(InputError):
                children.note_request(request)
    return requests


def _is_of(child: Child, request: GenerationRequest) -> bool:
    name = folded(name_in(request))
    if name:
        return name == folded(child.name)
    photos = (request.photo, *request.further_photos)
    return any(photo.sha256 in hashes_of(child) for photo in photos)


def _named(child: Child, words: str) -> bool:
    return bool(child.name) and folded(child.name) == folded(words)


def hashes_of(child: Child) -> set[str]:
    """The hashes of the child's photos."""
    return {photo.sha256 for photo in child.photos}


def digest_of(file: Path) -> str:
    """The hash of a file, empty where there is none to read."""
    try:
        return sha256_of(file.read_bytes()) if file.is_file() else ""
    except (OSError, ValueError):
        return ""
