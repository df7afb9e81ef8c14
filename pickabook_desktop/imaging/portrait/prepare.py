"""The stages from photo to portrait, in order."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pickabook_desktop.imaging.faces import mesh_points as mp
from pickabook_desktop.imaging.ops import CUBIC, F32, U8, clamp, clip, f32, polygon, resize
from pickabook_desktop.imaging.portrait.align import EDGE, UNIT, Upright, make_upright
from pickabook_desktop.imaging.portrait.edges import decontaminate
from pickabook_desktop.imaging.portrait.eyes import enlarge_eyes
from pickabook_desktop.imaging.portrait.matte import Matte, Matter
from pickabook_desktop.imaging.portrait.model import Fit, Iris, Lab, Portrait, Study
from pickabook_desktop.imaging.portrait.regions import (
    bare_skin,
    eye_openings,
    mouth_and_lips,
    study_masks,
)
from pickabook_desktop.imaging.portrait.tone import Toned, Toner

if TYPE_CHECKING:
    from pickabook_desktop.imaging.faces import FaceFinder, FaceMesh

MARGIN_HEAD, MARGIN_FACE = 6, 12
UNKNOWN_HAIR: Lab = (30.0, 6.0, 8.0)

Frame = tuple[int, int, int, int]


def prepare(
    rgb: U8, mesh: "FaceMesh", finder: "FaceFinder", unit: float, fit: Fit = "head"
) -> Portrait:
    """Make one head upright and ready to be drawn.

    ``rgb`` is the upright uint8 photo, ``mesh`` one face in it, ``unit`` how many pixels of the
    page one pupil distance takes, ``fit`` whether the hair belongs to it. ``finder`` lends its
    networks for the person's outline and the irises. What is examined does not depend on ``unit``.
    """
    upright = make_upright(rgb, mesh)
    matte = Matter(upright, finder).cut()
    toned = Toner(upright, matte).toned()
    irises = _irises(upright, finder)
    frame = _frame(upright, matte, fit)
    study, irises = _study(upright, matte, toned, frame, irises)
    skin, hair = _measured(study, toned, matte)
    return _at_page_scale(study, irises, frame, unit, fit, skin, hair)


def _irises(upright: Upright, finder: "FaceFinder") -> tuple[Iris, Iris]:
    depth = np.zeros((len(upright.points), 1), np.float32)
    points = f32(np.hstack([upright.points, depth]))
    return finder.irises(upright.rgb, replace(upright.mesh, points=points))


def _frame(upright: Upright, matte: Matte, fit: Fit) -> Frame:
    """Left, top, right, bottom of the region of interest."""
    if fit == "head":
        ys, xs = np.nonzero(matte.head > 0.04)
        around = (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1) if len(xs) else (0, 0, EDGE, EDGE)
        margin = MARGIN_HEAD
    else:
        oval = upright.points[list(mp.OVAL)]
        around = (*oval.min(axis=0), *oval.max(axis=0))
        margin = MARGIN_FACE
    left, top, right, bottom = (int(v) for v in around)
    return (
        max(0, left - margin),
        max(0, top - margin),
        min(EDGE, right + margin),
        min(EDGE, bottom + margin),
    )


def _study(
    upright: Upright, matte: Matte, toned: Toned, frame: Frame, irises: tuple[Iris, Iris]
) -> tuple[Study, tuple[Iris, Iris]]:
    left, top, right, bottom = frame
    part = (slice(top, bottom), slice(left, right))
    alpha = matte.head[part].copy()
    lab = decontaminate(toned.lab[part], alpha)
    points = f32(upright.points - f32([left, top]))
    shifted: tuple[Iris, Iris] = (
        (irises[0][0] - left, irises[0][1] - top, irises[0][2]),
        (irises[1][0] - left, irises[1][1] - top, irises[1][2]),
    )
    points, grown = enlarge_eyes(lab, points, shifted)
    masks = study_masks((right - left, bottom - top), points, UNIT)
    study = Study(
        unit=UNIT,
        lab=lab,
        alpha=alpha,
        points=points,
        face=masks.face,
        features=masks.features,
        nose=masks.nose,
        ring=masks.ring,
        hair=matte.hair[part].copy(),
        brows=masks.brows,
    )
    return study, grown


def _measured(study: Study, toned: Toned, matte: Matte) -> tuple[Lab, Lab]:
    """The colours of skin and hair after toning."""
    size = (study.alpha.shape[1], study.alpha.shape[0])
    skin = _median(study.lab[bare_skin(size, study.points, study.hair)], (68.0, 12.0, 18.0))
    # The whole head is asked, for a face's region of interest holds next to no hair.
    hairy = (matte.hair > 0.7) & (matte.head > 0.9)
    hair = _median(toned.lab[hairy], UNKNOWN_HAIR)
    # Greenish hair is a colour cast that the white balance of the skin could not reach.
    return skin, (hair[0], max(hair[1], 0.24 * hair[2]), hair[2])


def _median(pixels: F32, otherwise: Lab) -> Lab:
    if len(pixels) < 60:
        return otherwise
    light, a, b = np.median(pixels[:: max(1, len(pixels) // 4000)], axis=0).tolist()
    return light, a, b


def _at_page_scale(
    study: Study,
    irises: tuple[Iris, Iris],
    frame: Frame,
    unit: float,
    fit: Fit,
    skin: Lab,
    hair: Lab,
) -> Portrait:
    height, width = study.alpha.shape
    factor = unit / study.unit
    size = (max(8, round(width * factor)), max(8, round(height * factor)))
    kx, ky = size[0] / width, size[1] / height
    points = f32((study.points + np.float32(0.5)) * f32([kx, ky]) - np.float32(0.5))
    mouth, lips = mouth_and_lips(size, points, unit)
    anchor = ((EDGE * 0.5 - frame[0] + 0.5) * kx - 0.5, (EDGE * 0.52 - frame[1] + 0.5) * ky - 0.5)
    return Portrait(
        unit=unit,
        fit=fit,
        anchor=anchor,
        points=points,
        irises=(_moved(irises[0], kx, ky), _moved(irises[1], kx, ky)),
        alpha=_crisp(study.alpha, size, factor),
        face_mask=polygon(size, points[list(mp.OVAL)], unit / 50),
        feature_weight=clip(resize(study.features, size)),
        eyes=eye_openings(size, points, unit),
        mouth=mouth,
        lips=lips,
        mouth_open=float(np.linalg.norm(points[13] - points[14])) / unit,
        skin=skin,
        hair=hair,
        study=study,
    )


def _moved(iris: Iris, kx: float, ky: float) -> Iris:
    x, y, radius = iris
    return (x + 0.5) * kx - 0.5, (y + 0.5) * ky - 0.5, radius * math.sqrt(kx * ky)


def _crisp(alpha: F32, size: tuple[int, int], factor: float) -> F32:
    """Enlarge a silhouette so that its edge stays as sharp as in the study."""
    enlarged = f32(cv2.resize(alpha, size, interpolation=CUBIC if factor > 1 else cv2.INTER_AREA))
    steeper = clamp(factor, 1.0, 4.0)
    return clip(f32((enlarged - np.float32(0.5)) * np.float32(steeper) + np.float32(0.5)))
