"""Advice on a photo: whether a page can be drawn from it, and what would make it better."""

from collections.abc import Iterator
from pathlib import Path

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.photo import CoachNote, FaceReport, Level, PhotoReport
from pickabook_desktop.imaging.faces.found import FaceMesh, FoundFaces
from pickabook_desktop.imaging.faces.measures import Measures, measure
from pickabook_desktop.imaging.load import LoadedPhoto

# Widths in pixels from ear to ear. Below the first the features are guesses; above the second a
# page of 2048 pixels is as good as from any larger photo.
SMALLEST_WIDTH = 64
GOOD_WIDTH = 160
SHARP = 0.26
BLURRED_BEYOND_USE = 0.11
# CIE L*, as parts of 1, of the brightest tenth of the face: this tells dim light from dark skin.
DIM = 0.28
DARK = 0.12
BURNT_OUT = 0.30
YAW = 35.0
YAW_BEYOND_USE = 60.0
PITCH = 28.0
OUTSIDE = 0.04
OUTSIDE_BEYOND_USE = 0.40
LIKELY = 0.75
PRESENCE = 0.9


def inspect(photo: LoadedPhoto, found: FoundFaces, path: Path) -> PhotoReport:
    """Report on all faces in ``found.rgb``, from left to right, with advice on each."""
    faces = tuple(_report(found, face) for face in found.faces)
    height, width = found.rgb.shape[:2]
    return PhotoReport(
        path=str(path),
        sha256=photo.sha256,
        size=type(photo.size)(width, height),
        format=photo.format,
        profile=photo.profile,
        turned=found.turned,
        faces=faces,
        notes=_photo_notes(len(faces), path.name),
    )


def _photo_notes(count: int, name: str) -> tuple[CoachNote, ...]:
    if not count:
        return (
            CoachNote(
                level="stop",
                code="no_face",
                message=tr("No face found in {name}.", name=name),
                next_step=tr(
                    "Choose a photo in which the face is at least {width} pixels wide, "
                    "seen from the front.",
                    width=SMALLEST_WIDTH,
                ),
            ),
        )
    if count > 1:
        return (
            CoachNote(
                level="good",
                code="several_faces",
                message=tr("{count} faces found in {name}.", count=count, name=name),
                next_step=tr("Pick the child to draw; the largest face is picked now."),
            ),
        )
    return ()


def _report(found: FoundFaces, face: FaceMesh) -> FaceReport:
    values = measure(found.rgb, face)
    notes = tuple(
        note for check in (_size, _place, _pose, _cover, _light, _focus) for note in check(values)
    )
    return FaceReport(
        box=face.box,
        eyes=values.eyes,
        pupil_distance=values.pupil_distance,
        yaw=values.yaw,
        pitch=values.pitch,
        roll=face.roll,
        sharpness=values.sharpness,
        brightness=values.brightness,
        presence=face.presence,
        notes=notes or (_good(),),
    )


def _good() -> CoachNote:
    return CoachNote(level="good", code="good", message=tr("The face is clear and large enough."))


def _size(values: Measures) -> Iterator[CoachNote]:
    if values.width >= GOOD_WIDTH:
        return
    usable = values.width >= SMALLEST_WIDTH
    level: Level = "warn" if usable else "stop"
    yield CoachNote(
        level=level,
        code="too_small",
        message=tr("The face is only {width} pixels wide.", width=round(values.width)),
        next_step=tr(
            "Fine detail will be missing. From {width} pixels on it is all there.",
            width=GOOD_WIDTH,
        )
        if usable
        else tr(
            "Choose a photo taken closer: the face needs at least {width} pixels.",
            width=SMALLEST_WIDTH,
        ),
    )


def _place(values: Measures) -> Iterator[CoachNote]:
    if values.outside > OUTSIDE:
        yield CoachNote(
            level="stop" if values.outside > OUTSIDE_BEYOND_USE else "warn",
            code="cut_off",
            message=tr("Part of the face lies outside the photo."),
            next_step=tr("Choose a photo that shows the whole head, or one cropped less tightly."),
        )


def _pose(values: Measures) -> Iterator[CoachNote]:
    if abs(values.yaw) > YAW:
        yield CoachNote(
            level="stop" if abs(values.yaw) > YAW_BEYOND_USE else "warn",
            code="turned_away",
            message=tr(
                "The face is turned to the side by about {angle}°.", angle=_angle(values.yaw)
            ),
            next_step=tr("Choose a photo in which the child looks towards the camera."),
        )
    elif abs(values.pitch) > PITCH:
        yield CoachNote(
            level="warn",
            code="turned_away",
            message=tr("The face looks far up.")
            if values.pitch > 0
            else tr("The face looks far down."),
            next_step=tr("Choose a photo in which the child looks towards the camera."),
        )


def _angle(degrees: float) -> int:
    return round(abs(degrees) / 5) * 5


def _cover(values: Measures) -> Iterator[CoachNote]:
    if values.eyes_dark:
        yield CoachNote(
            level="warn",
            code="covered",
            message=tr("The eyes are dark and flat, as behind sunglasses."),
            next_step=tr("Choose a photo in which both eyes can be seen."),
        )
    elif values.outside <= OUTSIDE and abs(values.yaw) <= YAW and _unsure(values):
        yield CoachNote(
            level="warn",
            code="covered",
            message=tr("Part of the face seems hidden or hard to make out."),
            next_step=tr("Choose a photo in which eyes, nose and mouth are free."),
        )


def _unsure(values: Measures) -> bool:
    return values.likely < LIKELY or values.presence < PRESENCE


def _light(values: Measures) -> Iterator[CoachNote]:
    if values.highlight < DIM:
        yield CoachNote(
            level="stop" if values.highlight < DARK else "warn",
            code="too_dark",
            message=tr("The face is very dark in this photo."),
            next_step=tr("Choose a photo with more light on the face, or brighten it first."),
        )
    elif values.burnt_out > BURNT_OUT:
        yield CoachNote(
            level="warn",
            code="too_bright",
            message=tr("Much of the face is so bright that its features are lost."),
            next_step=tr("Choose a photo with softer light, or without flash."),
        )


def _focus(values: Measures) -> Iterator[CoachNote]:
    # A very small or dark face shows too little to judge.
    if values.width < SMALLEST_WIDTH or values.highlight < DARK:
        return
    if values.sharpness < SHARP:
        yield CoachNote(
            level="stop" if values.sharpness < BLURRED_BEYOND_USE else "warn",
            code="blurred",
            message=tr("The face is blurred."),
            next_step=tr("Choose a photo in which the eyelashes or brows can be made out."),
        )
