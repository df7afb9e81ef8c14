"""The seed: typed, thrown, locked."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import SEED_LIMIT, random_seed
from pickabook_desktop.ui.theme import Space, set_icon
from pickabook_desktop.ui.widgets.buttons import tool_button


class SeedField(QWidget):
    """A whole number below ``SEED_LIMIT``, a button for a random one, and a lock."""

    seed_edited = Signal(int)
    lock_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = QLineEdit()
        self._edit.setValidator(QIntValidator(0, SEED_LIMIT - 1, self))
        self._edit.setAcceptDrops(False)
        self._edit.setMaxLength(len(str(SEED_LIMIT)))
        self._edit.setAccessibleName(tr("Seed"))
        self._edit.setToolTip(tr("The same seed with the same choices draws the same page."))
        self._edit.editingFinished.connect(self._on_edited)
        self._dice = tool_button("dice", tr("Throw a new seed"))
        self._dice.clicked.connect(self._on_thrown)
        self._lock = tool_button("unlock", tr("Keep this seed"))
        self._lock.setCheckable(True)
        self._lock.toggled.connect(self._on_locked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.TINY)
        row.addWidget(self._edit, 1)
        row.addWidget(self._dice)
        row.addWidget(self._lock)
        self.setFocusProxy(self._edit)

    def show_seed(self, seed: int, *, locked: bool) -> None:
        """Show what the model holds, without signals."""
        if self._edit.text() != str(seed):
            self._edit.setText(str(seed))
        self._lock.blockSignals(True)
        self._lock.setChecked(locked)
        self._lock.blockSignals(False)
        self._show_lock(locked)

    def _on_edited(self) -> None:
        if self._edit.text():
            self.seed_edited.emit(int(self._edit.text()))

    def _on_thrown(self) -> None:
        seed = random_seed()
        self._edit.setText(str(seed))
        self.seed_edited.emit(seed)

    def _on_locked(self, locked: bool) -> None:
        self._show_lock(locked)
        self.lock_toggled.emit(locked)

    def _show_lock(self, locked: bool) -> None:
        set_icon(self._lock, "lock" if locked else "unlock", "accent" if locked else "text")
        tip = tr("The seed is kept. Press to take a new one for every page.")
        self._lock.setToolTip(tip if locked else tr("Keep this seed for the next page."))
        self._dice.setEnabled(not locked)
