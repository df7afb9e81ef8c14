"""Which library and which pages a command speaks of."""

import argparse
from typing import Literal

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.review import View
from pickabook_desktop.domain.search import Search, parse
from pickabook_desktop.storage.library import Library

Needs = Literal["", "place", "library", "list"]
"""What a command needs to find: the place where it may begin a library, one, or one with its list;
nothing where it does not look into it.
"""


def check_library(library: Library, needs: Needs, *, named: bool) -> None:
    """Raise InputError where the folder that was ``named`` is no library, StorageError where it is
    one whose list is gone and the command needs that. A library that nobody named may be begun yet.
    """
    folder = library.folder
    if named and folder.exists() and not folder.is_dir():
        raise InputError(
            tr("{file} is no folder.", file=folder), tr("Give --library the folder of a library.")
        )
    if named and needs in ("library", "list") and not library.present:
        raise InputError(
            tr("There is no library in {folder}.", folder=folder),
            tr("Give --library the folder that has “library.db” in it.")
            if folder.exists()
            else tr("There is no such folder. Look for a mistake in its name."),
        )
    if needs == "list" and library.lost:
        raise StorageError(
            tr("There are pages in {folder}, and no list of them.", folder=folder),
            tr("“pickabook library verify --repair” makes the list anew."),
        )


def add_pages_words(parser: argparse.ArgumentParser) -> None:
    """The words for the pages that are meant."""
    # Without a default of its own it would be told as one that is demanded.
    parser.add_argument("ids", metavar="ID", nargs="*", default=())
    add_search_words(parser)


def add_search_words(parser: argparse.ArgumentParser) -> None:
    """The words of a search."""
    text = tr("the pages that are found, as in the window: rating:>=4 tag:cover")
    parser.add_argument("--search", metavar="WORDS", help=text)


def search_of(words: str) -> Search:
    """What ``words`` ask for; raises InputError where they are not understood."""
    search = parse(words)
    if search.problems:
        raise InputError(search.problems[0], tr("Write the search as in the window."))
    return search


def found_by(words: str, library: Library) -> tuple[str, ...]:
    """The ids of the pages that a search finds, newest first; raises InputError."""
    found = library.review.show(View(search=search_of(words))).count
    return library.review.ids([(0, found)]) if found else ()


def pages_meant(arguments: argparse.Namespace, library: Library) -> tuple[str, ...]:
    """The pages that are named, then those that a search finds. Raises InputError for none."""
    ids: list[str] = list(arguments.ids)
    if arguments.search is not None:
        ids += found_by(arguments.search, library)
        if not ids:
            raise InputError(
                tr("No page matches “{words}”.", words=arguments.search),
                tr("Each word narrows the search. “pickabook library list” shows all pages."),
            )
    if not ids:
        raise InputError(
            tr("No page is meant."), tr("Give the ids of pages, or --search with some words.")
        )
    return tuple(dict.fromkeys(ids))
