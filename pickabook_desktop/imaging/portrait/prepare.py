"""The stages from photo to portrait, in order."""

from typing import TYPE_CHECKING

from pickabook_desktop.imaging.ops import U8
from pickabook_desktop.imaging.portrait.model import Fit, Portrait

if TYPE_CHECKING:
    from pickabook_desktop.imaging.faces import FaceFinder, FaceMesh


def prepare(
    rgb: U8, mesh: "FaceMesh", finder: "FaceFinder", unit: float, fit: Fit = "head"
) -> Portrait:
    """Make one head upright and ready to be drawn.

    ``rgb`` is the upright uint8 photo, ``mesh`` one face in it, ``unit`` how many pixels of the
    page one pupil distance takes, ``fit`` whether the hair belongs to it.
    """
    raise NotImplementedError
