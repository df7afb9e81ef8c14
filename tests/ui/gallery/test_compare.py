"""A few pictures next to each other: linked zoom, the active one, taking one out, swiping."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, QSizeF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui.gallery.looking_data import COLOURS, SIX, LookingDesk, Painted, near
from ui.window_data import request_for

from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.ui.gallery.compare import Compare, columns_for
from pickabook_desktop.ui.gallery.look_canvas import LookCanvas
from pickabook_desktop.ui.result.view import View
from pickabook_desktop.ui.theme import apply_theme
from pickabook_desktop.ui.viewmodels.differences import differences
from pickabook_desktop.ui.viewmodels.linked_view import LinkedViews, Look, look_of, put

NEWEST = COLOURS[::-1]


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[LookingDesk]:
    apply_theme(qapp, "light")
    desk = LookingDesk(tmp_path, qtbot)
    yield desk
    desk.close()


def comparing(desk: LookingDesk, *places: int) -> Compare:
    desk.choose(*places)
    desk.actions["lib_compare"].trigger()
    for number, place in enumerate(sorted(places)[:4]):
        desk.wait_for(desk.compare.panes[number].canvas, NEWEST[place])
    return desk.compare


def view_of(picture: QSizeF, viewport: QSizeF) -> View:
    view = View(0)
    view.set_viewport(viewport)
    view.set_picture(picture)
    return view


def test_pictures_of_different_sizes_show_the_same_part():
    small = view_of(QSizeF(400, 400), QSizeF(300, 300))
    large = view_of(QSizeF(2000, 2000), QSizeF(300, 300))
    links = LinkedViews()
    links.set_views([small, large])
    small.zoom(small.fit_scale() * 3, QPointF(80, 200))
    small.pan(QPointF(-20, 15))
    links.moved(small)
    one, other = look_of(small), look_of(large)
    assert near(one.x, other.x)
    assert near(one.y, other.y)
    assert near(one.zoom, other.zoom)
    assert not other.fitted
    small.fit()
    links.moved(small)
    assert large.fitted


def test_a_view_whose_picture_came_late_shows_what_the_others_do():
    links = LinkedViews()
    first = view_of(QSizeF(400, 400), QSizeF(300, 300))
    late = view_of(QSizeF(), QSizeF(300, 300))
    links.set_views([first, late])
    put(first, Look(x=0.4, y=0.6, zoom=4, fitted=False))
    links.moved(first)
    late.set_picture(QSizeF(800, 800))
    links.take_in(late)
    assert near(look_of(late).x, 0.4)
    assert near(look_of(late).zoom, 4)


def test_chosen_pictures_stand_side_by_side_and_are_zoomed_together(
    desk: LookingDesk, qtbot: QtBot
):
    desk.keep(*SIX)
    desk.look()
    compare = comparing(desk, 0, 1, 2)
    assert [pane.isVisible() for pane in compare.panes] == [True, True, True, False]
    first, second = compare.panes[0].canvas, compare.panes[1].canvas
    first.zoom_by(5, QPointF(60, 90))
    first.pan(QPointF(11, -7))
    assert looks_alike(first, second)
    assert not second.fitted
    qtbot.keyClick(first, Qt.Key.Key_L)
    first.fit()
    assert not second.fitted
    qtbot.keyClick(first, Qt.Key.Key_L)
    assert second.fitted


def test_one_picture_is_compared_with_the_next(desk: LookingDesk):
    desk.keep(*SIX)
    desk.look()
    desk.choose(5)
    desk.actions["lib_compare"].trigger()
    ids = [card.id for card in desk.compare.comparison.cards]
    assert ids == [desk.id_at(5), desk.id_at(4)]


def test_of_more_than_four_the_first_four_are_compared_and_that_is_said(desk: LookingDesk):
    desk.keep(*SIX)
    desk.look()
    compare = comparing(desk, 0, 1, 2, 3, 4, 5)
    assert len(compare.comparison.cards) == 4
    assert compare.title.text() == "Comparing the first 4 of 6 chosen pictures"


def test_decisions_go_to_the_active_picture_alone(desk: LookingDesk, qtbot: QtBot):
    desk.keep(*SIX)
    desk.look()
    compare = comparing(desk, 0, 1, 2)
    qtbot.keyClick(compare.panes[0].canvas, Qt.Key.Key_Right)
    assert compare.panes[1].canvas.active
    desk.actions["lib_rate_3"].trigger()
    qtbot.mouseClick(compare.panes[2].marks.flags.button(-1), Qt.MouseButton.LeftButton)
    assert [pane.marks.stars.rating for pane in compare.panes[:3]] == [0, 3, 0]
    assert [desk.rating_of(desk.id_at(place)) for place in range(3)] == [0, 3, 0]
    flags = [desk.studio.library.review.card(desk.id_at(place)).flag for place in range(3)]
    assert flags == [0, 0, -1]


def test_a_pane_that_gets_the_keyboard_becomes_active(desk: LookingDesk, qtbot: QtBot):
    desk.keep(*SIX)
    desk.look()
    compare = comparing(desk, 0, 1)
    qtbot.mouseClick(compare.panes[1].canvas, Qt.MouseButton.LeftButton)
    compare.panes[1].canvas.setFocus()
    assert compare.comparison.active == 1
    assert desk.page.model.current == 1


def test_one_is_taken_out_of_the_comparison_and_of_what_is_chosen(desk: LookingDesk, qtbot: QtBot):
    desk.keep(*SIX)
    desk.look()
    compare = comparing(desk, 0, 1, 2)
    gone = desk.id_at(1)
    qtbot.keyClick(compare.panes[0].canvas, Qt.Key.Key_Right)
    qtbot.keyClick(compare.panes[1].canvas, Qt.Key.Key_Slash)
    assert gone not in [card.id for card in compare.comparison.cards]
    desk.wait_for(compare.panes[1].canvas, NEWEST[2])
    qtbot.mouseClick(compare.panes[0].remove_button, Qt.MouseButton.LeftButton)
    assert compare.title.text() == "One picture is left"
    qtbot.keyClick(compare.panes[0].canvas, Qt.Key.Key_Escape)
    assert desk.page.browsing
    assert desk.page.model.selection.ranges() == ((2, 3),)


def test_two_are_swiped_by_keys_and_mouse(desk: LookingDesk, qtbot: QtBot):
    desk.keep(*SIX)
    desk.look()
    compare = comparing(desk, 0, 1)
    desk.actions["lib_compare"].trigger()
    swipe = compare.swipe
    assert swipe.isVisible()
    assert swipe.comparing
    assert not compare.panes[0].canvas.isVisible()
    assert colours_in(swipe) == (NEWEST[0], NEWEST[1])
    qtbot.keyClick(swipe, Qt.Key.Key_End)
    assert swipe.divider == 1
    assert colours_in(swipe) == (NEWEST[0], NEWEST[0])
    qtbot.keyClick(swipe, Qt.Key.Key_Left)
    assert near(swipe.divider, 0.98)
    drag_divider_to(swipe, 0.25, qtbot)
    assert swipe.divider == pytest.approx(0.25, abs=0.01)
    qtbot.mouseClick(swipe, Qt.MouseButton.LeftButton, pos=at(swipe, 0.8))
    assert compare.comparison.active == 1
    desk.actions["lib_rate_2"].trigger()
    assert desk.rating_of(desk.id_at(1)) == 2


def test_what_made_the_difference_is_said_below_each(desk: LookingDesk, qtbot: QtBot):
    desk.keep(
        Painted(colour=NEWEST[1], seed=7, prompt="A moon over snow"),
        Painted(colour=NEWEST[0], seed=8, prompt="a moon, over tulips", style="gouache"),
    )
    desk.look()
    compare = comparing(desk, 0, 1)
    qtbot.waitUntil(lambda: compare.panes[0].words.text() != "")
    assert compare.panes[0].words.text() == "gouache · “tulips” · Seed 8"
    assert compare.panes[1].words.text() == "ink · “snow” · Seed 7"


def test_a_broken_file_is_said_in_its_pane_and_the_other_is_shown(desk: LookingDesk, qtbot: QtBot):
    ids = desk.keep(*SIX)
    Path(desk.studio.library.get(ids[0]).path).write_bytes(b"nothing")
    desk.look()
    desk.choose(0, 1)
    desk.actions["lib_compare"].trigger()
    panes = desk.compare.panes
    qtbot.waitUntil(lambda: "cannot be opened" in panes[0].canvas.problem)
    desk.wait_for(panes[1].canvas, NEWEST[1])


def test_variations_are_shown_by_themselves_until_they_are_left(desk: LookingDesk, qtbot: QtBot):
    stack = [Painted(colour=colour, seed=seed) for seed, colour in enumerate(COLOURS[:3])]
    desk.keep(
        Painted(colour=COLOURS[4], prompt="a sun"),
        *stack,
        Painted(colour=COLOURS[5], prompt="rain"),
    )
    desk.look()
    desk.choose(2)
    middle = desk.id_at(2)
    desk.actions["lib_open_stack"].trigger()
    qtbot.waitUntil(lambda: not desk.page.browsing)
    assert [card.seed for card in desk.compare.comparison.cards] == [0, 1, 2]
    desk.looking.close()
    assert desk.page.model.view.search.empty
    qtbot.waitUntil(lambda: desk.page.model.count == 5)
    qtbot.waitUntil(lambda: not desk.page.model.looking)
    assert desk.id_at(desk.page.model.current) == middle


def test_as_many_columns_as_make_the_pictures_largest():
    assert columns_for(2, 1.0, QSize(1000, 600)) == 2
    assert columns_for(2, 1.0, QSize(600, 1400)) == 1
    assert columns_for(4, 1.0, QSize(1000, 800)) == 2
    assert columns_for(4, 0.3, QSize(1000, 600)) == 4
    assert columns_for(3, 1.0, QSize(1400, 500)) == 3


def test_the_third_of_three_in_two_rows_stands_in_the_middle(desk: LookingDesk, qtbot: QtBot):
    desk.keep(*(Painted(colour=colour, width=600, height=200) for colour in COLOURS[:3]))
    desk.look()
    desk.window.resize(1000, 900)
    desk.choose(0, 1, 2)
    desk.actions["lib_compare"].trigger()
    compare = desk.compare
    compare.comparison.changed.emit()
    columns = columns_for(3, 3.0, compare.size())
    layout = compare.layout()
    assert layout is not None
    layout.activate()
    first, second, third = (pane.geometry() for pane in compare.panes[:3])
    if columns == 2:
        assert third.top() > first.top()
        assert abs(third.center().x() - compare.rect().center().x()) <= 4
        assert abs(third.width() - first.width()) <= 4
    else:
        assert columns == 1
        assert first.width() == second.width() == third.width()


def looks_alike(one: LookCanvas, other: LookCanvas) -> bool:
    first, second = look_of(one.view), look_of(other.view)
    return near(first.x, second.x) and near(first.y, second.y) and near(first.zoom, second.zoom)


def at(swipe: LookCanvas, share: float) -> QPoint:
    rect = swipe.picture_rect
    return QPointF(rect.left() + rect.width() * share, rect.top() + rect.height() / 4).toPoint()


def colours_in(swipe: LookCanvas) -> tuple[str, str]:
    """What is seen left and right."""
    image = swipe.grab().toImage()
    return (
        image.pixelColor(at(swipe, 0.1)).name(),
        image.pixelColor(at(swipe, 0.9)).name(),
    )


def drag_divider_to(swipe: LookCanvas, share: float, qtbot: QtBot) -> None:
    qtbot.mousePress(swipe, Qt.MouseButton.LeftButton, pos=at(swipe, swipe.divider))
    qtbot.mouseMove(swipe, at(swipe, share))
    qtbot.mouseRelease(swipe, Qt.MouseButton.LeftButton, pos=at(swipe, share))


def test_what_all_share_is_not_said_and_photos_of_one_name_are_numbered():
    base = request_for(Path("nowhere.png"), prompt="a moon", seed=3)

    def photo(folder: str) -> PhotoRef:
        return PhotoRef(path=f"/{folder}/child.jpg", sha256=folder)

    several = (
        base.with_changes(photo=photo("a"), options={"model": "fast"}),
        base.with_changes(photo=photo("b"), options={"model": "fast"}, palette_id="plum"),
    )
    said = differences(several, lambda field, value: value)
    assert said == ("Colours as drawn · Photo 1", "garden/plum · Photo 2")
    assert differences((base, base), lambda field, value: value)[0] == "Asked for in the same way"
    longer = base.with_changes(prompt="a moon with a crown", seed=4)
    said = differences((base, longer), lambda field, value: value)
    assert said == ("Seed 3", "“with crown” · Seed 4")


def test_a_picture_that_is_deleted_leaves_the_comparison(desk: LookingDesk, qtbot: QtBot):
    desk.keep(*SIX)
    desk.look()
    compare = comparing(desk, 0, 1, 2)
    left = [desk.id_at(place) for place in (1, 2)]
    desk.studio.library.review.decisions.trash([desk.id_at(0)])
    desk.page.refresh()
    qtbot.waitUntil(lambda: [card.id for card in compare.comparison.cards] == left)
    desk.wait_for(compare.panes[0].canvas, NEWEST[1])
    qtbot.waitUntil(lambda: desk.page.model.current_card is not None)
    desk.actions["lib_rate_2"].trigger()
    assert desk.rating_of(left[0]) == 2
