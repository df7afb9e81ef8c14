"""What a store is asked to keep, and what it answers."""

import msgspec

from pickabook_desktop.domain.capabilities import OptionSpec


class StoreInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one store. ``key`` is as in ``Capabilities``; ``max_bytes`` 0 is no limit.

    ``signs_links`` and ``transforms`` say whether :meth:`Store.link` heeds those parts of a
    :class:`LinkWish`. ``recipient`` is who gets the pictures; empty where they stay on the machine.
    """

    id: str
    title: str
    summary: str
    needs_network: bool = False
    needs_key: bool = False
    key: str = ""
    recipient: str = ""
    max_bytes: int = 0
    signs_links: bool = False
    transforms: bool = False
    options: tuple[OptionSpec, ...] = ()


class StoreState(msgspec.Struct, frozen=True, kw_only=True):
    """A store as listed; ``unavailable`` is a sentence, empty when it can be used."""

    id: str
    title: str
    info: StoreInfo | None = None
    unavailable: str = ""


class UploadOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One file to be kept elsewhere under exactly this name.

    ``name`` is made of the content's hash, so that a second try meets the first. ``folder`` has
    forward slashes and no slash at either end. ``facts`` are short texts by name (template, style,
    engine, seed, book) that a store may keep beside it; none of them names a child.
    """

    name: str
    data: bytes
    media_type: str
    sha256: str
    folder: str = ""
    tags: tuple[str, ...] = ()
    facts: dict[str, str] = {}


class StoredPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Where a picture is kept besides the library.

    ``remote_id`` is what the store knows it by, ``url`` its address as the store gave it (for a
    private file it opens only when signed), ``stored_on`` UTC in ISO 8601.
    """

    store_id: str
    remote_id: str
    url: str
    path: str = ""
    private: bool = False
    bytes: int = 0
    stored_on: str = ""


class LinkWish(msgspec.Struct, frozen=True, kw_only=True):
    """What an address should do: ``expires_in`` seconds until it stops opening (0: never; a private
    file needs a signature all the same), and the picture it should show; 0 and empty leave the
    original's.
    """

    expires_in: int = 0
    width: int = 0
    height: int = 0
    quality: int = 0
    format: str = ""
