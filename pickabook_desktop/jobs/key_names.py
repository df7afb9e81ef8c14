"""Which keys there are, what one looks like, and how it is said where one is."""

from typing import Literal

import msgspec

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr

SHORTEST = 8
# What Windows keeps: 2,560 bytes of UTF-16 (wincred.h, CRED_MAX_CREDENTIAL_BLOB_SIZE).
LONGEST = 1280

Where = Literal["environment", "keyring", "memory", "missing", "locked", "unavailable", "unknown"]

# Which come along at the ends of what is copied or piped, and cannot be seen.
_INVISIBLE = "\ufeff\u200b\u2060"
_QUOTING = "\"'`<>\\{}"


class KeyName(msgspec.Struct, frozen=True, kw_only=True):
    """A service that needs a key: its name in the program and to people, the environment variable,
    how its keys begin and the page that gives them out, as far as is known.
    """

    name: str
    title: str
    variable: str
    beginning: str = ""
    page: str = ""


class KeyState(msgspec.Struct, frozen=True, kw_only=True):
    """Where the key in use is; never the key. ``unknown`` is one that nobody has looked for or
    found out about, ``unavailable`` one on a system without a keyring. ``hint`` is a text to show
    or empty, ``variable`` the environment variable that comes before all else.
    """

    name: str
    title: str
    where: Where
    hint: str = ""
    variable: str = ""

    @property
    def present(self) -> bool:
        return self.where in ("environment", "keyring", "memory")


_SERVICES = (
    KeyName(
        name="gemini",
        title="Google Gemini",
        variable="GEMINI_API_KEY",
        beginning="AIza",
        page="https://aistudio.google.com/apikey",
    ),
    KeyName(
        name="imagekit",
        title="ImageKit",
        variable="IMAGEKIT_PRIVATE_KEY",
        beginning="private_",
        page="https://imagekit.io/dashboard/developer/api-keys",
    ),
    KeyName(
        name="replicate",
        title="Replicate",
        variable="REPLICATE_API_TOKEN",
        beginning="r8_",
        page="https://replicate.com/account/api-tokens",
    ),
    KeyName(
        name="huggingface",
        title="Hugging Face",
        variable="HF_TOKEN",
        beginning="hf_",
        page="https://huggingface.co/settings/tokens",
    ),
)
KEY_NAMES = tuple(service.name for service in _SERVICES)


def key_name(name: str) -> KeyName:
    """That of a service known here, else what follows from the name alone. Raises InputError for
    what can be no name.
    """
    for service in _SERVICES:
        if service.name == name:
            return service
    if not (name.isascii() and name.replace("-", "").replace("_", "").isalnum()):
        raise InputError(
            tr("“{name}” is not the name of a key.", name=name),
            tr("There are: {names}.", names=", ".join(KEY_NAMES)),
        )
    variable = f"{name.upper().replace('-', '_')}_API_KEY"
    return KeyName(name=name, title=name, variable=variable)


def stripped(value: str) -> str:
    """``value`` without what surrounds a key when it is copied or piped."""
    return value.strip().strip(_INVISIBLE).strip()


def fault_of(value: str) -> str:
    """Why ``value`` can be no key, as a sentence that does not show it; empty where it can."""
    if any(sign.isspace() for sign in value):
        return tr("A key is one word, and this has spaces or several lines.")
    if not (value.isascii() and value.isprintable()) or any(sign in _QUOTING for sign in value):
        return tr("This has characters that no key has.")
    if "://" in value:
        return tr("This is an address, not a key.")
    if len(value) > LONGEST:
        return tr(
            "A key has at most {most} characters, and this has {count}.",
            most=LONGEST,
            count=len(value),
        )
    return ""


def mistaken(service: KeyName, value: str) -> str:
    """As :func:`fault_of`, of a key that is about to be kept for ``service``."""
    if not value:
        return tr("There is no key to keep.")
    if fault := fault_of(value):
        return fault
    if len(value) < SHORTEST:
        return tr("A key has at least {least} characters.", least=SHORTEST)
    if value.partition("=")[0].isupper() and value.partition("=")[2]:
        return tr("This begins with the name of a variable; the key comes after the sign =.")
    if service.name == "imagekit" and value.startswith("public_"):
        return tr("This is the public key; ImageKit's private key begins with “private_”.")
    for other in _SERVICES:
        if service in _SERVICES and other != service and value.startswith(other.beginning):
            return tr("This looks like a key for {title}.", title=other.title)
    return ""


def where_text(state: KeyState) -> str:
    """Where a key is, in words; without the hint."""
    return {
        "environment": tr("in the environment variable {variable}", variable=state.variable),
        "keyring": tr("in the system's keyring"),
        "memory": tr("in memory until the program ends"),
        "missing": tr("not set"),
        "locked": tr("not known, as the system's keyring is locked"),
        "unavailable": tr("not set, and there is no keyring to keep it in"),
        "unknown": tr("not known"),
    }[state.where]
