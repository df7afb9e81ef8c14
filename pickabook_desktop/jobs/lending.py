"""Files of kept pictures for other programs, which may do with them what they like."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import name_in
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.review import Decided
from pickabook_desktop.jobs.decided import DecidedForOthers
from pickabook_desktop.jobs.export import CopyRules, export_picture, read_kept
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.telling import telling_file
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.atomic import write_atomic
from pickabook_desktop.storage.library import Library

# Files as they are need little work; copies without what they say of themselves are written first.
MOST_FILES, MOST_COPIES = 1000, 200


def lend_job(
    library: Library,
    ids: Sequence[str],
    place: Callable[[str], Path],
    *,
    metadata: bool,
    names: bool,
) -> Job:
    """A job that ends with ``Done(value=tuple[Path, ...])``: the library's own files where these
    tell no more than they may, else copies at ``place`` of their names. A file has the child's name
    only with ``names``. Raises InputError for more pictures than other programs should be given at
    once.
    """

    def job(token: CancelToken) -> Iterator[JobEvent]:
        most = MOST_FILES if metadata else MOST_COPIES
        if len(ids) > most:
            raise InputError(
                tr("{count} pages are too many for this.", count=f"{len(ids):,}"),
                tr("Choose at most {most}, or export them.", most=f"{most:,}"),
            )
        files: list[Path] = []
        decisions = DecidedForOthers(library, names=names)
        for index, picture_id in enumerate(ids):
            token.raise_if_cancelled()
            yield Progress(fraction=index / len(ids), stage=tr("Getting the pictures ready"))
            kept = library.get(picture_id)
            if metadata:
                decided = decisions.of(picture_id)
                files.append(_telling_file(kept, place, decided, names=names))
            else:
                copy = place(Path(kept.path).name)
                files.append(export_picture(kept, copy, CopyRules(metadata=False)))
        yield Done(value=tuple(files))

    return job


def _telling_file(
    kept: KeptPicture, place: Callable[[str], Path], decided: Decided, *, names: bool
) -> Path:
    """A file that says how it was made and what was ``decided`` about it. The library's own does
    not say that, and may have been made when names were to go out, or elsewhere.
    """
    file, data = Path(kept.path), read_kept(kept)
    name = name_in(kept.request)
    told = telling_file(data, kept.media_type, name, names=names, decided=decided)
    if told == data:
        return file
    copy = place(file.name)
    write_atomic(copy, told, private=True, sync_name=False)
    return copy
