"""A thumbnail from pixels at hand shows the same as one from the finished file."""

import numpy as np

from pickabook_desktop.imaging.encode import decode_rgb, encode_png
from pickabook_desktop.imaging.thumbnail import thumbnail, thumbnail_of


def test_both_ways_show_the_same():
    y, x = np.mgrid[0:600, 0:1200]
    rgb = np.stack((x * 255 // 1199, y * 255 // 599, (x + y) % 256), axis=-1).astype(np.uint8)
    quick = decode_rgb(thumbnail_of(rgb)).astype(int)
    assert quick.shape == (128, 256, 3)
    slow = decode_rgb(thumbnail(encode_png(rgb))).astype(int)
    assert np.abs(quick - slow).mean() < 3


def test_a_small_picture_is_not_enlarged():
    assert decode_rgb(thumbnail_of(np.zeros((40, 60, 3), np.uint8))).shape == (40, 60, 3)
