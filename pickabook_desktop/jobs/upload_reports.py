"""What the command line says of copies elsewhere and of the outbox."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.stored import StoredPicture
from pickabook_desktop.jobs import reports
from pickabook_desktop.storage.copies import Copy
from pickabook_desktop.storage.entries import Entry
from pickabook_desktop.storage.library import Library


def pictures_data(pictures: Sequence[KeptPicture], library: Library) -> list[dict[str, Any]]:
    """Kept pictures as data, each with its copies elsewhere: ``stored``, and the ``url`` of the
    latest, empty where there is none.
    """
    stored = library.outbox.stored([picture.id for picture in pictures])
    told: list[dict[str, Any]] = []
    for picture in pictures:
        copies = stored.get(picture.id, ())
        url = copies[-1].url if copies else ""
        data = {"url": url, "stored": [stored_data(copy) for copy in copies]}
        told.append(reports.picture_data(picture) | data)
    return told


def stored_data(stored: StoredPicture) -> dict[str, Any]:
    """A copy as data."""
    return {
        "store": stored.store_id,
        "id": stored.remote_id,
        "url": stored.url,
        "path": stored.path,
        "private": stored.private,
        "bytes": stored.bytes,
        "stored_on": stored.stored_on,
    }


def copy_data(copy: Copy) -> dict[str, Any]:
    """A copy with its picture's id as data."""
    return {"picture": copy.picture_id, **stored_data(copy.stored)}


def entry_data(entry: Entry) -> dict[str, Any]:
    """An entry of the outbox as data. ``due`` is UTC in ISO 8601, empty where it is not waiting."""
    data: dict[str, Any] = {
        "id": entry.id,
        "kind": entry.kind,
        "store": entry.store_id,
        "picture": entry.picture_id,
        "remote_id": entry.remote_id,
        "state": entry.state,
        "due": _time(entry.due) if entry.state == "waiting" else "",
        "attempts": entry.attempts,
        "offline": entry.offline > 0,
    }
    if entry.problem is not None:
        data["error"] = reports.error_data(entry.problem.error())
    return data


def entry_line(entry: Entry) -> str:
    """An entry of the outbox in one line."""
    what = entry.picture_id or entry.remote_id
    said = f"{entry.id}  {_kind(entry)}  {entry.store_id}  {what}  {_state(entry)}"
    return f"{said}: {entry.problem.message}" if entry.problem else said


def left_behind_line(copy: Copy) -> str:
    """A copy whose page is gone, in one line."""
    stored = copy.stored
    return tr(
        "Page deleted here, copy still at {store}: {url}", store=stored.store_id, url=stored.url
    )


def _kind(entry: Entry) -> str:
    return tr("upload") if entry.kind == "upload" else tr("take away")


def _state(entry: Entry) -> str:
    match entry.state:
        case "queued":
            return tr("to be sent")
        case "running":
            return tr("on its way")
        case "waiting":
            at = datetime.fromtimestamp(entry.due).astimezone()
            return tr("waits until {time}", time=f"{at:%H:%M:%S}")
        case "failed":
            return tr("needs you")


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
