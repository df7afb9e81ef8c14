"""Look at a photo: is it fit, and where are the faces."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.photo import PhotoReport
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.pixels import LazySeenPhotos
from pickabook_desktop.net.cancel import CancelToken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PREVIEW_EDGE = 1600
PREVIEW_QUALITY = 88


class InspectedPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """``preview`` is the upright photo as JPEG, at most 1600 pixels long. Boxes in ``report`` are
    in the pixels of ``report.size``; multiply by ``preview_size.width / report.size.width``.
    """

    report: PhotoReport
    preview: bytes
    preview_size: Size


def photo_report(path: Path, faces: LazySeenPhotos) -> PhotoReport:
    """The coach's view of a photo alone, at little cost where it has just been drawn from.

    Raises PhotoError.
    """
    seen = faces.get()
    from pickabook_desktop.imaging.coach import inspect

    photo = seen.read(path)
    return inspect(photo, seen.faces(photo), path)


def inspect_job(path: Path, faces: LazySeenPhotos) -> Job:
    """A job that ends with ``Done(value=InspectedPhoto)``."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        yield Progress(fraction=0.0, stage=tr("Reading the photo"))
        seen = faces.get()
        from pickabook_desktop.imaging.coach import inspect

        photo = seen.read(path)
        token.raise_if_cancelled()
        yield Progress(fraction=0.4, stage=tr("Looking for faces"))
        found = seen.faces(photo)
        token.raise_if_cancelled()
        report = inspect(photo, found, path)
        size = report.size.fitted(PREVIEW_EDGE)
        preview = _encoded(found.rgb, size)
        yield Done(value=InspectedPhoto(report=report, preview=preview, preview_size=size))

    return job


def _encoded(rgb: "NDArray[np.uint8]", size: Size) -> bytes:
    """JPEG at ``size`` of uint8 HxWx3 sRGB."""
    import cv2
    import numpy as np

    from pickabook_desktop.imaging.encode import encode_jpeg

    small = cv2.resize(rgb, (size.width, size.height), interpolation=cv2.INTER_AREA)
    return encode_jpeg(np.asarray(small, np.uint8), PREVIEW_QUALITY)
