"""What the command line says: plain data for ``--json``, lines for people."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import msgspec

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.errors import (
    CancelledError,
    EngineError,
    InputError,
    NotConfiguredError,
    PhotoError,
    PickaBookError,
    RefusedError,
    StorageError,
    TemplateError,
    UnreachableError,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.photo import PhotoReport
from pickabook_desktop.domain.result import GenerationResult, KeptPicture
from pickabook_desktop.jobs.doctor import Diagnosis
from pickabook_desktop.storage.catalogue import Catalogue
from pickabook_desktop.storage.library import LibraryReport

# The first that fits names the error; the words are part of the public interface.
KINDS: tuple[tuple[type[PickaBookError], str, int], ...] = (
    (CancelledError, "cancelled", 130),
    (NotConfiguredError, "not_configured", 4),
    (PhotoError, "photo", 2),
    (TemplateError, "template", 2),
    (InputError, "input", 2),
    (RefusedError, "refused", 3),
    (EngineError, "engine", 3),
    (UnreachableError, "unreachable", 3),
    (StorageError, "storage", 3),
    (PickaBookError, "unexpected", 3),
)


def exit_code(error: PickaBookError) -> int:
    """2 wrong usage or bad input, 3 refused or failed, 4 not configured, 130 cancelled."""
    return next(code for kind, _, code in KINDS if isinstance(error, kind))


def error_data(error: PickaBookError) -> dict[str, Any]:
    """An error as data."""
    data: dict[str, Any] = {
        "kind": next(word for kind, word, _ in KINDS if isinstance(error, kind)),
        "message": error.message,
        "next_step": error.next_step,
        "retryable": error.retryable,
    }
    if error.code:
        data["code"] = error.code
    if error.retry_after is not None:
        data["retry_after"] = error.retry_after
    return data


def picture_data(picture: KeptPicture) -> dict[str, Any]:
    """A kept picture as data, with what people ask for most in front."""
    request = picture.request
    return {
        "id": picture.id,
        "path": picture.path,
        "created": picture.created,
        "media_type": picture.media_type,
        "width": picture.size.width,
        "height": picture.size.height,
        "bytes": picture.bytes,
        "sha256": picture.sha256,
        "engine": request.engine_id,
        "engine_version": picture.engine_version,
        "template": request.template_id,
        "style": request.style_id,
        "palette": request.palette_id,
        "prompt": request.prompt,
        "seed": request.seed,
        "used_words": list(picture.used_words),
        "unused_words": list(picture.unused_words),
        "timings": picture.timings,
        "request": msgspec.to_builtins(request),
    }


def result_data(result: GenerationResult, files: Iterable[Path] = ()) -> dict[str, Any]:
    """A finished request as data; ``files`` were written besides the library's own."""
    return {
        "pictures": [picture_data(picture) for picture in result.pictures],
        "files": [str(file) for file in files],
        "seconds": result.seconds,
    }


def engines_data(states: Iterable[EngineState]) -> dict[str, Any]:
    return {"engines": [msgspec.to_builtins(state) for state in states]}


def templates_data(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "templates": [
            {
                "id": template.id,
                "title": template.title,
                "world": template.world,
                "summary": template.summary,
                "tags": list(template.tags),
                "faces": len(template.slots),
                "aspects": [str(aspect) for aspect in template.aspects],
                "palettes": [palette.id for palette in template.palettes],
                "fields": [field.id for field in template.fields],
                "version": template.version,
            }
            for template in catalogue.templates.values()
        ],
        "skipped": _skipped(catalogue),
    }


def styles_data(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "styles": [
            {"id": s.id, "title": s.title, "summary": s.summary, "version": s.version}
            for s in catalogue.styles.values()
        ],
        "skipped": _skipped(catalogue),
    }


def photo_data(report: PhotoReport) -> dict[str, Any]:
    data: dict[str, Any] = {
        "level": report.level_for(None),
        "largest_face": report.largest_face,
    }
    return data | msgspec.to_builtins(report)


def verify_data(report: LibraryReport) -> dict[str, Any]:
    return {"sound": report.sound, **msgspec.to_builtins(report)}


def diagnosis_data(diagnosis: Diagnosis) -> dict[str, Any]:
    return {"healthy": diagnosis.healthy, **msgspec.to_builtins(diagnosis)}


def picture_line(picture: KeptPicture) -> str:
    """One line on a picture: id, time, size, what it shows."""
    request = picture.request
    shows = " · ".join(part for part in (request.template_id, request.style_id) if part)
    return f"{picture.id}  {picture.created[:16].replace('T', ' ')}  {picture.size}  {shows}"


def picture_lines(picture: KeptPicture, more: Mapping[str, object] | None = None) -> list[str]:
    """Everything on one picture, and what ``more`` is known of it."""
    data = picture_data(picture) | dict(more or {})
    del data["request"], data["timings"]
    width = max(map(len, data))
    return [f"{name.ljust(width)}  {_plain(value)}" for name, value in data.items()]


def photo_lines(report: PhotoReport) -> list[str]:
    """The advice on a photo."""
    lines = [tr("{size} pixels, faces: {count}", size=report.size, count=len(report.faces))]
    lines += [
        f"{note.level}: {note.message} {note.next_step}".rstrip() for note in report.notes_for(None)
    ]
    return lines


def verify_lines(report: LibraryReport) -> list[str]:
    """What a check of the library has found."""
    lines = [tr("{count} pictures checked.", count=report.pictures)]
    lines += [tr("Missing: {id}", id=picture_id) for picture_id in report.missing]
    lines += [tr("Changed or damaged: {id}", id=picture_id) for picture_id in report.torn]
    lines += orphan_lines(report.orphans)
    if report.orphans and report.sound:
        lines.append(tr("“pickabook library adopt” takes back the finished pages among them."))
    if report.database != "ok":
        lines.append(tr("The list: {words}", words=report.database))
    if not report.sound:
        lines.append(tr("“pickabook library verify --repair” makes whole what can be."))
    if report.sound:
        lines.append(tr("All of them are as they were kept."))
    return lines


def orphan_lines(orphans: Iterable[str]) -> list[str]:
    return [tr("Belongs to no picture: {path}", path=path) for path in orphans]


def diagnosis_lines(diagnosis: Diagnosis) -> list[str]:
    """What the doctor has found."""
    lines = [
        f"PickaBook Desktop {diagnosis.version}, Python {diagnosis.python}, {diagnosis.system}"
    ]
    lines += [f"  {name} {number}" for name, number in diagnosis.packages.items()]
    lines += [f"  {name}: {folder}" for name, folder in diagnosis.folders.items()]
    for finding in diagnosis.findings:
        lines.append(f"[{finding.level}] {finding.name}: {finding.detail}")
        if finding.next_step:
            lines.append(f"       {finding.next_step}")
    return lines


def _skipped(catalogue: Catalogue) -> list[dict[str, str]]:
    return [{"folder": str(s.folder), "reason": s.reason} for s in catalogue.skipped]


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in cast("list[object]", value))
    return str(value)
