"""Batches of engines of any kind: what becomes of them, whatever the engine does."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from doubles import NotingMeter
from e2e.fake_engine import FakeEngine, drawn

from pickabook_desktop.domain.calls import CallPlan
from pickabook_desktop.domain.errors import (
    CancelledError,
    EngineError,
    InputError,
    NotConfiguredError,
    PickaBookError,
    RefusedError,
    SpendingLimitError,
    StorageError,
    UnreachableError,
)
from pickabook_desktop.domain.events import Cancelled, Done, Drawn, EngineEvent, Failed
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.ports import BatchState, BatchTicket, Cancellation, Engine
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.jobs import batch_reports
from pickabook_desktop.jobs.batches import (
    BatchNews,
    cancel_batch_job,
    poll_batches_job,
    submit_batch_job,
)
from pickabook_desktop.jobs.generate import HouseRules
from pickabook_desktop.jobs.lanes import run_job
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.batches import Batch
from pickabook_desktop.storage.library import Library

RequestFor = Callable[..., GenerationRequest]


class LateEngine(FakeEngine):
    """Draws later. ``said`` is what it answers when asked, ``indexes`` the pictures that come,
    ``trouble`` what goes wrong where; ``asked`` notes everything that it was asked to do.
    """

    def __init__(self, meter: NotingMeter, batch_price: float = 0.5) -> None:
        super().__init__()
        self.capabilities = msgspec.structs.replace(self.capabilities, batch_price=batch_price)
        self.said = BatchState(state="waiting")
        self.indexes = [0, 1]
        self.trouble: dict[str, BaseException] = {}
        self.asked: list[str] = []
        self._meter = meter

    def submit(
        self,
        request: GenerationRequest,
        cancellation: Cancellation,
        announce: Callable[[BatchTicket], None],
    ) -> BatchTicket:
        self._do("submit")
        plan = CallPlan(engine_id="fake", model="m", estimate=1.0, pictures=request.count)
        return BatchTicket(name="late/1", call_id=self._meter.start(plan))

    def find(self, ticket: BatchTicket, cancellation: Cancellation) -> BatchTicket | None:
        self._do("find")
        return None

    def poll(self, ticket: BatchTicket, cancellation: Cancellation) -> BatchState:
        self._do("poll")
        return self.said

    def collect(
        self, ticket: BatchTicket, request: GenerationRequest, cancellation: Cancellation
    ) -> Iterator[EngineEvent]:
        for number, index in enumerate(self.indexes):
            picture = drawn(request.seed + number, Size(64, 64))
            yield Drawn(index=index, picture=picture)
        self._do("collect")

    def withdraw(self, ticket: BatchTicket, cancellation: Cancellation) -> None:
        self._do("withdraw")

    def discard(self, ticket: BatchTicket, cancellation: Cancellation) -> None:
        self._do("discard")

    def _do(self, what: str) -> None:
        self.asked.append(what)
        if what in self.trouble:
            raise self.trouble[what]


class Office:
    """An engine that draws later, a library, and what they are given."""

    def __init__(self, folder: Path) -> None:
        self.meter = NotingMeter()
        self.late = LateEngine(self.meter)
        self.library = Library(folder)
        self.batches = self.library.batches
        self.kept: list[KeptPicture] = []
        self.rules = HouseRules(allow=lambda outgoing, request: None, on_kept=self.kept.append)

    def engine(self, engine_id: str) -> Engine:
        return self.late

    def submit(self, request: GenerationRequest) -> object:
        job = submit_batch_job(request, self.engine, self.batches, self.rules, self.meter)
        return list(run_job(job, CancelToken()))[-1]

    def poll(self) -> BatchNews:
        parts = (self.engine, self.batches, self.library, self.rules, self.meter)
        return self._news(list(run_job(poll_batches_job(*parts), CancelToken()))[-1])

    def cancel(self) -> object:
        (batch,) = self.batches.all()
        parts = (self.engine, self.batches, self.library, self.rules, self.meter)
        return list(run_job(cancel_batch_job(batch.id, *parts), CancelToken()))[-1]

    @property
    def only(self) -> Batch:
        (batch,) = self.batches.all()
        return batch

    def _news(self, ending: object) -> BatchNews:
        assert isinstance(ending, Done), ending
        assert isinstance(ending.value, BatchNews)
        return ending.value


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "library")
    yield office
    office.library.close()


def refusal(office: Office, request: GenerationRequest) -> PickaBookError:
    ending = office.submit(request)
    assert isinstance(ending, Failed)
    return ending.error


def test_an_engine_without_batches_says_so(office: Office, request_for: RequestFor):
    for engine in (FakeEngine(), LateEngine(office.meter, batch_price=0.0)):
        job = submit_batch_job(
            request_for(),
            lambda _, engine=engine: engine,
            office.batches,
            office.rules,
            office.meter,
        )
        ending = list(run_job(job, CancelToken()))[-1]
        assert isinstance(ending, Failed)
        assert isinstance(ending.error, InputError)
        assert ending.error.remedies == ("other_engine",)
    assert office.batches.all() == ()


def test_a_batch_is_checked_as_any_other_request(office: Office, request_for: RequestFor):
    assert isinstance(refusal(office, request_for(count=99)), InputError)
    assert isinstance(refusal(office, request_for(size=Size(20000, 20000))), InputError)
    assert office.late.asked == []
    assert office.batches.all() == ()


def test_a_batch_remembers_which_photo_it_was(office: Office, request_for: RequestFor):
    assert isinstance(office.submit(request_for(count=2)), Done)
    assert len(office.only.request.photo.sha256) == 64


@pytest.mark.parametrize(
    "error",
    [
        SpendingLimitError("Too dear."),
        NotConfiguredError("No key."),
        RefusedError("No."),
        UnreachableError("No network.", retryable=True),
        CancelledError("Stopped."),
    ],
)
def test_what_was_certainly_not_taken_leaves_no_trace(
    office: Office, request_for: RequestFor, error: PickaBookError
):
    office.late.trouble["submit"] = error
    ending = office.submit(request_for())
    assert isinstance(ending, Failed | Cancelled)
    assert office.batches.all() == ()


@pytest.mark.parametrize("error", [UnreachableError("No answer."), RuntimeError("a fault")])
def test_what_may_have_been_taken_is_remembered(
    office: Office, request_for: RequestFor, error: Exception
):
    office.late.trouble["submit"] = error
    assert isinstance(office.submit(request_for()), Failed)
    assert office.only.state == "unknown"
    assert office.only.reason
    assert "look at your account" in batch_reports.batch_line(office.only)
    assert office.poll().batches == ()
    assert office.late.asked == ["submit"]


def test_pictures_are_kept_with_all_that_a_generation_keeps(
    office: Office, request_for: RequestFor
):
    office.submit(request_for(count=2, prompt="on the moon", fields={"name": "Ada"}))
    office.late.said = BatchState(state="finished", done=2, total=2)
    news = office.poll()
    assert [page.request.prompt for page in news.pictures] == ["on the moon", "on the moon"]
    assert [page.request.fields for page in news.pictures] == [{"name": "Ada"}] * 2
    assert all(office.library.thumbnail(page.id) for page in news.pictures)
    assert b"Ada" not in office.library.read(news.pictures[0].id)
    assert [page.id for page in office.kept] == [page.id for page in news.pictures]
    assert office.late.asked[-1] == "discard"


def test_the_line_in_the_ledger_is_closed_where_the_engine_did_not(
    office: Office, request_for: RequestFor
):
    office.submit(request_for(count=2))
    office.late.said = BatchState(state="finished")
    office.poll()
    (call,) = office.meter.calls.values()
    assert (call.outcome, call.amount) == ("drawn", None)


def test_an_engine_may_deliver_in_any_order_and_more_than_was_asked_for(
    office: Office, request_for: RequestFor
):
    office.submit(request_for(count=2))
    office.late.said = BatchState(state="finished")
    office.late.indexes = [1, 0, 1]
    office.late.trouble["collect"] = UnreachableError("It broke off.", retryable=True)
    assert len(office.poll().problems) == 1
    assert office.only.state == "finished"
    assert office.only.collected == 3
    assert "discard" not in office.late.asked
    del office.late.trouble["collect"]
    office.poll()
    assert office.only.state == "collected"
    assert sorted(page.request.seed for page in office.library.recent()) == [10, 11, 12]


def test_what_is_missing_is_said_and_ends_the_batch(office: Office, request_for: RequestFor):
    office.submit(request_for(count=2))
    office.late.said = BatchState(state="finished")
    office.late.indexes = [1]
    office.late.trouble["collect"] = RefusedError("One was refused.", "Ask again.", code="SAFETY")
    news = office.poll()
    assert len(news.pictures) == 1
    assert (office.only.state, office.only.reason) == ("collected", "One was refused. Ask again.")


def test_a_batch_of_which_nothing_came_has_failed(office: Office, request_for: RequestFor):
    office.submit(request_for(count=2))
    office.late.said = BatchState(state="finished")
    office.late.indexes = []
    office.late.trouble["collect"] = RefusedError("All were refused.")
    office.poll()
    assert (office.only.state, office.only.reason) == ("failed", "All were refused.")
    assert [call.outcome for call in office.meter.calls.values()] == ["refused"]


@pytest.mark.parametrize("state", ["failed", "cancelled", "expired"])
def test_a_batch_that_ended_badly_is_told_with_its_reason(
    office: Office, request_for: RequestFor, state: str
):
    office.submit(request_for())
    office.late.said = msgspec.convert({"state": state, "reason": "So it is."}, BatchState)
    (batch,) = office.poll().batches
    assert (batch.state, batch.reason) == (state, "So it is.")
    (call,) = office.meter.calls.values()
    assert call.outcome != "open"
    assert office.poll().batches == ()


def test_a_batch_that_nobody_knows_any_more_is_given_up_in_the_end(
    office: Office, request_for: RequestFor, monkeypatch: pytest.MonkeyPatch
):
    office.submit(request_for())
    office.late.trouble["poll"] = EngineError("There is no such batch.", code="NOT_FOUND")
    assert len(office.poll().problems) == 1
    assert office.only.state == "waiting"
    long_ago = (datetime.now(UTC) - timedelta(days=8)).isoformat(timespec="seconds")
    with office.library._database.writing() as connection:
        connection.execute("UPDATE batches SET submitted=?", (long_ago,))
    assert office.poll().problems == ()
    assert office.only.state == "expired"


def test_what_is_to_follow_a_page_does_not_cost_it(office: Office, request_for: RequestFor):
    def on_kept(_page: KeptPicture) -> None:
        raise StorageError("The upload could not be queued.")

    office.rules = HouseRules(allow=office.rules.allow, on_kept=on_kept)
    office.submit(request_for(count=2))
    office.late.said = BatchState(state="finished")
    assert len(office.poll().pictures) == 2
    assert office.only.state == "collected"


def test_photos_that_could_not_be_deleted_there_cost_nothing_here(
    office: Office, request_for: RequestFor
):
    office.submit(request_for(count=2))
    office.late.said = BatchState(state="finished")
    office.late.trouble["discard"] = UnreachableError("No network.")
    assert office.poll().problems == ()
    assert office.only.state == "collected"


def test_stopping_in_between_loses_nothing(office: Office, request_for: RequestFor):
    office.submit(request_for(count=2))
    office.late.said = BatchState(state="finished")
    office.late.trouble["collect"] = CancelledError("Stopped.")
    parts = (office.engine, office.batches, office.library, office.rules, office.meter)
    assert isinstance(list(run_job(poll_batches_job(*parts), CancelToken()))[-1], Cancelled)
    assert office.only.state == "finished"
    del office.late.trouble["collect"]
    office.poll()
    assert office.library.count() == 2


def test_cancelling_keeps_what_was_drawn_by_then(office: Office, request_for: RequestFor):
    office.submit(request_for(count=2))
    office.late.said = BatchState(state="finished")
    assert isinstance(office.cancel(), Done)
    assert office.late.asked[1:3] == ["withdraw", "poll"]
    assert office.library.count() == 2


def test_a_cancelling_that_did_not_arrive_leaves_the_batch(office: Office, request_for: RequestFor):
    office.submit(request_for())
    office.late.trouble["withdraw"] = UnreachableError("No network.")
    assert isinstance(office.cancel(), Failed)
    assert office.only.state == "waiting"


def test_every_state_has_a_title_and_data(office: Office, request_for: RequestFor):
    office.submit(request_for(count=2, template_id="moon-walk"))
    data = batch_reports.batch_data(office.only)
    assert (data["name"], data["state"], data["total"]) == ("late/1", "waiting", 2)
    line = batch_reports.batch_line(office.only)
    assert "0/2  waiting  fake · moon-walk" in line
