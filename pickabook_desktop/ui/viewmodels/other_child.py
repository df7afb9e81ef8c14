"""The same pages for another child: another photo, and another name wherever the first one is."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, cast

import msgspec
from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import NAME_FIELD, folded, name_in
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.jobs.inspect import InspectedPhoto
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import JobHandle, Lanes
from pickabook_desktop.storage.children import Children
from pickabook_desktop.ui.viewmodels.shelf import job_of

Stage = Literal["empty", "looking", "ready", "failed"]


class KnownPhoto(msgspec.Struct, frozen=True):
    """A photo of a child that the program knows; ``name`` is empty where nobody has given one."""

    name: str
    path: str


class OtherChildModel(QObject):
    """Which photo and which name the pages of ``requests`` get instead of their own."""

    changed = Signal()
    known_read = Signal()

    def __init__(
        self,
        studio: Studio,
        lanes: Lanes,
        requests: Sequence[GenerationRequest],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._lanes = lanes
        self._requests = tuple(requests)
        self._handle: JobHandle | None = None
        self.known: tuple[KnownPhoto, ...] = ()
        self.stage: Stage = "empty"
        self.path: Path | None = None
        self.photo: InspectedPhoto | None = None
        self.problem = ""
        self.name = ""

    @property
    def count(self) -> int:
        return len(self._requests)

    @property
    def old_names(self) -> tuple[str, ...]:
        """The names that the pages have now."""
        return tuple(dict.fromkeys(filter(None, map(name_in, self._requests))))

    @property
    def takes_name(self) -> bool:
        """Whether any of the pages has a place for the child's name."""
        templates = (self._studio.templates.get(r.template_id) for r in self._requests)
        fields = (field.id for template in templates if template for field in template.fields)
        return bool(self.old_names) or NAME_FIELD in fields

    def read_known(self) -> None:
        """Find the photos of other children that are still where they were."""
        used = {request.photo.sha256 for request in self._requests}
        children = self._studio.children

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                self.known = cast("tuple[KnownPhoto, ...]", event.value)
                self.known_read.emit()

        self._lanes.submit("review", job_of(lambda: _known(children, used)), on_event)

    def set_name(self, name: str) -> None:
        if name != self.name:
            self.name = name
            self.changed.emit()

    def choose(self, path: Path) -> None:
        """Look at a photo; of several, the last one counts."""
        if self._handle is not None:
            self._handle.cancel()
        self.stage, self.path, self.photo, self.problem = "looking", path, None, ""

        def on_event(event: JobEvent) -> None:
            if handle is not self._handle:
                return
            if isinstance(event, Done) and isinstance(event.value, InspectedPhoto):
                self._accept(event.value)
            elif isinstance(event, Failed):
                self._fail(event.error)

        job = self._studio.inspect_job(path)
        handle = self._handle = self._lanes.submit("photo", job, on_event)
        self.changed.emit()

    def close(self) -> None:
        """Hear of nothing any more."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def blocker(self) -> str:
        """Why nothing can be drawn now, as a sentence; empty when it can."""
        if self.stage == "ready":
            return ""
        if self.stage == "looking":
            return tr("Looking at the photo…")
        return self.problem or tr("Choose a photo of the other child.")

    def advice(self) -> str:
        """The photo's name, and what the coach says of it."""
        if self.photo is None or self.path is None:
            return ""
        notes = (note.message for note in self.photo.report.notes_for(None) if note.level == "warn")
        return " · ".join((self.path.name, *notes))

    def requests(self) -> tuple[GenerationRequest, ...]:
        """The pages for the other child; none while there is a blocker."""
        if self.blocker() or self.photo is None:
            return ()
        photo = PhotoRef(path=str(self.path), sha256=self.photo.report.sha256)
        return tuple(for_child(request, photo, self.name) for request in self._requests)

    def _accept(self, photo: InspectedPhoto) -> None:
        notes = photo.report.notes_for(None)
        stop = next((note for note in notes if note.level == "stop"), None)
        self.photo = photo
        self.stage = "failed" if stop else "ready"
        self.problem = f"{stop.message} {stop.next_step}".strip() if stop else ""
        self.changed.emit()

    def _fail(self, error: PickaBookError) -> None:
        self.stage, self.problem = "failed", str(error)
        self.changed.emit()


def for_child(request: GenerationRequest, photo: PhotoRef, name: str) -> GenerationRequest:
    """``request`` with another photo and another name. Where the words have the first name as a
    whole word written the same, the new one takes its place. Consent is for the first photo and
    does not stay.
    """
    old, new = name_in(request), " ".join(name.split())
    fields = {key: _renamed(text, old, new) for key, text in request.fields.items()}
    fields.pop(NAME_FIELD, None)
    if new:
        fields[NAME_FIELD] = new
    return request.with_changes(
        photo=photo,
        further_photos=(),
        consent="",
        fields=fields,
        prompt=_renamed(request.prompt, old, new),
    )


def _renamed(text: str, old: str, new: str) -> str:
    if not old or not new:
        return text
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)


def _known(children: Children, used: set[str]) -> tuple[KnownPhoto, ...]:
    found: list[KnownPhoto] = []
    for child in children.all():
        for photo in child.photos:
            if photo.sha256 not in used and photo.path and Path(photo.path).is_file():
                found.append(KnownPhoto(child.name, photo.path))
    return tuple(sorted(found, key=lambda photo: (not photo.name, folded(photo.name), photo.path)))
