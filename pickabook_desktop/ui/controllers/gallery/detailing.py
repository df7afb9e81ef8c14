"""Keeps the panel of details with what is chosen, and hands on what is decided in it."""

from collections.abc import Callable, Mapping
from typing import cast

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card
from pickabook_desktop.domain.stored import StoredPicture
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import JobHandle, Lanes
from pickabook_desktop.ui.controllers.gallery.deciding import Deciding
from pickabook_desktop.ui.gallery.copies import CopyLine
from pickabook_desktop.ui.gallery.details import DetailsPanel
from pickabook_desktop.ui.gallery.note_field import NoteField
from pickabook_desktop.ui.gallery.stack_strip import MOST_TILES
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.uploads.linking import Linking
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.dates import day_text, moment_text
from pickabook_desktop.ui.viewmodels.decision_words import pages
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.gallery_words import Titles
from pickabook_desktop.ui.viewmodels.picture_facts import (
    FactsModel,
    PictureFacts,
    Shelves,
    common_facts,
    drawn_with,
    measured,
    on_disk,
)
from pickabook_desktop.ui.viewmodels.shared_marks import SharedMarks
from pickabook_desktop.ui.viewmodels.shelf import job_of

# So many of the chosen pictures are compared for what they have in common.
MOST_COMPARED = 2000


class Detailing(QObject):
    """``give_back`` gives the keyboard back to the pictures."""

    def __init__(
        self,
        actions: Mapping[str, QAction],
        model: GalleryModel,
        panel: DetailsPanel,
        deciding: Deciding,
        studio: Studio,
        lanes: Lanes,
        choices: CreateModel,
        toast: Toast,
        window: QWidget,
        give_back: Callable[[], None],
    ) -> None:
        super().__init__(panel)
        self._actions = actions
        self._model = model
        self._panel = panel
        self._deciding = deciding
        self._studio = studio
        self._lanes = lanes
        self._choices = choices
        self._links = Linking(studio.stores, lanes, studio.stores.state, toast, window)
        self._toast = toast
        self._give_back = give_back
        self._facts = FactsModel(studio.library, lanes, self)
        self._read: PictureFacts | None = None
        self._shown: Card | None = None
        self._scheduled = False
        self._closed = self._silent = False
        self._completing: JobHandle | None = None
        panel.name_keys(actions)
        self._window = window
        window.installEventFilter(self)
        self._follow()
        self._show()

    def close(self) -> None:
        """Keep what is typed; nothing is read any more."""
        self._panel.commit()
        self._closed = True
        self._facts.drop()

    @property
    def note(self) -> NoteField:
        """Where a note on the current picture is written."""
        return self._panel.marking.note

    def forget(self) -> None:
        """Show nothing until the library is looked at again: a child is being forgotten."""
        self._silent = True
        self._show_nothing()
        self._panel.clear()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """A window that closes takes nothing with it that was typed."""
        if event.type() == QEvent.Type.Close:
            self._panel.commit()
        elif event.type() == QEvent.Type.Show and watched is self._panel:
            self._schedule()
        return False

    def _follow(self) -> None:
        model, panel, deciding = self._model, self._panel, self._deciding
        for signal in (model.current_changed, model.selection_changed, model.cards_changed):
            signal.connect(self._schedule)
        model.reset.connect(self._on_reset)
        self._facts.read.connect(self._on_read)
        self._facts.failed.connect(self._on_failed)
        marking = panel.marking
        marking.stars.rating_chosen.connect(deciding.rate)
        marking.flags.flag_chosen.connect(deciding.flag)
        marking.labels.label_chosen.connect(deciding.label)
        marking.tags.added.connect(deciding.add_tags)
        marking.tags.removed.connect(deciding.remove_tag)
        marking.tags.completions_wanted.connect(self._complete)
        marking.tags.left.connect(self._give_back)
        marking.note.written.connect(deciding.annotate)
        marking.note.left.connect(self._give_back)
        deciding.note_refused.connect(marking.note.refuse)
        panel.variation_chosen.connect(self._on_variation_chosen)
        panel.link_wanted.connect(self._on_link_wanted)
        panel.opened.connect(self._actions["lib_loupe"].trigger)
        self._actions["lib_tags"].triggered.connect(lambda: self._enter(marking.tags.line))
        self._actions["lib_note"].triggered.connect(lambda: self._enter(marking.note))
        panel.installEventFilter(self)

    def _enter(self, field: QWidget) -> None:
        """Bring the keyboard into one of the panel's fields."""
        if not self._panel.isVisible():
            self._actions["lib_details"].setChecked(True)
            self._show()
        if field.isVisible():
            field.setFocus()
        else:
            self._toast.show_message(tr("Choose one page to write a note on it."))

    def _schedule(self, *_said: object) -> None:
        """Once for all that happens in one turn of the event loop."""
        if not self._scheduled:
            self._scheduled = True
            QTimer.singleShot(0, self, self._show)

    def _on_reset(self) -> None:
        # Copies and variations may be others now.
        self._read = None
        self._silent = False
        self._schedule()

    def _show(self) -> None:
        self._scheduled = False
        if self._closed or self._silent:
            return
        if not self._panel.isVisible() and self._window.isVisible():
            return
        count = self._model.selected_count
        if count > 1:
            self._show_several(count)
            return
        card = next(iter(self._model.selected_cards(1)), None)
        if card is not None:
            self._show_one(card)
        elif not self._model.selected_places(1):
            self._show_nothing()

    def _show_nothing(self) -> None:
        self._facts.drop()
        self._shown = self._read = None
        self._panel.show_nothing()

    def _show_one(self, card: Card) -> None:
        panel, before = self._panel, self._shown
        if card == before and self._read is not None:
            # What was written and taken back within one turn is still in its field.
            panel.marking.show_note_of(card)
            return
        self._shown = card
        panel.marking.show_marks(SharedMarks.of((card,), 1))
        panel.show_card(card, self._titles.card(card), moment_text(card.created))
        panel.show_measures(measured(card))
        if self._read is None or self._read.kept.id != card.id:
            self._read = None
            self._facts.look(card.id)

    def _show_several(self, count: int) -> None:
        self._facts.drop()
        self._shown = self._read = None
        cards = self._model.selected_cards(MOST_COMPARED if count <= MOST_COMPARED else MOST_TILES)
        known = len(cards) >= count
        # Of what only some are known, nothing can be said of all.
        self._panel.marking.show_marks(SharedMarks.of(cards if known else (), count))
        common = common_facts(cards, self._shelves) if known else ()
        said = tr("{pages} selected", pages=pages(count))
        self._panel.show_several(cards, said, _span(cards) if known else "", common)

    def _on_read(self, facts: PictureFacts) -> None:
        card = self._shown
        if card is None or card.id != facts.kept.id:
            return
        self._read = facts
        copies = [CopyLine(stored, self._copy_words(stored)) for stored in facts.copies]
        made = drawn_with(facts, self._shelves)
        self._panel.show_facts(card, facts.stack, made, on_disk(facts), copies)

    def _on_failed(self, picture_id: str, error: PickaBookError) -> None:
        if self._shown is not None and self._shown.id == picture_id:
            self._panel.show_facts(self._shown, (), (), (), ())
            self._toast.show_message(str(error))

    def _complete(self, beginning: str) -> None:
        """Offer tags that begin so; of several questions the last one is answered."""
        if self._completing is not None:
            self._completing.cancel()

        def on_event(event: JobEvent) -> None:
            if handle is self._completing and isinstance(event, Done):
                self._panel.marking.tags.offer(cast("tuple[str, ...]", event.value))

        library = self._studio.library
        job = job_of(lambda: library.review.tags_like(beginning))
        handle = self._completing = self._lanes.submit("review", job, on_event)

    def _on_variation_chosen(self, card: Card) -> None:
        place = self._model.place_at_hand(card.id)
        if place >= 0:
            self._model.set_current(place, "move" if self._model.alone else "only")
            return
        self._toast.show_message(
            tr("This variation is not among the pages that are shown."),
            tr("Show all variations"),
            self._actions["lib_open_stack"].trigger,
        )

    def _on_link_wanted(self, stored: StoredPicture) -> None:
        self._links.copy((stored,))

    def _copy_words(self, stored: StoredPicture) -> str:
        return f"{self._studio.stores.state(stored.store_id).title} · {day_text(stored.stored_on)}"

    @property
    def _titles(self) -> Titles:
        choices = self._choices
        return Titles(choices.templates, choices.styles, lambda: choices.engines)

    @property
    def _shelves(self) -> Shelves:
        choices = self._choices
        return Shelves(choices.templates, choices.styles, choices.engines)


def _span(cards: tuple[Card, ...]) -> str:
    """From when to when pictures were made."""
    days = sorted(card.created for card in cards)
    first, last = day_text(days[0]), day_text(days[-1])
    return first if first == last else tr("{first} to {last}", first=first, last=last)
