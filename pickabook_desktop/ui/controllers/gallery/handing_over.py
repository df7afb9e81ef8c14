"""Everything that takes pages out of the library, brings them back, or lets them go."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from pickabook_desktop.domain.review import Card
from pickabook_desktop.storage.scratch import Scratch
from pickabook_desktop.ui.controllers.gallery.carrying import Carrying
from pickabook_desktop.ui.controllers.gallery.common import Common
from pickabook_desktop.ui.controllers.gallery.drops import LibraryDrops
from pickabook_desktop.ui.controllers.gallery.exporting import Exporting
from pickabook_desktop.ui.controllers.gallery.importing import Importing
from pickabook_desktop.ui.controllers.gallery.long_work import LongWork
from pickabook_desktop.ui.controllers.gallery.trashing import Trashing
from pickabook_desktop.ui.uploads.controller import Uploads

ON_CHOSEN = ("lib_export", "lib_sheet", "lib_zip", "lib_copy", "lib_upload", "lib_reveal")


class HandingOver(QObject):
    """Binds the actions of handing over to what is chosen in the library. ``page`` takes drops,
    ``host`` is where it is shown how far something has come.
    """

    def __init__(
        self,
        common: Common,
        uploads: Uploads,
        scratch: Scratch,
        page: QWidget,
        host: QWidget,
        thumbnail: Callable[[Card], QImage | None],
    ) -> None:
        super().__init__(common.window)
        self._common = common
        self.work = LongWork(common.lanes, common.toast, host)
        self.exporting = Exporting(common, self.work)
        self.importing = Importing(common, self.work)
        self.carrying = Carrying(common, scratch, thumbnail)
        self.trashing = Trashing(common)
        self.drops = LibraryDrops(page, self.importing.take, common.toast)
        self._uploads = uploads
        common.on("lib_upload", self.upload)
        model = common.model
        for signal in (model.reset, model.selection_changed, model.current_changed):
            signal.connect(self.allow)
        self.allow()

    def upload(self) -> None:
        """Send what is chosen to a store; where there are several, ask which."""
        self._common.model.with_selected_ids(self._uploads.upload_many)

    def drag(self) -> None:
        """As :meth:`Carrying.drag`."""
        self.carrying.drag()

    def allow(self) -> None:
        """Offer what makes sense for what is looked at and chosen."""
        model = self._common.model
        some = bool(model.selected_count) or model.current >= 0
        here = self.trashing.in_trash
        for action_id in ON_CHOSEN:
            action = self._common.actions.get(action_id)
            if action is not None:
                action.setEnabled(some and not (here and action_id == "lib_upload"))
