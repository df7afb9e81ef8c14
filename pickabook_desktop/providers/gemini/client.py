"""The SDK, told everything explicitly, so that nothing gets in from the environment."""

import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.net import address as net_address
from pickabook_desktop.net.connection import Connection
from pickabook_desktop.providers.gemini.prepare import ADDRESS, Prepared
from pickabook_desktop.providers.gemini.record import KEY_VARIABLE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from google.genai.client import AsyncClient
    from google.genai.types import Content, GenerateContentConfig

Asking = Callable[[], Coroutine[Any, Any, str]]

_API_VERSION = "v1beta"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """How the service is reached. ``key`` never appears in its text form."""

    key: str
    address: str
    connection: Connection

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or self.address

    def __repr__(self) -> str:
        return f"Line({self.address})"


@contextlib.asynccontextmanager
async def opened(line: Line, pictures: int = 1) -> "AsyncGenerator[AsyncClient]":
    """The SDK's asynchronous client, for this event loop; its connections are closed at the end.
    No answer may be larger than so many ``pictures`` are.

    The key goes into the header ``x-goog-api-key`` alone. Nothing is sent again by itself, and
    redirects are not followed: the key is for this address only.
    """
    import httpx2
    from google.genai import Client
    from google.genai.client import DebugConfig
    from google.genai.types import HttpOptions

    from pickabook_desktop.providers.gemini.carrier import carrier

    # It would say which of the keys in the environment it uses, and is given one instead.
    logging.getLogger("google_genai").setLevel(logging.ERROR)
    connection = line.connection
    arguments = connection.httpx_arguments()
    # Never used; without one the SDK would make its own, with certificates of its own choice.
    with httpx2.Client(verify=arguments["verify"], trust_env=False) as idle:
        async with carrier(arguments, connection.connect_seconds, pictures) as carrying:
            options = HttpOptions(
                base_url=line.address,
                api_version=_API_VERSION,
                # Milliseconds for each read. The first byte comes when the picture is finished, so
                # a read may take as long as all of it; the deadline of the whole is the caller's.
                timeout=round(connection.total_seconds * 1000),
                httpx_client=idle,
                httpx_async_client=carrying,
                async_client_args={"ssl": arguments["verify"]},
            )
            yield Client(
                api_key=line.key,
                vertexai=False,
                debug_config=DebugConfig(client_mode="", replays_directory="", replay_id=""),
                http_options=options,
            ).aio


def content_of(prepared: Prepared) -> "Content":
    """The prompt and then the pictures, as one turn."""
    from google.genai.types import Content, Part

    outgoing = prepared.outgoing
    pictures = [
        Part.from_bytes(data=image.data, mime_type=image.media_type) for image in outgoing.images
    ]
    return Content(role="user", parts=[Part.from_text(text=outgoing.prompt), *pictures])


def config_of(prepared: Prepared) -> "GenerateContentConfig":
    """One picture, in the shape and size chosen. The SDK must not send a second request by itself,
    as it would to go on with an answer that is cut short.
    """
    from google.genai.types import AutomaticFunctionCallingConfig as Functions
    from google.genai.types import GenerateContentConfig, ImageConfig

    image = ImageConfig(aspect_ratio=prepared.aspect or None, image_size=prepared.size_name or None)
    return GenerateContentConfig(
        response_modalities=["IMAGE"],
        image_config=image,
        automatic_function_calling=Functions(disable=True),
        automatic_continuation=False,
        should_return_http_response=True,
    )


def asking(service: "AsyncClient", prepared: Prepared) -> Asking:
    """What sends the request once, each time it is called, and gives the answer's text."""
    model, contents, config = prepared.model.id, content_of(prepared), config_of(prepared)

    async def ask() -> str:
        response = await service.models.generate_content(
            model=model, contents=contents, config=config
        )
        carried = response.sdk_http_response
        return (carried.body if carried else None) or ""

    return ask


def written_address(text: str) -> str:
    """The address in the settings in the one form by which it is known, Google's own for none."""
    return text.strip().rstrip("/") or ADDRESS


def checked_address(text: str) -> str:
    """The address from the settings, or Google's own; raises InputError for what is none, and for
    one that would send key and photo in the clear.
    """
    return net_address.checked_address(text, service=tr("Gemini"), example=ADDRESS) or ADDRESS


def checked_key(key: str) -> str:
    """The key as it goes into the header; raises NotConfiguredError for what cannot be one."""
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise NotConfiguredError(
            tr("The Gemini key has characters that no key has."),
            tr(
                "Copy it again from Google AI Studio and replace it: in the settings, or in the"
                " environment variable {variable} where that is set.",
                variable=KEY_VARIABLE,
            ),
            remedies=("keys",),
        )
    return key
