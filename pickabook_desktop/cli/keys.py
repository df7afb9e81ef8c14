"""``pickabook keys``: where the keys of services are, never what they are."""

import argparse
import getpass
import signal
import sys
from collections.abc import Iterable

import msgspec

from pickabook_desktop.cli.commands import Context, Studio
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.jobs.key_names import LONGEST, KeyState, key_name, where_text

# Enough for any key with blank lines around it.
_MOST_READ = 4 * LONGEST


def keys_list(arguments: argparse.Namespace, context: Context) -> int:
    """Say where each key is that an engine or a store asks for."""
    studio = context.studio()
    _tell(studio.keys.refresh(studio.key_names, context.token), context)
    return 0


def keys_set(arguments: argparse.Namespace, context: Context) -> int:
    """Keep the key that is typed or comes on standard input."""
    studio = context.studio()
    keys = studio.keys
    service = key_name(arguments.name)
    if service.name not in studio.key_names:
        raise _nobody_uses(service.name, studio)
    # This program ends at once, and with it what is kept in memory.
    state = keys.set(service.name, _typed(service.title), context.token, or_in_memory=False)
    _tell((state,), context)
    if not context.output.as_json:
        # Keeping a key works without a network, so nobody is asked here.
        context.output.note(
            tr(
                "“pickabook keys test {name}” asks whether it is accepted, and which models there"
                " are.",
                name=service.name,
            )
        )
    return 0


def keys_remove(arguments: argparse.Namespace, context: Context) -> int:
    """Take a key out of the keyring."""
    _tell((context.studio().keys.remove(arguments.name, context.token),), context)
    return 0


def keys_test(arguments: argparse.Namespace, context: Context) -> int:
    """Ask whoever needs the key whether it works."""
    studio = context.studio_for(arguments)
    name: str = key_name(arguments.name).name
    found: dict[str, str] = {}
    for engine in studio.engines.states():
        if engine.capabilities and engine.capabilities.key == name:
            found[engine.id] = studio.engines.get(engine.id).check(context.token)
    for store in studio.stores.states():
        if store.info and store.info.key == name:
            found[store.id] = studio.stores.get(store.id).check(context.token)
    if not found:
        raise _nobody_uses(name, studio)
    context.output.give({"checks": found}, [f"{part}: {said}" for part, said in found.items()])
    return 0


def _nobody_uses(name: str, studio: Studio) -> InputError:
    return InputError(
        tr("Nothing here uses a key “{name}”.", name=name),
        tr("There are: {names}.", names=", ".join(studio.key_names)),
    )


def _tell(states: Iterable[KeyState], context: Context) -> None:
    states = tuple(states)
    lines = [f"{state.name}  {state.title}: {where_text(state)}" for state in states]
    context.output.give({"keys": msgspec.to_builtins(states)}, lines)
    if context.output.as_json:
        return
    for hint in dict.fromkeys(state.hint for state in states if state.hint):
        context.output.note(hint)


def _typed(title: str) -> str:
    """The key, from the terminal without showing it, else all that standard input has."""
    if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison] under pythonw it is
        return ""
    if not sys.stdin.isatty():
        return sys.stdin.buffer.read(_MOST_READ).decode("utf-8", "replace")
    # While it waits for typing, the first Ctrl+C must end it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return getpass.getpass(tr("Key for {title}: ", title=title))
    except EOFError:
        return ""
    finally:
        signal.signal(signal.SIGINT, before)
