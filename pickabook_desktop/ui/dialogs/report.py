"""What came of a hand-over where there is more to say than fits a line."""

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.theme import Metric, Role, Space
from pickabook_desktop.ui.viewmodels.reports import HandOverReport, ReportGroup
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import ElidedLabel, IconMark, wrapped

FIRST_SIZE = QSize(640, 480)
SMALLEST = QSize(440, 280)
_LOOK: dict[str, tuple[str, Role]] = {
    "good": ("check", "good"),
    "note": ("info", "quiet"),
    "plain": ("info", "quiet"),
    "bad": ("warn", "warn"),
}


class ReportDialog(QDialog):
    """What was done, what was not, and why. One can go on working beside it."""

    def __init__(self, report: HandOverReport, parent: QWidget) -> None:
        super().__init__(parent)
        self.report = report
        self.setWindowTitle(report.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        inside = QWidget()
        inside.setProperty("kind", "scrolled")
        groups = QVBoxLayout(inside)
        groups.setContentsMargins(0, 0, Space.MEDIUM, 0)
        groups.setSpacing(Space.LARGE)
        for group in report.groups:
            groups.addWidget(_GroupView(group))
        groups.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.LARGE)
        column.setSpacing(Space.LARGE)
        column.addWidget(wrapped(report.title, "title"))
        column.addWidget(area, 1)
        column.addLayout(self._foot())
        self.setMinimumSize(SMALLEST)
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))

    def _foot(self) -> QHBoxLayout:
        self.copy = text_button(tr("Copy the list"), "copy")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._on_copy)
        self.show_folder = text_button(tr("Show in folder"), "folder")
        self.show_folder.setAutoDefault(False)
        self.show_folder.setVisible(bool(self.report.folder))
        self.show_folder.clicked.connect(self._on_show_folder)
        self.leave = text_button(tr("Close"))
        self.leave.setDefault(True)
        self.leave.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setSpacing(Space.SMALL)
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(self.show_folder)
        foot.addWidget(self.leave)
        return foot

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.text())

    def _on_show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.report.folder))


class _GroupView(QWidget):
    """A sentence, and what it is about."""

    def __init__(self, group: ReportGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name, role = _LOOK[group.level]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.SMALL)
        grid.setVerticalSpacing(Space.TINY)
        grid.setColumnStretch(1, 1)
        mark = IconMark(name, role, Metric.SMALL_ICON)
        grid.addWidget(mark, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(wrapped(group.title, "body-strong"), 0, 1)
        for row, line in enumerate(group.shown, start=1):
            grid.addLayout(_line(line.what, line.why), row, 1)
        if group.hidden:
            more = tr("and {count} more; “Copy the list” has them all", count=f"{group.hidden:,}")
            grid.addWidget(wrapped(more, "quiet"), len(group.shown) + 1, 1)


def _line(what: str, why: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    label = ElidedLabel(what)
    label.elide_mode = Qt.TextElideMode.ElideMiddle
    column.addWidget(label)
    if why:
        column.addWidget(wrapped(why, "quiet"))
    return column


def one_report(report: HandOverReport, parent: QWidget) -> ReportDialog:
    """Show ``report`` beside what is worked on; an older one of ``parent`` is closed."""
    for older in parent.findChildren(ReportDialog):
        older.close()
    dialog = ReportDialog(report, parent)
    dialog.show()
    return dialog
