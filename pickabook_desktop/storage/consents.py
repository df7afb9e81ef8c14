"""Who agreed to sending which photo to whom, and until when."""

from datetime import UTC, datetime, timedelta

import msgspec

from pickabook_desktop.domain.consent import Consent, Scope
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.database import Database, Row
from pickabook_desktop.storage.ids import IdMaker

_COLUMNS = "id, photo_sha256, recipient, scope, given_by, given_on, expires_on, withdrawn_on"


class KeptConsent(msgspec.Struct, frozen=True, kw_only=True):
    """A consent as written down. ``withdrawn_on`` is a time as in :class:`Consent`, empty while
    nobody has withdrawn it.
    """

    id: str
    consent: Consent
    withdrawn_on: str = ""

    def holds(self, now: str) -> bool:
        """Whether it has neither been withdrawn nor run out at ``now``."""
        return not self.withdrawn_on and now < self.consent.expires_on


def timestamp(moment: datetime) -> str:
    """A time as records hold it: ISO 8601 in UTC, whole seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Consents:
    """Consents in the records. Any thread may call any method; all raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids = IdMaker()

    def covering(self, photo_sha256: str, recipient: str, scope: Scope, now: str) -> bool:
        """Whether somebody has agreed to that, and it still holds at ``now``."""
        query = (
            f"SELECT {_COLUMNS} FROM consents"  # noqa: S608 constants
            " WHERE photo_sha256=? AND recipient=? AND withdrawn_on IS NULL"
        )
        rows = self._database.rows(query, (photo_sha256, recipient))
        return any(_kept(row).consent.covers(scope, now) for row in rows)

    def add(
        self,
        wishes: tuple[tuple[str, Scope], ...],
        recipient: str,
        by: str,
        now: datetime,
        days: int,
    ) -> None:
        """Write down that ``by`` has agreed, for ``days`` from ``now``, to sending each of
        ``wishes``, a photo's hash and how much of it, to ``recipient``: all of them or none.
        """
        given, expires = timestamp(now), timestamp(now + timedelta(days=days))
        with self._database.writing() as connection:
            for photo_sha256, scope in wishes:
                connection.execute(
                    f"INSERT INTO consents ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",  # noqa: S608 constants
                    (self._ids.next(), photo_sha256, recipient, scope, by, given, expires),
                )

    def all(self) -> tuple[KeptConsent, ...]:
        """Every consent that was ever given and is not forgotten, latest first."""
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM consents ORDER BY id DESC")  # noqa: S608 constants
        return tuple(map(_kept, rows))

    def withdraw(self, consent_id: str, now: datetime | None = None) -> None:
        """From now on it does not hold; nothing where that was so before. Raises InputError for an
        id that is unknown.
        """
        with self._database.writing() as connection:
            changed = connection.execute(
                "UPDATE consents SET withdrawn_on=coalesce(withdrawn_on, ?)"
                " WHERE id=? RETURNING id",
                (timestamp(now or datetime.now(UTC)), consent_id),
            )
            if not list(changed):
                raise InputError(
                    tr("There is no consent {id}.", id=consent_id),
                    tr("“pickabook consents list” shows what there is."),
                )


def _kept(row: Row) -> KeptConsent:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    return KeptConsent(
        id=str(values.pop("id")),
        withdrawn_on=str(values.pop("withdrawn_on") or ""),
        consent=msgspec.convert(values, Consent),
    )
