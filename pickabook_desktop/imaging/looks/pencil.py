"""Coloured pencil: strokes over the grain of the paper, graphite for the lines."""

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
from pickabook_desktop.imaging.ops import (
    CUBIC,
    F32,
    clamp,
    clip,
    f32,
    hatch,
    noise,
    resize,
    smoothstep,
)
from pickabook_desktop.imaging.portrait.model import Portrait

PAPER = (95.5, 0.5, 4.0)
GRAPHITE = (24.0, 3.0, 3.0)


def draw(portrait: Portrait, seed: int, light: float) -> F32:
    """The head in coloured pencil."""
    fields = fields_of(portrait, seed)
    hair = hair_mask(portrait)
    canvas = _skin(portrait, fields)
    draw_blush(canvas, portrait, 1.3)
    draw_lips(canvas, portrait, 0.7)
    draw_beard(canvas, portrait, fields)
    pigment = hair_colours(
        portrait, fields, steps=(-15, -7, 3, 15, 28), edge=6, wash=0.3, chroma=1.15
    )
    canvas += (pigment - canvas) * hair[..., None]
    draw_brows(canvas, portrait, fields, 0.75)
    _stroke_over(canvas, portrait, fields, hair, seed)
    settle_skin(canvas, portrait, f32(1 - hair))
    draw_mouth(canvas, portrait, 0.85)
    draw_eyes(canvas, portrait, 0.92)
    line = photo_lines(portrait, fields, 0.1, 0.3) * np.float32(0.85)
    line = np.maximum(line, mesh_strokes(portrait, fields, 0.95))
    line = np.maximum(line, strand_lines(portrait, fields, 0.8, 2.6) * hair * np.float32(0.7))
    if portrait.fit == "head":
        line = np.maximum(line, outline(portrait, fields, 0.018, seed + 2, light) * np.float32(0.8))
    grain = noise(portrait.size, 0.8, seed + 9) * np.float32(0.28) + np.float32(0.8)
    lay_ink(canvas, f32(line * clip(grain, 0.25, 1.0)), GRAPHITE, 0.92)
    return canvas


def _skin(portrait: Portrait, fields: Fields) -> F32:
    tone = mixed_tone(portrait, fields)
    table = skin_table(
        portrait,
        tone,
        ((-32, 1.2, 1.15), (-20, 1.2, 1.15), (-8, 1.1, 1.15), (1, 1.0, 1.12), (9, 1.0, 1.0)),
        edge=5,
        wash=0.74,
    )
    canvas = toned(tone, table)
    add_warmth(canvas, portrait, fields, 0.4)
    return canvas


def _stroke_over(canvas: F32, portrait: Portrait, fields: Fields, hair: F32, seed: int) -> None:
    """Break the colour into strokes: paper shows between them, shade is hatched twice, in place."""
    size = portrait.size
    length = round(clamp(portrait.unit * 0.085, 5, 22))
    strokes = hatch(size, -52, length, seed + 21) * np.float32(0.85)
    strands = resize(fields.fibre, size, CUBIC)
    strokes = f32(strokes + (strands * np.float32(1.1) - strokes) * hair)
    strokes += noise(size, 0.7, seed + 22) * np.float32(0.35)
    light = f32(canvas[..., 0])
    depth = clip(f32((np.float32(portrait.skin[0]) - light) / 34), 0, 1) * (1 - hair)
    second = smoothstep(hatch(size, 18, length, seed + 23), -0.2, 1.2) * depth
    cover = clip(f32(np.float32(1.18) - light / 150 + strokes * np.float32(0.17)), 0.1, 1.0)
    dark = clip(f32(-strokes), -1, 2) * np.float32(1.8) + second * np.float32(9)
    canvas[..., 0] -= dark + np.float32(3)
    for channel in range(3):
        plane = canvas[..., channel]
        plane -= (plane - np.float32(PAPER[channel])) * (1 - cover)
