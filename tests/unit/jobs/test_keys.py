"""Keys are found where they are, nobody waits long for the keyring, and none is ever shown."""

import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator

import msgspec
import pytest

from pickabook_desktop.domain.errors import CancelledError, InputError, NotConfiguredError
from pickabook_desktop.jobs.key_names import LONGEST, where_text
from pickabook_desktop.jobs.keys import KEY_NAMES, Keys
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.vault import LOCKED, MISSING, Vault

KEY = "AIzaSyNobodysKey0123456789"
OTHER = "AIzaSyAnotherKey9876543210"
SOON = 0.05


class FakeVault(Vault):
    """A keyring that fails or waits as a test wishes."""

    def __init__(self, trouble: NotConfiguredError | None = None, **kept: str) -> None:
        self.kept = kept
        self.trouble = trouble
        self.answers = threading.Event()
        self.answers.set()
        self.asked = 0
        self.called = threading.Event()

    def _meet(self) -> None:
        self.asked += 1
        self.called.set()
        self.answers.wait(30)
        if self.trouble:
            raise self.trouble

    def title(self) -> str:
        self._meet()
        return "A keyring"

    def read(self, name: str) -> str:
        kept = self.kept.get(name, "")
        self._meet()
        return kept

    def write(self, name: str, value: str) -> None:
        self._meet()
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self._meet()
        self.kept.pop(name, None)


@pytest.fixture
def vault() -> Iterator[FakeVault]:
    vault = FakeVault()
    yield vault
    vault.answers.set()


@pytest.fixture
def silent(vault: FakeVault) -> FakeVault:
    """A keyring that does not answer until the test lets it."""
    vault.answers.clear()
    return vault


def locked() -> NotConfiguredError:
    return NotConfiguredError("It is locked.", "Unlock it.", code=LOCKED)


def none_there() -> NotConfiguredError:
    return NotConfiguredError("There is no keyring.", "Install one.", code=MISSING)


def keys_with(vault: Vault, deadline: float = 30, **environment: str) -> Keys:
    return Keys(vault, environment, deadline)


def where(keys: Keys, name: str = "gemini") -> str:
    return keys.states([name])[0].where


# ---------------------------------------------------------------- finding


def test_the_environment_comes_first_then_memory_then_the_keyring():
    environment: dict[str, str] = {}
    vault = FakeVault(gemini="in-the-keyring")
    keys = Keys(vault, environment)
    assert keys.known("gemini") is None
    assert keys.get("gemini") == "in-the-keyring"
    assert where(keys) == "keyring"
    vault.trouble = locked()
    assert keys.set("gemini", KEY).where == "memory"
    assert keys.get("gemini") == KEY
    environment["GEMINI_API_KEY"] = f" {OTHER}\n"
    assert keys.get("gemini") == OTHER
    assert where(keys) == "environment"


def test_a_key_that_the_environment_gives_asks_no_keyring(silent: FakeVault):
    keys = keys_with(silent, GEMINI_API_KEY=KEY)
    assert keys.known("gemini") is True
    assert keys.get("gemini") == KEY
    assert [state.where for state in keys.refresh(["gemini"])] == ["environment"]
    assert silent.asked == 0


def test_whether_there_is_a_key_is_said_without_looking(silent: FakeVault):
    keys = keys_with(silent)
    assert keys.known("gemini") is None
    assert {state.where for state in keys.states()} == {"unknown"}
    assert silent.asked == 0


def test_what_was_looked_up_is_known_afterwards():
    keys = keys_with(FakeVault(gemini=KEY))
    found = {state.name: state.where for state in keys.refresh()}
    assert found == {**dict.fromkeys(KEY_NAMES, "missing"), "gemini": "keyring"}
    assert keys.known("gemini") is True
    assert keys.known("imagekit") is False


def test_a_key_that_comes_into_the_keyring_later_is_found(vault: FakeVault):
    keys = keys_with(vault)
    with pytest.raises(NotConfiguredError):
        keys.get("gemini")
    vault.kept["gemini"] = KEY
    assert keys.get("gemini") == KEY


def test_without_keyring_and_key_it_is_the_key_that_is_missing():
    keys = keys_with(FakeVault(none_there()))
    with pytest.raises(NotConfiguredError) as failure:
        keys.get("gemini")
    assert failure.value.message == "There is no key for Google Gemini yet."
    assert "GEMINI_API_KEY" in failure.value.next_step
    assert "no keyring" in failure.value.next_step


def test_asking_whether_a_key_is_there_imports_no_keyring():
    code = (
        "import sys; from pickabook_desktop.jobs.keys import Keys; keys = Keys()\n"
        "keys.known('gemini'); keys.states(); keys.values()\n"
        "sys.exit('keyring' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# ---------------------------------------------------------------- what is missing


def test_a_missing_key_is_told_with_every_way_to_give_it(vault: FakeVault):
    with pytest.raises(NotConfiguredError) as failure:
        keys_with(vault).get("imagekit")
    assert "ImageKit" in failure.value.message
    assert "settings" in failure.value.next_step
    assert "pickabook keys set imagekit" in failure.value.next_step
    assert "IMAGEKIT_PRIVATE_KEY" in failure.value.next_step
    assert failure.value.remedies == ("keys",)


@pytest.mark.parametrize(
    ("trouble", "place", "known"),
    [(locked(), "locked", None), (none_there(), "unavailable", False)],
)
def test_a_keyring_of_no_use_is_told_with_the_way_round_it(
    trouble: NotConfiguredError, place: str, known: bool | None
):
    keys = keys_with(FakeVault(trouble))
    with pytest.raises(NotConfiguredError) as failure:
        keys.get("gemini")
    assert trouble.message in str(failure.value)
    assert trouble.next_step in failure.value.next_step
    assert "GEMINI_API_KEY" in failure.value.next_step
    assert failure.value.remedies == ("keys",)
    assert where(keys) == place
    assert keys.known("gemini") is known
    assert trouble.message in keys.states(["gemini"])[0].hint


def test_a_keyring_that_was_locked_is_asked_again():
    vault = FakeVault(locked(), gemini=KEY)
    keys = keys_with(vault)
    with pytest.raises(NotConfiguredError):
        keys.get("gemini")
    vault.trouble = None
    assert keys.get("gemini") == KEY


def test_a_key_in_the_environment_that_can_be_none_is_told_without_showing_it(vault: FakeVault):
    keys = keys_with(vault, GEMINI_API_KEY="two words")
    with pytest.raises(NotConfiguredError) as failure:
        keys.get("gemini")
    assert "GEMINI_API_KEY" in failure.value.next_step
    assert "two" not in str(failure.value)
    assert "spaces" in keys.states(["gemini"])[0].hint


# ---------------------------------------------------------------- waiting


def test_nobody_waits_for_a_silent_keyring_longer_than_the_deadline(silent: FakeVault):
    keys = keys_with(silent, SOON)
    with pytest.raises(NotConfiguredError, match="does not answer"):
        keys.get("gemini")
    assert keys.known("gemini") is None
    assert {state.where for state in keys.refresh()} == {"unknown"}
    with pytest.raises(NotConfiguredError, match="does not answer"):
        keys.keyring()
    with pytest.raises(NotConfiguredError, match="does not answer"):
        keys.remove("gemini")


def test_a_late_answer_is_used(silent: FakeVault):
    silent.kept["gemini"] = KEY
    keys = keys_with(silent, SOON)
    with pytest.raises(NotConfiguredError):
        keys.get("gemini")
    (late,) = keys._asked.values()
    silent.answers.set()
    late.result(30)
    assert keys.known("gemini") is True
    assert silent.asked == 1


def test_cancelling_ends_the_wait(silent: FakeVault):
    keys, token = keys_with(silent), CancelToken()

    def cancel() -> None:
        silent.called.wait(30)
        token.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    with pytest.raises(CancelledError):
        keys.get("gemini", token)
    canceller.join()


def test_two_who_ask_for_the_same_key_ask_the_keyring_once(silent: FakeVault):
    silent.kept["gemini"] = KEY
    keys = keys_with(silent)
    found: list[str] = []
    asking = [threading.Thread(target=lambda: found.append(keys.get("gemini"))) for _ in range(2)]
    asking[0].start()
    silent.called.wait(30)
    asking[1].start()
    silent.answers.set()
    for thread in asking:
        thread.join()
    assert found == [KEY, KEY]
    assert silent.asked == 1


def test_an_old_key_that_comes_late_does_not_replace_a_new_one(silent: FakeVault):
    silent.kept["gemini"] = OTHER
    keys = keys_with(silent, SOON)
    with pytest.raises(NotConfiguredError):
        keys.get("gemini")
    (late,) = keys._asked.values()
    assert keys.set("gemini", KEY).where == "memory"
    silent.answers.set()
    late.result(30)
    assert keys.get("gemini") == KEY


# ---------------------------------------------------------------- keeping


def test_a_key_is_kept_replaced_and_removed(vault: FakeVault):
    keys = keys_with(vault)
    assert keys.set("gemini", OTHER).where == "keyring"
    assert keys.set("gemini", f"\ufeff {KEY} \r\n").where == "keyring"
    assert vault.kept == {"gemini": KEY}
    assert keys.get("gemini") == KEY
    assert keys.remove("gemini").where == "missing"
    assert not vault.kept
    assert keys.known("gemini") is False


@pytest.mark.parametrize("trouble", [locked(), none_there()])
def test_without_a_keyring_a_key_is_kept_until_the_program_ends_and_that_is_said(
    trouble: NotConfiguredError,
):
    keys = keys_with(FakeVault(trouble))
    state = keys.set("gemini", KEY)
    assert state.where == "memory"
    for text in ("until the program ends", trouble.message, trouble.next_step, "GEMINI_API_KEY"):
        assert text in state.hint
    assert keys.get("gemini") == KEY
    assert keys.known("gemini") is True
    with pytest.raises(NotConfiguredError):
        keys.set("imagekit", "private_0123456789", or_in_memory=False)
    assert keys.known("imagekit") is not True


def test_a_key_is_not_said_to_be_gone_where_the_keyring_may_have_it():
    keys = keys_with(FakeVault(locked()))
    with pytest.raises(NotConfiguredError, match="It is locked"):
        keys.remove("gemini")


def test_a_key_in_memory_can_be_removed_where_there_is_no_keyring():
    keys = keys_with(FakeVault(none_there()))
    keys.set("gemini", KEY)
    keys.remove("gemini")
    assert keys.known("gemini") is not True


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("", "no key"),
        (" \n", "no key"),
        ("two words", "spaces"),
        ("AIzaSyNobodysKey\n0123456789", "lines"),
        ("AIzaSyNobodysKey\x000123456789", "characters"),
        ("“AIzaSyNobodysKey0123456789”", "characters"),
        ('"AIzaSyNobodysKey0123456789"', "characters"),
        ("GEMINI_API_KEY=AIzaSyNobodysKey0123456789", "="),
        ("https://aistudio.example/apikey", "address"),
        ("x" * (LONGEST + 1), "1280"),
        ("short", "at least"),
        ("hf_abcdefghijklmnopqrstuvwxyz", "Hugging Face"),
        ("private_abcdefghijklmnop", "ImageKit"),
    ],
)
def test_what_can_be_no_key_is_refused_without_showing_it(vault: FakeVault, value: str, told: str):
    keys = keys_with(vault)
    with pytest.raises(InputError) as failure:
        keys.set("gemini", value)
    assert told in str(failure.value)
    if len(value.strip()) > len("private_"):
        assert value.strip() not in str(failure.value)
    assert not vault.kept
    assert keys.known("gemini") is None


def test_the_public_key_of_imagekit_is_not_taken_for_the_private_one(vault: FakeVault):
    with pytest.raises(InputError, match="private_"):
        keys_with(vault).set("imagekit", "public_abcdefghijklmnop")


def test_an_engine_of_somebody_else_may_have_a_key_too(vault: FakeVault):
    keys = keys_with(vault, ACME_API_KEY=KEY)
    assert keys.get("acme") == KEY
    assert KEY in keys.values()
    with pytest.raises(InputError):
        keys.set("no name", KEY)


# ---------------------------------------------------------------- showing none


def test_every_key_that_was_met_is_told_to_whoever_must_hide_it(vault: FakeVault):
    vault.kept["imagekit"] = "private_0123456789"
    keys = Keys(vault, {"HF_TOKEN": " hf_0123456789 "})
    keys.get("imagekit")
    keys.set("gemini", OTHER)
    keys.set("gemini", KEY)
    assert {OTHER, KEY, "private_0123456789", "hf_0123456789"} <= set(keys.values())


def test_nothing_that_can_be_printed_has_a_key(vault: FakeVault):
    keys = keys_with(vault)
    told = [repr(keys.set("gemini", KEY)), repr(keys), repr(vars(keys)["_answers"])]
    told += [msgspec.json.encode(keys.states()).decode(), *map(where_text, keys.states())]
    vault.trouble = locked()
    told += [repr(keys.set("gemini", OTHER))]
    assert keys.get("gemini") not in "".join(told)
    assert KEY not in "".join(told)


@pytest.mark.parametrize("value", ["hf_abcdefghijklmnop", "private_0123456789"])
def test_a_traceback_with_all_its_variables_has_no_key(value: str):
    """As crash reporters make them."""
    keys = keys_with(FakeVault(locked()))
    with pytest.raises((InputError, NotConfiguredError)) as failure:
        keys.set("imagekit", value, or_in_memory=False)
    trace = failure.value.__traceback__
    assert trace
    ours = traceback.StackSummary.extract(traceback.walk_tb(trace.tb_next), capture_locals=True)
    assert ours
    assert value not in "".join(ours.format())
