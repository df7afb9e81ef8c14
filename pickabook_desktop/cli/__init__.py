"""The command line: ``pickabook``.

Exit codes: 0 done, 2 wrong usage or bad input, 3 the service refused or failed, 4 not configured,
130 cancelled. With ``--json`` standard output holds one JSON object and nothing else, in ASCII.
"""

import contextlib
import os
import signal
import sys

TYPE_CHECKING = False  # importing the one of typing would take longer than all else here
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from pickabook_desktop.net.cancel import CancelToken

INTERRUPTED = 130


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    interrupts = _Interrupts()
    try:
        # Before all else: reading the program takes longer than some commands.
        before = signal.signal(signal.SIGINT, interrupts)
        try:
            from pickabook_desktop.cli.run import run
            from pickabook_desktop.net.cancel import CancelToken

            return run(words, interrupts.lead_to(CancelToken()))
        finally:
            signal.signal(signal.SIGINT, before)
    except KeyboardInterrupt:
        return INTERRUPTED


def entry() -> None:
    """Run as the program of its own: leave with the exit code of :func:`main`."""
    code = main()
    if code == INTERRUPTED:
        # Everything worth keeping is on the disk; the interpreter would wait for a filter that
        # nobody wants the result of any more.
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


class _Interrupts:
    """The first Ctrl+C cancels; the second ends the program where it stands."""

    def __init__(self) -> None:
        self._token: CancelToken | None = None
        self._interrupted = False

    def __call__(self, _signal: int, _frame: "FrameType | None") -> None:
        if self._interrupted:
            raise KeyboardInterrupt
        self._interrupted = True
        if self._token is not None:
            self._token.cancel()

    def lead_to(self, token: "CancelToken") -> "CancelToken":
        """Cancel ``token`` from now on, and at once where an interrupt has come already."""
        self._token = token
        if self._interrupted:
            token.cancel()
        return token
