"""Keys go to the system's keyring or nowhere, and what goes wrong there is explained."""

import sys
from collections.abc import Callable

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import SecretService, chainer, fail, null
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordSetError

from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.storage.vault import FAILED, LOCKED, MISSING, SERVICE, Vault

KEY = "AIzaSyNobodysKey0123456789"


class SystemRing(SecretService.Keyring):
    """In the place of a Secret Service that works."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


class PlainFileRing(KeyringBackend):
    """As the ``keyrings.alt`` package has one, which keeps keys in a file that anybody reads."""

    def get_password(self, service, username):
        pytest.fail("a key was looked for in a file")

    def set_password(self, service, username, password):
        pytest.fail("a key was written to a file")


class SilentRing(SystemRing):
    """Says yes and keeps nothing."""

    def set_password(self, service, username, password):
        pass


class BrokenRing(SystemRing):
    """Fails in one of the ways of its kind."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service, username):
        raise self.error

    def set_password(self, service, username, password):
        raise self.error

    def delete_password(self, service, username):
        raise self.error


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[KeyringBackend], None]:
    """Make a backend the one that the package has found."""

    def put(ring: KeyringBackend) -> None:
        monkeypatch.setattr("keyring.core._keyring_backend", None)
        monkeypatch.setattr("keyring.core.init_backend", lambda: keyring.set_keyring(ring))

    return put


def test_a_key_is_kept_replaced_and_taken_away(use):
    ring = SystemRing()
    use(ring)
    vault = Vault()
    assert vault.title() == "Secret Service"
    assert vault.read("gemini") == ""
    vault.write("gemini", "an-older-key")
    vault.write("gemini", KEY)
    assert vault.read("gemini") == KEY
    assert ring.kept == {(SERVICE, "gemini"): KEY}
    vault.delete("gemini")
    vault.delete("gemini")
    assert vault.read("gemini") == ""
    assert not ring.kept


@pytest.mark.parametrize("ring", [fail.Keyring(), null.Keyring(), PlainFileRing()])
def test_no_key_goes_anywhere_but_to_the_systems_keyring(
    use, ring: KeyringBackend, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    use(ring)
    for ask in (
        Vault().title,
        lambda: Vault().read("gemini"),
        lambda: Vault().write("gemini", KEY),
    ):
        with pytest.raises(NotConfiguredError) as failure:
            ask()
        assert failure.value.code == MISSING
        assert "no keyring" in failure.value.message
        assert failure.value.next_step


def test_of_several_keyrings_the_best_of_the_system_is_used(use, monkeypatch: pytest.MonkeyPatch):
    good = SystemRing()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [PlainFileRing(), good])
    use(chainer.ChainerBackend())
    Vault().write("gemini", KEY)
    assert good.kept == {(SERVICE, "gemini"): KEY}


def test_of_several_keyrings_none_of_the_system_is_none(use, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [PlainFileRing(), null.Keyring()])
    use(chainer.ChainerBackend())
    with pytest.raises(NotConfiguredError):
        Vault().write("gemini", KEY)


def test_a_keyring_that_has_come_since_the_first_look_is_found(
    use, monkeypatch: pytest.MonkeyPatch
):
    use(fail.Keyring())
    with pytest.raises(NotConfiguredError):
        Vault().title()
    monkeypatch.setattr("keyring.core.init_backend", lambda: keyring.set_keyring(SystemRing()))
    assert Vault().title() == "Secret Service"


@pytest.mark.parametrize("backend", ["no.such.Keyring", "keyring.backends.null.Keyring"])
def test_a_backend_that_the_environment_names_is_named_where_it_is_of_no_use(
    monkeypatch: pytest.MonkeyPatch, backend: str
):
    monkeypatch.setattr("keyring.core._keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    with pytest.raises(NotConfiguredError) as failure:
        Vault().read("gemini")
    assert backend in failure.value.message
    assert "PYTHON_KEYRING_BACKEND" in failure.value.next_step


def test_a_keyring_that_says_yes_and_keeps_nothing_is_found_out(use):
    use(SilentRing())
    with pytest.raises(NotConfiguredError) as failure:
        Vault().write("gemini", KEY)
    assert failure.value.code == FAILED


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def of_library(name: str, text: str) -> Exception:
    """An exception of a library that is there on some systems only."""
    return type(name, (Exception,), {})(text)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyringLocked("Failed to unlock the collection!"), LOCKED),
        (InitError("Failed to create the collection: Prompt dismissed."), LOCKED),
        (PasswordSetError("Cancelled by user"), LOCKED),
        (PasswordSetError("Can't store password: (-25308, 'Unknown Error')"), LOCKED),
        (of_library("DBusErrorResponse", "[org.freedesktop.Secret.Error.IsLocked] ()"), LOCKED),
        (NoKeyringError("No recommended backend was available."), MISSING),
        (of_library("SecretServiceNotAvailableException", "gone"), MISSING),
        (
            caused(InitError("no"), of_library("SecretServiceNotAvailableException", "gone")),
            MISSING,
        ),
        (ConnectionResetError(104, "Connection reset by peer"), FAILED),
        (EOFError(), FAILED),
        (ValueError("something new"), FAILED),
    ],
)
def test_what_goes_wrong_says_what_to_do(use, error: Exception, code: str):
    use(BrokenRing(error))
    vault = Vault()
    for ask in (vault.read, vault.delete, lambda name: vault.write(name, KEY)):
        with pytest.raises(NotConfiguredError) as failure:
            ask("gemini")
        assert failure.value.code == code
        assert failure.value.remedies == ("keys",)
        assert failure.value.next_step
        assert type(error).__name__ not in str(failure.value)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_each_system_has_its_own_advice(use, platform: str, monkeypatch: pytest.MonkeyPatch):
    told = {"linux": "KWallet", "darwin": "Keychain", "win32": "Windows"}
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setattr(sys, "platform", platform)
    for ring in (fail.Keyring(), BrokenRing(KeyringLocked())):
        use(ring)
        with pytest.raises(NotConfiguredError, match=told[platform]):
            Vault().read("gemini")


def test_no_exception_holds_the_key(use):
    use(BrokenRing(PasswordSetError(f"{KEY} could not be stored")))
    with pytest.raises(NotConfiguredError) as failure:
        Vault().write("gemini", KEY)
    error: BaseException | None = failure.value
    seen: list[BaseException] = []
    while error is not None:
        seen.append(error)
        assert KEY not in str(error)
        assert KEY not in repr(error.args)
        error = error.__cause__ or error.__context__
    assert "PasswordSetError" in str(seen[-1])
    assert seen[-1].__traceback__ is None
