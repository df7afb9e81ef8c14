"""A head lands where the slot says, turned and wide as it says, and leaves the rest alone."""

import numpy as np
import pytest

from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.template import Ellipse, FaceSlot
from pickabook_desktop.imaging import ops
from pickabook_desktop.imaging.blend import PlacedSlot, head_bounds, place_head, slot_on_page
from pickabook_desktop.imaging.faces import mesh_points
from pickabook_desktop.imaging.ops import F32, U8, f32
from pickabook_desktop.imaging.portrait import Fit, Portrait, Study

UNIT = 40.0
FRAME = (160, 200)
ANCHOR = (80.0, 90.0)
PAGE = Rect(0, 0, 400, 400)


def oval() -> F32:
    """Mesh points of a face 2 units wide and 2.75 high."""
    points = np.tile(f32(ANCHOR), (468, 1))
    angles = np.linspace(0, 2 * np.pi, len(mesh_points.OVAL), endpoint=False)
    ring = np.column_stack([np.sin(angles) * UNIT, 18 - np.cos(angles) * 1.375 * UNIT])
    points[list(mesh_points.OVAL)] += f32(ring)
    return f32(points)


def portrait(fit: Fit = "head") -> Portrait:
    xs, ys = ops.grid(FRAME)
    inside = ((xs - 80) / 60) ** 2 + ((ys - 100) / 85) ** 2 < 1
    none = f32(np.zeros(FRAME[::-1]))
    points = oval()
    face = ops.polygon(FRAME, points[list(mesh_points.OVAL)])
    flat = f32(np.zeros((*FRAME[::-1], 3)))
    study = Study(UNIT, flat, none, points, face, none, none, none, none, none)
    return Portrait(
        unit=UNIT,
        fit=fit,
        anchor=ANCHOR,
        points=points,
        irises=((60.0, 90.0, 5.0), (100.0, 90.0, 5.0)),
        alpha=f32(inside),
        face_mask=face,
        feature_weight=none,
        eyes=(none, none),
        mouth=none,
        lips=none,
        mouth_open=0.0,
        skin=(60.0, 40.0, 30.0),
        hair=(30.0, 6.0, 8.0),
        study=study,
    )


def red_head() -> F32:
    lab = np.zeros((*FRAME[::-1], 3), np.float32)
    lab[:] = (50, 70, 50)
    return lab


def dot_at_eyes() -> F32:
    """A red head with a white dot two units right of the point between the eyes."""
    lab = red_head()
    xs, ys = ops.grid(FRAME)
    lab[np.hypot(xs - (ANCHOR[0] + 40), ys - ANCHOR[1]) < 6] = (100, 0, 0)
    return lab


def placed(slot: FaceSlot, lab: F32, of: Portrait, paper: int = 200) -> tuple[U8, U8]:
    """The page, and where the head reaches on it."""
    page = np.full((400, 400, 3), paper, np.uint8)
    on_page = slot_on_page(slot, PAGE, Size(400, 400))
    bounds = head_bounds(of, on_page, page.shape)
    assert bounds is not None
    left, top, right, bottom = bounds
    reach = np.zeros((400, 400), np.uint8)
    area = page[top:bottom, left:right]
    reach[top:bottom, left:right] = place_head(area, lab, of, on_page, (left, top))
    return page, reach


def white_centre(page: U8) -> tuple[float, float]:
    # Pure white only: the paper is grey, the head red.
    ys, xs = np.nonzero(page.min(axis=2) > 225)
    return float(xs.mean()), float(ys.mean())


@pytest.mark.parametrize(
    ("slot", "expected"),
    [
        (FaceSlot(x=200, y=200, unit=UNIT), (240, 200)),
        (FaceSlot(x=150, y=220, unit=2 * UNIT), (230, 220)),
        (FaceSlot(x=200, y=200, unit=UNIT, tilt=90), (200, 240)),
        (FaceSlot(x=200, y=200, unit=UNIT, stretch=1.25), (250, 200)),
    ],
)
def test_the_head_follows_place_size_tilt_and_stretch(
    slot: FaceSlot, expected: tuple[float, float]
):
    page, _ = placed(slot, dot_at_eyes(), portrait())
    assert white_centre(page) == pytest.approx(expected, abs=1.0)


def test_the_page_beyond_head_and_shadow_is_untouched():
    page, reach = placed(FaceSlot(x=200, y=200, unit=UNIT), red_head(), portrait())
    assert (page[reach == 0] == 200).all()
    assert (reach == 0).mean() > 0.4


def test_nothing_shows_outside_the_opening():
    slot = FaceSlot(x=200, y=200, unit=UNIT, clip=Ellipse(200, 200, 45, 45))
    page, _ = placed(slot, red_head(), portrait())
    ys, xs = np.nonzero(page[..., 0].astype(int) - page[..., 1] > 60)
    assert np.hypot(xs - 200, ys - 200).max() < 47


def test_the_head_throws_its_shadow_away_from_the_light():
    page, reach = placed(FaceSlot(x=200, y=190, unit=UNIT, light=-90), red_head(), portrait())
    shadow = (page.max(axis=2) < 195) & (page[..., 0].astype(int) - page[..., 1] < 40) & (reach > 0)
    columns = np.nonzero(shadow)[1]
    # Light from the left: more shade on the right side of the head's middle.
    assert (columns > 200).sum() > 2 * (columns < 200).sum()


def test_the_edge_of_the_head_has_steps_between():
    page, _ = placed(FaceSlot(x=200, y=200, unit=UNIT, tilt=7), red_head(), portrait())
    row = page[205, :200, 1].astype(int)
    assert len(set(row.tolist())) > 4


def test_a_face_in_a_hood_takes_the_hoods_colour_at_its_border():
    hood, head = FaceSlot(x=200, y=200, unit=UNIT, fit="face"), portrait("face")
    page, reach = placed(hood, red_head(), head, paper=90)
    middle = page[205, 200].astype(int)
    ys, xs = np.nonzero((reach > 10) & (reach < 120))
    border = page[ys, xs].astype(int).mean(axis=0)
    assert middle[0] - middle[1] > 60
    assert border[0] - border[1] < 0.5 * (middle[0] - middle[1])


def test_a_head_that_misses_the_page_is_left_out():
    away = PlacedSlot(-900, -900, UNIT, 0, 1, True, None, 0)
    assert head_bounds(portrait(), away, (400, 400, 3)) is None
