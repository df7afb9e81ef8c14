"""The result area: canvas, captions, the toolbar below and the variations of the page."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.actions import fill_menu
from pickabook_desktop.ui.result.canvas import PictureCanvas
from pickabook_desktop.ui.theme import Metric, Space, set_icon
from pickabook_desktop.ui.viewmodels.pages import caption_of
from pickabook_desktop.ui.widgets.around_picture import (
    PictureWords,
    ZoomLabel,
    action_button,
    bar_with_row,
    plain_text,
)
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.tab_order import tab_by_layout

if TYPE_CHECKING:
    from pickabook_desktop.domain.errors import PickaBookError
    from pickabook_desktop.domain.result import KeptPicture
    from pickabook_desktop.ui.error_panel import ErrorPanel
    from pickabook_desktop.ui.filmstrip import FilmStrip
    from pickabook_desktop.ui.result.pyramid import Pyramid
    from pickabook_desktop.ui.viewmodels.shelf import Thumbnails

LEFT_TOOLS = {"fit": "fit", "actual": "actual-size", "compare": "compare"}
RIGHT_TOOLS = {"recall": "recall", "reroll": "reroll", "copy": "copy", "upload": "upload"}
MORE = (
    *("zoom_in", "zoom_out", "", "reveal", ""),
    *("copy_link", "make_link", "open_link", "delete_copy", "", "delete"),
)


class ResultViewer(QWidget):
    """Shows a preview, a finished page with its variations, or what went wrong."""

    picture_chosen = Signal(object)
    """The KeptPicture of a variation."""
    variation_drag_wanted = Signal(object)
    drag_wanted = Signal()
    menu_wanted = Signal(QPoint)
    variation_menu_wanted = Signal(object, QPoint)
    remedy_wanted = Signal(str)

    def __init__(
        self,
        actions: Mapping[str, QAction],
        thumbnails: "Thumbnails",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.canvas = PictureCanvas()
        self._error_panel: ErrorPanel | None = None
        self._variations: FilmStrip | None = None
        self._thumbnails = thumbnails
        self.stage = QStackedWidget()
        self.stage.addWidget(self.canvas)
        self.stage.setMinimumSize(320, 240)
        self._words = PictureWords(self.canvas)
        self._caption = self._hint = ""
        self._zoom = ZoomLabel()
        self._lay_out(actions)
        self.canvas.zoom_changed.connect(self._on_zoom_changed)
        self.canvas.drag_wanted.connect(self.drag_wanted)
        self.canvas.menu_wanted.connect(self.menu_wanted)
        self.canvas.installEventFilter(self)

    @property
    def error_panel(self) -> "ErrorPanel":
        """What stands in the picture's place when something went wrong; made when first needed."""
        if self._error_panel is None:
            from pickabook_desktop.ui.error_panel import ErrorPanel

            self._error_panel = ErrorPanel()
            self.stage.addWidget(self._error_panel)
            tab_by_layout(self)
            self._error_panel.remedy_wanted.connect(self.remedy_wanted)
            self._error_panel.dismissed.connect(self.clear_error)
        return self._error_panel

    @property
    def variations(self) -> "FilmStrip":
        """The strip of variations; made when first needed."""
        if self._variations is None:
            from pickabook_desktop.ui.filmstrip import FilmStrip, PictureRow

            row = PictureRow(self._thumbnails, self._describe, self)
            self._variations = FilmStrip(row, Metric.VARIATIONS)
            self._variations.setAccessibleName(tr("Variations of this page"))
            self._variations.hide()
            self._variations.picture_chosen.connect(self.picture_chosen)
            self._variations.menu_wanted.connect(self.variation_menu_wanted)
            self._variations.drag_wanted.connect(self.variation_drag_wanted)
            self._layout.addWidget(self._variations)
            tab_by_layout(self)
        return self._variations

    @property
    def caption(self) -> str:
        """What is said of the picture, for example "Preview"."""
        return self._caption

    @property
    def hint(self) -> str:
        return self._hint

    @property
    def error_shown(self) -> bool:
        return self.stage.currentWidget() is not self.canvas

    def show_picture(self, picture: "Pyramid | None", caption: str, name: str = "") -> None:
        """Show a decoded picture; ``name`` describes it to screen readers."""
        self.clear_error()
        self.canvas.set_picture(picture)
        self.canvas.setAccessibleName(name or caption or tr("Picture"))
        self.set_caption(caption)

    def set_caption(self, caption: str) -> None:
        """What the picture is; nothing is said when empty."""
        self._caption = caption
        self._place_words()

    def set_hint(self, hint: str) -> None:
        """One sentence beside the caption; none when empty."""
        self._hint = hint
        self._place_words()

    def show_variations(self, pictures: "Sequence[KeptPicture]", chosen_id: str) -> None:
        """The pictures of one request; a single one needs no strip."""
        several = len(pictures) > 1
        if not several and self._variations is None:
            return
        row = self.variations.row
        if [p.id for p in row.pictures] != [p.id for p in pictures]:
            row.show_pictures(tuple(pictures))
        self.variations.setVisible(several)
        self.variations.mark(chosen_id)

    def show_error(self, error: "PickaBookError") -> None:
        """Explain ``error`` in the picture's place."""
        self.error_panel.show_error(error)
        self.stage.setCurrentWidget(self.error_panel)

    def clear_error(self) -> None:
        self.stage.setCurrentWidget(self.canvas)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.canvas and event.type() == QEvent.Type.Resize:
            self._place_words()
        return super().eventFilter(watched, event)

    def _describe(self, picture: "KeptPicture") -> str:
        row = self.variations.row.row_of(picture.id) + 1
        return caption_of(tr("Variation {number}", number=row), picture)

    def _on_zoom_changed(self, scale: float, fitted: bool) -> None:
        if self.canvas.picture is not None:
            self._zoom.show_scale(scale)
        else:
            self._zoom.clear()

    def _place_words(self) -> None:
        """Below the fitted picture, so that no words lie over it until it is enlarged."""
        text = " · ".join(part for part in (self._caption, self._hint) if part)
        words, room = self._words, self.canvas.size()
        words.say(text)
        if not text:
            self.canvas.set_foot(0)
            return
        words.fit_into(room)
        self.canvas.set_foot(words.height() + 2 * Space.MEDIUM)
        words.place(room, in_middle=self.canvas.picture is None)

    def _lay_out(self, actions: Mapping[str, QAction]) -> None:
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.stage, 1)
        layout.addWidget(self._toolbar(actions))

    def _toolbar(self, actions: Mapping[str, QAction]) -> QFrame:
        bar, row = bar_with_row()
        for action_id, icon_name in LEFT_TOOLS.items():
            row.addWidget(action_button(actions[action_id], icon_name))
        row.addWidget(self._zoom)
        row.addStretch(1)
        for action_id, icon_name in RIGHT_TOOLS.items():
            row.addWidget(action_button(actions[action_id], icon_name))
        row.addWidget(_word_button(actions["save"], "save"))
        row.addWidget(self._more(actions))
        return bar

    def _more(self, actions: Mapping[str, QAction]) -> QToolButton:
        more = QToolButton()
        more.setProperty("kind", "tool")
        more.setMinimumSize(Metric.HIT, Metric.HIT)
        more.setToolTip(tr("More"))
        more.setAccessibleName(tr("More"))
        set_icon(more, "more")
        menu = QMenu(more)
        menu.aboutToShow.connect(lambda: _fill_once(menu, actions))
        more.setMenu(menu)
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return more


def _fill_once(menu: QMenu, actions: Mapping[str, QAction]) -> None:
    if menu.isEmpty():
        fill_menu(menu, actions, MORE)


def _word_button(action: QAction, icon_name: str) -> QPushButton:
    """A push button for ``action``: unlike a tool button it never shortens its word."""
    button = text_button(plain_text(action), icon_name)
    button.setMinimumHeight(Metric.HIT)
    button.setToolTip(action.toolTip())
    button.setEnabled(action.isEnabled())
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button
