"""Links to copies: into the clipboard, into the browser, or as a person wishes them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.stored import LinkWish, StoredPicture, StoreState
from pickabook_desktop.jobs.stores import StoreRegistry
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.uploads.link_dialog import DAY, HOUR, WEEK, LinkDialog
from pickabook_desktop.ui.uploads.link_model import LinkMaker


class Linking(QObject):
    """Makes links off the main thread. ``state_of`` gives a store's record by its id."""

    def __init__(
        self,
        stores: StoreRegistry,
        lanes: Lanes,
        state_of: Callable[[str], StoreState],
        toast: Toast,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._stores = stores
        self._lanes = lanes
        self._state_of = state_of
        self._toast = toast
        self._window = window
        self._maker = LinkMaker(stores, lanes, self)
        self._use: Callable[[str], None] = lambda address: None
        self._maker.made.connect(self._on_made)
        self._maker.failed.connect(self._on_failed)

    def speak_at(self, toast: Toast) -> None:
        """Say everything through ``toast`` from now on."""
        self._toast = toast

    def copy(self, copies: Sequence[StoredPicture]) -> None:
        """Put a link to one of ``copies`` into the clipboard: to a private one, for a week."""
        found = self._for_others(copies)
        if found is not None:
            wish = self._wish(found, WEEK)
            self._make(found, wish, lambda address: self._put_into_clipboard(address, wish))

    def open(self, copies: Sequence[StoredPicture]) -> None:
        """Open one of ``copies`` in the browser."""
        found = self._for_others(copies)
        if found is not None:
            self._make(found, self._wish(found, HOUR), self._open)

    def ask(self, copies: Sequence[StoredPicture]) -> None:
        """Open the dialog in which a link is made as wished."""
        if not copies:
            return
        pairs = [(copy, self._state_of(copy.store_id)) for copy in copies]
        dialog = LinkDialog(pairs, self._stores, self._lanes, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.copied.connect(self._put_into_clipboard)
        dialog.opened.connect(self._open)
        dialog.open()

    def _for_others(self, copies: Sequence[StoredPicture]) -> StoredPicture | None:
        """The copy that is meant where none is named: one that others can open."""

        def elsewhere(copy: StoredPicture) -> bool:
            info = self._state_of(copy.store_id).info
            return info is not None and info.needs_network

        return next(filter(elsewhere, copies), next(iter(copies), None))

    def _wish(self, stored: StoredPicture, seconds: int) -> LinkWish:
        """A link to a private copy does not open for ever unless that is asked for."""
        info = self._state_of(stored.store_id).info
        signs = info is not None and info.signs_links
        return LinkWish(expires_in=seconds if stored.private and signs else 0)

    def _make(self, stored: StoredPicture, wish: LinkWish, use: Callable[[str], None]) -> None:
        self._use = use
        self._maker.make(stored, wish)

    def _on_made(self, address: str) -> None:
        self._use(address)

    def _put_into_clipboard(self, address: str, wish: LinkWish) -> None:
        QGuiApplication.clipboard().setText(address)
        said = tr("The link is in the clipboard.")
        if wish.expires_in:
            said = f"{said} {_until(wish.expires_in)}"
        self._toast.show_message(said)

    def _open(self, address: str) -> None:
        if not QDesktopServices.openUrl(QUrl(address)):
            self._toast.show_message(tr("No browser could be opened."))

    def _on_failed(self, error: PickaBookError) -> None:
        self._toast.show_message(str(error))


def _until(seconds: int) -> str:
    if seconds <= HOUR:
        return tr("It opens for an hour.")
    days = seconds // DAY
    return tr("It opens for a day.") if days == 1 else tr("It opens for {days} days.", days=days)
