"""What came of handing pages over: how many, which of them not and why, and where they are."""

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.events import Done, Failed, JobEvent
from pickabook_desktop.domain.hand_over import ExportReport, NotDone, SheetReport
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card
from pickabook_desktop.jobs.lanes import answering
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.ui.controllers.gallery.common import Common
from pickabook_desktop.ui.viewmodels.reports import (
    MOST_LINES,
    HandOverReport,
    export_words,
    sheet_words,
)

Cards = tuple[Card, ...]
Titles = dict[str, str]


class Reporting:
    """Says it in a line where all went well, else in a dialog. ``describe`` says in a line which
    picture is meant.
    """

    def __init__(self, common: Common, describe: Callable[[Card], str]) -> None:
        self._common = common
        self._describe = describe

    def tell_exported(self, value: object, *, archive: bool) -> None:
        """What came of an export, or of an archive."""
        if not isinstance(value, ExportReport):
            return
        target = Path(value.target)

        def tell(titles: Titles) -> None:
            words = export_words(value, archive=archive, titles=titles)
            self._tell(words, target, archive=archive)

        self._with_titles((*value.failed, *value.skipped), tell)

    def tell_printed(self, value: object) -> None:
        """What came of a contact sheet."""
        if not isinstance(value, SheetReport):
            return
        file = Path(value.target)

        def tell(titles: Titles) -> None:
            words = sheet_words(value, titles)
            if words.troubled:
                self._show_report(words)
                return
            said = tr("{sheets} as {name}.", sheets=words.title, name=file.name)
            self._common.toast.show_message(said, tr("Open"), lambda: _open(file))

        self._with_titles(value.failed, tell)

    def tell_early(self, said: str, report: object) -> None:
        """``said``, and what was written by then for whoever wants to know."""
        if not isinstance(report, ExportReport):
            self._common.toast.show_message(said)
            return

        def tell(titles: Titles) -> None:
            words = export_words(report, titles=titles)
            if words.groups:
                show = partial(self._show_report, words)
                self._common.toast.show_message(said, tr("Show details"), show)
            else:
                self._common.toast.show_message(said)

        self._with_titles((*report.failed, *report.skipped), tell)

    def _tell(self, words: HandOverReport, target: Path, *, archive: bool) -> None:
        from pickabook_desktop.ui.controllers.gallery.revealing import reveal

        toast = self._common.toast
        if words.troubled:
            self._show_report(words)
        elif words.noteworthy:
            show = partial(self._show_report, words)
            toast.show_message(f"{words.title}.", tr("Show details"), show)
        elif archive:
            said = tr("{pages} into {name}.", pages=words.title, name=target.name)
            toast.show_message(said, tr("Show in folder"), partial(reveal, (target,), toast))
        else:
            toast.show_message(f"{words.title}.", tr("Show in folder"), lambda: _open(target))

    def _with_titles(self, left: Sequence[NotDone], tell: Callable[[Titles], None]) -> None:
        """Call ``tell`` with what pages are called of which there is something to say."""
        if not left:
            tell({})
            return
        review, ids = self._common.studio.library.review, [one.what for one in left[:MOST_LINES]]

        def read(token: CancelToken) -> Cards:
            cards: list[Card] = []
            for picture_id in ids:
                token.raise_if_cancelled()
                # It may be gone for good, which is why it was left out.
                with contextlib.suppress(PickaBookError):
                    cards.append(review.card(picture_id))
            return tuple(cards)

        def on_event(event: JobEvent) -> None:
            if isinstance(event, Done):
                cards = cast("Cards", event.value)
                tell({card.id: self._describe(card) for card in cards})
            elif isinstance(event, Failed):
                tell({})

        self._common.lanes.submit("review", answering(read), on_event)

    def _show_report(self, words: HandOverReport) -> None:
        from pickabook_desktop.ui.dialogs.report import one_report

        one_report(words, self._common.window)


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
