"""Copies have the colours that are asked for, and say so."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from unit.imaging.press_profile import press_profile, scanner_profile

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.imaging.colour_targets import (
    converted,
    display_p3_profile,
    facts_of,
    profile_file,
    target_of,
)
from pickabook_desktop.imaging.profiles import srgb_profile


def first(image: Image.Image) -> tuple[int, ...]:
    """The first pixel."""
    return tuple(int(level) for level in np.asarray(image)[0, 0])


def plain(*rgb: int) -> Image.Image:
    return Image.new("RGB", (4, 4), rgb)


# CSS Color 4, 10.3: what sRGB's corners are in Display P3, in levels of eight bits.
@pytest.mark.parametrize(
    ("srgb", "p3"),
    [
        ((255, 0, 0), (234, 51, 35)),
        ((0, 255, 0), (117, 251, 76)),
        ((0, 0, 255), (0, 0, 245)),
        ((255, 255, 255), (255, 255, 255)),
        ((128, 128, 128), (128, 128, 128)),
    ],
)
def test_colours_look_the_same_in_display_p3(srgb, p3):
    pixel = first(converted(plain(*srgb), None, target_of("display-p3")))
    assert np.abs(np.subtract(pixel, p3)).max() <= 1


def test_our_display_p3_leads_back_too():
    p3 = converted(plain(200, 100, 50), None, target_of("display-p3"))
    back = converted(p3, display_p3_profile(), target_of("srgb"))
    assert np.abs(np.subtract(first(back), (200, 100, 50))).max() <= 1


def test_srgb_pictures_are_not_touched_for_srgb():
    image = plain(1, 2, 3)
    assert converted(image, None, target_of("srgb")) is image
    assert converted(image, srgb_profile(), target_of("none")) is image
    assert target_of("none").embedded is None


def test_a_press_gets_its_inks():
    target = target_of("press.icc", press_profile())
    inks = {
        "white": first(converted(plain(255, 255, 255), None, target)),
        "black": first(converted(plain(0, 0, 0), None, target)),
        "red": first(converted(plain(255, 0, 0), None, target)),
    }
    assert max(inks["white"]) <= 3
    assert inks["black"][3] >= 240
    cyan, magenta, yellow, _ = inks["red"]
    assert cyan <= 3
    assert min(magenta, yellow) >= 100


def test_what_a_profile_is_can_be_told():
    facts = facts_of(press_profile())
    assert (facts.space, facts.formats) == ("CMYK", ("jpeg", "tiff"))
    assert facts_of(display_p3_profile()).title == "Display P3"
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for useless in (b"", b"not a profile", lab, scanner_profile(), press_profile()[:600]):
        with pytest.raises(InputError):
            facts_of(useless)


def test_a_profile_that_only_pretends_is_refused():
    with pytest.raises(InputError):
        target_of("x.icc", profile_file(b"prtr", b"CMYK", b"Lab ", {b"B2A0": b"mft1" + bytes(40)}))


def test_the_profiles_can_be_read_by_others():
    profile: Any = ImageCms.ImageCmsProfile(io.BytesIO(display_p3_profile()))
    assert ImageCms.getProfileDescription(profile).strip() == "Display P3"
    # As Apple's own profile of that name has it.
    expected = (0.51512, 0.24120, -0.00105)
    assert profile.profile.red_colorant[0] == pytest.approx(expected, abs=0.0002)
