"""Parts that are built in or installed beside, all found by entry point."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.i18n import tr

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

Part = TypeVar("Part")
Services = TypeVar("Services")
Answer = TypeVar("Answer")


class Plugins(Generic[Part, Services]):
    """Makes each part of one entry point group when it is first asked for.

    An entry point leads to a function from ``services`` to the part. One that cannot be made is
    known with the reason; it never stops the program.
    """

    def __init__(
        self,
        group: str,
        built_in: Mapping[str, str],
        services: Services,
        points: "Iterable[EntryPoint] | None" = None,
    ) -> None:
        """``built_in`` are this distribution's own entry points, so that nobody has to read those
        of all packages to get at them. ``points`` stands in for what is installed, which is looked
        up when first needed.
        """
        self._group = group
        self._built_in = built_in
        self._services = services
        self._given = None if points is None else tuple(points)
        self._found: Mapping[str, EntryPoint] | None = None
        self._made: dict[str, Part] = {}
        self._broken: dict[str, str] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """All in the order of their ids, usable or not."""
        return tuple(sorted(self._points()))

    def known(self, part_id: str) -> bool:
        """Whether there is one of that id."""
        return self._at_hand(part_id) or part_id in self._points()

    def get(self, part_id: str) -> Part | str:
        """The part, or why it cannot be used, as a sentence; ``part_id`` must be known."""
        if part_id not in self._made and part_id not in self._broken:
            try:
                self._made[part_id] = self._create(part_id)
            except Exception as error:  # noqa: BLE001 a part from outside may fail in any way
                self._broken[part_id] = _reason(error)
        return self._made[part_id] if part_id in self._made else self._broken[part_id]

    def ask(self, part_id: str, question: Callable[[Part], Answer]) -> Answer | str:
        """What a part answers, or why it cannot."""
        part = self.get(part_id)
        if isinstance(part, str):
            return part
        try:
            return question(part)
        except Exception as error:  # noqa: BLE001 a part from outside may fail in any way
            return _reason(error)

    def _at_hand(self, part_id: str) -> bool:
        return self._given is None and part_id in self._built_in

    def _create(self, part_id: str) -> Part:
        if self._at_hand(part_id):
            module, _, name = self._built_in[part_id].partition(":")
            return getattr(import_module(module), name)(self._services)
        return self._points()[part_id].load()(self._services)

    def _points(self) -> "Mapping[str, EntryPoint]":
        if self._found is None:
            found = self._installed() if self._given is None else self._given
            self._found = {point.name: point for point in found}
        return self._found

    def _installed(self) -> "Iterable[EntryPoint]":
        from importlib.metadata import entry_points

        return entry_points(group=self._group)


def _reason(error: Exception) -> str:
    if isinstance(error, PickaBookError):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return tr("The package “{name}” is not installed.", name=error.name)
    return tr("It could not be loaded: {reason}.", reason=str(error).rstrip(".") or "no reason")
