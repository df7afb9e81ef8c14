"""The window with an engine that is a service, and nobody at the other end of the line."""

import dataclasses
from collections.abc import Callable, Iterator

import msgspec
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.errors import RefusedError
from pickabook_desktop.domain.events import JobEvent, Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import BatchState, BatchTicket
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.jobs.easel import Easel
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.ui.main_window import MainWindow

ONLINE_STATES = (
    "online",
    "models",
    "privacy-gate",
    "countdown",
    "refusal",
    "drawn-later",
    "no-key",
)
SERVICE = "gemini"
WAIT = 42.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class PretendedEasel(Easel):
    """Draws what is on this machine; in the place of a service it plays the first of ``script``."""

    script: list[Job]

    def generate_job(self, request: GenerationRequest) -> Job:
        local = request.engine_id != SERVICE or not self.script
        return super().generate_job(request) if local else self.script.pop(0)


class PretendedStudio(Studio, frozen=True, kw_only=True):
    """A studio with such an easel."""

    script: list[Job]

    @property
    def easel(self) -> PretendedEasel:
        easel = super().easel
        parts = {field.name: getattr(easel, field.name) for field in dataclasses.fields(easel)}
        return PretendedEasel(**parts, script=self.script)


def with_pretended_service(studio: Studio) -> PretendedStudio:
    """The same studio; whoever draws with the service there is pretended to."""
    return PretendedStudio(**msgspec.structs.asdict(studio), script=[])


class OnlineStates:
    """Brings the window into each state; ``save`` takes a picture, ``settle`` lets queued work
    end, ``wait`` waits for something.
    """

    def __init__(
        self,
        window: MainWindow,
        studio: PretendedStudio,
        save: Callable[[QWidget, str], None],
        settle: Callable[[], None],
        wait: Callable[[Callable[[], bool]], None],
    ) -> None:
        self._window = window
        self._studio = studio
        self._save = save
        self._settle = settle
        self._wait = wait

    def take(self, state: str) -> None:
        """Take the picture of one of ``ONLINE_STATES``."""
        choices = self._window.choices
        self._window.viewer.clear_error()
        if choices.photo_path != self._window.sample:
            choices.choose_photo(self._window.sample)
        choices.choose_size("2K")
        choices.set_count(1)
        choices.choose_engine(SERVICE)
        self._wait(lambda: choices.photo_stage == "ready")
        getattr(self, state.replace("-", "_"))()
        choices.choose_engine("storybook")
        self._settle()

    def online(self) -> None:
        self._window.choices.set_book("Mia’s winter")
        self._window.page_column.options.set_expanded(True)
        self._picture("online")
        self._window.page_column.options.set_expanded(False)
        self._window.choices.set_book("")

    def models(self) -> None:
        self._window.page_column.options.set_expanded(True)
        box = self._window.page_column.options.form.models.box
        box.showPopup()
        self._settle()
        self._save(box.view().window(), "models")
        box.hidePopup()
        self._window.page_column.options.set_expanded(False)

    def privacy_gate(self) -> None:
        sending = self._window.workings.online.sending
        request = self._window.choices.request()
        if request is None:
            return
        sending.ask(request, lambda: None)
        self._wait(lambda: sending.gate is not None and sending.gate.view is not None)
        self._settle()
        if sending.gate is not None:
            self._save(sending.gate, "privacy-gate")
            sending.gate.reject()
            self._window.workings.toast.hide()

    def countdown(self) -> None:
        self._studio.script.append(_waits)
        self._window.workings.drawing.draw()
        self._wait(lambda: any(job.pause for job in self._window.session.jobs))
        self._picture("countdown")
        self._window.session.cancel_current()

    def refusal(self) -> None:
        self._studio.script.append(_refuses)
        self._window.workings.drawing.draw()
        self._wait(lambda: self._window.viewer.error_shown)
        self._picture("refusal")
        self._window.viewer.clear_error()

    def drawn_later(self) -> None:
        request = self._window.choices.request()
        if request is None:
            return
        batches = self._studio.library.batches
        for number, state in enumerate(("waiting", "running"), start=1):
            asked = request.with_changes(count=4 * number, template_id=self._template(number))
            batch_id = batches.begin(asked)
            batches.sent(batch_id, BatchTicket(name=f"batch {number}"))
            done = 3 if state == "running" else 0
            batches.polled(batch_id, BatchState(state=state, done=done, total=4 * number))
        later, queue = self._window.workings.online.later, self._window.top_bar.queue
        later.read()
        self._wait(lambda: len(later.batches) == 2)
        self._settle()
        popup = queue.job_list
        popup.adjustSize()
        popup.show()
        self._settle()
        self._save(popup, "drawn-later")
        popup.close()
        batches.remove([batch.id for batch in later.batches])
        later.read()

    def no_key(self) -> None:
        choices = self._window.choices
        known, choices.key_known = choices.key_known, _unknown_to_all
        choices.refresh()
        self._picture("no-key")
        choices.key_known = known
        choices.refresh()

    def _template(self, number: int) -> str:
        return list(self._window.choices.templates)[number]

    def _picture(self, state: str) -> None:
        self._settle()
        self._save(self._window, state)


def _unknown_to_all(_name: str) -> bool | None:
    return False


def _waits(token: CancelToken) -> Iterator[JobEvent]:
    stage = tr("Google asks to wait")
    yield Progress(fraction=0.3, stage=stage, attempt=2, waiting=WAIT)
    token.wait(WAIT)
    token.raise_if_cancelled()


def _refuses(_token: CancelToken) -> Iterator[JobEvent]:
    yield Progress(fraction=0.3, stage=tr("Gemini draws the picture"))
    raise RefusedError(
        tr("Gemini did not deliver the picture: it takes it for unsafe."),
        tr("Use another crop or another photo; a shorter prompt may help as well."),
        code="IMAGE_SAFETY",
        remedies=("other_crop", "other_photo", "shorten_prompt", "other_engine"),
    )
