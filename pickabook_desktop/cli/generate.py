"""``pickabook generate``: draw, keep, write copies, and hand copies to a store."""

import argparse
import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from pickabook_desktop.assembly import Studio
from pickabook_desktop.cli.commands import Context, error_of, wishes_of
from pickabook_desktop.domain.capabilities import Capabilities
from pickabook_desktop.domain.errors import NotConfiguredError, PickaBookError
from pickabook_desktop.domain.events import Cancelled, Failed, Succeeded
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.money import money_text
from pickabook_desktop.domain.photo import CoachNote
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import GenerationResult
from pickabook_desktop.jobs import reports, upload_reports
from pickabook_desktop.jobs.export import check_target, numbered
from pickabook_desktop.jobs.lanes import unexpected_error
from pickabook_desktop.jobs.ordering import check_settings, order, without_effect
from pickabook_desktop.jobs.spending import cost_data, cost_line
from pickabook_desktop.jobs.upload import Delivered, enqueue
from pickabook_desktop.storage.entries import Entry
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.settings import parse_overrides

_log = logging.getLogger(__name__)


def generate(arguments: argparse.Namespace, context: Context) -> int:
    studio = context.studio(arguments.library, arguments.set)
    output = context.output
    targets: tuple[Path, ...] = ()
    if arguments.out is not None:
        targets = numbered(arguments.out, max(1, arguments.count))
        for target in targets:
            check_target(target, photo=arguments.photo, library=studio.library.folder)
    if arguments.upload:
        _check_store(arguments.upload, studio, context)
    check_settings(parse_overrides(arguments.set), studio)
    wishes = wishes_of(arguments)
    request = order(wishes, studio)
    can = studio.engines.get(request.engine_id).capabilities
    can = can.chosen(request.options)
    vain = without_effect(wishes, can)
    for note in vain:
        output.note(f"{note.message} {note.next_step}")
    _announce_price(request, can, context)
    ending = context.finish(studio.easel.generate_job(request))
    cost = _told_cost(studio, context)
    if isinstance(ending, Succeeded):
        warnings = vain + _warnings(ending.result.request, studio, context)
        delivery = _Delivery(ending.result, studio.library, warnings, cost)
        return _hand_over(delivery, targets, arguments.upload, studio, context)
    if isinstance(ending, Failed | Cancelled):
        kept = _Delivery(ending.kept, studio.library, cost=cost) if ending.kept else None
        data, lines = (kept.data, kept.lines) if kept else (cost, [])
        files = _rescued(ending, request, targets, studio, context)
        return output.fail(error_of(ending), data | files, [*lines, *files.get("rescued", ())])
    return output.fail(unexpected_error(), cost)


def _announce_price(request: GenerationRequest, can: Capabilities, context: Context) -> None:
    """Say what is expected to be paid, where anything is."""
    price = can.price_for(request.size)
    if price.amount > 0:
        amount = money_text(price.amount * request.count, price.currency)
        context.output.note(tr("This will cost about {amount}.", amount=amount))


def _told_cost(studio: Studio, context: Context) -> dict[str, Any]:
    """What this run has cost, as the ledger has it; also said on stderr. Empty for what is free."""
    try:
        cost = cost_data(studio.ledger.own_calls())
    except PickaBookError:
        _log.exception("What this has cost could not be read")
        return {}  # what was drawn for it must be told all the same
    if not cost:
        return {}
    context.output.note(cost_line(cost))
    return {"cost": cost}


def _rescued(
    ending: Failed | Cancelled,
    request: GenerationRequest,
    targets: Sequence[Path],
    studio: Studio,
    context: Context,
) -> dict[str, list[str]]:
    """Write what was drawn and could not be kept where copies were to go; say where that is, or
    that it is lost. Empty where all was kept.
    """
    if isinstance(ending, Cancelled) or not ending.unkept:
        return {}
    files: list[str] = []
    begun = len(ending.kept.pictures) if ending.kept else 0
    for place, picture in enumerate(ending.unkept, start=begun):
        if place >= len(targets):
            context.output.note(
                tr("The page is lost. With --out it would have been written there all the same.")
            )
            break
        try:
            file = studio.hand_over.rescue(picture, request, targets[place])
        except PickaBookError as error:
            context.output.note(str(error))
            continue
        files.append(str(file))
        context.output.note(tr("The page is not in the library, but in {file}.", file=file))
    return {"rescued": files}


def _check_store(store_id: str, studio: Studio, context: Context) -> None:
    """Raise NotConfiguredError where nothing could be uploaded, before anything is paid for."""
    store = studio.stores.get(store_id)
    reason = store.unavailable()
    if reason:
        raise NotConfiguredError(
            tr("The store “{id}” cannot be used now.", id=store_id), reason, remedies=("settings",)
        )
    if store.info.needs_key:
        studio.keys.get(store.info.key, context.token)


def _warnings(
    request: GenerationRequest, studio: Studio, context: Context
) -> tuple[CoachNote, ...]:
    """What the coach has against the photo; also said on stderr."""
    try:
        report = studio.photo_report(Path(request.photo.path))
    except PickaBookError:
        return ()  # gone since it was drawn from
    except Exception:  # noqa: BLE001 advice must not cost the page that is already kept
        _log.exception("The coach could not look at the photo")
        return ()
    notes = tuple(
        note
        for note in report.notes_for(request.photo.face_index)
        # Where the page is drawn all the same, this engine has not looked for a face.
        if (note.level != "good" or note.code == "several_faces") and note.code != "no_face"
    )
    for note in notes:
        context.output.note(f"{note.message} {note.next_step}".rstrip())
    if any(note.code == "several_faces" for note in notes) and request.photo.face_index is None:
        context.output.note(tr("Faces are counted from the left: --set photo.face=0 is the first."))
    return notes


class _Delivery:
    """What there is to tell of drawn pictures: where they are, and where copies of them are."""

    def __init__(
        self,
        result: GenerationResult,
        library: Library,
        warnings: tuple[CoachNote, ...] = (),
        cost: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.result = result
        self._library = library
        self.files: list[Path] = []
        self.uploading = bool(self.queued)
        self._warnings = warnings
        self._cost = cost

    @property
    def data(self) -> dict[str, Any]:
        pictures = upload_reports.pictures_data(self.result.pictures, self._library)
        data = reports.result_data(self.result, self.files) | {"pictures": pictures}
        data |= self._cost
        if self.uploading:
            urls = [picture["url"] for picture in pictures if picture["url"]]
            data |= {"url": pictures[0]["url"] if pictures else "", "uploads": urls}
            data["queued"] = [upload_reports.entry_data(entry) for entry in self.queued]
        if self._warnings:
            data["warnings"] = msgspec.to_builtins(self._warnings)
        return data

    @property
    def lines(self) -> list[str]:
        files = [str(file) for file in self.files]
        if len(files) < len(self.result.pictures):
            files = [picture.path for picture in self.result.pictures] + files
        return files + (self.data["uploads"] if self.uploading else [])

    @property
    def queued(self) -> tuple[Entry, ...]:
        """What of these pictures is in the outbox."""
        ids = {picture.id for picture in self.result.pictures}
        return tuple(e for e in self._library.outbox.entries() if e.picture_id in ids)


def _hand_over(
    delivery: _Delivery,
    targets: Iterable[Path],
    store_id: str,
    studio: Studio,
    context: Context,
) -> int:
    """Write and upload copies; the pictures are kept whatever happens, and told."""
    output, pictures = context.output, delivery.result.pictures
    automatic = studio.settings.text("upload.auto")
    try:
        ids: Sequence[str] = ()
        for store in dict.fromkeys(filter(None, (store_id, automatic))):
            delivery.uploading = True
            ids = [*ids, *enqueue(pictures, store, studio.library)]
        for picture, target in zip(pictures, targets, strict=False):
            delivery.files.append(studio.hand_over.export(picture, target))
        if ids:
            _deliver(ids, studio, context)
    except PickaBookError as error:
        return output.fail(error, delivery.data, delivery.lines)
    except (Exception, SystemExit):  # noqa: BLE001 whatever happens, tell what was kept
        _log.exception("A finished page could not be handed over")
        return output.fail(unexpected_error(), delivery.data, delivery.lines)
    return _told(delivery, store_id, context)


def _deliver(ids: Sequence[str], studio: Studio, context: Context) -> None:
    """Upload these entries; what cannot be stays in the outbox. Raises CancelledError, and
    StorageError where that cannot be noted.
    """
    context.answer(studio.deliver_job(ids), Delivered)


def _told(delivery: _Delivery, store_id: str, context: Context) -> int:
    """Say what came of it. Only what was asked for with ``--upload`` is a failure where it is still
    to be done; what uploads by itself does so later by itself.
    """
    queued = delivery.queued
    asked = [entry for entry in queued if entry.store_id == store_id]
    if queued:
        context.output.note(
            tr(
                "Waiting in the outbox: {count}. “pickabook outbox send” tries again.",
                count=len(queued),
            )
        )
    for entry in asked:
        error = entry.problem.error() if entry.problem else unexpected_error()
        return context.output.fail(error, delivery.data, delivery.lines)
    context.output.give(delivery.data, delivery.lines)
    return 0
