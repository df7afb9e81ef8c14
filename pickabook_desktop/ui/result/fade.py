"""The passing of one picture into the next, where the system wants things to move."""

from PySide6.QtCore import QVariantAnimation
from PySide6.QtWidgets import QWidget

from pickabook_desktop.ui.result.pyramid import Pyramid
from pickabook_desktop.ui.theme import Motion, motion_wanted


class Fade:
    """The new picture is there at once; the old one is painted over it, fainter and fainter."""

    def __init__(self, canvas: QWidget) -> None:
        self._animation = QVariantAnimation(canvas)
        self._animation.setDuration(Motion.SHORT)
        self._animation.setStartValue(1.0)
        self._animation.setEndValue(0.0)
        self._animation.valueChanged.connect(canvas.update)
        self._animation.finished.connect(self._on_finished)
        self.old: Pyramid | None = None

    @property
    def strength(self) -> float:
        """How much of the old picture is still seen, 1 to 0."""
        return float(self._animation.currentValue()) if self.old is not None else 0.0

    def begin(self, old: Pyramid | None, new: Pyramid | None) -> None:
        """Pass from ``old`` to ``new``; at once where their shapes differ or nothing may move."""
        self._animation.stop()
        self.old = None
        if old is None or new is None or old is new or not motion_wanted():
            return
        ratio = old.size.width() / old.size.height() * new.size.height() / new.size.width()
        if abs(ratio - 1) < 0.01:
            self.old = old
            self._animation.start()

    def _on_finished(self) -> None:
        self.old = None
