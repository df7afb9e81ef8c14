"""How pictures are to be exported, on one page."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.hand_over import DISPLAY_P3, NO_PROFILE, SRGB
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.export.names import NamePart
from pickabook_desktop.ui.dialogs.export.parts import (
    FolderField,
    NumberField,
    Part,
    after,
    leave_return_to,
)
from pickabook_desktop.ui.dialogs.export.size import BleedPart, SizePart
from pickabook_desktop.ui.dialogs.settings.fields import combo
from pickabook_desktop.ui.theme import Metric, Space
from pickabook_desktop.ui.viewmodels.export_form import USUAL_QUALITY, ExportForm
from pickabook_desktop.ui.viewmodels.export_presets import format_titles, is_profile_file
from pickabook_desktop.ui.widgets.buttons import text_button, tool_button
from pickabook_desktop.ui.widgets.chips import ChoiceChips
from pickabook_desktop.ui.widgets.labels import IconMark, wrapped
from pickabook_desktop.ui.widgets.segmented import SegmentedControl
from pickabook_desktop.ui.widgets.tab_order import tab_by_layout

FIRST_SIZE = QSize(920, 600)
PROFILE = "file"


class ExportDialog(QDialog):
    """Shows an :class:`ExportForm`; accepted, the form's wish is what is wanted."""

    profile_wanted = Signal(str)
    """Somebody has chosen this ICC profile; answered by ``form.set_profile`` or
    :meth:`show_refusal`.
    """

    def __init__(self, form: ExportForm, parent: QWidget) -> None:
        super().__init__(parent)
        self.form = form
        self._refused = ""
        several = tr("Export {count} pages", count=f"{form.count:,}")
        self._title = tr("Export the page") if form.count == 1 else several
        self.setWindowTitle(self._title)
        self._make_fields()
        self._make_foot()
        self._lay_out()
        leave_return_to(self.export, self)
        tab_by_layout(self)
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))
        form.changed.connect(self.refresh)
        self.refresh()
        self.export.setFocus()

    def refresh(self) -> None:
        """Show what the form holds."""
        form = self.form
        self._show_presets()
        self.folder.show_folder(form.chosen.folder)
        self.format.choose(form.chosen.format)
        self.quality.setEnabled(form.uses_quality)
        self.quality.show_value(form.chosen.quality or USUAL_QUALITY)
        self._quality_holder.setVisible(form.uses_quality)
        self.size_part.refresh()
        self.bleed_part.refresh()
        self._show_colour()
        self.name_part.refresh()
        self.metadata.setChecked(form.chosen.metadata)
        self.names.setChecked(form.chosen.names)
        self.notes.setChecked(form.chosen.notes)
        self.notes.setEnabled(form.chosen.metadata)
        hindrance = form.forecast.problem()
        problem = self._refused or hindrance
        self._mark.setVisible(bool(problem))
        self.said.setText(problem)
        self.export.setEnabled(not hindrance)

    def show_refusal(self, words: str) -> None:
        """Say why the profile cannot be used; the colours stay as they were."""
        self._refused = words
        self.refresh()
        self._refused = ""

    def _make_fields(self) -> None:
        form = self.form
        self.presets = ChoiceChips()
        self.presets.setAccessibleName(tr("Presets"))
        self.presets.value_chosen.connect(form.choose_preset)
        self.keep = text_button(tr("Save as preset…"), "save", "flat")
        self.keep.clicked.connect(self._ask_title)
        self.drop = tool_button("delete", tr("Remove this preset"))
        self.drop.clicked.connect(after(lambda: form.remove_preset(form.preset)))
        self.folder = FolderField(tr("Folder"))
        self.folder.edited.connect(form.setter("folder"))
        self.format = SegmentedControl()
        self.format.setAccessibleName(tr("Format"))
        self.format.set_choices(list(format_titles().items()))
        self.format.value_chosen.connect(form.setter("format"))
        self.quality = NumberField(tr("Quality"), 1, 100, tr(" %"))
        self.quality.setFixedWidth(Metric.LABEL)
        self.quality.edited.connect(form.setter("quality", round))
        self.size_part = SizePart(form)
        self.bleed_part = BleedPart(form)
        self.name_part = NamePart(form)
        self.colour = combo(
            (
                (SRGB, tr("sRGB, for screens and most printers")),
                (DISPLAY_P3, "Display P3"),
                (NO_PROFILE, tr("No profile")),
                (PROFILE, tr("From a profile file…")),
            ),
            SRGB,
        )
        self.colour.setAccessibleName(tr("Colour"))
        self.colour.activated.connect(self._on_colour)
        self.metadata = QCheckBox(tr("Say how the page was made and judged"))
        self.metadata.clicked.connect(form.setter("metadata"))
        self.names = QCheckBox(tr("With the child's name"))
        self.names.clicked.connect(form.setter("names"))
        self.notes = QCheckBox(tr("With the note"))
        self.notes.clicked.connect(form.setter("notes"))

    def _make_foot(self) -> None:
        self._mark = IconMark("warn", "warn", Metric.SMALL_ICON)
        self.said = wrapped("", "small")
        self.leave = text_button(tr("Cancel"))
        self.leave.clicked.connect(self.reject)
        self.export = text_button(self._title, "", "primary")
        self.export.clicked.connect(self.accept)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.SMALL)
        head.addWidget(self.presets, 1)
        head.addWidget(self.drop)
        head.addWidget(self.keep)
        columns = QHBoxLayout()
        columns.setSpacing(Space.HUGE + Space.SMALL)
        columns.addLayout(self._left(), 1)
        columns.addLayout(self._right(), 1)
        foot = QHBoxLayout()
        foot.setSpacing(Space.SMALL)
        foot.addWidget(self._mark)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.leave)
        foot.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.LARGE, Space.HUGE, Space.LARGE)
        column.setSpacing(Space.LARGE)
        column.addLayout(head)
        column.addLayout(columns)
        column.addStretch(1)
        column.addLayout(foot)

    def _left(self) -> QVBoxLayout:
        told = wrapped(
            tr(
                "Template, style, words and seed go into the file; stars, labels and tags where "
                "Lightroom, Bridge and digiKam look for them. Photos never do."
            ),
            "quiet",
        )
        named = wrapped(
            tr("Else no file says whose page it is, neither inside nor in its name."), "quiet"
        )
        says = Part(tr("What the files say"), self.metadata, told, self.notes, self.names, named)
        says.setSpacing(0)
        column = QVBoxLayout()
        column.setSpacing(Space.LARGE)
        column.addLayout(Part(tr("Where"), self.folder))
        column.addWidget(self.name_part)
        column.addLayout(says)
        column.addStretch(1)
        return column

    def _right(self) -> QVBoxLayout:
        self._quality_holder = QWidget()
        row = QHBoxLayout(self._quality_holder)
        row.setContentsMargins(0, Space.TINY, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.quality)
        row.addWidget(wrapped(tr("quality"), "quiet"), 1)
        column = QVBoxLayout()
        column.setSpacing(Space.LARGE)
        column.addLayout(Part(tr("Format"), self.format, self._quality_holder))
        column.addWidget(self.size_part)
        column.addWidget(self.bleed_part)
        column.addLayout(Part(tr("Colour"), self.colour))
        column.addStretch(1)
        return column

    def _show_presets(self) -> None:
        presets = self.form.presets
        self.presets.set_choices([(one.id, one.title, None) for one in presets])
        self.presets.choose(self.form.preset)
        chosen = next((one for one in presets if one.id == self.form.preset), None)
        self.drop.setVisible(chosen is not None and chosen.own)

    def _show_colour(self) -> None:
        icc = self.form.chosen.icc
        place = self.colour.findData(PROFILE if is_profile_file(icc) else icc)
        facts = self.form.profile
        if is_profile_file(icc) and facts is not None:
            self.colour.setItemText(place, tr("{profile}…", profile=facts.title))
        self.colour.setCurrentIndex(place)

    def _on_colour(self, index: int) -> None:
        chosen = self.colour.itemData(index)
        if chosen != PROFILE:
            self.form.change(icc=chosen)
            return
        dialog = QFileDialog(self, tr("Choose a colour profile"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([tr("Colour profiles (*.icc *.icm)"), tr("All files (*)")])
        dialog.fileSelected.connect(self.profile_wanted)
        dialog.rejected.connect(self.refresh)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_title(self) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(tr("Save as preset"))
        dialog.setLabelText(tr("Name of the preset"))
        dialog.setOkButtonText(tr("Save"))
        dialog.textValueSelected.connect(self.form.save_preset)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
