"""What exported files are called, and what happens to files of the same name."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from pickabook_desktop.domain.file_names import PLACES
from pickabook_desktop.domain.hand_over import CLASHES
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.export.parts import Part, after
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.viewmodels.export_form import ExportForm
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import ElidedLabel, wrapped
from pickabook_desktop.ui.widgets.segmented import SegmentedControl


class NamePart(QWidget):
    """The pattern with its places to insert, a live example, and what a clash leads to."""

    def __init__(self, form: ExportForm, *, clashes: bool = True) -> None:
        super().__init__()
        self._form = form
        self.pattern = QLineEdit()
        self.pattern.setAccessibleName(tr("Pattern for file names"))
        self.pattern.textEdited.connect(form.setter("pattern"))
        self.insert = text_button(tr("Insert"), "plus")
        self.insert.clicked.connect(self._open_places)
        self.example = ElidedLabel()
        self.example.setProperty("type", "quiet")
        # Names of files begin with their number, also where people read from the right.
        self.example.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.remarks = wrapped("", "small")
        self.clash = SegmentedControl()
        self.clash.setAccessibleName(tr("Files of the same name"))
        titles = {
            "number": tr("Number the new one"),
            "replace": tr("Replace"),
            "skip": tr("Leave out"),
        }
        self.clash.set_choices([(clash, titles[clash]) for clash in CLASHES])
        self.clash.value_chosen.connect(self._on_clash)
        line = QHBoxLayout()
        line.setSpacing(Space.SMALL)
        line.addWidget(self.pattern, 1)
        line.addWidget(self.insert)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.LARGE)
        column.addLayout(Part(tr("File names"), line, self.example, self.remarks))
        if clashes:
            part = Part(tr("Where there is a file of that name"), self.clash)
            column.addLayout(part)

    def refresh(self) -> None:
        """Show what the form holds."""
        form, forecast = self._form, self._form.forecast
        if self.pattern.text() != form.chosen.pattern:
            self.pattern.setText(form.chosen.pattern)
        names = forecast.names()
        listed = ", ".join(names)
        more = form.count > len(names)
        self.example.setText(tr("{names}, …", names=listed) if names and more else listed)
        remarks = forecast.name_remarks()
        self.remarks.setText(remarks)
        self.remarks.setVisible(bool(remarks))
        self.clash.choose(form.chosen.on_clash)

    def _on_clash(self, clash: str) -> None:
        self._form.change(on_clash=clash)

    def _open_places(self) -> None:
        menu = QMenu(self)
        titles = place_titles()
        for place in PLACES:
            action = menu.addAction(titles.get(place, place))
            action.triggered.connect(after(lambda place=place: self._put(place)))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.insert.mapToGlobal(QPoint(0, self.insert.height())))

    def _put(self, place: str) -> None:
        self.pattern.insert("{number:03}" if place == "number" else f"{{{place}}}")
        self._form.change(pattern=self.pattern.text())
        self.pattern.setFocus()


def place_titles() -> dict[str, str]:
    """What can be inserted into a pattern, as a person calls it."""
    return {
        "number": tr("Number"),
        "date": tr("Date"),
        "time": tr("Time"),
        "title": tr("Title"),
        "template": tr("Template"),
        "style": tr("Style"),
        "engine": tr("Engine"),
        "seed": tr("Seed"),
        "child": tr("Child"),
        "book": tr("Book"),
        "id": tr("Identifier"),
        "rating": tr("Stars"),
    }
