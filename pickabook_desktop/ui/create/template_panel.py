"""The pages to choose from: search, tags, thumbnails, palettes."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.template import Palette, Template
from pickabook_desktop.ui.theme import Metric, Space, icon, set_icon
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.chips import TagBar
from pickabook_desktop.ui.widgets.labels import heading, wrapped
from pickabook_desktop.ui.widgets.text import prepare_line
from pickabook_desktop.ui.widgets.thumbnails import Thumbnail, ThumbnailList

_SWATCHES = 4


class TemplatePanel(QWidget):
    """Shows and changes the template and the palette of a :class:`CreateModel`.

    ``thumbnail_of`` gives the file of a template's picture, or None.
    """

    def __init__(
        self,
        model: CreateModel,
        thumbnail_of: Callable[[str], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._thumbnail_of = thumbnail_of
        self._shown_template = ""
        self.search = QLineEdit()
        self.tags = TagBar()
        self.grid = ThumbnailList(Metric.TEMPLATE_THUMB)
        self.grid.setAccessibleName(tr("Templates"))
        self.grid.optional = True
        self.nothing = QWidget()
        self._nothing_text = wrapped(kind="quiet")
        self._show_all = text_button(tr("Show all templates"), "undo")
        self.palettes = QComboBox()
        self.palettes.setIconSize(QSize(Metric.ICON, Metric.ICON))
        self.palettes.setAccessibleName(tr("Colours"))
        self._palette_heading = heading(tr("Colours"))
        self._arrange()
        self._show_tags()
        self._show_all.clicked.connect(self._on_show_all)
        self.search.textChanged.connect(self._on_filter_changed)
        self.tags.tags_changed.connect(self._on_filter_changed)
        self.grid.item_chosen.connect(model.choose_template)
        self.palettes.activated.connect(self._on_palette_activated)
        model.template_changed.connect(self._on_template_changed)
        self._on_filter_changed()
        self._on_template_changed()

    def reload(self) -> None:
        """Templates have come or gone."""
        self._show_tags()
        self._on_filter_changed()

    def _arrange(self) -> None:
        self.search.setPlaceholderText(tr("Search"))
        self.search.setAccessibleName(tr("Search templates"))
        self.search.setClearButtonEnabled(True)
        prepare_line(self.search)
        lens = QAction(self.search)
        set_icon(lens, "search", "quiet")
        self.search.addAction(lens, QLineEdit.ActionPosition.LeadingPosition)
        leave = QAction(self.search)
        leave.setShortcut(QKeySequence(Qt.Key.Key_Escape))
        leave.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        leave.triggered.connect(self._on_escape)
        QWidget.addAction(self.search, leave)
        self.grid.setMinimumHeight(self.grid.cell_height())
        self.nothing.setMinimumHeight(self.grid.cell_height())
        empty = QVBoxLayout(self.nothing)
        empty.setContentsMargins(0, Space.MEDIUM, 0, 0)
        empty.addWidget(self._nothing_text)
        empty.addWidget(self._show_all, 0, Qt.AlignmentFlag.AlignLeft)
        empty.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(Space.MEDIUM)
        head.addWidget(heading(tr("Template"), self.grid))
        head.addWidget(self.search, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.SMALL)
        layout.addLayout(head)
        layout.addWidget(self.tags)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(self.grid, 1)
        colours = QHBoxLayout()
        colours.setSpacing(Space.MEDIUM)
        colours.addWidget(self._palette_heading)
        colours.addWidget(self.palettes, 1)
        layout.addLayout(colours)

    def _show_tags(self) -> None:
        tags = _tags_by_use(list(self._model.templates.values()))
        self.tags.set_tags(tags)
        self.tags.setVisible(bool(tags))

    def _on_show_all(self) -> None:
        self.tags.clear_choice()
        self.search.clear()
        self.grid.setFocus()

    def _on_escape(self) -> None:
        self.search.clear()

    def _on_filter_changed(self) -> None:
        found = [t for t in self._model.templates.values() if self._matches(t)]
        self.grid.set_items([self._thumbnail(template) for template in found])
        self.grid.choose(self._model.template_id)
        self.nothing.setVisible(not found)
        self.grid.setVisible(bool(found))
        some = bool(self._model.templates)
        none = tr("No templates are installed. Install the program again.")
        self._nothing_text.setText(tr("No template matches.") if some else none)
        self._show_all.setVisible(some)

    def _matches(self, template: Template) -> bool:
        if not set(self.tags.chosen()) <= set(template.tags):
            return False
        parts = (template.title, template.world, template.summary, *template.tags, *template.words)
        text = " ".join(parts).casefold()
        return all(word in text for word in self.search.text().casefold().split())

    def _thumbnail(self, template: Template) -> Thumbnail:
        path = self._thumbnail_of(template.id)
        way_back = tr("Press Delete to let the words of the prompt choose the template.")
        tip = f"{template.summary}\n{way_back}"
        return Thumbnail(template.id, template.title, path, tip)

    def _on_palette_activated(self) -> None:
        self._model.choose_palette(str(self.palettes.currentData()))

    def _on_template_changed(self) -> None:
        self.grid.choose(self._model.template_id)
        template = self._model.template
        palettes = template.palettes if template else ()
        if self._model.template_id != self._shown_template:
            self._shown_template = self._model.template_id
            self.palettes.clear()
            self.palettes.addItem(icon("palette", "quiet"), tr("Any colours"), "")
            for palette in palettes:
                self.palettes.addItem(_swatch(palette), palette.title, palette.id)
        self.palettes.setCurrentIndex(max(0, self.palettes.findData(self._model.palette_id)))
        self.palettes.setVisible(bool(palettes))
        self._palette_heading.setVisible(bool(palettes))


def _tags_by_use(templates: list[Template]) -> list[str]:
    """The tags that several templates share, the most used first; the search finds the others."""
    uses = Counter(tag for template in templates for tag in template.tags)
    return [tag for tag, count in uses.most_common() if count > 1]


def _swatch(palette: Palette) -> QIcon:
    """Some of the palette's colours side by side."""
    colours = list(palette.colours.values())[:_SWATCHES]
    size = QSize(Metric.ICON, Metric.ICON) * 2
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    turn = 360 * 16 // max(1, len(colours))
    for index, colour in enumerate(colours):
        painter.setBrush(QColor(colour))
        painter.drawPie(pixmap.rect().adjusted(2, 2, -2, -2), 90 * 16 - index * turn, -turn)
    painter.end()
    return QIcon(pixmap)
