"""What can be set for ImageKit, read from the settings and checked."""

from collections.abc import Callable

import msgspec

from pickabook_desktop.domain.capabilities import OptionSpec, number_setting
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.net.address import checked_address
from pickabook_desktop.net.connection import Connection, connection_options
from pickabook_desktop.storage.stores.naming import check_pattern, folder_option

ID = "imagekit"
API = "https://api.imagekit.io"
UPLOADS = "https://upload.imagekit.io"
FOLDER = "pickabook/{year}/{month}"
TAGS = "pickabook"
# Of the free plan, for images, as published by ImageKit in November 2026.
MAX_MB = 25


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """``api`` is the address for everything but uploads; ``endpoint`` is where pictures are shown
    from, empty where that is taken from their own address.
    """

    api: str
    uploads: str
    endpoint: str
    private: bool
    max_bytes: int
    connection: Connection


def read(setting: Callable[[str], str]) -> Options:
    """The settings ``imagekit.*``. Raises InputError for what cannot be meant."""

    def said(name: str) -> str:
        return setting(f"{ID}.{name}").strip()

    def address(name: str) -> str:
        return checked_address(said(name), service=tr("ImageKit"), example=API)

    base = address("base_url")
    check_pattern(said("folder"))
    return Options(
        api=base or API,
        uploads=address("upload_url") or base or UPLOADS,
        endpoint=address("url_endpoint"),
        private=said("private").lower() not in ("off", "no", "false", "0"),
        max_bytes=max_bytes(said("max_mb")),
        connection=Connection.of(setting, ID),
    )


def max_bytes(text: str) -> int:
    """The largest file in bytes, from megabytes as text; raises InputError."""
    try:
        megabytes = float(text or MAX_MB)
    except ValueError:
        megabytes = 0.0
    if not 0 < megabytes <= 1000:
        raise InputError(
            tr("“{text}” is not a size.", text=text),
            tr("Give the largest picture in megabytes, from 1 to 1000."),
            remedies=("settings",),
        )
    return int(megabytes * 1024 * 1024)


def specs() -> tuple[OptionSpec, ...]:
    """The options as the settings show them."""
    return (
        *_keeping(),
        *_servers(),
        *connection_options(tr("For one upload. Empty: as for all services.")),
    )


def _keeping() -> tuple[OptionSpec, ...]:
    return (
        folder_option(tr("Folder"), FOLDER),
        OptionSpec(
            id="tags",
            title=tr("Tags"),
            default=TAGS,
            scope="connection",
            help=tr("With commas between."),
        ),
        OptionSpec(
            id="private",
            title=tr("Private"),
            kind="switch",
            default="on",
            scope="connection",
            help=tr("A private picture opens only with a signed link."),
        ),
        number_setting(
            "max_mb",
            tr("Largest picture"),
            1,
            1000,
            default=MAX_MB,
            unit=tr("MB"),
            explained=tr("What your plan takes; the free one takes {size} MB.", size=MAX_MB),
        ),
    )


def _servers() -> tuple[OptionSpec, ...]:
    return (
        OptionSpec(
            id="url_endpoint",
            title=tr("Address of pictures"),
            scope="connection",
            help=tr("Empty takes it from what ImageKit answers; needed for a domain of your own."),
        ),
        OptionSpec(
            id="base_url",
            title=tr("Address"),
            scope="connection",
            help=tr("Empty is {address}. Another one is used for uploads too.", address=API),
        ),
        OptionSpec(
            id="upload_url",
            title=tr("Address for uploads"),
            scope="connection",
            help=tr("Empty is {address}, or the address above.", address=UPLOADS),
        ),
    )
