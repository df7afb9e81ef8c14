"""Contact sheets: many pictures on few pages of paper, with captions."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pickabook_desktop.domain.errors import InputError, PickaBookError
from pickabook_desktop.domain.events import Done, JobEvent, Progress
from pickabook_desktop.domain.hand_over import CaptionLine, NotDone, SheetReport, SheetWish
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import Hints
from pickabook_desktop.domain.review import MOST_STARS, Card
from pickabook_desktop.domain.sheet_layout import SheetLayout, fitting, layout_of
from pickabook_desktop.jobs.decided import children_of
from pickabook_desktop.jobs.export import check_place, read_kept
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.atomic import replacing

if TYPE_CHECKING:
    from pickabook_desktop.imaging.sheet import SheetWriter
    from pickabook_desktop.jobs.stock import Stock

ENDING = ".pdf"


class Titles(NamedTuple):
    """What a page's template and style are called; empty for those that are not installed."""

    template: str
    style: str


def contact_sheet_job(stock: "Stock", ids: tuple[str, ...], wish: SheetWish, target: Path) -> Job:
    """As :meth:`~pickabook_desktop.jobs.hand_over.HandOver.contact_sheet_job`."""

    def job(token: CancelToken) -> Iterator[JobEvent]:
        from pickabook_desktop.imaging.sheet import SheetWriter

        layout = layout_of(fitting(wish, len(ids)))
        if not ids:
            raise InputError(tr("There is no picture to print."), tr("Choose some pictures."))
        if target.suffix.lower() != ENDING:
            raise InputError(
                tr("{name} does not end like a PDF file.", name=target.name),
                tr("End the name in .pdf."),
            )
        check_place(target, library=stock.library.folder)
        sheets = _Sheets(stock, wish, layout)
        pages = layout.pages_for(len(ids))
        with (
            replacing(target.absolute()) as file,
            SheetWriter(file, layout, wish.header, pages=pages) as writer,
        ):
            for number, picture_id in enumerate(ids):
                yield Progress(fraction=number / len(ids), stage=tr("Laying out pages"))
                token.raise_if_cancelled()
                place = number % len(layout.pictures)
                if not place:
                    writer.next_page()
                sheets.put(writer, place, number + 1, picture_id)
            writer.finish()
        yield Done(value=sheets.report(target, pages, len(ids)))

    return job


class _Sheets:
    """Puts one picture after the other onto the pages."""

    def __init__(self, stock: "Stock", wish: SheetWish, layout: SheetLayout) -> None:
        self._stock = stock
        self._wish = wish
        self._layout = layout
        self._failed: list[NotDone] = []
        self._children = Hints() if wish.names else children_of(stock.library)

    def put(self, writer: "SheetWriter", place: int, number: int, picture_id: str) -> None:
        """One that cannot be had leaves an empty frame and its name in the report."""
        from pickabook_desktop.imaging.thumbnail import small_rgb

        try:
            card = self._stock.library.review.card(picture_id)
            titles = Titles(self._stock.title_of(card.template), self._stock.style_of(card.style))
            captions = captions_of(card, number, self._wish, titles, self._children)
        except PickaBookError as error:
            writer.picture(place, None, (picture_id,))
            self._fail(picture_id, error)
            return
        try:
            data = read_kept(self._stock.library.get(picture_id))
            writer.picture(place, small_rgb(data, self._layout.edge), captions)
        except PickaBookError as error:
            writer.picture(place, None, captions)
            self._fail(picture_id, error)

    def _fail(self, picture_id: str, error: PickaBookError) -> None:
        self._failed.append(NotDone.because_of(error, picture_id))

    def report(self, target: Path, pages: int, count: int) -> SheetReport:
        return SheetReport(
            target=str(target),
            pages=pages,
            pictures=count - len(self._failed),
            failed=tuple(self._failed),
        )


def captions_of(
    card: Card, number: int, wish: SheetWish, titles: Titles, others: Hints
) -> tuple[str, ...]:
    """The lines below a picture, in the order of ``wish``; a line with nothing to say is left out.
    Unless names are wished for, the lines tell neither the picture's child nor ``others``.
    """
    words = _words(card, number, titles)
    if wish.names:
        return tuple(filter(None, (words[line] for line in wish.captions)))
    own = Hints(card.child)
    told = (others.without(own.without(words[line])) for line in wish.captions if line != "child")
    return tuple(filter(None, told))


def _words(card: Card, number: int, titles: Titles) -> dict[CaptionLine, str]:
    title = titles.template or card.template
    return {
        "number": str(number),
        "title": title,
        "date": datetime.fromisoformat(card.created).astimezone().strftime("%Y-%m-%d %H:%M"),
        "template": title,
        "style": titles.style or card.style,
        "engine": card.engine,
        "rating": "★" * card.rating + "☆" * (MOST_STARS - card.rating) if card.rating else "",
        "tags": ", ".join(card.tags),
        "note": card.note,
        "book": card.book,
        "child": card.child,
        "seed": str(card.seed),
        "id": card.id,
    }
