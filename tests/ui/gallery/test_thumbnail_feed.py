"""Thumbnails come for what is seen, are made where there are none, and stay within a bound."""

from pathlib import Path

import msgspec
from PySide6.QtGui import (
    QColor,
    QImage,
)
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui.gallery.view_data import thumbnails_of

from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.library import Library
from pickabook_desktop.ui.gallery.view import GalleryView
from pickabook_desktop.ui.viewmodels.thumbnail_feed import ThumbnailFeed


def test_what_is_seen_and_its_neighbours_are_fetched_and_no_more(
    view: GalleryView, qtbot: QtBot
) -> None:
    seen = len(view.visible_places())
    assert seen < 40
    feed = thumbnails_of(view)
    cards = [view.model.card(place) for place in range(4 * seen)]

    def at_hand(place: int) -> bool:
        card = cards[place]
        return card is not None and feed.image(card, view.edge, ask=False) is not None

    qtbot.waitUntil(lambda: all(at_hand(place) for place in range(2 * seen)))
    assert not any(at_hand(place) for place in range(3 * seen, 4 * seen))


def test_a_picture_that_cannot_be_read_says_so(
    view: GalleryView, library: Library, qtbot: QtBot
) -> None:
    card = view.model.card(0)
    assert card is not None
    feed = thumbnails_of(view)
    ghost = msgspec.structs.replace(card, id="0" * 26, path=str(library.folder / "gone.png"))
    found: list[QImage] = []

    def known() -> bool:
        image = feed.image(ghost, 176)
        if image is not None:
            found.append(image)
        return bool(found)

    qtbot.waitUntil(known)
    assert found[0].isNull()


def test_a_missing_thumbnail_is_made_from_the_file_and_kept(
    view: GalleryView, library: Library, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "page.png"
    page = QImage(600, 750, QImage.Format.Format_RGB32)
    page.fill(QColor("#2C6E49"))
    assert page.save(str(path))
    card = view.model.card(7)
    assert card is not None
    card = msgspec.structs.replace(card, path=str(path))
    feed = thumbnails_of(view)
    qtbot.waitUntil(lambda: large_enough(feed.image(card, 400), 400))
    assert library.large_thumbnail(card.id, 512) is not None


def large_enough(image: QImage | None, edge: int) -> bool:
    return image is not None and max(image.width(), image.height()) == edge


def test_thumbnails_stay_within_their_bytes(
    view: GalleryView, library: Library, qtbot: QtBot
) -> None:
    lanes = Lanes()
    feed = ThumbnailFeed(library, lanes, bytes_kept=1 << 20)
    loaded: list[str] = []
    feed.loaded.connect(loaded.append)
    cards = [card for card in (view.model.card(place) for place in range(100)) if card]
    for card in cards:
        feed.image(card, 256)
    qtbot.waitUntil(lambda: len(loaded) == len(cards) == 100)
    assert 0 < feed.bytes <= 1 << 20
    assert lanes.shutdown()


def test_what_is_let_go_of_does_not_come_back_by_itself(
    view: GalleryView, library: Library, qtbot: QtBot
) -> None:
    lanes = Lanes()
    feed = ThumbnailFeed(library, lanes)
    cards = [card for card in (view.model.card(place) for place in range(100)) if card]
    for card in cards:
        feed.image(card, 200)
    feed.clear()
    qtbot.waitUntil(lambda: not lanes.busy("thumbnails"))
    QApplication.processEvents()
    assert feed.bytes == 0
    qtbot.waitUntil(lambda: feed.image(cards[0], 200) is not None)
    feed.forget([cards[0].id])
    assert feed.bytes == 0
    assert lanes.shutdown()
