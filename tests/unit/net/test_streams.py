"""Asynchronous work in a thread of its own: everything arrives, and it stops at once."""

import asyncio
import signal
import socket
import sys
import threading
import time

import pytest

from pickabook_desktop.domain.errors import CancelledError
from pickabook_desktop.net import streams
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.net.streams import Emit, run_async, stream


def test_items_come_in_order_and_before_the_failure() -> None:
    async def main(emit: Emit[int]) -> None:
        emit(1)
        await asyncio.sleep(0)
        emit(2)
        emit(3)
        raise ValueError("broken")

    items = stream(main, CancelToken())
    assert [next(items), next(items), next(items)] == [1, 2, 3]
    with pytest.raises(ValueError, match="broken"):
        next(items)


def test_one_result() -> None:
    async def main() -> str:
        await asyncio.sleep(0)
        return "page"

    assert run_async(main, CancelToken()) == "page"


def test_no_deadline_counts_the_time_in_which_the_caller_has_an_item_in_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = [0.0]
    monkeypatch.setattr(streams, "monotonic", lambda: time.monotonic() + later[0])

    async def main(emit: Emit[str]) -> None:
        async with asyncio.timeout(60):
            emit("first")
            for _ in range(5):
                await asyncio.sleep(0)
            emit("second")
        async with asyncio.timeout(60):
            later[0] += 100
            await asyncio.Event().wait()

    items = stream(main, CancelToken())
    assert next(items) == "first"
    later[0] += 1000
    assert next(items) == "second"
    later[0] += 1000
    with pytest.raises(TimeoutError):
        next(items)


def test_cancelling_breaks_off_whatever_is_waited_for() -> None:
    token = CancelToken()
    waits = threading.Event()
    cleaned: list[bool] = []
    endings: list[BaseException] = []

    async def main() -> None:
        waits.set()
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.append(True)

    def work() -> None:
        try:
            run_async(main, token)
        except CancelledError as error:
            endings.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert waits.wait(10)
    token.cancel()
    thread.join(10)
    assert not thread.is_alive()
    assert cleaned == [True]
    assert len(endings) == 1


def test_what_is_cancelled_before_never_starts() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        run_async(lambda: pytest.fail("it was started"), token)


def test_cancelled_while_the_caller_holds_an_item() -> None:
    token = CancelToken()

    async def main(emit: Emit[int]) -> None:
        emit(1)
        await asyncio.Event().wait()

    items = stream(main, token)
    assert next(items) == 1
    token.cancel()
    with pytest.raises(CancelledError):
        next(items)


def test_a_caller_who_leaves_early_leaves_nothing_behind() -> None:
    cleaned: list[str] = []

    async def child() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.append("child")

    async def main(emit: Emit[int]) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(child())
            emit(1)
            try:
                await asyncio.Event().wait()
            finally:
                cleaned.append("main")

    token = CancelToken()
    items = stream(main, token)
    assert next(items) == 1
    items.close()
    assert sorted(cleaned) == ["child", "main"]
    token.cancel()  # and nobody is woken any more


def test_a_token_tells_each_waiter_once_and_only_while_it_waits() -> None:
    token = CancelToken()
    woken: list[str] = []
    token.on_cancel(lambda: woken.append("first"))
    token.on_cancel(lambda: woken.append("second"))()
    token.cancel()
    token.cancel()
    token.on_cancel(lambda: woken.append("late"))
    assert woken == ["first", "late"]


def test_a_name_that_nobody_answers_for_holds_up_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, answers = threading.Event(), threading.Event()

    def silent(*question: object, **details: object) -> list[object]:
        asked.set()
        answers.wait(60)
        raise socket.gaierror("nobody knows it")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    token = CancelToken()

    async def main() -> None:
        await asyncio.open_connection("service.test", 443)

    stopper = threading.Thread(target=lambda: asked.wait(30) and token.cancel())
    stopper.start()
    with pytest.raises(CancelledError):
        run_async(main, token)
    stopper.join(30)

    async def hurried() -> None:
        async with asyncio.timeout(0.01):
            await main()

    with pytest.raises(TimeoutError):
        run_async(hurried, CancelToken())
    answers.set()


def test_a_name_is_looked_up_and_one_that_is_none_is_told() -> None:
    async def main() -> object:
        loop = asyncio.get_running_loop()
        return await loop.getaddrinfo("localhost", 80, type=socket.SOCK_STREAM)

    assert run_async(main, CancelToken())

    async def wrong() -> None:
        await asyncio.get_running_loop().getaddrinfo("", "no such service")

    with pytest.raises(socket.gaierror):
        run_async(wrong, CancelToken())


@pytest.mark.skipif(sys.platform == "win32", reason="no timer that interrupts there")
def test_a_signal_may_cancel_in_the_middle_of_a_wait() -> None:
    """On the main thread, where a handler interrupts whatever is being done."""
    token = CancelToken()
    before = signal.signal(signal.SIGALRM, lambda number, frame: token.cancel())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert token.wait(60)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert not CancelToken().wait(0)
