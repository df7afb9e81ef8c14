"""Eyes, mouth, cheeks: the parts of a face that every look draws anew, at the page's scale."""

import numpy as np

from pickabook_desktop.imaging.faces import mesh_points as mp
from pickabook_desktop.imaging.ops import (
    F32,
    clamp,
    clip,
    f32,
    gaussian,
    resize,
    smooth_value,
    smoothstep,
)
from pickabook_desktop.imaging.portrait.eyes import is_open
from pickabook_desktop.imaging.portrait.model import Iris, Lab, Portrait

Box = tuple[slice, slice]


def draw_eyes(canvas: F32, portrait: Portrait, strength: float = 1.0) -> None:
    """Draw clean whites, crisp irises with a limbal ring, pupils and catch-lights, in place."""
    lids = (
        (mp.RIGHT_UPPER_LID, mp.RIGHT_LOWER_LID),
        (mp.LEFT_UPPER_LID, mp.LEFT_LOWER_LID),
    )
    for iris, opening, (upper, lower) in zip(portrait.irises, portrait.eyes, lids, strict=True):
        seen = strength * is_open(portrait.points, upper, lower)
        where = _around(iris, portrait.size)
        if seen > 0.05 and where is not None:
            _draw_eye(
                canvas[where], opening[where], iris, where, _iris_colour(portrait, iris), seen
            )


def _around(iris: Iris, size: tuple[int, int]) -> Box | None:
    x, y, radius = iris
    left, right = max(0, int(x - 3.4 * radius)), min(size[0], int(x + 3.4 * radius))
    top, bottom = max(0, int(y - 3 * radius)), min(size[1], int(y + 3 * radius))
    if right - left < 4 or bottom - top < 4:
        return None
    return slice(top, bottom), slice(left, right)


def _draw_eye(
    canvas: F32, opening: F32, iris: Iris, where: Box, colour: Lab, strength: float
) -> None:
    x, y, radius = iris
    rows = f32(np.arange(where[0].start, where[0].stop))[:, None] - np.float32(y)
    columns = f32(np.arange(where[1].start, where[1].stop))[None] - np.float32(x)
    away = f32(np.hypot(columns, rows) / np.float32(radius))
    edge = 1.2 / radius

    def disc(share: float, dx: float = 0.0, dy: float = 0.0) -> F32:
        distance = np.hypot(columns - dx * radius, rows - dy * radius) / np.float32(radius)
        return clip(f32((share - distance) / edge + 0.5))

    shade = 1 - np.float32(0.24) * clip(f32((-rows - 0.3 * radius) / (0.6 * radius)))
    white = np.dstack(
        [
            clip(f32(canvas[..., 0] * 0.3 + 63), 0, 92) * shade,
            canvas[..., 1] * 0.2 + 1,
            canvas[..., 2] * 0.2 + 3,
        ]
    )
    _lay(canvas, f32(white), opening * np.float32(0.85 * strength))
    light, a, b = colour
    lit = clip(f32(rows / radius * 0.5 + 0.35)) * np.float32(16)
    ring = f32(light * (1 - 0.5 * smoothstep(away, 0.7, 0.98)) + lit - 4)
    body = np.dstack([ring, np.full_like(away, a), np.full_like(away, b)])
    _lay(canvas, f32(body), disc(1.0) * opening * np.float32(0.96 * strength))
    _lay(canvas, (6.0, 1.0, 1.0), disc(0.46) * opening * np.float32(0.97 * strength))
    half_open = np.minimum(opening * np.float32(1.5), np.float32(1))
    _lay(canvas, (98.0, 0.0, 1.0), disc(0.27, -0.32, -0.36) * half_open * np.float32(0.96))
    _lay(canvas, (84.0, 0.0, 1.0), disc(0.13, 0.34, 0.32) * opening * np.float32(0.6))


def _lay(canvas: F32, colour: F32 | Lab, weight: F32) -> None:
    canvas += (f32(colour) - canvas) * weight[..., None]


def _iris_colour(portrait: Portrait, iris: Iris) -> Lab:
    """The colour of the iris in the photo, its lights left out, moved to what inks well."""
    width, height = portrait.size
    lab = portrait.study.lab
    kx, ky = lab.shape[1] / width, lab.shape[0] / height
    x, y, radius = iris[0] * kx, iris[1] * ky, iris[2] * kx
    left, top = max(0, int(x - radius)), max(0, int(y - radius))
    part = lab[top : int(y + radius) + 2, left : int(x + radius) + 2]
    if not part.size:
        return 26.0, 6.0, 9.0
    rows = f32(np.arange(part.shape[0]))[:, None] + np.float32(top - y)
    columns = f32(np.arange(part.shape[1]))[None] + np.float32(left - x)
    away = np.hypot(columns, rows) / np.float32(max(radius, 0.5))
    pixels = part[(away > 0.4) & (away < 0.85) & (rows > -0.5 * radius)]
    if len(pixels) < 6:
        return 26.0, 6.0, 9.0
    dark = pixels[pixels[:, 0] <= np.percentile(pixels[:, 0], 60)]
    light, a, b = np.median(dark, axis=0).tolist()
    brown = 1 - smooth_value(light, 24, 36)
    return (
        clamp(light, 18, 50),
        a * 1.15 + (7 - a) * 0.8 * brown,
        b * 1.25 + (11 - b) * 0.8 * brown,
    )


def draw_mouth(canvas: F32, portrait: Portrait, strength: float = 0.9) -> None:
    """Make teeth one clean row and the inside of the mouth one dark, in place."""
    if portrait.mouth_open < 0.04:
        return
    where = box_of(portrait.mouth, int(portrait.unit * 0.12))
    if where is None:
        return
    part = canvas[where]
    light = gaussian(_light_in(portrait, where), portrait.unit / 22)
    tooth = teeth_in(portrait, where)
    shaded = np.float32(88) + clip(f32((light - 60) / 20), -0.3, 1) * np.float32(5)
    dark = np.float32(20) + clip(f32(light / 60)) * np.float32(10)
    colour = np.dstack(
        [
            dark + (shaded - dark) * tooth,
            20 - 19 * tooth,
            9 - 4 * tooth,
        ]
    )
    _lay(part, f32(colour), portrait.mouth[where] * np.float32(strength))


def teeth_in(portrait: Portrait, where: Box, softness: float = 22.0) -> F32:
    """Where the mouth shows teeth rather than its inside, 0..1, in a part of the frame.

    The picture is first blurred by a pupil distance over ``softness``: no gaps between the teeth.
    """
    light = gaussian(_light_in(portrait, where), portrait.unit / softness)
    inside = light[portrait.mouth[where] > 0.5]
    middle = clamp(0.7 * float(np.median(inside)), 28, 51) if len(inside) else 51.0
    return smoothstep(light, middle - 4, middle + 4)


def _light_in(portrait: Portrait, where: Box) -> F32:
    """The toned photo's lightness in a part of the frame."""
    width, height = portrait.size
    lab = portrait.study.lab
    kx, ky = lab.shape[1] / width, lab.shape[0] / height
    rows, columns = where
    size = (columns.stop - columns.start, rows.stop - rows.start)
    part = lab[
        int(rows.start * ky) : max(int(rows.stop * ky), int(rows.start * ky) + 2),
        int(columns.start * kx) : max(int(columns.stop * kx), int(columns.start * kx) + 2),
        0,
    ]
    return resize(f32(part), size)


def box_of(mask: F32, margin: int) -> Box | None:
    """The rows and columns in which a mask is above nothing, with a margin; None if nowhere."""
    rows, columns = np.flatnonzero(mask.max(axis=1) > 0.01), np.flatnonzero(mask.max(axis=0) > 0.01)
    if len(rows) < 3 or len(columns) < 3:
        return None
    height, width = mask.shape
    return (
        slice(max(0, int(rows[0]) - margin), min(height, int(rows[-1]) + margin + 1)),
        slice(max(0, int(columns[0]) - margin), min(width, int(columns[-1]) + margin + 1)),
    )


def lip_colour(portrait: Portrait, strength: float = 1.0) -> Lab:
    """The lips' colour in the photo, a little more of it, never without some red."""
    study = portrait.study
    points = study.points
    centres = points[[14, 17, 87, 317, 84, 314]].mean(axis=0)
    x, y = np.clip(centres, 1, f32(study.alpha.shape[::-1]) - 2).astype(int).tolist()
    r = max(1, int(study.unit * 0.04))
    patch = study.lab[max(0, y - r) : y + r + 1, max(0, x - 2 * r) : x + 2 * r + 1].reshape(-1, 3)
    light, a, b = np.median(patch, axis=0).tolist()
    skin_light, skin_a, skin_b = portrait.skin
    redder = clamp((a - skin_a) * 1.1 + 2, 4, 24) * strength
    return (
        clamp(light, skin_light * 0.66, skin_light * 0.92),
        skin_a + redder,
        clamp(b, skin_b * 0.72, skin_b * 1.15),
    )


def draw_lips(canvas: F32, portrait: Portrait, strength: float = 0.6) -> None:
    """Tint the lips, the upper one darker, in place."""
    where = box_of(portrait.lips, 2)
    if where is None:
        return
    light, a, b = lip_colour(portrait)
    part, lips = canvas[where], portrait.lips[where]
    middle = float(portrait.points[[13, 14], 1].mean()) - where[0].start
    rows = f32(np.arange(part.shape[0]))[:, None]
    upper = clip(f32((middle - rows) / np.float32(0.04 * portrait.unit) + 0.5))
    target = np.dstack(
        [
            np.broadcast_to(light - 5 * upper, lips.shape),
            np.full_like(lips, a),
            np.full_like(lips, b),
        ]
    )
    form = part[..., :1] - np.float32(light)
    target[..., :1] += clip(f32(form), -14, 10) * np.float32(0.55)
    _lay(part, f32(target), lips * np.float32(strength))


def draw_blush(canvas: F32, portrait: Portrait, strength: float = 1.0) -> None:
    """Rosy cheeks, in place."""
    width, height = portrait.size
    small = (max(4, width // 4), max(4, height // 4))
    kx, ky = width / small[0], height / small[1]
    xs = (f32(np.arange(small[0])) * np.float32(kx))[None]
    ys = (f32(np.arange(small[1])) * np.float32(ky))[:, None]
    unit, points = portrait.unit, portrait.points
    glow = np.zeros(small[::-1], np.float32)
    for upper, lower in ((50, 187), (280, 411)):
        cx, cy = ((points[upper] + points[lower]) / 2).tolist()
        far = ((xs - cx) / (0.33 * unit)) ** 2 + ((ys - cy) / (0.26 * unit)) ** 2
        glow += np.exp(np.float32(-1.2) * far)
    glow = resize(f32(glow), portrait.size) * portrait.face_mask * (1 - portrait.lips)
    glow *= np.float32(strength) * (1 - smoothstep(portrait.feature_weight, 0.2, 0.8))
    canvas[..., 0] -= glow * np.float32(1.5)
    canvas[..., 1] += glow * np.float32(8)
    canvas[..., 2] += glow * np.float32(1.5)
