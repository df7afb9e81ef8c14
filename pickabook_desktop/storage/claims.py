"""Who is at which entry of the outbox."""

import threading

from pickabook_desktop.storage.entries import Entry
from pickabook_desktop.storage.presence import Presence

# No upload takes as long: for disks that cannot say whether another process lives.
LEASE_SECONDS = 3600.0


class Claims:
    """Those of this process, and whether others' still hold. Any thread may call any method."""

    def __init__(self, presence: Presence) -> None:
        self._presence = presence
        self._mine: set[str] = set()
        self._lock = threading.Lock()

    @property
    def token(self) -> str:
        """Under what this process claims; raises StorageError."""
        return self._presence.token

    def begin(self, entry: Entry) -> None:
        """This process is at an entry from now on."""
        with self._lock:
            self._mine.add(entry.id)

    def end(self, entry: Entry) -> None:
        """This process is at it no more."""
        with self._lock:
            self._mine.discard(entry.id)

    def abandoned(self, entry: Entry, now: float) -> bool:
        """Whether an entry is claimed by nobody who is at it."""
        with self._lock:
            if entry.state != "running" or entry.id in self._mine:
                return False
        if not self._presence.alive(entry.claimed_by) or self._presence.is_own(entry.claimed_by):
            return True
        return abs(now - entry.claimed_at) > LEASE_SECONDS
