"""Looking at pictures: one large, a few next to each other, all of them in a slideshow."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QSize, Signal

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import View
from pickabook_desktop.domain.search import Condition, Search
from pickabook_desktop.ui.controllers.gallery.common import Common
from pickabook_desktop.ui.gallery.page import GalleryPage

if TYPE_CHECKING:
    from pickabook_desktop.ui.gallery.compare import Compare
    from pickabook_desktop.ui.gallery.loupe import Loupe
    from pickabook_desktop.ui.gallery.slideshow import Slideshow

ZOOM_STEP = 1.25
FEW = 4


class Looking(QObject):
    """Puts what is needed on the page's stage, each made when it is first wanted."""

    menu_wanted = Signal(QPoint)
    """A menu for the current picture, at a place on the screen."""
    drag_wanted = Signal()
    """The current picture is being dragged out."""

    def __init__(self, page: GalleryPage, common: Common) -> None:
        super().__init__(page)
        self._page = page
        self._common = common
        self._model = page.model
        self.lanes = common.lanes
        self._loupe: Loupe | None = None
        self._compare: Compare | None = None
        self.slideshow: Slideshow | None = None
        self._view_before: View | None = None
        self._opening: View | None = None
        self._connect()

    @property
    def loupe(self) -> "Loupe":
        """Made when first needed."""
        if self._loupe is None:
            from pickabook_desktop.ui.gallery.loupe import Loupe
            from pickabook_desktop.ui.gallery.view import GalleryView
            from pickabook_desktop.ui.viewmodels.before_photo import BeforePhoto

            page, common = self._page, self._common
            before = BeforePhoto(common.studio, common.lanes, self)
            page.looked_again.connect(before.forget)
            titles = page.titles
            self._loupe = Loupe(
                self._model, page.feed, before, common.lanes, common.actions, titles.card
            )
            self._loupe.set_strip(GalleryView(self._model, page.feed, titles))
            self._loupe.left.connect(self.leave)
            self._loupe.canvas.menu_wanted.connect(self.menu_wanted)
            self._loupe.canvas.drag_wanted.connect(self.drag_wanted)
            self._loupe.beside.set_beside(common.actions["lib_photo"].isChecked())
            page.add_stage(self._loupe)
        return self._loupe

    @property
    def compare(self) -> "Compare":
        """Made when first needed."""
        if self._compare is None:
            from pickabook_desktop.ui.gallery.compare import Compare
            from pickabook_desktop.ui.viewmodels.comparison import Comparison

            page, common = self._page, self._common
            library = common.studio.library
            comparison = Comparison(self._model, library, common.lanes, self._title_of, self)
            self._compare = Compare(
                comparison, page.feed, common.lanes, common.actions, page.titles.card
            )
            self._compare.left.connect(self.leave)
            for pane in self._compare.panes:
                pane.canvas.menu_wanted.connect(self.menu_wanted)
                pane.canvas.drag_wanted.connect(self.drag_wanted)
            page.add_stage(self._compare)
        return self._compare

    def open_loupe(self) -> None:
        """Show the current picture large; back to the pages where it is already."""
        if self._on_stage(self._loupe):
            self.leave()
        elif self._model.count:
            self._page.show_stage(self.loupe)

    def open_compare(self) -> None:
        """Show the chosen pictures next to each other; there, one over the other and back."""
        if self._compare is not None and self._on_stage(self._compare):
            if self._compare.swipe_button.isEnabled():
                self._compare.swipe_button.click()
        elif self._model.count > 1:
            self._page.show_stage(self.compare)
        else:
            self._common.toast.show_message(tr("There is nothing to compare this picture with."))

    def open_stack(self) -> None:
        """Show the variations of the current picture, and only them, until they are left."""
        card = self._model.current_card
        if card is None:
            return
        if card.variations < 2:
            self._common.toast.show_message(tr("This picture has no variations."))
            return
        stack = Condition(field="stack", value=card.stack)
        view = View(search=Search(conditions=(stack,)), sort="date", descending=False)
        if view == self._model.view:
            return
        self._view_before = self._view_before or self._model.view
        self._opening = view
        self._model.set_view(view)

    def open_slideshow(self) -> None:
        """Show what is chosen, or the whole view, over the whole screen."""
        if self.slideshow is not None or not self._model.count:
            return
        from pickabook_desktop.ui.gallery.card_on_canvas import SMALL
        from pickabook_desktop.ui.gallery.look_canvas import StandIn
        from pickabook_desktop.ui.gallery.slideshow import Slideshow
        from pickabook_desktop.ui.viewmodels.slides import Slides

        common, model = self._common, self._model
        if model.current < 0:
            model.set_current(0, "move")
        in_loupe = self._on_stage(self._loupe)
        self._page.show_browse()
        slides = Slides(model, common.lanes)
        show = self.slideshow = Slideshow(slides, common.actions, common.window)
        show.closed.connect(lambda: self._on_slideshow_closed(in_loupe=in_loupe))
        card = model.current_card
        if card is None:
            show.start()
            return
        small = self._page.feed.image(card, SMALL)
        show.start(StandIn.of(small, QSize(card.size.width, card.size.height)))

    def leave(self) -> None:
        """Back to the pages."""
        self._page.show_browse()

    def close(self) -> None:
        """Before the window remembers what is looked at: the slideshow ends, and variations that
        were looked at by themselves give way to the view before.
        """
        if self.slideshow is not None:
            self.slideshow.close()
        self.leave()

    def _title_of(self, field: str, value: str) -> str:
        if field != "palette":
            return self._page.titles.of(field, value)
        template_id, _, palette_id = value.rpartition("/")
        template = self._common.studio.templates.get(template_id)
        palette = template.palette(palette_id) if template is not None else None
        return palette.title if palette is not None else palette_id

    def _on_stage(self, widget: "Loupe | Compare | None") -> bool:
        return widget is not None and self._page.stage.currentWidget() is widget

    def _connect(self) -> None:
        page, common = self._page, self._common
        page.view.opened.connect(self._on_opened)
        page.stage_changed.connect(self._on_stage_changed)
        page.side.folder_chosen.connect(self.leave)
        self._model.counted.connect(self._on_counted)
        common.on("lib_loupe", self.open_loupe)
        common.on("lib_compare", self.open_compare)
        common.on("lib_open_stack", self.open_stack)
        common.on("lib_slideshow", self.open_slideshow)
        for mode in ("grid", "list", "strip"):
            common.on(f"lib_{mode}", self.leave)
        common.on("lib_photo", self._on_photo)
        common.on("lib_larger", lambda: self._zoom(ZOOM_STEP))
        common.on("lib_smaller", lambda: self._zoom(1 / ZOOM_STEP))

    def _on_opened(self, place: int) -> None:
        if place != self._model.current:
            self._model.set_current(place)
        if not self._on_stage(self._loupe):
            self.open_loupe()

    def _on_photo(self) -> None:
        wanted = self._common.actions["lib_photo"].isChecked()
        if wanted and not self._on_stage(self._loupe):
            self.open_loupe()

    def _zoom(self, factor: float) -> None:
        for stage in (self._loupe, self._compare):
            if stage is not None and self._on_stage(stage):
                stage.active_canvas.zoom_by(factor)

    def _on_counted(self) -> None:
        """The variations that were asked for are there."""
        if self._opening is None or self._model.view != self._opening:
            return
        self._opening = None
        if 2 <= self._model.count <= FEW:
            self._model.select_all()
            self._page.show_stage(self.compare)
        else:
            self._page.show_stage(self.loupe)

    def _on_stage_changed(self, stage: object) -> None:
        # What is behind a comparison would change unseen.
        self._common.actions["lib_stack"].setEnabled(stage is None or stage is not self._compare)
        if stage is not None:
            return
        before, self._view_before = self._view_before, None
        stack = [c for c in self._model.view.search.conditions if c.field == "stack"]
        if before is not None and stack:
            self._model.set_view(before)
        self._page.view.reveal(self._model.current)

    def _on_slideshow_closed(self, *, in_loupe: bool) -> None:
        self.slideshow = None
        self._page.view.reveal(self._model.current)
        if in_loupe and self._model.count:
            self._page.show_stage(self.loupe)
        self._page.window().activateWindow()
