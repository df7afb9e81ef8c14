"""No photo leaves this machine for a service unless somebody has agreed to that."""

from collections.abc import Callable
from datetime import UTC, datetime

from pickabook_desktop.domain.consent import Scope
from pickabook_desktop.domain.errors import ConsentError, InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.outgoing import Outgoing, OutgoingImage
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.storage.children import Children
from pickabook_desktop.storage.consents import Consents, timestamp

CONSENT_DAYS_KEY = "privacy.consent_days"
CONSENT_DAYS = 365
MOST_DAYS = 36500


def consent_days(text: str) -> int:
    """How long a consent holds, from the setting ``privacy.consent_days``; raises InputError."""
    if not text.strip():
        return CONSENT_DAYS
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not 1 <= days <= MOST_DAYS:
        raise InputError(
            tr("“{text}” is no number of days for which a consent can hold.", text=text),
            tr("Set privacy.consent_days to a whole number from 1 to {most}.", most=MOST_DAYS),
        )
    return days


class Permission:
    """The gate. A consent is for one photo, by the hash of its file, and one recipient.

    ``days`` says how long a consent holds that is given now. Any thread may call any method.
    """

    def __init__(self, consents: Consents, children: Children, days: Callable[[], int]) -> None:
        self._consents = consents
        self._children = children
        self._days = days

    def missing(self, outgoing: Outgoing, now: datetime | None = None) -> tuple[OutgoingImage, ...]:
        """The images that nobody has agreed to sending; empty where all may go."""
        if not outgoing.leaves:
            return ()
        moment = timestamp(now or datetime.now(UTC))
        return tuple(
            image
            for image in outgoing.images
            if _shows_somebody(image)
            and not self._consents.covering(
                image.photo_sha256, outgoing.recipient, _scope(image), moment
            )
        )

    def give(self, outgoing: Outgoing, by: str, now: datetime | None = None) -> None:
        """Write down that ``by`` has agreed to sending what of ``outgoing`` nobody has agreed to.

        Nothing is written for what is not sent. Raises InputError where nobody is named, or an
        image does not say which photo it is made from.
        """
        self._record(outgoing, by, now or datetime.now(UTC), None)

    def check(
        self,
        outgoing: Outgoing,
        request: GenerationRequest | None = None,
        now: datetime | None = None,
    ) -> None:
        """Raise ConsentError unless everything in ``outgoing`` may go. Where a request says who
        has agreed, that is written down first.
        """
        moment = now or datetime.now(UTC)
        if request is not None and request.consent.strip():
            self._record(outgoing, request.consent, moment, request)
        if self.missing(outgoing, moment):
            raise ConsentError(
                tr("Nobody has agreed to sending this photo to {name}.", name=outgoing.recipient),
                tr(
                    "Look at what would be sent and agree to it in the window, or say who has"
                    " agreed with --consent WHO."
                ),
                remedies=("consent", "other_engine"),
            )

    def _record(
        self, outgoing: Outgoing, by: str, now: datetime, request: GenerationRequest | None
    ) -> None:
        missing = self.missing(outgoing, now)
        if not missing:
            return
        if not by.strip():
            raise InputError(
                tr("Nobody is named who has agreed."),
                tr("Say who has, for example “Ada's father”."),
            )
        if not all(image.photo_sha256 for image in missing):
            raise InputError(
                tr("The engine does not say which photo it wants to send."),
                tr("Use another engine, or ask its maker for an update."),
            )
        scopes: dict[str, Scope] = {}
        for image in missing:
            if scopes.get(image.photo_sha256) != "photo":
                scopes[image.photo_sha256] = _scope(image)
        self._note_children(scopes, request)
        days = min(max(self._days(), 1), MOST_DAYS)
        self._consents.add(tuple(scopes.items()), outgoing.recipient, by.strip(), now, days)

    def _note_children(self, scopes: dict[str, Scope], request: GenerationRequest | None) -> None:
        """Before the consent, so that whoever forgets the child finds it."""
        if request is not None:
            self._children.note_request(request)
        for photo_sha256 in scopes:
            self._children.note(PhotoRef(path="", sha256=photo_sha256))


def _shows_somebody(image: OutgoingImage) -> bool:
    return image.role != "scene" or bool(image.photo_sha256)


def _scope(image: OutgoingImage) -> Scope:
    return "face" if image.role == "face" else "photo"
