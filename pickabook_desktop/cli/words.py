"""The words that the command line understands."""

import argparse
from pathlib import Path
from typing import Any, NoReturn

from pickabook_desktop import __version__
from pickabook_desktop.cli import (
    batches,
    commands,
    generate,
    hand_over,
    keys,
    ledger,
    library,
    meant,
    outbox,
    pages,
    privacy,
)
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.spending import SUM_KEYS


class _Parser(argparse.ArgumentParser):
    """Tells wrong usage like every other failure, so that ``--json`` stays JSON."""

    def error(self, message: str) -> NoReturn:
        raise InputError(
            tr("The command was not understood: {reason}.", reason=message.rstrip(".")),
            tr("“{program} --help” shows what there is.", program=self.prog),
        )


def parser() -> argparse.ArgumentParser:
    """The whole command line; what it reads has the function to run as ``command``."""
    root = _Parser(
        prog="pickabook",
        allow_abbrev=False,
        description=tr("Draw picture-book pages in which your child is the hero."),
    )
    root.add_argument("--version", action="version", version=f"pickabook {__version__}")
    groups = root.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    common = _Parser(add_help=False)
    common.add_argument("--json", action="store_true", help=tr("answer with one JSON object"))
    shelf = _Parser(add_help=False, parents=[common])
    shelf.add_argument("--library", type=Path, metavar="DIR", help=tr("the library's folder"))
    shelf.set_defaults(needs="list")

    text = tr("draw a page from a photo")
    _add_generate(_add(groups, "generate", generate.generate, shelf, text, "place"))
    _add(groups, "engines", commands.engines, common, tr("list what can draw"))
    _add(groups, "templates", commands.templates, common, tr("list the pages to choose from"))
    _add(groups, "styles", commands.styles, common, tr("list the ways of drawing"))
    check = _add(
        groups, "check-photo", commands.check_photo, common, tr("say whether a photo is fit")
    )
    check.add_argument("photo", type=Path, metavar="PHOTO")
    pages = groups.add_parser("library", help=tr("look after finished pages"))
    _add_library(pages.add_subparsers(required=True, metavar="ACTION", parser_class=_Parser), shelf)
    keys_group = groups.add_parser("keys", help=tr("look after the keys of services"))
    _add_keys(
        keys_group.add_subparsers(required=True, metavar="ACTION", parser_class=_Parser), common
    )
    box = groups.add_parser("outbox", help=tr("look after uploads that are still to be done"))
    _add_outbox(box.add_subparsers(required=True, metavar="ACTION", parser_class=_Parser), shelf)
    _add_spending(groups, common, shelf)
    _add_privacy(groups, common, shelf)
    _add(groups, "doctor", commands.doctor, common, tr("say whether everything is in place"))
    return root


def _add(
    group: Any,
    name: str,
    run: object,
    parent: _Parser,
    text: str,
    needs: meant.Needs | None = None,
) -> _Parser:
    """A command; ``needs`` where it is content with less of a library than its ``parent`` says."""
    new: _Parser = group.add_parser(
        name, parents=[parent], help=text, description=text, allow_abbrev=False
    )
    new.set_defaults(command=run)
    if needs is not None:
        new.set_defaults(needs=needs)
    return new


def _add_set(parser: _Parser) -> None:
    text = tr("a setting, this once")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help=text)


def _add_library(group: Any, shelf: _Parser) -> None:
    every = _add(group, "list", pages.library_list, shelf, tr("list all pages, newest first"))
    every.add_argument("--trash", action="store_true", help=tr("those in the trash"))
    meant.add_search_words(every)
    show = _add(group, "show", pages.library_show, shelf, tr("say everything about a page"))
    text = tr("give pages stars, a flag, a label, tags or a note")
    mark = _add(group, "mark", pages.library_mark, shelf, text)
    meant.add_pages_words(mark)
    pages.add_mark_words(mark)
    export = _add(group, "export", commands.library_export, shelf, tr("write a page to a file"))
    _add_hand_over(group, shelf)
    delete = _add(group, "delete", commands.library_delete, shelf, tr("put a page into the trash"))
    restore = _add(group, "restore", commands.library_restore, shelf, tr("take it out again"))
    for one in (show, export, delete, restore):
        one.add_argument("id", metavar="ID")
    export.add_argument("file", type=Path, metavar="FILE")
    _add_link(_add(group, "link", outbox.library_link, shelf, tr("tell a copy's address")))
    empty = tr("delete what is in the trash for good")
    _add(group, "purge", commands.library_purge, shelf, empty)
    back = tr("take pages back that the library's list has lost")
    _add(group, "adopt", pages.library_adopt, shelf, back, "library")
    text = tr("compare all pages with what was kept")
    check = _add(group, "verify", library.library_verify, shelf, text, "library")
    text = tr("make the list whole again, from its copies and from the pages themselves")
    check.add_argument("--repair", action="store_true", help=text)
    text = tr("repair, and take pages off the list whose files are gone")
    check.add_argument("--drop-missing", action="store_true", help=text)
    text = tr("list the copies of the library's list, newest first")
    copies = _add(group, "backups", library.library_backups, shelf, text, "library")
    copies.add_argument("--now", action="store_true", help=tr("make one now"))
    text = tr("put a copy in the place of the list, which is set aside")
    copies.add_argument("--restore", metavar="NAME", default="", help=text)


def _add_hand_over(group: Any, shelf: _Parser) -> None:
    text = tr("write copies of many pages into a folder")
    many = _add(group, "export-many", hand_over.export_many, shelf, text)
    many.add_argument("folder", type=Path, metavar="FOLDER")
    text = tr("write copies of many pages into an archive")
    packed = _add(group, "zip", hand_over.zip_pages, shelf, text)
    packed.add_argument("file", type=Path, metavar="FILE.zip")
    for one in (many, packed):
        hand_over.add_export_words(one)
    text = tr("print many pages small, with captions, to a PDF")
    hand_over.add_sheet_words(_add(group, "sheet", hand_over.sheet, shelf, text))
    text = tr("take pages back that were made with this program")
    hand_over.add_import_words(_add(group, "import", hand_over.import_pages, shelf, text, "place"))


def _add_keys(group: Any, common: _Parser) -> None:
    _add(group, "list", keys.keys_list, common, tr("say where each key is"))
    text = tr("keep a key that comes on standard input or is typed")
    put = _add(group, "set", keys.keys_set, common, text)
    remove = _add(group, "remove", keys.keys_remove, common, tr("take a key out of the keyring"))
    test = _add(group, "test", keys.keys_test, common, tr("ask the service whether a key works"))
    for one in (put, remove, test):
        one.add_argument("name", metavar="NAME")
    _add_set(test)


def _add_link(parser: _Parser) -> None:
    add = parser.add_argument
    add("id", metavar="ID")
    add("--store", default="", metavar="STORE")
    text = tr("how long it opens; for good without")
    add("--expires", default="", metavar="90|30m|12h|7d", help=text)
    add("--width", type=int, default=0, metavar="PIXELS")
    add("--height", type=int, default=0, metavar="PIXELS")
    add("--quality", type=int, default=0, metavar="1-100")
    add("--format", default="", metavar="jpg|png|webp|avif|auto")
    _add_set(parser)


def _add_outbox(group: Any, shelf: _Parser) -> None:
    _add(group, "list", outbox.outbox_list, shelf, tr("list what is to be done"))
    put = _add(group, "add", outbox.outbox_add, shelf, tr("have pages uploaded"))
    put.add_argument("store", metavar="STORE")
    put.add_argument("ids", metavar="ID", nargs="+")
    send = _add(group, "send", outbox.outbox_send, shelf, tr("upload everything now"))
    cancel = _add(group, "cancel", outbox.outbox_cancel, shelf, tr("take an entry out, or all"))
    retry = _add(group, "retry", outbox.outbox_retry, shelf, tr("have it tried again, or all"))
    for one in (cancel, retry):
        one.add_argument("id", metavar="ID|all")
    text = tr("take the copies of a page away")
    remove = _add(group, "remove", outbox.outbox_remove, shelf, text)
    remove.add_argument("id", metavar="PAGE")
    remove.add_argument("--store", default="", metavar="STORE", help=tr("of this store alone"))
    for one in (put, send, retry, remove):
        _add_set(one)


def _add_spending(groups: Any, common: _Parser, shelf: _Parser) -> None:
    spent = _add(groups, "ledger", ledger.ledger, common, tr("say what was spent on services"), "")
    spent.add_argument("--by", choices=SUM_KEYS, help=tr("sums instead of every call"))
    spent.add_argument("--month", default="", metavar="YYYY-MM", help=tr("of this month alone"))
    spent.add_argument("--csv", type=Path, metavar="FILE", help=tr("write every call to a table"))
    later = groups.add_parser("batches", help=tr("have pages drawn within a day, for less"))
    actions = later.add_subparsers(required=True, metavar="ACTION", parser_class=_Parser)
    text = tr("hand pages over; the words are those of “generate”")
    _add_wishes(_add(actions, "submit", batches.batches_submit, shelf, text, "place"))
    _add(actions, "list", batches.batches_list, shelf, tr("list all batches, newest first"))
    text = tr("keep the pages that have come")
    poll = _add(actions, "poll", batches.batches_poll, shelf, text, "library")
    text = tr("stop a batch, or take one that has ended off the list")
    cancel = _add(actions, "cancel", batches.batches_cancel, shelf, text, "library")
    cancel.add_argument("id", metavar="ID")
    for one in (poll, cancel):
        _add_set(one)


def _add_privacy(groups: Any, common: _Parser, shelf: _Parser) -> None:
    text = tr("list the children that are known")
    _add(groups, "children", privacy.children, shelf, text, "place")
    text = tr("delete everything there is of a child; shows what that is unless told --yes")
    forget = _add(groups, "forget", privacy.forget, shelf, text, "place")
    forget.add_argument("child", metavar="NAME|PHOTO")
    forget.add_argument("--yes", action="store_true", help=tr("do it"))
    _add_set(forget)
    consents = groups.add_parser("consents", help=tr("look after who agreed to sending photos"))
    actions = consents.add_subparsers(required=True, metavar="ACTION", parser_class=_Parser)
    _add(actions, "list", privacy.consents_list, common, tr("list all, latest first"))
    text = tr("make a consent hold no more")
    withdraw = _add(actions, "withdraw", privacy.consents_withdraw, common, text)
    withdraw.add_argument("id", metavar="ID")


def _add_generate(parser: _Parser) -> None:
    _add_wishes(parser)
    add = parser.add_argument
    add("--upload", default="", metavar="STORE", help=tr("also keep it there: imagekit, folder"))
    add("--out", type=Path, metavar="FILE", help=tr("also write to a png, jpg, webp or tif file"))


def _add_wishes(parser: _Parser) -> None:
    """The words for what is to be drawn."""
    add = parser.add_argument
    add("photo", type=Path, metavar="PHOTO")
    add("--template", default="", metavar="ID")
    add("--prompt", default="", metavar="TEXT")
    add("--style", default="", metavar="ID")
    add("--engine", default="", metavar="ID")
    add("--name", default="", metavar="CHILD", help=tr("the child's name"))
    add("--size", default="", metavar="WxH|1K|2K|4K")
    add("--aspect", default="", metavar="W:H")
    add("--seed", type=int, metavar="N")
    add("--count", type=int, default=1, metavar="N")
    _add_set(parser)
    add("--consent", default="", metavar="WHO", help=tr("who agreed to sending the photo"))
    add(
        "--also",
        dest="further_photos",
        action="append",
        type=Path,
        default=[],
        metavar="PHOTO",
        help=tr("a further photo of the same child, for engines that take several"),
    )
