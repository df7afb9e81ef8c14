"""Ink and wash: a few soft tones, clumps of hair, a confident line."""

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
from pickabook_desktop.imaging.ops import F32, f32, noise
from pickabook_desktop.imaging.portrait.model import Portrait


def draw(portrait: Portrait, seed: int, light: float) -> F32:
    """The head in ink and wash."""
    fields = fields_of(portrait, seed)
    canvas = _skin(portrait, fields, seed)
    draw_blush(canvas, portrait, 0.9)
    settle_skin(canvas, portrait)
    draw_lips(canvas, portrait, 0.55)
    draw_beard(canvas, portrait, fields)
    hair = hair_mask(portrait)
    canvas += (hair_colours(portrait, fields) - canvas) * hair[..., None]
    draw_brows(canvas, portrait, fields)
    draw_mouth(canvas, portrait)
    draw_eyes(canvas, portrait)
    ink = photo_lines(portrait, fields, 0.12, 0.24)
    ink = np.maximum(ink * np.float32(0.85), mesh_strokes(portrait, fields, 1.1))
    ink = np.maximum(ink, strand_lines(portrait, fields) * hair * np.float32(0.6))
    if portrait.fit == "head":
        ink = np.maximum(ink, outline(portrait, fields, 0.043, seed + 2, light))
    lay_ink(canvas, f32(ink), strength=0.95)
    return canvas


def _skin(portrait: Portrait, fields: Fields, seed: int) -> F32:
    wobble = noise(portrait.size, portrait.unit * 0.1, seed) * np.float32(0.6)
    tone = mixed_tone(portrait, fields)
    table = skin_table(
        portrait,
        tone,
        ((-33, 1.0, 1.0), (-18.5, 1.0, 1.0), (-4.5, 1.0, 1.0), (7, 1.0, 1.0), (13, 1.0, 1.0)),
        edge=2.4,
        wash=0.4,
    )
    canvas = toned(f32(tone + wobble), table)
    add_warmth(canvas, portrait, fields, 0.3)
    return canvas
