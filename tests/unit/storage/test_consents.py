from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.storage.consents import Consents, timestamp
from pickabook_desktop.storage.records import records_database

PHOTO = "1" * 64
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def consents(tmp_path: Path) -> Iterator[Consents]:
    database = records_database(tmp_path / "data")
    yield Consents(database)
    database.close()


def test_a_consent_says_who_when_and_until_when(consents: Consents) -> None:
    consents.add(((PHOTO, "face"),), "Google", "Ada's father", NOW, 30)
    (kept,) = consents.all()
    assert kept.consent.given_by == "Ada's father"
    assert kept.consent.given_on == "2026-11-22T12:00:00Z"
    assert kept.consent.expires_on == "2026-12-22T12:00:00Z"
    assert kept.holds(timestamp(NOW))
    assert not kept.holds(timestamp(NOW + timedelta(days=30)))


def test_it_is_for_one_photo_and_one_recipient(consents: Consents) -> None:
    consents.add(((PHOTO, "face"),), "Google", "her father", NOW, 30)
    now = timestamp(NOW)
    assert consents.covering(PHOTO, "Google", "face", now)
    assert not consents.covering(PHOTO, "Google", "photo", now)
    assert not consents.covering(PHOTO, "Somebody else", "face", now)
    assert not consents.covering("2" * 64, "Google", "face", now)


def test_a_withdrawn_one_is_kept_and_does_not_hold(consents: Consents) -> None:
    consents.add(((PHOTO, "photo"),), "Google", "her father", NOW, 30)
    (kept,) = consents.all()
    consents.withdraw(kept.id, NOW)
    consents.withdraw(kept.id, NOW + timedelta(days=1))
    (kept,) = consents.all()
    assert kept.withdrawn_on == timestamp(NOW)
    assert not kept.holds(timestamp(NOW))
    assert not consents.covering(PHOTO, "Google", "face", timestamp(NOW))


def test_one_that_is_unknown_cannot_be_withdrawn(consents: Consents) -> None:
    with pytest.raises(InputError):
        consents.withdraw("none")
