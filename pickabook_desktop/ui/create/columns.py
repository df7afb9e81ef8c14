"""The two columns left of the result, put together and bound to the model."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.create.options_panel import OptionsPanel
from pickabook_desktop.ui.create.photo_panel import PhotoPanel
from pickabook_desktop.ui.create.prompt_panel import PromptPanel
from pickabook_desktop.ui.create.style_row import StyleRow
from pickabook_desktop.ui.create.template_panel import TemplatePanel
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.viewmodels.create import NAME_FIELD, CreateModel
from pickabook_desktop.ui.widgets.tab_order import tab_by_layout

if TYPE_CHECKING:
    from pickabook_desktop.ui.create.further_row import FurtherRow

ThumbnailOf = Callable[[str], Path | None]


class Column(QScrollArea):
    """Scrolls up and down only; its scroll bar stands in the margin and moves nothing."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(width)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)

    def fill(self, inside: QWidget) -> None:
        """Scroll ``inside``, which must have a layout."""
        inside.setProperty("kind", "scrolled")
        # Asking Qt for its own would make PySide work out all classes of widgets at the start.
        viewport = QWidget()
        self.setViewport(viewport)
        viewport.setAutoFillBackground(False)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self._on_range_changed(0, 0)

    def _on_range_changed(self, least: int, most: int) -> None:
        inside: QWidget | None = self.widget()
        layout = inside.layout() if inside is not None else None
        if layout is not None:
            inner, outer = Space.LARGE, Space.LARGE - (Space.MEDIUM if most > least else 0)
            mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            left, right = (outer, inner) if mirrored else (inner, outer)
            layout.setContentsMargins(left, Space.MEDIUM, right, Space.MEDIUM)


class PhotoColumn(Column):
    """The photo panel, following the model.

    ``image_pasted`` carries a picture without a file: whoever stores it answers with
    ``model.choose_photo(path)``. :meth:`set_preview` must come before ``model.accept_report``.
    """

    image_pasted = Signal(QImage)

    def __init__(self, model: CreateModel, parent: QWidget | None = None) -> None:
        super().__init__(Metric.PHOTO_COLUMN, parent)
        self._model = model
        self._preview = QImage()
        self._preview_of: Path | None = None
        self.panel = PhotoPanel()
        self._further: FurtherRow | None = None
        self.fill(self.panel)
        self.panel.photo_dropped.connect(model.choose_photo)
        self.panel.image_pasted.connect(self.image_pasted)
        self.panel.photo_removed.connect(model.remove_photo)
        self.panel.face_chosen.connect(model.choose_face)
        self.panel.name_edited.connect(self._on_name_edited)
        model.photo_changed.connect(self._on_photo_changed)
        model.words_changed.connect(self._on_words_changed)
        for signal in (model.photo_changed, model.engine_changed, model.further.changed):
            signal.connect(self._on_further_changed)
        self._on_photo_changed()
        self._on_words_changed()

    @property
    def further(self) -> "FurtherRow":
        """The further photos of the same child; made for the first engine that uses them."""
        if self._further is None:
            from pickabook_desktop.ui.create.further_row import FurtherRow

            self._further = FurtherRow()
            self._further.photos_offered.connect(self._on_photos_offered)
            self._further.photo_removed.connect(self._model.further.remove)
            self.panel.add_below_advice(self._further)
        return self._further

    def set_preview(self, path: Path, preview: QImage) -> None:
        """The upright picture of the photo at ``path``, as large as is at hand."""
        self._preview_of, self._preview = path, preview

    def _on_photo_changed(self) -> None:
        model = self._model
        path = model.photo_path
        name = path.name if path else ""
        preview = self._preview if path == self._preview_of else QImage()
        if model.photo_stage == "empty":
            self.panel.show_empty()
        elif model.photo_stage == "analysing":
            self.panel.show_analysing(name, preview)
        elif model.report is not None and model.photo_stage == "ready":
            self.panel.show_report(model.report, preview, model.face_index)
        else:
            self.panel.show_failure(name, model.photo_problem)

    def _on_further_changed(self) -> None:
        limit = self._model.max_further
        wanted = limit > 0 and self._model.photo_stage == "ready"
        if wanted:
            self.further.show_photos(self._model.further.photos, limit)
        if self._further is not None:
            self._further.setVisible(wanted)

    def _on_photos_offered(self, paths: list[Path]) -> None:
        self.further.explain(self._model.add_further(paths))

    def _on_name_edited(self, text: str) -> None:
        self._model.set_field(NAME_FIELD, text)

    def _on_words_changed(self) -> None:
        self.panel.set_name(self._model.fields.get(NAME_FIELD, ""))


class PageColumn(QWidget):
    """Template, style, prompt and options, which scroll; below them what never moves."""

    def __init__(
        self,
        model: CreateModel,
        template_thumbnail: ThumbnailOf,
        style_thumbnail: ThumbnailOf,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.templates = TemplatePanel(model, template_thumbnail)
        self.styles = StyleRow(model, style_thumbnail)
        self.prompt = PromptPanel(model)
        self.options = OptionsPanel(model)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self.templates, 1)
        column.addWidget(self.styles)
        column.addWidget(self.prompt)
        column.addWidget(self.options)
        self._scroll = Column(Metric.PAGE_COLUMN)
        self._scroll.fill(inside)
        self.options.expanded_changed.connect(self._on_options_expanded)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._scroll, 1)
        self.setAccessibleName(tr("Page"))
        # After the panels' own slots: what they make anew must find its place in the order of Tab.
        for signal in (model.template_changed, model.options_changed, model.engine_changed):
            signal.connect(self._order_tabs)
        self._order_tabs()

    def add_footer(self, widget: QWidget) -> None:
        """Put a widget, such as the primary button, below what scrolls."""
        frame = QWidget()
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(Space.LARGE, Space.SMALL, Space.LARGE, Space.MEDIUM)
        layout.addWidget(widget)
        self._layout.addWidget(frame)
        self._order_tabs()

    def _order_tabs(self) -> None:
        tab_by_layout(self)

    def _on_options_expanded(self, expanded: bool) -> None:
        if expanded:
            self._order_tabs()
            QTimer.singleShot(0, self._scroll, self._reveal_options)

    def _reveal_options(self) -> None:
        self._scroll.ensureWidgetVisible(self.options, 0, Space.MEDIUM)

    def sizeHint(self) -> QSize:
        return QSize(Metric.PAGE_COLUMN, super().sizeHint().height())
