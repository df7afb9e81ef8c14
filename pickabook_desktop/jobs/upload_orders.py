"""From a kept picture to what a store is asked to keep."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import Hints, name_in
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.stored import StoreInfo, UploadOrder
from pickabook_desktop.jobs.telling import telling_file
from pickabook_desktop.storage.files import sha256_of
from pickabook_desktop.storage.stores.naming import UNNAMED, file_name, folder_of, tags_of


class UploadRules(msgspec.Struct, frozen=True, kw_only=True):
    """What goes with a picture: ``metadata`` on how it came to be and, of these, the child's
    ``names``, which no address ever has. ``setting`` answers ``store.name`` keys, empty when unset.
    """

    setting: Callable[[str], str]
    metadata: bool = True
    names: bool = False


def order_for(
    picture: KeptPicture, data: bytes, info: StoreInfo, rules: UploadRules
) -> UploadOrder:
    """What to ask the store for. ``data`` are the library's bytes; they go as they are unless they
    tell more than they may. Nothing is taken from the photo.

    Two orders for one picture are the same as long as the rules are: the folder is that of the day
    on which it was drawn. Raises InputError for settings that cannot be used and for a picture
    that metadata cannot be taken from, StorageError for one that the store would find too large.
    """
    data = _telling(data, picture, rules)
    if info.max_bytes and len(data) > info.max_bytes:
        raise StorageError(
            tr(
                "The picture has {size} MB, and {title} takes {most} MB at most.",
                size=f"{len(data) / 1e6:.1f}",
                title=info.title,
                most=f"{info.max_bytes / 1e6:.1f}",
            ),
            tr("Draw it in a smaller size, or raise the limit in the settings if there is more."),
            code="too_large",
            remedies=("smaller_size", "settings"),
        )
    digest = sha256_of(data)
    facts = facts_of(picture, rules)
    created = datetime.fromisoformat(picture.created)
    tags = tags_of(_option(info, "tags", rules))
    hints = Hints(name_in(picture.request))
    return UploadOrder(
        name=file_name(digest, picture.media_type),
        data=data,
        media_type=picture.media_type,
        sha256=digest,
        folder=_without_name(folder_of(_option(info, "folder", rules), facts, created), hints),
        tags=tuple(tag for tag in tags if rules.names or not hints.found_in(tag)),
        facts=facts,
    )


def facts_of(picture: KeptPicture, rules: UploadRules) -> dict[str, str]:
    """What a store may know of a picture. A book that is called after the child is not named, nor
    is a template, unless names may go.
    """
    request = picture.request
    hints = Hints("" if rules.names else name_in(request))
    facts = {
        "template": request.template_id,
        "style": request.style_id,
        "engine": request.engine_id,
        "seed": str(request.seed),
        "book": request.book,
    }
    return {name: text for name, text in facts.items() if text and not hints.found_in(text)}


def _telling(data: bytes, picture: KeptPicture, rules: UploadRules) -> bytes:
    """The picture's bytes, with nothing in them that may not go."""
    from pickabook_desktop.imaging.encode import convert

    kind = picture.media_type
    if not rules.metadata:
        return convert(data, kind, kind, keep_metadata=False)
    return telling_file(data, kind, name_in(picture.request), names=rules.names)


def _without_name(folder: str, hints: Hints) -> str:
    """An address may be seen by anybody, whatever else may go."""
    return "/".join(UNNAMED if hints.found_in(part) else part for part in folder.split("/"))


def _option(info: StoreInfo, name: str, rules: UploadRules) -> str:
    """The setting of a store, or the default that the store declares for it."""
    default = next((option.default for option in info.options if option.id == name), "")
    return rules.setting(f"{info.id}.{name}") or default
