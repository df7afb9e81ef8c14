"""The state of the create view: what has been chosen, and the request it makes."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.capabilities import MODEL_OPTION, EngineState
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import NAME_FIELD
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.template import Style, Template
from pickabook_desktop.ui.viewmodels.cost import estimate_text, later_text
from pickabook_desktop.ui.viewmodels.engine_choices import Obstacle
from pickabook_desktop.ui.viewmodels.photo_choice import PhotoChoice
from pickabook_desktop.ui.viewmodels.picture_size import name_of, nearest_aspect, size_problem
from pickabook_desktop.ui.viewmodels.prompt_history import PromptHistory

__all__ = ["NAME_FIELD", "CreateModel"]


class CreateModel(PhotoChoice):
    """Every choice that goes into a request.

    ``request_changed`` follows every change that :meth:`request`, :meth:`obstacle` or
    :meth:`estimate` may show, but for what may still be spent: ``allowance_changed`` follows that.
    """

    template_changed = Signal()
    style_changed = Signal()
    words_changed = Signal()
    book_changed = Signal()
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
        self.template_id = ""
        self.palette_id = ""
        self.style_id = next(iter(styles), "")
        self.prompt = ""
        self.fields: dict[str, str] = {}
        self.book = ""
        self.books: tuple[str, ...] = ()
        """Earlier books, the latest first."""
        self._history = PromptHistory()
        for signal in (
            self.photo_changed,
            self.further.changed,
            self.template_changed,
            self.style_changed,
            self.words_changed,
            self.book_changed,
            self.options_changed,
            self.engine_changed,
        ):
            signal.connect(self.request_changed)

    # What is chosen, as the things themselves.

    @property
    def template(self) -> Template | None:
        return self.templates.get(self.template_id)

    @property
    def history(self) -> tuple[str, ...]:
        """Earlier prompts, newest first."""
        return self._history.entries

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

    def set_book(self, title: str) -> None:
        """Which book the page is for."""
        if title != self.book:
            self.book = title
            self.book_changed.emit()

    def set_books(self, titles: Iterable[str]) -> None:
        """Earlier books, the latest first, to choose from."""
        self.books = tuple(dict.fromkeys(title for title in titles if title))
        self.history_changed.emit()

    def set_history(self, entries: Iterable[str]) -> None:
        self._history = PromptHistory(entries)
        self.history_changed.emit()

    def remember_prompt(self) -> None:
        """Keep the present prompt and book for later; to be called when a page is drawn."""
        book = self.book.strip()
        if book and book not in self.books:
            self.set_books((book, *self.books))
        if self._history.remember(self.prompt):
            self.history_changed.emit()

    def older_prompt(self) -> None:
        self.set_prompt(self._history.older(self.prompt))

    def newer_prompt(self) -> None:
        self.set_prompt(self._history.newer(self.prompt))

    # What comes of it.

    def blocker(self) -> str:
        """Why a page cannot be drawn now, as a sentence; empty when it can."""
        return self.obstacle().reason

    def obstacle(self) -> Obstacle:
        """The same, with what removes it."""
        found = (self._photo_obstacle(), self._engine_obstacle(), Obstacle(self._page_blocker()))
        return next((obstacle for obstacle in found if obstacle.reason), Obstacle())

    def estimate(self) -> str:
        """What the next page costs and takes, for example ``free · about 1 s``."""
        return estimate_text(self.capabilities, self.size, self.count)

    def later(self) -> str:
        """What it costs where it need not come at once; empty where that is not offered."""
        return later_text(self.capabilities, self.size, self.count)

    def request(self) -> GenerationRequest | None:
        """The request as chosen, or None while :meth:`blocker` has something to say."""
        return None if self.blocker() else self._request()

    @property
    def sketcher(self) -> EngineState | None:
        """The engine that shows on this machine what the chosen one will draw elsewhere; None
        where there is nothing to go by, or the chosen one shows it itself.
        """
        if not self.needs_network or self.template is None:
            return None
        return next((state for state in self.engines if _sketches(state)), None)

    def preview_request(self) -> GenerationRequest | None:
        """What can be shown of the page before it is drawn, also while something is missing that
        only drawing needs; None where nothing can.
        """
        can = self.capabilities
        if can is not None and can.live_preview and not can.needs_network:
            return self.request()
        if self.sketcher is None or self._photo_obstacle().reason or self._page_blocker():
            return None
        request = self._request()
        return self.as_previewed(request) if request is not None else None

    def as_previewed(self, request: GenerationRequest) -> GenerationRequest:
        """``request`` as it is previewed, which for services another engine does."""
        state = next((state for state in self.engines if state.id == request.engine_id), None)
        can = state.capabilities if state is not None else None
        if can is None or not can.needs_network or self.sketcher is None:
            return request
        return request.with_changes(
            engine_id=self.sketcher.id,
            options=self._engine_options.get(self.sketcher.id, {}),
            further_photos=(),
        )

    def _request(self) -> GenerationRequest | None:
        """What is chosen, whether it can be drawn or not; None without a photo."""
        if self.photo_path is None:
            return None
        blanks = {f.id for f in self.template.fields} if self.template else set(self.fields)
        model = {MODEL_OPTION: self.model.id} if self.model else {}
        return GenerationRequest(
            photo=self._photo_reference(),
            template_id=self.template_id,
            style_id=self.style_id,
            engine_id=self.engine_id,
            prompt=self.prompt.strip(),
            fields={k: v.strip() for k, v in self.fields.items() if k in blanks and v.strip()},
            palette_id=self.palette_id,
            size=self.size,
            seed=self.seed,
            count=self.count,
            options=self.engine_options | model,
            further_photos=self.further.references(self.max_further),
            book=self.book.strip(),
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
        self.seed = request.seed
        self.book = request.book
        self._engine_options[request.engine_id] = dict(request.options)
        self.custom_size = request.size
        aspect = nearest_aspect(self.aspects, request.size.aspect)
        name = name_of(request.size, self.size_names, aspect)
        self._wish_for(size_name=name, aspect=aspect, count=request.count)
        for signal in (self.engine_changed, self.template_changed, self.style_changed):
            signal.emit()
        self.words_changed.emit()
        self.book_changed.emit()
        self.options_changed.emit()
        self._load_photos(request.photo, request.further_photos)

    def _page_blocker(self) -> str:
        if self.template is None and not self.prompt.strip():
            return tr("Choose a template, or say what you wish for.")
        return size_problem(self.size, self.capabilities)


def _sketches(state: EngineState) -> bool:
    """Whether an engine can show a page at once without telling anybody."""
    can = state.capabilities
    if can is None or state.unavailable:
        return False
    return can.live_preview and not can.needs_network
