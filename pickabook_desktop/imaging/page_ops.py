"""Small typed wrappers over OpenCV for whole pages: uint8, in strips where that saves memory."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]

STRIP_ROWS = 256

Between = Callable[[], None]
"""Called between pieces of long work; raises to stop it."""


def go_on() -> None:
    """A :data:`Between` that never stops anything."""


def u8(values: object) -> U8:
    """``values`` as uint8; no copy where it is that already."""
    return np.asarray(values, np.uint8)


def strips(height: int, between: Between = go_on) -> Iterator[slice]:
    """Row slices that together cover ``height`` rows."""
    for top in range(0, height, STRIP_ROWS):
        between()
        yield slice(top, min(height, top + STRIP_ROWS))


def gray(rgb: U8) -> U8:
    """The luma of an RGB picture (ITU-R BT.601)."""
    return u8(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))


def three(plane: U8) -> U8:
    """One channel, three times."""
    return u8(cv2.cvtColor(plane, cv2.COLOR_GRAY2RGB))


def scaled(values: U8, size: tuple[int, int]) -> U8:
    """At ``size`` (width, height): area mean when shrinking, linear when growing."""
    how = cv2.INTER_AREA if size[0] < values.shape[1] else cv2.INTER_LINEAR
    return u8(cv2.resize(values, size, interpolation=how))


def shrunk(values: U8, factor: int) -> U8:
    """Smaller by ``factor``, at least 4 x 4."""
    height, width = values.shape[:2]
    return scaled(values, (max(4, width // factor), max(4, height // factor)))


def blurred(values: U8, sigma: float) -> U8:
    """Gaussian blur; ``sigma`` in pixels."""
    return u8(cv2.GaussianBlur(values, (0, 0), max(0.3, sigma)))


def shifted(values: U8, x: float, y: float) -> U8:
    """Moved by ``x``, ``y`` pixels; the border goes on."""
    matrix = np.array([[1, 0, x], [0, 1, y]], np.float32)
    return u8(cv2.warpAffine(values, matrix, values.shape[1::-1], borderMode=cv2.BORDER_REPLICATE))


def multiplied(first: U8, second: U8, one: float = 255.0) -> U8:
    """``first * second / one``, rounded and clipped."""
    return u8(cv2.multiply(first, second, scale=1 / one))


def inverted(values: U8) -> U8:
    """``255 - values``."""
    return u8(cv2.bitwise_not(values))


def minus(first: U8, second: U8) -> U8:
    """``first - second``, not below 0."""
    return u8(cv2.subtract(first, second))


def plus(first: U8, second: U8) -> U8:
    """``first + second``, not above 255."""
    return u8(cv2.add(first, second))


def linear(values: U8, factor: float, offset: float = 0.0) -> U8:
    """``|values * factor + offset|``, rounded and clipped at 255."""
    return u8(cv2.convertScaleAbs(values, alpha=factor, beta=offset))


def lookup(values: U8, table: F32) -> U8:
    """Each value through ``table`` (256 numbers, clipped to 0..255)."""
    return u8(cv2.LUT(values, np.clip(table + 0.5, 0, 255).astype(np.uint8)))


def disc(diameter: float) -> U8:
    """A round structuring element, at least 3 pixels wide."""
    side = max(3, int(diameter) | 1)
    return u8(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))


def mix_over(page: U8, colour: U8, cover: U8) -> None:
    """``colour`` over ``page`` where ``cover`` (one channel) is 255; changes ``page``."""
    for rows in strips(page.shape[0]):
        amount = three(cover[rows])
        below = multiplied(page[rows], inverted(amount))
        page[rows] = plus(multiplied(colour[rows], amount), below)


def darken(page: U8, keep: U8) -> None:
    """Multiply ``page`` by ``keep`` / 255 (one channel or three); changes ``page``."""
    for rows in strips(page.shape[0]):
        factor = keep[rows] if keep.ndim == 3 else three(keep[rows])
        page[rows] = multiplied(page[rows], factor)
