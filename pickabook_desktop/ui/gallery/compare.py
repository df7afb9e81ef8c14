"""Two to four pictures next to each other, or two at one place."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.gallery.compare_pane import ComparePane
from pickabook_desktop.ui.gallery.look_canvas import LookCanvas
from pickabook_desktop.ui.gallery.swipe import SwipeView
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.viewmodels.comparison import MOST, Comparison
from pickabook_desktop.ui.viewmodels.linked_view import LinkedViews, Look
from pickabook_desktop.ui.viewmodels.picture_preloader import PicturePreloader
from pickabook_desktop.ui.viewmodels.thumbnail_feed import ThumbnailFeed
from pickabook_desktop.ui.widgets.around_picture import bar_with_row
from pickabook_desktop.ui.widgets.buttons import tool_button
from pickabook_desktop.ui.widgets.tab_order import tab_by_layout

# Room that the lines below a picture take from it.
BELOW = 72
BYTES = 512e6


class Compare(QWidget):
    """Panes that are zoomed and moved together; keys act on the active one."""

    left = Signal()

    def __init__(
        self,
        comparison: Comparison,
        small: ThumbnailFeed,
        lanes: Lanes,
        actions: Mapping[str, QAction],
        describe: Callable[[Card], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.comparison = comparison
        self._describe = describe
        self.preloader = PicturePreloader(lanes, self, pictures=MOST, budget=BYTES)
        self.links = LinkedViews()
        self.panes = [ComparePane(small, self.preloader, actions, self) for _ in range(MOST)]
        self.swipe = SwipeView()
        self.swipe.hide()
        self.title = QLabel()
        self.link_button = _toggle("link", tr("Zoom and move together (L)"))
        self.swipe_button = _toggle("compare", tr("One over the other (W)"))
        self._grid = QGridLayout()
        self._lay_out()
        self._connect()

    @property
    def swiping(self) -> bool:
        """Two pictures are shown at one place."""
        return self.swipe_button.isChecked() and len(self.comparison.cards) == 2

    @property
    def active_canvas(self) -> LookCanvas:
        """Where zooming takes place."""
        return self.swipe if self.swiping else self.panes[self.comparison.active].canvas

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if event.spontaneous():
            # The window was only minimised.
            return
        self.links.look = Look()
        self.comparison.begin()
        self._arrange()
        self.active_canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if event.spontaneous():
            return
        self.comparison.finish()
        self.preloader.clear()
        self.swipe.clear()
        for pane in self.panes:
            pane.on_canvas.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in (Qt.Key.Key_Slash, Qt.Key.Key_Backspace):
            self.comparison.remove(self.comparison.active)
        elif key == Qt.Key.Key_L:
            self.link_button.click()
        elif key == Qt.Key.Key_W and self.swipe_button.isEnabled():
            self.swipe_button.click()
        else:
            super().keyPressEvent(event)

    def fit(self) -> None:
        self.active_canvas.fit()

    def actual_size(self) -> None:
        self.active_canvas.actual_size()

    def _on_changed(self) -> None:
        cards = self.comparison.cards
        # The active one first: it is looked at.
        active = self.comparison.active_card
        self.preloader.want([*([active] if active else []), *cards])
        for number, pane in enumerate(self.panes):
            if number < len(cards):
                card = cards[number]
                pane.show_card(card, number + 1, self._describe(card))
                pane.set_difference(self.comparison.words(card.id))
            else:
                pane.on_canvas.clear()
        self.swipe_button.setEnabled(len(cards) == 2)
        self.title.setText(self._words())
        self._arrange()
        self._show_pair()

    def _words(self) -> str:
        count = len(self.comparison.cards)
        if self.comparison.left_out:
            return tr(
                "Comparing the first {count} of {all} chosen pictures",
                count=count,
                all=count + self.comparison.left_out,
            )
        if count == 1:
            return tr("One picture is left")
        return tr("Comparing {count} pictures", count=count)

    def _on_active_changed(self) -> None:
        active = self.comparison.active
        for number, pane in enumerate(self.panes):
            pane.set_active(number == active and len(self.comparison.cards) > 1)
        self._name_sides()
        canvas = self.active_canvas
        self.setFocusProxy(canvas)
        if self.isVisible() and not canvas.hasFocus():
            canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_words_changed(self) -> None:
        for pane, card in zip(self.panes, self.comparison.cards, strict=False):
            pane.set_difference(self.comparison.words(card.id))

    def _on_moved(self, canvas: LookCanvas) -> None:
        self.links.moved(canvas.view)
        for pane in self.panes:
            if self.links.linked and pane.canvas is not canvas:
                pane.canvas.update()

    def _on_arrived(self, pane: ComparePane) -> None:
        self.links.take_in(pane.canvas.view)
        pane.canvas.update()
        self._show_pair()

    def _on_link_toggled(self, linked: bool) -> None:
        canvas = self.panes[self.comparison.active].canvas
        self.links.link(linked, canvas.view)
        for pane in self.panes:
            pane.canvas.update()

    def _on_swipe_toggled(self) -> None:
        self._arrange()
        self._show_pair()
        self._on_active_changed()

    def _show_pair(self) -> None:
        if self.swiping:
            first, second = (pane.canvas.picture for pane in self.panes[:2])
            self.swipe.show_pair(first, second)
            self._name_sides()

    def _name_sides(self) -> None:
        """The active side has a mark beside its number."""
        names = [f"● {n + 1}" if n == self.comparison.active else str(n + 1) for n in range(2)]
        self.swipe.set_labels(*names)

    def _arrange(self) -> None:
        """Lay the panes out so that the pictures become as large as they can."""
        cards = self.comparison.cards
        room = self.size()
        swiping = self.swiping
        aspect = max((card.size.aspect for card in cards), default=1.0)
        columns = 2 if swiping else columns_for(len(cards), aspect, room)
        for pane in (self.swipe, *self.panes):
            self._grid.removeWidget(pane)
        if swiping:
            self._grid.addWidget(self.swipe, 0, 0, 1, 4)
        rows = (max(1, len(cards)) + columns - 1) // columns
        for number, pane in enumerate(self.panes):
            pane.canvas.setVisible(not swiping)
            if number < len(cards):
                row, column = divmod(number, columns)
                # Each takes two columns of the grid, so that the odd one stands in the middle.
                beside = columns - min(columns, len(cards) - row * columns)
                place = (row + 1 if swiping else row, 2 * column + beside)
                self._grid.addWidget(pane, *place, 1, 2)
                pane.set_room(room.width() // columns)
            pane.setVisible(number < len(cards))
        self.swipe.setVisible(swiping)
        for row in range(MOST):
            wanted = row == 0 if swiping else row < rows
            self._grid.setRowStretch(row, 1 if wanted else 0)
        for column in range(2 * MOST):
            self._grid.setColumnStretch(column, 1 if column < 2 * columns else 0)

    def _connect(self) -> None:
        comparison = self.comparison
        comparison.changed.connect(self._on_changed)
        comparison.active_changed.connect(self._on_active_changed)
        comparison.words_changed.connect(self._on_words_changed)
        comparison.emptied.connect(self.left)
        for number, pane in enumerate(self.panes):
            self._connect_pane(number, pane)
        self.links.set_views([pane.canvas.view for pane in self.panes])
        self.swipe.side_chosen.connect(comparison.set_active)
        self.swipe.leave_wanted.connect(self.left)
        self.swipe.step_wanted.connect(comparison.step)
        self.link_button.toggled.connect(self._on_link_toggled)
        self.swipe_button.toggled.connect(self._on_swipe_toggled)

    def _connect_pane(self, number: int, pane: ComparePane) -> None:
        canvas, comparison = pane.canvas, self.comparison
        pane.chosen.connect(lambda: self._choose(number))
        pane.removed.connect(lambda: comparison.remove(number))
        pane.on_canvas.arrived.connect(lambda: self._on_arrived(pane))
        canvas.moved.connect(lambda: self._on_moved(canvas))
        canvas.step_wanted.connect(comparison.step)
        canvas.edge_wanted.connect(self._go_to_edge)
        canvas.leave_wanted.connect(self.left)

    def _go_to_edge(self, edge: int) -> None:
        self.comparison.set_active(0 if edge < 0 else len(self.comparison.cards) - 1)

    def _choose(self, number: int) -> None:
        if number != self.comparison.active:
            self.comparison.set_active(number)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addLayout(self._grid, 1)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(Space.TINY)
        self.link_button.setChecked(True)

    def _head(self) -> QFrame:
        bar, row = bar_with_row()
        back = tool_button("grid", tr("Back to all pictures (Esc)"))
        back.clicked.connect(self.left)
        fit = tool_button("fit", tr("Fit (Z)"))
        fit.clicked.connect(self.fit)
        actual = tool_button("actual-size", tr("Actual size (Z)"))
        actual.clicked.connect(self.actual_size)
        row.addWidget(back)
        row.addWidget(self.title)
        row.addStretch(1)
        for button in (self.swipe_button, self.link_button, fit, actual):
            row.addWidget(button)
        tab_by_layout(self)
        return bar


def columns_for(count: int, aspect: float, room: QSize) -> int:
    """How many columns make ``count`` pictures of that width to height largest in ``room``."""

    def height(columns: int) -> float:
        rows = (count + columns - 1) // columns
        wide, high = room.width() / columns, room.height() / rows - BELOW
        return min(high, wide / aspect)

    return max(range(1, max(1, count) + 1), key=height) if count else 1


def _toggle(icon_name: str, tip: str) -> QToolButton:
    button = tool_button(icon_name, tip)
    button.setCheckable(True)
    return button
