"""Copies of pictures for the world outside: in another format, with or without metadata."""

from collections.abc import Iterator
from pathlib import Path

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.atomic import write_atomic

MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}
# TIFF has no place for the record of how a picture was made.
WITHOUT_RECORD = ("image/tiff",)


def export_job(picture: KeptPicture, target: Path, *, keep_metadata: bool) -> Job:
    """A job that writes a copy of ``picture`` to ``target`` and ends with ``Done(value=target)``.

    The suffix of ``target`` decides the format. Fails with InputError for a suffix that is none of
    ``MEDIA_TYPES``, with StorageError where reading or writing does.
    """

    def job(token: CancelToken) -> Iterator[JobEvent]:
        yield Progress(fraction=0.0, stage=tr("Saving a copy"))
        media_type = MEDIA_TYPES.get(target.suffix.lower())
        if media_type is None:
            raise InputError(
                tr("{name} does not say which kind of file it is to be.", name=target.name),
                tr("End the name in .png, .jpg, .webp or .tif."),
            )
        from pickabook_desktop.imaging.encode import convert

        data = convert(
            _read(Path(picture.path)),
            picture.media_type,
            media_type,
            keep_metadata=keep_metadata and media_type not in WITHOUT_RECORD,
        )
        token.raise_if_cancelled()
        write_atomic(target, data)
        yield Done(value=target)

    return job


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StorageError(
            tr("The picture could not be opened; its file may have been moved or deleted."),
            tr("Draw the page again, or put the file back where it was."),
        ) from error
