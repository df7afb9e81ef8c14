"""From a kept picture back to its request: into the form, or drawn once more."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from pickabook_desktop.domain.capabilities import Capabilities, EngineState
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.controllers.drawing import Drawing
from pickabook_desktop.ui.controllers.gallery.redrawing import Redrawing
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.decision_words import pages
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.models import brief
from pickabook_desktop.ui.viewmodels.other_child import OtherChildModel
from pickabook_desktop.ui.viewmodels.pages import title_of
from pickabook_desktop.ui.viewmodels.redrawing import (
    MOST_AT_ONCE,
    Found,
    Plan,
    find,
    planned,
    refitted,
    same_again_problem,
    with_new_seeds,
)
from pickabook_desktop.ui.viewmodels.session import SessionModel
from pickabook_desktop.ui.viewmodels.shelf import job_of

WithFound = Callable[[tuple[Found, ...]], None]


class Recalling(QObject):
    """Answers to the actions that start from kept pictures. What is drawn goes the same way as from
    the create tab, with the same questions. ``show_create`` changes to that tab.
    """

    def __init__(
        self,
        actions: Mapping[str, QAction],
        model: GalleryModel,
        studio: Studio,
        lanes: Lanes,
        choices: CreateModel,
        session: SessionModel,
        drawing: Drawing,
        toast: Toast,
        show_create: Callable[[], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._model = model
        self._studio = studio
        self._lanes = lanes
        self._choices = choices
        self._drawing = drawing
        self._toast = toast
        self._show_create = show_create
        self._window = window
        self.redrawing = Redrawing(model, session, drawing, toast, show_create, window)
        for action_id, call in (
            ("lib_recall", self.recall),
            ("lib_again", self.draw_again),
            ("lib_again_seed", self.draw_differently),
            ("lib_other_engine", self.offer_engines),
            ("lib_other_child", self.ask_for_child),
        ):
            actions[action_id].triggered.connect(_plain(call))

    def recall(self) -> None:
        """Put everything that the current picture was made from back into the form."""
        card = self._model.current_card
        if card is not None:
            self._find((card.id,), self._on_recalled)

    def draw_again(self) -> None:
        """Draw the chosen pages once more, the same as they are."""

        def go(found: tuple[Found, ...]) -> None:
            plan = self._plan(found, [one.request for one in found if one.drawable])
            problems = (same_again_problem(self._capabilities(r)) for r in plan.requests)
            self._go(plan, tr("Draw again"), tuple(dict.fromkeys(filter(None, problems))))

        self._with_chosen(go)

    def draw_differently(self) -> None:
        """Draw the chosen pages once more, each with a new seed."""

        def go(found: tuple[Found, ...]) -> None:
            requests = with_new_seeds(one.request for one in found if one.drawable)
            self._go(self._plan(found, requests), tr("Draw again, differently"))

        self._with_chosen(go)

    def offer_engines(self) -> None:
        """Open the list of engines that can draw the chosen pages now."""
        self._with_keys(lambda: self._with_chosen(self._open_engines))

    def draw_with(self, state: EngineState, found: tuple[Found, ...]) -> None:
        """Draw pages with another engine."""
        declared = state.capabilities
        if declared is None:
            return
        options = self._choices.all_engine_options.get(state.id, {})
        requests: list[GenerationRequest] = []
        warnings: dict[str, None] = {}
        for one in found:
            if one.drawable:
                template = self._choices.templates.get(one.request.template_id)
                request, said = refitted(one.request, declared, template, options)
                requests.append(request)
                warnings |= dict.fromkeys(said)
        plan = self._plan(found, requests, tuple(warnings))
        self._go(plan, tr("Draw with {engine}", engine=declared.title))

    def ask_for_child(self) -> None:
        """Open the dialog in which another child is chosen for the pages."""
        self._with_chosen(self._open_child)

    def engines_for(self, found: Sequence[Found]) -> tuple[EngineState, ...]:
        """The engines that can be used now, but for the one that has drawn all of ``found``."""
        used = {one.request.engine_id for one in found}
        return tuple(
            state
            for state in self._choices.engines
            if _usable(state, self._choices) and used != {state.id}
        )

    def _on_recalled(self, found: tuple[Found, ...]) -> None:
        self._show_create()
        self._drawing.recall(found[0].kept)
        path = found[0].request.photo.path
        if found[0].photo == "moved":
            self._drawing.explained.emit(
                tr("The settings are back in the form. The photo now lies here: {path}", path=path)
            )

    def _open_engines(self, found: tuple[Found, ...]) -> None:
        states = self.engines_for(found)
        if not states:
            self._toast.show_message(
                tr("No other engine can be used now. The settings say what each one needs.")
            )
            return
        menu = QMenu(self._window)
        menu.setObjectName("engines")
        for state in states:
            action = menu.addAction(brief(state).replace("&", "&&"))
            action.setData(state.id)
            action.triggered.connect(self._engine_chooser(state, found))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._menu_place())

    def _engine_chooser(self, state: EngineState, found: tuple[Found, ...]) -> Callable[[], None]:
        return lambda: self.draw_with(state, found)

    def _menu_place(self) -> QPoint:
        pointed = QCursor.pos()
        inside = self._window.rect().contains(self._window.mapFromGlobal(pointed))
        return pointed if inside else self._window.mapToGlobal(self._window.rect().center())

    def _open_child(self, found: tuple[Found, ...]) -> None:
        from pickabook_desktop.ui.dialogs.other_child import OtherChildDialog

        requests = [one.request for one in found]
        plan = self._planned(requests)
        if plan.objection:
            self._toast.show_message(plan.objection)
            return
        child = OtherChildModel(self._studio, self._lanes, requests)
        title = title_of(requests[0], self._choices)
        dialog = OtherChildDialog(child, title, plan.estimate, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.redrawing.start)
        dialog.open()

    def _go(self, plan: Plan, title: str, remarks: tuple[str, ...] = ()) -> None:
        """Draw, or ask first where that costs something or is not quite what was wished for.
        ``remarks`` are said but do not ask.
        """
        if not plan.requests:
            self._explain_photo()
        elif plan.objection:
            self._toast.show_message(plan.objection)
        elif len(plan.requests) > 1 or plan.amount > 0 or plan.left_out or plan.warnings:
            self._ask(plan, title, remarks)
        else:
            self.redrawing.start(plan.requests, " ".join(remarks))

    def _ask(self, plan: Plan, title: str, remarks: tuple[str, ...]) -> None:
        count = len(plan.requests)
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(title)
        box.setText(tr("{title}: {pages}", title=title, pages=pages(count)))
        said = [plan.estimate, *plan.warnings, *remarks]
        if plan.left_out:
            left = pages(plan.left_out)
            said.append(tr("Left out, for the photo is not there any more: {pages}.", pages=left))
        box.setInformativeText("\n".join(said))
        draw = box.addButton(
            tr("Draw {pages}", pages=pages(count)), QMessageBox.ButtonRole.AcceptRole
        )
        draw.clicked.connect(lambda: self.redrawing.start(plan.requests))
        box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(draw)
        box.open()

    def _explain_photo(self) -> None:
        self._toast.show_message(
            tr(
                "The photo is not where it was, or has been changed. Choose it in the form to draw"
                " the page again."
            ),
            tr("Recall settings"),
            self.recall,
        )

    def _with_chosen(self, call: WithFound) -> None:
        def with_ids(ids: tuple[str, ...]) -> None:
            if len(ids) > MOST_AT_ONCE:
                most = pages(MOST_AT_ONCE)
                self._toast.show_message(tr("Choose at most {pages} at a time.", pages=most))
            else:
                self._find(ids, call)

        self._model.with_selected_ids(with_ids)

    def _with_keys(self, call: Callable[[], None]) -> None:
        """Look for the keys of which nobody knows yet whether they are there."""
        states = (state.capabilities for state in self._choices.engines)
        unknown = (can for can in states if can is not None and can.needs_key)
        if all(self._choices.key_known(can.key) is not None for can in unknown):
            call()
            return

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done | Failed):
                call()

        self._lanes.submit("keys", self._studio.refresh_keys_job(), on_event)

    def _find(self, ids: Sequence[str], call: WithFound) -> None:
        """Read the requests and look for their photos, off the main thread."""
        studio = self._studio

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                found = cast("tuple[Found, ...]", event.value)
                if found:
                    call(found)
            elif isinstance(event, Failed):
                self._toast.show_message(str(event.error))

        job = job_of(lambda: find(studio.library, studio.children, ids))
        self._lanes.submit("photo", job, on_event)

    def _plan(
        self,
        found: Sequence[Found],
        requests: Sequence[GenerationRequest],
        warnings: tuple[str, ...] = (),
    ) -> Plan:
        return self._planned(requests, len(found) - len(requests), warnings)

    def _planned(
        self,
        requests: Sequence[GenerationRequest],
        left_out: int = 0,
        warnings: tuple[str, ...] = (),
    ) -> Plan:
        allowance = self._choices.allowance
        return planned(
            requests, self._capabilities, allowance, left_out=left_out, warnings=warnings
        )

    def _capabilities(self, request: GenerationRequest) -> Capabilities | None:
        states = (state for state in self._choices.engines if state.id == request.engine_id)
        state = next(states, None)
        can = state.capabilities if state is not None else None
        return can.chosen(request.options) if can is not None else None


def _usable(state: EngineState, choices: CreateModel) -> bool:
    can = state.capabilities
    if can is None or state.unavailable:
        return False
    return not (can.needs_key and choices.key_known(can.key) is False)


def _plain(call: Callable[[], None]) -> Callable[..., None]:
    """``call`` without what a signal says."""

    def run(*_said: object) -> None:
        call()

    return run
