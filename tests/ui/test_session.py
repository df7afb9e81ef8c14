"""The work in hand: a queue that can be stopped anywhere, and previews of which the last wins."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ui.window_data import ObedientEngine, make_studio, request_for

from pickabook_desktop.domain.errors import EngineError
from pickabook_desktop.domain.events import Progress
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.viewmodels.session import SessionModel


@pytest.fixture
def engine() -> ObedientEngine:
    return ObedientEngine()


@pytest.fixture
def session(tmp_path: Path, engine: ObedientEngine, qapp: object) -> Iterator[SessionModel]:
    studio = make_studio(tmp_path, engine)
    session = SessionModel(studio, Lanes())
    yield session
    engine.gate.set()
    assert session.close()
    studio.library.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return tmp_path / "resources" / "samples" / "sample.png"


def test_jobs_are_drawn_in_the_order_in_which_they_were_asked_for(session, photo, qtbot):
    finished = []
    session.finished.connect(lambda result: finished.append(result.request.seed))
    for seed in (1, 2, 3):
        session.draw(request_for(photo, seed=seed), f"page {seed}")
    assert [job.title for job in session.jobs] == ["page 1", "page 2", "page 3"]
    qtbot.waitUntil(lambda: not session.busy)
    assert finished == [1, 2, 3]


def test_a_cancelled_job_is_gone_at_once_and_the_next_one_is_drawn(session, photo, engine, qtbot):
    engine.gate.clear()
    first = session.draw(request_for(photo, seed=1), "first")
    session.draw(request_for(photo, seed=2), "second")
    qtbot.waitUntil(lambda: session.current is not None and session.current.stage == "Drawing")
    finished = []
    session.finished.connect(lambda result: finished.append(result.request.seed))
    session.cancel(first)
    assert [job.title for job in session.jobs] == ["second"]
    engine.gate.set()
    qtbot.waitUntil(lambda: not session.busy)
    assert finished == [2]


def test_a_job_that_waits_can_be_cancelled(session, photo, engine, qtbot):
    engine.gate.clear()
    session.draw(request_for(photo, seed=1), "first")
    second = session.draw(request_for(photo, seed=2), "second")
    session.cancel(second)
    engine.gate.set()
    qtbot.waitUntil(lambda: not session.busy)
    assert [request.seed for request in engine.requests] == [1]


def test_what_was_kept_before_a_cancellation_is_told(session, photo, engine, qtbot):
    kept = []
    session.pictures_kept.connect(lambda result: kept.extend(result.pictures))
    finished = []
    session.finished.connect(finished.append)

    def close_gate_after_the_first() -> None:
        job = session.current
        if job is not None and job.fraction > 0:
            engine.gate.clear()
            session.cancel(job.id)

    session.jobs_changed.connect(close_gate_after_the_first)
    session.draw(request_for(photo, count=8), "many")
    qtbot.waitUntil(lambda: bool(kept))
    assert 1 <= len(kept) < 8
    assert not finished
    assert not session.busy


def test_a_failure_is_told_with_its_request(session, photo, engine, qtbot):
    engine.failure = EngineError("The pencil broke.", "Sharpen it.")
    told = []
    session.failed.connect(lambda request, error: told.append((request.seed, error.message)))
    session.draw(request_for(photo, seed=7), "page")
    qtbot.waitUntil(lambda: bool(told))
    assert told == [(7, "The pencil broke.")]
    assert not session.busy


def test_of_many_previews_in_one_turn_only_the_last_is_drawn(session, photo, engine, qtbot):
    drawn = []
    session.preview_drawn.connect(lambda request, picture: drawn.append(request.style_id))
    for style in ("pencil", "storybook", "pencil"):
        session.preview(request_for(photo, style_id=style))
    qtbot.waitUntil(lambda: bool(drawn))
    assert drawn == ["pencil"]
    assert len(engine.requests) == 1


def test_a_dropped_preview_is_never_shown(session, photo, engine, qtbot):
    drawn = []
    session.preview_drawn.connect(lambda request, picture: drawn.append(request))
    session.preview(request_for(photo))
    session.drop_preview()
    session.draw(request_for(photo), "page")
    qtbot.waitUntil(lambda: not session.busy)
    assert not drawn


def test_an_older_look_at_a_photo_does_not_answer_for_a_newer_one(session, photo, qtbot):
    seen = []
    session.photo_inspected.connect(lambda path, report: seen.append(path.name))
    other = photo.with_name("other.png")
    other.write_bytes(photo.read_bytes())
    session.inspect(photo)
    session.inspect(other)
    qtbot.waitUntil(lambda: "other.png" in seen)
    assert seen[-1] == "other.png"


class Uneven(ObedientEngine):
    """Draws one picture while another one has to wait."""

    def generate(self, request, cancellation):
        for index, waiting in ((0, None), (1, 30.0)):
            stage = "Waiting" if waiting else "Drawing"
            yield Progress(fraction=0.5, stage=stage, index=index, waiting=waiting)
        while not self.gate.wait(0.01):
            cancellation.raise_if_cancelled()
        yield from super().generate(request, cancellation)


@pytest.mark.parametrize("engine", [Uneven()])
def test_while_one_picture_is_drawn_the_wait_of_another_is_not_counted_down(
    session, photo, engine, qtbot
):
    engine.gate.clear()
    told = []
    session.jobs_changed.connect(lambda: told.append(session.current and session.current.stage))
    session.draw(request_for(photo, count=2), "pages", networked=True)
    qtbot.waitUntil(lambda: "Drawing" in told)
    engine.gate.set()
    qtbot.waitUntil(lambda: not session.busy)
    assert "Waiting" not in told


def test_closing_while_drawing_stops_the_thread(session, photo, engine, qtbot):
    engine.gate.clear()
    session.draw(request_for(photo), "page")
    qtbot.waitUntil(lambda: session.current is not None and session.current.stage == "Drawing")
    assert session.close()
    assert not session.busy
