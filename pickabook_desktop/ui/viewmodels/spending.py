"""What was spent on services, read from the ledger off the main thread."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.viewmodels.allowance import Allowance
from pickabook_desktop.ui.viewmodels.inquiry import Inquiry
from pickabook_desktop.ui.viewmodels.shelf import job_of

if TYPE_CHECKING:
    from pickabook_desktop.domain.calls import Call
    from pickabook_desktop.jobs.spending import Spending
    from pickabook_desktop.storage.ledger import Ledger, SumKey

LANE = "library"
PAGE = 200


class SpendingModel(QObject):
    """The sums and lines of one month, or of all time where ``month`` is empty.

    ``months`` are those in which anything was called, newest first; the present one is always
    among them. ``calls`` are the lines read so far, newest first.
    """

    changed = Signal()
    calls_added = Signal(int)
    """So many older lines stand at the end."""

    def __init__(self, lanes: Lanes, ledger: "Ledger", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ledger = ledger
        self.reading = Inquiry(lanes, LANE, self)
        self.reading.changed.connect(self.changed)
        self._reading_more = Inquiry(lanes, LANE, self)
        self.exporting = Inquiry(lanes, LANE, self)
        self.report: Spending | None = None
        self.months: tuple[str, ...] = ()
        self.calls: list[Call] = []
        self.month = ledger.this_month
        self.by: SumKey = "day"

    def show(self, month: str | None = None, by: "SumKey | None" = None) -> None:
        """Read the ledger anew, for another month or by something else where that is given."""
        from pickabook_desktop.jobs.spending import spending

        self.month = self.month if month is None else month
        self.by = by or self.by
        month, key = self.month, self.by

        def read() -> "tuple[Spending, tuple[str, ...]]":
            months = {line.key for line in self._ledger.sums("month")} | {self._ledger.this_month}
            report = spending(self._ledger, key, month, page=PAGE)
            return report, tuple(sorted(months, reverse=True))

        def on_done(value: object) -> None:
            self.report, self.months = cast("tuple[Spending, tuple[str, ...]]", value)
            self.calls = list(self.report.calls)

        self.reading.ask(job_of(read), on_done)

    @property
    def has_more(self) -> bool:
        """Whether there are older lines than those read so far."""
        return self.report is not None and self.report.more

    def read_more(self) -> None:
        """Read older lines; nothing while others are being read."""
        if not self.has_more or self._reading_more.asking or self.reading.asking:
            return
        before, month = self.calls[-1].id, self.month

        def on_done(value: object) -> None:
            if month != self.month or self.report is None or self.calls[-1].id != before:
                return
            lines = cast("tuple[Call, ...]", value)
            self.calls.extend(lines[:PAGE])
            self._drop_more(len(lines) > PAGE)
            self.calls_added.emit(len(lines[:PAGE]))

        self._reading_more.ask(job_of(lambda: self._ledger.calls(PAGE + 1, before, month)), on_done)

    def export(self, file: Path) -> None:
        """Write every line of the month that is shown to ``file``, for a spreadsheet."""
        from pickabook_desktop.jobs.spending import export_csv_job

        self.exporting.ask(export_csv_job(self._ledger, file, self.month))

    def _drop_more(self, more: bool) -> None:
        import msgspec

        if self.report is not None:
            self.report = msgspec.structs.replace(self.report, more=more)


class AllowanceModel(QObject):
    """Asks the ledger; of several questions at once the last one counts."""

    read = Signal(object)
    """The :class:`Allowance` of now."""

    def __init__(self, lanes: Lanes, ledger: "Ledger", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ledger = ledger
        self._reading = Inquiry(lanes, LANE, self)

    def refresh(self) -> None:
        """Look how much is left; a ledger that cannot be read leaves everything as it is."""

        def on_done(value: object) -> None:
            self.read.emit(cast("Allowance", value))

        self._reading.ask(job_of(self._look), on_done)

    def _look(self) -> Allowance:
        from pickabook_desktop.storage.ledger import LIMIT_CURRENCY

        try:
            limit = self._ledger.limit
        except InputError as error:
            return Allowance(problem=str(error), currency=LIMIT_CURRENCY)
        left = None if limit is None else max(0.0, limit - self._ledger.spent())
        return Allowance(left=left, currency=LIMIT_CURRENCY)
