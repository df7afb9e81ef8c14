"""What screen readers are told of a view that paints its pictures itself.

The view is a list whose children are the pictures that are seen, each with its words and state.
"""

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QApplication

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.gallery.steered import SteeredCells

_Text = QAccessible.Text
_Role = QAccessible.Role
_TOLD = "pickabook_galleries"


def tell_of_galleries() -> None:
    """Let Qt know whom to ask about a gallery; once for each application."""
    app = QApplication.instance()
    if app is not None and not app.property(_TOLD):
        app.setProperty(_TOLD, True)
        QAccessible.installFactory(_interface_of)


def _interface_of(_key: str, item: object) -> QAccessibleInterface | None:
    return item.told() if isinstance(item, SteeredCells) else None


class CellsInterface(QAccessibleInterface):
    """The view as a whole. Its children are slots: the first is whatever is seen first.

    Whoever makes one holds it as long as the view.
    """

    def __init__(self, view: SteeredCells) -> None:
        super().__init__()
        self.view = view
        self._slots: list[SlotInterface] = []

    def isValid(self) -> bool:
        return True

    def object(self) -> QObject:
        return self.view

    def window(self) -> QWindow | None:  # pyright: ignore[reportIncompatibleMethodOverride]  # Qt takes null
        return self.view.window().windowHandle()

    def parent(self) -> QAccessibleInterface:
        above: QObject = self.view.parentWidget() or QApplication.instance() or self.view
        return QAccessible.queryAccessibleInterface(above)

    def childCount(self) -> int:
        return len(self.view.visible_places())

    def child(self, index: int) -> QAccessibleInterface | None:  # pyright: ignore[reportIncompatibleMethodOverride]  # Qt takes null
        if not 0 <= index < self.childCount():
            return None
        while len(self._slots) <= index:
            slot = SlotInterface(self, len(self._slots))
            QAccessible.registerAccessibleInterface(slot)
            self._slots.append(slot)
        return self._slots[index]

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # pyright: ignore[reportIncompatibleMethodOverride]  # Qt takes null
        place = self.view.item_at(self.view.viewport().mapFromGlobal(QPoint(x, y)))
        return self.child(self.index_of(place)) if place >= 0 else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return child.index if isinstance(child, SlotInterface) else -1

    def focusChild(self) -> QAccessibleInterface | None:  # pyright: ignore[reportIncompatibleMethodOverride]  # Qt takes null
        return self.child(self.index_of(self.view.model.current))

    def index_of(self, place: int) -> int:
        """Which of the children shows ``place`` now, or -1."""
        seen = self.view.visible_places()
        return place - seen.start if place in seen else -1

    def rect(self) -> QRect:
        viewport = self.view.viewport()
        return QRect(viewport.mapToGlobal(QPoint(0, 0)), viewport.size())

    def role(self) -> QAccessible.Role:
        return _Role.List

    def state(self) -> QAccessible.State:
        return _state(focusable=True, focused=self.view.hasFocus(), multiSelectable=True)

    def text(self, kind: QAccessible.Text) -> str:
        if kind == _Text.Name:
            return self.view.accessibleName()
        return self.view.accessibleDescription() if kind == _Text.Description else ""

    def setText(self, kind: QAccessible.Text, words: str) -> None:
        """Nothing here is written by others."""


class SlotInterface(QAccessibleInterface):
    """The picture that is seen at the ``index``-th place from the first one that is seen."""

    def __init__(self, cells: CellsInterface, index: int) -> None:
        super().__init__()
        self._cells = cells
        self.index = index

    @property
    def _place(self) -> int:
        return self._cells.view.visible_places().start + self.index

    def isValid(self) -> bool:
        return self.index < self._cells.childCount()

    def object(self) -> QObject | None:  # pyright: ignore[reportIncompatibleMethodOverride]  # Qt takes null
        return None

    def window(self) -> QWindow | None:  # pyright: ignore[reportIncompatibleMethodOverride]  # Qt takes null
        return self._cells.window()

    def parent(self) -> QAccessibleInterface:
        return self._cells

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> QAccessibleInterface | None:  # pyright: ignore[reportIncompatibleMethodOverride]  # Qt takes null
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # pyright: ignore[reportIncompatibleMethodOverride]  # Qt takes null
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def rect(self) -> QRect:
        view = self._cells.view
        box = view.box_on_screen(self._place)
        return QRect(view.viewport().mapToGlobal(box.topLeft()), box.size())

    def role(self) -> QAccessible.Role:
        return _Role.ListItem

    def state(self) -> QAccessible.State:
        view = self._cells.view
        model, place = view.model, self._place
        return _state(
            focusable=True,
            selectable=True,
            focused=view.hasFocus() and model.current == place,
            selected=model.is_selected(place),
        )

    def text(self, kind: QAccessible.Text) -> str:
        view = self._cells.view
        if kind == _Text.Name:
            return view.tip_of(self._place)
        if kind == _Text.Description:
            return tr("{place} of {count}", place=self._place + 1, count=view.model.count)
        return ""

    def setText(self, kind: QAccessible.Text, words: str) -> None:
        """Nothing here is written by others."""


def _state(**flags: bool) -> QAccessible.State:
    state = QAccessible.State()
    for name, is_set in flags.items():
        setattr(state, name, int(is_set))
    return state
