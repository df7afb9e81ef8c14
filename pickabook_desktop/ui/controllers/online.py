"""Everything around engines that work over the network: keys, consent, pages drawn later, further
photos, and the way to what helps when one fails.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Done, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import GenerationResult
from pickabook_desktop.jobs.inspect import InspectedPhoto
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.controllers.drawing import Drawing
from pickabook_desktop.ui.controllers.sending import Sending
from pickabook_desktop.ui.queue_button import QueueButton
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.later import LaterModel, later_words
from pickabook_desktop.ui.viewmodels.pages import title_of
from pickabook_desktop.ui.viewmodels.session import SessionModel
from pickabook_desktop.ui.viewmodels.shelf import job_of
from pickabook_desktop.ui.viewmodels.spending import AllowanceModel

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from pickabook_desktop.ui.queue_list import LaterLine
    from pickabook_desktop.ui.toast import Toast

BOOKS_LOOKED_AT = 500


class Online(QObject):
    """Connects the models with the jobs of the studio; the window tells it when to begin."""

    def __init__(
        self,
        studio: Studio,
        lanes: Lanes,
        model: CreateModel,
        session: SessionModel,
        drawing: Drawing,
        queue: QueueButton,
        toast: "Toast",
        window: "QWidget",
    ) -> None:
        super().__init__(window)
        self._studio = studio
        self._lanes = lanes
        self._model = model
        self._session = session
        self._drawing = drawing
        self._queue = queue
        self._toast = toast
        self._keys_asked: set[str] = set()
        self.sending = Sending(studio, lanes, model, window)
        self.later = LaterModel(studio, lanes, self)
        self.allowance = AllowanceModel(lanes, studio.ledger, self)
        self._jobs_counted = 0
        model.key_known = studio.keys.known
        self._follow()

    def bind(self, later: QAction, look: QAction) -> None:
        """Let two actions do what the menu of the button does, when it can be done."""

        def on_changed() -> None:
            ready = not self._model.blocker()
            later.setEnabled(ready and bool(self._model.later()))
            look.setEnabled(ready and self._model.needs_network)

        later.triggered.connect(lambda: self._drawing.choose("later"))
        look.triggered.connect(lambda: self._drawing.choose("look"))
        for signal in (self._model.request_changed, self._model.allowance_changed):
            signal.connect(on_changed)
        on_changed()

    @Slot()
    def begin(self) -> None:
        """Look for keys that are needed, earlier books, and pages that were to be drawn later."""
        self._model.set_books(())
        self._look_for_key()
        self._read_books()
        self.allowance.refresh()
        self.later.start()

    def close(self) -> None:
        """Begin nothing any more."""
        self.later.close()

    def _follow(self) -> None:
        model, session, drawing, later = self._model, self._session, self._drawing, self.later
        model.engine_changed.connect(self._look_for_key)
        model.further.wanted.connect(session.inspect_further)
        session.further_inspected.connect(self._on_further_inspected)
        session.further_failed.connect(self._on_further_failed)
        drawing.consent_wanted.connect(self._on_consent_wanted)
        drawing.choice_wanted.connect(self._on_choice_wanted)
        self.sending.declined.connect(self._on_declined)
        later.changed.connect(self._on_later_changed)
        later.handed_over.connect(self._on_handed_over)
        later.failed.connect(self._on_later_failed)
        later.pictures_kept.connect(self._on_later_pictures)
        self.allowance.read.connect(model.set_allowance)
        session.jobs_changed.connect(self._on_jobs_changed)
        self._queue.later_stop_wanted.connect(later.stop)
        self._queue.opened.connect(later.poll)

    # Keys and books.

    def _on_jobs_changed(self) -> None:
        """What was spent changes with every page that ends."""
        count, self._jobs_counted = self._jobs_counted, len(self._session.jobs)
        if self._jobs_counted < count:
            self.allowance.refresh()

    def _look_for_key(self) -> None:
        """Ask the keyring for the chosen engine's key, once, off the main thread."""
        can = self._model.capabilities
        if can is None or not can.needs_key or can.key in self._keys_asked:
            return
        if self._studio.keys.known(can.key) is not None:
            return
        self._keys_asked.add(can.key)

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                self._model.set_engines(self._studio.engines.states())

        self._lanes.submit("keys", self._studio.refresh_keys_job(), on_event)

    def _read_books(self) -> None:
        def books() -> tuple[str, ...]:
            pages = self._studio.library.recent(BOOKS_LOOKED_AT)
            return tuple(dict.fromkeys(page.request.book for page in pages))

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                found = cast("tuple[str, ...]", event.value)
                self._model.set_books((*self._model.books, *found))

        self._lanes.submit("library", job_of(books), on_event)

    # Further photos.

    def _on_further_inspected(self, path: "Path", photo: InspectedPhoto) -> None:
        report = photo.report
        stops = (note.message for note in report.notes_for(None) if note.level == "stop")
        self._model.further.accept(path, report.sha256, photo.preview, next(stops, ""))

    def _on_further_failed(self, path: "Path", error: PickaBookError) -> None:
        self._model.further.fail(path, error.message)

    # Consent.

    def ask_again(self) -> None:
        """Ask whether the photo of what failed last, or of what is chosen, may be sent."""
        request = self._drawing.last_failed or self._model.request()
        if request is not None:
            self.sending.ask(request, self._drawing.retry)

    def _on_consent_wanted(self, request: GenerationRequest, again: Callable[[], None]) -> None:
        self.sending.ask(request, again)

    def _on_declined(self) -> None:
        self._toast.show_message(tr("Nothing was sent."))

    def _on_choice_wanted(self, choice: str, request: GenerationRequest) -> None:
        if choice == "later":
            self.later.submit(request)
        else:
            self.sending.look(request)

    # Pages that are drawn later.

    def _on_handed_over(self, request: GenerationRequest) -> None:
        self._model.advance_seed()
        self.allowance.refresh()
        self._toast.show_message(
            tr("Handed over. The pages come into the strip below, within a day at the latest.")
        )

    def _on_later_failed(self, request: GenerationRequest | None, error: PickaBookError) -> None:
        if request is None:
            self._toast.show_message(str(error))
        else:
            self._drawing.explain_failure(request, error, lambda: self.later.submit(request))

    def _on_later_pictures(self, result: GenerationResult) -> None:
        self._session.pictures_kept.emit(result)
        self.allowance.refresh()
        count = len(result.pictures)
        one = tr("A page that was to be drawn later has come.")
        several = tr("{count} pages that were to be drawn later have come.", count=count)

        def show() -> None:
            self._drawing.drawn.emit(result)

        self._toast.show_message(one if count == 1 else several, tr("Show"), show)

    def _on_later_changed(self) -> None:
        self._queue.show_later(self._lines(), self.later.still_open)

    def _lines(self) -> "list[LaterLine]":
        from pickabook_desktop.ui.queue_list import LaterLine

        handing = [
            LaterLine(id=f"handing {place}", title=title_of(request, self._model), words=stage)
            for place, (request, stage) in enumerate(self.later.handing_over)
        ]
        known: list[LaterLine] = []
        for batch in self.later.batches:
            words, level = later_words(batch, self.later.problem(batch.id))
            stop = tr("Cancel") if batch.unfinished else tr("Remove from this list")
            title = title_of(batch.request, self._model)
            known.append(
                LaterLine(
                    id=batch.id,
                    title=title,
                    words=words,
                    level=level,
                    stop="" if batch.state == "sending" else stop,
                )
            )
        return handing + known
