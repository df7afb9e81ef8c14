"""What an export will come to: names of files, sizes of pictures, or why there will be none."""

from dataclasses import dataclass

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.file_names import check_pattern, file_name
from pickabook_desktop.domain.hand_over import (
    ExportWish,
    Planned,
    ProfileFacts,
    check_export,
    planned,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card
from pickabook_desktop.ui.viewmodels.export_presets import (
    NameValues,
    Unit,
    ending_of,
    format_titles,
    is_profile_file,
)
from pickabook_desktop.ui.viewmodels.export_sizes import enlarging_words, size_words


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What ``wish`` makes of ``cards``, the first of the pictures. ``profile`` is what is known of
    the profile's file; ``dpi`` is 0 where nothing is meant for paper, whose lengths are said in
    ``unit``.
    """

    cards: tuple[Card, ...]
    wish: ExportWish
    profile: ProfileFacts | None
    name_values: NameValues
    dpi: int
    unit: Unit

    def problem(self) -> str:
        """Why it cannot be exported like this, and what to do; empty where it can."""
        if not self.wish.folder.strip():
            return tr("Choose the folder that the pictures go into.")
        try:
            check_export(self.wish)
            check_pattern(self.wish.pattern)
            for card in self.cards:
                planned(card.size, self.wish)
        except InputError as error:
            return str(error)
        return self._profile_problem()

    def names(self, limit: int = 3) -> tuple[str, ...]:
        """What the first files will be called; empty where the pattern cannot be read."""
        wish = self.wish
        try:
            return tuple(
                file_name(
                    wish.pattern,
                    dict(self.name_values(card, number, wish.names)),
                    ending_of(card, wish.format),
                )
                for number, card in enumerate(self.cards[:limit], start=1)
            )
        except (InputError, ValueError):
            return ()

    def name_remarks(self) -> str:
        """What the pattern does not do though it looks like it; empty for most."""
        pattern, remarks = self.wish.pattern, list[str]()
        if "/" in pattern or "\\" in pattern:
            remarks.append(tr("All files go into one folder: / becomes _."))
        if "{child" in pattern and not self.wish.names:
            remarks.append(tr("{place} stays empty without the child's name.", place="{child}"))
        return " ".join(remarks)

    def plans(self) -> tuple[Planned, ...]:
        """How large the first pictures will be; empty where that cannot be said."""
        try:
            return tuple(planned(card.size, self.wish) for card in self.cards)
        except InputError:
            return ()

    def size_words(self) -> str:
        """How large the pictures will be."""
        return size_words(self.plans(), self.dpi, self.unit)

    def enlarging(self) -> str:
        """A word of warning where pixels would be made up; empty where none are."""
        return enlarging_words(self.plans())

    def _profile_problem(self) -> str:
        wish, facts = self.wish, self.profile
        if facts is None or not is_profile_file(wish.icc) or wish.format in facts.formats:
            return ""
        titles = format_titles()
        return tr(
            "{format} cannot hold pictures in the colours of {profile}. Choose {formats}.",
            format=titles[wish.format],
            profile=facts.title,
            formats=tr(" or ").join(titles[name] for name in facts.formats),
        )
