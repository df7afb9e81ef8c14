"""Uploads in the window: the button at the top, the badges, and what can be done with a copy."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QCursor, QKeySequence
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.stored import StoredPicture, StoreState
from pickabook_desktop.jobs.stores import StoreRegistry
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.copies import Copy
from pickabook_desktop.storage.entries import Entry
from pickabook_desktop.ui.controllers.showing import Showing
from pickabook_desktop.ui.history import HistoryStrip
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.uploads.button import UploadsButton
from pickabook_desktop.ui.uploads.linking import Linking
from pickabook_desktop.ui.uploads.model import UploadsModel
from pickabook_desktop.ui.viewmodels.shelf import Shelf

ON_COPY = ("copy_link", "make_link", "open_link", "delete_copy")


class Uploads(QObject):
    """Binds the actions about copies to the picture that is shown. Knows no store by name."""

    settings_wanted = Signal(str)

    def __init__(
        self,
        actions: Mapping[str, QAction],
        model: UploadsModel,
        stores: StoreRegistry,
        lanes: Lanes,
        toast: Toast,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self.model = model
        self.button = UploadsButton(window)
        self._toast = toast
        self._window = window
        self._showing: Showing | None = None
        # Entries of which was said that they wait; once is enough.
        self._told: set[str] = set()
        self.links = Linking(stores, lanes, model.store, toast, window)
        self._bind()

    def close(self) -> None:
        """Begin nothing more."""
        self.model.close()

    def speak_at(self, toast: Toast) -> None:
        """Say everything through ``toast`` from now on: that of another tab."""
        self._toast = toast
        self.links.speak_at(toast)

    def follow(self, showing: Showing, shelf: Shelf, history: HistoryStrip) -> None:
        """Act on the picture that is shown, and mark in the history what has a copy."""
        self._showing = showing
        showing.current_changed.connect(self._on_current_changed)
        history.set_badge(self.badge)
        self.model.copies_changed.connect(history.repaint_badges)
        self.model.changed.connect(history.repaint_badges)

        def read(_count: int = 0) -> bool:
            return self.model.read_copies(shelf.pictures)

        # What was just drawn may be in the outbox by itself.
        for signal in (shelf.added_first, shelf.added_last):
            signal.connect(read)
        shelf.reset.connect(lambda: read() or self.model.look())

    def badge(self, picture: KeptPicture) -> tuple[str, str]:
        """The icon that marks a picture, and what it means; empty for none."""
        entry = self.model.entry_of(picture.id)
        if entry is not None:
            failed = entry.state == "failed"
            said = tr("The upload needs you") if failed else tr("Is being uploaded")
            return ("warn" if failed else "upload"), said
        copies = self.model.copies(picture.id)
        if copies:
            titles = ", ".join(self.model.store(one.store_id).title for one in copies)
            return "cloud", tr("Kept at {stores}", stores=titles)
        return "", ""

    def upload(self) -> None:
        """Send the picture that is shown; where there are several stores, ask which."""
        picture = self._current()
        if picture is not None:
            self._with_store(lambda store: self._send(picture, store))

    def upload_many(self, picture_ids: Sequence[str]) -> None:
        """Send pictures of the library; where there are several stores, ask which."""
        if picture_ids:
            self._with_store(lambda store: self._send_many(picture_ids, store))

    def _with_store(self, send: Callable[[StoreState], None]) -> None:
        # The settings may have changed since the stores were looked at.
        self.model.look(lambda: self._choose_store(send))

    def _choose_store(self, send: Callable[[StoreState], None]) -> None:
        stores = self.model.usable_stores
        if not stores:
            self._explain_no_store()
        elif len(stores) == 1:
            send(stores[0])
        else:
            self._ask_which(send, stores)

    def delete_copy(self) -> None:
        """Ask, and take the copies of the picture that is shown away from where they are."""
        copies = self._copies_shown()
        if not copies:
            return
        titles = ", ".join(self.model.store(copy.store_id).title for copy in copies)
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(tr("Delete the copy"))
        box.setText(tr("Delete the copy at {stores}?", stores=titles))
        box.setInformativeText(
            tr("Links to it stop working. The page stays in the library on this machine.")
        )
        delete = box.addButton(tr("Delete the copy"), QMessageBox.ButtonRole.DestructiveRole)
        delete.setProperty("kind", "danger")
        delete.clicked.connect(lambda: self._delete(copies))
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.open()

    def _bind(self) -> None:
        calls: dict[str, Callable[[], None]] = {
            "upload": self.upload,
            "copy_link": lambda: self.links.copy(self._copies_shown()),
            "make_link": lambda: self.links.ask(self._copies_shown()),
            "open_link": lambda: self.links.open(self._copies_shown()),
            "delete_copy": self.delete_copy,
        }
        for action_id, call in calls.items():
            self._actions[action_id].triggered.connect(_plain(call))
        model, button = self.model, self.button
        model.changed.connect(self._on_changed)
        model.copies_changed.connect(self._allow)
        model.arrived.connect(self._on_arrived)
        model.fell_through.connect(self._on_fell_through)
        model.failed.connect(self._on_failed)
        button.retry_wanted.connect(model.retry)
        button.cancel_wanted.connect(model.cancel)
        button.retry_all_wanted.connect(model.retry_all)
        button.settings_wanted.connect(self.settings_wanted)
        button.opened.connect(model.look)
        self._name_places()
        self._allow()

    def _current(self) -> KeptPicture | None:
        return self._showing.current if self._showing is not None else None

    def _on_current_changed(self) -> None:
        picture = self._current()
        if picture is not None:
            self.model.read_copies((picture,))
        self._allow()

    def _allow(self) -> None:
        shown = self._current()
        self._actions["upload"].setEnabled(shown is not None)
        for action_id in ON_COPY:
            self._actions[action_id].setEnabled(bool(self._copies_shown()))

    def look_again(self) -> None:
        """The settings have changed: another store may be ready."""
        self.model.look()

    def _name_places(self) -> None:
        """Say on the action where the picture would go."""
        stores = self.model.usable_stores
        action = self._actions["upload"]
        if len(stores) == 1:
            words = tr("&Upload to {store}", store=stores[0].title.replace("&", "&&"))
            tip = tr("Upload the picture to {store}", store=stores[0].title)
        elif stores:
            names = ", ".join(store.title for store in stores)
            words = tr("&Upload to…")
            tip = tr("Choose where to upload the picture: {stores}", stores=names)
        else:
            words = tr("&Upload…")
            tip = tr("Set up where copies are kept")
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setText(words)
        action.setToolTip(f"{tip} ({keys})" if keys else tip)

    def _on_changed(self) -> None:
        self._name_places()
        self.button.show_state(self.model.summary, self.model.lines)
        for entry in self.model.entries:
            waits = entry.state == "waiting" and entry.id in self.model.asked
            if waits and entry.id not in self._told:
                self._told.add(entry.id)
                self._tell_of_wait(entry)
        self._allow()

    def _copies_shown(self) -> Sequence[StoredPicture]:
        picture = self._current()
        return self.model.copies(picture.id) if picture is not None else ()

    def _send(self, picture: KeptPicture, store: StoreState) -> None:
        self._toast.show_message(tr("The picture is on its way to {store}.", store=store.title))
        self.model.upload(picture, store.id)

    def _send_many(self, picture_ids: Sequence[str], store: StoreState) -> None:
        count = len(picture_ids)
        one = tr("The picture is on its way to {store}.", store=store.title)
        several = tr(
            "{count} pictures are on their way to {store}.", count=f"{count:,}", store=store.title
        )
        self._toast.show_message(one if count == 1 else several)
        self.model.upload_many(picture_ids, store.id)

    def _ask_which(self, send: Callable[[StoreState], None], stores: Sequence[StoreState]) -> None:
        menu = QMenu(self._window)
        for store in stores:
            action = menu.addAction(tr("Upload to {store}", store=store.title))
            action.triggered.connect(_plain(lambda store=store: send(store)))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._menu_place())

    def _menu_place(self) -> QPoint:
        inside = self._window.rect().contains(self._window.mapFromGlobal(QCursor.pos()))
        middle = self._window.mapToGlobal(self._window.rect().center())
        return QCursor.pos() if inside else middle

    def _explain_no_store(self) -> None:
        reasons = [state.unavailable for state in self.model.stores if state.unavailable]
        said = reasons[0] if len(reasons) == 1 else tr("No place for copies is set up yet.")
        open_settings = _plain(lambda: self.settings_wanted.emit("uploads"))
        self._toast.show_message(said, tr("Open settings"), open_settings)

    def _delete(self, copies: Sequence[StoredPicture]) -> None:
        for copy in copies:
            self.model.delete(copy)

    def _on_arrived(self, copy: Copy) -> None:
        title = self.model.store(copy.stored.store_id).title
        self._toast.show_message(
            tr("The picture is at {store}.", store=title),
            tr("Copy the link"),
            lambda: self.links.copy((copy.stored,)),
        )

    def _tell_of_wait(self, entry: Entry) -> None:
        store = self.model.store(entry.store_id).title
        said = (
            tr("{store} is out of reach. The picture is sent as soon as it answers.", store=store)
            if entry.offline
            else tr("{store} has to be tried again later.", store=store)
        )
        self._toast.show_message(said, tr("Show"), self.button.open_list)

    def _on_fell_through(self, entry: Entry) -> None:
        if entry.problem is not None:
            said = f"{entry.problem.message} {entry.problem.next_step}".strip()
            self._toast.show_message(said, tr("Show"), self.button.open_list)

    def _on_failed(self, error: PickaBookError) -> None:
        self._toast.show_message(str(error))


def _plain(call: Callable[[], None]) -> Callable[[], None]:
    """``call`` without the words that a signal may bring."""

    def run(*_said: object) -> None:
        call()

    return run
