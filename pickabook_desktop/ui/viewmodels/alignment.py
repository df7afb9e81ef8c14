"""Where the photo lies over its page, so that both pairs of eyes meet."""

import math
from collections.abc import Mapping

from PySide6.QtCore import QRectF

from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.photo import PhotoReport
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.template import Template


def place_of_photo(
    report: PhotoReport, request: GenerationRequest, templates: Mapping[str, Template]
) -> QRectF | None:
    """As :func:`photo_over_page`, for the page that ``request`` asks for; None also where its
    template is not there.
    """
    template = templates.get(request.template_id)
    if template is None:
        return None
    place = photo_over_page(report, request.photo.face_index, template, request.size)
    return QRectF(place.x, place.y, place.width, place.height) if place else None


def photo_over_page(
    report: PhotoReport, face_index: int | None, template: Template, size: Size
) -> Rect | None:
    """The photo's rectangle, in fractions of the width and the height of the page.

    The point between the pupils comes to lie on the template's first slot, the pupils as far apart
    as the slot says. None where the photo has no such face.
    """
    index = report.largest_face if face_index is None else face_index
    if index is None or not 0 <= index < len(report.faces) or not template.slots:
        return None
    face, slot, view = report.faces[index], template.slots[0], template.view_for(size)
    (ax, ay), (bx, by) = face.eyes
    apart = math.hypot(bx - ax, by - ay)
    if apart <= 0:
        return None
    scale = slot.unit / apart
    left = slot.x - (ax + bx) / 2 * scale
    top = slot.y - (ay + by) / 2 * scale
    return Rect(
        (left - view.x) / view.width,
        (top - view.y) / view.height,
        report.size.width * scale / view.width,
        report.size.height * scale / view.height,
    )
