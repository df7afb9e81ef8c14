"""PySide6 6.12.0 on Python 3.11 drops a reference to ``True`` with each emit and one to ``None``
with each void call, until the interpreter aborts. The release in use must not.
"""

import sys

from PySide6.QtCore import QObject, Signal

CALLS = 20_000
# What else goes on in the interpreter moves the counts by a few.
SLACK = 1_000


class Bell(QObject):
    rung = Signal(bool)


def count_of(thing: object) -> int:
    return sys.getrefcount(thing)


def test_emitting_keeps_the_references_to_true(qapp: object):
    bell = Bell()
    heard = 0

    def on_rung(loud: bool) -> None:
        nonlocal heard
        heard += 1

    bell.rung.connect(on_rung)
    before = count_of(True)
    for _ in range(CALLS):
        bell.rung.emit(True)
    assert heard == CALLS
    assert abs(count_of(True) - before) < SLACK


def test_connecting_keeps_the_references_to_true(qapp: object):
    bell = Bell()

    def on_rung(loud: bool) -> None: ...

    before = count_of(True)
    for _ in range(CALLS):
        bell.rung.connect(on_rung)
        bell.rung.disconnect(on_rung)
    assert abs(count_of(True) - before) < SLACK


def test_void_calls_keep_the_references_to_none(qapp: object):
    bell = Bell()
    before = count_of(None)
    for _ in range(CALLS):
        bell.setObjectName("bell")
    assert abs(count_of(None) - before) < SLACK
