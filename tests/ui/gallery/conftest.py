"""A view of many pictures over a real library."""

from collections.abc import Iterator

import pytest
from benchmarks.many import fill
from pytestqt.qtbot import QtBot
from ui.gallery.view_data import COUNT, Words, application

from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.gallery.view import GalleryView
from pickabook_desktop.ui.theme import apply_theme
from pickabook_desktop.ui.viewmodels.gallery import GalleryModel
from pickabook_desktop.ui.viewmodels.thumbnail_feed import ThumbnailFeed


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Nothing here changes what is kept."""
    library = Library(fill(tmp_path_factory.mktemp("view") / "library", COUNT))
    yield library
    library.close()


@pytest.fixture
def view(library: Library, qtbot: QtBot) -> Iterator[GalleryView]:
    apply_theme(application(), "light")
    lanes = Lanes()
    model, feed = GalleryModel(library, lanes), ThumbnailFeed(library, lanes)
    view = GalleryView(model, feed, Words())
    qtbot.addWidget(view)
    view.resize(820, 640)
    view.show()
    view.setFocus()
    with qtbot.waitSignal(model.counted):
        model.open()
    yield view
    assert lanes.shutdown()
