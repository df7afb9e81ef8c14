"""From a kept picture to what a store is asked to keep."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from msgspec import structs

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.stored import StoreInfo, UploadOrder
from pickabook_desktop.storage.files import sha256_of
from pickabook_desktop.storage.mentions import Mentions
from pickabook_desktop.storage.stores.naming import file_name, folder_of, tags_of


class UploadRules(msgspec.Struct, frozen=True, kw_only=True):
    """What goes with a picture: ``metadata`` on how it came to be and, of these, the child's
    ``names``. ``setting`` answers ``store.name`` keys, empty when unset.
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
    return UploadOrder(
        name=file_name(digest, picture.media_type),
        data=data,
        media_type=picture.media_type,
        sha256=digest,
        folder=folder_of(_option(info, "folder", rules), facts, created),
        tags=tags_of(_option(info, "tags", rules)),
        facts=facts,
    )


def facts_of(picture: KeptPicture, rules: UploadRules) -> dict[str, str]:
    """What a store may know of a picture. A book that is called after the child is not named,
    unless names may go.
    """
    request = picture.request
    book = request.book
    if not rules.names and any(each.found_in(book) for each in _mentions(picture)):
        book = ""
    facts = {
        "template": request.template_id,
        "style": request.style_id,
        "engine": request.engine_id,
        "seed": str(request.seed),
        "book": book,
    }
    return {name: text for name, text in facts.items() if text}


def _telling(data: bytes, picture: KeptPicture, rules: UploadRules) -> bytes:
    """The picture's bytes, with nothing in them that may not go."""
    from pickabook_desktop.imaging.encode import convert

    kind = picture.media_type
    try:
        data = convert(data, kind, kind, keep_metadata=rules.metadata, names=rules.names)
        if rules.names or not rules.metadata:
            return data
        return _unnamed(data, kind, _mentions(picture))
    except InputError:
        # A format without a place for metadata of this program.
        if rules.metadata:
            return data
        raise


def _unnamed(data: bytes, media_type: str, mentions: tuple[Mentions, ...]) -> bytes:
    """The same file where what it says of itself does not name the child; else a gap is there."""
    from pickabook_desktop.imaging import metadata

    said = metadata.read(data, media_type)
    if said is None or not any(m.found_in(said.prompt + said.request_json) for m in mentions):
        return data

    def without(text: str) -> str:
        for each in mentions:
            text = each.without(text)
        return text

    try:
        request = GenerationRequest.from_json(said.request_json)
        fields = {name: without(text) for name, text in request.fields.items()}
        told = request.with_changes(prompt=without(request.prompt), fields=fields).to_json()
    except msgspec.MsgspecError:
        told = ""
    unnamed = structs.replace(said, prompt=without(said.prompt), request_json=told)
    return metadata.embed(data, media_type, unnamed)


def _mentions(picture: KeptPicture) -> tuple[Mentions, ...]:
    """How the child may be called: by the whole name, then by each word of it."""
    name = picture.request.fields.get("name", "")
    return tuple(Mentions(part) for part in dict.fromkeys((name, *name.split())))


def _option(info: StoreInfo, name: str, rules: UploadRules) -> str:
    """The setting of a store, or the default that the store declares for it."""
    default = next((option.default for option in info.options if option.id == name), "")
    return rules.setting(f"{info.id}.{name}") or default
