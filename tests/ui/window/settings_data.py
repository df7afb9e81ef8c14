"""Settings, ledger and the forgetting of a child beside a window that is not there: real lanes,
keys, ledger and records, with a keyring and services that do as they are told.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QMainWindow, QWidget
from ui.window_data import Engines, ObedientEngine, make_studio

from pickabook_desktop.domain.capabilities import Capabilities, EngineState, ModelSpec, OptionSpec
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.domain.stored import StoreInfo, StoreState
from pickabook_desktop.jobs.keys import Keys
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.ledger import Ledger
from pickabook_desktop.storage.vault import Vault
from pickabook_desktop.ui.controllers.setting_up import SettingUp
from pickabook_desktop.ui.dialogs.settings.dialog import SettingsDialog
from pickabook_desktop.ui.viewmodels.create import CreateModel

if TYPE_CHECKING:
    from pickabook_desktop.domain.errors import NotConfiguredError, PickaBookError

MODELS = (
    ModelSpec(
        id="brush-2",
        title="Brush 2",
        state="recommended",
        since="2026-10-06",
        prices={"1K": 0.034, "2K": 0.05},
        read_on="2026-11-20",
    ),
    ModelSpec(id="brush-1", title="Brush 1", state="retired", until="2026-10-02"),
)
OPTIONS = (
    OptionSpec(id="reference", title="Reference", kind="choice", choices=("face", "whole")),
    OptionSpec(id="base_url", title="Address", scope="connection"),
    OptionSpec(
        id="timeout",
        title="Time-out",
        kind="number",
        default="180",
        minimum=1,
        maximum=600,
        unit="seconds",
        scope="connection",
    ),
    OptionSpec(
        id="retries",
        title="Repeat",
        kind="choice",
        choices=("0", "1"),
        choice_titles=("Never", "Once"),
        scope="connection",
    ),
    OptionSpec(id="gzip", title="Compress", kind="switch", default="off", scope="connection"),
    OptionSpec(id="ca_file", title="Certificates", kind="file", scope="connection"),
)
STORE_OPTIONS = (
    OptionSpec(id="folder", title="Folder", default="{year}", help="May hold {year}."),
    OptionSpec(id="private", title="Private", kind="switch", default="on"),
)


class Ring(Vault):
    """A keyring that keeps, fails or waits."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.trouble: NotConfiguredError | None = None
        self.gate = threading.Event()
        self.gate.set()

    def _meet(self) -> None:
        self.gate.wait(30)
        if self.trouble is not None:
            raise self.trouble

    def title(self) -> str:
        self._meet()
        return "A keyring"

    def read(self, name: str) -> str:
        self._meet()
        return self.kept.get(name, "")

    def write(self, name: str, value: str) -> None:
        self._meet()
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self._meet()
        self.kept.pop(name, None)


class Brush(ObedientEngine):
    """An engine behind a service with a key, models and settings of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.trouble: PickaBookError | None = None
        self.missing = ""
        self.checks = 0
        self.models = self.listed = MODELS
        self.answers = threading.Event()
        self.answers.set()

    @property
    def capabilities(self) -> Capabilities:
        plain = super().capabilities
        return Capabilities(
            id="brush",
            title="Brush",
            version="1",
            summary="Draws far away.",
            terms=plain.terms,
            needs_network=True,
            needs_key=True,
            key="gemini",
            models=self.models,
            options=OPTIONS,
        )

    def check(self, cancellation: Cancellation) -> str:
        self.checks += 1
        while not self.answers.wait(0.01):
            cancellation.raise_if_cancelled()
        if self.trouble is not None:
            raise self.trouble
        self.models = self.listed
        return "The key works."


class TwoEngines(Engines):
    """One that works by itself, and one behind a service."""

    def __init__(self, brush: Brush) -> None:
        super().__init__(ObedientEngine())
        self.brush = brush

    def states(self) -> tuple[EngineState, ...]:
        can = self.brush.capabilities
        far = EngineState(
            id=can.id, title=can.title, capabilities=can, unavailable=self.brush.missing
        )
        return (far, *super().states())

    def get(self, engine_id: str) -> ObedientEngine:
        return self.brush if engine_id == "brush" else super().get(engine_id)


class Shed:
    """A store far away."""

    def check(self, cancellation: Cancellation) -> str:
        return "There is room in the shed."


class Stores:
    def states(self) -> Sequence[StoreState]:
        info = StoreInfo(
            id="shed",
            title="Shed",
            summary="Keeps copies far away.",
            needs_network=True,
            needs_key=True,
            key="imagekit",
            options=STORE_OPTIONS,
        )
        return (StoreState(id="shed", title="Shed", info=info),)

    def get(self, store_id: str) -> Shed:
        return Shed()


class Office:
    """Opens the dialogs; ``kept`` are the settings that were set."""

    def __init__(
        self, folder: Path, qtbot, ledger: Callable[[Studio], Ledger] | None = None
    ) -> None:
        self.qtbot = qtbot
        self.ring, self.brush = Ring(), Brush()
        self.environment: dict[str, str] = {}
        made = make_studio(folder)
        self.studio = msgspec.structs.replace(
            made,
            keys=Keys(self.ring, self.environment, deadline=30.0),
            engines=TwoEngines(self.brush),
            stores=Stores(),
            ledger=ledger(made) if ledger else made.ledger,
        )
        self.kept: dict[str, str] = {}
        self.lanes = Lanes()
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(1280, 800)
        self.window.show()
        self.choices = CreateModel(
            self.studio.templates, self.studio.styles, self.studio.engines.states(), self.window
        )
        self.up = SettingUp(self.studio, self.lanes, self.choices, self._keep, self.window)

    def settings(self, page: str) -> SettingsDialog:
        """The settings at one page, with everything read."""
        self.up.open_settings(page)
        dialog = self.window.findChild(SettingsDialog)
        assert dialog is not None
        self.settle()
        return dialog

    def dialog(self, kind: type[QDialog]) -> QDialog:
        """The open dialog of that kind."""
        found = [one for one in self.window.findChildren(kind) if one.isVisible()]
        assert len(found) == 1
        return found[0]

    def settle(self) -> None:
        """Wait until no lane has anything to do, and what it said has been heard."""
        lanes = ("library", "keys", "cloud", "draw")
        self.qtbot.waitUntil(lambda: not any(self.lanes.busy(lane) for lane in lanes))
        self.qtbot.waitUntil(lambda: not self._asking())
        # What has been laid out is shown with the events that follow.
        QApplication.processEvents()
        QApplication.processEvents()

    def close(self) -> None:
        self.ring.gate.set()
        self.brush.answers.set()
        for dialog in self.window.findChildren(QDialog):
            dialog.close()
        assert self.lanes.shutdown()
        self.studio.close()

    def _asking(self) -> bool:
        from pickabook_desktop.ui.viewmodels.inquiry import Inquiry

        return any(one.asking for one in self.window.findChildren(Inquiry))

    def _keep(self, key: str, value: str) -> None:
        self.kept[key] = value
        self.studio.settings.hold({key: value})


def words_in(widget: QWidget) -> str:
    """All that can be read on ``widget`` now."""
    shown = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    shown += [edit.displayText() for edit in widget.findChildren(QLineEdit) if edit.isVisible()]
    return "\n".join(shown)
