"""Handing pictures over: copies in a folder or an archive, contact sheets, and back again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pickabook_desktop.domain.hand_over import ExportWish, ProfileFacts, SheetWish
from pickabook_desktop.jobs.lanes import Job, answering
from pickabook_desktop.jobs.stock import Stock
from pickabook_desktop.net.cancel import CancelToken


@dataclass(frozen=True)
class HandOver(Stock):
    """The jobs of handing over. One picture that cannot be had is named in the report, and the rest
    goes on; a full disk ends a job, and cancelling one leaves no half of a file.
    """

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
