"""What was typed before, newest first, and stepping through it as a shell does."""

from collections.abc import Iterable

HISTORY_LIMIT = 50


class PromptHistory:
    """A bounded list of different texts with a cursor."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._entries = [e for e in dict.fromkeys(entries) if e.strip()][:HISTORY_LIMIT]
        self._cursor = -1
        self._draft = ""

    @property
    def entries(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def remember(self, text: str) -> bool:
        """Put ``text`` first; false where there was nothing to remember."""
        self._cursor = -1
        text = text.strip()
        if not text or self._entries[:1] == [text]:
            return False
        rest = [entry for entry in self._entries if entry != text]
        self._entries = [text, *rest][:HISTORY_LIMIT]
        return True

    def older(self, current: str) -> str:
        """The entry before the one shown; keeps ``current`` as the draft to come back to."""
        if self._cursor == -1:
            self._draft = current
        if self._cursor + 1 < len(self._entries):
            self._cursor += 1
        return self._entries[self._cursor] if self._cursor >= 0 else current

    def newer(self, current: str) -> str:
        """The entry after the one shown, and at the end the draft."""
        if self._cursor == -1:
            return current
        self._cursor -= 1
        return self._entries[self._cursor] if self._cursor >= 0 else self._draft
