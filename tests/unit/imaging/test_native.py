"""Large libraries are in memory before Python imports them."""

import subprocess
import sys

import pytest

SCRIPT = """
import sys
from pathlib import Path
from pickabook_desktop.imaging.native import load_ahead

def mapped():
    return {Path(line.split()[-1]).name for line in open("/proc/self/maps") if ".so" in line}

assert not any(name.startswith(("cv2", "_multiarray")) for name in mapped())
load_ahead()
assert any(name.startswith("cv2") for name in mapped())
assert any(name.startswith("_multiarray_umath") for name in mapped())
assert not {"cv2", "numpy"} & sys.modules.keys()
before = {name for name in mapped() if name.startswith(("cv2", "_multiarray_umath"))}
import cv2
import numpy as np
assert cv2.countNonZero(np.ones((3, 4), np.uint8)) == 12
assert {name for name in mapped() if name.startswith(("cv2", "_multiarray_umath"))} == before
load_ahead()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux what is in memory")
def test_importing_finds_what_was_loaded_ahead():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
