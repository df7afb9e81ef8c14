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


def words_back(change: Change, what: str) -> str:
    """That ``change`` was taken back; ``what`` are the pages, or the title of the one."""
    if change.note is not None:
        gone = tr("The note on {what} was taken back.", what=what)
        return gone if change.note else tr("The note on {what} is there again.", what=what)
    tags = ", ".join(change.add or change.remove)
    if change.add:
        return tr("Tags taken off {what} again: {tags}.", what=what, tags=tags)
    if change.remove:
        return tr("{what} tagged again: {tags}.", what=what, tags=tags)
    if change.marks.rating is not None:
        return tr("{what}: the stars are as they were.", what=what)
    if change.marks.label is not None:
        return tr("{what}: the colour label is as it was.", what=what)
    return tr("{what}: picked or rejected as before.", what=what)


def words_of_move(count: int, *, into_trash: bool) -> str:
    """What became of ``count`` pages."""
    if into_trash:
        return tr("{pages} moved to the trash", pages=pages(count))
    return tr("{pages} taken out of the trash", pages=pages(count))


def missing_words(count: int, *, trashed: int, gone: int) -> str:
    """That of ``count`` pages some were deleted elsewhere before they were decided on."""
    if count == 1:
        in_trash = tr("This page is in the trash: it was deleted elsewhere.")
        return tr("This page is gone for good: it was deleted elsewhere.") if gone else in_trash
    parts = [
        tr("{pages} in the trash", pages=pages(trashed)) if trashed else "",
        tr("{pages} gone for good", pages=pages(gone)) if gone else "",
    ]
    return tr("Deleted elsewhere: {what}.", what=", ".join(filter(None, parts)))


def _tags(change: Change, count: int) -> str:
    tags = ", ".join(change.add or change.remove)
    if change.add:
        return tr("{pages} tagged: {tags}", pages=pages(count), tags=tags)
    return tr("Tag taken from {pages}: {tags}", pages=pages(count), tags=tags)
