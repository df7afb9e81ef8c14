"""What is offered while a search is typed, from what there is and from what was sought before."""

from pickabook_desktop.ui.viewmodels.completions import (
    Offer,
    Value,
    meanwhile,
    offers,
    recent_offers,
)
from pickabook_desktop.ui.viewmodels.folders import Folders
from pickabook_desktop.ui.viewmodels.gallery_words import Titles

# So many searches are remembered, while the program runs.
RECENT = 8


class Completing:
    """Offers values that pictures have, as ``folders`` have read them, under their ``titles``."""

    def __init__(self, folders: Folders, titles: Titles) -> None:
        self._folders = folders
        self._titles = titles
        self._recent: list[str] = []

    @property
    def recent(self) -> tuple[str, ...]:
        """Searches that found something, the last one first."""
        return tuple(self._recent)

    def remember(self, words: str) -> None:
        """These have found something; what was typed on the way to them is no search of its own."""
        said = words.strip()
        if said:
            kept = [old for old in self._recent if not said.startswith(old)]
            self._recent = [said, *kept][:RECENT]

    def forget(self) -> None:
        """Let go of all searches: they may name a child."""
        self._recent = []

    def offers(self, text: str, cursor: int) -> tuple[Offer, ...]:
        """Ways to go on from what is typed before ``cursor``."""
        if not text.strip():
            return recent_offers(self._recent)
        return offers(text, cursor, self._values)

    def meanwhile(self, text: str, cursor: int) -> str | None:
        """What else is sought while a value is typed; None where all of it can be sought."""
        return meanwhile(text, cursor, self._values)

    def _values(self, field: str) -> list[Value]:
        return [
            Value(facet.value, self._titles.of(field, facet.value), facet.count)
            for facet in self._folders.facets(field)
        ]
