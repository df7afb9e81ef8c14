"""Turning a smooth lightness into a few tones with clean edges."""

from collections.abc import Sequence

import numpy as np

from pickabook_desktop.imaging.ops import F32, clamp, f32, smoothstep
from pickabook_desktop.imaging.portrait.model import Lab

_STEPS = 1024


def tone_table(darkest: Lab, steps: Sequence[tuple[float, Lab]], edge: float, wash: float) -> F32:
    """A table (1024, 3) from lightness 0..100 to colour.

    Below the first threshold lies ``darkest``; above each ``(threshold, colour)`` that colour. The
    step is ``edge`` wide in lightness; ``wash`` is the share of the smooth lightness kept, 0..1.
    """
    levels = f32(np.linspace(0, 100, _STEPS))
    table = np.empty((_STEPS, 3), np.float32)
    table[:] = f32(darkest)
    for threshold, colour in steps:
        weight = smoothstep(levels, threshold - edge / 2, threshold + edge / 2)
        table += (f32(colour) - table) * weight[:, None]
    table[:, 0] += (levels - table[:, 0]) * np.float32(wash)
    return table


def toned(light: F32, table: F32) -> F32:
    """Colour (h, w, 3) of a lightness (h, w) by a table of :func:`tone_table`."""
    index = (np.clip(light, 0, 100) * np.float32((_STEPS - 1) / 100) + np.float32(0.5)).astype(
        np.int32
    )
    return f32(np.take(table, index, axis=0, mode="clip"))


def skin_tone(skin: Lab, step: float, warmth: float = 1.0, chroma: float = 1.0) -> Lab:
    """The skin, ``step`` lighter or darker. Shade is warmer and redder, as in a drawn face.

    Dark skin takes smaller steps, so that its shades do not run into black.
    """
    light, a, b = skin
    scaled = step * clamp(light / 74, 0.62, 1.1)
    depth = clamp(-scaled / 20, -0.5, 1.6) * warmth
    return (
        clamp(light + scaled, 6, 96),
        (a + 4.5 * depth) * chroma,
        (b * (1 - 0.06 * max(0.0, depth - 0.8)) + 2.0 * depth) * chroma,
    )


def hair_tone(hair: Lab, step: float, chroma: float = 1.0) -> Lab:
    """The hair, ``step`` lighter or darker; lights are warmer, darks a little cooler."""
    light, a, b = hair
    warm = clamp(step / 20, -1, 1)
    return clamp(light + step, 5, 95), (a + warm) * chroma, (b + 3 * warm) * chroma


def quantiles(values: F32, mask: F32, at: Sequence[float]) -> list[float]:
    """Quantiles of ``values`` where ``mask`` is above one half; spread out if nothing is there."""
    inside = values[mask > 0.5]
    if len(inside) < 50:
        return [100.0 * share for share in at]
    found: list[float] = np.quantile(inside[:: max(1, len(inside) // 8000)], at).tolist()
    return found
