"""How it stands with uploads; opens the list of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Role, set_icon
from pickabook_desktop.ui.uploads.lines import Summary, UploadLine
from pickabook_desktop.ui.widgets.list_button import ListButton

if TYPE_CHECKING:
    from pickabook_desktop.ui.uploads.listing import UploadsList

_ROLES: dict[str, Role] = {"failed": "bad", "offline": "quiet", "waiting": "quiet"}


class UploadsButton(ListButton):
    """Seen while there is something in the outbox."""

    retry_wanted = Signal(str)
    cancel_wanted = Signal(str)
    retry_all_wanted = Signal()
    settings_wanted = Signal(str)
    """The page of the settings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._list: UploadsList | None = None
        self._lines: Sequence[UploadLine] = ()
        self._count = 0
        self.show_state(Summary(), ())

    @property
    def upload_list(self) -> "UploadsList":
        """The list; made when it is first opened."""
        if self._list is None:
            from pickabook_desktop.ui.uploads.listing import UploadsList

            self._list = UploadsList(self)
            self._list.retry_wanted.connect(self.retry_wanted)
            self._list.cancel_wanted.connect(self.cancel_wanted)
            self._list.retry_all_wanted.connect(self.retry_all_wanted)
            self._list.settings_wanted.connect(self.settings_wanted)
            self._list.show_lines(self._lines, self._count)
        return self._list

    def popup(self) -> "UploadsList":
        return self.upload_list

    def show_state(self, summary: Summary, lines: Sequence[UploadLine]) -> None:
        """Say how it stands."""
        self._lines, self._count = lines, summary.count
        set_icon(self, summary.icon, _ROLES.get(summary.level, "text"))
        self.show_count(summary.count)
        self.setToolTip(summary.words)
        self.setAccessibleName(tr("Uploads: {words}", words=", ".join(summary.words.split("\n"))))
        opened = self._list is not None and self._list.isVisible()
        self.setVisible(bool(summary.count) or opened)
        if self._list is not None:
            self._list.show_lines(lines, summary.count)
