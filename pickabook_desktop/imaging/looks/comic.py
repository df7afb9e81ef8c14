"""Comic: flat colours, solid blacks, halftone dots in the shade."""

import math

import numpy as np

from pickabook_desktop.imaging.looks.features import draw_eyes, draw_lips, draw_mouth
from pickabook_desktop.imaging.looks.fields import Fields, fields_of
from pickabook_desktop.imaging.looks.inking import lay_ink, mesh_strokes, outline, photo_lines
from pickabook_desktop.imaging.looks.parts import (
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
from pickabook_desktop.imaging.ops import F32, clip, f32, grid, smoothstep
from pickabook_desktop.imaging.portrait.model import Portrait

BLACK = (24.0, 3.0, -3.0)
DOTS_PER_UNIT = 17.0


def draw(portrait: Portrait, seed: int, light: float) -> F32:
    """The head as printed in a comic."""
    fields = fields_of(portrait, seed)
    tone = mixed_tone(portrait, fields)
    canvas = _skin(portrait, tone)
    settle_skin(canvas, portrait)
    draw_lips(canvas, portrait, 0.8)
    draw_beard(canvas, portrait, fields)
    hair = hair_mask(portrait)
    steps = (-22.0, -9.0, 1.0, 1.0, 24.0)
    flat = hair_colours(portrait, fields, steps=steps, edge=1.4, wash=0.0, chroma=1.45)
    canvas += (flat - canvas) * hair[..., None]
    _dots(canvas, portrait, tone, hair, seed)
    draw_brows(canvas, portrait, fields, 1.1)
    draw_mouth(canvas, portrait, 1.0)
    draw_eyes(canvas, portrait)
    lay_ink(canvas, _ink(portrait, fields, hair, seed, light), BLACK)
    return canvas


def _skin(portrait: Portrait, tone: F32) -> F32:
    table = skin_table(
        portrait,
        tone,
        ((-33, 1.2, 1.12), (-23, 1.2, 1.14), (-10, 1.2, 1.16), (5, 1.0, 1.14), (12, 1.0, 1.0)),
        edge=1.2,
        wash=0.37,
        shift=(0, -1, -1, 1),
    )
    return toned(tone, table)


def _ink(portrait: Portrait, fields: Fields, hair: F32, seed: int, light: float) -> F32:
    ink = photo_lines(portrait, fields, 0.13, 0.19)
    strokes = mesh_strokes(portrait, fields, 1.3, jaw=0.9)
    ink = np.maximum(ink, smoothstep(strokes, 0.2, 0.5))
    ink = np.maximum(ink, strand_lines(portrait, fields, 1.7, 2.1) * hair)
    if portrait.fit == "head":
        ink = np.maximum(ink, outline(portrait, fields, 0.05, seed + 2, light))
    return f32(ink)


def _dots(canvas: F32, portrait: Portrait, tone: F32, hair: F32, seed: int) -> None:
    """Halftone dots that grow with the shade of the skin, in place."""
    period = portrait.unit / DOTS_PER_UNIT
    xs, ys = grid(portrait.size)
    phase = np.float32((seed % 97) / 97 * math.tau)
    k = np.float32(math.pi / period)
    screen = f32((2 + np.cos((xs + ys) * k + phase) + np.cos((xs - ys) * k)) * np.float32(0.25))
    light = portrait.skin[0]
    shade = clip(f32((np.float32(light + 1) - tone) / np.float32(30)), 0, 0.6)
    shade *= (1 - hair) * (1 - portrait.feature_weight) * (1 - portrait.lips)
    dots = smoothstep(f32(screen - (1 - shade)), -0.05, 0.05) * (shade > 0.03)
    canvas[..., 0] -= dots * np.float32(9)
    canvas[..., 1] += dots * np.float32(8)
    canvas[..., 2] += dots * np.float32(3)
