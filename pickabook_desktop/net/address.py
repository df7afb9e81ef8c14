"""Addresses of services, as a person writes them into the settings."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr


def web_address(text: str) -> SplitResult | None:
    """The parts of an address that begins with http or https and names a host; None for others."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def on_this_machine(host: str) -> bool:
    """Whether what is sent to ``host`` never leaves this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def checked_address(text: str, *, service: str, example: str) -> str:
    """The address of ``service`` without spaces and slashes around it, empty for none. Raises
    InputError for what is no address, and for one by which key and pictures would travel in the
    open: it must be https, or http on this machine.
    """
    text = text.strip().rstrip("/")
    if not text:
        return ""
    parts = web_address(text)
    if parts is None or parts.username is not None or parts.query or parts.fragment:
        raise InputError(
            tr("The address of {service} in the settings cannot be used.", service=service),
            tr("Write for example {example}, or leave it empty.", example=example),
            remedies=("settings",),
        )
    if parts.scheme == "http" and not on_this_machine(parts.hostname or ""):
        raise InputError(
            tr("The address of {service} in the settings is not encrypted.", service=service),
            tr("Write it with https; pictures and the key would travel in the clear."),
            remedies=("settings",),
        )
    return text
