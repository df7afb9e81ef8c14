"""Where texts speak of a child by name."""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from pickabook_desktop.storage.children import folded

GAP = "…"
# An initial is in every text, and tells nobody who is meant.
SHORTEST = 2
# Their scripts set no spaces between words, or write what belongs to a word at its end.
_UNPARTED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
_LETTER_BEFORE = r"(?<![^\W\d_])"
_LETTER_AFTER = "(?![^\\W\\d_]|[\u0300-\u036f])"


class Mentions:
    """Finds a name in texts: as a whole word, in either case, composed or not, and as it stands in
    addresses. ``Al`` is found in “Al's boat” and “for_al.png”, not in “also”.

    Not found are nicknames, single words of a name of several, endings that a language adds to a
    name (“Mias Hut”), and names of one letter. A name within one of ``others``, the full names of
    other children, is not meant: with ``Mia Luise`` among them, “Mia” is not found in that.
    """

    def __init__(self, name: str, others: Iterable[str] = ()) -> None:
        self.name = folded(name)
        within = [other for other in others if folded(other) != self.name]
        kept = "|".join(filter(None, map(_pattern, sorted(within, key=len, reverse=True))))
        sought = _pattern(name) if len(self.name) >= SHORTEST else ""
        both = f"(?P<kept>{kept})|(?P<sought>{sought})" if kept else f"(?P<sought>{sought})"
        self._pattern = re.compile(both, re.IGNORECASE)
        # Most texts have no such letters in a row, and no pattern need be tried.
        self._starts = tuple({form.split()[0].casefold() for form in _forms(name)}) * bool(sought)

    def found_in(self, text: str) -> bool:
        """Whether ``text`` mentions the child."""
        if not self._may_be_in(text):
            return False
        return any(match["sought"] for match in self._pattern.finditer(text))

    def without(self, text: str) -> str:
        """``text`` with a gap in the place of each mention."""
        if not self._may_be_in(text):
            return text
        return self._pattern.sub(lambda match: GAP if match["sought"] else match[0], text)

    def _may_be_in(self, text: str) -> bool:
        plain = text.casefold()
        return any(start in plain for start in self._starts)


def _forms(name: str) -> set[str]:
    """The ways in which a name may be spelled, in addresses too; none for an empty one."""
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    spellings = {plain, plain.upper(), plain.casefold()} - {""}
    forms = {unicodedata.normalize(form, text) for text in spellings for form in ("NFC", "NFD")}
    return forms | {quote(form) for form in forms}


def _pattern(name: str) -> str:
    """A regular expression for a name, empty for an empty one."""
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    if not plain:
        return ""
    ways = {r"\s+".join(map(re.escape, form.split())) for form in _forms(name)}
    start = "" if _unparted(plain[0]) else _LETTER_BEFORE
    end = "" if _unparted(plain[-1]) else _LETTER_AFTER
    return f"{start}(?:{'|'.join(sorted(ways, key=len, reverse=True))}){end}"


def _unparted(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_UNPARTED)
