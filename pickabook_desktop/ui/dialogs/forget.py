"""Forgetting a child: what would go and what stays, a last question, and a receipt."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.settings.parts import Card, StatusLine
from pickabook_desktop.ui.theme import Metric, Role, Space, set_icon
from pickabook_desktop.ui.viewmodels.children import ChildrenModel, child_title, receipt_text
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import IconMark, wrapped
from pickabook_desktop.ui.widgets.quiet_dialog import QuietDialog

if TYPE_CHECKING:
    from pickabook_desktop.jobs.forget import ForgetPlan, KnownChild

SMALLEST = QSize(560, 480)
LONGEST_NAME = 28
FIRST_SIZE = QSize(640, 620)


class ForgetDialog(QuietDialog):
    """Nothing goes before the button that names the child is pressed. Once it is, closing the
    dialog stops nothing.
    """

    def __init__(self, model: ChildrenModel, child: "KnownChild", parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumSize(SMALLEST)
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))
        self._model = model
        self._child = child
        name = child.name or tr("this child")
        self.setWindowTitle(tr("Forget {name}", name=name))
        self.heading = wrapped(tr("Forget {name}?", name=child_title(child)), "title")
        self.status = StatusLine()
        self.plan = QWidget()
        self.receipt = QPlainTextEdit()
        self.receipt.setReadOnly(True)
        self.receipt.setTabChangesFocus(True)
        self.receipt.setAccessibleName(tr("Receipt"))
        named = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
        self.confirm = text_button(tr("Forget {name} for good", name=named), "delete", "danger")
        self.keep = text_button(tr("Keep everything"))
        set_icon(self.confirm, "delete", "bad")
        self.copy = text_button(tr("Copy the receipt"), "copy")
        self.save = text_button(tr("Save the receipt…"), "save")
        self._lay_out()
        self._connect()
        if model.under_way is None:
            model.make_plan(child.id)
        self._refresh()

    def _lay_out(self) -> None:
        self._lists = QVBoxLayout(self.plan)
        self._lists.setContentsMargins(0, 0, 0, 0)
        self._lists.setSpacing(Space.MEDIUM)
        self.plan.setProperty("kind", "scrolled")
        self._area = QScrollArea()
        self._area.setWidget(self.plan)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.SMALL)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.save)
        buttons.addStretch(1)
        buttons.addWidget(self.confirm)
        buttons.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.LARGE)
        layout.setSpacing(Space.LARGE)
        layout.addWidget(self.heading)
        layout.addWidget(self.status)
        layout.addWidget(self._area, 1)
        layout.addWidget(self.receipt, 1)
        layout.addLayout(buttons)
        self.keep.setFocus()

    def _connect(self) -> None:
        self.confirm.clicked.connect(self._on_confirmed)
        self.keep.clicked.connect(self.reject)
        self.copy.clicked.connect(self._on_copy)
        self.save.clicked.connect(self._on_save)
        model = self._model
        self.finished.connect(model.planning.cancel)
        for inquiry in (model.planning, model.forgetting, model.saving):
            inquiry.changed.connect(self._refresh)

    def _on_confirmed(self) -> None:
        if self._model.plan is None:
            self._model.make_plan(self._child.id)
        else:
            self._model.forget(self._child)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.receipt.toPlainText())
        self.status.say("good", tr("Copied."))

    def _on_save(self) -> None:
        dialog = QFileDialog(self, tr("Save the receipt"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Texts (*.txt)"))
        dialog.setDefaultSuffix("txt")
        dialog.selectFile("pickabook-receipt.txt")
        dialog.fileSelected.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_to(self, name: str) -> None:
        """Write the receipt to the file ``name``."""
        self._model.save_receipt(Path(name))

    def _refresh(self) -> None:
        model = self._model
        done = model.receipt is not None
        under_way = model.planning.asking or model.forgetting.asking
        self._area.setVisible(not done)
        for widget in (self.receipt, self.copy, self.save):
            widget.setVisible(done)
        self.confirm.setVisible(not done)
        self.confirm.setEnabled(not under_way)
        self.keep.setText(self._way_out(done=done))
        if model.plan is not None and not self._lists.count():
            self._show_plan(model.plan)
        if model.receipt is not None and not self.receipt.toPlainText():
            self.heading.setText(tr("Forgotten"))
            self.receipt.setPlainText(receipt_text(model.receipt))
            self.keep.setFocus()
        self._say_where_it_stands()

    def _say_where_it_stands(self) -> None:
        model = self._model
        if model.forgetting.asking:
            self.status.follow(model.forgetting, tr("Forgetting…"))
        elif model.planning.asking:
            self.status.follow(model.planning, tr("Looking for everything…"))
        elif model.saving.state == "done":
            self.status.say("good", tr("Saved."))
        else:
            trouble = (model.saving, model.forgetting, model.planning)
            failed = next((one for one in trouble if one.state == "failed"), None)
            if failed is not None and failed.error is not None:
                self.status.say_error(failed.error)
            else:
                self.status.clear()

    def _way_out(self, *, done: bool) -> str:
        if done or self._model.forgetting.asking or self._model.forgetting.state == "failed":
            return tr("Close")
        return tr("Keep everything")

    def _show_plan(self, plan: "ForgetPlan") -> None:
        goes = plan.goes or (tr("Nothing was found."),)
        self._lists.addWidget(
            _list(tr("This goes, and cannot be brought back"), goes, "delete", "bad")
        )
        others = [page.name for page in plan.staying if page.name]
        stays = list(plan.stays)
        if others:
            names = ", ".join(dict.fromkeys(others))
            stays.insert(0, tr("Pages of {names} from the same photos stay.", names=names))
        self._lists.addWidget(_list(tr("This stays"), stays, "info", "quiet"))
        self._lists.addStretch(1)


def _list(title: str, lines: Sequence[str], icon: str, role: Role) -> Card:
    card = Card(title)
    rows = QVBoxLayout()
    rows.setSpacing(Space.SMALL)
    for line in lines:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(IconMark(icon, role, Metric.SMALL_ICON), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(wrapped(line, ""), 1)
        rows.addLayout(row)
    card.add(rows)
    return card
