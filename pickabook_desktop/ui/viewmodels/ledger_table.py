"""The ledger as tables: one of sums, one of calls."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pickabook_desktop.domain.calls import Call
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.money import money_text
from pickabook_desktop.ui.viewmodels.dates import day_text, moment_text, month_text
from pickabook_desktop.ui.viewmodels.spending import SpendingModel

if TYPE_CHECKING:
    from pickabook_desktop.storage.ledger import LedgerSum

Index = QModelIndex | QPersistentModelIndex
Titles = Callable[[str, str], str]
"""From the ids of an engine and of one of its models, or an empty one, to what it is called."""

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NOWHERE = QModelIndex()
_LIMIT = "monthly_limit"


class CallsTable(QAbstractTableModel):
    """One row a call, newest first; older ones are read when they are scrolled to."""

    def __init__(self, model: SpendingModel, titles: Titles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._titles = titles
        self._heads = (
            tr("When"),
            tr("Model"),
            tr("Book"),
            tr("Pictures"),
            tr("Outcome"),
            tr("Cost"),
        )
        self._calls: list[Call] = []
        model.calls_added.connect(self._on_added)

    def reset(self) -> None:
        """Show what the model has read last."""
        self.beginResetModel()
        self._calls = list(self._model.calls)
        self.endResetModel()

    def call(self, row: int) -> Call:
        return self._calls[row]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._calls)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in (3, 5) else _LEFT
        return self._heads[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        call, column = self._calls[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (3, 5):
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(call)
        return self._cell(call, column) if role == Qt.ItemDataRole.DisplayRole else None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._model.has_more

    def fetchMore(self, parent: Index) -> None:
        self._model.read_more()

    def _on_added(self, count: int) -> None:
        first = len(self._calls)
        self.beginInsertRows(_NOWHERE, first, first + count - 1)
        self._calls.extend(self._model.calls[first : first + count])
        self.endInsertRows()

    def _cell(self, call: Call, column: int) -> str:
        plan = call.plan
        cells = (
            lambda: moment_text(call.started, with_year=not self._model.month),
            lambda: self._titles(plan.engine_id, plan.model),
            lambda: plan.book,
            lambda: str(plan.pictures),
            lambda: outcome_text(call),
            lambda: cost_text(call),
        )
        return cells[column]()

    def _tip(self, call: Call) -> str:
        usage, lines = call.usage, [outcome_text(call), cost_text(call)]
        for title, count in (
            (tr("Tokens in"), usage.input_tokens),
            (tr("Tokens out"), usage.output_tokens),
            (tr("Tokens of the picture"), usage.image_tokens),
        ):
            if count is not None:
                lines.append(f"{title}: {count:,}")
        if call.reason == _LIMIT:
            lines.append(tr("It would have passed the monthly limit."))
        elif call.reason:
            lines.append(call.reason)
        return "\n".join(lines)


class SumsTable(QAbstractTableModel):
    """One row a day, month, book, engine or model."""

    def __init__(self, model: SpendingModel, titles: Titles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._titles = titles
        self._by = model.by
        self._sums: Sequence[LedgerSum] = ()

    def reset(self) -> None:
        """Show what the model has read last."""
        self.beginResetModel()
        report = self._model.report
        self._sums, self._by = (report.sums, report.by) if report else ((), self._model.by)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._sums)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section else _LEFT
        heads = (by_titles()[self._by], tr("Calls"), tr("Cost"))
        return heads[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line, column = self._sums[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return counts_text(line)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        cells = (self._key(line.key), str(line.calls), money_text(line.amount, line.currency))
        return cells[column]

    def _key(self, key: str) -> str:
        if self._by == "engine":
            return self._titles(key, "")
        if self._by == "model":
            return self._titles("", key)
        shown = {"day": day_text, "month": month_text}
        return shown.get(self._by, str)(key) or tr("No book")


def by_titles() -> dict[str, str]:
    """What sums can be made by, and what that is called."""
    return {
        "day": tr("Day"),
        "month": tr("Month"),
        "book": tr("Book"),
        "engine": tr("Engine"),
        "model": tr("Model"),
    }


def outcome_text(call: Call) -> str:
    """How a call ended, and why, in words."""
    if call.reason == _LIMIT:
        return tr("Not sent: monthly limit")
    plain = {
        "open": tr("No answer yet"),
        "drawn": tr("Drawn"),
        "refused": tr("Refused"),
        "failed": tr("Failed"),
        "cancelled": tr("Stopped"),
    }[call.outcome]
    reason = call.reason.replace("_", " ").strip()
    # Words of a service in capitals shout; a code such as HTTP 503 is no word.
    reason = reason.lower() if reason.replace(" ", "").isalpha() else reason
    return tr("{outcome}: {reason}", outcome=plain, reason=reason) if reason else plain


def cost_text(call: Call) -> str:
    """What a call cost; ``about`` where the service has not said."""
    cost = money_text(call.cost, call.plan.currency)
    return cost if call.amount is not None else tr("about {cost}", cost=cost)


def counts_text(line: "LedgerSum") -> str:
    """How many calls there were, and what became of them."""
    parts = (
        (line.calls, tr("Calls: {count}", count=line.calls)),
        (line.pictures, tr("Pictures drawn: {count}", count=line.pictures)),
        (line.refused, tr("Refused: {count}", count=line.refused)),
        (line.failed, tr("Failed: {count}", count=line.failed)),
        (line.open, tr("Not ended: {count}", count=line.open)),
    )
    return "\n".join(text for count, text in parts if count)
