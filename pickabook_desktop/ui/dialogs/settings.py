"""The settings dialog. Every change applies at once; there is nothing to confirm."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.settings import Settings
from pickabook_desktop.ui.setting_keys import ENGINE_KEY, METADATA_KEY, SCHEME_KEY
from pickabook_desktop.ui.theme import Space


class SettingsDialog(QDialog):
    """Colours, what goes into saved copies, engines, and where things are kept."""

    changed = Signal(str, str)
    """A key and its new value; whoever opened the dialog keeps it."""

    def __init__(
        self,
        settings: Settings,
        engines: Sequence[EngineState],
        library: Path,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.setMinimumWidth(520)
        self.scheme = _combo(
            (("system", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark"))),
            settings.text(SCHEME_KEY, "system"),
        )
        self.engine = _combo(
            [(e.id, e.title) for e in engines if not e.unavailable],
            settings.text(ENGINE_KEY),
        )
        self.without_metadata = QCheckBox(tr("Leave metadata out of saved copies"))
        self.without_metadata.setChecked(not settings.switched_on(METADATA_KEY, True))
        self.scheme.currentIndexChanged.connect(
            lambda: self.changed.emit(SCHEME_KEY, str(self.scheme.currentData()))
        )
        self.engine.currentIndexChanged.connect(
            lambda: self.changed.emit(ENGINE_KEY, str(self.engine.currentData()))
        )
        self.without_metadata.toggled.connect(self._on_metadata_toggled)
        self._lay_out(engines, library)

    def _on_metadata_toggled(self, left_out: bool) -> None:
        self.changed.emit(METADATA_KEY, "off" if left_out else "on")

    def _lay_out(self, engines: Sequence[EngineState], library: Path) -> None:
        form = QFormLayout()
        form.setSpacing(Space.MEDIUM)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.addRow(tr("Colours"), self.scheme)
        form.addRow(tr("Engine at the start"), self.engine)
        missing = [
            tr("{title}: {reason}", title=e.title, reason=e.unavailable)
            for e in engines
            if e.unavailable
        ]
        if missing:
            form.addRow(tr("Not usable now"), _words("\n".join(missing)))
        copies = QVBoxLayout()
        copies.setSpacing(0)
        copies.addWidget(self.without_metadata)
        explanation = tr(
            "Metadata says how a page was drawn, so that it can be recalled. "
            "It never holds the photo or where it was."
        )
        copies.addWidget(_words(explanation))
        form.addRow(tr("Saved copies"), copies)
        form.addRow(tr("Library"), _words(str(library)))
        card = QFrame()
        card.setProperty("kind", "card")
        card.setLayout(form)
        form.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        box = QDialogButtonBox()
        close = box.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(True)
        box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        layout.setSpacing(Space.LARGE)
        layout.addWidget(card)
        layout.addStretch(1)
        layout.addWidget(box)


def _combo(choices: Sequence[tuple[str, str]], chosen: str) -> QComboBox:
    combo = QComboBox()
    for value, title in choices:
        combo.addItem(title, value)
    combo.setCurrentIndex(max(0, combo.findData(chosen)))
    return combo


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("type", "quiet")
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
