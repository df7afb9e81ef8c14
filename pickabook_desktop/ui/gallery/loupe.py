"""One picture large, with those around it in a strip below."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAction,
    QHideEvent,
    QKeyEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.gallery.card_on_canvas import CardOnCanvas
from pickabook_desktop.ui.gallery.look_canvas import LookCanvas
from pickabook_desktop.ui.gallery.look_words import place_words
from pickabook_desktop.ui.gallery.marks_line import MarksLine
from pickabook_desktop.ui.gallery.photo_beside import PhotoBeside
from pickabook_desktop.ui.gallery.view import GalleryView
from pickabook_desktop.ui.theme import Metric
from pickabook_desktop.ui.viewmodels.before_photo import BeforePhoto
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.picture_preloader import PicturePreloader
from pickabook_desktop.ui.viewmodels.thumbnail_feed import ThumbnailFeed
from pickabook_desktop.ui.widgets.around_picture import (
    PictureWords,
    ZoomLabel,
    action_button,
    bar_with_row,
)
from pickabook_desktop.ui.widgets.buttons import tool_button
from pickabook_desktop.ui.widgets.labels import ElidedLabel
from pickabook_desktop.ui.widgets.tab_order import tab_by_layout

LABELS_FROM = 620


class Loupe(QWidget):
    """Shows the model's current picture, whichever that is, for as long as it is seen itself."""

    left = Signal()
    """Back to where the picture was found."""

    def __init__(
        self,
        model: GalleryModel,
        small: ThumbnailFeed,
        before: BeforePhoto,
        lanes: Lanes,
        actions: Mapping[str, QAction],
        describe: Callable[[Card], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._describe = describe
        self._forward = True
        self._there = False
        self.preloader = PicturePreloader(lanes, self)
        self.canvas = LookCanvas()
        self._shown = CardOnCanvas(self.canvas, small, self.preloader)
        self.note = PictureWords(self.canvas)
        self.beside = PhotoBeside(self.canvas, before)
        self.marks = MarksLine(actions)
        self.title = ElidedLabel()
        self.place = QLabel()
        self.zoom = ZoomLabel()
        self.strip: GalleryView | None = None
        self._column = QVBoxLayout(self)
        self._lay_out(actions)
        self._connect(actions)
        self.setFocusProxy(self.canvas)

    @property
    def active_canvas(self) -> LookCanvas:
        """Where zooming takes place."""
        return self.canvas

    @property
    def card(self) -> Card | None:
        """What is shown."""
        return self._shown.card

    def set_strip(self, strip: GalleryView) -> None:
        """Show the view as a strip below the picture."""
        self.strip = strip
        strip.set_mode("strip")
        strip.opened.connect(lambda: self.canvas.setFocus())
        strip.setFixedHeight(Metric.HISTORY)
        self._column.addWidget(strip)
        tab_by_layout(self)

    def walk(self, by: int) -> None:
        """Go so many pictures on or back in the view."""
        self._go(self._model.current + by, forward=by > 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if event.spontaneous():
            # The window was only minimised.
            return
        self._there = True
        self._model.set_alone(True)
        self.canvas.fit()
        self._show_current()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if event.spontaneous():
            return
        self._there = False
        self.preloader.clear()
        self.beside.show_for(None)
        self._shown.clear()
        model = self._model
        # What is acted upon next is what was looked at last.
        if model.current >= 0 and not model.is_selected(model.current):
            model.set_current(model.current, "only")
        model.set_alone(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.canvas and event.type() == QEvent.Type.Resize:
            self._place_note()
            self.marks.labels.setVisible(self.width() >= LABELS_FROM)
        return super().eventFilter(watched, event)

    def _go(self, place: int, *, forward: bool) -> None:
        place = max(0, min(place, self._model.count - 1))
        if place != self._model.current:
            self._forward = forward
            mode = "move" if self._model.selection and len(self._model.selection) > 1 else "only"
            self._model.set_current(place, mode)

    def _go_to_edge(self, edge: int) -> None:
        self._go(0 if edge < 0 else self._model.count - 1, forward=edge < 0)

    def _show_current(self) -> None:
        if not self._there:
            return
        model = self._model
        if not model.count and not model.looking:
            self.left.emit()
            return
        card = model.current_card
        if card is None:
            # It is on its way, or the view is being looked at anew.
            if model.current < 0 and model.count and not model.looking:
                model.set_current(0)
            return
        side = 1 if self._forward else -1
        near = (card, *(model.card(model.current + by) for by in (side, -side)))
        self.preloader.want([each for each in near if each is not None])
        self._shown.show(card)
        if self.strip is not None:
            self.strip.reveal(model.current)
        self.beside.show_for(card)
        self._name(card)

    def _name(self, card: Card) -> None:
        title = self._describe(card)
        place = place_words(self._model.current, self._model.count)
        self.title.setText(title)
        self.place.setText(place)
        self.marks.show_card(card)
        name = f"{title}, {place}"
        if name != self.canvas.accessibleName():
            self.canvas.setAccessibleName(name)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.canvas, name))

    def _on_cards_changed(self, first: int, last: int) -> None:
        current = self._model.current
        if first <= current + 1 and current - 1 <= last:
            self._show_current()

    def _on_zoom_changed(self, scale: float, fitted: bool) -> None:
        self.zoom.show_scale(scale)

    def say(self, sentence: str) -> None:
        """Say something over the picture until another one is shown; nothing when empty."""
        self.note.say(sentence)
        self._place_note()

    def _place_note(self) -> None:
        self.note.fit_into(self.canvas.size())
        self.note.place(self.canvas.size())

    def _connect(self, actions: Mapping[str, QAction]) -> None:
        model, canvas = self._model, self.canvas
        model.current_changed.connect(self._show_current)
        model.reset.connect(self._show_current)
        model.cards_changed.connect(self._on_cards_changed)
        canvas.step_wanted.connect(self.walk)
        canvas.edge_wanted.connect(self._go_to_edge)
        canvas.leave_wanted.connect(self.left)
        canvas.photo_held.connect(self.beside.hold)
        canvas.zoom_changed.connect(self._on_zoom_changed)
        canvas.installEventFilter(self)
        self.beside.said.connect(self.say)
        actions["lib_photo"].toggled.connect(self.beside.set_beside)

    def _lay_out(self, actions: Mapping[str, QAction]) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._head(actions))
        self._column.addWidget(self.canvas, 1)
        self._column.addWidget(self._foot(actions))
        self.place.setProperty("type", "quiet")

    def _head(self, actions: Mapping[str, QAction]) -> QFrame:
        bar, row = bar_with_row()
        back = tool_button("grid", tr("Back to all pictures (Esc)"))
        back.clicked.connect(self.left)
        earlier = tool_button("chevron-left", tr("Picture before (Left)"))
        earlier.clicked.connect(lambda: self.walk(-1))
        later = tool_button("chevron-right", tr("Next picture (Right)"))
        later.clicked.connect(lambda: self.walk(1))
        row.addWidget(back)
        row.addWidget(self.title, 1)
        # As the strip below: it runs to the right in all languages.
        around = QWidget()
        around.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        steps = QHBoxLayout(around)
        steps.setContentsMargins(0, 0, 0, 0)
        for part in (earlier, self.place, later):
            steps.addWidget(part)
        row.addWidget(around)
        return bar

    def _foot(self, actions: Mapping[str, QAction]) -> QFrame:
        bar, row = bar_with_row()
        fit = tool_button("fit", tr("Fit (Z)"))
        fit.clicked.connect(self.canvas.fit)
        actual = tool_button("actual-size", tr("Actual size (Z)"))
        actual.clicked.connect(self.canvas.actual_size)
        row.addWidget(fit)
        row.addWidget(actual)
        row.addWidget(action_button(actions["lib_photo"], "photo"))
        row.addWidget(self.zoom)
        row.addStretch(1)
        row.addWidget(self.marks)
        return bar
