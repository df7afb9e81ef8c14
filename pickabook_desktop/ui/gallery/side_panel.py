"""The panel on the side of the library: folders, kept searches, books, children, tags and more."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QMenu, QTreeView, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.gallery.side_painting import SideDelegate, folder_at
from pickabook_desktop.ui.gallery.side_rows import SideRows
from pickabook_desktop.ui.theme import Metric
from pickabook_desktop.ui.viewmodels.folders import (
    SECTIONS,
    Folder,
    Folders,
    Section,
)

# Sections that are folded until somebody opens them.
FOLDED: tuple[Section, ...] = ("template", "engine")
WIDTH = 208
_PRESS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class SidePanel(QTreeView):
    """Follows :class:`Folders`. Pressing a folder asks to show it; with Ctrl, to keep of what is
    shown only what is in it as well. ``is_ours`` says whether something dragged are pictures of
    this library.
    """

    folder_chosen = Signal(object)
    """A Folder."""
    folder_added = Signal(object)
    """A Folder, as one more condition."""
    rename_wanted = Signal(str, str)
    """Id of a kept search, and its new title."""
    remove_wanted = Signal(str)
    move_wanted = Signal(str, int)
    pictures_dropped = Signal(object)
    """A Folder of a tag, for the pictures that are selected."""

    def __init__(self, folders: Folders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folders = folders
        self.is_ours: Callable[[QObject | None], bool] = lambda source: False
        self._rows = SideRows(self)
        self._rows.title_written.connect(self.rename_wanted)
        self._delegate = SideDelegate(self)
        self.setModel(self._rows)
        self.setItemDelegate(self._delegate)
        self._prepare()
        self.fold(FOLDED)
        for name in SECTIONS:
            self._fill(name)
        folders.changed.connect(self._fill)

    def _prepare(self) -> None:
        self.setProperty("kind", "side")
        self.setAccessibleName(tr("Folders"))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAcceptDrops(True)
        self.clicked.connect(self._on_clicked)
        self.setMinimumWidth(WIDTH - Metric.HIT)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 10 * Metric.HIT)

    def show_chosen(self, words: str) -> None:
        """Mark the folder that stands for a search, if there is one."""
        folder = self._folders.find(words)
        self._delegate.chosen = folder.key if folder else ""
        self.viewport().update()

    @property
    def chosen(self) -> str:
        """The key of the marked folder, or an empty text."""
        return self._delegate.chosen

    def rows(self, name: Section) -> tuple[Folder, ...]:
        """What is shown under one heading."""
        return self._rows.folders(name)

    def index_of(self, key: str) -> QModelIndex:
        """The row of a folder; one that is not valid where there is none."""
        return self._rows.index_of(key)

    @property
    def folded(self) -> tuple[Section, ...]:
        """The sections that are closed."""
        return tuple(name for name in SECTIONS if not self.isExpanded(self._rows.heading(name)))

    def fold(self, names: Iterable[str]) -> None:
        """Close these sections and open the others."""
        closed = set(names)
        for name in SECTIONS:
            self.setExpanded(self._rows.heading(name), name not in closed)

    def rename(self, search_id: str) -> None:
        """Let the person write a kept search's title anew, in its place."""
        index = self.index_of(f"searches:{search_id}")
        if index.isValid():
            self.setCurrentIndex(index)
            self.edit(index)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if not self._take_key(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent, /) -> bool:
        # The same keys mean something to the window.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            folder = folder_at(self.currentIndex())
            saved = folder is not None and folder.saved is not None
            if event.key() in _PRESS or (saved and event.key() in _SAVED_KEYS):
                event.accept()
                return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        folder = folder_at(index)
        if folder is not None:
            below = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
            self.open_menu(folder, below if by_key else event.globalPos())

    def open_menu(self, folder: Folder, place: QPoint) -> QMenu:
        """Show what can be done with a folder, and return the menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Show these pages"), lambda: self.folder_chosen.emit(folder))
        menu.addAction(tr("Narrow what is shown"), lambda: self.folder_added.emit(folder))
        if folder.saved is not None:
            search = folder.saved.id
            menu.addSeparator()
            menu.addAction(tr("Rename"), lambda: self.rename(search))
            menu.addAction(tr("Move up"), lambda: self.move_wanted.emit(search, -1))
            menu.addAction(tr("Move down"), lambda: self.move_wanted.emit(search, 1))
            menu.addAction(tr("Remove"), lambda: self.remove_wanted.emit(search))
        menu.popup(place)
        return menu

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        if self.is_ours(event.source()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent, /) -> None:
        folder = self._target(event)
        self._hold_over(folder)
        if folder is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent, /) -> None:
        self._hold_over(None)

    def dropEvent(self, event: QDropEvent, /) -> None:
        folder = self._target(event)
        self._hold_over(None)
        if folder is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self.pictures_dropped.emit(folder)

    def _target(self, event: QDropEvent) -> Folder | None:
        folder = folder_at(self.indexAt(event.position().toPoint()))
        ours = self.is_ours(event.source())
        return folder if ours and folder is not None and folder.section == "tag" else None

    def _hold_over(self, folder: Folder | None) -> None:
        self._delegate.held_over = folder.key if folder else ""
        self.viewport().update()

    def _take_key(self, event: QKeyEvent) -> bool:
        index, key = self.currentIndex(), Qt.Key(event.key())
        folder = folder_at(index)
        if key in _PRESS:
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._press(index, narrow=control)
            return True
        if folder is None or folder.saved is None:
            return False
        return self._change_saved(folder.saved.id, key, event.modifiers())

    def _change_saved(self, search_id: str, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if key == Qt.Key.Key_F2:
            self.rename(search_id)
        elif key == Qt.Key.Key_Delete:
            self.remove_wanted.emit(search_id)
        elif modifiers & Qt.KeyboardModifier.AltModifier and key in _MOVES:
            self.move_wanted.emit(search_id, _MOVES[key])
        else:
            return False
        return True

    def _on_clicked(self, index: QModelIndex) -> None:
        control = Qt.KeyboardModifier.ControlModifier
        self._press(index, narrow=bool(QGuiApplication.keyboardModifiers() & control))

    def _press(self, index: QModelIndex, *, narrow: bool) -> None:
        folder = folder_at(index)
        if folder is None and index.parent().isValid():
            self._show_all_or_few(self._rows.section_at(index))
        elif folder is None:
            self.setExpanded(index, not self.isExpanded(index))
        elif narrow:
            self.folder_added.emit(folder)
        else:
            self.folder_chosen.emit(folder)

    def _show_all_or_few(self, name: Section) -> None:
        self._rows.show_all_or_few(name)
        self._fill(name)
        self.setCurrentIndex(self._rows.last_of(name))

    def _fill(self, name: str) -> None:
        """Show a section as it is now; the keyboard's place stays where it was."""
        section = _SECTIONS[name]
        current = folder_at(self.currentIndex())
        folders = self._folders.section(section)
        self._rows.fill(section, folders)
        again = self.index_of(current.key) if current is not None else QModelIndex()
        if again.isValid():
            self.setCurrentIndex(again)
        self.setRowHidden(self._rows.heading(section).row(), QModelIndex(), not folders)


_SECTIONS: dict[str, Section] = {name: name for name in SECTIONS}
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_SAVED_KEYS = (Qt.Key.Key_F2, Qt.Key.Key_Delete, *_MOVES)
