"""What belongs to the head, and what of it is hair."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pickabook_desktop.imaging.faces import mesh_points as mp
from pickabook_desktop.imaging.ops import (
    AREA,
    F32,
    Bool,
    box,
    clamp,
    clip,
    components,
    dilate,
    erode,
    f32,
    gaussian,
    grid,
    polygon,
    resize,
    rgb_to_lab,
    smoothstep,
)
from pickabook_desktop.imaging.portrait.align import EDGE, EYE_LINE, UNIT, Upright

if TYPE_CHECKING:
    from pickabook_desktop.imaging.faces import FaceFinder

SIZE = (EDGE, EDGE)
HALF = (EDGE // 2, EDGE // 2)
# How many pupil distances of hair are drawn beside and below the face.
REACH_SIDE, REACH_ABOVE, REACH_BELOW = 2.35, 2.55, 2.2


@dataclass(frozen=True, slots=True, eq=False)
class Matte:
    """All float32 (EDGE, EDGE), 0..1: ``head`` the silhouette, ``hair`` how far it is hair,
    ``person`` the whole person, ``face`` the oval of the mesh."""

    head: F32
    hair: F32
    person: F32
    face: F32


class Matter:
    """Cuts one upright head out of its photo."""

    def __init__(self, upright: Upright, finder: "FaceFinder") -> None:
        self._points = upright.points
        self._rgb = upright.rgb
        person = resize(f32(finder.segment(upright.rgb)), SIZE)
        self._face = polygon(SIZE, self._points[list(mp.OVAL)])
        body = np.maximum(smoothstep(person, 0.12, 0.88), gaussian(self._face, 2))
        self._body = f32(body * upright.inside)
        self._person = person
        self._inside = upright.inside
        self._lab = rgb_to_lab(resize_rgb(upright))
        self._x, self._y = grid(SIZE)
        ears = self._points[[mp.RIGHT_EAR, mp.LEFT_EAR], 1].mean()
        self._lobes = float(ears) + 0.55 * UNIT
        self._chin_x, self._chin_y = self._points[mp.CHIN].tolist()

    def cut(self) -> Matte:
        """Find head and hair."""
        skin_like = self._unlike_skin()
        sample, bald = self._hair_and_baldness(resize(skin_like, SIZE) > 9)
        hair_like = self._unlike_hair(sample)
        locks = self._locks(skin_like, hair_like)
        self._leave_others(np.minimum(skin_like, hair_like))
        head = self._silhouette(locks)
        hair = self._hair(skin_like, hair_like, locks, bald=bald)
        return Matte(head, hair, self._person, self._face)

    def _hair_and_baldness(self, not_skin: Bool) -> tuple[Bool, bool]:
        """Where there is surely hair, and whether there is none at all.

        With a high forehead nothing but skin lies above it: then the sides of the head are asked.
        """
        above = self._hair_sample()
        far = self._y < self._points[mp.TOP, 1] - 0.38 * UNIT
        sample = above & (not_skin | far)
        if int(sample.sum()) >= 0.12 * int(above.sum()) and not self._bald(above):
            return sample, False
        around = (self._y < self._lobes) & (self._body > 0.85) & (self._face < 0.05)
        sides = around & not_skin
        if int(sides.sum()) >= 0.25 * int(around.sum()):
            return sides, False
        return above, self._bald(above)

    def _hair_sample(self) -> Bool:
        above = self._y < self._points[mp.TOP, 1] - 0.05 * UNIT
        above &= self._y > self._points[mp.TOP, 1] - 0.75 * UNIT
        above &= abs(self._x - self._points[mp.TOP, 0]) < 0.95 * UNIT
        sample = above & (self._body > 0.85)
        if int(sample.sum()) < 200:
            sample = (self._y < self._lobes) & (self._body > 0.6) & (self._face < 0.05)
        return sample

    def _unlike_skin(self) -> F32:
        """Squared distance, at half size, from the measured skin."""
        cheeks = np.zeros(SIZE[::-1], np.float32)
        for area in (mp.RIGHT_CHEEK, mp.LEFT_CHEEK, mp.FOREHEAD):
            cheeks = np.maximum(cheeks, polygon(SIZE, self._points[list(area)]))
        skin = self._lab[resize(f32(cheeks), HALF) > 0.5]
        tone = np.median(skin, axis=0) if len(skin) else np.array([60, 12, 16])
        to_skin = (self._lab - f32(tone)) / f32([9.0, 6.3, 7.1])
        return f32((to_skin**2).sum(axis=2))

    def _unlike_hair(self, sample: Bool) -> F32:
        """Squared Mahalanobis distance, at half size, from the measured hair."""
        pixels = self._lab[sample[::2, ::2]]
        if len(pixels) > 50:
            mean, spread = pixels.mean(axis=0), np.cov(pixels.T) + np.diag([14.0, 14.0, 14.0])
        else:
            mean, spread = np.array([24.0, 2.0, 3.0]), np.diag([64.0, 40.0, 40.0])
        whiten = f32(np.linalg.cholesky(np.linalg.inv(spread)))
        to_hair = (self._lab - f32(mean)) @ whiten
        return f32((to_hair**2).sum(axis=2))

    def _locks(self, skin_like: F32, hair_like: F32) -> F32:
        """Hair that hangs below the jaw, on those sides where hair reaches down to the lobes."""
        likely = np.exp(np.float32(-0.17) * np.maximum(hair_like - 2, 0))
        likely = (likely * (hair_like < skin_like + 6) > 0.35).astype(np.uint8)
        opened = cv2.morphologyEx(likely, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        locks = resize(gaussian(f32(opened), 1.2), SIZE)
        beside = (self._y > self._lobes - 0.25 * UNIT) & (self._y < self._lobes + 0.2 * UNIT)
        beside &= (self._face < 0.02) & (abs(self._x - self._chin_x) < 2.4 * UNIT)
        for side in (self._x < self._chin_x, self._x >= self._chin_x):
            there = float((locks * self._body)[beside & side].sum()) / (0.225 * UNIT * UNIT)
            locks[side] *= np.float32(np.clip((there - 0.35) / 0.5, 0, 1))
        return locks

    def _leave_others(self, unlike: F32) -> None:
        """Let go of what lies away from the face and looks neither like its skin nor its hair."""
        near = resize(gaussian(resize(self._face, HALF), 0.3 * UNIT), SIZE)
        strange = smoothstep(gaussian(f32(np.minimum(unlike, 60)), 3.0), 16, 30)
        self._body = f32(self._body * (1 - resize(strange, SIZE) * smoothstep(near, 0.12, 0.02)))

    def _below_jaw(self) -> F32:
        jaw = self._points[list(mp.JAW)]
        order = np.argsort(jaw[:, 0])
        columns = f32(np.interp(np.arange(EDGE), jaw[order, 0], jaw[order, 1]))
        start = np.maximum(self._lobes, columns[None] - np.float32(0.02 * UNIT))
        start = np.minimum(start, np.float32(self._chin_y - 0.02 * UNIT))
        return clip(f32((self._y - start) / np.float32(0.12 * UNIT)))

    def _silhouette(self, locks: F32) -> F32:
        allowed = np.maximum(np.maximum(1 - self._below_jaw(), locks), self._face)
        head = self._of_the_face(f32(self._body * allowed * self._reach()))
        grey = f32(cv2.cvtColor(self._rgb, cv2.COLOR_RGB2GRAY)) * np.float32(1 / 255)
        fitted = guided(grey, head, 8, 4e-4)
        fitted *= clip(head * np.float32(3))
        fitted = np.maximum(fitted, self._face * np.minimum(self._body * 2, 1))
        return _drawn_contour(self._of_the_face(f32(fitted)), self._face)

    def _reach(self) -> F32:
        """A soft round limit: long hair ends in a hem, a head cut by the photo in a curve."""
        seen = np.flatnonzero(self._inside[:, EDGE // 2] > 0.5)
        first, last = (int(seen[0]), int(seen[-1])) if len(seen) else (0, EDGE)
        above, below = EDGE * EYE_LINE - first, last - EDGE * EYE_LINE
        beside = self._x[:1] - np.float32(EDGE / 2)
        left, right = self._sides()
        side = np.where(beside < 0, np.float32(left), np.float32(right))
        dx = np.abs(beside) / np.float32(UNIT) / side
        # A side that the photo cuts is rounder, so that no straight edge is left of it.
        dx = np.power(dx, np.where(side < REACH_SIDE, np.float32(0.65), np.float32(1)))
        dy = (self._y[:, :1] - np.float32(EDGE * EYE_LINE)) / np.float32(UNIT)
        bend = np.float32(0.13) * clip(f32((dy / np.float32(1.5)) ** 2))
        dx = f32(dx / (1 - bend * (side < REACH_SIDE)))
        waves = np.float32(0.05) * np.sin(self._x[:1] * np.float32(2 * np.pi / (0.55 * UNIT)))
        hem = _rounded(f32(dx), f32(dy), below / UNIT, REACH_BELOW) + waves * (
            dy > 0.4 * REACH_BELOW
        )
        dome = _rounded(f32(dx), f32(dy), above / UNIT, REACH_ABOVE)
        return f32(1 - smoothstep(f32(np.where(dy > 0, hem, dome)), 0.86, 1.0))

    def _sides(self) -> tuple[float, float]:
        """How far the head may reach to the left and to the right, in units."""
        seen = np.flatnonzero(self._inside[round(EDGE * EYE_LINE)] > 0.5)
        if not len(seen):
            return REACH_SIDE, REACH_SIDE
        left, right = (EDGE / 2 - float(seen[0])) / UNIT, (float(seen[-1]) - EDGE / 2) / UNIT
        return clamp(left, 0.9, REACH_SIDE), clamp(right, 0.9, REACH_SIDE)

    def _of_the_face(self, head: F32) -> F32:
        """Keep the part that hangs together with the face."""
        labels = components(erode(f32(resize(head, HALF) > 0.3), 5))
        x, y = np.clip(self._points[mp.NOSE_TIP] / 2, 0, EDGE // 2 - 1).astype(int).tolist()
        if not labels[y, x]:
            return head
        kept = dilate(f32(labels == labels[y, x]), 9)
        return f32(head * resize(gaussian(kept, 0.75), SIZE))

    def _hair(self, skin_like: F32, hair_like: F32, locks: F32, *, bald: bool) -> F32:
        oval = resize(self._face, HALF)
        inner = gaussian(f32(oval), UNIT * 0.09)
        x, y = self._x[::2, ::2], self._y[::2, ::2]
        low = smoothstep(y, float(self._points[mp.TOP, 1]), float(self._points[9, 1]))
        prior = np.float32(3.0) - np.float32(7.0) * inner - np.float32(7.0) * inner * low
        prior -= np.float32(6.0) * (y > self._lobes)
        prior += np.float32(6.0) * (1 - smoothstep(gaussian(oval, UNIT * 0.2), 0.01, 0.12))
        for ear in (mp.RIGHT_EAR, mp.LEFT_EAR):
            ex, ey = self._points[ear].tolist()
            away = ((x - ex) / (0.42 * UNIT)) ** 2 + ((y - ey - 0.12 * UNIT) / (0.6 * UNIT)) ** 2
            prior -= np.float32(4.0) * np.exp(-f32(away))
        evidence = np.clip(skin_like, 0, 30) - np.clip(hair_like, 0, 24)
        if bald:
            evidence = evidence - np.float32(30)
        hair = 1 / (1 + np.exp(-np.clip((evidence + prior * 1.5) / 3.0, -20, 20)))
        hair = f32(cv2.medianBlur((hair * 255).astype(np.uint8), 7)) * np.float32(1 / 255)
        hair = resize(f32(gaussian(hair, 1.2) * (1 - self._features())), SIZE)
        if not bald:
            away = 1 - smoothstep(gaussian(self._face, UNIT * 0.2), 0.01, 0.05)
            hair = np.maximum(hair, away * (self._y < self._lobes - 0.5 * UNIT))
        return f32(np.maximum(hair, locks * self._below_jaw()))

    def _features(self) -> F32:
        """Eyes, brows and lips at half size: dark, but no hair of the head."""
        found = np.zeros(HALF[::-1], np.float32)
        for area in (mp.RIGHT_EYE, mp.LEFT_EYE, mp.RIGHT_BROW, mp.LEFT_BROW, mp.LIPS_OUTER):
            found = np.maximum(found, polygon(HALF, f32(self._points[list(area)] / 2)))
        inner = smoothstep(gaussian(resize(self._face, HALF), 0.06 * UNIT), 0.5, 0.9)
        return f32(gaussian(dilate(f32(found), 0.08 * UNIT), 1.5) * inner)

    def _bald(self, sample: Bool) -> bool:
        """Whether what lies above the forehead has the colour of the skin."""
        above = self._lab[sample[::2, ::2]]
        cheeks = self._lab[resize(polygon(SIZE, self._points[list(mp.FOREHEAD)]), HALF) > 0.5]
        if len(above) < 50 or len(cheeks) < 20:
            return False
        light, a, b = (np.median(above, axis=0) - np.median(cheeks, axis=0)).tolist()
        return -7 < light < 16 and abs(a) < 6 and abs(b) < 9 and float(above[:, 0].std()) < 12


def _rounded(dx: F32, dy: F32, seen: float, reach: float) -> F32:
    """A rounded limit, 1 where it is reached: flat at ``reach``, a dome where less is ``seen``."""
    if seen > reach:
        return f32(dx**4 + (dy / np.float32(reach)) ** 4)
    narrow = np.float32(REACH_SIDE / max(1.35, seen * 0.98))
    return f32((dx * narrow) ** 2.6 + np.abs(dy / np.float32(max(seen, 0.5))) ** 2.6)


def resize_rgb(upright: Upright) -> F32:
    """The upright head at half size, float32 0..1."""
    small = cv2.resize(upright.rgb, HALF, interpolation=AREA)
    return f32(small) * np.float32(1 / 255)


def guided(guide: F32, mask: F32, radius: int, eps: float) -> F32:
    """Guided filter of one grey guide (He, Sun, Tang: Guided Image Filtering, 2010)."""
    mean_guide, mean_mask = box(guide, radius), box(mask, radius)
    covariance = box(f32(guide * mask), radius) - mean_guide * mean_mask
    variance = box(f32(guide * guide), radius) - mean_guide * mean_guide
    slope = f32(covariance / (variance + np.float32(eps)))
    offset = f32(mean_mask - slope * mean_guide)
    return clip(f32(box(slope, radius) * guide + box(offset, radius)))


def _drawn_contour(head: F32, face: F32) -> F32:
    """The contour a hand would draw: curls stay, frayed pixels go."""
    wide = gaussian(head, UNIT * 0.06)
    smooth = smoothstep(gaussian(f32(wide > 0.5), 1.6), 0.2, 0.8)
    jaw = smoothstep(gaussian(head, UNIT * 0.012), 0.25, 0.75)
    near = gaussian(face, UNIT * 0.06)
    return f32(smooth + (jaw - smooth) * smoothstep(near, 0.2, 0.5))
