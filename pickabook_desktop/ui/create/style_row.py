"""The styles, as one row of thumbnails."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.widgets.labels import heading
from pickabook_desktop.ui.widgets.thumbnails import Thumbnail, ThumbnailList


class StyleRow(QWidget):
    """Shows and changes the style of a :class:`CreateModel`."""

    def __init__(
        self,
        model: CreateModel,
        thumbnail_of: Callable[[str], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._thumbnail_of = thumbnail_of
        self.row = ThumbnailList(Metric.STYLE_THUMB, one_row=True)
        self.row.setAccessibleName(tr("Styles"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.TINY)
        layout.addWidget(heading(tr("Style"), self.row))
        layout.addWidget(self.row)
        self.row.item_chosen.connect(model.choose_style)
        model.style_changed.connect(self._on_style_changed)
        self.reload()

    def reload(self) -> None:
        """Styles have come or gone."""
        styles = self._model.styles.values()
        rows = [Thumbnail(s.id, s.title, self._thumbnail_of(s.id), s.summary) for s in styles]
        self.row.set_items(rows)
        self._on_style_changed()

    def _on_style_changed(self) -> None:
        self.row.choose(self._model.style_id)
