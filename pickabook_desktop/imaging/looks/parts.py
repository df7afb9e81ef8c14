"""What several looks share: skin, hair, brows and beard as shapes at the page's scale."""

from collections.abc import Sequence

import numpy as np

from pickabook_desktop.imaging.looks.fields import Fields
from pickabook_desktop.imaging.looks.tones import hair_tone, quantiles, tone_table, toned
from pickabook_desktop.imaging.ops import CUBIC, F32, clamp, clip, f32, mix, resize, smoothstep
from pickabook_desktop.imaging.portrait.model import Lab, Portrait

HAIR_SHARES = (0.14, 0.42, 0.78, 0.94)
HAIR_STEPS = (-13.0, -6.0, 2.0, 11.0, 21.0)


def mixed_tone(portrait: Portrait, fields: Fields) -> F32:
    """Broad tones in the skin, finer ones at the features, at the page's scale."""
    study = portrait.study
    detail = clip(f32(study.features + study.nose * np.float32(0.7)))
    tone = fields.calm + (fields.tone - fields.calm) * detail
    return resize(f32(tone), portrait.size, CUBIC)


def add_warmth(canvas: F32, portrait: Portrait, fields: Fields, share: float) -> None:
    """Some of the photo's own reds and yellows in the skin, in place."""
    own = f32(np.clip(fields.warmth - f32(portrait.skin[1:]), -8, 12) * np.float32(share))
    canvas[..., 1:] += resize(own, portrait.size)


def hair_mask(portrait: Portrait) -> F32:
    """Hair at the page's scale with a clean edge."""
    return smoothstep(resize(portrait.study.hair, portrait.size, CUBIC), 0.36, 0.64)


def drawn_skin(portrait: Portrait) -> Lab:
    """The skin as an illustrator mixes it: a little cleaner and rosier than measured."""
    light, a, b = portrait.skin
    return light, a * 1.08 + 1.5, b * 1.06


def draw_brows(canvas: F32, portrait: Portrait, fields: Fields, strength: float = 1.0) -> None:
    """The brows as one shape with a clean edge, as dark against the skin as in the photo."""
    peak = max(float(fields.brow.max()), 0.2)
    shape = smoothstep(resize(fields.brow, portrait.size, CUBIC), 0.28 * peak, 0.6 * peak)
    light, a, b = portrait.skin
    _, hair_a, hair_b = portrait.hair
    hair_a, hair_b = max(hair_a, 5.0), max(hair_b, 7.0)
    dark = clamp(light - 1.55 * fields.brow_depth, 11, light - 8)
    far = clamp(fields.brow_depth / 35, 0, 1)
    colour = (dark, a + (hair_a - a) * 0.7 * far, b + (hair_b - b) * 0.7 * far)
    mix(canvas, colour, shape * np.float32(0.9 * strength))


def draw_beard(canvas: F32, portrait: Portrait, fields: Fields, strength: float = 1.0) -> None:
    """Beard, moustache and stubble as a wash of hair with a grain along the chin."""
    if float(fields.beard.max()) < 0.15:
        return
    grain = clip(f32(fields.beard * (1 + np.float32(0.22) * fields.fibre)))
    weight = smoothstep(resize(grain, portrait.size, CUBIC), 0.14, 0.75)
    light, a, b = portrait.skin
    hair_light, hair_a, hair_b = portrait.hair
    colour = (min(hair_light + 4, light * 0.5), (a + hair_a) / 2, (b + hair_b) / 2)
    mix(canvas, colour, weight * np.float32(0.72 * strength))


def hair_colours(
    portrait: Portrait,
    fields: Fields,
    *,
    steps: Sequence[float] = HAIR_STEPS,
    edge: float = 2.4,
    wash: float = 0.18,
    chroma: float = 1.0,
) -> F32:
    """Hair in five tones that follow the locks, with some of its own colour changes."""
    study = portrait.study
    light = f32(fields.strands + np.float32(3) * fields.fibre)
    limits = quantiles(light, f32(study.hair * study.alpha), HAIR_SHARES)
    hair = portrait.hair
    tones = [hair_tone(hair, step, chroma) for step in steps]
    table = tone_table(tones[0], list(zip(limits, tones[1:], strict=True)), edge, wash)
    canvas = toned(resize(light, portrait.size, CUBIC), table)
    own = f32(np.clip(fields.warmth - f32(hair[1:]), -14, 14) * np.float32(0.45 * chroma))
    canvas[..., 1:] += resize(own, portrait.size)
    return canvas


def strand_lines(portrait: Portrait, fields: Fields, low: float = 1.1, high: float = 2.2) -> F32:
    """Thin lines between the locks, as ink 0..1."""
    return smoothstep(resize(fields.ridges, portrait.size, CUBIC), low, high)
