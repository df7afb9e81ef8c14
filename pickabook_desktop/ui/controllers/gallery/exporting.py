"""Pages out into the world: copies in a folder, an archive, a contact sheet."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.file_names import safe_stem
from pickabook_desktop.domain.hand_over import (
    SRGB,
    ExportReport,
    ExportWish,
    ProfileFacts,
    SheetWish,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.controllers.appearance import keep_setting
from pickabook_desktop.ui.controllers.gallery.common import Common, pages_text
from pickabook_desktop.ui.controllers.gallery.long_work import Errand, LongWork
from pickabook_desktop.ui.controllers.gallery.reporting import Reporting
from pickabook_desktop.ui.setting_keys import EXPORT_FOLDER_KEY, EXPORT_WISH_KEY, SHEET_WISH_KEY
from pickabook_desktop.ui.viewmodels.export_form import ExportForm
from pickabook_desktop.ui.viewmodels.export_presets import is_profile_file, values_with
from pickabook_desktop.ui.viewmodels.sheet_form import SheetForm

# So many cards tell what the pictures are like.
SAMPLES = 12

Ids = tuple[str, ...]
Cards = tuple[Card, ...]


class Exporting(QObject):
    """Asks how, and has it done while one goes on working."""

    def __init__(self, common: Common, work: LongWork, reporting: Reporting) -> None:
        super().__init__(common.window)
        self._common = common
        self._reporting = reporting
        self._settings = common.studio.settings
        self._work = work
        common.on("lib_export", self.export)
        common.on("lib_sheet", self.sheet)
        common.on("lib_zip", self.pack)

    def export(self) -> None:
        """Ask how what is chosen is to be exported, and export it."""
        model = self._common.model
        model.with_selected_ids(lambda ids: self._ask_export(ids, model.selected_cards(SAMPLES)))

    def sheet(self) -> None:
        """Ask how a contact sheet of what is chosen is to look, and where it goes."""
        self._common.model.with_selected_ids(self._ask_sheet)

    def pack(self) -> None:
        """Ask where an archive of what is chosen goes: the pages as they are, without names."""
        self._common.model.with_selected_ids(self._ask_archive)

    def _ask_export(self, ids: Ids, cards: Cards) -> None:
        from pickabook_desktop.ui.dialogs.export import ExportDialog

        studio = self._common.studio
        usual = studio.hand_over.usual_wish
        folder = self._settings.text(EXPORT_FOLDER_KEY) or str(Path.home())
        usual = msgspec.structs.replace(usual, folder=folder)
        form = ExportForm(cards, len(ids), usual, values_with(self._title_of))
        form.recall(self._settings.text(EXPORT_WISH_KEY))
        dialog = ExportDialog(form, self._common.window)
        form.setParent(dialog)

        def read_profile(path: str) -> None:
            def refused(words: str) -> None:
                # One that was used before may be gone.
                if form.chosen.icc == path:
                    form.change(icc=SRGB)
                dialog.show_refusal(words)

            self._read_profile(path, form, refused)

        def accepted() -> None:
            self._keep(EXPORT_WISH_KEY, form.remembered())
            self._keep(EXPORT_FOLDER_KEY, form.wish.folder)
            self._export(ids, cards, form.wish)

        dialog.profile_wanted.connect(read_profile)
        if is_profile_file(form.chosen.icc):
            read_profile(form.chosen.icc)
        dialog.accepted.connect(accepted)
        dialog.rejected.connect(lambda: self._keep(EXPORT_WISH_KEY, form.remembered_presets()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _export(self, ids: Ids, cards: Cards, wish: ExportWish) -> None:
        def failed(error: PickaBookError, report: object) -> None:
            if isinstance(report, ExportReport) and report.written:
                self._reporting.tell_early(str(error), report)
                return
            change = tr("Change…")
            self._common.toast.show_message(
                str(error), change, lambda: self._ask_export(ids, cards)
            )

        def stopped(report: object) -> None:
            done = len(report.written) if isinstance(report, ExportReport) else 0
            words = tr(
                "The export was stopped. {done} of {count} pages are in the folder.",
                done=f"{done:,}",
                count=f"{len(ids):,}",
            )
            self._reporting.tell_early(words, report)

        errand = Errand(
            title=tr("Exporting {pages}", pages=pages_text(len(ids))),
            unfinished=tr("The export is not finished. Close and stop it?"),
            job=self._common.studio.hand_over.export_many_job(ids, wish),
            on_done=partial(self._reporting.tell_exported, archive=False),
            on_stopped=stopped,
            on_failed=failed,
            count=len(ids),
        )
        self._work.begin(errand)

    def _ask_sheet(self, ids: Ids) -> None:
        from pickabook_desktop.ui.dialogs.sheet import SheetDialog

        cards = self._common.model.selected_cards(SAMPLES)
        form = SheetForm(cards, len(ids), names=self._common.studio.exports_names)
        form.recall(self._settings.text(SHEET_WISH_KEY))
        dialog = SheetDialog(form, self._common.window)
        form.setParent(dialog)

        def accepted() -> None:
            wish = form.wish
            self._keep(SHEET_WISH_KEY, form.remembered())
            name = safe_stem(wish.header) if wish.header.strip() else tr("Contact sheet")
            kind = tr("PDF document (*.pdf)")
            self._ask_target(f"{name}.pdf", kind, lambda file: self._print(ids, wish, file))

        dialog.accepted.connect(accepted)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _print(self, ids: Ids, wish: SheetWish, target: Path) -> None:
        errand = Errand(
            title=tr("Contact sheet of {pages}", pages=pages_text(len(ids))),
            unfinished=tr("The contact sheet is not finished. Close and stop it?"),
            job=self._common.studio.hand_over.contact_sheet_job(ids, wish, target),
            on_done=self._reporting.tell_printed,
            on_stopped=self._saying(tr("There is no contact sheet, as it was stopped.")),
            count=len(ids),
        )
        self._work.begin(errand)

    def _ask_archive(self, ids: Ids) -> None:
        wish = msgspec.structs.replace(self._common.studio.hand_over.usual_wish, names=False)
        name = tr("Pages") if len(ids) > 1 else tr("Page")
        kind = tr("ZIP archive (*.zip)")
        self._ask_target(f"{name}.zip", kind, lambda file: self._pack(ids, wish, file))

    def _pack(self, ids: Ids, wish: ExportWish, target: Path) -> None:
        errand = Errand(
            title=tr("Packing {pages}", pages=pages_text(len(ids))),
            unfinished=tr("The archive is not finished. Close and stop it?"),
            job=self._common.studio.hand_over.zip_job(ids, wish, target),
            on_done=partial(self._reporting.tell_exported, archive=True),
            on_stopped=self._saying(tr("There is no archive, as it was stopped.")),
            count=len(ids),
        )
        self._work.begin(errand)

    def _saying(self, words: str) -> Callable[[object], None]:
        return lambda _report: self._common.toast.show_message(words)

    def _ask_target(self, name: str, kind: str, go_on: Callable[[Path], None]) -> None:
        folder = self._settings.text(EXPORT_FOLDER_KEY) or str(Path.home())
        dialog = QFileDialog(self._common.window, tr("Save as"), folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(kind)
        dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
        dialog.selectFile(name)

        def on_selected(chosen: str) -> None:
            self._keep(EXPORT_FOLDER_KEY, str(Path(chosen).parent))
            go_on(Path(chosen))

        dialog.fileSelected.connect(on_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _read_profile(self, path: str, form: ExportForm, on_refused: Callable[[str], None]) -> None:
        def on_event(event: JobEvent) -> None:
            if handle.token.cancelled:
                return
            if isinstance(event, Done) and isinstance(event.value, ProfileFacts):
                form.set_profile(path, event.value)
            elif isinstance(event, Failed):
                on_refused(str(event.error))

        job = self._common.studio.hand_over.profile_job(Path(path))
        handle = self._common.lanes.submit("photo", job, on_event)
        form.destroyed.connect(handle.cancel)

    def _title_of(self, template_id: str) -> str:
        template = self._common.studio.templates.get(template_id)
        return template.title if template else ""

    def _keep(self, key: str, value: str) -> None:
        keep_setting(self._settings, self._common.lanes, key, value)
