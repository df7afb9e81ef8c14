"""How an engine or a store is reached: its own settings, folded away until they are wanted."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.settings.checks import check_of
from pickabook_desktop.ui.dialogs.settings.fields import OptionFields
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.widgets.collapsible import CollapsibleSection


class ConnectionSection(QWidget):
    """Keeps what is set as ``<part>.<option>``; ``fields`` are made when it is first unfolded."""

    option_edited = Signal()

    def __init__(
        self,
        setup: Setup,
        part: str,
        specs: Sequence[OptionSpec],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._setup = setup
        self._part = part
        self._specs = tuple(specs)
        self.fields: OptionFields | None = None
        self.section = CollapsibleSection(tr("Connection"), self._make_fields)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.section)
        self._sum_up()

    def unfold(self) -> OptionFields:
        """Show the fields."""
        self.section.set_expanded(True)
        return self.fields or self._make_fields()

    def _make_fields(self) -> OptionFields:
        self.fields = OptionFields(self._specs, self._values(), check_of(self._specs))
        self.fields.option_edited.connect(self._on_option_edited)
        return self.fields

    def _values(self) -> dict[str, str]:
        return self._setup.settings.starting_with(f"{self._part}.")

    def _on_option_edited(self, option_id: str, value: str) -> None:
        self._setup.keep(f"{self._part}.{option_id}", value)
        self._sum_up()
        self.option_edited.emit()

    def _sum_up(self) -> None:
        values = self._values()
        own = [
            spec.title for spec in self._specs if values.get(spec.id, "") not in ("", spec.default)
        ]
        self.section.set_summary(", ".join(own) if own else tr("as usual"))
