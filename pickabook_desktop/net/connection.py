"""How services are reached: time-outs, proxy and certificates, from the settings."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec

from pickabook_desktop.domain.capabilities import OptionSpec, number_setting
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.net.address import web_address

if TYPE_CHECKING:
    import ssl

SYSTEM = "system"
NONE = "none"
_LONGEST_SECONDS = 3600.0


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """Time-outs in seconds: to connect, for each read, and for a whole call.

    ``proxy`` is ``system`` (environment, and what Windows and macOS are set to), ``none``, or an
    address. ``ca_file`` holds certificates in PEM that are trusted besides the system's.
    """

    proxy: str = SYSTEM
    ca_file: str = ""
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    total_seconds: float = 180.0

    @classmethod
    def of(cls, setting: Callable[[str], str], part: str) -> Self:
        """What ``<part>.timeout``, ``.proxy`` and ``.ca_file`` say, else ``net.*``, else the
        defaults. Raises InputError for what cannot be meant.
        """

        def said(name: str) -> str:
            return (setting(f"{part}.{name}") or setting(f"net.{name}")).strip()

        usual = cls()
        total = _seconds(said("timeout")) or usual.total_seconds
        return cls(
            proxy=_proxy(said("proxy")),
            ca_file=said("ca_file"),
            connect_seconds=min(usual.connect_seconds, total),
            read_seconds=min(max(usual.read_seconds, total / 2), total),
            total_seconds=total,
        )

    def ssl_context(self) -> "ssl.SSLContext":
        """Trusts what the system trusts, and ``ca_file``; raises InputError where that cannot be
        used.
        """
        import ssl

        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self.ca_file:
            try:
                context.load_verify_locations(cafile=str(Path(self.ca_file).expanduser()))
            except (OSError, ssl.SSLError) as error:
                raise InputError(
                    tr("The certificates in {file} cannot be read.", file=self.ca_file),
                    tr("Choose a file with certificates in PEM form in the settings."),
                    remedies=("settings",),
                ) from error
        return context

    def httpx_arguments(self) -> dict[str, Any]:
        """Keyword arguments for the clients of httpx and httpx2, synchronous or not."""
        manual = self.proxy not in (SYSTEM, NONE)
        return {
            "verify": self.ssl_context(),
            "proxy": self.proxy if manual else None,
            "trust_env": self.proxy == SYSTEM,
            # Connect, read, write, pool: a tuple is understood by both packages.
            "timeout": (
                self.connect_seconds,
                self.read_seconds,
                self.read_seconds,
                self.total_seconds,
            ),
        }


def connection_options(timeout_help: str) -> tuple[OptionSpec, ...]:
    """The settings that :meth:`Connection.of` reads, as an engine or a store offers them."""
    return (
        number_setting(
            "timeout",
            tr("Time-out"),
            1,
            _LONGEST_SECONDS,
            unit=tr("seconds"),
            explained=timeout_help,
        ),
        OptionSpec(
            id="proxy",
            title=tr("Proxy"),
            scope="connection",
            help=tr("“system”, “none” or an address. Empty: as for all services."),
        ),
        OptionSpec(
            id="ca_file",
            title=tr("Own certificates"),
            kind="file",
            scope="connection",
            help=tr("A file in PEM form, for networks that inspect connections."),
        ),
    )


def _seconds(text: str) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= _LONGEST_SECONDS:
        raise InputError(
            tr("“{text}” is not a time-out.", text=text),
            tr("Give seconds, more than 0 and at most {most}.", most=int(_LONGEST_SECONDS)),
            remedies=("settings",),
        )
    return seconds


def _proxy(text: str) -> str:
    if text.lower() in ("", SYSTEM, NONE):
        return text.lower() or SYSTEM
    parts = web_address(text)
    if parts is None:
        raise InputError(
            tr("The proxy in the settings is not an address."),
            tr("Write for example http://proxy.example:3128, “system” or “none”."),
            remedies=("settings",),
        )
    if parts.password is not None:
        raise InputError(
            tr("The proxy in the settings has a password, and settings are no place for one."),
            tr("Choose “system” and set HTTPS_PROXY in the environment instead."),
            remedies=("settings",),
        )
    return text
