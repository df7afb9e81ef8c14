"""What is said about the photo: a colour, an icon and a word, then what to do."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.photo import CoachNote, Level
from pickabook_desktop.ui.theme import Role, Space
from pickabook_desktop.ui.widgets.labels import IconMark, wrapped

_LOOK: dict[Level, tuple[str, Role]] = {
    "good": ("check", "good"),
    "warn": ("warn", "warn"),
    "stop": ("stop", "bad"),
}
_GRAVITY: dict[Level, int] = {"stop": 0, "warn": 1, "good": 2}


def level_word(level: Level) -> str:
    """The word that goes with the colour."""
    words = {"good": tr("Good"), "warn": tr("Could be better"), "stop": tr("Cannot be used")}
    return words[level]


class CoachLine(QFrame):
    """One piece of advice."""

    def __init__(self, note: CoachNote, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", f"wash-{note.level}")
        name, role = _LOOK[note.level]
        word = QLabel(level_word(note.level))
        word.setProperty("level", note.level)
        grid = QGridLayout(self)
        grid.setContentsMargins(Space.SMALL, Space.SMALL, Space.SMALL, Space.SMALL)
        grid.setHorizontalSpacing(Space.SMALL)
        grid.setVerticalSpacing(Space.TINY)
        grid.addWidget(IconMark(name, role), 0, 0)
        grid.addWidget(word, 0, 1)
        grid.setColumnStretch(1, 1)
        for row, text in enumerate((note.message, note.next_step), start=1):
            if text:
                grid.addWidget(wrapped(text), row, 0, 1, 2)
        said = f"{level_word(note.level)}: {note.message} {note.next_step}".strip()
        self.setAccessibleName(said)


class Coach(QWidget):
    """The advice on the photo that matters now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.SMALL)

    def show_notes(self, notes: Sequence[CoachNote]) -> None:
        """Replace the advice; only the gravest is shown, for the rest can wait until then."""
        self._clear()
        gravest = min((_GRAVITY[note.level] for note in notes), default=0)
        for note in notes:
            if _GRAVITY[note.level] > gravest:
                continue
            self._layout.addWidget(CoachLine(note))
        self.setVisible(bool(notes))

    def lines(self) -> list[CoachLine]:
        widgets = (self._layout.itemAt(i) for i in range(self._layout.count()))
        found = (item.widget() for item in widgets if item is not None)
        return [widget for widget in found if isinstance(widget, CoachLine)]

    def _clear(self) -> None:
        for line in self.lines():
            self._layout.removeWidget(line)
            line.hide()
            line.deleteLater()
