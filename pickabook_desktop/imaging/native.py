"""How libraries of machine code come into memory."""

import ctypes
import os
import sys
from importlib.util import find_spec
from pathlib import Path

# The modules that are mostly machine code, and where in their package that is.
_LARGE = (("numpy", "_core/_multiarray_umath.*"), ("cv2", "cv2*"))


def load_ahead() -> None:
    """Have the system load OpenCV and the core of numpy, so that importing them finds them there.

    Python loads such a library with its lock held: from a cold disk the window stood still for
    80 ms, as its thread waited. A call through ctypes gives the lock away meanwhile. Does nothing
    where they are imported already, and where the system has no ``dlopen``.
    """
    if sys.platform == "win32":
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    for package, pattern in _LARGE:
        if package in sys.modules:
            continue
        spec = find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            for file in Path(folder).glob(pattern):
                if file.suffix == ".so":
                    # What cannot be loaded says so when it is imported.
                    dlopen(os.fsencode(file), sys.getdlopenflags())
