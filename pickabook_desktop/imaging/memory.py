"""How the C library keeps memory."""

import ctypes
import sys

M_ARENA_MAX = -8  # malloc.h of glibc
ARENAS = 2


def keep_few_arenas() -> None:
    """Have all threads share two heaps.

    glibc gives each new thread a heap of its own and keeps what was freed there; pages are drawn by
    short-lived threads, and after forty of them the process held half as much again. Does nothing
    where the C library is another one.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)
