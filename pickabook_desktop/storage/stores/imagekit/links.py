"""Addresses of pictures at ImageKit: smaller ones, other formats, and ones that expire."""

from typing import TYPE_CHECKING, cast
from urllib.parse import quote, urlsplit, urlunsplit

from pickabook_desktop.domain.errors import InputError, StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.stored import LinkWish, StoredPicture

if TYPE_CHECKING:
    from imagekitio.types.shared_params import SrcOptions, Transformation

FORMATS = ("auto", "jpg", "png", "webp", "avif")
LONGEST_EDGE = 10_000


def link(stored: StoredPicture, wish: LinkWish, endpoint: str, key: str) -> str:
    """The address of ``stored`` that does what is wished; signed with ``key`` where it expires or
    the picture is private. ``endpoint`` empty takes the one in the picture's own address.

    Raises InputError for a wish that cannot be granted, StorageError where there is no endpoint.
    """
    _check(wish)
    endpoint = endpoint or _endpoint_of(stored)
    changes: dict[str, object] = {
        "width": wish.width,
        "height": wish.height,
        "quality": wish.quality,
        "format": wish.format,
    }
    changes = {name: value for name, value in changes.items() if value}
    options: SrcOptions = {
        "src": _path_of(stored),
        "url_endpoint": endpoint,
        "signed": needs_key(stored, wish),
        "expires_in": wish.expires_in,
        "transformation": [cast("Transformation", changes)],
    }
    return _built(options, key)


def needs_key(stored: StoredPicture, wish: LinkWish) -> bool:
    """Whether an address can only be made with the key."""
    return stored.private or wish.expires_in > 0


def _built(options: "SrcOptions", key: str) -> str:
    import httpx
    import imagekitio

    # A client that could not send anything: no certificates are read for it.
    with httpx.Client(transport=httpx.BaseTransport(), trust_env=False) as silent:
        client = imagekitio.ImageKit(
            private_key=key or "none",
            password="",
            base_url=options["url_endpoint"],
            max_retries=0,
            http_client=silent,
        )
        return client.helper.build_url(**options)


def _check(wish: LinkWish) -> None:
    edges = (wish.width, wish.height)
    if not all(0 <= edge <= LONGEST_EDGE for edge in edges) or not 0 <= wish.quality <= 100:
        raise InputError(
            tr("There is no picture of that size or quality."),
            tr("Give at most {edge} pixels, and a quality from 1 to 100.", edge=LONGEST_EDGE),
        )
    if wish.format and wish.format not in FORMATS:
        raise InputError(
            tr("ImageKit does not make pictures of the kind “{name}”.", name=wish.format),
            tr("Choose one of: {names}.", names=", ".join(FORMATS)),
        )
    if wish.expires_in < 0:
        raise InputError(
            tr("A link cannot expire before it is made."), tr("Give a time in the future.")
        )


def _path_of(stored: StoredPicture) -> str:
    return stored.path or urlsplit(stored.url).path


def _endpoint_of(stored: StoredPicture) -> str:
    """The address without the path in the media library, as ``https://ik.imagekit.io/account``."""
    scheme, host, path, _, _ = urlsplit(stored.url)
    for end in (stored.path, quote(stored.path)):
        if end and path.endswith(end):
            return urlunsplit((scheme, host, path.removesuffix(end), "", ""))
    raise StorageError(
        tr("It is not known where ImageKit shows this picture."),
        tr("Give the address of pictures in the settings; it is on ImageKit’s start page."),
        remedies=("settings",),
    )
