"""Papercut: sheets of coloured paper, each with its shadow and a lit edge."""

import numpy as np

from pickabook_desktop.imaging.faces import mesh_points as mp
from pickabook_desktop.imaging.looks.features import box_of, draw_eyes, lip_colour, teeth_in
from pickabook_desktop.imaging.looks.fields import Fields, fields_of
from pickabook_desktop.imaging.looks.inking import mesh_strokes, spectacles
from pickabook_desktop.imaging.looks.parts import (
    brow_colour,
    drawn_skin,
    form_of,
    form_share,
    hair_mask,
    settle_skin,
    skin_limits,
)
from pickabook_desktop.imaging.looks.tones import hair_tone, quantiles, skin_tone
from pickabook_desktop.imaging.ops import (
    AREA,
    CUBIC,
    F32,
    U8,
    Bool,
    clip,
    components,
    f32,
    gaussian,
    noise,
    polygon,
    resize,
    smoothstep,
    warp,
)
from pickabook_desktop.imaging.portrait.model import Lab, Portrait

SHADOW, RIM = 1 / 23, 1 / 59
CRUMB = 0.007
CHALK = 0.76


def draw(portrait: Portrait, seed: int, light: float) -> F32:
    """The head as layers of cut paper."""
    fields = fields_of(portrait, seed)
    pile = Pile(portrait, seed, light)
    _hair(pile, portrait, fields)
    _face(pile, portrait, fields)
    settle_skin(pile.canvas, portrait, f32(1 - hair_mask(portrait)))
    _mouth(pile, portrait)
    _eyes(pile, portrait, fields)
    return pile.canvas


class Pile:
    """Sheets laid one upon another."""

    def __init__(self, portrait: Portrait, seed: int, light: float) -> None:
        angle = np.radians(light)
        # Away from the light, in units of the page: where shadows fall and edges are lit.
        self._away = (-float(np.sin(angle)), float(np.cos(angle)))
        self._portrait = portrait
        self._grain = f32(
            noise(portrait.size, 0.9, seed + 31) * np.float32(0.9)
            + noise(portrait.size, 3.0, seed + 32) * np.float32(0.8)
        )
        self.canvas = np.empty((*portrait.alpha.shape, 3), np.float32)

    def base(self, colour: Lab) -> None:
        """The lowest sheet."""
        self.canvas[:] = f32(colour)
        self.canvas[..., 0] += self._grain

    def lay(self, shape: F32, colour: Lab, shadow: float = 0.3) -> None:
        """Lay a sheet whose outline is ``shape`` (0..1); ``shadow`` is how dark its shadow is."""
        unit = self._portrait.unit
        where = box_of(shape, int(unit * 0.14))
        if where is None:
            return
        canvas, mask = self.canvas[where], np.ascontiguousarray(shape[where])
        size = (mask.shape[1], mask.shape[0])
        if shadow:
            small = (max(2, size[0] // 4), max(2, size[1] // 4))
            soft = gaussian(resize(mask, small, AREA), unit / 26 / 4)
            move = self._moved(unit * SHADOW / 4)
            fallen = resize(warp(soft, move, small), size)
            canvas[..., 0] *= 1 - np.float32(shadow) * fallen * (1 - mask)
        rim = np.maximum(mask - warp(mask, self._moved(unit * RIM), size), np.float32(0))
        light = np.float32(colour[0]) + self._grain[where] + rim * np.float32(8)
        canvas[..., 0] += (light - canvas[..., 0]) * mask
        for channel in (1, 2):
            canvas[..., channel] += (np.float32(colour[channel]) - canvas[..., channel]) * mask

    def _moved(self, distance: float) -> F32:
        return f32([[1, 0, self._away[0] * distance], [0, 1, self._away[1] * distance]])

    def cut(
        self, field: F32, threshold: float, within: F32 | None = None, *, calm: float = 0.0
    ) -> F32:
        """A sheet cut where a field of the study is above ``threshold``: smooth, without crumbs.

        ``calm``, 0..1: how far small shapes give way to large rounded ones.
        """
        unit = self._portrait.study.unit
        raised = gaussian(field, unit * (1 + calm) / 70) > np.float32(threshold)
        if within is not None:
            raised &= within > 0.5
        kept = _without_crumbs(raised, CRUMB * (1 + 4 * calm) * unit * unit)
        soft = resize(gaussian(f32(kept), unit * (1 + 1.4 * calm) / 52), self._portrait.size, CUBIC)
        return smoothstep(soft, 0.42, 0.58)


def _without_crumbs(shape: Bool, least: float) -> U8:
    """Drop scraps and close holes smaller than ``least`` pixels."""
    kept = shape.astype(np.uint8)
    for value in (1, 0):
        labels = components(f32(kept == value))
        small = np.bincount(labels.reshape(-1)) < least
        small[0] = False
        kept[small[labels]] = 1 - value
    return kept


def _hair(pile: Pile, portrait: Portrait, fields: Fields) -> None:
    study, hair = portrait.study, portrait.hair
    pile.base(hair_tone(hair, -9))
    mask = f32(study.hair * study.alpha)
    masses = gaussian(fields.strands, study.unit * 0.03)
    shares = quantiles(masses, mask, (0.3, 0.62, 0.88))
    within = f32(mask * (fields.inside > 0.05 * study.unit))
    for limit, step in zip(shares, (-1.0, 7.0, 16.0), strict=True):
        pile.lay(pile.cut(masses, limit, within), hair_tone(hair, step, 1.1), 0.34)


def _face(pile: Pile, portrait: Portrait, fields: Fields) -> None:
    study, skin = portrait.study, drawn_skin(portrait)
    bare = f32((1 - study.hair) * study.alpha)
    pile.lay(f32((1 - hair_mask(portrait)) * portrait.alpha), skin_tone(skin, -19, 1.1, 1.1), 0.3)
    form = form_of(portrait, fields)
    # The openings of eyes and mouth and the brows are sheets of their own: skin goes on beneath.
    own = resize(f32(np.maximum(sum(portrait.eyes), portrait.mouth)), form.shape[::-1], AREA)
    form += np.maximum(portrait.skin[0] - form, 0) * np.maximum(own, fields.brow)
    limits = skin_limits(portrait, form)
    # Lights are few and round; the shades below carry the likeness and stay as they are seen.
    steps = ((-11.0, 0.1), (-3.0, 0.1), (5.0, 0.25), (9.0, 1.0))
    for limit, (step, calm) in zip(limits, steps, strict=True):
        pile.lay(pile.cut(form, limit, bare, calm=calm), skin_tone(skin, step, 1.1, 1.08), 0.24)
    _shade(pile, portrait, form)
    if float(fields.beard.max()) > 0.3:
        pile.lay(pile.cut(fields.beard, 0.35), hair_tone(portrait.hair, 4), 0.2)


def _shade(pile: Pile, portrait: Portrait, form: F32) -> None:
    """A breath of chalk on the skin's sheets: what keeps the likeness between the cuts."""
    light = pile.canvas[..., 0]
    smooth = resize(form, portrait.size, CUBIC)
    chalk = clip(f32(smooth + np.float32(4) - light), -26, 14) * np.float32(
        form_share(portrait, CHALK)
    )
    light += chalk * (1 - hair_mask(portrait)) * portrait.face_mask


def _mouth(pile: Pile, portrait: Portrait) -> None:
    points, unit = portrait.points, portrait.unit
    light, a, b = lip_colour(portrait, 1.2)
    outer = polygon(portrait.size, points[list(mp.LIPS_OUTER)], unit / 120)
    pile.lay(outer, (light - 4, a, b), 0.2)
    if portrait.mouth_open < 0.04:
        return
    inner = polygon(portrait.size, points[list(mp.LIPS_INNER)], unit / 150)
    pile.lay(inner, (22, 18, 9), 0)
    where = box_of(inner, 2)
    if where is not None:
        teeth = np.zeros_like(inner)
        teeth[where] = inner[where] * teeth_in(portrait, where, 14)
        pile.lay(teeth, (92, 0, 4), 0.12)


def _eyes(pile: Pile, portrait: Portrait, fields: Fields) -> None:
    peak = max(float(fields.brow.max()), 0.2)
    brows = gaussian(fields.brow, portrait.study.unit * 0.022)
    shape = smoothstep(resize(brows, portrait.size, CUBIC), 0.34 * peak, 0.5 * peak)
    pile.lay(shape, brow_colour(portrait, fields), 0.18)
    for opening in portrait.eyes:
        pile.lay(smoothstep(opening, 0.3, 0.7), (85, 1, 5), 0.12)
    draw_eyes(pile.canvas, portrait)
    strips = smoothstep(mesh_strokes(portrait, fields, 1.0, jaw=0.35), 0.24, 0.46)
    strips = np.maximum(strips, spectacles(portrait, fields))
    pile.lay(f32(strips), (22, 8, 6), 0.1)
