"""The command line: ``pickabook``.

Exit codes: 0 done, 2 wrong usage or bad input, 3 the service refused or failed, 4 not configured,
130 cancelled. With ``--json`` standard output holds one JSON object and nothing else, in ASCII.
"""

import signal
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from types import FrameType

from pickabook_desktop.net.cancel import CancelToken


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    token = CancelToken()
    with _interruptible(token):
        # Imported with Ctrl+C in hand already: reading the program takes longer than some commands.
        from pickabook_desktop.cli.run import run

        return run(words, token)


@contextmanager
def _interruptible(token: CancelToken) -> Generator[None]:
    """The first Ctrl+C cancels; the second ends the program where it stands."""

    def on_interrupt(_signal: int, _frame: FrameType | None) -> None:
        if token.cancelled:
            raise KeyboardInterrupt
        token.cancel()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
