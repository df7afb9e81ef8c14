"""What several looks share: skin, hair, brows and beard as shapes at the page's scale."""

from collections.abc import Sequence

import numpy as np

from pickabook_desktop.imaging.faces import mesh_points as mp
from pickabook_desktop.imaging.looks.fields import Fields
from pickabook_desktop.imaging.looks.tones import hair_tone, quantiles, skin_tone, tone_table, toned
from pickabook_desktop.imaging.ops import (
    AREA,
    CUBIC,
    F32,
    Bool,
    clamp,
    clip,
    f32,
    gaussian,
    mix,
    polygon,
    resize,
    smoothstep,
)
from pickabook_desktop.imaging.portrait.model import Lab, Portrait

HAIR_SHARES = (0.14, 0.42, 0.78, 0.94)
HAIR_STEPS = (-13.0, -6.0, 2.0, 11.0, 21.0)


def form_share(portrait: Portrait, share: float) -> float:
    """How much of the smooth form is kept, of ``share`` for a whole head.

    A face in a hood has neither hair nor contour to be known by: its form must say more.
    """
    return share + 0.3 if portrait.fit == "face" else share


def form_of(portrait: Portrait, fields: Fields) -> F32:
    """The form of the face in L of the study's scale: broad in the skin, finer at features.

    Local contrast is raised, so that nose, folds and sockets show in flat light as well.
    """
    study = portrait.study
    middle = clip(f32(study.features + study.nose + study.ring * np.float32(0.7)))
    tone = fields.calm + (fields.tone - fields.calm) * (np.float32(0.3) + np.float32(0.7) * middle)
    around = gaussian(f32(tone), study.unit * 0.2)
    form = np.clip(tone - around, -16, 12) * (np.float32(0.55) + np.float32(0.3) * middle)
    return f32(tone + form * study.face)


def mixed_tone(portrait: Portrait, fields: Fields) -> F32:
    """:func:`form_of` at the page's scale."""
    return resize(form_of(portrait, fields), portrait.size, CUBIC)


def skin_limits(portrait: Portrait, tone: F32) -> tuple[float, float, float, float]:
    """Where dark, deep shade, shade and light begin, in L of ``tone``.

    They follow the spread of tones in this face, so that flat light still models it.
    """
    light = portrait.skin[0]
    face, features = portrait.study.face, portrait.study.features
    if tone.shape == portrait.alpha.shape:
        face, features = portrait.face_mask, portrait.feature_weight
    bare = f32(face * (1 - features))
    dark, deep, shade, lit = quantiles(tone, bare, (0.02, 0.1, 0.27, 0.84))
    return (
        clamp(dark, light - 34, light - 20),
        clamp(deep, light - 20, light - 10),
        clamp(shade, light - 9.5, light - 3.5),
        clamp(lit, light + 2.5, light + 8),
    )


def skin_table(
    portrait: Portrait,
    tone: F32,
    tones: Sequence[tuple[float, float, float]],
    *,
    edge: float,
    wash: float,
    shift: tuple[float, float, float, float] = (0, 0, 0, 0),
) -> F32:
    """The colours of the skin, by the lightness of ``tone``, as :func:`tone_table` gives them.

    ``tones`` are step, warmth and chroma (:func:`skin_tone`) from the darkest to the lit; ``shift``
    moves the four limits between them. ``wash`` is that of a whole head.
    """
    skin = drawn_skin(portrait)
    darkest, *lighter = (skin_tone(skin, *each) for each in tones)
    limits = (limit + by for limit, by in zip(skin_limits(portrait, tone), shift, strict=True))
    steps = tuple(zip(limits, lighter, strict=True))
    return tone_table(darkest, steps, edge=edge, wash=form_share(portrait, wash))


def add_warmth(canvas: F32, portrait: Portrait, fields: Fields, share: float) -> None:
    """Some of the photo's own reds and yellows in the skin, in place."""
    canvas += resize(own_colour(fields, portrait.skin, -8, share), portrait.size)


def own_colour(fields: Fields, colour: Lab, least: float, share: float) -> F32:
    """How far the photo's a and b are from a colour, (h, w, 3) of the study; nothing in L."""
    own = np.zeros((*fields.tone.shape, 3), np.float32)
    own[..., 1:] = np.clip(fields.warmth - f32(colour[1:]), least, 12) * np.float32(share)
    return own


def hair_mask(portrait: Portrait) -> F32:
    """Hair at the page's scale with a clean edge."""
    return smoothstep(resize(portrait.study.hair, portrait.size, CUBIC), 0.36, 0.64)


def drawn_skin(portrait: Portrait) -> Lab:
    """The skin as an illustrator mixes it: a little cleaner and rosier than measured."""
    light, a, b = portrait.skin
    return light, a * 1.1 + 2.5, b * 1.08 + 1


def settle_skin(canvas: F32, portrait: Portrait, weight: F32 | None = None) -> None:
    """Shift a drawn skin so that its cheeks have the portrait's ``tone`` on average, in place.

    Neck, ears and hands of the scene are painted in that colour.
    """
    stride = max(1, round(portrait.unit / 32))
    skin = canvas[::stride, ::stride][cheeks_of(portrait, stride)]
    if len(skin) < 12:
        return
    shift = np.clip(f32(portrait.tone) - skin.mean(axis=0), -12, 12)
    if weight is None:
        canvas += f32(shift)
        return
    for channel, step in enumerate(shift.tolist()):
        canvas[..., channel] += weight * np.float32(step)


def cheeks_of(portrait: Portrait, step: int) -> Bool:
    """Cheeks without hair, on every ``step``-th pixel of the frame."""
    width, height = portrait.size
    size = (-(-width // step), -(-height // step))
    points = f32(portrait.points / np.float32(step))
    areas = (mp.RIGHT_CHEEK, mp.LEFT_CHEEK)
    cheeks = np.maximum(*(polygon(size, points[list(area)]) for area in areas))
    return (cheeks > 0.5) & (resize(portrait.study.hair, size, AREA) < 0.3)


def brow_colour(portrait: Portrait, fields: Fields) -> Lab:
    """Between skin and hair: the fainter the brows, the more of the skin."""
    light, a, b = portrait.skin
    hair_a, hair_b = max(portrait.hair[1], 5.0), max(portrait.hair[2], 7.0)
    far = clamp(fields.brow_depth / 35, 0, 1) * 0.7
    dark = clamp(light - 1.55 * fields.brow_depth, 11, light - 15)
    return dark, a + (hair_a - a) * far, b + (hair_b - b) * far


def draw_brows(canvas: F32, portrait: Portrait, fields: Fields, strength: float = 1.0) -> None:
    """The brows as one shape with a clean edge, as dark against the skin as in the photo."""
    peak = max(float(fields.brow.max()), 0.2)
    hairs = f32(fields.brow * (1 + np.float32(0.2) * np.clip(fields.fibre, -2, 2)))
    shape = smoothstep(resize(hairs, portrait.size, CUBIC), 0.3 * peak, 0.58 * peak)
    mix(canvas, brow_colour(portrait, fields), shape * np.float32(0.9 * strength))


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
    light = f32(fields.strands + np.float32(3 - 2.2 * fields.curl) * fields.fibre)
    limits = quantiles(light, f32(study.hair * study.alpha), HAIR_SHARES)
    hair = portrait.hair
    tones = [hair_tone(hair, step, chroma) for step in steps]
    table = tone_table(tones[0], list(zip(limits, tones[1:], strict=True)), edge, wash)
    canvas = toned(resize(light, portrait.size, CUBIC), table)
    canvas += resize(own_colour(fields, hair, -10, 0.45 * chroma), portrait.size)
    np.maximum(canvas[..., 1], np.float32(-4), out=canvas[..., 1])
    return canvas


def strand_lines(portrait: Portrait, fields: Fields, low: float = 1.1, high: float = 2.2) -> F32:
    """Thin lines between the locks, as ink 0..1."""
    return smoothstep(resize(fields.ridges, portrait.size, CUBIC), low, high)
