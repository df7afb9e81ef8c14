"""The keys of services: looked for in the environment, in the memory of this run, and in the
system's keyring, in this order.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from pickabook_desktop.domain.errors import InputError, NotConfiguredError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Cancellation
from pickabook_desktop.jobs.key_names import (
    KEY_NAMES,
    KeyName,
    KeyState,
    Where,
    fault_of,
    key_name,
    mistaken,
    stripped,
)
from pickabook_desktop.storage.vault import FAILED, LOCKED, MISSING, Vault

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["KEY_NAMES", "KeyState", "Keys"]

DEADLINE = 10.0
"""Seconds that anybody waits for the keyring."""

TIMED_OUT = "keyring_timed_out"
KEY_MISSING = "key_missing"

_log = logging.getLogger(__name__)


class _Trouble(msgspec.Struct, frozen=True):
    """What an exception said, without its frames."""

    message: str
    next_step: str
    code: str


class _Found:
    """A key out of the keyring, or none. Its repr shows no value."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value


class Keys:
    """Implements :class:`~pickabook_desktop.domain.ports.Secrets`; all methods may be called from
    any thread. Making one touches nothing.

    The keyring is asked in threads of their own. One that gets no answer is left behind: it is a
    daemon, so the program ends without it, and what it finds out late is used all the same.
    """

    def __init__(
        self,
        vault: Vault | None = None,
        environment: Mapping[str, str] | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self._vault = vault or Vault()
        self._environment = os.environ if environment is None else environment
        self._deadline = deadline
        self._lock = threading.RLock()
        self._changing = threading.Lock()
        self._names = set(KEY_NAMES)
        self._memory: dict[str, str] = {}
        self._met: set[str] = set()
        self._answers: dict[str, _Found | _Trouble] = {}
        self._asked: dict[str, Future[None]] = {}

    def known(self, name: str) -> bool | None:
        """Whether there is one, from what has been looked up so far; None where nobody has looked
        or the keyring did not say. Never waits.
        """
        state = self._state(name)
        if state.present:
            return True
        return False if state.where in ("missing", "unavailable") else None

    def get(self, name: str, cancellation: Cancellation | None = None) -> str:
        """The key; waits for the keyring, but never longer than the deadline.

        Raises NotConfiguredError where there is none or the keyring is of no use, and
        CancelledError at once when cancelled.
        """
        if not self._value(name):
            self._look_up([name], cancellation)
        if fault_of(self._value(name)) or not self._value(name):
            raise self._no_key(name)
        return self._value(name)

    def states(self, names: Sequence[str] = KEY_NAMES) -> tuple[KeyState, ...]:
        """Where each key is, from what has been looked up so far. Never waits."""
        return tuple(self._state(name) for name in names)

    def refresh(
        self, names: Sequence[str] = KEY_NAMES, cancellation: Cancellation | None = None
    ) -> tuple[KeyState, ...]:
        """Look up afresh, one after the other, what the keyring has; waits as :meth:`get` does."""
        self._look_up([name for name in names if not self._given(name)], cancellation)
        return self.states(names)

    def set(
        self,
        name: str,
        value: str,
        cancellation: Cancellation | None = None,
        *,
        or_in_memory: bool = True,
    ) -> KeyState:
        """Keep a key in the keyring, in the place of an older one; where that cannot be done, in
        memory until the program ends, and the ``hint`` of the answer says why.

        Raises InputError for what can be no key, and NotConfiguredError where it could be kept in
        memory only and that is not wanted.
        """
        service = key_name(name)
        found = _Found(stripped(value))
        del value  # so that no frame of an exception has it
        if fault := mistaken(service, found.value):
            raise InputError(fault, tr("Copy the key once more from the page of the service."))
        with self._lock:
            self._names.add(name)
            self._asked.pop(name, None)
            self._answers.pop(name, None)
            self._memory[name] = found.value
            self._met.add(found.value)
        trouble = self._in_time(lambda: self._keep(name, found), cancellation)
        state = self._state(name)
        if trouble is None or state.where == "keyring":
            return state
        if not or_in_memory:
            with self._lock:
                self._memory.pop(name, None)
            raise _error(trouble, service)
        if state.where == "environment":
            return state
        return msgspec.structs.replace(state, hint=_until_the_end(trouble, service))

    def remove(self, name: str, cancellation: Cancellation | None = None) -> KeyState:
        """Take a key out of memory and out of the keyring.

        Raises NotConfiguredError where the keyring may still have it.
        """
        with self._lock:
            for known in (self._memory, self._answers, self._asked):
                known.pop(name, None)
        trouble = self._in_time(lambda: self._take_away(name), cancellation)
        if trouble is not None and trouble.code != MISSING:
            raise _error(trouble, key_name(name))
        return self._state(name)

    def values(self) -> tuple[str, ...]:
        """Every key that this run has met, for whoever must not write them down."""
        with self._lock:
            given = [self._environment.get(key_name(name).variable, "") for name in self._names]
            every = {*given, *map(stripped, given), *self._met}
        return tuple(filter(None, every))

    def keyring(self, cancellation: Cancellation | None = None) -> str:
        """What the system's keyring is called; waits as :meth:`get` does. Raises
        NotConfiguredError where there is none.
        """
        titles: list[str] = []
        trouble = self._in_time(lambda: titles.append(self._vault.title()), cancellation)
        if trouble is not None:
            raise _error(trouble)
        return titles[0]

    def _given(self, name: str) -> str:
        """The key that takes no keyring."""
        with self._lock:
            self._names.add(name)
            variable = self._environment.get(key_name(name).variable, "")
            return stripped(variable) or self._memory.get(name, "")

    def _value(self, name: str) -> str:
        with self._lock:
            answer = self._answers.get(name)
            return self._given(name) or (answer.value if isinstance(answer, _Found) else "")

    def _state(self, name: str) -> KeyState:
        service = key_name(name)
        state = KeyState(name=name, title=service.title, where="unknown", variable=service.variable)
        with self._lock:
            answer = self._answers.get(name)
            in_memory = name in self._memory
            given = self._given(name)
        if given and stripped(self._environment.get(service.variable, "")):
            hint = tr("The environment variable {variable} is set.", variable=service.variable)
            hint = f"{hint} {fault_of(given)}".rstrip()
            return msgspec.structs.replace(state, where="environment", hint=hint)
        if in_memory:
            hint = tr("Kept until the program ends.")
            return msgspec.structs.replace(state, where="memory", hint=hint)
        if isinstance(answer, _Trouble):
            return msgspec.structs.replace(
                state, where=_where(answer), hint=str(_error(answer, service))
            )
        if answer is None:
            return state
        return msgspec.structs.replace(state, where="keyring" if answer.value else "missing")

    def _no_key(self, name: str) -> NotConfiguredError:
        service = key_name(name)
        fault = fault_of(self._value(name))
        answer = self._answers.get(name)
        if not fault and isinstance(answer, _Trouble):
            told = _none_kept if answer.code == MISSING else _error
            return told(answer, service)
        message = (
            tr("The key for {title} can be none: {reason}", title=service.title, reason=fault)
            if fault
            else tr("There is no key for {title} yet.", title=service.title)
        )
        return NotConfiguredError(
            message,
            tr(
                "Enter it in the settings, or with “pickabook keys set {name}”, or set the "
                "environment variable {variable}.",
                name=name,
                variable=service.variable,
            ),
            code=KEY_MISSING,
            remedies=("keys",),
        )

    def _look_up(self, names: Sequence[str], cancellation: Cancellation | None) -> None:
        """Ask the keyring for ``names``, or wait with whoever has asked already."""
        from concurrent.futures import Future

        with self._lock:
            new: dict[str, Future[None]] = {n: Future() for n in names if n not in self._asked}
            self._asked.update(new)
            awaited = {name: self._asked[name] for name in names}
        if new:
            _in_thread(lambda: self._answer(new))
        if _all_done(awaited.values(), self._deadline, cancellation):
            return
        with self._lock:
            for name, future in awaited.items():
                if not future.done() and not isinstance(self._answers.get(name), _Found):
                    self._answers[name] = _no_answer()

    def _answer(self, asked: "Mapping[str, Future[None]]") -> None:
        for name, future in asked.items():
            answer = self._ask(name)
            with self._lock:
                # Otherwise the key has been replaced meanwhile, and this is the old one.
                if self._asked.get(name) is future:
                    del self._asked[name]
                    self._answers[name] = answer
            future.set_result(None)

    def _ask(self, name: str) -> _Found | _Trouble:
        found = _Found("")

        def read() -> None:
            found.value = self._vault.read(name)
            with self._lock:
                self._met.add(found.value)

        return _trouble_of(read) or found

    def _keep(self, name: str, found: _Found) -> None:
        with self._changing:
            with self._lock:
                if self._memory.get(name) != found.value:
                    return  # replaced or removed meanwhile
            self._vault.write(name, found.value)
        with self._lock:
            if self._memory.get(name) == found.value:
                del self._memory[name]
                self._answers[name] = found

    def _take_away(self, name: str) -> None:
        with self._changing:
            self._vault.delete(name)
        with self._lock:
            self._answers.setdefault(name, _Found(""))

    def _in_time(
        self, work: Callable[[], None], cancellation: Cancellation | None
    ) -> _Trouble | None:
        """Do ``work`` in a thread of its own; what went wrong, or that it has not ended in time."""
        from concurrent.futures import Future

        future: Future[_Trouble | None] = Future()
        _in_thread(lambda: future.set_result(_trouble_of(work)))
        done = _all_done([future], self._deadline, cancellation)
        return future.result() if done else _no_answer()


def _in_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="keyring", daemon=True).start()


def _trouble_of(work: Callable[[], None]) -> _Trouble | None:
    """Do ``work``; what the keyring had against it."""
    try:
        work()
    except NotConfiguredError as error:
        _log.info("The keyring says: %s %s", error.code, error.__cause__ or "")
        return _Trouble(error.message, error.next_step, error.code)
    except Exception as error:  # noqa: BLE001 whoever waits must hear of it
        _log.error("The keyring could not be asked: %s", type(error).__name__)
        return _Trouble(tr("The system's keyring could not be asked."), "", FAILED)
    return None


def _all_done(
    futures: "Iterable[Future[Any]]", seconds: float, cancellation: Cancellation | None
) -> bool:
    """Wait for ``futures``; false after ``seconds``. Raises CancelledError once cancelled."""
    from concurrent.futures import FIRST_COMPLETED, Future, wait

    stop: Future[None] = Future()
    forget = cancellation.on_cancel(lambda: stop.set_result(None)) if cancellation else None
    ends = time.monotonic() + seconds
    waiting = set(futures)
    try:
        while waiting and not stop.done():
            left = max(0.0, ends - time.monotonic())
            done = wait({*waiting, stop}, left, FIRST_COMPLETED).done
            if not done:
                return False
            waiting -= done
    finally:
        if forget is not None:
            forget()
    if cancellation is not None:
        cancellation.raise_if_cancelled()
    return True


def _no_answer() -> _Trouble:
    return _Trouble(
        tr("The system's keyring does not answer."),
        tr("It may be waiting for its password: look for its window, and try again."),
        TIMED_OUT,
    )


def _where(trouble: _Trouble) -> Where:
    if trouble.code == LOCKED:
        return "locked"
    return "unavailable" if trouble.code == MISSING else "unknown"


def _error(trouble: _Trouble, service: KeyName | None = None) -> NotConfiguredError:
    next_step = trouble.next_step
    if service is not None:
        next_step = f"{next_step} {_or_the_environment(service)}".lstrip()
    return NotConfiguredError(trouble.message, next_step, code=trouble.code, remedies=("keys",))


def _none_kept(trouble: _Trouble, service: KeyName) -> NotConfiguredError:
    """That there is no key where there is no keyring either that could have it."""
    return NotConfiguredError(
        tr("There is no key for {title} yet.", title=service.title),
        f"{trouble.message} {trouble.next_step} {_or_the_environment(service)}",
        code=trouble.code,
        remedies=("keys",),
    )


def _or_the_environment(service: KeyName) -> str:
    return tr(
        "The environment variable {variable} works without a keyring.", variable=service.variable
    )


def _until_the_end(trouble: _Trouble, service: KeyName) -> str:
    """Why a key is in memory only, and how it could stay."""
    said = tr("Kept until the program ends.")
    return f"{said} {trouble.message} {trouble.next_step} {_or_the_environment(service)}"
