"""The page of keys: add, test, replace and remove them. A key is never shown again."""

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.settings.parts import (
    Card,
    CheckButton,
    Page,
    StatusLine,
    button_row,
)
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.theme import Metric, Role, Space, set_icon
from pickabook_desktop.ui.viewmodels.keys import key_page, place_words
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import IconMark, wrapped

if TYPE_CHECKING:
    from pickabook_desktop.jobs.key_names import KeyState
    from pickabook_desktop.ui.viewmodels.inquiry import Inquiry

Mode = Literal["resting", "replacing", "removing"]

_MARKS: dict[str, tuple[str, Role]] = {
    "keyring": ("lock", "good"),
    "environment": ("check", "good"),
    "memory": ("warn", "warn"),
    "locked": ("lock", "warn"),
    "unavailable": ("key", "quiet"),
    "missing": ("key", "quiet"),
    "unknown": ("key", "quiet"),
}


class KeysPage(Page):
    """One card a key, and a notice where keys cannot be kept for good."""

    def __init__(self, setup: Setup, parent: QWidget | None = None) -> None:
        lead = tr(
            "Services know you by a key. Keys are kept in the keyring of your system, "
            "never in a file of this program."
        )
        super().__init__(tr("Keys"), lead, parent)
        self._setup = setup
        self.rows: dict[str, KeyCard] = {}
        self.looking = StatusLine()
        self.notice = StatusLine()
        self.look_again = text_button(tr("Look again"), "reroll")
        self.look_again.clicked.connect(setup.keys.look)
        self.add(self.looking)
        self.add(self.notice)
        self._again = QWidget()
        holder = button_row(self.look_again)
        holder.setContentsMargins(0, 0, 0, 0)
        self._again.setLayout(holder)
        self.add(self._again)
        setup.keys.changed.connect(self._on_changed)
        setup.services.engines_changed.connect(self._on_changed)
        setup.services.stores_changed.connect(self._on_changed)
        self._on_changed()

    def refresh(self) -> None:
        """Look where the keys are, and what uses them."""
        self._setup.keys.look()
        if self._setup.services.stores is None:
            self._setup.services.read_stores()

    def _on_changed(self) -> None:
        keys = self._setup.keys
        first = keys.looking.asking and not keys.states
        busy = tr("Asking the keyring. It may want to be unlocked.")
        if first or keys.looking.state == "failed":
            self.looking.follow(keys.looking, busy)
        else:
            self.looking.clear()
        for state in keys.states:
            used = self._setup.services.uses_key(state.name)
            if used or state.present or state.name in self.rows:
                self._card(state).show_state(state, used)
        self._show_notice()

    def _card(self, state: "KeyState") -> "KeyCard":
        if state.name not in self.rows:
            card = self.rows[state.name] = KeyCard(self._setup, state.name)
            self.add(card)
        return self.rows[state.name]

    def _show_notice(self) -> None:
        """Say once for all keys that they cannot be kept for good, and how to change that."""
        states = self._setup.keys.states
        worst = ("locked", "unknown", "unavailable", "memory")
        found = sorted((worst.index(s.where), s.name) for s in states if s.where in worst)
        without = self._setup.keys.state(found[0][1]) if found else None
        self._again.setVisible(without is not None)
        self.look_again.setEnabled(not self._setup.keys.looking.asking)
        hint = self._hint(without) if without is not None else ""
        if without is None:
            self.notice.clear()
        elif without.where == "locked":
            self.notice.say(
                "warn",
                tr("The keyring is locked, so nobody knows which keys it holds."),
                hint or tr("Unlock it, then look again."),
            )
        elif without.where == "unknown":
            self.notice.say("warn", tr("The keyring does not say which keys it holds."), hint)
        else:
            self.notice.say(
                "warn",
                tr("Keys that you enter now are lost when the program ends."),
                hint or tr("Install a keyring, for example gnome-keyring or KWallet."),
            )

    def _hint(self, said: "KeyState") -> str:
        """What the keyring's trouble says to do, with the variables of all keys that lack it."""
        lacking = [s for s in self._setup.keys.states if s.name in self.rows and not s.present]
        names = [state.variable for state in lacking]
        every = tr(" or ").join(names) if said.variable in names else said.variable
        return said.hint.replace(said.variable, every) if said.variable else said.hint


class KeyCard(Card):
    """One key: what it is for, where it is kept, and what can be done with it."""

    def __init__(self, setup: Setup, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._setup = setup
        self._name = name
        self._mode: Mode = "resting"
        self._next_focus: QWidget | None = None
        self._followed: Inquiry | None = None
        self._title = QLabel()
        self._title.setProperty("type", "strong")
        self._mark = IconMark("key", "quiet", Metric.SMALL_ICON)
        self.place = wrapped("", "small")
        self._use = wrapped("", "quiet")
        self.field = KeyField()
        self.save = text_button(tr("Save"))
        self.remove_really = text_button(tr("Remove for good"), kind="danger")
        self.keep_old = text_button(tr("Keep it"))
        self.get_key = text_button(tr("Get a key…"), "globe")
        self.get_key.setToolTip(key_page(name))
        self.test = CheckButton(tr("Test"), "check")
        self.replace = text_button(tr("Replace…"))
        self.remove = text_button(tr("Remove…"))
        self.status = StatusLine()
        self._arrange()
        self._connect()

    def show_state(self, state: "KeyState", used_by: tuple[str, ...]) -> None:
        """Show where the key is now, and offer what can be done about it."""
        busy = self._setup.keys.change(self._name).asking
        self._title.setText(state.title)
        self._mark.show_icon(*_MARKS[state.where])
        self.place.setText(place_words(state))
        others = [name for name in used_by if name != state.title]
        use = tr("Used by {names}.", names=", ".join(used_by)) if others else ""
        hint = state.hint if state.where == "environment" else ""
        self._use.setText(f"{use} {hint}".strip())
        self._use.setVisible(bool(self._use.text()))
        self._offer(state, testable=bool(used_by))
        for widget in (self.field, self.keep_old, self.replace, self.remove, self.remove_really):
            widget.setEnabled(not busy)
        self._dim()
        self._name_buttons(state.title)
        self._show_status()
        if self._next_focus is not None and not busy:
            wanted, self._next_focus = self._next_focus, None
            (wanted if not wanted.isHidden() else self.field).setFocus()

    def _offer(self, state: "KeyState", *, testable: bool) -> None:
        """Show the buttons and the field that make sense now."""
        held, fixed = state.present, state.where == "environment"
        mode = self._mode if held and not fixed else "resting"
        enters = not fixed and (not held or mode == "replacing")
        resting = held and mode == "resting"
        for widget in (self.field, self.save):
            widget.setVisible(enters)
        self.get_key.setVisible(enters and bool(key_page(self._name)))
        self.field.leavable = mode == "replacing"
        self.keep_old.setVisible(mode != "resting")
        self.keep_old.setText(tr("Keep the old one") if mode == "replacing" else tr("Keep it"))
        self.remove_really.setVisible(mode == "removing")
        self.test.setVisible(resting and testable)
        self.replace.setVisible(resting and not fixed)
        self.remove.setVisible(resting and not fixed)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.SMALL)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._mark)
        head.addWidget(self.place)
        self.place.setWordWrap(False)
        entry = QHBoxLayout()
        entry.setSpacing(Space.SMALL)
        entry.addWidget(self.field, 1)
        entry.addWidget(self.save)
        self.add(head)
        self.add(self._use)
        self.add(entry)
        buttons = (
            self.get_key,
            self.test,
            self.replace,
            self.remove,
            self.remove_really,
            self.keep_old,
        )
        self.add(button_row(*buttons))
        self.add(self.status)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._dim)
        self.field.returnPressed.connect(self._on_save)
        self.field.left.connect(self._on_keep_old)
        self.save.clicked.connect(self._on_save)
        self.keep_old.clicked.connect(self._on_keep_old)
        self.get_key.clicked.connect(lambda: QDesktopServices.openUrl(key_page(self._name)))
        self.test.ask_wanted.connect(self._on_test)
        self.replace.clicked.connect(self._on_replace)
        self.remove.clicked.connect(self._on_remove)
        self.remove_really.clicked.connect(self._on_remove_really)

    def _name_buttons(self, title: str) -> None:
        self.test.title = title
        self.field.setAccessibleName(tr("Key for {title}", title=title))
        for button in (
            *(self.get_key, self.save, self.replace),
            *(self.remove, self.remove_really, self.keep_old),
        ):
            words = button.text().rstrip("…")
            button.setAccessibleName(tr("{action}: {title}", action=words, title=title))

    def _dim(self) -> None:
        busy = self._setup.keys.change(self._name).asking
        self.save.setEnabled(bool(self.field.text().strip()) and not busy)

    def _show_status(self) -> None:
        change = self._setup.keys.change(self._name)
        check = self._setup.services.key_check(self._name)
        if change.asking or change.state == "failed":
            self.status.follow(change, tr("Asking the keyring. It may want to be unlocked."))
        elif self._mode == "removing":
            self.status.say(
                "warn",
                tr("It cannot be brought back here. The service can give you a new one."),
            )
        elif check is not None:
            if check is not self._followed:
                self._followed = check
                check.changed.connect(self._on_check_changed)
            self._on_check_changed()
        else:
            self.status.clear()

    def _on_check_changed(self) -> None:
        check = self._setup.services.key_check(self._name)
        if check is not None:
            self.test.follow(check)
            self.status.follow(check, tr("Asking the service…"))

    def _on_save(self) -> None:
        value = self.field.text().strip()
        if not value:
            return
        self.field.clear()
        self._enter("resting", self.test)
        self._setup.keys.save(self._name, value)

    def _on_keep_old(self) -> None:
        self.field.clear()
        if self._mode != "resting":
            self._enter("resting", self.replace)
            self._setup.keys.changed.emit()

    def _on_replace(self) -> None:
        self._enter("replacing", self.field)
        self._setup.keys.changed.emit()

    def _on_remove(self) -> None:
        self._enter("removing", self.keep_old)
        self._setup.keys.changed.emit()

    def _on_remove_really(self) -> None:
        self._enter("resting", self.field)
        self._setup.keys.remove(self._name)

    def _on_test(self) -> None:
        self._setup.keys.change(self._name).clear()
        self._setup.services.check_key(self._name)

    def _enter(self, mode: Mode, next_focus: QWidget) -> None:
        """Go on in another way; what was said of the key before does not count any more."""
        self._setup.keys.change(self._name).clear()
        self._forget_check()
        self._mode, self._next_focus = mode, next_focus

    def _forget_check(self) -> None:
        """What a test has found of an older key says nothing of the next."""
        check = self._setup.services.key_check(self._name)
        if check is not None:
            check.clear()


class KeyField(QLineEdit):
    """Takes a key, masked, and hands it to nobody but who asks for its text."""

    left = Signal()
    """Escape was pressed in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.leavable = False
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setPlaceholderText(tr("Paste the key here"))
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.setAcceptDrops(False)
        paste = QAction(tr("Paste"), self)
        set_icon(paste, "paste", "quiet")
        paste.triggered.connect(self.paste)
        self.addAction(paste, QLineEdit.ActionPosition.TrailingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the field before it closes the dialog."""
        if event.key() == Qt.Key.Key_Escape and (self.text() or self.leavable):
            self.left.emit()
        else:
            super().keyPressEvent(event)
