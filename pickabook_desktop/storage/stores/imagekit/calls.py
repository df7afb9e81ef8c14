"""Calls of ImageKit's interface: each is sent once, can be stopped at once, and ends in time."""

import re
from typing import TYPE_CHECKING, Any, TypeVar

from pickabook_desktop.domain.errors import NotConfiguredError, PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Cancellation, Secrets
from pickabook_desktop.net.connection import Connection
from pickabook_desktop.storage.stores.imagekit.failures import translated
from pickabook_desktop.storage.stores.imagekit.options import ID

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from imagekitio import AsyncImageKit

T = TypeVar("T")

# Bytes a second that an upload may take at worst, besides the time of any call. One that stands
# still is ended by the time-out for each write.
SLOWEST = 32_000

_KEY = re.compile(r"[\x21-\x7e]+")


def key_of(secrets: Secrets, cancellation: Cancellation | None = None) -> str:
    """The private key. Raises NotConfiguredError for none, and for what cannot be one."""
    key = secrets.get(ID, cancellation).strip()
    if key.startswith("public_"):
        raise NotConfiguredError(
            tr("The key for ImageKit is the public one."),
            tr("Give the private key, which begins with “private_”."),
            code="public_key",
            remedies=("keys",),
        )
    if not _KEY.fullmatch(key):
        # The package would put the key into its exception.
        raise NotConfiguredError(
            tr("The key for ImageKit has characters that no key has."),
            tr("Copy the private key again from imagekit.io, without spaces."),
            code="malformed_key",
            remedies=("keys",),
        )
    return key


def called(
    ask: "Callable[[AsyncImageKit], Awaitable[T]]",
    server: str,
    key: str,
    connection: Connection,
    cancellation: Cancellation,
    *,
    size: int = 0,
) -> T:
    """What ``ask`` gets out of ``server``, sending ``size`` bytes. Raises as a store does, never
    with the key in it.
    """
    # Not before somebody asks: stores are listed where a window is waited for.
    import asyncio

    from pickabook_desktop.net.streams import run_async

    async def main() -> T:
        async with (
            asyncio.timeout(connection.total_seconds + size / SLOWEST),
            _client(server, key, connection) as client,
        ):
            return await ask(client)

    failure: PickaBookError
    try:
        return run_async(main, cancellation)
    except Exception as error:  # noqa: BLE001 what is not known is raised again
        failure = translated(error, (key,))
    raise failure


def _client(server: str, key: str, connection: Connection) -> "AsyncImageKit":
    import httpx
    from imagekitio import AsyncImageKit

    arguments: dict[str, Any] = connection.httpx_arguments()
    return AsyncImageKit(
        private_key=key,
        password="",  # there is none; without it one is taken from the environment
        base_url=server,
        # Two by default, uploads included: a second one may meet the first.
        max_retries=0,
        http_client=httpx.AsyncClient(**arguments),
    )
