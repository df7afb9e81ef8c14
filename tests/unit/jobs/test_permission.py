from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pickabook_desktop.domain.errors import ConsentError, InputError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.outgoing import Outgoing, OutgoingImage, Role
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.jobs.permission import Permission, consent_days
from pickabook_desktop.jobs.reports import exit_code
from pickabook_desktop.storage.children import Children
from pickabook_desktop.storage.consents import Consents
from pickabook_desktop.storage.records import records_database

ONE, TWO = "1" * 64, "2" * 64
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REQUEST = GenerationRequest(photo=PhotoRef(path="/photos/one.jpg", sha256=ONE))


class Gate:
    """A gate and what is written down beside it."""

    def __init__(self, folder: Path) -> None:
        self.database = records_database(folder)
        self.consents = Consents(self.database)
        self.children = Children(self.database)
        self.permission = Permission(self.consents, self.children, lambda: 30)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    gate = Gate(tmp_path / "data")
    yield gate
    gate.database.close()


def image(role: Role, photo: str) -> OutgoingImage:
    return OutgoingImage(
        role=role,
        title=role,
        data=b"pixels",
        media_type="image/jpeg",
        size=Size(64, 64),
        photo_sha256=photo,
    )


def outgoing(*images: OutgoingImage, recipient: str = "Google") -> Outgoing:
    return Outgoing(recipient=recipient, images=images)


def test_without_consent_nothing_goes_and_the_next_step_is_said(gate: Gate) -> None:
    with pytest.raises(ConsentError) as caught:
        gate.permission.check(outgoing(image("face", ONE)), REQUEST)
    assert "--consent" in caught.value.next_step
    assert "window" in caught.value.next_step
    assert exit_code(caught.value) == 4
    assert gate.consents.all() == ()


def test_who_agrees_on_the_command_line_is_written_down(gate: Gate) -> None:
    request = REQUEST.with_changes(consent="her father", fields={"name": "Ada"})
    gate.permission.check(outgoing(image("face", ONE), image("scene", "")), request, NOW)
    (kept,) = gate.consents.all()
    assert (kept.consent.photo_sha256, kept.consent.scope) == (ONE, "face")
    assert (kept.consent.given_by, kept.consent.recipient) == ("her father", "Google")
    assert [child.name for child in gate.children.all()] == ["Ada"]
    gate.permission.check(outgoing(image("face", ONE)), REQUEST, NOW)
    assert len(gate.consents.all()) == 1


def test_a_consent_to_the_face_does_not_cover_the_photo(gate: Gate) -> None:
    gate.permission.give(outgoing(image("face", ONE)), "her father", NOW)
    with pytest.raises(ConsentError):
        gate.permission.check(outgoing(image("photo", ONE)), REQUEST, NOW)
    gate.permission.give(outgoing(image("photo", ONE)), "her father", NOW)
    gate.permission.check(outgoing(image("face", ONE), image("photo", ONE)), REQUEST, NOW)


def test_every_photo_needs_its_own(gate: Gate) -> None:
    gate.permission.give(outgoing(image("face", ONE)), "her father", NOW)
    both = outgoing(image("face", ONE), image("face", TWO))
    assert [i.photo_sha256 for i in gate.permission.missing(both, NOW)] == [TWO]
    with pytest.raises(ConsentError):
        gate.permission.check(both, REQUEST, NOW)


def test_another_recipient_needs_another(gate: Gate) -> None:
    gate.permission.give(outgoing(image("face", ONE)), "her father", NOW)
    with pytest.raises(ConsentError):
        gate.permission.check(outgoing(image("face", ONE), recipient="Acme"), REQUEST, NOW)


def test_it_runs_out(gate: Gate) -> None:
    gate.permission.give(outgoing(image("face", ONE)), "her father", NOW)
    gate.permission.check(outgoing(image("face", ONE)), REQUEST, NOW + timedelta(days=29))
    with pytest.raises(ConsentError):
        gate.permission.check(outgoing(image("face", ONE)), REQUEST, NOW + timedelta(days=30))


def test_once_withdrawn_it_holds_no_more(gate: Gate) -> None:
    gate.permission.give(outgoing(image("face", ONE)), "her father", NOW)
    (kept,) = gate.consents.all()
    gate.consents.withdraw(kept.id)
    with pytest.raises(ConsentError):
        gate.permission.check(outgoing(image("face", ONE)), REQUEST, NOW)


def test_a_drawing_of_nobody_and_work_on_this_machine_need_none(gate: Gate) -> None:
    gate.permission.check(outgoing(image("scene", "")), REQUEST)
    gate.permission.check(Outgoing(), REQUEST.with_changes(consent="her father"))
    assert gate.consents.all() == ()


def test_a_picture_of_an_unknown_photo_never_goes(gate: Gate) -> None:
    with pytest.raises(ConsentError):
        gate.permission.check(outgoing(image("face", "")), REQUEST)
    with pytest.raises(InputError):
        gate.permission.check(
            outgoing(image("face", "")), REQUEST.with_changes(consent="her father")
        )


def test_somebody_must_be_named(gate: Gate) -> None:
    with pytest.raises(InputError):
        gate.permission.give(outgoing(image("face", ONE)), "  ")


@pytest.mark.parametrize("text", ["0", "-3", "soon", "1e3", "99999999999"])
def test_nonsense_for_the_days_is_told(text: str) -> None:
    with pytest.raises(InputError):
        consent_days(text)


def test_a_consent_holds_a_year_where_nothing_else_is_set() -> None:
    assert (consent_days(""), consent_days("30")) == (365, 30)
