"""What is said of a picture that is looked at: its place, and what a person thinks of it."""

from PySide6.QtCore import QLocale

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import MOST_STARS, Card
from pickabook_desktop.ui.viewmodels.gallery_words import flag_title, label_titles


def place_words(place: int, count: int) -> str:
    """Which of how many, counted from 1."""
    locale = QLocale()
    return tr("{place} of {count}", place=locale.toString(place + 1), count=locale.toString(count))


def marks_words(card: Card) -> str:
    """Stars, flag and label in one line; empty where there is none."""
    stars = "★" * card.rating + "☆" * (MOST_STARS - card.rating) if card.rating else ""
    label = label_titles()[card.label] if card.label else ""
    return " · ".join(part for part in (stars, flag_title(card.flag), label) if part)
