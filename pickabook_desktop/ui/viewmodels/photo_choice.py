"""The photo that is drawn from, and the face in it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.photo import Level, PhotoReport
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.ui.viewmodels.engine_choices import EngineChoices, Obstacle
from pickabook_desktop.ui.viewmodels.further_photos import FurtherPhotos

PhotoStage = Literal["empty", "analysing", "ready", "failed"]


class PhotoChoice(EngineChoices):
    """A photo, one of its faces, and further photos of the same child.

    ``photo_chosen`` carries the path of a photo that wants to be looked at; whoever looks answers
    with :meth:`accept_report` or :meth:`fail_photo`.
    """

    photo_chosen = Signal(Path)
    photo_changed = Signal()

    def __init__(self, engines: Sequence[EngineState], parent: QObject | None = None) -> None:
        super().__init__(engines, parent)
        self.photo_path: Path | None = None
        self.photo_stage: PhotoStage = "empty"
        self.photo_problem = ""
        self.report: PhotoReport | None = None
        self.face_index: int | None = None
        self.further = FurtherPhotos(self)

    @property
    def level(self) -> Level:
        return self.report.level_for(self.face_index) if self.report else "good"

    @property
    def max_further(self) -> int:
        """How many further photos the engine makes use of."""
        can = self.capabilities
        return max(0, min(can.further_photos, can.reference_limit - 1)) if can else 0

    def choose_photo(self, path: Path, face_index: int | None = None) -> None:
        """Take another photo; its report comes later. Further photos go, for they may show another
        child.
        """
        if path != self.photo_path:
            self.further.clear()
        self.photo_path, self.report, self.face_index = path, None, face_index
        self.photo_stage, self.photo_problem = "analysing", ""
        self.photo_changed.emit()
        self.photo_chosen.emit(path)

    def accept_report(self, path: Path, report: PhotoReport) -> None:
        """The answer to ``photo_chosen``; one for an earlier photo is dropped."""
        if path != self.photo_path:
            return
        self.report, self.photo_stage = report, "ready"
        if self.face_index is not None and self.face_index >= len(report.faces):
            self.face_index = None
        self.photo_changed.emit()

    def fail_photo(self, path: Path, problem: str) -> None:
        """The photo could not be used; ``problem`` says why and what to do."""
        if path != self.photo_path:
            return
        self.photo_stage, self.photo_problem = "failed", problem
        self.photo_changed.emit()

    def remove_photo(self) -> None:
        self.further.clear()
        self.photo_path = self.report = self.face_index = None
        self.photo_stage, self.photo_problem = "empty", ""
        self.photo_changed.emit()

    def choose_face(self, index: int | None) -> None:
        """None takes the largest."""
        if index != self.face_index:
            self.face_index = index
            self.photo_changed.emit()

    def add_further(self, paths: Sequence[Path]) -> str:
        """Take further photos of the same child; answers what was not taken and why."""
        return self.further.add(
            (path for path in paths if path != self.photo_path), self.max_further
        )

    def _photo_reference(self) -> PhotoRef:
        sha256 = self.report.sha256 if self.report else ""
        return PhotoRef(path=str(self.photo_path), sha256=sha256, face_index=self.face_index)

    def _load_photos(self, photo: PhotoRef, further: Sequence[PhotoRef]) -> None:
        known = self.report is not None and self.photo_stage == "ready"
        if known and self.report is not None and photo.sha256 == self.report.sha256:
            self.choose_face(photo.face_index)
        elif photo.path:
            self.choose_photo(Path(photo.path), photo.face_index)
        self.further.load(further)

    def _photo_obstacle(self) -> Obstacle:
        if self.photo_stage == "empty":
            return Obstacle(tr("Choose a photo first."))
        if self.photo_stage == "analysing":
            return Obstacle(tr("Looking at the photo…"))
        if self.photo_stage == "failed" or self.report is None:
            return Obstacle(self.photo_problem or tr("Choose another photo."), "other_photo")
        notes = self.report.notes_for(self.face_index)
        stop = next((note.message for note in notes if note.level == "stop"), "")
        if stop:
            return Obstacle(stop, "other_photo")
        return Obstacle(self.further.blocker(self.max_further))
