"""Batches that are asked for until they have ended, and of which nothing is left there."""

from collections.abc import Callable
from pathlib import Path
from time import time

import pytest
from services.batch_desk import Desk
from services.gemini import GeminiServer, answer, blocked, failed
from services.gemini_batches import EACH, GeminiBatches
from services.wire import Answer

from pickabook_desktop.jobs import batch_discards


def test_pages_come_after_a_restart_though_the_photo_is_gone(
    new_run: Callable[..., Desk], service: GeminiBatches
):
    desk = new_run()
    sent = desk.submit()
    assert sent.state == "waiting"
    Path(sent.request.photo.path).unlink()

    desk = new_run()
    service.run(done=1)
    (known,) = desk.poll().batches
    assert (known.state, known.done, known.total) == ("running", 1, 3)

    desk = new_run()
    service.finish()
    news = desk.poll()
    assert [page.request.seed for page in news.pictures] == [5, 6, 7]
    assert [page.id for page in desk.kept] == [page.id for page in news.pictures]
    assert desk.library.count() == 3
    assert desk.library.verify().sound
    (done,) = new_run().batches.all()
    assert (done.state, done.collected, done.reason) == ("collected", 3, "")
    # Google has nothing left of it, and the list nothing of the photo and the child.
    assert service.batches == {}
    assert done.request.photo.path == ""
    assert done.request.fields == {}
    desk = new_run()
    assert desk.poll().batches == ()
    (line,) = desk.ledger.calls()
    assert (line.outcome, line.amount) == ("drawn", pytest.approx(3 * EACH))


def test_pages_that_are_missing_are_named_and_the_others_kept(desk: Desk, service: GeminiBatches):
    desk.submit()
    service.finish(answer(None, finish="IMAGE_SAFETY"))
    news = desk.poll()
    assert len(news.pictures) == 2
    (done,) = news.batches
    assert (done.state, done.collected) == ("collected", 2)
    assert "1 of 3" in done.reason
    assert "safety filter" in done.reason
    assert news.problems == ()


@pytest.mark.parametrize("state", ["FAILED", "EXPIRED", "CANCELLED"])
def test_a_batch_that_came_to_nothing_is_asked_for_no_more(
    desk: Desk, service: GeminiBatches, server: GeminiServer, state: str
):
    desk.submit()
    service.fail(state)
    (ended,) = desk.poll().batches
    assert ended.state == state.lower()
    assert ended.reason
    # The photos are not left there either.
    assert service.batches == {}
    asked = len(server.exchanges)
    assert desk.poll().batches == ()
    assert len(server.exchanges) == asked
    assert desk.ledger.spent() == 0.0


def test_photos_of_a_batch_of_refusals_are_not_left_there(desk: Desk, service: GeminiBatches):
    desk.submit(desk.request(count=2))
    service.finish(blocked("PROHIBITED_CONTENT"), blocked("OTHER"))
    assert [known.state for known in desk.poll().batches] == ["failed"]
    assert service.batches == {}


def test_photos_that_could_not_be_deleted_there_are_deleted_by_a_later_run(
    new_run: Callable[..., Desk],
    service: GeminiBatches,
    server: GeminiServer,
    monkeypatch: pytest.MonkeyPatch,
):
    desk = new_run()
    desk.submit()
    service.finish()
    delete = service._delete
    monkeypatch.setattr(service, "_delete", lambda *_: failed(503, "UNAVAILABLE", "Later."))
    assert len(desk.poll().pictures) == 3
    monkeypatch.setattr(service, "_delete", delete)
    assert len(service.batches) == 1
    # Not at once again, but when it is due.
    desk = new_run()
    asked = len(server.exchanges)
    desk.poll()
    assert len(server.exchanges) == asked
    monkeypatch.setattr(batch_discards.time, "time", lambda: time() + 100.0)
    desk.poll()
    assert service.batches == {}
    assert not desk.batches.owing


def test_a_trouble_with_one_batch_does_not_stop_the_others(
    desk: Desk, service: GeminiBatches, server: GeminiServer
):
    first, second = desk.submit(), desk.submit(desk.request(count=1))
    service.finish(name=second.ticket.name)
    server.wire.say(failed(503, "UNAVAILABLE", "Later."))
    news = desk.poll()
    assert [problem.batch_id for problem in news.problems] == [first.id]
    assert [batch.state for batch in news.batches] == ["waiting", "collected"]
    service.finish(name=first.ticket.name)
    assert len(desk.poll().pictures) == 3


def test_a_result_that_breaks_off_is_fetched_again(
    desk: Desk, service: GeminiBatches, server: GeminiServer
):
    desk.submit()
    service.finish(as_file=True)
    whole = next(iter(service.files.values()))
    state = Answer.of_json(service.batches[service.only])
    for broken in (
        Answer(body=whole, truncate_after=len(whole) // 2),
        Answer(body=b"{}"),
        Answer(body=b"<html>Please log in</html>"),
        Answer(body=b""),
    ):
        server.wire.say(state, broken)
        news = desk.poll()
        assert len(news.problems) == 1
        assert news.pictures == ()
        assert [batch.state for batch in news.batches] == ["finished"]
        assert [call.outcome for call in desk.ledger.calls()] == ["open"]
    assert len(desk.poll().pictures) == 3


def test_pictures_come_over_the_line_once(desk: Desk, service: GeminiBatches, server: GeminiServer):
    desk.submit()
    service.finish()
    desk.poll()
    methods = [exchange.method for exchange in server.exchanges]
    assert methods == ["POST", "GET", "DELETE"]


def test_a_batch_of_another_key_stays_in_the_list(desk: Desk, service: GeminiBatches):
    desk.submit()
    hidden = service.batches.copy()
    service.batches.clear()
    news = desk.poll()
    (problem,) = news.problems
    assert "key" in problem.error.message
    assert [batch.state for batch in news.batches] == ["waiting"]
    service.batches.update(hidden)
    service.finish()
    assert len(desk.poll().pictures) == 3


def test_a_cancelled_batch_ends_here_and_there(desk: Desk, service: GeminiBatches):
    batch_id = desk.submit().id
    (ended,) = desk.cancel(batch_id).batches
    assert ended.state == "cancelled"
    assert service.batches == {}
    # Once more takes it off the list.
    desk.cancel(batch_id)
    assert desk.batches.all() == ()


def test_cancelling_what_has_just_been_drawn_keeps_it(desk: Desk, service: GeminiBatches):
    batch_id = desk.submit().id
    service.finish()
    assert len(desk.cancel(batch_id).pictures) == 3
    assert desk.library.count() == 3


def test_cancelling_what_google_does_not_know_takes_it_off(desk: Desk, service: GeminiBatches):
    batch_id = desk.submit().id
    service.batches.clear()
    desk.cancel(batch_id)
    (left,) = desk.batches.all()
    assert left.state == "cancelled"
