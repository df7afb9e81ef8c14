"""What is on its way to stores, each with a way to try it again and to take it out."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Role, Space
from pickabook_desktop.ui.uploads.lines import UploadLine, icon_of
from pickabook_desktop.ui.widgets.buttons import text_button, tool_button
from pickabook_desktop.ui.widgets.labels import ElidedLabel, IconMark, heading, wrapped
from pickabook_desktop.ui.widgets.popup import Popup
from pickabook_desktop.ui.widgets.popup_column import PopupColumn

LIST_WIDTH = 380
TALLEST = 420
_ROLES: dict[str, Role] = {"failed": "bad", "running": "accent", "queued": "text"}


class UploadsList(Popup):
    """The open list."""

    retry_wanted = Signal(str)
    cancel_wanted = Signal(str)
    retry_all_wanted = Signal()
    settings_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("Uploads"), parent)
        self.setFixedWidth(LIST_WIDTH)
        self._rows: dict[str, _Row] = {}
        self._empty = wrapped(tr("Nothing waits to be uploaded."), "")
        self._more = wrapped("", "quiet")
        self.retry_all = text_button(tr("Try now"), "reroll", "flat")
        self.retry_all.setToolTip(tr("Try at once whatever waits for its time"))
        self.retry_all.clicked.connect(self.retry_all_wanted)
        self.retry_all.installEventFilter(self)
        self._lay_out()

    def show_lines(self, lines: Sequence[UploadLine], count: int) -> None:
        """Bring the rows in line with the first of ``count`` entries."""
        known = {line.id for line in lines}
        for line_id in [line_id for line_id in self._rows if line_id not in known]:
            row = self._rows.pop(line_id)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for line in lines:
            if line.id not in self._rows:
                self._add(line.id)
            self._rows[line.id].show_line(line)
        self._empty.setVisible(not lines)
        left = count - len(lines)
        self._more.setText(tr("and {count} more", count=left))
        self._more.setVisible(left > 0)
        self.retry_all.setVisible(any(line.level in ("offline", "waiting") for line in lines))
        self._fit()

    def row(self, line_id: str) -> "_Row":
        """The row of an entry; raises KeyError where there is none."""
        return self._rows[line_id]

    def _lay_out(self) -> None:
        self._area = PopupColumn(LIST_WIDTH - 2 * Space.MEDIUM, TALLEST)
        self._column = self._area.column
        self._column.setSpacing(Space.MEDIUM)
        top = QHBoxLayout()
        top.addWidget(heading(tr("Uploads")), 1)
        top.addWidget(self.retry_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        layout.setSpacing(Space.SMALL)
        layout.addLayout(top)
        layout.addWidget(self._empty)
        layout.addWidget(self._area)
        layout.addWidget(self._more)

    def _add(self, line_id: str) -> None:
        row = _Row(self)
        row.retry.clicked.connect(lambda: self.retry_wanted.emit(line_id))
        row.cancel.clicked.connect(lambda: self.cancel_wanted.emit(line_id))
        row.settings.clicked.connect(lambda: self._on_settings(row.remedy))
        for button in (row.retry, row.cancel, row.settings):
            button.installEventFilter(self)
        self._column.addWidget(row)
        self._rows[line_id] = row

    def _on_settings(self, page: str) -> None:
        self.close()
        self.settings_wanted.emit(page)

    def _fit(self) -> None:
        self._area.setVisible(bool(self._rows))
        self._area.refit()
        if self.isVisible():
            self.adjustSize()


class _Row(QWidget):
    """One entry."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.remedy = ""
        self._mark = IconMark("upload", "text", Metric.SMALL_ICON)
        self.title = ElidedLabel()
        self.words = wrapped("", "quiet")
        self.settings = text_button("")
        self.retry = tool_button("reroll", tr("Try again"))
        self.cancel = tool_button("close", "")
        words = QVBoxLayout()
        words.setSpacing(Space.TINY)
        words.addWidget(self.title)
        words.addWidget(self.words)
        words.addWidget(self.settings, 0, Qt.AlignmentFlag.AlignLeading)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.SMALL)
        top = Qt.AlignmentFlag.AlignTop
        layout.addWidget(self._mark, 0, top)
        layout.addLayout(words, 1)
        layout.addWidget(self.retry, 0, top)
        layout.addWidget(self.cancel, 0, top)

    def show_line(self, line: UploadLine) -> None:
        self.remedy = line.remedy
        self._mark.show_icon(icon_of(line), _ROLES.get(line.level, "quiet"))
        self.title.setText(line.title)
        self.words.setText(line.words)
        self.settings.setText(tr("Open the keys") if line.remedy == "keys" else tr("Open settings"))
        self.settings.setVisible(bool(line.remedy))
        self.retry.setVisible(line.level in ("failed", "waiting", "offline"))
        self.retry.setAccessibleName(tr("Try again: {title}", title=line.title))
        said = tr("Leave the copy where it is") if line.deletion else tr("Do not upload it")
        self.cancel.setToolTip(said)
        self.cancel.setAccessibleName(f"{said}: {line.title}")
