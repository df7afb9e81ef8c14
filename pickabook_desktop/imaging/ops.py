"""Small typed wrappers over OpenCV and NumPy, shared by the imaging modules.

All floating point arrays are float32: a stray float64 doubles the work and some OpenCV calls refuse
it. Sizes are (width, height), as OpenCV has them; pictures are RGB.
"""

import functools
import math
from collections.abc import Sequence
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]
I32 = NDArray[np.int32]
Bool = NDArray[np.bool_]

NEAREST = cv2.INTER_NEAREST
LINEAR = cv2.INTER_LINEAR
CUBIC = cv2.INTER_CUBIC
AREA = cv2.INTER_AREA

_TILE = 768
_BITS = 4
_SUBPIXEL = 1 << _BITS


def f32(values: Any) -> F32:
    """``values`` as a float32 array; no copy where it is one already."""
    return np.asarray(values, dtype=np.float32)


def clamp(value: float, low: float, high: float) -> float:
    """``value`` kept within ``low`` to ``high``, as a plain float."""
    return float(min(max(value, low), high))


def clip(values: F32, low: float = 0.0, high: float = 1.0) -> F32:
    """A copy of ``values`` kept within ``low`` to ``high``."""
    return f32(np.clip(values, np.float32(low), np.float32(high)))


def smoothstep(values: F32, low: float, high: float) -> F32:
    """0 below ``low``, 1 above ``high``, a cubic without corners between. A new array."""
    t = f32(values - np.float32(low))
    t *= np.float32(1.0 / (high - low))
    np.clip(t, np.float32(0), np.float32(1), out=t)
    rest = t * np.float32(-2)
    rest += np.float32(3)
    t *= t
    t *= rest
    return t


def smooth_value(value: float, low: float, high: float) -> float:
    """:func:`smoothstep` for one number."""
    t = clamp((value - low) / (high - low), 0.0, 1.0)
    return t * t * (3 - 2 * t)


def gaussian(values: F32, sigma: float) -> F32:
    """Gaussian blur of one or more channels; ``sigma`` in pixels.

    A wide one is done on a smaller copy, with less blur by as much as the resampling blurs.
    """
    factor = int(sigma / 2.6)
    height, width = values.shape[:2]
    if factor < 2 or min(height, width) < 16 * factor:
        return f32(cv2.GaussianBlur(values, (0, 0), max(0.3, float(sigma))))
    size = (round(width / factor), round(height / factor))
    rest = math.sqrt(sigma * sigma - factor * factor / 4) / factor
    small = cv2.GaussianBlur(cv2.resize(values, size, interpolation=AREA), (0, 0), rest)
    return f32(cv2.resize(small, (width, height), interpolation=LINEAR))


def box(values: F32, radius: int) -> F32:
    """Mean over a square of ``2 * radius + 1`` pixels."""
    side = 2 * max(1, radius) + 1
    return f32(cv2.blur(values, (side, side)))


def resize(values: F32, size: tuple[int, int], how: int = LINEAR) -> F32:
    """``values`` at ``size`` (width, height)."""
    return f32(cv2.resize(values, size, interpolation=how))


def warp(values: F32, matrix: F32, size: tuple[int, int], how: int = LINEAR) -> F32:
    """Carry ``values`` over by a 2x3 ``matrix`` (source to target); the border goes on."""
    return f32(
        cv2.warpAffine(values, matrix, size, flags=how, borderMode=cv2.BORDER_REPLICATE),
    )


def warp_rgb(rgb: U8, matrix: F32, size: tuple[int, int], how: int = LINEAR) -> U8:
    """:func:`warp` for a uint8 picture."""
    moved = cv2.warpAffine(rgb, matrix, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def remap(values: F32, x: F32, y: F32, how: int = LINEAR) -> F32:
    """Sample ``values`` at ``x``, ``y``; the border goes on."""
    return f32(cv2.remap(values, x, y, how, borderMode=cv2.BORDER_REPLICATE))


def ellipse_kernel(diameter: float) -> U8:
    """A round structuring element, at least one pixel wide."""
    side = max(1, int(diameter)) | 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def dilate(values: F32, diameter: float) -> F32:
    """The largest value within a disc."""
    return f32(cv2.dilate(values, ellipse_kernel(diameter)))


def erode(values: F32, diameter: float) -> F32:
    """The smallest value within a disc; what lies outside the array does not count."""
    return f32(cv2.erode(values, ellipse_kernel(diameter)))


def components(shape: F32) -> I32:
    """Number the connected parts where ``shape`` is above one half; 0 is the rest."""
    _, labels = cast("tuple[int, I32]", cv2.connectedComponents((shape > 0.5).astype(np.uint8)))
    return labels


def grid(size: tuple[int, int]) -> tuple[F32, F32]:
    """The x and the y of every pixel."""
    xs, ys = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    return f32(xs), f32(ys)


def polygon(size: tuple[int, int], points: F32, blur: float = 0.0) -> F32:
    """The inside of a polygon as 0..1 with a smooth edge; ``blur`` is a sigma in pixels."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    corners = np.round(points * _SUBPIXEL).astype(np.int32)
    cv2.fillPoly(mask, [corners], (255,), cv2.LINE_AA, _BITS)
    if blur:
        mask = cv2.GaussianBlur(mask, (0, 0), max(0.3, float(blur)))
    return f32(mask) * np.float32(1 / 255)


def band(size: tuple[int, int], points: F32, width: float) -> F32:
    """An open line through ``points`` as 0..1."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    corners = np.round(points * _SUBPIXEL).astype(np.int32)
    cv2.polylines(mask, [corners], False, (255,), max(1, round(width)), cv2.LINE_AA, _BITS)
    return f32(mask) * np.float32(1 / 255)


def rgb_to_lab(rgb: U8 | F32) -> F32:
    """Lab (L 0..100) of an RGB picture, uint8 or float32 in 0..1."""
    values = f32(rgb)
    if rgb.dtype == np.uint8:
        values = values * np.float32(1 / 255)
    return f32(cv2.cvtColor(values, cv2.COLOR_RGB2LAB))


def lab_to_rgb(lab: F32) -> U8:
    """uint8 sRGB of a float32 Lab picture; colours outside sRGB are clipped."""
    rgb = f32(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB))
    np.clip(rgb, np.float32(0), np.float32(1), out=rgb)
    rgb *= np.float32(255)
    rgb += np.float32(0.5)
    return rgb.astype(np.uint8)


def lab_to_hex(lab: Sequence[float]) -> str:
    """One Lab colour as ``#rrggbb``."""
    red, green, blue = lab_to_rgb(f32([[list(lab)]]))[0, 0].tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"


def to_linear(values: F32) -> F32:
    """sRGB 0..1 to linear light (IEC 61966-2-1)."""
    return f32(
        np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** np.float32(2.4))
    )


def from_linear(values: F32) -> F32:
    """Linear light to sRGB 0..1 (IEC 61966-2-1)."""
    v = np.maximum(values, np.float32(0))
    return f32(np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** np.float32(1 / 2.4) - 0.055))


def mix(base: F32, colour: Sequence[float] | F32, weight: F32) -> None:
    """Move ``base`` (h, w, 3) towards a colour, or a picture, by ``weight`` (h, w), in place."""
    if isinstance(colour, np.ndarray) and colour.ndim == 3:
        base += (colour - base) * weight[..., None]
        return
    for channel in range(3):
        plane = base[..., channel]
        plane += (np.float32(colour[channel]) - plane) * weight


@functools.lru_cache(maxsize=16)
def _noise_tile(sigma: float) -> F32:
    """A tile that joins at its edges, of Gaussian noise blurred by ``sigma``, deviation 1."""
    step = max(1, int(sigma / 1.5))
    side = _TILE // step
    white = np.random.default_rng(round(sigma * 100)).standard_normal((side, side))
    margin = min(side, math.ceil(4 * sigma / step) + 2)
    wide = np.pad(white.astype(np.float32), margin, mode="wrap")
    tile = gaussian(f32(wide), sigma / step)[margin:-margin, margin:-margin]
    tile = resize(tile / np.float32(tile.std()), (_TILE, _TILE), CUBIC if step > 1 else NEAREST)
    tile.setflags(write=False)
    return tile


@functools.lru_cache(maxsize=6)
def _hatch_tile(degrees: int, length: int) -> F32:
    """A tile of short parallel strokes, deviation 1."""
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    dx = math.cos(math.radians(degrees)) * length
    dy = math.sin(math.radians(degrees)) * length
    ends = [(round(length + s * dx), round(length + s * dy)) for s in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], (1.0,), 1, cv2.LINE_AA)
    wide = np.pad(_noise_tile(0.8), length, mode="wrap")
    tile = f32(cv2.filter2D(wide, -1, kernel))[length:-length, length:-length]
    tile = f32(tile / np.float32(tile.std()))
    tile.setflags(write=False)
    return tile


def noise(size: tuple[int, int], sigma: float, seed: int) -> F32:
    """Gaussian noise, deviation 1, blurred by ``sigma`` pixels; another seed shows another part."""
    return _laid(_noise_tile(round(clamp(sigma, 0.3, 120.0), 1)), size, seed)


def hatch(size: tuple[int, int], degrees: int, length: int, seed: int) -> F32:
    """Parallel pencil strokes, deviation 1, ``degrees`` clockwise from horizontal."""
    return _laid(_hatch_tile(degrees, length), size, seed)


def _laid(tile: F32, size: tuple[int, int], seed: int) -> F32:
    left, top = np.random.default_rng(seed).integers(0, _TILE, 2).tolist()
    rows = (np.arange(size[1]) + top) % _TILE
    columns = (np.arange(size[0]) + left) % _TILE
    return tile[rows][:, columns]
