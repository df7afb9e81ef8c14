"""Look at a photo: is it fit, and where are the faces."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.photo import PhotoReport
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.pixels import LazyFaceFinder
from pickabook_desktop.net.cancel import CancelToken

PREVIEW_EDGE = 1600


class InspectedPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """``preview`` is the upright photo as JPEG, at most 1600 pixels long. Boxes in ``report`` are
    in the pixels of ``report.size``; multiply by ``preview_size.width / report.size.width``.
    """

    report: PhotoReport
    preview: bytes
    preview_size: Size


def inspect_job(path: Path, faces: LazyFaceFinder) -> Job:
    """A job that ends with ``Done(value=InspectedPhoto)``."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        yield Progress(fraction=0.0, stage=tr("Reading the photo"))
        from pickabook_desktop.imaging.coach import inspect
        from pickabook_desktop.imaging.load import load_photo
        from pickabook_desktop.imaging.thumbnail import encode_preview

        photo = load_photo(path)
        token.raise_if_cancelled()
        yield Progress(fraction=0.4, stage=tr("Looking for faces"))
        found = faces.get().find(photo.rgb)
        token.raise_if_cancelled()
        report = inspect(photo, found, path)
        preview, size = encode_preview(found.rgb, PREVIEW_EDGE)
        yield Done(value=InspectedPhoto(report=report, preview=preview, preview_size=size))

    return job
