"""Smooth fields over a study of a head, from which the looks cut their shapes."""

import math
from dataclasses import dataclass, fields

import cv2
import numpy as np

from pickabook_desktop.imaging.faces import mesh_points as mp
from pickabook_desktop.imaging.ops import (
    AREA,
    CUBIC,
    F32,
    box,
    clip,
    dilate,
    erode,
    f32,
    gaussian,
    grid,
    noise,
    polygon,
    remap,
    resize,
    smooth_value,
    smoothstep,
)
from pickabook_desktop.imaging.portrait.model import Lab, Portrait, Study

SECTORS = 8
# The width of a brush in units.
STROKE = 1 / 21


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """The direction along edges: unit vectors ``x``, ``y``; ``strength`` 0..1."""

    x: F32
    y: F32
    strength: F32


def flow_of(light: F32, sigma: float) -> Flow:
    """The structure tensor's minor direction, smoothed over ``sigma`` pixels."""
    gx = f32(cv2.Sobel(light, cv2.CV_32F, 1, 0, scale=1 / 8))
    gy = f32(cv2.Sobel(light, cv2.CV_32F, 0, 1, scale=1 / 8))
    tensor = gaussian(f32(cv2.merge([gx * gx, gy * gy, gx * gy])), sigma)
    xx, yy, xy = tensor[..., 0], tensor[..., 1], tensor[..., 2]
    difference, twice = f32(xx - yy), f32(2 * xy)
    length = f32(cv2.magnitude(difference, twice))
    angle = f32(cv2.phase(difference, twice)) * np.float32(0.5) + np.float32(math.pi / 2)
    strength = f32(length / (xx + yy + np.float32(1e-4)))
    return Flow(f32(np.cos(angle)), f32(np.sin(angle)), strength)


def along(values: F32, flow: Flow, reach: float) -> F32:
    """Mean of ``values`` along the flow, ``reach`` pixels to either side (line integral
    convolution in two passes of straight steps).
    """
    step = reach / 7
    xs, ys = grid((values.shape[1], values.shape[0]))

    def at(source: F32, distance: float) -> F32:
        d = np.float32(distance)
        return remap(source, f32(xs + flow.x * d), f32(ys + flow.y * d))

    total = values.copy()
    for distance in (-2 * step, -step, step, 2 * step):
        total += at(values, distance)
    total *= np.float32(1 / 5)
    return f32((total + at(total, -5 * step) + at(total, 5 * step)) * np.float32(1 / 3))


def kuwahara(lab: F32, radius: float) -> F32:
    """Anisotropic Kuwahara filter: flat strokes that follow the form.

    One Gaussian and eight samples of it, turned and stretched along the structure tensor, each
    weighted by how even it is (after Kyprianidis, Kang, Döllner: Image and Video Abstraction by
    Anisotropic Kuwahara Filtering, 2009).
    """
    light = lab[..., 0]
    flow = flow_of(light, max(2.0, radius * 0.5))
    blurred = gaussian(lab, radius * 0.5)
    variance = gaussian(f32(light * light), radius * 0.5) - blurred[..., 0] ** 2
    deviation = np.sqrt(np.maximum(variance, np.float32(0)))
    stack = f32(np.dstack([blurred, deviation]))
    stretch = f32(1 + flow.strength * np.float32(0.8))
    r = np.float32(radius)
    ax, ay = flow.x * r * stretch, flow.y * r * stretch
    bx, by = -flow.y * r / stretch, flow.x * r / stretch
    xs, ys = grid((lab.shape[1], lab.shape[0]))

    def sector(index: int) -> F32:
        angle = 2 * math.pi * index / SECTORS
        c, s = np.float32(math.cos(angle)), np.float32(math.sin(angle))
        return _weighted(remap(stack, f32(xs + c * ax + s * bx), f32(ys + c * ay + s * by)))

    total = _weighted(stack)
    for index in range(SECTORS):
        total += sector(index)
    return f32(total[..., :3] / total[..., 3:])


def _weighted(stack: F32) -> F32:
    cube = stack[..., 3] ** 3
    weight = f32(1 / (1 + cube * cube * np.float32(0.02)))
    out = f32(stack * weight[..., None])
    out[..., 3] = weight
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """What does not depend on the seed; float32 (h, w) of the study.

    ``tone``: the lightness in flat strokes; ``calm``: the same, broader, for skin away from the
    features; ``warmth`` (h, w, 2): soft a and b; ``strands``: the lightness of hair drawn out
    along its ``locks``; ``curl``: 0 for straight hair, 1 for tight curls; ``lines``: above 0 on
    dark lines, in local contrast; ``brow``: 0..1 where the brows' hair is, ``brow_depth`` how much
    darker than the skin it is; ``beard`` and ``frames`` (of spectacles): 0..1; ``inside``:
    distance to the silhouette in pixels, positive inside, true near it.
    """

    tone: F32
    calm: F32
    warmth: F32
    strands: F32
    locks: Flow
    curl: float
    lines: F32
    brow: F32
    brow_depth: float
    beard: F32
    frames: F32
    inside: F32


@dataclass(frozen=True, slots=True, eq=False)
class Fields(Form):
    """A form with the hand that draws it: ``fibre``, noise drawn out along the locks, deviation 1;
    ``ridges``: above 0 between the locks.
    """

    fibre: F32
    ridges: F32


def fields_of(portrait: Portrait, seed: int) -> Fields:
    """The fields of a portrait's study; kept with the study for the next look."""
    study, skin = portrait.study, portrait.skin
    form = study.memo.get("form", lambda: _form(study, skin))
    fibre, ridges = study.memo.get(("hair", seed), lambda: _hair(study, form, seed))
    own = {each.name: getattr(form, each.name) for each in fields(Form)}
    return Fields(**own, fibre=fibre, ridges=ridges)


def _form(study: Study, skin: Lab) -> Form:
    light, unit = f32(study.lab[..., 0]), study.unit
    tone, calm, warmth = _tones(study, STROKE * unit)
    brow, depth = _brow(study, skin[0])
    curl = _curl(study, light)
    locks = flow_of(gaussian(light, 1.5), unit / (10 + 14 * curl))
    return Form(
        tone=tone,
        calm=calm,
        warmth=warmth,
        strands=along(gaussian(light, unit * 0.012), locks, unit * (0.3 - 0.2 * curl)),
        locks=locks,
        curl=curl,
        lines=_lines(light, unit),
        brow=brow,
        brow_depth=depth,
        beard=_beard(study, tone, warmth, skin),
        frames=_frames(study),
        inside=_inside(study),
    )


def _hair(study: Study, form: Form, seed: int) -> tuple[F32, F32]:
    unit = study.unit
    fine = noise((study.lab.shape[1], study.lab.shape[0]), unit * 0.016, seed)
    reach = 1 - 0.5 * form.curl
    drawn = along(fine, form.locks, unit * 0.3 * reach)
    fibre = f32(drawn / np.float32(max(float(drawn.std()), 1e-3)))
    mass = f32(form.strands + np.float32(2.5 - 1.7 * form.curl) * fibre)
    ridges = gaussian(mass, unit * 0.032) - gaussian(mass, unit * 0.011)
    return fibre, along(f32(ridges), form.locks, unit * 0.14 * reach)


def _curl(study: Study, light: F32) -> float:
    """How curly the hair is: in curls, edges next to each other run in different directions."""
    inner = study.hair * (study.alpha > 0.9) * (1 - study.face)
    soft = gaussian(light, 1.5)
    slope = cv2.magnitude(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    weight = inner * np.minimum(f32(slope), np.float32(40))
    order = flow_of(soft, study.unit / 10).strength
    return 1 - smooth_value(
        float((order * weight).sum()) / max(float(weight.sum()), 1.0), 0.5, 0.66
    )


def _tones(study: Study, radius: float) -> tuple[F32, F32, F32]:
    height, width = study.alpha.shape
    size = (max(8, round(width * 0.62)), max(8, round(height * 0.62)))
    small = resize(study.lab, size, AREA)
    once = kuwahara(small, radius * 0.38)
    half = (max(8, width // 3), max(8, height // 3))
    twice = kuwahara(resize(once, half, AREA), radius * 0.5)
    calm = gaussian(f32(twice[..., 0]), study.unit * 0.015)
    warmth = gaussian(f32(twice[..., 1:]), study.unit * 0.05)
    back = (width, height)
    return resize(f32(once[..., 0]), back, CUBIC), resize(calm, back, CUBIC), resize(warmth, back)


def _lines(light: F32, unit: float) -> F32:
    """Difference of Gaussians on locally normalised lightness, drawn out along the edges."""
    smooth = gaussian(light, unit / 140)
    flow = flow_of(smooth, unit / 44)
    radius = int(unit / 6.4)
    mean = box(light, radius)
    deviation = np.sqrt(np.maximum(box(f32(light * light), radius) - mean * mean, np.float32(0)))
    even = f32(smooth / (deviation * np.float32(0.55) + np.float32(5.5)))
    sigma = unit / 112
    return along(f32(gaussian(even, sigma * 1.6) - gaussian(even, sigma)), flow, unit / 14)


def _brow(study: Study, skin_light: float) -> tuple[F32, float]:
    """How much darker the brows are than the skin around, evened out between faint and strong."""
    light = f32(study.lab[..., 0])
    skin = f32(np.clip(1 - study.features - study.hair, 0.0, 1.0) * study.face + 1e-4)
    sigma = study.unit * 0.16
    around = gaussian(f32(light * skin), sigma) / gaussian(skin, sigma)
    around = f32(np.minimum(around, skin_light + 10))
    darker = clip(f32(around - gaussian(light, study.unit / 90)), 0, 60)
    inside = darker[study.brows > 0.6]
    if not len(inside):
        return np.zeros_like(light), 10.0
    usual = max(float(np.percentile(inside, 93)), 4.0)
    shape = smoothstep(gaussian(darker, study.unit / 70), 0.25 * usual, 0.7 * usual)
    # Faint brows stay faint: full strength from some twenty levels darker than the skin.
    shape = np.maximum(shape, _unseen_brows(study, shape) * (1 - smooth_value(usual, 9, 15)))
    own = study.brows * study.face * (1 - study.hair)
    return f32(shape * own * np.float32(0.35 + 0.65 * smooth_value(usual, 4, 20))), usual


def _unseen_brows(study: Study, seen: F32) -> F32:
    """The mesh's brows, each as far as only scraps of it are seen, 0..1."""
    core = smoothstep(study.brows, 0.86, 0.98)
    middle = round(float(study.points[6, 0]))
    for side in (slice(0, middle), slice(middle, None)):
        brow = core[:, side]
        covered = float((seen[:, side] * brow).sum()) / max(float(brow.sum()), 1.0)
        brow *= np.float32(0.85 - 0.85 * smooth_value(covered, 0.35, 0.65))
    return core


def _beard(study: Study, tone: F32, warmth: F32, skin: Lab) -> F32:
    """Hair on chin, cheeks and lip: darker than the skin and, unlike shade, less colourful."""
    points, unit = study.points, study.unit
    size = (study.alpha.shape[1], study.alpha.shape[0])
    darker = smoothstep(f32(np.float32(skin[0]) - tone), 9, 26)
    chroma = f32(np.hypot(warmth[..., 0], warmth[..., 1]))
    duller = smoothstep(np.float32(math.hypot(skin[1], skin[2])) - chroma, 2.5, 9)
    rows = f32(np.arange(size[1]))[:, None]
    below = smoothstep(rows, float(points[2, 1]), float(points[2, 1]) + 0.1 * unit)
    lips = gaussian(dilate(polygon(size, points[list(mp.LIPS_OUTER)]), 0.05 * unit), 0.02 * unit)
    return f32(gaussian(f32(darker * duller), unit * 0.02) * below * (1 - lips) * study.face)


def _frames(study: Study) -> F32:
    """Thin dark structure around the eyes that is neither lid nor brow: spectacle frames."""
    light, unit = f32(study.lab[..., 0]), study.unit
    closed = erode(dilate(light, 0.13 * unit), 0.13 * unit)
    thin = smoothstep(f32(closed - light), 11, 24)
    own = np.maximum(dilate(study.brows, 0.05 * unit), dilate(_lids(study), 0.17 * unit))
    return f32(thin * study.ring * (1 - own))


def _lids(study: Study) -> F32:
    size = (study.alpha.shape[1], study.alpha.shape[0])
    eyes = [polygon(size, study.points[list(eye)]) for eye in (mp.RIGHT_EYE, mp.LEFT_EYE)]
    return f32(np.maximum(eyes[0], eyes[1]))


def _inside(study: Study) -> F32:
    """Distance to the silhouette from its blurred matte (the logistic stands in for the normal)."""
    sigma = study.unit * 0.07
    level = np.clip(gaussian(study.alpha, sigma), np.float32(1e-4), np.float32(1 - 1e-4))
    return f32(np.float32(sigma / 1.702) * np.log(level / (1 - level)))
