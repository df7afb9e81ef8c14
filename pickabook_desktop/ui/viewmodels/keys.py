"""The keys of services: where each is kept. No key itself stays in here."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.viewmodels.inquiry import Inquiry

if TYPE_CHECKING:
    from pickabook_desktop.jobs.key_names import KeyState

LANE = "keys"


class KeysModel(QObject):
    """Asks the keyring off the main thread; one thing for each key at a time."""

    changed = Signal()
    keys_changed = Signal()
    """A key has come or gone."""
    key_saved = Signal(str)
    """A key of that name has been kept."""

    def __init__(
        self,
        lanes: Lanes,
        refresh: Callable[[], Job],
        set_key: Callable[[str, str], Job],
        remove_key: Callable[[str], Job],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._refresh = refresh
        self._set_key = set_key
        self._remove_key = remove_key
        self._changes: dict[str, Inquiry] = {}
        self.looking = Inquiry(lanes, LANE, self)
        self.looking.changed.connect(self.changed)
        self.states: tuple[KeyState, ...] = ()

    def state(self, name: str) -> "KeyState | None":
        return next((state for state in self.states if state.name == name), None)

    def change(self, name: str) -> Inquiry:
        """Where the last change of a key stands."""
        if name not in self._changes:
            self._changes[name] = Inquiry(self._lanes, LANE, self)
            self._changes[name].changed.connect(self.changed)
        return self._changes[name]

    def look(self) -> None:
        """Look up where every key is kept; may ask a person to unlock the keyring."""

        def on_done(value: object) -> None:
            self.states = tuple(cast("Sequence[KeyState]", value))
            self.keys_changed.emit()

        if not self.looking.asking:
            self.looking.ask(self._refresh(), on_done)

    def look_once(self) -> None:
        """The same, unless that was done before."""
        if not self.states:
            self.look()

    def lacks(self, name: str) -> bool:
        """Whether what needs the key ``name`` has none, as far as is known."""
        state = self.state(name)
        return bool(name) and (state is None or not state.present)

    def save(self, name: str, value: str) -> None:
        """Keep a key; an older one is replaced."""

        def on_done(state: object) -> None:
            self._take(state)
            self.key_saved.emit(name)

        self.change(name).ask(self._set_key(name, value), on_done, must_finish=True)

    def remove(self, name: str) -> None:
        """Forget a key wherever it is kept."""
        self.change(name).ask(self._remove_key(name), self._take, must_finish=True)

    def _take(self, value: object) -> None:
        new = cast("KeyState", value)
        self.states = tuple(new if old.name == new.name else old for old in self.states)
        self.keys_changed.emit()


def key_page(name: str) -> str:
    """The address of the page that gives out keys of that name; empty where that is not known."""
    from pickabook_desktop.jobs.key_names import key_name

    return key_name(name).page


def place_words(state: "KeyState") -> str:
    """Where a key is kept, as a sentence."""
    words = {
        "environment": tr("From the environment variable {name}.", name=state.variable),
        "keyring": tr("In the keyring of the system."),
        "memory": tr("Only in memory, until this program ends."),
        "missing": tr("No key yet."),
        "locked": tr("The keyring is locked."),
        "unavailable": tr("No key yet."),
        "unknown": tr("Not known."),
    }
    return words[state.where]
