"""The library tab with all that hands pages over, on a desk of its own."""

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDialog, QMessageBox, QPushButton
from ui.gallery.page_data import Drawn, LibraryDesk
from ui.window_data import encoded, request_for

from pickabook_desktop.domain.capabilities import Capabilities, Terms
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.jobs.generate import keep
from pickabook_desktop.jobs.threads import LANES
from pickabook_desktop.storage.scratch import Scratch
from pickabook_desktop.ui.controllers.gallery.common import Common
from pickabook_desktop.ui.controllers.gallery.handing_over import HandingOver
from pickabook_desktop.ui.controllers.moving import Moving
from pickabook_desktop.ui.dialogs.report import ReportDialog
from pickabook_desktop.ui.toast import Toast
from pickabook_desktop.ui.viewmodels.decisions import Decisions

SMALL = Size(64, 48)
# The first export of a run imports what works on pixels, beside whatever else the machine does.
PATIENCE = 20_000
CAN = Capabilities(
    id="storybook", title="Obedient", version="1", summary="", terms=Terms(summary="None.")
)
THREE = (
    Drawn(prompt="Quentin and the fox", child="Quentin", seed=1),
    Drawn(prompt="an owl", seed=2, template="moon"),
    Drawn(prompt="a bear", seed=3),
)
"""Oldest first."""


class HandingDesk(LibraryDesk):
    """Pages that say how they were made, the newest first."""

    def keep(self, *pages: Drawn, size: Size = SMALL, names: bool = False) -> list[str]:
        """Keep pages as they are kept when they were drawn; their ids, newest first."""
        return [self._keep(page, size, names=names) for page in pages][::-1]

    def _keep(self, page: Drawn, size: Size, *, names: bool) -> str:
        request = request_for(
            Path("photo.png"),
            template_id=page.template,
            prompt=page.prompt,
            fields={"name": page.child} if page.child else {},
            book=page.book,
            seed=page.seed,
        )
        drawn = DrawnPicture(
            data=encoded("#c08040", size.width, size.height),
            media_type="image/png",
            size=size,
            seed=page.seed,
            template_id=page.template,
            style_id="storybook",
        )
        return keep(drawn, request, CAN, self.studio.library, names=names).id

    def begin(self) -> None:
        """Open the library and what hands over."""
        page = self.open()
        self.toast = Toast(page.stage)
        self.changes = 0
        self.scratch = Scratch(self.studio.places.cache / "scratch")
        judge = self.studio.library.review.decisions
        watch = self.studio.children.watch_all
        self.decisions = Decisions(lambda: judge, self.lanes, watch, self.window)
        back = {name: QAction(self.window) for name in ("undo", "redo")}
        moving = Moving(self.decisions, back, self.toast)
        moving.moved.connect(self._on_changed)
        common = Common(
            actions=self.actions,
            model=page.model,
            moving=moving,
            studio=self.studio,
            lanes=self.lanes,
            toast=self.toast,
            window=self.window,
            library_changed=self._on_changed,
        )
        self.sent: list[tuple[str, ...]] = []
        self.handing = HandingOver(
            common, page, self.scratch, lambda ids: self.sent.append(tuple(ids))
        )
        self.settled()

    def choose(self, *places: int) -> None:
        """Choose these places and no others."""
        self.page.model.select_none()
        for place in places:
            self.page.model.set_current(place, "toggle")

    def trigger(self, action_id: str) -> None:
        assert self.actions[action_id].isEnabled()
        self.actions[action_id].trigger()

    def dialog(self, kind: type[QDialog]):
        """The dialog of that kind once it is there."""

        def there() -> None:
            busy = [lane for lane in LANES if self.lanes.busy(lane)]
            assert self._dialogs(kind), f"busy {busy}, and said was “{self.toast.text}”"

        self._qtbot.waitUntil(there, timeout=PATIENCE)
        return self._dialogs(kind)[0]

    def _dialogs(self, kind: type) -> list:
        return [one for one in self.window.findChildren(kind) if one.isVisible()]

    def said(self, words: str) -> None:
        """Wait until the toast says ``words``."""
        self._qtbot.waitUntil(lambda: words in self.toast.text, timeout=PATIENCE)

    def report(self) -> ReportDialog:
        return self.dialog(ReportDialog)

    def answer(self, words: str) -> None:
        """Press the button of that name in the question that is asked."""
        self._qtbot.waitUntil(lambda: bool(self.window.findChildren(QMessageBox)))
        box = self.window.findChildren(QMessageBox)[-1]
        button = next(b for b in box.buttons() if words in b.text().replace("&", ""))
        assert isinstance(button, QPushButton)
        button.click()

    def clipboard(self) -> QMimeData:
        return QGuiApplication.clipboard().mimeData()

    def close(self) -> None:
        super().close()
        self.scratch.close()

    def _on_changed(self) -> None:
        self.changes += 1
        self.page.refresh()
