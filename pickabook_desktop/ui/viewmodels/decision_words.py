"""What was decided, in a few words."""

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.viewmodels.decisions import Change
from pickabook_desktop.ui.viewmodels.gallery_words import label_titles, number, stars_title


def pages(count: int) -> str:
    """So many pages."""
    return tr("1 page") if count == 1 else tr("{count} pages", count=number(count))


def words_of(change: Change, count: int) -> str:
    """What ``change`` did to ``count`` pages."""
    if change.note is not None:
        return tr("Note kept") if change.note else tr("Note taken away")
    if change.add or change.remove:
        return _tags(change, count)
    marks = change.marks
    if marks.rating is not None:
        stars = stars_title(marks.rating)
        return tr("{pages} rated: {stars}", pages=pages(count), stars=stars)
    if marks.label is not None:
        label = label_titles()[marks.label]
        return tr("{pages} labelled: {colour}", pages=pages(count), colour=label)
    return {
        1: tr("{pages} picked", pages=pages(count)),
        -1: tr("{pages} rejected", pages=pages(count)),
    }.get(marks.flag or 0, tr("{pages} neither picked nor rejected", pages=pages(count)))


def _tags(change: Change, count: int) -> str:
    tags = ", ".join(change.add or change.remove)
    if change.add:
        return tr("{pages} tagged: {tags}", pages=pages(count), tags=tags)
    return tr("Tag taken from {pages}: {tags}", pages=pages(count), tags=tags)
