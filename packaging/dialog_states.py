"""The dialogs about keys, services, money and children, brought into sight with made-up data."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget

from pickabook_desktop.domain.calls import CallPlan, Outcome
from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.jobs.keys import Keys
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.storage.ledger import Ledger
from pickabook_desktop.storage.vault import MISSING, Vault
from pickabook_desktop.ui.dialogs.forget import ForgetDialog
from pickabook_desktop.ui.dialogs.settings.connection import ConnectionSection
from pickabook_desktop.ui.dialogs.settings.dialog import SettingsDialog
from pickabook_desktop.ui.main_window import MainWindow

PAGES = ("keys", "engines", "uploads", "network", "spending", "privacy")
DIALOG_STATES = (
    "settings",
    *(f"settings-{page}" for page in PAGES),
    "settings-no-keyring",
    "settings-connection",
    "ledger",
    "forget",
    "forgotten",
)
ENDS: tuple[tuple[Outcome, str], ...] = (
    ("drawn", ""),
    ("drawn", ""),
    ("refused", "IMAGE_SAFETY"),
    ("drawn", ""),
    ("failed", "UNAVAILABLE"),
    ("cancelled", ""),
)


class PretendedRing(Vault):
    """A keyring in memory, so that nobody's own is touched."""

    def __init__(self, kept: dict[str, str]) -> None:
        self.kept = kept
        self.there = True

    def title(self) -> str:
        return "Secret Service"

    def read(self, name: str) -> str:
        if not self.there:
            raise NotConfiguredError(
                "There is no keyring on this system that keys could be kept in.",
                "Install GNOME Keyring or KWallet, and sign in again.",
                code=MISSING,
            )
        return self.kept.get(name, "")


def with_pretended_keys(studio: Studio) -> Studio:
    """The same studio with one key in a keyring that is none."""
    ring = PretendedRing({"gemini": "pretended-key"})
    return msgspec.structs.replace(studio, keys=Keys(ring, {}))


class DialogStates:
    """Opens each dialog; ``save`` takes its picture, ``settle`` lets queued work end."""

    def __init__(
        self,
        window: MainWindow,
        studio: Studio,
        save: Callable[[QWidget, str], None],
        settle: Callable[[], None],
    ) -> None:
        self._window = window
        self._studio = studio
        self._save = save
        self._settle = settle
        self._filled = False

    def take(self, state: str) -> None:
        """Take the picture of one of ``DIALOG_STATES``."""
        self._fill()
        if state == "ledger":
            self._window.actions_by_id["ledger"].trigger()
            self._picture(state)
        elif state in ("forget", "forgotten"):
            self._forget(state)
        elif state == "settings-no-keyring":
            self._without_keyring(state)
        elif state == "settings-connection":
            self._connection(state)
        else:
            page = state.removeprefix("settings").removeprefix("-") or "general"
            self._window.workings.window_actions.open_settings(page)
            self._picture(state)

    def _picture(self, state: str) -> None:
        self._settle()
        self._settle()
        shown = [d for d in self._window.findChildren(QDialog) if d.isVisible()]
        self._save(shown[-1], state)
        for dialog in reversed(shown):
            dialog.reject()
        self._settle()

    def _without_keyring(self, state: str) -> None:
        ring = vars(self._studio.keys)["_vault"]
        ring.there = False
        self._studio.keys.refresh()
        self._window.workings.window_actions.open_settings("keys")
        self._picture(state)
        ring.there = True
        self._studio.keys.refresh()

    def _connection(self, state: str) -> None:
        self._window.workings.window_actions.open_settings("engines")
        self._settle()
        dialog = self._window.findChild(SettingsDialog)
        if dialog is not None:
            page = dialog.page("engines")
            for section in page.findChildren(ConnectionSection):
                section.unfold()
            bar = page.findChildren(QScrollArea)[0].verticalScrollBar()
            self._settle()
            bar.setValue(bar.maximum() // 2)
        self._picture(state)

    def _forget(self, state: str) -> None:
        children = self._window.workings.window_actions.setting_up.setup.children
        children.read()
        self._settle()
        self._window.workings.window_actions.setting_up.open_forget(children.known[0].id)
        self._settle()
        dialog = self._window.findChild(ForgetDialog)
        if state == "forgotten" and dialog is not None:
            dialog.confirm.click()
            self._settle()
        self._picture(state)

    def _fill(self) -> None:
        """Put calls, children and consents into the records."""
        if self._filled:
            return
        self._filled = True
        self._studio.settings.hold({"spending.monthly_limit": "10"})
        now = datetime.now(UTC)
        moments = iter([now - timedelta(hours=5 * back) for back in range(30, 0, -1)])
        ledger = Ledger(self._studio.records, lambda: None, now=lambda: next(moments))
        for number in range(30):
            outcome, reason = ENDS[number % len(ENDS)]
            book = ("Mia and the moon", "")[number % 2]
            plan = CallPlan(
                engine_id="gemini", model="gemini-nano-banana-2.1", estimate=0.05, book=book
            )
            ledger.end(
                ledger.start(plan),
                outcome,
                amount=None if number % 4 == 0 else 0.0503,
                reason=reason,
            )
        children = self._studio.children
        for name, photo in (("Mia", "beach.jpg"), ("Mia", "snow.heic"), ("", "IMG_2231.jpg")):
            sha256 = photo.encode().hex().ljust(64, "0")
            children.note(PhotoRef(path=f"/home/anna/Photos/{photo}", sha256=sha256), name)
            if name:
                given = now - timedelta(days=20)
                wish = (sha256, "face")
                self._studio.consents.add((wish,), "Google", "Anna, Mia’s mother", given, 365)
