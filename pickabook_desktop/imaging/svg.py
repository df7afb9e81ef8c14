"""Drawn scenes: recolouring of SVG text and rendering with QtSvg.

Besides the contact sheets, the one module of this floor that knows Qt. No application object is
needed, on any thread: the drawings hold no text, and Qt reads pictures without one (measured with
PySide6 6.10).
"""

import re
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize
from PySide6.QtGui import QImage, QImageReader

from pickabook_desktop.domain.errors import TemplateError
from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.i18n import tr

# How much is drawn in one go: a large page can be stopped between. It must not depend on the speed,
# for Qt rounds gradients differently in parts that begin at another row, and the same request must
# give the same page.
PIXELS_AT_ONCE = 1024 * 1024

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}(?![0-9a-fA-F])")
_ROOT = re.compile(r"""<svg\b((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_FRAMING = re.compile(
    r"""\s(?:viewBox|width|height|preserveAspectRatio)\s*=\s*(?:"[^"]*"|'[^']*')"""
)


def settle() -> None:
    """Call it where Qt may not have been used before: it takes the thread that makes the first of
    its objects for the main one, and will not have its application made by another.
    """
    QBuffer()


def recolour(svg: str, colours: Mapping[str, str]) -> str:
    """Replace colour literals (``#rrggbb``, any case) by ``colours``, all at the same time.

    A stand-in that equals another literal is not replaced again.
    """
    lowered = {old.lower(): new for old, new in colours.items()}
    if not lowered:
        return svg
    return _COLOUR.sub(lambda match: lowered.get(match[0].lower(), match[0]), svg)


def render_svg(
    svg: str, view: Rect, size: Size, between: Callable[[], None] = lambda: None
) -> NDArray[np.uint8]:
    """Draw the part ``view`` of ``svg`` (in its user units) at ``size`` pixels.

    Returns uint8 of shape (height, width, 4), premultiplied, in the order blue, green, red, alpha.
    ``between`` is called before each part of a large page and may raise to stop. Raises
    TemplateError for text that is no SVG drawing.
    """
    drawing = QByteArray(_framed(svg, view).encode())
    pixels = np.empty((size.height, size.width, 4), np.uint8)
    rows = max(1, PIXELS_AT_ONCE // size.width)
    for top in range(0, size.height, rows):
        between()
        part = pixels[top : top + rows]
        image = _drawn(drawing, QRect(0, top, size.width, len(part)), size)
        lines = np.frombuffer(image.constBits(), np.uint8).reshape(len(part), image.bytesPerLine())
        part[:] = lines[:, : size.width * 4].reshape(part.shape)
    return pixels


def _framed(svg: str, view: Rect) -> str:
    """The drawing, so that ``view`` fills the page."""
    box = f"{view.x!r} {view.y!r} {view.width!r} {view.height!r}"
    return _ROOT.sub(lambda root: f'<svg viewBox="{box}"{_FRAMING.sub("", root[1])}>', svg, count=1)


def _drawn(drawing: QByteArray, part: QRect, size: Size) -> QImage:
    """A part of the page. QSvgRenderer would do as well, but PySide6 keeps the interpreter lock
    during its ``render``: the window would stand still for as long.
    """
    device = QBuffer()
    device.setData(drawing)
    device.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(device, QByteArray(b"svg"))
    reader.setScaledSize(QSize(size.width, size.height))
    reader.setScaledClipRect(part)
    image = reader.read()
    if image.size() != part.size():
        raise TemplateError(
            tr("The template's drawing cannot be read."),
            tr("Choose another template, or install this one again."),
        )
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
