"""Handing pictures over: copies, also many in a folder or an archive, contact sheets, and back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.hand_over import ExportWish, ProfileFacts, SheetWish
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture, KeptPicture
from pickabook_desktop.jobs.lanes import Job, answering
from pickabook_desktop.jobs.stock import Stock
from pickabook_desktop.jobs.telling import tells_metadata, tells_names
from pickabook_desktop.net.cancel import CancelToken

if TYPE_CHECKING:
    from pickabook_desktop.jobs.export import CopyRules


@dataclass(frozen=True)
class HandOver(Stock):
    """The jobs of handing over. One picture that cannot be had is named in the report, and the rest
    goes on; a full disk ends a job, and cancelling one leaves no half of a file.
    """

    def export(self, picture: KeptPicture, target: Path, *, quality: int | None = None) -> Path:
        """Write a kept picture to a file in the format its ending names, telling of itself what the
        settings allow. Raises as :func:`pickabook_desktop.jobs.export.export_picture`.
        """
        from pickabook_desktop.jobs.decided import DecidedForOthers
        from pickabook_desktop.jobs.export import export_picture

        rules = self._rules(quality)
        if not rules.metadata:
            return export_picture(picture, target, rules)
        decided = DecidedForOthers(self.library, names=rules.names).of(picture.id)
        return export_picture(picture, target, rules, decided)

    def export_job(self, picture: KeptPicture, target: Path, *, quality: int | None = None) -> Job:
        """As :meth:`export`; ends with ``Done(value=Path)``."""

        def job(token: CancelToken) -> Iterator[JobEvent]:
            yield Progress(fraction=0.0, stage=tr("Saving a copy"))
            token.raise_if_cancelled()
            yield Done(value=self.export(picture, target, quality=quality))

        return job

    def rescue(self, picture: DrawnPicture, request: GenerationRequest, target: Path) -> Path:
        """Write a picture that could not be kept to a file, as :meth:`export`."""
        from pickabook_desktop.jobs.export import rescue_picture

        return rescue_picture(picture, request, target, self._rules())

    def rescue_job(self, picture: DrawnPicture, request: GenerationRequest, target: Path) -> Job:
        """As :meth:`rescue`; ends with ``Done(value=Path)``."""
        return answering(lambda _token: self.rescue(picture, request, target))

    def _rules(self, quality: int | None = None) -> "CopyRules":
        from pickabook_desktop.jobs.export import CopyRules

        return CopyRules(
            metadata=tells_metadata(self.settings),
            names=tells_names(self.settings),
            quality=quality,
            library=self.library.folder,
        )

    def export_many_job(self, ids: Sequence[str], wish: ExportWish) -> Job:
        """Write pictures into ``wish.folder``, in the order of ``ids``; ends with
        ``Done(value=ExportReport)``.
        """
        from pickabook_desktop.jobs import exporting

        return exporting.export_many_job(self, tuple(ids), wish)

    def zip_job(self, ids: Sequence[str], wish: ExportWish, target: Path) -> Job:
        """Write the same pictures into the archive ``target``; ends with
        ``Done(value=ExportReport)``. An older file of that name is replaced whole or not at all.
        """
        from pickabook_desktop.jobs import exporting

        return exporting.zip_job(self, tuple(ids), wish, target)

    def contact_sheet_job(self, ids: Sequence[str], wish: SheetWish, target: Path) -> Job:
        """Print pictures with captions to the PDF ``target``; ends with
        ``Done(value=SheetReport)``.
        """
        from pickabook_desktop.jobs import sheets

        return sheets.contact_sheet_job(self, tuple(ids), wish, target)

    def import_job(self, paths: Sequence[Path]) -> Job:
        """Take pictures that this program has made back into the library, from files, folders with
        all in them, and ZIP archives; ends with ``Done(value=ImportReport)``.
        """
        from pickabook_desktop.jobs import importing

        return importing.import_job(self.library, tuple(paths))

    def profile_job(self, path: Path) -> Job:
        """Look at an ICC profile; ends with ``Done(value=ProfileFacts)``."""

        def work(_token: CancelToken) -> ProfileFacts:
            from pickabook_desktop.jobs import exporting

            return exporting.profile_facts(path)

        return answering(work)
