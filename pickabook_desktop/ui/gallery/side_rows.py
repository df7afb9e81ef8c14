"""The rows of the side panel: headings, and below each its folders, a few of them or all."""

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.gallery.side_painting import FOLDER_ROLE, folder_at
from pickabook_desktop.ui.viewmodels.folders import SECTIONS, Folder, Section, section_titles
from pickabook_desktop.ui.viewmodels.gallery_words import count_text, number

# Of a section with many folders so many are shown at first.
MOST = 8
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class SideRows(QStandardItemModel):
    """One row for each section, with the rows of its folders, and where there are many a last one
    that stands for the others.
    """

    title_written = Signal(str, str)
    """Id of a kept search, and the title that somebody has written."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads: dict[Section, QStandardItem] = {}
        self._whole: set[Section] = set()
        for name, title in section_titles().items():
            head = QStandardItem(title)
            head.setFlags(_FLAGS)
            self.appendRow(head)
            self._heads[name] = head
        self.itemChanged.connect(self._on_item_changed)

    def heading(self, name: Section) -> QModelIndex:
        """The row of a section's heading."""
        return self._heads[name].index()

    def folders(self, name: Section) -> tuple[Folder, ...]:
        """What is shown under one heading."""
        return tuple(self._under(self._heads[name]))

    def index_of(self, key: str) -> QModelIndex:
        """The row of a folder; one that is not valid where there is none."""
        for head in self._heads.values():
            for row, folder in enumerate(self._under(head)):
                if folder.key == key:
                    return head.child(row).index()
        return QModelIndex()

    def last_of(self, name: Section) -> QModelIndex:
        """The last row of a section."""
        head = self._heads[name]
        return head.child(head.rowCount() - 1).index()

    def section_at(self, index: QModelIndex) -> Section:
        """The section that a row below a heading belongs to."""
        return SECTIONS[index.parent().row()]

    def show_all_or_few(self, name: Section) -> None:
        """Take the other way from the next :meth:`fill` on."""
        self._whole ^= set[Section]((name,))

    def fill(self, name: Section, folders: tuple[Folder, ...]) -> None:
        """Show ``folders`` under a heading; rows stay where only counts have changed."""
        head, more = self._heads[name], ""
        if len(folders) > MOST + 1:
            whole = name in self._whole
            count = number(len(folders))
            more = tr("Show fewer") if whole else tr("Show all {count}", count=count)
            folders = folders if whole else folders[:MOST]
        keys = [folder.key for folder in folders]
        same = keys == [folder.key for folder in self._under(head)]
        if not same or head.rowCount() != len(keys) + bool(more):
            head.removeRows(0, head.rowCount())
            head.appendRows([QStandardItem() for _ in range(len(keys) + bool(more))])
        # Nobody has written anything.
        self.itemChanged.disconnect(self._on_item_changed)
        for row, folder in enumerate(folders):
            _describe(head.child(row), folder)
        if more:
            last = head.child(len(keys))
            last.setFlags(_FLAGS)
            last.setText(more)
        self.itemChanged.connect(self._on_item_changed)

    def _under(self, head: QStandardItem) -> Iterable[Folder]:
        for row in range(head.rowCount()):
            folder = folder_at(head.child(row).index())
            if folder is not None:
                yield folder

    def _on_item_changed(self, item: QStandardItem) -> None:
        folder = folder_at(item.index())
        if folder is not None and folder.saved is not None and item.text() != folder.title:
            self.title_written.emit(folder.saved.id, item.text())


def _describe(item: QStandardItem, folder: Folder) -> None:
    if folder_at(item.index()) == folder and item.text() == folder.title:
        return
    item.setData(folder, FOLDER_ROLE)
    item.setText(folder.title)
    item.setFlags(_FLAGS | Qt.ItemFlag.ItemIsEditable if folder.saved else _FLAGS)
    count = "" if folder.count is None else count_text(folder.count, folder.count)
    spoken = ", ".join(word for word in (folder.title, count) if word)
    item.setData(spoken, Qt.ItemDataRole.AccessibleTextRole)
    item.setToolTip(folder.title)
