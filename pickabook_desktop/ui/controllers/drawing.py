"""From the choices to a page: previews while choosing, and jobs when asked."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.capabilities import Capabilities
from pickabook_desktop.domain.errors import ConsentError, PickaBookError, Remedy
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import GenerationRequest, random_seed
from pickabook_desktop.domain.result import DrawnPicture, GenerationResult, KeptPicture
from pickabook_desktop.ui.controllers.showing import Showing
from pickabook_desktop.ui.draw_button import DrawButton
from pickabook_desktop.ui.queue_button import QueueButton
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.pages import looks_of, title_of
from pickabook_desktop.ui.viewmodels.progress import stage_words, time_words
from pickabook_desktop.ui.viewmodels.remedies import remedy_words
from pickabook_desktop.ui.viewmodels.session import DrawJob, SessionModel


class Drawing(QObject):
    """Connects the create model and the session with what shows them."""

    explained = Signal(str)
    """Something to be told in passing, as a sentence."""
    drawn = Signal(object)
    """A :class:`GenerationResult` that wants to be seen."""
    consent_wanted = Signal(object, object)
    """A request to which somebody must agree first, and what to call then."""
    remedy_wanted = Signal(str)
    """What must be done before anything can be drawn."""
    choice_wanted = Signal(str, object)
    """``later`` or ``look``, and the request as it is chosen now."""

    def __init__(
        self,
        model: CreateModel,
        session: SessionModel,
        showing: Showing,
        button: DrawButton,
        queue: QueueButton,
    ) -> None:
        super().__init__(button)
        self._model = model
        self._session = session
        self._showing = showing
        self._button = button
        self._queue = queue
        self._shown_for: GenerationRequest | None = None
        self._seen_with = ""
        self._last_failed: GenerationRequest | None = None
        self._again: Callable[[], None] | None = None
        self._quiet = False
        model.request_changed.connect(self._on_request_changed)
        model.allowance_changed.connect(self._offer)
        session.preview_drawn.connect(self._on_preview_drawn)
        session.preview_failed.connect(self._on_preview_failed)
        session.work_previewed.connect(showing.show_work)
        session.finished.connect(self._on_finished)
        session.failed.connect(self._on_failed)
        session.cancelled.connect(self._on_cancelled)
        session.jobs_changed.connect(self._on_jobs_changed)
        button.draw_wanted.connect(self.draw)
        button.cancel_wanted.connect(session.cancel_current)
        button.help_wanted.connect(self._on_help_wanted)
        button.choice_wanted.connect(self.choose)
        queue.cancel_wanted.connect(session.cancel)
        self._offer()

    def draw(self) -> None:
        """Queue the page as chosen, or say why it cannot be drawn."""
        request = self._model.request()
        if request is None:
            self._on_help_wanted()
            return
        self._model.remember_prompt()
        self.start(request)

    def start(self, request: GenerationRequest) -> None:
        """Queue any request."""
        title = title_of(request, self._model)
        self._session.draw(request, title, networked=self._networked(request))

    @property
    def last_failed(self) -> GenerationRequest | None:
        """The request that the last explained failure is about."""
        return self._last_failed

    def explain_failure(
        self, request: GenerationRequest, error: PickaBookError, again: Callable[[], None]
    ) -> None:
        """Show what went wrong with ``request``; where a consent is missing, ask for it. ``again``
        tries the same once more.
        """
        if isinstance(error, ConsentError):
            self.consent_wanted.emit(request, again)
            return
        self._last_failed, self._again = request, again
        # One that is still being drawn would hide what is said.
        self._session.drop_preview()
        self._showing.show_error(error)

    def retry(self) -> None:
        """Draw again what failed last, or what is chosen now."""
        again, self._last_failed, self._again = self._again, None, None
        if again is None:
            self.draw()
        else:
            again()

    def recall(self, picture: KeptPicture) -> None:
        """Put everything that ``picture`` was made from back into the form."""
        request = picture.request
        shown = self._showing.current
        self._shown_for = request if shown is not None and shown.id == picture.id else None
        self._model.load(request)
        if self._shown_for is None:
            # What is seen is another page.
            self._on_request_changed()
        if request.photo.path:
            # The photo column says so where the photo is no longer there.
            self.explained.emit(tr("The settings of this page are back in the form."))
        else:
            self.explained.emit(
                tr("Where the photo of this page lies is not known. Choose it to draw more.")
            )

    def reroll(self, picture: KeptPicture) -> None:
        """Draw ``picture`` once more with a fresh seed."""
        self.start(picture.request.with_changes(seed=random_seed(), count=1))

    def preview(self) -> None:
        """Show a preview of what is chosen now, whatever was shown."""
        self._shown_for = None
        self._on_request_changed()

    def _offer(self) -> None:
        obstacle = self._model.obstacle()
        blocker = obstacle.reason
        self._button.set_offer(self._model.estimate())
        self._button.set_missing(blocker, _offer_of(obstacle.remedy))
        self._button.set_choices(self._choices())
        if not blocker and not self._previews_live():
            blocker = tr("Draw the page to see it; this engine shows no previews.")
        self._showing.set_blocker(blocker)

    def _on_request_changed(self) -> None:
        self._offer()
        if self._quiet:
            return
        request = self._model.preview_request()
        if request is None:
            self._session.drop_preview()
            if self._model.photo_stage != "analysing" and self._showing.current is None:
                self._showing.clear()
                self._shown_for = None
            return
        if self._shows(request):
            return
        self._shown_for = None
        self._session.preview(request)

    def _choices(self) -> list[tuple[str, str]]:
        """What can be done with the page besides drawing it now."""
        later = self._model.later()
        choices = (
            [("later", tr("Draw later · {price} · within a day", price=later))] if later else []
        )
        if self._model.needs_network:
            choices.append(("look", tr("Look at what is sent…")))
        return choices

    def _on_help_wanted(self) -> None:
        obstacle = self._model.obstacle()
        if obstacle.remedy is not None:
            self.remedy_wanted.emit(obstacle.remedy)
        else:
            self.explained.emit(obstacle.reason)

    def choose(self, choice: str) -> None:
        """Do something else with the page as chosen than drawing it now: ``later`` or ``look``."""
        request = self._model.request()
        if request is None:
            self._on_help_wanted()
            return
        if choice == "later":
            self._model.remember_prompt()
        self.choice_wanted.emit(choice, request)

    def _capabilities(self, request: GenerationRequest) -> Capabilities | None:
        """What the engine of ``request`` can do with the model that is asked for."""
        states = (state for state in self._model.engines if state.id == request.engine_id)
        state = next(states, None)
        can = state.capabilities if state is not None else None
        return can.chosen(request.options) if can is not None else None

    def _networked(self, request: GenerationRequest) -> bool:
        can = self._capabilities(request)
        return can is not None and can.needs_network

    def _shows(self, request: GenerationRequest) -> bool:
        """Whether what is seen is what a preview of ``request`` would show, or better."""
        # A preview says whether it is a sketch, so it is one for the engine that is chosen.
        another = self._showing.current is None and self._seen_with != self._model.engine_id
        if self._shown_for is None or another:
            return False
        return looks_of(self._model.as_previewed(self._shown_for)) == looks_of(request)

    def _previews_live(self) -> bool:
        can = self._model.capabilities
        live = can is not None and can.live_preview and not can.needs_network
        return live or self._model.sketcher is not None

    def _on_preview_drawn(self, request: GenerationRequest, picture: DrawnPicture) -> None:
        self._shown_for = request
        can = self._model.capabilities
        self._seen_with = self._model.engine_id
        if can is None or request.engine_id == self._model.engine_id:
            self._showing.show_preview(picture)
        else:
            said = tr("A sketch: {engine} draws the page anew", engine=can.title)
            self._showing.show_preview(picture, said)

    def _on_preview_failed(self, request: GenerationRequest, error: PickaBookError) -> None:
        if request.engine_id != self._model.engine_id:
            # Without a sketch the page can be drawn all the same.
            return
        self._last_failed = self._again = None
        self._showing.show_error(error)

    def _on_jobs_changed(self) -> None:
        job = self._session.current
        if job is None:
            self._button.show_idle()
        else:
            self._button.show_progress(job.fraction, stage_words(job), time_words(job))
        jobs = self._session.jobs
        self._queue.show_jobs(jobs, [job.id for job in jobs if self._session.waits(job)])

    def _on_finished(self, result: GenerationResult) -> None:
        if not result.pictures:
            return
        self._session.drop_preview()
        self.drawn.emit(result)
        as_chosen = self._model.request()
        if as_chosen is not None and looks_of(as_chosen) == looks_of(result.request):
            # A fresh seed for the next page is no reason to replace this one by a preview.
            self._quiet = True
            self._model.advance_seed()
            self._quiet = False
            self._shown_for = self._model.request()

    def _on_cancelled(self, job: DrawJob) -> None:
        can = self._capabilities(job.request)
        if can is not None and job.started and can.price_for(job.request.size).amount > 0:
            self.explained.emit(tr("Stopped. What was begun may still be charged."))

    def _on_failed(self, request: GenerationRequest, error: PickaBookError) -> None:
        self.explain_failure(request, error, lambda: self.start(request))


def _offer_of(remedy: Remedy | None) -> str:
    """What the button offers where something must be done before drawing."""
    if remedy is None:
        return ""
    own: dict[Remedy, str] = {"keys": tr("Add a key…"), "raise_limit": tr("Raise the limit…")}
    return own.get(remedy) or remedy_words(remedy)
