"""A batch that is taken, turned down, or of which nobody knows whether it was taken."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from services.batch_desk import Desk
from services.gemini import GeminiServer, failed, too_many
from services.gemini_batches import EACH, ESTIMATE, GeminiBatches
from services.wire import Answer, Exchange

from pickabook_desktop.domain.errors import (
    ConsentError,
    EngineError,
    InputError,
    NotConfiguredError,
    PickaBookError,
    SpendingLimitError,
    UnreachableError,
)
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.jobs import batches
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.providers.gemini import batch_sending


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (too_many(retry="20s"), EngineError),
        (failed(403, "PERMISSION_DENIED", "This key may not."), NotConfiguredError),
        (failed(400, "INVALID_ARGUMENT", "No."), EngineError),
        (failed(404, "NOT_FOUND", "models/x is not found"), InputError),
    ],
)
def test_a_batch_that_was_turned_down_is_not_there_and_costs_nothing(
    desk: Desk, server: GeminiServer, said: Answer, kind: type[PickaBookError]
):
    server.wire.say(said)
    with pytest.raises(kind) as caught:
        desk.submit()
    assert not isinstance(caught.value, UnreachableError)
    assert desk.batches.all() == ()
    assert [(call.outcome, call.cost) for call in desk.ledger.calls()] == [("failed", 0.0)]
    assert len(server.exchanges) == 1


@pytest.mark.parametrize(
    "said",
    [
        failed(500, "INTERNAL", "Oh."),
        failed(503, "UNAVAILABLE", "Later."),
        Answer(close=True),
        Answer(status=200, body=b"{}", truncate_after=1),
        Answer(status=200, body=b"<html>"),
        Answer(status=200, body=b"{}"),
    ],
)
def test_a_batch_without_an_answer_is_neither_forgotten_nor_sent_again(
    new_run: Callable[..., Desk], server: GeminiServer, said: Answer
):
    desk = new_run()
    server.wire.say(said)
    with pytest.raises(UnreachableError) as caught:
        desk.submit()
    assert not caught.value.retryable
    assert "account" in caught.value.next_step
    (left,) = new_run().batches.all()
    assert left.state == "unknown"
    assert "may have taken" in left.reason
    desk = new_run()
    # It may still be on its way into the list.
    assert [known.state for known in desk.poll().batches] == ["unknown"]
    assert [exchange.method for exchange in server.exchanges] == ["POST", "GET"]
    # It may cost what was expected.
    assert [call.cost for call in desk.ledger.calls()] == [pytest.approx(3 * ESTIMATE)]


class LosingBatches(GeminiBatches):
    """Takes a batch, and its answer is lost."""

    def __call__(self, exchange: Exchange) -> Answer | None:
        answered = super().__call__(exchange)
        taken = exchange.path.endswith(":batchGenerateContent")
        return Answer(close=True) if taken else answered


@pytest.fixture
def losing(tmp_path: Path) -> Iterator[tuple[LosingBatches, Callable[[], Desk]]]:
    """A service whose answers to new batches are lost, and new runs with it."""
    service = LosingBatches()
    runs: list[Desk] = []
    with GeminiServer(also=service) as server:

        def start() -> Desk:
            for run in runs:
                run.close()
            runs.append(Desk(tmp_path / "disk", server))
            return runs[-1]

        yield service, start
        for run in runs:
            run.close()


def test_a_batch_whose_answer_was_lost_is_found_by_its_title(
    losing: tuple[LosingBatches, Callable[[], Desk]],
):
    service, new_run = losing
    for _ in range(3):
        with pytest.raises(UnreachableError):
            new_run().submit()
    desk = new_run()
    assert [left.state for left in desk.batches.all()] == ["unknown"] * 3
    assert all(left.unfinished for left in desk.batches.all())
    for name in service.batches:
        service.finish(name=name)
    news = new_run().poll()
    assert [known.state for known in news.batches] == ["collected"] * 3
    assert len(news.pictures) == 9
    desk = new_run()
    assert [call.amount for call in desk.ledger.calls()] == [pytest.approx(3 * EACH)] * 3
    assert service.batches == {}
    assert service.submitted == 3


def test_cancelling_what_may_have_been_taken_looks_first_and_withdraws(
    losing: tuple[LosingBatches, Callable[[], Desk]],
):
    service, new_run = losing
    with pytest.raises(UnreachableError):
        new_run().submit()
    desk = new_run()
    (left,) = desk.batches.all()
    (ended,) = desk.cancel(left.id).batches
    assert ended.state == "cancelled"
    assert service.batches == {}
    assert desk.ledger.spent() == 0.0


def test_what_was_never_taken_is_given_up_in_the_end(
    desk: Desk, server: GeminiServer, monkeypatch: pytest.MonkeyPatch
):
    server.wire.say(Answer(close=True))
    with pytest.raises(UnreachableError):
        desk.submit()
    monkeypatch.setattr(batches, "NOT_TAKEN_AFTER", timedelta(0))
    (ended,) = desk.poll().batches
    assert ended.state == "failed"
    assert "not taken" in ended.reason
    asked = len(server.exchanges)
    assert desk.poll().batches == ()
    assert len(server.exchanges) == asked


@pytest.mark.parametrize(
    "said", [failed(400, "INVALID_ARGUMENT", "No."), failed(403, "PERMISSION_DENIED", "No.")]
)
def test_a_file_sent_ahead_of_what_is_turned_down_is_deleted_at_once(
    desk: Desk,
    service: GeminiBatches,
    monkeypatch: pytest.MonkeyPatch,
    said: Answer,
):
    monkeypatch.setattr(batch_sending, "LARGEST_INLINE", 1000)
    monkeypatch.setattr(service, "_create", lambda exchange, model: said)
    with pytest.raises(PickaBookError):
        desk.submit()
    assert service.titles
    assert service.files == {}
    assert desk.batches.all() == ()


def test_a_file_sent_ahead_of_what_was_stopped_is_deleted_with_the_next_look(
    new_run: Callable[..., Desk],
    service: GeminiBatches,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(batch_sending, "LARGEST_INLINE", 1000)
    token = CancelToken()
    take = service._take_upload

    def stop(exchange: Exchange, name: str) -> Answer:
        answered = take(exchange, name)
        token.cancel()
        return answered

    monkeypatch.setattr(service, "_take_upload", stop)
    desk = new_run()
    with pytest.raises(AssertionError, match="Cancelled"):
        desk.submit(token=token)
    assert len(service.files) == 1
    assert desk.batches.all() == ()
    new_run().poll()
    assert service.files == {}


def test_a_service_that_cannot_be_reached_has_taken_nothing(desk: Desk):
    desk.rig.settings["gemini.base_url"] = "http://127.0.0.1:9"
    with pytest.raises(UnreachableError) as caught:
        desk.submit()
    assert caught.value.retryable
    assert desk.batches.all() == ()
    assert desk.ledger.spent() == 0.0


def test_stopping_while_it_is_handed_over_says_that_it_may_be_there(
    desk: Desk, server: GeminiServer
):
    server.wire.say(Answer(hang_before=True))
    token = CancelToken()

    def stop() -> None:
        server.wire.wait_for(1)
        token.cancel()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(UnreachableError) as caught:
        desk.submit(token=token)
    stopper.join()
    assert "Stopped" in caught.value.message
    assert server.exchanges[0].finished.wait(5)
    assert server.exchanges[0].closed_by_client.is_set()
    assert [left.state for left in desk.batches.all()] == ["unknown"]
    assert desk.ledger.spent() == pytest.approx(3 * ESTIMATE)


def test_without_permission_nothing_is_written_and_nothing_leaves(
    new_run: Callable[..., Desk], server: GeminiServer
):
    def refuse(_outgoing: Outgoing, _request: GenerationRequest) -> None:
        raise ConsentError("Nobody has agreed.")

    desk = new_run(allow=refuse)
    with pytest.raises(ConsentError):
        desk.submit()
    assert server.exchanges == []
    assert desk.batches.all() == ()
    assert desk.ledger.calls() == ()


def test_a_batch_that_would_pass_the_limit_is_not_sent(
    new_run: Callable[..., Desk], server: GeminiServer
):
    desk = new_run(limit=0.05)
    with pytest.raises(SpendingLimitError):
        desk.submit()
    assert server.exchanges == []
    assert desk.batches.all() == ()
    assert [call.reason for call in desk.ledger.calls()] == ["monthly_limit"]
    # At half the price two fit, at the whole price they would not.
    desk.submit(desk.request(count=2))
    assert len(server.exchanges) == 1
