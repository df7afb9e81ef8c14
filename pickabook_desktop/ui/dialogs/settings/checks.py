"""What the program itself would say to a setting, asked before it is kept."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.settings.fields import Check

EXAMPLE = "https://gateway.example"
_PART = "tried"
_OF_CONNECTION = ("timeout", "proxy", "ca_file")


def check_of(specs: Sequence[OptionSpec]) -> Check:
    """What is wrong with the value of one of ``specs``, told by what kind of thing it is."""
    known = {spec.id: _checker(spec) for spec in specs}

    def check(option_id: str, value: str) -> str:
        checker = known.get(option_id)
        if checker is None or not value:
            return ""
        try:
            return checker(value)
        except InputError as error:
            return str(error)

    return check


def connection_problem(option_id: str, value: str) -> str:
    """What is wrong with ``timeout``, ``proxy`` or ``ca_file``. Raises InputError, or says it."""
    from pickabook_desktop.net.connection import Connection

    tried = {f"{_PART}.{option_id}": value}
    Connection.of(lambda key: tried.get(key, ""), _PART)
    if option_id == "ca_file" and value and not Path(value).expanduser().is_file():
        return tr("There is no file {path}. Choose one in PEM form.", path=value)
    return ""


def _checker(spec: OptionSpec) -> Callable[[str], str] | None:
    if spec.id == "url_endpoint" or spec.id.endswith("_url"):
        return _address_problem
    if spec.id in _OF_CONNECTION:
        return lambda value: connection_problem(spec.id, value)
    if "{" in spec.default:
        return _pattern_problem
    if spec.kind == "folder":
        return _folder_problem
    return _tags_problem if spec.id == "tags" else None


def _address_problem(value: str) -> str:
    from pickabook_desktop.net.address import checked_address

    try:
        checked_address(value, service="", example=EXAMPLE)
    except InputError as error:
        return tr("This address cannot be used. {advice}", advice=error.next_step)
    return ""


def _pattern_problem(value: str) -> str:
    from pickabook_desktop.storage.stores.naming import check_pattern

    check_pattern(value)
    return ""


def _tags_problem(value: str) -> str:
    from pickabook_desktop.storage.stores.naming import tags_of

    tags_of(value)
    return ""


def _folder_problem(value: str) -> str:
    if Path(value).expanduser().is_absolute():
        return ""
    return tr("This is not a whole path. Choose the folder with the button.")
