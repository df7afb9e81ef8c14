"""``pickabook library list``, ``show``, ``mark`` and ``adopt``: what pages there are, and what is
thought of them.
"""

import argparse
from collections.abc import Iterator

from pickabook_desktop.cli.commands import Context
from pickabook_desktop.cli.meant import found_by, pages_meant
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.review import LABELS, MOST_STARS, Label, Marks
from pickabook_desktop.jobs import card_reports, reports, upload_reports
from pickabook_desktop.jobs.adoption import adopt_orphans, regain_orphans
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.review_changes import tidy_note

PAGE = 500
NO_LABEL = "none"


def library_list(arguments: argparse.Namespace, context: Context) -> int:
    library = context.studio(arguments.library).library
    pictures: list[KeptPicture] = []
    for picture in _listed(arguments, library):
        context.token.raise_if_cancelled()
        pictures.append(picture)
    data = {"pictures": upload_reports.pictures_data(pictures, library)}
    context.output.give(data, map(reports.picture_line, pictures))
    return 0


def _listed(arguments: argparse.Namespace, library: Library) -> Iterator[KeptPicture]:
    if arguments.search is not None:
        words = f"{arguments.search} is:trashed" if arguments.trash else arguments.search
        yield from map(library.get, found_by(words, library))
        return
    last = None
    while page := library.recent(PAGE, before=last, trashed=arguments.trash):
        yield from page
        last = page[-1].id


def library_show(arguments: argparse.Namespace, context: Context) -> int:
    library = context.studio(arguments.library).library
    picture = library.get(arguments.id)
    card = library.review.card(picture.id)
    (data,) = upload_reports.pictures_data((picture,), library)
    urls = [copy["url"] for copy in data["stored"]]
    lines = [
        *card_reports.card_lines(picture, card),
        *(tr("Copy: {url}", url=url) for url in urls),
    ]
    context.output.give({"picture": data | card_reports.card_data(card)}, lines)
    return 0


def library_mark(arguments: argparse.Namespace, context: Context) -> int:
    library = context.studio(arguments.library).library
    review, marks = library.review, _marks(arguments)
    add, remove, note = arguments.tag, arguments.untag, arguments.note
    if marks == Marks() and not (add or remove) and note is None:
        raise InputError(
            tr("It is not said what to make of the pages."),
            tr("Add --stars, --pick, --reject, --unflag, --label, --tag, --untag or --note."),
        )
    ids = pages_meant(arguments, library)
    # Whatever cannot be is found out before anything is changed.
    for one in ids:
        review.card(one)
    tidy_note(note or "")
    if add or remove:
        review.decisions.tag(ids, add, remove)
    if marks != Marks():
        review.decisions.mark(ids, marks)
    if note is not None:
        for one in ids:
            review.decisions.annotate(one, note)
    cards = [review.card(one) for one in ids]
    data = {"marked": [card_reports.marks_data(card) for card in cards]}
    context.output.give(data, map(card_reports.marks_line, cards))
    return 0


def _marks(arguments: argparse.Namespace) -> Marks:
    label: Label | None = arguments.label if arguments.label != NO_LABEL else ""
    return Marks(rating=arguments.stars, flag=arguments.flag, label=label)


def add_mark_words(parser: argparse.ArgumentParser) -> None:
    """The words of ``mark``, but for which pages."""
    add = parser.add_argument
    text = tr("0 takes them away")
    add("--stars", type=int, choices=range(MOST_STARS + 1), metavar=f"0-{MOST_STARS}", help=text)
    flag = parser.add_mutually_exclusive_group()
    for name, value, text in (
        ("--pick", 1, tr("choose it")),
        ("--reject", -1, tr("turn it down")),
        ("--unflag", 0, tr("neither of the two")),
    ):
        flag.add_argument(name, dest="flag", action="store_const", const=value, help=text)
    labels = (*filter(None, LABELS), NO_LABEL)
    add("--label", choices=labels, metavar="|".join(labels))
    text = tr("put a tag on; may be given several times")
    add("--tag", action="append", default=[], metavar="TAG", help=text)
    text = tr("take a tag off; may be given several times")
    add("--untag", action="append", default=[], metavar="TAG", help=text)
    add("--note", metavar="TEXT", help=tr("an empty one takes it away"))
    parser.epilog = tr(
        "With --json: “marked”, a list with “id”, “rating”, “flag” (“picked”, “rejected” or empty),"
        " “label”, “tags” and “note” as they are now. Where a page is unknown, none is changed."
    )


def library_adopt(arguments: argparse.Namespace, context: Context) -> int:
    library = context.studio(arguments.library).library
    pictures = [*regain_orphans(library), *adopt_orphans(library, context.token)]
    left = library.orphans()
    data = {"adopted": [reports.picture_data(p) for p in pictures], "orphans": list(left)}
    lines = [*map(reports.picture_line, pictures), *reports.orphan_lines(left)]
    context.output.give(data, lines)
    return 0
