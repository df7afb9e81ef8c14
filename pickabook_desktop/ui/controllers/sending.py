"""Before a photo leaves: what would be sent is shown, and whoever may decide is asked."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from pickabook_desktop.domain.capabilities import Capabilities
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import JobHandle, Lanes
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.ui.controllers.appearance import keep_setting
from pickabook_desktop.ui.setting_keys import AGREED_BY_KEY, CONSENT_DAYS_KEY
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.shelf import job_of

if TYPE_CHECKING:
    from pickabook_desktop.ui.dialogs.privacy_gate import PrivacyGate
    from pickabook_desktop.ui.dialogs.sending import SendingDialog


class _Prepared(msgspec.Struct, frozen=True):
    outgoing: Outgoing
    missing: bool


class Sending(QObject):
    """One question at a time; pages that need the same answer wait for it."""

    declined = Signal()
    """Somebody has decided that nothing is sent."""

    def __init__(self, studio: Studio, lanes: Lanes, model: CreateModel, window: QWidget) -> None:
        super().__init__(window)
        self._studio = studio
        self._lanes = lanes
        self._model = model
        self._window = window
        self._gate: PrivacyGate | None = None
        self._waiting: list[Callable[[], None]] = []

    @property
    def gate(self) -> "PrivacyGate | None":
        """The question that is open."""
        return self._gate

    def ask(self, request: GenerationRequest, go_on: Callable[[], None]) -> None:
        """Show what ``request`` sends, and call ``go_on`` once somebody has agreed to that."""
        self._waiting.append(go_on)
        if self._gate is not None:
            return
        from pickabook_desktop.ui.dialogs.privacy_gate import PrivacyGate

        who = self._studio.settings.text(AGREED_BY_KEY)
        gate = self._gate = PrivacyGate(who, self._until(), self._window)

        def give(outgoing: Outgoing) -> Callable[[str], None]:
            return lambda by: self._give(gate, outgoing, by)

        def on_prepared(prepared: _Prepared) -> None:
            if prepared.missing:
                gate.agreed.connect(give(prepared.outgoing))
            else:
                # Somebody has agreed meanwhile.
                gate.accept()

        self._fill(gate, request, on_prepared)
        gate.finished.connect(self._on_answered)

    def look(self, request: GenerationRequest) -> None:
        """Show what ``request`` sends; nothing comes of it."""
        from pickabook_desktop.ui.dialogs.sending import SendingDialog

        self._fill(SendingDialog(self._window), request, lambda prepared: None)

    def _fill(
        self,
        dialog: "SendingDialog",
        request: GenerationRequest,
        on_prepared: Callable[[_Prepared], None],
    ) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        capabilities = self._capabilities(request)

        def on_event(event: JobEvent) -> None:
            if handle.token.cancelled:
                return
            if isinstance(event, Done) and isinstance(event.value, _Prepared):
                if capabilities is not None:
                    dialog.show_outgoing(event.value.outgoing, capabilities, request.count)
                on_prepared(event.value)
            elif isinstance(event, Failed):
                dialog.show_problem(str(event.error))

        handle: JobHandle = self._lanes.submit(
            "photo", _prepared_job(self._studio, request), on_event
        )
        dialog.finished.connect(handle.cancel)

    def _give(self, gate: "PrivacyGate", outgoing: Outgoing, by: str) -> None:
        def on_event(event: JobEvent) -> None:
            if gate is not self._gate:
                return
            if isinstance(event, Done):
                keep_setting(self._studio.settings, self._lanes, AGREED_BY_KEY, by)
                gate.accept()
            elif isinstance(event, Failed):
                gate.show_refusal(str(event.error))

        job = job_of(lambda: self._studio.permission.give(outgoing, by))
        self._lanes.submit("library", job, on_event, must_finish=True)

    def _on_answered(self, answer: int) -> None:
        self._gate = None
        waiting, self._waiting = self._waiting, []
        if answer != QDialog.DialogCode.Accepted.value:
            self.declined.emit()
            return
        for go_on in waiting:
            go_on()

    def _capabilities(self, request: GenerationRequest) -> Capabilities | None:
        states = (state for state in self._model.engines if state.id == request.engine_id)
        state = next(states, None)
        declared = state.capabilities if state else None
        return declared.chosen(request.options) if declared else None

    def _until(self) -> date:
        from pickabook_desktop.jobs.permission import CONSENT_DAYS, consent_days

        try:
            days = consent_days(self._studio.settings.text(CONSENT_DAYS_KEY))
        except InputError:
            days = CONSENT_DAYS
        return date.today() + timedelta(days=days)


def _prepared_job(studio: Studio, request: GenerationRequest) -> Job:
    """What would be sent, and whether anybody has yet to agree to it."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        for event in studio.easel.outgoing_job(request)(token):
            if isinstance(event, Done) and isinstance(event.value, Outgoing):
                missing = bool(studio.permission.missing(event.value))
                yield Done(value=_Prepared(event.value, missing))
            else:
                yield event

    return job
