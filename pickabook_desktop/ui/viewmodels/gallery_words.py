"""What the library calls things: orders, groups, days, fields, and the ids of pages."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import Card, GroupKey, Label, SortKey, UploadState
from pickabook_desktop.domain.template import Style, Template


class Titles:
    """What people call templates, styles and engines; an id that is unknown is shown as it is.

    ``engines`` is asked once, when the first engine is to be named.
    """

    def __init__(
        self,
        templates: Mapping[str, Template],
        styles: Mapping[str, Style],
        engines: Callable[[], tuple[EngineState, ...]],
    ) -> None:
        self._templates = templates
        self._styles = styles
        self._ask_engines = engines
        self.remark: Callable[[Card], str] = lambda card: ""
        """What has to be said of a picture before anything else; empty for most."""
        self._engines: dict[str, str] | None = None

    def template(self, template_id: str) -> str:
        template = self._templates.get(template_id)
        return template.title if template else template_id or tr("No template")

    def style(self, style_id: str) -> str:
        style = self._styles.get(style_id)
        return style.title if style else style_id or tr("No style")

    def engine(self, engine_id: str) -> str:
        if self._engines is None:
            self._engines = {state.id: state.title for state in self._ask_engines()}
        return self._engines.get(engine_id, engine_id)

    def of(self, field: str, value: str) -> str:
        """What a value of one of the fields that can be sought is called."""
        match field:
            case "template":
                return self.template(value)
            case "style":
                return self.style(value)
            case "engine":
                return self.engine(value)
            case "child":
                return value or tr("No name")
            case "book":
                return value or tr("No book")
            case "label":
                return label_titles().get(value, value)
            case _:
                return value

    def group(self, grouping: GroupKey, key: str, today: date | None = None) -> str:
        """The heading of one group of a view."""
        if grouping == "day":
            return day_title(key, today)
        return self.of(grouping, key)

    def card(self, card: Card) -> str:
        """What one picture is called."""
        words = (self.remark(card), self._page(card), card.child)
        return " · ".join(part for part in words if part)

    def short(self, card: Card) -> str:
        """The same where there is little room: what tells pictures apart comes first."""
        remark = self.remark(card)
        return remark or " · ".join(part for part in (card.child, self._page(card)) if part)

    def describe(self, card: Card) -> str:
        """One picture in one line, with its state, for tool tips and screen readers."""
        words = [self.card(card), day_title(card.created)]
        words.append(stars_title(card.rating) if card.rating else "")
        words.append(flag_title(card.flag))
        words.append(label_titles()[card.label] if card.label else "")
        words.append(upload_title(card.upload))
        if card.variations > 1:
            words.append(tr("{count} variations", count=card.variations))
        return " · ".join(word for word in words if word)

    def _page(self, card: Card) -> str:
        return self.template(card.template) if card.template else card.prompt or tr("Page")


def sort_titles() -> dict[SortKey, str]:
    """By what pictures are put in order."""
    return {
        "date": tr("Date"),
        "rating": tr("Rating"),
        "likeness": tr("Likeness"),
        "cost": tr("Cost"),
        "template": tr("Template"),
        "child": tr("Child"),
        "engine": tr("Engine"),
    }


def direction_title(sort: SortKey, *, descending: bool) -> str:
    """What comes first."""
    down, up = {
        "date": (tr("Newest first"), tr("Oldest first")),
        "rating": (tr("Best first"), tr("Lowest rating first")),
        "likeness": (tr("Most alike first"), tr("Least alike first")),
        "cost": (tr("Dearest first"), tr("Cheapest first")),
    }.get(sort, (tr("Z to A"), tr("A to Z")))
    return down if descending else up


def group_titles() -> dict[GroupKey, str]:
    """By what pictures are put together."""
    return {
        "": tr("No groups"),
        "day": tr("Day"),
        "child": tr("Child"),
        "book": tr("Book"),
        "template": tr("Template"),
    }


def label_titles() -> dict[str, str]:
    """The colour labels."""
    titles: dict[Label, str] = {
        "": tr("No label"),
        "red": tr("Red"),
        "yellow": tr("Yellow"),
        "green": tr("Green"),
        "blue": tr("Blue"),
        "purple": tr("Purple"),
    }
    return {str(key): title for key, title in titles.items()}


def stars_title(rating: int) -> str:
    """How good a picture is."""
    if not rating:
        return tr("No stars")
    return tr("1 star") if rating == 1 else tr("{count} stars", count=rating)


def flag_title(flag: int) -> str:
    """Whether a picture was picked; empty where nobody has decided."""
    return {1: tr("Picked"), -1: tr("Rejected")}.get(flag, "")


def upload_title(state: UploadState) -> str:
    """Whether there is a copy elsewhere; empty where none is wanted."""
    return {
        "uploaded": tr("Uploaded"),
        "queued": tr("Waiting to upload"),
        "failed": tr("Upload failed"),
        "": "",
    }[state]


def day_title(iso: str, today: date | None = None) -> str:
    """``Today``, ``Yesterday`` or a day such as ``12 November 2026``, from an ISO day on the
    person's own clock or from a moment; what is none is shown as it is.
    """
    day = _day_of(iso)
    if day is None:
        return iso
    days = ((today or date.today()) - day).days
    if days in (0, 1):
        return tr("Yesterday") if days else tr("Today")
    return QLocale().toString(QDate(day.year, day.month, day.day), "d MMMM yyyy")


def count_text(count: int, total: int) -> str:
    """How many pages are shown, of how many there are."""
    if count == total:
        return tr("1 page") if count == 1 else tr("{count} pages", count=number(count))
    return tr("{count} of {total} pages", count=number(count), total=number(total))


def number(value: int) -> str:
    """A whole number as the person writes it."""
    return QLocale().toString(value)


def field_words() -> dict[str, str]:
    """The fields that can be sought, each with a word on what it does."""
    return {
        "rating": tr("Stars, as in rating:>=4"),
        "tag": tr("Pages with a tag"),
        "child": tr("Pages of a child"),
        "book": tr("Pages of a book"),
        "template": tr("By template"),
        "style": tr("By style"),
        "engine": tr("By who drew"),
        "label": tr("By colour label"),
        "is": tr("Picked, uploaded, in the trash…"),
        "has": tr("With a link, a note, a number…"),
        "date": tr("By day, month or year"),
        "before": tr("Older than a day"),
        "after": tr("Newer than a day"),
        "likeness": tr("By how near the face is to the photo"),
        "seam": tr("By how much the join shows"),
        "cost": tr("By price in USD"),
        "seed": tr("By seed"),
        "id": tr("One page by its name"),
    }


def value_words() -> dict[str, dict[str, str]]:
    """The values of the fields that have but a few, each with a word on it."""
    return {
        "is": {
            "picked": tr("Picked"),
            "rejected": tr("Rejected"),
            "unflagged": tr("Neither picked nor rejected"),
            "rated": tr("With stars"),
            "uploaded": tr("Uploaded"),
            "queued": tr("Waiting to upload"),
            "failed": tr("Upload failed"),
            "trashed": tr("In the trash"),
        },
        "has": {
            "url": tr("A link"),
            "note": tr("A note"),
            "tag": tr("Tags"),
            "rating": tr("Stars"),
            "label": tr("A colour label"),
            "likeness": tr("A likeness number"),
            "seam": tr("A seam number"),
            "cost": tr("A price"),
            "variations": tr("Variations"),
            "book": tr("A book"),
        },
        "rating": {
            ">=4": tr("4 stars or more"),
            "5": tr("5 stars"),
            ">=3": tr("3 stars or more"),
            "0": tr("No stars"),
        },
    }


def _day_of(iso: str) -> date | None:
    try:
        if len(iso) > len("2026-10-06"):
            return datetime.fromisoformat(iso).astimezone().date()
        return date.fromisoformat(iso)
    except ValueError:
        return None
