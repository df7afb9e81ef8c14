"""The page of the network: how services are reached."""

from PySide6.QtWidgets import QLineEdit, QWidget

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.settings.checks import connection_problem
from pickabook_desktop.ui.dialogs.settings.fields import OptionFields, combo, problem_of
from pickabook_desktop.ui.dialogs.settings.parts import Card, Page, Rows
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.setting_keys import CA_FILE_KEY, PROXY_KEY, TIMEOUT_KEY
from pickabook_desktop.ui.widgets.labels import wrapped

SYSTEM, NONE, OWN = "system", "none", "own"
_PART = "net"


class NetworkPage(Page):
    """What holds for every engine and store that has no other setting of its own."""

    def __init__(self, setup: Setup, parent: QWidget | None = None) -> None:
        lead = tr("How services are reached, unless an engine or a store has its own setting.")
        super().__init__(tr("Network"), lead, parent)
        self._setup = setup
        kept = setup.settings.text(PROXY_KEY, SYSTEM)
        self.proxy = combo(
            (
                (SYSTEM, tr("As the system says")),
                (NONE, tr("None")),
                (OWN, tr("This one:")),
            ),
            kept if kept in (SYSTEM, NONE) else OWN,
        )
        self.proxy.setAccessibleName(tr("Proxy"))
        self.address = QLineEdit("" if kept in (SYSTEM, NONE) else kept)
        self.address.setPlaceholderText("http://proxy.example:3128")
        self.address.setAccessibleName(tr("Address of the proxy"))
        self.problem = wrapped("", "small")
        self.problem.setProperty("level", "stop")
        self.problem.hide()
        self.fields = OptionFields(_specs(), _values(setup), self._problem_of)
        self.proxy.activated.connect(self._on_proxy_chosen)
        self.address.editingFinished.connect(self._on_address_edited)
        self.fields.option_edited.connect(self._on_option_edited)
        self._lay_out()
        self._dim()

    def _lay_out(self) -> None:
        card = Card(tr("Proxy"))
        rows = Rows()
        rows.add_field(tr("Proxy"), self.proxy)
        rows.add_field(tr("Address"), self.address)
        rows.addWidget(self.problem, rows.rowCount(), 1)
        card.add(rows)
        other = Card(tr("Connection"))
        other.add(self.fields)
        self.add(card)
        self.add(other)

    def _dim(self) -> None:
        self.address.setEnabled(self.proxy.currentData() == OWN)

    def _on_proxy_chosen(self) -> None:
        self._dim()
        chosen = str(self.proxy.currentData())
        if chosen == OWN:
            self.address.setFocus()
            self._on_address_edited()
            return
        self._explain("")
        self._setup.keep(PROXY_KEY, "" if chosen == SYSTEM else chosen)

    def _on_address_edited(self) -> None:
        text = self.address.text().strip()
        if self.proxy.currentData() != OWN or not text:
            self._explain("")
            return
        wrong = self._problem_of("proxy", text)
        self._explain(wrong)
        if not wrong and text != self._setup.settings.text(PROXY_KEY):
            self._setup.keep(PROXY_KEY, text)

    def _on_option_edited(self, option_id: str, value: str) -> None:
        self._setup.keep(f"{_PART}.{option_id}", value)

    def _explain(self, wrong: str) -> None:
        self.problem.setText(wrong)
        self.problem.setVisible(bool(wrong))

    def _problem_of(self, option_id: str, value: str) -> str:
        """What the program itself would say to ``value``."""
        if problem := problem_of(OptionSpec(id=option_id, title=""), value):
            return problem
        try:
            return connection_problem(option_id, value)
        except InputError as error:
            return str(error)


def _values(setup: Setup) -> dict[str, str]:
    return {
        "timeout": setup.settings.text(TIMEOUT_KEY),
        "ca_file": setup.settings.text(CA_FILE_KEY),
    }


def _specs() -> tuple[OptionSpec, ...]:
    return (
        OptionSpec(
            id="timeout",
            title=tr("Time-out"),
            kind="number",
            default="180",
            minimum=1,
            maximum=3600,
            unit=tr("seconds"),
            help=tr("How long a picture may take before the program gives up."),
        ),
        OptionSpec(
            id="ca_file",
            title=tr("Certificates"),
            kind="file",
            help=tr("A PEM file that is trusted besides the system’s, as companies need it."),
        ),
    )
