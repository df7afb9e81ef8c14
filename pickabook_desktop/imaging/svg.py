"""Drawn scenes: recolouring of SVG text and rendering with QtSvg.

Besides the contact sheets, the one module of this floor that knows Qt. No application object is
needed, on any thread: the drawings hold no text, and QImage and QPainter work without one (measured
with PySide6 6.10).
"""

import re
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from pickabook_desktop.domain.errors import TemplateError
from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.i18n import tr

# PySide6 keeps the interpreter lock during QSvgRenderer.render, so the window would stand still
# for as long as one call takes; strips let other threads in between, here after 4 ms mostly and
# 20 at most. Their height must not depend on the speed: Qt rounds gradients differently in strips
# that begin at another row, and the same request must give the same page.
STRIP_ROWS = 48

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}(?![0-9a-fA-F])")


def settle() -> None:
    """Call it where Qt may not have been used before: it takes the thread that makes the first of
    its objects for the main one, and will not have its application made by another.
    """
    QSvgRenderer()


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
    ``between`` is called between strips and may raise to stop. Raises TemplateError for text that
    is no SVG drawing.
    """
    renderer = QSvgRenderer()
    if not renderer.load(QByteArray(svg.encode())):
        raise TemplateError(
            tr("The template's drawing cannot be read."),
            tr("Choose another template, or install this one again."),
        )
    renderer.setViewBox(QRectF(view.x, view.y, view.width, view.height))
    pixels = np.zeros((size.height, size.width, 4), np.uint8)
    for top in range(0, size.height, STRIP_ROWS):
        between()
        _render_strip(renderer, pixels[top : top + STRIP_ROWS], top, size)
    return pixels


def _render_strip(renderer: QSvgRenderer, strip: NDArray[np.uint8], top: int, size: Size) -> None:
    height, width = strip.shape[:2]
    image = QImage(strip.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(0, -top)
        renderer.render(painter, QRectF(0, 0, size.width, size.height))
    finally:
        painter.end()
