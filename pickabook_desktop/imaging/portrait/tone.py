"""Bringing every photo to the same light: balance, exposure, evenness; darker stays darker."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from pickabook_desktop.imaging.faces import mesh_points as mp
from pickabook_desktop.imaging.ops import (
    AREA,
    F32,
    U8,
    clamp,
    clip,
    dilate,
    f32,
    from_linear,
    gaussian,
    lab_to_rgb,
    polygon,
    resize,
    rgb_to_lab,
    smooth_value,
    smoothstep,
    to_linear,
)
from pickabook_desktop.imaging.portrait.align import EDGE, Upright
from pickabook_desktop.imaging.portrait.matte import Matte
from pickabook_desktop.imaging.portrait.regions import bare_skin

SIZE = (EDGE, EDGE)
SMALL = (EDGE // 2, EDGE // 2)
# Where human skin lies in Lab under even light: hue in degrees, chroma; lightness is only bent
# towards this range, so that darker stays darker.
HUE, CHROMA, LIGHTNESS = (51.0, 59.0), (18.0, 27.0), (63.0, 76.0)
GREY_HUE, GREY_CHROMA = 57.0, 19.0
FLATTEN = 0.32
WIDTH_OF_TONES = 34.0
# Melanin makes skin yellower as it darkens; dark and rosy at once is fair skin in the shade.
ROSY, SHADE_LIFT = (49.0, 41.0), 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Toned:
    """``lab`` float32 (EDGE, EDGE, 3); ``grey`` whether the photo had no colour."""

    lab: F32
    grey: bool


class Toner:
    """Measures the skin of one head and tones its picture by it."""

    def __init__(self, upright: Upright, matte: Matte) -> None:
        self._rgb = upright.rgb
        self._points = upright.points
        self._matte = matte
        self._small_rgb = np.asarray(cv2.resize(upright.rgb, SMALL, interpolation=AREA), np.uint8)
        self._lab = rgb_to_lab(self._small_rgb)
        hair = resize(matte.hair, SMALL)
        self._cheeks = bare_skin(SMALL, f32(upright.points / 2), hair)
        self._measured = self._measure()
        chroma = math.hypot(self._measured[1], self._measured[2])
        self._grey = chroma < 5
        self._target = self._target_lightness()
        self._target_ab = self._target_colour(chroma)

    def toned(self) -> Toned:
        """Apply what was measured."""
        table = None if self._grey else self._balance()
        small = self._balanced(self._small_rgb, table)
        even, edge = self._evening(small[..., 0])
        median = float(np.median((small[..., 0])[self._cheeks])) if self._cheeks.any() else 60.0
        lab = self._balanced(self._rgb, table)
        lift = math.log(_inner(self._target)) / math.log(_inner(median))
        spread = self._spread(small[..., 0], even, lift)
        light = clip(f32(lab[..., 0] + resize(even, SIZE)), 0, 100)
        light = np.float32(100) * np.power(light * np.float32(0.01), np.float32(lift))
        light += (light - np.float32(self._target)) * np.float32(spread - 1) * resize(edge, SIZE)
        light = np.where(light < 24, 24 - (24 - light) * np.float32(0.55), light)
        lab[..., 0] = np.minimum(light, np.float32(97))
        self._colour(lab)
        self._settle(lab)
        return Toned(lab, self._grey)

    def _settle(self, lab: F32) -> None:
        """Bring the skin's median to the target, whatever the steps before made of it; in place."""
        skin = lab[::2, ::2][self._cheeks]
        if not len(skin):
            return
        light, a, b = (f32((self._target, *self._target_ab)) - np.median(skin, axis=0)).tolist()
        lab[..., 0] = clip(f32(lab[..., 0] + np.float32(clamp(light, -12, 12))), 0, 97)
        bare = 1 - self._matte.hair
        lab[..., 1] += bare * np.float32(a)
        lab[..., 2] += bare * np.float32(b)

    def _measure(self) -> tuple[float, float, float]:
        skin = self._lab[self._cheeks]
        if not len(skin):
            return 65.0, 12.0, 16.0
        light, a, b = np.median(skin, axis=0).tolist()
        return light, a, b

    def _target_lightness(self) -> float:
        person = self._lab[resize(self._matte.person, SMALL) > 0.7]
        lights = float(np.percentile(person[:, 0], 99.3)) if len(person) > 50 else 95.0
        light, a, b = self._measured
        light *= math.sqrt(clamp(93 / max(lights, 40.0), 1.0, 1.2))
        if not self._grey:
            rosy = smooth_value(math.degrees(math.atan2(b, a)), *ROSY)
            light += SHADE_LIFT * rosy * smooth_value(light, 66, 50)
        low, high = LIGHTNESS
        if light < low:
            return low - (low - light) * 0.72
        return high + (light - high) * 0.45 if light > high else light

    def _target_colour(self, chroma: float) -> tuple[float, float]:
        light, a, b = self._measured
        hue, strength = GREY_HUE, GREY_CHROMA
        if not self._grey:
            hue = clamp(math.degrees(math.atan2(b, a)), *HUE)
            strength = clamp(chroma * math.sqrt(self._target / max(light, 20.0)), *CHROMA)
        return (
            strength * math.cos(math.radians(hue)),
            strength * math.sin(math.radians(hue)),
        )

    def _balance(self) -> F32:
        """A table (256, 3) of gains in linear light that carry the measured skin to the target."""
        light = self._measured[0]
        wanted = self._linear((light, *self._target_ab))
        gains = np.clip(wanted / np.maximum(self._linear(self._measured), 1e-3), 0.6, 1.7)
        levels = to_linear(f32(np.arange(256) / 255))
        return clip(from_linear(f32(levels[:, None] * f32(gains)[None])))

    @staticmethod
    def _linear(lab: tuple[float, float, float]) -> F32:
        rgb = lab_to_rgb(f32([[list(lab)]]))[0, 0]
        return to_linear(f32(rgb) / np.float32(255))

    def _balanced(self, rgb: U8, table: F32 | None) -> F32:
        if table is None:
            return rgb_to_lab(rgb)
        planes = [f32(cv2.LUT(rgb[..., i], table[:, i])) for i in range(3)]
        return rgb_to_lab(f32(cv2.merge(planes)))

    def _evening(self, light: F32) -> tuple[F32, F32]:
        """What to add to the lightness against a one-sided light, and the face's soft edge."""
        face = resize(self._matte.face, SMALL)
        holes = np.zeros_like(face)
        for area in (mp.RIGHT_EYE, mp.LEFT_EYE, mp.RIGHT_BROW, mp.LEFT_BROW, mp.LIPS_OUTER):
            part = polygon(SMALL, f32(self._points[list(area)] / 2))
            holes = np.maximum(holes, dilate(part, 5))
        weight = f32(face * (1 - holes) + np.float32(1e-3) * face + np.float32(1e-6))
        sigma = SMALL[0] * 0.075
        low = gaussian(f32(light * weight), sigma) / gaussian(weight, sigma)
        median = float(np.median(light[self._cheeks])) if self._cheeks.any() else 60.0
        edge = gaussian(face, SMALL[0] * 0.02)
        return f32(clip(f32((median - low) * np.float32(FLATTEN)), -14, 20) * edge), edge

    def _spread(self, light: F32, even: F32, lift: float) -> float:
        """How much to widen or narrow the range of tones in the face."""
        lifted = 100 * np.power(clip(f32(light + even), 0, 100) / 100, np.float32(lift))
        face = resize(self._matte.face, SMALL) > 0.5
        if not face.any():
            return 1.0
        low, high = np.percentile(lifted[face], [5, 95]).tolist()
        return clamp(WIDTH_OF_TONES / max(8.0, high - low), 0.75, 1.35)

    def _colour(self, lab: F32) -> None:
        if self._grey:
            weight = self._matte.face * clip(f32((lab[..., 0] - 25) / 25))
            skin = np.maximum(weight, (1 - self._matte.hair) * smoothstep(lab[..., 0], 25, 50))
            lab[..., 1] = np.float32(self._target_ab[0]) * skin + np.float32(2)
            lab[..., 2] = np.float32(self._target_ab[1]) * skin + np.float32(4)
            return
        ratio = self._target / max(self._measured[0], 20.0)
        lab[..., 1:] *= np.float32(min(1.2, 1.04 * ratio**0.35))


def _inner(light: float) -> float:
    return clamp(light / 100, 0.06, 0.94)
