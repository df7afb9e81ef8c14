"""Lines: from the photo, along the mesh, around the head."""

import numpy as np

from pickabook_desktop.imaging.faces import mesh_points as mp
from pickabook_desktop.imaging.looks.fields import Fields
from pickabook_desktop.imaging.looks.strokes import stroke
from pickabook_desktop.imaging.ops import (
    CUBIC,
    F32,
    clip,
    components,
    dilate,
    f32,
    noise,
    resize,
    smoothstep,
)
from pickabook_desktop.imaging.portrait.eyes import is_open
from pickabook_desktop.imaging.portrait.model import Lab, Portrait

NOSE_WINGS = ((64, 98, 97), (294, 327, 326))
NOSTRILS = (97, 2, 326)
JAW_STROKE = mp.JAW[2:-2]
SPECK = 0.0024
INK: Lab = (23.0, 10.0, 7.0)


def photo_lines(
    portrait: Portrait, fields: Fields, low: float, high: float, skin: float = 0.16
) -> F32:
    """Dark lines of the photo as ink 0..1: all of them at the features, few in the skin."""
    study = portrait.study
    hair = study.hair * (1 - study.features)
    weight = np.float32(skin) + (np.float32(0.5) - np.float32(skin)) * hair
    weight = weight + study.features * np.float32(0.9) + study.nose * np.float32(0.5)
    weight = weight + study.ring * np.float32(0.4)
    gated = f32(fields.lines * np.minimum(weight, np.float32(1.05)))
    gated = _without_specks(gated, low, SPECK * study.unit * study.unit)
    ink = smoothstep(resize(gated, portrait.size, CUBIC), low, high)
    ink *= 1 - portrait.mouth * np.float32(0.9)
    return f32(np.maximum(ink, spectacles(portrait, fields)))


def _without_specks(lines: F32, level: float, least: float) -> F32:
    """Drop scraps of line smaller than ``least`` pixels."""
    parts = components(f32(lines * np.float32(0.5 / level)))
    small = np.bincount(parts.reshape(-1)) < least
    small[0] = False
    return f32(np.where(small[parts], np.float32(0), lines))


def spectacles(portrait: Portrait, fields: Fields) -> F32:
    """Frames of spectacles as ink."""
    return smoothstep(resize(fields.frames, portrait.size, CUBIC), 0.28, 0.55)


def mesh_strokes(
    portrait: Portrait, fields: Fields, weight: float = 1.0, *, jaw: float = 0.6
) -> F32:
    """Strokes for lids, mouth and nose along the mesh, as ink 0..1.

    Where the photo has no dark line they are faint: that is what keeps the likeness. ``jaw`` is
    the strength of the line along the jaw.
    """
    width = 0.05 * portrait.unit * weight
    mask = np.zeros(portrait.alpha.shape, np.uint8)
    points = portrait.points
    closed = portrait.mouth_open < 0.05
    stroke(mask, points[list(mp.LIPS_INNER_UPPER)], width * 0.7, value=215 if closed else 150)
    if not closed:
        stroke(mask, points[list(mp.LIPS_INNER_LOWER)], width * 0.4, value=100)
    for wing in NOSE_WINGS:
        stroke(mask, points[list(wing)], width * 0.6, value=190)
    stroke(mask, points[list(NOSTRILS)], width * 0.35, value=100)
    ink = f32(mask) * np.float32(1 / 255)
    lids = ink_of_lids(portrait, width)
    dark = dilate(fields.lines, 0.05 * portrait.study.unit)
    ink *= np.float32(0.3) + np.float32(0.7) * smoothstep(resize(dark, portrait.size), 0.03, 0.22)
    np.maximum(ink, lids, out=ink)
    if jaw:
        np.maximum(ink, _jaw(portrait, width) * np.float32(jaw), out=ink)
    return ink


def ink_of_lids(portrait: Portrait, width: float) -> F32:
    """Lids, lashes and creases, as ink 0..1."""
    mask = np.zeros(portrait.alpha.shape, np.uint8)
    points, unit = portrait.points, portrait.unit
    for upper, lower, side in (
        (mp.RIGHT_UPPER_LID, mp.RIGHT_LOWER_LID, -1),
        (mp.LEFT_UPPER_LID, mp.LEFT_LOWER_LID, 1),
    ):
        lid = points[list(upper)]
        tail = lid[:1] + f32([[side * 0.045 * unit, -0.014 * unit]])
        stroke(mask, f32(np.vstack([tail, lid])), width * 1.2, width * 0.65, taper=0.5)
        stroke(mask, points[list(lower)][1:-2], width * 0.36, value=110)
        if is_open(points, upper, lower) > 0.3:
            crease = lid[1:-1] + f32([0, -0.085 * unit])
            stroke(mask, crease, width * 0.36, value=105)
    return f32(mask) * np.float32(0.92 / 255)


def _jaw(portrait: Portrait, width: float) -> F32:
    """The jaw, only where the head goes on beyond it; elsewhere the silhouette is its line."""
    mask = np.zeros(portrait.alpha.shape, np.uint8)
    stroke(mask, portrait.points[list(JAW_STROKE)], width * 0.7, taper=0.9)
    if portrait.fit == "face":
        return f32(mask) * np.float32(1 / 255)
    inner = resize(portrait.study.alpha, portrait.size)
    reach = max(3, int(portrait.unit * 0.1))
    beyond = np.roll(inner, -reach, axis=0)
    beyond[-reach:] = 0
    return f32(mask) * np.float32(1 / 255) * smoothstep(beyond, 0.6, 0.95)


def outline(portrait: Portrait, fields: Fields, width: float, seed: int, light: float) -> F32:
    """A line of ink just inside the silhouette, swelling away from the light, as 0..1.

    ``width`` in units; ``light`` is where the light comes from, degrees clockwise from above.
    """
    study = portrait.study
    size = (study.alpha.shape[1], study.alpha.shape[0])
    angle = np.radians(light)
    gy, gx = np.gradient(fields.inside)
    length = np.hypot(gx, gy) + np.float32(1e-3)
    away = (gx * np.float32(np.sin(angle)) - gy * np.float32(np.cos(angle))) / length
    swell = 1 + np.float32(0.35) * away + np.float32(0.2) * noise(size, study.unit * 0.16, seed)
    edge = np.float32(width * study.unit) * np.maximum(swell, np.float32(0.35)) - fields.inside
    sharp = portrait.unit / study.unit
    edge = resize(f32(edge), portrait.size, CUBIC)
    return clip(f32(edge * np.float32(sharp) + np.float32(0.5)))


def lay_ink(canvas: F32, ink: F32, colour: Lab = INK, strength: float = 1.0) -> None:
    """Lay ink over ``canvas`` in place; it takes some of the colour beneath, as thin ink does."""
    weight = clip(ink * np.float32(strength))
    light = canvas[..., 0]
    target = np.minimum(light * np.float32(0.22), np.float32(20)) * np.float32(0.5)
    light += (target + np.float32(colour[0] * 0.6) - light) * weight
    for channel in (1, 2):
        plane = canvas[..., channel]
        plane += (plane * np.float32(0.35) + np.float32(colour[channel] * 0.65) - plane) * weight
