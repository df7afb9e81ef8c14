"""Everything that takes pages out of the library, brings them back, or lets them go."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from pickabook_desktop.domain.review import Card
from pickabook_desktop.storage.scratch import Scratch
from pickabook_desktop.ui.controllers.gallery.carrying import DRAG_EDGE, Carrying
from pickabook_desktop.ui.controllers.gallery.common import Common
from pickabook_desktop.ui.controllers.gallery.drops import LibraryDrops
from pickabook_desktop.ui.controllers.gallery.exporting import Exporting
from pickabook_desktop.ui.controllers.gallery.importing import Importing
from pickabook_desktop.ui.controllers.gallery.long_work import LongWork
from pickabook_desktop.ui.controllers.gallery.reporting import Reporting
from pickabook_desktop.ui.controllers.gallery.trashing import Trashing
from pickabook_desktop.ui.gallery.trash_bar import TrashBar

if TYPE_CHECKING:
    from pickabook_desktop.ui.gallery.page import GalleryPage

ON_CHOSEN = ("lib_export", "lib_sheet", "lib_zip", "lib_copy", "lib_upload", "lib_reveal")


class HandingOver(QObject):
    """Binds the actions of handing over to what is chosen on ``page``. ``upload_many`` sends
    pictures of these ids to a store. ``work`` is what takes its time; whoever closes the window
    should ask about it.
    """

    def __init__(
        self,
        common: Common,
        page: "GalleryPage",
        scratch: Scratch,
        upload_many: Callable[[Sequence[str]], None],
    ) -> None:
        super().__init__(common.window)
        self._common = common
        self._page = page
        self.work = LongWork(common.lanes, common.toast, page.stage)
        self.exporting = Exporting(common, self.work, Reporting(common, page.titles.describe))
        self.importing = Importing(common, self.work)
        self.carrying = Carrying(common, scratch, page.view, self._thumbnail)
        self.trashing = Trashing(common)
        self.drops = LibraryDrops(page, self.importing.take, common.toast)
        self.trash_bar = TrashBar()
        self._upload_many = upload_many
        self._connect()
        self.allow()

    def upload(self) -> None:
        """Send what is chosen to a store; where there are several, ask which."""
        self._common.model.with_selected_ids(self._upload_many)

    def allow(self) -> None:
        """Offer what makes sense for what is looked at and chosen."""
        model = self._common.model
        some = bool(model.selected_count) or model.current >= 0
        here = self.trashing.in_trash
        for action_id in ON_CHOSEN:
            usable = some and not (here and action_id == "lib_upload")
            self._common.actions[action_id].setEnabled(usable)
        wanted = here and model.count > 0
        had_focus = self.trash_bar.isAncestorOf(self._page.window().focusWidget())
        self.trash_bar.setVisible(wanted)
        if had_focus and not wanted:
            self._page.show_browse()

    def _connect(self) -> None:
        common, page, trashing = self._common, self._page, self.trashing
        common.on("lib_upload", self.upload)
        page.view.drag_wanted.connect(self.carrying.drag)
        page.titles.remark = trashing.time_left
        trashing.times_known.connect(page.view.viewport().update)
        page.add_above(self.trash_bar)
        self.trash_bar.restore_all_wanted.connect(trashing.restore_all)
        self.trash_bar.empty_wanted.connect(trashing.purge_all)
        model = common.model
        for signal in (model.reset, model.selection_changed, model.current_changed):
            signal.connect(self.allow)

    def _thumbnail(self, card: Card) -> QImage | None:
        ratio = self._common.window.devicePixelRatioF()
        return self._page.feed.image(card, round(DRAG_EDGE * ratio))
