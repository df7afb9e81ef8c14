"""The page of privacy: how long a consent holds, which ones there are, and whom to forget."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.dialogs.settings.fields import OptionFields
from pickabook_desktop.ui.dialogs.settings.parts import Card, Page, StatusLine
from pickabook_desktop.ui.dialogs.settings.setup import Setup
from pickabook_desktop.ui.setting_keys import CONSENT_DAYS_KEY
from pickabook_desktop.ui.theme import Space
from pickabook_desktop.ui.viewmodels.children import child_title
from pickabook_desktop.ui.viewmodels.dates import day_text
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.grids import empty_grid
from pickabook_desktop.ui.widgets.labels import ElidedLabel, wrapped

if TYPE_CHECKING:
    from pickabook_desktop.jobs.forget import KnownChild
    from pickabook_desktop.storage.consents import KeptConsent

_OPTION = "consent_days"


class PrivacyPage(Page):
    """Lists what was agreed to, and the children."""

    forget_wanted = Signal(str)
    """The id of a child."""

    def __init__(self, setup: Setup, parent: QWidget | None = None) -> None:
        lead = tr(
            "A photo leaves this computer only after somebody has agreed to that, "
            "photo by photo and service by service."
        )
        super().__init__(tr("Privacy"), lead, parent)
        self._setup = setup
        self.status = StatusLine()
        self.consents = QGridLayout()
        self.no_consents = wrapped(tr("Nobody has agreed to sending a photo."), "quiet")
        self.children_grid = QVBoxLayout()
        self.no_children = wrapped(tr("No photo has been used yet."), "quiet")
        values = {_OPTION: setup.settings.text(CONSENT_DAYS_KEY)}
        self.fields = OptionFields((_days_spec(),), values, _problem_of)
        self.fields.option_edited.connect(self._on_days_edited)
        self._lay_out()
        self._shown: object = None
        setup.children.changed.connect(self._on_changed)
        self._on_changed()

    def refresh(self) -> None:
        self._setup.children.read()

    def _lay_out(self) -> None:
        self.consents.setHorizontalSpacing(Space.LARGE)
        self.consents.setVerticalSpacing(Space.SMALL)
        self.consents.setColumnStretch(0, 1)
        self.children_grid.setSpacing(Space.SMALL)
        given = Card(tr("Consents"))
        given.add(self.fields)
        given.add(self.no_consents)
        given.add(self.consents)
        known = Card(tr("Children"))
        known.add(
            wrapped(
                tr(
                    "Forgetting a child takes away its pages, crops, names and uploaded copies, "
                    "and what is known of its photos. The original photos stay where they are. "
                    "You see what goes before anything does."
                ),
                "quiet",
            )
        )
        known.add(self.no_children)
        known.add(self.children_grid)
        for part in (self.status, given, known):
            self.add(part)

    def _on_days_edited(self, _option: str, value: str) -> None:
        self._setup.keep(CONSENT_DAYS_KEY, value)

    def _on_changed(self) -> None:
        model = self._setup.children
        failed = next(
            (i for i in (model.listing, model.reading, model.withdrawing) if i.state == "failed"),
            None,
        )
        if failed is not None and failed.error is not None:
            self.status.say_error(failed.error)
        else:
            self.status.clear()
        shown = (model.known, model.consents)
        if shown != self._shown:
            self._shown = shown
            self._show_consents(model.holding())
            self._show_children(model.known)

    def _show_consents(self, consents: "tuple[KeptConsent, ...]") -> None:
        empty_grid(self.consents)
        self.no_consents.setVisible(not consents)
        for row, kept in enumerate(consents):
            self._add_consent(row, kept)

    def _add_consent(self, row: int, kept: "KeptConsent") -> None:
        consent = kept.consent
        photo = self._setup.children.shown_in(consent.photo_sha256)
        what = tr("the face") if consent.scope == "face" else tr("the whole photo")
        said = tr(
            "{by} agreed on {given} to sending {what} to {recipient}, until {expires}.",
            by=consent.given_by,
            given=day_text(consent.given_on),
            what=what,
            recipient=consent.recipient,
            expires=day_text(consent.expires_on),
        )
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(wrapped(photo, "body-strong"))
        words.addWidget(wrapped(said, "small"))
        holder = QWidget()
        words.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(words)
        withdraw = text_button(tr("Withdraw"))
        withdraw.setAccessibleName(tr("Withdraw: {said}", said=said))
        withdraw.clicked.connect(lambda: self._setup.children.withdraw(kept.id))
        self.consents.addWidget(holder, row, 0)
        self.consents.addWidget(withdraw, row, 1, Qt.AlignmentFlag.AlignVCenter)

    def _show_children(self, children: "tuple[KnownChild, ...]") -> None:
        empty_grid(self.children_grid)
        self.no_children.setVisible(not children)
        for child in children:
            self.children_grid.addWidget(self._child_row(child))

    def _child_row(self, child: "KnownChild") -> QWidget:
        row = QWidget()
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.LARGE)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        name = ElidedLabel(child_title(child))
        name.setToolTip(child_title(child))
        name.setProperty("type", "body-strong")
        grid.addWidget(name, 0, 0)
        grid.addWidget(wrapped(_counts_text(child), "small"), 1, 0)
        forget = text_button(tr("Forget this child…"), "delete")
        forget.setAccessibleName(tr("Forget {name}…", name=child_title(child)))
        forget.clicked.connect(lambda: self.forget_wanted.emit(child.id))
        grid.addWidget(forget, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        return row


def _counts_text(child: "KnownChild") -> str:
    photos = len(child.photos)
    one, several = tr("One photo"), tr("{count} photos", count=photos)
    pages = {0: tr("no pages yet"), 1: tr("one page")}.get(child.pages) or tr(
        "{count} pages", count=child.pages
    )
    return f"{one if photos == 1 else several}, {pages}"


def _problem_of(_option: str, value: str) -> str:
    from pickabook_desktop.jobs.permission import consent_days

    try:
        consent_days(value)
    except InputError as error:
        return str(error)
    return ""


def _days_spec() -> OptionSpec:
    return OptionSpec(
        id=_OPTION,
        title=tr("A consent holds for"),
        kind="number",
        default="365",
        minimum=1,
        maximum=36500,
        unit=tr("days"),
        help=tr("Counts for what is agreed to from now on."),
    )
