"""What else a page is made by, from its model to its book, folded away until wanted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.picture_size import size_text
from pickabook_desktop.ui.widgets.collapsible import CollapsibleSection

if TYPE_CHECKING:
    from pickabook_desktop.ui.create.options_form import OptionsForm


class OptionsPanel(QWidget):
    """Says in brief what the options of a :class:`CreateModel` come to; unfolds their form."""

    expanded_changed = Signal(bool)

    def __init__(self, model: CreateModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._form: OptionsForm | None = None
        self.section = CollapsibleSection(tr("Options"), self._make_form)
        self.section.expanded_changed.connect(self.expanded_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.section)
        for signal in (model.options_changed, model.engine_changed, model.template_changed):
            signal.connect(self._refresh)
        self._refresh()

    @property
    def form(self) -> "OptionsForm":
        """The fields; made when first needed."""
        if self._form is None:
            from pickabook_desktop.ui.create.options_form import OptionsForm

            self._form = OptionsForm(self._model)
        return self._form

    @property
    def expanded(self) -> bool:
        return self.section.expanded

    def set_expanded(self, expanded: bool) -> None:
        """Restore what ``expanded_changed`` told."""
        self.section.set_expanded(expanded)

    def _make_form(self) -> QWidget:
        return self.form

    def _refresh(self) -> None:
        self.section.set_summary(self._summary())

    def _summary(self) -> str:
        model = self._model
        count = model.count
        capabilities = model.capabilities
        seeded = capabilities is None or capabilities.uses_seed
        pictures = tr("1 picture") if count == 1 else tr("{count} pictures", count=count)
        parts = [model.model.title] if model.model else []
        parts += [size_text(model.size, capabilities), pictures]
        if seeded and model.seed_locked:
            parts.append(tr("seed {seed}", seed=model.seed))
        return " · ".join(parts)
