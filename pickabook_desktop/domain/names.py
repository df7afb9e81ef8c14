"""Where texts speak of a child by name: one rule for forgetting, and a wider one for what leaves.

Forgetting deletes, so :class:`Mentions` finds the name alone. What is handed out cannot be taken
back, so :class:`Hints` rather finds too much.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from pickabook_desktop.domain.request import GenerationRequest

# The field of a template that holds the child's name.
NAME_FIELD = "name"
GAP = "…"
# An initial is in every text, and tells nobody who is meant.
SHORTEST = 2
# What languages write at the end of a name: genitives and other cases, and endearments. A name of
# two or three letters has the genitives alone, for with more it is often another word.
SHORT_ENDINGS = ("s", "es", "ns", "x")
ENDINGS = (
    *SHORT_ENDINGS,
    *("ens", "n", "en", "in", "is", "i", "y", "ie", "chen", "lein", "le", "li", "erl"),
    *("tje", "je", "ke", "ka", "ko", "ita", "ito", "inha", "inho", "m"),
    *("lle", "lla", "lta", "sta", "ssa", "nak", "nek", "val", "vel", "hoz", "ra", "re"),
    *("ya", "ye", "un", "nin", "nun"),
    *("ы", "у", "ю", "е", "и", "а", "я", "ой", "ою", "ей", "ом", "ем", "ові", "еві"),
)
LONG_NAME = 4
# Their scripts set no spaces between words, or write what belongs to a word at its end.
_UNPARTED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
_LETTER_BEFORE = r"(?<![^\W\d_])"
_LETTER_AFTER = "(?![^\\W\\d_]|[\u0300-\u036f])"
# Letters that are no others with an accent, and yet are written as these where they are missing.
_STAND_INS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})
# “Müller” is written “Mueller” too.
_WITH_E = "äöüø"
# A family name of one letter before a given name of two or more: 李小明.
_FULL_NAME = 3
# How letters are written that are marks in JSON, TOML, XML or words of a search themselves.
_MARKS = {
    '"': (r'\\*"', '""', "&quot;"),
    "'": (r"\\*'", "''", "&apos;"),
    "/": (r"\\*/",),
    "\\": (r"\\+",),
    "&": ("&amp;",),
    "<": ("&lt;",),
    ">": ("&gt;",),
}
_GAP = (
    r"(?:\s|(?i:\\+(?:[fnrtv]|(?:u00|x)(?:[01][0-9a-f]|85|a0))"
    r"|%(?:[01][0-9a-f]|20|c2%85|c2%a0)|\+|&(?:nbsp|#x?[0-9a-f]+);))+"
)
_BREAK = re.compile(r"\\+[bfnrt]")
# Where a word begins within another, as in “ForAda”: written between the two to find that place.
_HUMP = "\0"


def folded(name: str) -> str:
    """A name as it is compared: without regard to case, composition and spaces."""
    composed = unicodedata.normalize("NFC", name).casefold()
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", composed)).strip()


def name_in(request: GenerationRequest) -> str:
    """The child's name as it was given for a page; empty where none was."""
    return request.fields.get(NAME_FIELD, "").strip()


def written(words: str) -> str:
    """A regular expression for words as they stand in a text, in JSON, TOML and XML, in addresses,
    in saved searches, and in what Python shows of a text, also where one of these is within
    another. Letters and digits of ASCII are written in one way everywhere.
    """
    return _GAP.join("".join(map(_letter, word)) for word in words.split())


class Mentions:
    """Finds a name in texts: as a whole word, in either case, composed or not, and :func:`written`
    in whatever way. ``Al`` is found in “Al's boat” and “for_al.png”, not in “also”.

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
        self._cores = tuple({_core(form) for form in _forms(name)}) * bool(sought)

    def found_in(self, text: str) -> bool:
        """Whether ``text`` mentions the child."""
        if not self._may_be_in(text):
            return False
        return any(match["sought"] for match in self._pattern.finditer(text))

    def quoted_in(self, text: str) -> bool:
        """As :meth:`found_in`, also behind the end of a line that is written as a mark: for texts
        that may quote others, such as a log. A path may have such a mark by chance.
        """
        return self.found_in(text) or ("\\" in text and self.found_in(_BREAK.sub(" ", text)))

    def without(self, text: str) -> str:
        """``text`` with a gap in the place of each mention."""
        if not self._may_be_in(text):
            return text
        return self._pattern.sub(lambda match: GAP if match["sought"] else match[0], text)

    def _may_be_in(self, text: str) -> bool:
        plain = text.casefold()
        return any(core in plain for core in self._cores)


class Hints:
    """Finds whatever tells one of ``names`` of children in texts that are handed out: the name,
    each word of it that tells who it is, in any case, with or without accents, however composed,
    with an ending such as a genitive, and as a part of words written together (“Emmas_Hund”,
    “#ForEmma”).

    Words of a name with capitals that have none (“van der”) and single letters tell nobody's name.
    Not found are nicknames, and cases that change a name's last letter (“Emmy” for Emma).
    """

    def __init__(self, *names: str) -> None:
        parts = {part for name in names for part in _parts_of(name)}
        words = [_hint(part) for part in sorted(parts, key=lambda part: (-len(part), part))]
        self._pattern = re.compile("|".join(words)) if words else None

    def found_in(self, text: str) -> bool:
        """Whether ``text`` tells the name."""
        return next(self._spans(text), None) is not None

    def without(self, text: str, instead: str = GAP) -> str:
        """``text`` with ``instead`` in the place of each such word."""
        parts: list[str] = []
        end = 0
        for start, stop in self._spans(text):
            parts += text[end:start], instead
            end = stop
        return "".join((*parts, text[end:]))

    def request_without(self, request: GenerationRequest) -> GenerationRequest:
        """A request whose texts do not tell the name, and without the field for it."""
        return request.with_changes(
            prompt=self.without(request.prompt),
            fields={
                field: self.without(text)
                for field, text in request.fields.items()
                if field != NAME_FIELD
            },
            # One of several choices with a gap would be none of them.
            options={
                option: text for option, text in request.options.items() if not self.found_in(text)
            },
            consent=self.without(request.consent),
            book=self.without(request.book),
        )

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where such words stand in ``text``."""
        if self._pattern is None:
            return
        plain, places = _plain(text)
        for match in self._pattern.finditer(plain):
            yield places[match.start()], places[match.end()]


def _plain(text: str) -> tuple[str, list[int]]:
    """``text`` as it is searched, without accents, case and letters that nobody sees, and for each
    letter of that, and its end, the place in ``text``. Words written together are parted.
    """
    letters: list[str] = []
    places: list[int] = []
    before = ""
    for place, letter in enumerate(text):
        hump = before.islower() and letter.isupper()
        bare = _bare(letter)
        letters += _HUMP * hump + bare
        places += [place] * (hump + len(bare))
        before = letter if bare else before
    return "".join(letters), [*places, len(text)]


def _bare(letter: str) -> str:
    """One letter without case and accent; nothing for an accent alone and for marks that nobody
    sees. Only accents of Latin, Greek and Cyrillic letters are no letters of their own.
    """
    parts = unicodedata.normalize("NFKD", letter)
    if any(unicodedata.name(part, "").startswith(("HANGUL", "COMBINING KATA")) for part in parts):
        return unicodedata.normalize("NFKC", letter)
    return "".join(
        part
        for part in parts.casefold().translate(_STAND_INS)
        if not "\u0300" <= part <= "\u036f" and unicodedata.category(part) != "Cf"
    )


def _parts_of(name: str) -> list[str]:
    """The name and the words of it that tell who it is, longest first."""
    whole = unicodedata.normalize("NFC", " ".join(name.split()))
    words = re.split(r"[\s-]+", whole)
    if whole != whole.lower():
        words = [word for word in words if word != word.lower() or _unparted(word[0])]
    if len(whole) >= _FULL_NAME and all(
        unicodedata.name(letter, "").startswith(("CJK", "HANGUL")) for letter in whole
    ):
        words.append(whole[1:])
    telling = [word for word in (whole, *words) if _tells(word)]
    return sorted(set(telling), key=len, reverse=True)


def _tells(word: str) -> bool:
    letters = [letter for letter in word if letter.isalnum()]
    return bool(letters) and (len(word.strip(".")) >= SHORTEST or _unparted(letters[0]))


def _hint(part: str) -> str:
    """A regular expression for one word of a name, in texts as :func:`_plain` gives them."""
    words = re.split(r"[\s-]+", part)
    spelled = r"[\W\d_]*".join(f"{_HUMP}?".join(map(_spellings, word)) for word in words)
    start = "" if _unparted(part[0]) or not part[0].isalnum() else _LETTER_BEFORE
    if _unparted(part[-1]) or not part[-1].isalnum():
        return f"{start}{spelled}"
    short = sum(map(len, words)) < LONG_NAME
    endings = {_plain(ending)[0] for ending in (SHORT_ENDINGS if short else ENDINGS)}
    return f"{start}{spelled}(?:{'|'.join(sorted(endings))})?{_LETTER_AFTER}"


def _spellings(letter: str) -> str:
    plain = re.escape(_bare(letter))
    return f"{plain}e?" if letter.casefold() in _WITH_E else plain


def _forms(name: str) -> set[str]:
    """The ways in which a name may be spelled; none for an empty one."""
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    spellings = {plain, plain.upper(), plain.casefold()} - {""}
    return {unicodedata.normalize(form, text) for text in spellings for form in ("NFC", "NFD")}


def _core(form: str) -> str:
    """What every text has, without case, in which ``form`` is :func:`written`."""
    return max(re.findall("[0-9A-Za-z]+", form), key=len, default="").casefold()


def _pattern(name: str) -> str:
    """A regular expression for a name, empty for an empty one."""
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    if not plain:
        return ""
    ways = map(written, sorted(_forms(name), key=lambda form: (-len(form), form)))
    start = _LETTER_BEFORE if _parted(plain[0]) else ""
    end = _LETTER_AFTER if _parted(plain[-1]) else ""
    return f"{start}(?:{'|'.join(ways)}){end}"


def _letter(letter: str) -> str:
    if letter.isascii() and letter.isalnum():
        return letter
    from urllib.parse import quote

    code, units = ord(letter), re.findall("....", letter.encode("utf-16-be").hex())
    # Programs do not agree on upper and lower case in numbers.
    numbered = (
        "".join(rf"\\+u{unit}" for unit in units),
        rf"\\+[ux]0*{code:x}",
        re.escape(quote(letter, safe="")),
        rf"&#(?:{code}|x{code:x});",
    )
    ways = (*_MARKS.get(letter, ()), re.escape(letter), f"(?i:{'|'.join(numbered)})")
    return f"(?:{'|'.join(ways)})"


def _parted(letter: str) -> bool:
    """Whether a name with this at one end is told from a longer word by what is beside it."""
    return unicodedata.category(letter)[0] in "LMN" and not _unparted(letter)


def _unparted(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_UNPARTED)
