"""What forgetting a child does and does not do, in sentences."""

from collections.abc import Callable, Sequence

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.forget_errands import Left
from pickabook_desktop.storage.journal import Counts


def sentences_that_go(
    counts: Counts, store_title: Callable[[str], str] = str, others: Sequence[str] = ()
) -> tuple[str, ...]:
    """What goes, one line for each kind of which there is any. ``others`` are the names of the
    pages that go though they have another one; ``store_title`` is that of ``Surroundings``.
    """
    lines = (*_of_pages(counts, others), *_of_words_and_errands(counts), *_of_records(counts))
    stores = (
        tr("Copies at {store}: {count}", store=store_title(store_id), count=count)
        for store_id, count in counts.remote.items()
    )
    return (*(line for count, line in lines if count), *stores)


def _of_pages(counts: Counts, others: Sequence[str]) -> tuple[tuple[int, str], ...]:
    names = ", ".join(dict.fromkeys(others))
    return (
        (counts.pages, tr("Pages with their thumbnails: {count}", count=counts.pages)),
        (
            len(others),
            tr(
                "Among these, pages named {names}, because they are drawn from the same face in"
                " the same photo: {count}",
                names=names,
                count=len(others),
            ),
        ),
        (
            counts.photos,
            tr(
                "What the program remembers of its photos, not the photos themselves: {count}",
                count=counts.photos,
            ),
        ),
        (counts.photo_copies, tr("Copies of photos and pages: {count}", count=counts.photo_copies)),
    )


def _of_words_and_errands(counts: Counts) -> tuple[tuple[int, str], ...]:
    return (
        (counts.prompts, tr("Remembered prompts with the name: {count}", count=counts.prompts)),
        (counts.texts, tr("Other pages whose texts lose the name: {count}", count=counts.texts)),
        (counts.uploads, tr("Uploads that wait: {count}", count=counts.uploads)),
        (counts.batches, tr("Orders to draw later: {count}", count=counts.batches)),
    )


def _of_records(counts: Counts) -> tuple[tuple[int, str], ...]:
    return (
        (counts.consents, tr("Consents to sending its photos: {count}", count=counts.consents)),
        (counts.books, tr("Titles of books in the ledger: {count}", count=counts.books)),
        (
            counts.settings,
            tr("Settings that name it or one of its photos: {count}", count=counts.settings),
        ),
        (
            counts.log_records,
            tr("Lines of the log that name it: {count}", count=counts.log_records),
        ),
    )


def sentences_that_wait(left: Left) -> tuple[str, ...]:
    """What others could not be told yet, and how that is done."""
    return (
        *(
            tr(
                "Deletions at stores that wait: {count}. They are done with the next start, or by"
                " “pickabook outbox send --library {folder}”.",
                count=count,
                folder=folder,
            )
            for folder, count in left.deletions.items()
        ),
        *(
            tr(
                "The order {name} could not be deleted at its service yet. That is tried again at"
                " later starts; it can also be deleted in the account there.",
                name=name,
            )
            for name in left.batches
        ),
    )


def sentences_that_stay(counts: Counts) -> tuple[str, ...]:
    """What stays, because it is not this program's to delete; names nobody."""
    lines = (
        (
            counts.originals,
            tr("The original photos stay where they are: {count}.", count=counts.originals),
        ),
        (True, tr("Copies that were exported, shared or printed stay.")),
        (
            True,
            tr("Services keep what was sent to them for as long as their own terms say."),
        ),
        (
            counts.batches,
            tr(
                "What was ordered to be drawn later is stopped and deleted at its service once that"
                " can be reached; what is drawn by then is paid for."
            ),
        ),
        (
            counts.files_with_name,
            tr(
                "Files that are not this child's still have the name: {count}.",
                count=counts.files_with_name,
            ),
        ),
        (
            counts.addresses,
            tr(
                "Addresses of others' pages at stores still have the name: {count}.",
                count=counts.addresses,
            ),
        ),
        (True, tr("Backups, and lists of recent files that the system keeps, are not touched.")),
    )
    return tuple(line for there, line in lines if there)
