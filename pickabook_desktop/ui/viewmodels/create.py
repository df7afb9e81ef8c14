"""The state of the create view: what has been chosen, and the request it makes."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.photo import Level, PhotoReport
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.template import Style, Template
from pickabook_desktop.ui.viewmodels.cost import estimate_text
from pickabook_desktop.ui.viewmodels.engine_choices import EngineChoices
from pickabook_desktop.ui.viewmodels.picture_size import name_of, nearest_aspect, size_problem
from pickabook_desktop.ui.viewmodels.prompt_history import PromptHistory

PhotoStage = Literal["empty", "analysing", "ready", "failed"]
NAME_FIELD = "name"


class CreateModel(EngineChoices):
    """Every choice that goes into a request.

    ``photo_chosen`` carries the path of a photo that wants to be looked at; whoever looks answers
    with :meth:`accept_report` or :meth:`fail_photo`. ``request_changed`` follows every change that
    :meth:`request`, :meth:`blocker` or :meth:`estimate` may show.
    """

    photo_chosen = Signal(Path)
    photo_changed = Signal()
    template_changed = Signal()
    style_changed = Signal()
    words_changed = Signal()
    history_changed = Signal()
    request_changed = Signal()

    def __init__(
        self,
        templates: Mapping[str, Template],
        styles: Mapping[str, Style],
        engines: Sequence[EngineState],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(engines, parent)
        self.templates = templates
        self.styles = styles
        self.photo_path: Path | None = None
        self.photo_stage: PhotoStage = "empty"
        self.photo_problem = ""
        self.report: PhotoReport | None = None
        self.face_index: int | None = None
        self.template_id = ""
        self.palette_id = ""
        self.style_id = next(iter(styles), "")
        self.prompt = ""
        self.fields: dict[str, str] = {}
        self._history = PromptHistory()
        for signal in (
            self.photo_changed,
            self.template_changed,
            self.style_changed,
            self.words_changed,
            self.options_changed,
            self.engine_changed,
        ):
            signal.connect(self.request_changed)

    # What is chosen, as the things themselves.

    @property
    def template(self) -> Template | None:
        return self.templates.get(self.template_id)

    @property
    def level(self) -> Level:
        return self.report.level_for(self.face_index) if self.report else "good"

    @property
    def history(self) -> tuple[str, ...]:
        """Earlier prompts, newest first."""
        return self._history.entries

    # The photo.

    def choose_photo(self, path: Path, face_index: int | None = None) -> None:
        """Take another photo; its report comes later."""
        self.photo_path, self.report, self.face_index = path, None, face_index
        self.photo_stage, self.photo_problem = "analysing", ""
        self.photo_changed.emit()
        self.photo_chosen.emit(path)

    def accept_report(self, path: Path, report: PhotoReport) -> None:
        """The answer to ``photo_chosen``; one for an earlier photo is dropped."""
        if path != self.photo_path:
            return
        self.report, self.photo_stage = report, "ready"
        if self.face_index is not None and self.face_index >= len(report.faces):
            self.face_index = None
        self.photo_changed.emit()

    def fail_photo(self, path: Path, problem: str) -> None:
        """The photo could not be used; ``problem`` says why and what to do."""
        if path != self.photo_path:
            return
        self.photo_stage, self.photo_problem = "failed", problem
        self.photo_changed.emit()

    def remove_photo(self) -> None:
        self.photo_path = self.report = self.face_index = None
        self.photo_stage, self.photo_problem = "empty", ""
        self.photo_changed.emit()

    def choose_face(self, index: int | None) -> None:
        """None takes the largest."""
        if index != self.face_index:
            self.face_index = index
            self.photo_changed.emit()

    # Page, style and words.

    def choose_template(self, template_id: str) -> None:
        """Unknown and empty ids choose nothing: the prompt then decides."""
        template_id = template_id if template_id in self.templates else ""
        if template_id == self.template_id:
            return
        self.template_id = template_id
        if self.template is None or self.template.palette(self.palette_id) is None:
            self.palette_id = ""
        self._fit_shape()
        self.template_changed.emit()

    def choose_palette(self, palette_id: str) -> None:
        if palette_id != self.palette_id:
            self.palette_id = palette_id
            self.template_changed.emit()

    def choose_style(self, style_id: str) -> None:
        if style_id in self.styles and style_id != self.style_id:
            self.style_id = style_id
            self.style_changed.emit()

    def set_prompt(self, text: str) -> None:
        if text != self.prompt:
            self.prompt = text
            self.words_changed.emit()

    def set_field(self, field_id: str, text: str) -> None:
        """Fill in a blank of the template; kept when another template has the same blank."""
        if text != self.fields.get(field_id, ""):
            self.fields[field_id] = text
            self.words_changed.emit()

    def set_history(self, entries: Iterable[str]) -> None:
        self._history = PromptHistory(entries)
        self.history_changed.emit()

    def remember_prompt(self) -> None:
        """Keep the present prompt for later; to be called when a page is drawn."""
        if self._history.remember(self.prompt):
            self.history_changed.emit()

    def older_prompt(self) -> None:
        self.set_prompt(self._history.older(self.prompt))

    def newer_prompt(self) -> None:
        self.set_prompt(self._history.newer(self.prompt))

    # What comes of it.

    def blocker(self) -> str:
        """Why a page cannot be drawn now, as a sentence; empty when it can."""
        return self._photo_blocker() or self._engine_blocker() or self._page_blocker()

    def estimate(self) -> str:
        """What the next page costs and takes, for example ``free · about 1 s``."""
        return estimate_text(self.capabilities, self.size, self.count)

    def request(self) -> GenerationRequest | None:
        """The request as chosen, or None while :meth:`blocker` has something to say."""
        if self.blocker() or self.photo_path is None:
            return None
        blanks = {f.id for f in self.template.fields} if self.template else set(self.fields)
        sha256 = self.report.sha256 if self.report else ""
        return GenerationRequest(
            photo=PhotoRef(path=str(self.photo_path), sha256=sha256, face_index=self.face_index),
            template_id=self.template_id,
            style_id=self.style_id,
            engine_id=self.engine_id,
            prompt=self.prompt.strip(),
            fields={k: v.strip() for k, v in self.fields.items() if k in blanks and v.strip()},
            palette_id=self.palette_id,
            size=self.size,
            seed=self.seed,
            count=self.count,
            options=self.engine_options,
        )

    def load(self, request: GenerationRequest) -> None:
        """Set every choice to what ``request`` says; the photo is looked at again if need be."""
        self.engine_id = request.engine_id
        self.template_id = request.template_id if request.template_id in self.templates else ""
        self.palette_id = request.palette_id
        if request.style_id in self.styles:
            self.style_id = request.style_id
        self.prompt = request.prompt
        self.fields |= request.fields
        self.count = min(request.count, self.max_count)
        self.seed = request.seed
        self._engine_options[request.engine_id] = dict(request.options)
        self.custom_size = request.size
        self._aspect = nearest_aspect(self.aspects, request.size.aspect)
        self.size_name = name_of(request.size, self.size_names, self._aspect)
        for signal in (self.engine_changed, self.template_changed, self.style_changed):
            signal.emit()
        self.words_changed.emit()
        self.options_changed.emit()
        self._load_photo(request.photo)

    def _load_photo(self, photo: PhotoRef) -> None:
        known = self.report is not None and self.photo_stage == "ready"
        if known and self.report is not None and photo.sha256 == self.report.sha256:
            self.choose_face(photo.face_index)
        elif photo.path:
            self.choose_photo(Path(photo.path), photo.face_index)

    def _photo_blocker(self) -> str:
        if self.photo_stage == "empty":
            return tr("Choose a photo first.")
        if self.photo_stage == "analysing":
            return tr("Looking at the photo…")
        if self.photo_stage == "failed" or self.report is None:
            return self.photo_problem or tr("Choose another photo.")
        notes = self.report.notes_for(self.face_index)
        return next((note.message for note in notes if note.level == "stop"), "")

    def _engine_blocker(self) -> str:
        if self.engine is None:
            return tr("Choose an engine first.")
        return self.engine.unavailable

    def _page_blocker(self) -> str:
        if self.template is None and not self.prompt.strip():
            return tr("Choose a template, or say what you wish for.")
        return size_problem(self.size, self.capabilities)
