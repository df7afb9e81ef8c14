"""Nothing leaves for Gemini but what somebody has agreed to, asked with the very bytes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from services.gemini import GeminiServer, sent_pictures, sent_prompt, too_many
from services.gemini_batches import GeminiBatches
from services.gemini_rig import Rig, wanted

from pickabook_desktop.domain.errors import ConsentError
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.net.cancel import CancelToken


class Gate:
    """Notes what it is asked, and refuses from the ``last``-th time on."""

    def __init__(self, last: int = 1000) -> None:
        self.asked: list[Outgoing] = []
        self._last = last

    def __call__(self, outgoing: Outgoing) -> None:
        self.asked.append(outgoing)
        if len(self.asked) > self._last:
            raise ConsentError("Nobody has agreed to that.", "Ask somebody.")


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer(also=GeminiBatches()) as server:
        yield server


def submit(rig: Rig) -> None:
    rig.engine.submit(wanted(), CancelToken(), lambda _ticket: None)


def draw(rig: Rig) -> None:
    rig.run()


def test_permission_is_asked_for_what_is_sent(server: GeminiServer, tmp_path: Path):
    gate = Gate()
    rig = Rig(server, tmp_path, allow=gate)
    rig.run(wanted(prompt="a red scarf"))
    (outgoing,), (exchange,) = gate.asked, server.exchanges
    assert sent_pictures(exchange) == [image.data for image in outgoing.images]
    assert sent_prompt(exchange) == outgoing.prompt
    assert "127.0.0.1" in outgoing.recipient


@pytest.mark.parametrize("way", [draw, submit])
def test_without_it_nothing_is_sent_and_nothing_is_charged(
    server: GeminiServer, tmp_path: Path, way: Callable[[Rig], None]
):
    gate = Gate(last=0)
    rig = Rig(server, tmp_path, allow=gate)
    with pytest.raises(ConsentError):
        way(rig)
    assert gate.asked
    assert server.exchanges == []
    assert rig.calls == []


def test_a_consent_that_is_withdrawn_meanwhile_ends_the_repeats(
    server: GeminiServer, tmp_path: Path
):
    rig = Rig(server, tmp_path, allow=Gate(last=1))
    server.say(too_many(retry="0s"))
    assert isinstance(rig.error(), ConsentError)
    assert len(server.exchanges) == 1


@pytest.mark.parametrize("way", [draw, submit])
def test_an_address_that_changes_meanwhile_is_not_another_recipient(
    server: GeminiServer, tmp_path: Path, way: Callable[[Rig], None]
):
    """Who is asked for permission to send to one address never sends to the next."""
    answers = iter([server.url])
    settings = {"gemini.per_minute": "0"}

    def setting(key: str) -> str:
        if key == "gemini.base_url":
            return next(answers, "https://elsewhere.example")
        return settings.get(key, "")

    gate = Gate()
    rig = Rig(server, tmp_path, allow=gate, setting=setting)
    way(rig)
    assert server.exchanges
    assert gate.asked
    assert all("127.0.0.1" in outgoing.recipient for outgoing in gate.asked)


def test_a_recipient_has_one_name_in_every_language(
    server: GeminiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A consent is known by it."""
    from pickabook_desktop.domain import i18n

    class Shouting:
        def gettext(self, message: str) -> str:
            return f"¡{message}"

    rig = Rig(server, tmp_path)
    before = rig.engine.outgoing(wanted(), CancelToken()).recipient
    monkeypatch.setattr(i18n, "_catalogue", Shouting)
    assert rig.engine.capabilities.summary.startswith("¡")
    assert rig.engine.capabilities.recipient == before
    assert Rig(server, tmp_path).engine.outgoing(wanted(), CancelToken()).recipient == before
