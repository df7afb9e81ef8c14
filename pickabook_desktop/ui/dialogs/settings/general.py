"""Colours, the engine at the start, what goes into saved copies, and where the library is."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.ordering import DEFAULT_ENGINE
from pickabook_desktop.ui.dialogs.settings.fields import OFF, ON, CalmBox, combo
from pickabook_desktop.ui.dialogs.settings.parts import Card, Page, Rows
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.setting_keys import (
    BACKUPS_KEY,
    ENGINE_KEY,
    LIBRARY_KEY,
    METADATA_KEY,
    NAMES_KEY,
    SCHEME_KEY,
)
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import wrapped


class GeneralPage(Page):
    """What everybody may want to set."""

    def __init__(self, setup: Setup, parent: QWidget | None = None) -> None:
        super().__init__(tr("General"), tr("Every change applies at once."), parent)
        self._setup = setup
        settings = setup.settings
        self.scheme = combo(
            (("system", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark"))),
            settings.text(SCHEME_KEY, "system"),
        )
        self.engine = CalmBox()
        self.missing = _selectable("")
        self._missing_title = QLabel(tr("Not usable now"))
        self.without_metadata = QCheckBox(tr("Leave metadata out of saved copies"))
        self.without_metadata.setChecked(not settings.switched_on(METADATA_KEY, True))
        self.with_names = QCheckBox(tr("Let copies tell the child’s name"))
        self.with_names.setChecked(settings.switched_on(NAMES_KEY, False))
        self.other_folder = text_button(tr("Use another folder…"), "folder")
        self.moved = wrapped("", "")
        self.list_copies = QCheckBox(tr("Copy the list of pages now and then"))
        self.list_copies.setChecked(settings.switched_on(BACKUPS_KEY, True))
        self._dim()
        self._say_where()
        self.other_folder.clicked.connect(self._on_folder_wanted)
        self.list_copies.toggled.connect(self._on_copies_toggled)
        self.scheme.activated.connect(self._on_scheme_chosen)
        self.engine.activated.connect(self._on_engine_chosen)
        self.without_metadata.toggled.connect(self._on_metadata_toggled)
        self.with_names.toggled.connect(self._on_names_toggled)
        self._lay_out()
        setup.services.engines_changed.connect(self._show_engines)
        self._show_engines()

    def _on_scheme_chosen(self) -> None:
        self._setup.keep(SCHEME_KEY, str(self.scheme.currentData()))

    def _on_engine_chosen(self) -> None:
        self._setup.keep(ENGINE_KEY, str(self.engine.currentData()))

    def _on_metadata_toggled(self, left_out: bool) -> None:
        self._setup.keep(METADATA_KEY, OFF if left_out else ON)
        self._dim()

    def _on_names_toggled(self, told: bool) -> None:
        self._setup.keep(NAMES_KEY, ON if told else OFF)

    def _dim(self) -> None:
        self.with_names.setEnabled(not self.without_metadata.isChecked())

    def _show_engines(self) -> None:
        engines = self._setup.services.engines
        self.engine.clear()
        for state in engines:
            if not state.unavailable:
                self.engine.addItem(state.title, state.id)
        chosen = self._setup.settings.text(ENGINE_KEY, DEFAULT_ENGINE)
        self.engine.setCurrentIndex(max(0, self.engine.findData(chosen)))
        missing = [
            tr("{title}: {reason}", title=e.title, reason=e.unavailable)
            for e in engines
            if e.unavailable
        ]
        self.missing.setText("\n".join(missing))
        for label in (self.missing, self._missing_title):
            label.setVisible(bool(missing))

    def _lay_out(self) -> None:
        look = Card(tr("Window"))
        rows = Rows()
        rows.add_field(tr("Colours"), self.scheme)
        rows.add_field(tr("Engine at the start"), self.engine)
        row = rows.rowCount()
        rows.addWidget(self._missing_title, row, 0, Qt.AlignmentFlag.AlignTop)
        rows.addWidget(self.missing, row, 1)
        look.add(rows)
        copies = Card(tr("Saved copies"))
        switches = QVBoxLayout()
        switches.setSpacing(0)
        switches.addWidget(self.without_metadata)
        explanation = tr(
            "Metadata says how a page was drawn, so that it can be recalled. "
            "It never holds the photo or where it was."
        )
        switches.addWidget(wrapped(explanation, "quiet"))
        switches.addSpacing(Space.SMALL)
        switches.addWidget(self.with_names)
        switches.addWidget(
            wrapped(tr("Otherwise the name is left out of what a copy tells."), "quiet")
        )
        copies.add(switches)
        for card in (look, copies, self._library_card()):
            self.add(card)

    def _library_card(self) -> Card:
        card = Card(tr("Library"))
        card.add(_selectable(str(self._setup.library)))
        row = QHBoxLayout()
        row.addWidget(self.other_folder)
        row.addStretch(1)
        card.add(row)
        card.add(self.moved)
        card.add(self.list_copies)
        card.add(
            wrapped(
                tr(
                    "The pages themselves are not copied. What is deleted for good goes from there."
                ),
                "quiet",
            )
        )
        return card

    def _on_folder_wanted(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, tr("Folder for the library"), str(self._setup.library)
        )
        if folder:
            self._setup.keep(LIBRARY_KEY, folder)
            self._say_where()

    def _say_where(self) -> None:
        kept = self._setup.settings.text(LIBRARY_KEY)
        another = bool(kept) and Path(kept).expanduser() != self._setup.library
        self.moved.setVisible(another)
        self.moved.setText(
            tr(
                "From the next start on, pages are kept in {folder}. To take those that there are"
                " along, close the program and move the contents of the old folder there.",
                folder=kept,
            )
        )

    def _on_copies_toggled(self, wished: bool) -> None:
        self._setup.keep(BACKUPS_KEY, ON if wished else OFF)


def _selectable(text: str) -> QLabel:
    label = wrapped(text, "quiet")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
