"""The words: the template's blanks and a free text, with what was written before."""

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.template import TemplateField
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.viewmodels.create import NAME_FIELD, CreateModel
from pickabook_desktop.ui.widgets.buttons import tool_button
from pickabook_desktop.ui.widgets.grids import empty_grid, field_grid
from pickabook_desktop.ui.widgets.labels import heading, wrapped
from pickabook_desktop.ui.widgets.text import follows_right_to_left, prepare_line

_LEAST_LINES = 2
_MOST_LINES = 5
_MENU_ENTRIES = 12
_MENU_LETTERS = 60


class PromptEdit(QPlainTextEdit):
    """Grows with its text; Ctrl+Up and Ctrl+Down go through what was written before."""

    older_wanted = Signal()
    newer_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self.textChanged.connect(self._turn)
        self._grow()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() == Qt.Key.Key_Up:
            self.older_wanted.emit()
        elif control and event.key() == Qt.Key.Key_Down:
            self.newer_wanted.emit()
        elif control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData, /) -> bool:
        """Words only; files and pictures are left to the window."""
        return source.hasText() and not (source.hasUrls() or source.hasImage())

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._grow()

    def _turn(self) -> None:
        """Let the text run in the direction of its first letter."""
        ways = Qt.LayoutDirection
        right = follows_right_to_left(self.toPlainText())
        option = self.document().defaultTextOption()
        way = ways.RightToLeft if right else ways.LeftToRight
        if option.textDirection() != way:
            option.setTextDirection(way)
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
            self.document().setDefaultTextOption(option)

    def _grow(self) -> None:
        wanted = round(self.document().size().height())
        lines = min(max(wanted, _LEAST_LINES), _MOST_LINES)
        frame = Space.SMALL + round(2 * self.document().documentMargin())
        height = lines * self.fontMetrics().lineSpacing() + frame
        policy = Qt.ScrollBarPolicy
        long = wanted > _MOST_LINES
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if long else policy.ScrollBarAlwaysOff
        )
        if height != self.height():
            self.setFixedHeight(height)


class PromptPanel(QWidget):
    """Shows and changes the words of a :class:`CreateModel`; the name has its own place."""

    def __init__(self, model: CreateModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._field_edits: dict[str, QLineEdit] = {}
        self._shown_fields: tuple[TemplateField, ...] = ()
        self._blanks = QWidget()
        self._grid = field_grid(self._blanks)
        self.edit = PromptEdit()
        self.edit.setAccessibleName(tr("Prompt"))
        self.history = tool_button("history", tr("Earlier prompts (Ctrl+Up)"))
        self.history.setPopupMode(self.history.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.history)
        self.history.setMenu(self._menu)
        self.hint = wrapped(kind="quiet")
        self._arrange()
        self.edit.textChanged.connect(self._on_text_changed)
        self.edit.older_wanted.connect(model.older_prompt)
        self.edit.newer_wanted.connect(model.newer_prompt)
        self._menu.aboutToShow.connect(self._on_menu_opened)
        model.words_changed.connect(self._on_words_changed)
        model.template_changed.connect(self._on_template_changed)
        model.engine_changed.connect(self._on_engine_changed)
        model.history_changed.connect(self._on_history_changed)
        self._on_template_changed()
        self._on_words_changed()
        self._on_engine_changed()
        self._on_history_changed()

    def field_edit(self, field_id: str) -> QLineEdit | None:
        """Where a blank of the template is typed, or None."""
        return self._field_edits.get(field_id)

    def _arrange(self) -> None:
        text = QHBoxLayout()
        text.setSpacing(Space.TINY)
        text.addWidget(self.edit, 1)
        text.addWidget(self.history, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.TINY)
        layout.addWidget(heading(tr("Prompt"), self.edit))
        layout.addWidget(self._blanks)
        layout.addLayout(text)
        layout.addWidget(self.hint)

    def _on_text_changed(self) -> None:
        self._model.set_prompt(self.edit.toPlainText())

    def _on_words_changed(self) -> None:
        if self.edit.toPlainText() != self._model.prompt:
            self.edit.setPlainText(self._model.prompt)
            self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)
        for field_id, edit in self._field_edits.items():
            text = self._model.fields.get(field_id, "")
            if edit.text() != text:
                edit.setText(text)

    def _on_template_changed(self) -> None:
        template = self._model.template
        self.edit.setPlaceholderText(tr("for example: {words}", words=self._example()))
        fields = tuple(f for f in template.fields if f.id != NAME_FIELD) if template else ()
        if fields != self._shown_fields:
            self._show_fields(fields)

    def _example(self) -> str:
        """Words that have an effect here."""
        template = self._model.template
        if template is None or not template.palettes:
            return tr("an astronaut on the moon, in watercolour")
        styles = list(self._model.styles.values())
        words = [template.palettes[-1].title, *(style.title for style in styles[-1:])]
        return ", ".join(word.lower() for word in words)

    def _show_fields(self, fields: tuple[TemplateField, ...]) -> None:
        empty_grid(self._grid)
        self._shown_fields = fields
        self._field_edits = {}
        for row, field in enumerate(fields):
            edit = self._new_edit(field)
            label = wrapped(field.title)
            label.setBuddy(edit)
            label.setWordWrap(False)
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(edit, row, 1)
            self._field_edits[field.id] = edit
        self._blanks.setVisible(bool(fields))

    def _new_edit(self, field: TemplateField) -> QLineEdit:
        edit = QLineEdit(self._model.fields.get(field.id, ""))
        edit.setMaxLength(field.max_length)
        edit.setAccessibleName(field.title)
        if field.example:
            edit.setPlaceholderText(tr("for example {example}", example=field.example))
        prepare_line(edit)

        def on_edited(text: str) -> None:
            self._model.set_field(field.id, text)

        edit.textEdited.connect(on_edited)
        return edit

    def _on_engine_changed(self) -> None:
        capabilities = self._model.capabilities
        unread = capabilities is not None and not capabilities.uses_prompt
        self.hint.setText(tr("This engine does not read the prompt.") if unread else "")
        self.hint.setVisible(unread)
        plain = tr("Describe the page in your own words.")
        tip = (capabilities.prompt_help if capabilities is not None else "") or plain
        self.edit.setToolTip(tip)
        self.edit.setAccessibleDescription(tip)

    def _on_history_changed(self) -> None:
        self.history.setEnabled(bool(self._model.history))

    def _on_menu_opened(self) -> None:
        self._menu.clear()
        for text in self._model.history[:_MENU_ENTRIES]:
            short = text.replace("\n", " ")
            if len(short) > _MENU_LETTERS:
                short = short[: _MENU_LETTERS - 1] + "…"
            self._offer(short.replace("&", "&&"), text)

    def _offer(self, title: str, text: str) -> None:
        def on_chosen() -> None:
            self._model.set_prompt(text)

        self._menu.addAction(title).triggered.connect(on_chosen)
