"""All that is known of one kept picture, read off the main thread, and how it is said."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, cast

import msgspec
from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from pickabook_desktop.domain.capabilities import MODEL_OPTION, Capabilities, EngineState
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.money import money_text
from pickabook_desktop.domain.names import NAME_FIELD
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.review import Card
from pickabook_desktop.domain.stored import StoredPicture
from pickabook_desktop.domain.template import Style, Template
from pickabook_desktop.jobs.threads import JobHandle, Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.viewmodels.picture_size import size_text
from pickabook_desktop.ui.viewmodels.shelf import job_of

PhotoState = Literal["there", "gone", "unknown"]
# Who holds an arrow key down passes by; who stops wants to know.
PAUSE_MS = 90


class PictureFacts(msgspec.Struct, frozen=True, kw_only=True):
    """``stack`` are the variations of the same request, oldest first; ``photo`` says whether the
    file of the photo is still where it was.
    """

    kept: KeptPicture
    stack: tuple[Card, ...] = ()
    copies: tuple[StoredPicture, ...] = ()
    photo: PhotoState = "unknown"


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what it is about, and what is so. ``copied`` is what a button beside it puts into
    the clipboard, ``level`` ``warn`` where it needs care.
    """

    title: str
    text: str
    copied: str = ""
    level: Literal["", "warn"] = ""


class Shelves(msgspec.Struct, frozen=True):
    """Where ids become titles."""

    templates: Mapping[str, Template]
    styles: Mapping[str, Style]
    engines: Sequence[EngineState]

    def capabilities(self, engine_id: str) -> Capabilities | None:
        state = next((state for state in self.engines if state.id == engine_id), None)
        return state.capabilities if state is not None else None


class FactsModel(QObject):
    """Reads the facts of one picture at a time; of several asked for, the last one counts."""

    read = Signal(object)
    """:class:`PictureFacts`"""
    failed = Signal(str, object)
    """The id of the picture and the PickaBookError."""

    def __init__(self, library: Library, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._lanes = lanes
        self._wanted = ""
        self._handle: JobHandle | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._read)

    def look(self, picture_id: str) -> None:
        """Read what is known of a picture, unless another is asked for within a moment."""
        self.drop()
        self._wanted = picture_id
        self._pause.start()

    def drop(self) -> None:
        """Tell nothing of what was asked for so far."""
        self._pause.stop()
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _read(self) -> None:
        wanted, library = self._wanted, self._library

        def on_event(event: JobEvent) -> None:
            if handle is not self._handle:
                return
            self._handle = None
            if isinstance(event, Done):
                self.read.emit(cast("PictureFacts", event.value))
            elif isinstance(event, Failed):
                self.failed.emit(wanted, event.error)

        job = job_of(lambda: facts_of(library, wanted))
        handle = self._handle = self._lanes.submit("review", job, on_event)


def facts_of(library: Library, picture_id: str) -> PictureFacts:
    """Read everything that is known of a picture. Raises InputError for an unknown id, StorageError
    where the disk does not do its part. Waits for the disk.
    """
    kept = library.get(picture_id)
    return PictureFacts(
        kept=kept,
        stack=library.review.stack(picture_id),
        copies=library.outbox.stored((picture_id,)).get(picture_id, ()),
        photo=_photo_state(kept.request.photo.path),
    )


def _photo_state(path: str) -> PhotoState:
    if not path:
        return "unknown"
    try:
        return "there" if Path(path).is_file() else "gone"
    except (OSError, ValueError):
        return "gone"


def drawn_with(facts: PictureFacts, shelves: Shelves) -> tuple[Fact, ...]:
    """What a picture was made from."""
    kept, request = facts.kept, facts.kept.request
    template = shelves.templates.get(request.template_id)
    style = shelves.styles.get(request.style_id)
    palette = template.palette(request.palette_id) if template is not None else None
    lines = [
        (tr("Template"), template.title if template else request.template_id),
        (tr("Style"), style.title if style else request.style_id),
        (tr("Colours"), palette.title if palette else request.palette_id),
        *_fields(request, template),
        (tr("Book"), request.book),
        *_engine(kept, shelves.capabilities(request.engine_id)),
    ]
    seed = str(request.seed)
    found = [Fact(title=title, text=text) for title, text in lines if text]
    unused = ", ".join(kept.unused_words)
    return (
        *found,
        Fact(title=tr("Seed"), text=seed, copied=seed),
        *_photos(facts),
        *((Fact(title=tr("No effect"), text=unused),) if unused else ()),
    )


def measured(card: Card) -> tuple[Fact, ...]:
    """The numbers that a picture has; nothing for those that nobody has measured."""
    lines = (
        (tr("Likeness"), card.likeness),
        (tr("Seam"), card.seam),
    )
    found = [Fact(title=title, text=f"{value:.2f}") for title, value in lines if value is not None]
    if card.cost is not None:
        cost = money_text(card.cost) if card.cost > 0 else tr("free")
        found.append(Fact(title=tr("Cost"), text=cost))
    return tuple(found)


def on_disk(facts: PictureFacts) -> tuple[Fact, ...]:
    """Where and as what a picture is kept."""
    kept = facts.kept
    return (
        Fact(title=tr("Size"), text=f"{size_text(kept.size)} · {bytes_text(kept.bytes)}"),
        Fact(title=tr("Id"), text=kept.id, copied=kept.id),
        Fact(title=tr("File"), text=kept.path, copied=kept.path),
    )


def common_facts(cards: Sequence[Card], shelves: Shelves) -> tuple[Fact, ...]:
    """What is the same of several pictures; a dash where they differ, nothing where none has it."""
    values: tuple[tuple[str, Iterable[str]], ...] = (
        (tr("Template"), (_title(shelves.templates, card.template) for card in cards)),
        (tr("Style"), (_title(shelves.styles, card.style) for card in cards)),
        (tr("Engine"), (_engine_title(shelves, card.engine) for card in cards)),
        (tr("Child"), (card.child for card in cards)),
        (tr("Book"), (card.book for card in cards)),
        (tr("Size"), (size_text(card.size) for card in cards)),
    )
    found: list[Fact] = []
    for title, texts in values:
        different = set(texts)
        if different != {""}:
            text = different.pop() if len(different) == 1 else "–"
            found.append(Fact(title=title, text=text))
    costs = [card.cost for card in cards if card.cost]
    if costs:
        found.append(Fact(title=tr("Cost"), text=money_text(sum(costs))))
    return tuple(found)


def bytes_text(size: int) -> str:
    """The length of a file, as systems say it to people."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def _title(shelf: Mapping[str, Template] | Mapping[str, Style], key: str) -> str:
    found = shelf.get(key)
    return found.title if found is not None else key


def _engine_title(shelves: Shelves, engine_id: str) -> str:
    can = shelves.capabilities(engine_id)
    return can.title if can is not None else engine_id


def _fields(request: GenerationRequest, template: Template | None) -> list[tuple[str, str]]:
    titles = {field.id: field.title for field in template.fields} if template else {}
    titles.setdefault(NAME_FIELD, tr("Name"))
    return [(titles.get(key, key), text) for key, text in request.fields.items()]


def _engine(kept: KeptPicture, can: Capabilities | None) -> list[tuple[str, str]]:
    request = kept.request
    title = can.title if can is not None else request.engine_id
    lines = [(tr("Engine"), f"{title} {kept.engine_version}".strip())]
    specs = {spec.id: spec for spec in can.options} if can is not None else {}
    model = can.model(request.options) if can is not None else None
    for key, value in request.options.items():
        if key == MODEL_OPTION:
            named = model is not None and model.id == value
            lines.append((tr("Model"), model.title if model is not None and named else value))
        elif key in specs:
            spec = specs[key]
            titles = dict(zip(spec.choices, spec.choice_titles, strict=False))
            lines.append((spec.title, f"{titles.get(value, value)} {spec.unit}".strip()))
    return lines


def _photos(facts: PictureFacts) -> tuple[Fact, ...]:
    request = facts.kept.request
    name = Path(request.photo.path).name
    found: list[Fact] = []
    if facts.photo == "gone":
        said = tr("{name} is no longer there", name=name)
        found.append(Fact(title=tr("Photo"), text=said, level="warn"))
    else:
        found.append(Fact(title=tr("Photo"), text=name or tr("not known")))
    further = len(request.further_photos)
    if further:
        found.append(Fact(title=tr("Further photos"), text=str(further)))
    return tuple(found)
