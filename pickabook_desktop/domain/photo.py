"""What is known of a photo after it has been looked at."""

from typing import Literal

import msgspec

from pickabook_desktop.domain.geometry import Rect, Size

Level = Literal["good", "warn", "stop"]


class CoachNote(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of advice on a photo: what is the matter and what to do.

    ``code`` is stable and untranslated: ``no_face``, ``too_small``, ``blurred``, ``too_dark``,
    ``too_bright``, ``turned_away``, ``covered``, ``several_faces``, ``cut_off``, ``good``.
    """

    level: Level
    code: str
    message: str
    next_step: str = ""


class FaceReport(msgspec.Struct, frozen=True, kw_only=True):
    """One face. Lengths in pixels of the upright photo, angles in degrees.

    ``box`` frames the face from forehead to chin. ``yaw`` is positive when the child looks to the
    picture's right, ``pitch`` when it looks up, ``roll`` when the head leans to the picture's
    right. ``pupil_distance`` is the distance between the pupils, corrected for yaw. ``sharpness``
    and ``brightness`` lie in 0 to 1. ``presence`` is the network's confidence that it is a face.
    """

    box: Rect
    eyes: tuple[tuple[float, float], tuple[float, float]]
    pupil_distance: float
    yaw: float
    pitch: float
    roll: float
    sharpness: float
    brightness: float
    presence: float
    notes: tuple[CoachNote, ...] = ()


class PhotoReport(msgspec.Struct, frozen=True, kw_only=True):
    """A photo that could be read, with its faces from left to right.

    ``size`` is that of the upright photo. ``profile`` names the embedded ICC profile, or is empty.
    ``turned`` is how far, in degrees clockwise, the picture had to be turned beyond what EXIF says
    for the faces to be upright: 0, 90, 180 or 270. Boxes are in the picture so turned.
    """

    path: str
    sha256: str
    size: Size
    format: str
    profile: str = ""
    turned: int = 0
    faces: tuple[FaceReport, ...] = ()
    notes: tuple[CoachNote, ...] = ()

    @property
    def largest_face(self) -> int | None:
        """The index of the largest face, or None where there is none."""
        if not self.faces:
            return None
        areas = [face.box.width * face.box.height for face in self.faces]
        return areas.index(max(areas))

    def notes_for(self, face_index: int | None) -> tuple[CoachNote, ...]:
        """The photo's own advice, then that on the chosen face."""
        index = self.largest_face if face_index is None else face_index
        if index is None or not 0 <= index < len(self.faces):
            return self.notes
        return self.notes + self.faces[index].notes

    def level_for(self, face_index: int | None) -> Level:
        """The worst level among the advice for the chosen face."""
        levels = {note.level for note in self.notes_for(face_index)}
        return "stop" if "stop" in levels else "warn" if "warn" in levels else "good"
