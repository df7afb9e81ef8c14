"""The system's keyring, the one place where keys outlive a run: Secret Service, KWallet, the macOS
Keychain or the Windows Credential Locker, through the ``keyring`` package.

Every call may hang for ever, as when a service waits for a password that nobody can type; callers
see to it that nobody waits for them.
"""

import os
import sys
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar, cast

from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.domain.i18n import tr

Answer = TypeVar("Answer")

SERVICE = "pickabook"
LOCKED = "keyring_locked"
MISSING = "keyring_missing"
FAILED = "keyring_failed"

# The backends that hand keys to the system, and what people call them. Others keep them in files
# (keyrings.alt), forget them (null), or give them to somebody we know nothing of.
SYSTEMS = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Locker",
}
BACKEND_VARIABLE = "PYTHON_KEYRING_BACKEND"

# By name, as each backend has exceptions of its own and only one of their libraries is there.
_LOCKED_KINDS = {"KeyringLocked", "LockedException", "PromptDismissedException", "InitError"}
# KWallet's word for a dismissed question, the Secret Service's for what is locked, and the numbers
# of macOS for nobody there to ask and for a wrong password (SecBase.h).
_LOCKED_WORDS = ("Cancelled by user", "IsLocked", "-25308", "-25293")
_MISSING_KINDS = {"NoKeyringError", "SecretServiceNotAvailableException"}
_SEVERAL = 8


class Ring(Protocol):
    """What is used of a backend of the ``keyring`` package."""

    def get_password(self, service: str, username: str, /) -> str | None: ...
    def set_password(self, service: str, username: str, password: str, /) -> None: ...
    def delete_password(self, service: str, username: str, /) -> None: ...


class _BackendError(Exception):
    """What a backend said, without its frames, which hold keys."""


class Vault:
    """Keys by name. Every method raises NotConfiguredError, with ``LOCKED``, ``MISSING`` or
    ``FAILED`` as its code, where the keyring cannot be used. It tells no key, nor does its cause.
    """

    def title(self) -> str:
        """What the keyring in use is called."""
        return _title(_open())

    def read(self, name: str) -> str:
        """The key; empty where there is none."""
        ring = _open()
        return _explaining(lambda: ring.get_password(SERVICE, name) or "")

    def write(self, name: str, value: str) -> None:
        """Keep a key in the place of an older one, and see that it is there."""
        ring = _open()

        def write() -> bool:
            ring.set_password(SERVICE, name, value)
            return ring.get_password(SERVICE, name) == value

        if not _explaining(write, value):
            raise _failed()

    def delete(self, name: str) -> None:
        """Take a key away for good; nothing where there is none."""
        ring = _open()
        _explaining(lambda: _delete(ring, name))


def _explaining(work: Callable[[], Answer], secret: str = "", *, opening: bool = False) -> Answer:
    """What ``work`` gives; its exceptions in this program's words."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 each backend has its own
        explanation = _explained(error, opening)
        from pickabook_desktop.net.redact import HIDDEN

        text = str(error).replace(secret, HIDDEN) if secret else str(error)
        cause = _BackendError(f"{type(error).__name__}: {text}")
    # Outside of the handler, so that the exception is not kept as the context.
    raise explanation from cause


def _open() -> Ring:
    """The backend in use."""
    ring = _explaining(_ring, opening=True)
    if ring is None:
        raise _missing()
    return ring


def _ring() -> Ring | None:
    import keyring
    from keyring import backend, core

    ring = _trusted(cast("Ring", keyring.get_keyring()))
    if ring is None:
        # A service may have come since the package looked, which it does once.
        vars(backend.get_all_keyring).pop("saved_result", None)
        core.init_backend()
        ring = _trusted(cast("Ring", keyring.get_keyring()))
    return ring


def _trusted(ring: Ring) -> Ring | None:
    """``ring``, or the best of those it stands for, where it belongs to the system."""
    from keyring.backends.chainer import ChainerBackend

    if not isinstance(ring, ChainerBackend):
        return ring if _title(ring) else None
    chained = (_trusted(cast("Ring", one)) for one in ChainerBackend.backends)
    return next(filter(None, chained), None)


def _title(ring: Ring) -> str:
    modules = [kind.__module__ for kind in type(ring).__mro__]
    return next((SYSTEMS[module] for module in modules if module in SYSTEMS), "")


def _delete(ring: Ring, name: str) -> None:
    """Take away every key of that name; the backends delete one at a time."""
    for _ in range(_SEVERAL):
        if ring.get_password(SERVICE, name) is None:
            return
        ring.delete_password(SERVICE, name)


def _kinds(error: BaseException | None) -> Iterator[str]:
    """The names of the kinds that ``error`` is of, its causes' first."""
    if error is not None:
        yield from _kinds(error.__cause__)
        yield from (kind.__name__ for kind in type(error).__mro__)


def _explained(error: Exception, opening: bool) -> NotConfiguredError:
    if any(word in str(error) for word in _LOCKED_WORDS):
        return _locked()
    for kind in _kinds(error):
        if kind in _LOCKED_KINDS:
            return _locked()
        if kind in _MISSING_KINDS:
            return _missing()
    return _missing() if opening else _failed()


def _locked() -> NotConfiguredError:
    return NotConfiguredError(
        tr("The system's keyring is locked."), _how_to_unlock(), code=LOCKED, remedies=("keys",)
    )


def _missing() -> NotConfiguredError:
    backend = os.environ.get(BACKEND_VARIABLE)
    if backend:
        return NotConfiguredError(
            tr("The keyring “{backend}” cannot be used.", backend=backend),
            tr(
                "Take away the environment variable {variable} to use the system's own.",
                variable=BACKEND_VARIABLE,
            ),
            code=MISSING,
            remedies=("keys",),
        )
    return NotConfiguredError(
        tr("There is no keyring on this system that keys could be kept in."),
        _how_to_get_one(),
        code=MISSING,
        remedies=("keys",),
    )


def _failed() -> NotConfiguredError:
    return NotConfiguredError(
        tr("The system's keyring did not do what it was asked."),
        tr("Sign out of the system and in again, then try once more."),
        code=FAILED,
        remedies=("keys",),
    )


def _how_to_unlock() -> str:
    if sys.platform == "darwin":
        return tr("Unlock the login keychain in Keychain Access and allow the access.")
    if sys.platform == "win32":
        return tr("Sign in to Windows with your own account.")
    return tr("Unlock it, in “Passwords and Keys” or in KWalletManager, and try again.")


def _how_to_get_one() -> str:
    if sys.platform == "darwin":
        return tr("Make a login keychain in Keychain Access.")
    if sys.platform == "win32":
        return tr("Start the Windows service “Credential Manager”.")
    return tr("Install GNOME Keyring or KWallet, and sign in again.")
