"""Watercolour: transparent washes that pool at their edges, a light sepia pen."""

import numpy as np

from pickabook_desktop.imaging.looks.features import draw_blush, draw_eyes, draw_lips, draw_mouth
from pickabook_desktop.imaging.looks.fields import Fields, fields_of
from pickabook_desktop.imaging.looks.inking import lay_ink, mesh_strokes, outline, photo_lines
from pickabook_desktop.imaging.looks.parts import (
    add_warmth,
    draw_beard,
    draw_brows,
    hair_colours,
    hair_mask,
    mixed_tone,
    settle_skin,
    skin_table,
    strand_lines,
)
from pickabook_desktop.imaging.looks.tones import toned
from pickabook_desktop.imaging.ops import AREA, F32, clip, f32, gaussian, noise, resize, smoothstep
from pickabook_desktop.imaging.portrait.model import Portrait

SEPIA = (27.0, 10.0, 12.0)


def draw(portrait: Portrait, seed: int, light: float) -> F32:
    """The head in watercolour."""
    unit, size = portrait.unit, portrait.size
    fields = fields_of(portrait, seed)
    bloom = noise(size, unit * 0.16, seed + 1)
    canvas = _skin(portrait, fields, bloom, seed)
    draw_blush(canvas, portrait, 1.6)
    settle_skin(canvas, portrait)
    draw_lips(canvas, portrait, 0.75)
    draw_beard(canvas, portrait, fields, 0.8)
    hair = hair_mask(portrait)
    washes = hair_colours(portrait, fields, edge=5, wash=0.3, chroma=1.3)
    washes[..., 0] += np.float32(7) + bloom * np.float32(3.5)
    canvas += (washes - canvas) * hair[..., None]
    draw_brows(canvas, portrait, fields, 0.85)
    _pool(canvas, portrait)
    draw_mouth(canvas, portrait, 0.85)
    draw_eyes(canvas, portrait, 0.9)
    pen = photo_lines(portrait, fields, 0.14, 0.3) * np.float32(0.6)
    pen = np.maximum(pen, mesh_strokes(portrait, fields, 0.85) * np.float32(0.8))
    pen = np.maximum(pen, strand_lines(portrait, fields, 1.3, 3.0) * hair * np.float32(0.35))
    lay_ink(canvas, f32(pen), SEPIA, 0.85)
    if portrait.fit == "head":
        _rim(canvas, portrait, fields, seed, light)
    _granulate(canvas, size, seed)
    return canvas


def _skin(portrait: Portrait, fields: Fields, bloom: F32, seed: int) -> F32:
    form = mixed_tone(portrait, fields)
    table = skin_table(
        portrait,
        form,
        ((-22, 1.5, 1.15), (-13, 1.6, 1.2), (-3, 1.5, 1.15), (7, 1.0, 1.0), (14, 1.0, 0.78)),
        edge=3.0,
        wash=0.33,
    )
    ragged = noise(portrait.size, portrait.unit * 0.028, seed + 3) * np.float32(0.9)
    tone = form + bloom * np.float32(0.7) + ragged * np.float32(0.7)
    canvas = toned(f32(tone), table)
    canvas[..., 0] += bloom * np.float32(1.3)
    add_warmth(canvas, portrait, fields, 0.4)
    return canvas


def _pool(canvas: F32, portrait: Portrait) -> None:
    """Pigment gathers on the dark side of an edge, in place."""
    width, height = portrait.size
    light = canvas[..., 0]
    small = resize(f32(light), (max(4, width // 2), max(4, height // 2)), AREA)
    wide = gaussian(small, portrait.unit / 44)
    pooled = resize(clip(wide - small, 0, 9), portrait.size)
    light -= pooled * np.float32(1.15)
    canvas[..., 1:] *= (1 + pooled * np.float32(0.03))[..., None]


def _rim(canvas: F32, portrait: Portrait, fields: Fields, seed: int, light: float) -> None:
    """The last wash dries to a darker rim along the silhouette, in its own colour, in place."""
    line = outline(portrait, fields, 0.02, seed + 2, light)
    soft = smoothstep(resize(fields.inside, portrait.size), 0.09 * portrait.study.unit, 0)
    canvas[..., 0] -= line * np.float32(16) + soft * np.float32(7)
    canvas[..., 1:] *= (1 + line * np.float32(0.2) + soft * np.float32(0.08))[..., None]


def _granulate(canvas: F32, size: tuple[int, int], seed: int) -> None:
    """Pigment settles in the paper's hollows, more of it in the darks, in place."""
    grain = noise(size, 1.1, seed + 5) * np.float32(1.3) + noise(size, 2.6, seed + 6)
    light = canvas[..., 0]
    light += grain * (np.float32(1.5) - light * np.float32(1 / 90))
    np.clip(light, np.float32(4), np.float32(98), out=light)
