"""Turns: never too many at once, never too many in a minute, and none lost."""

import asyncio
import threading

from pickabook_desktop.net.pace import Pace


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_never_more_at_once_than_allowed_across_threads() -> None:
    pace = Pace(concurrent=2)
    lock = threading.Lock()
    running: set[int] = set()
    most: list[int] = []

    async def one(number: int) -> None:
        async with pace.turn():
            with lock:
                running.add(number)
                most.append(len(running))
            for _ in range(5):
                await asyncio.sleep(0)
            with lock:
                running.remove(number)

    async def several(first: int) -> None:
        await asyncio.gather(*(one(first + n) for n in range(10)))

    threads = [
        threading.Thread(target=lambda base=base: asyncio.run(several(base))) for base in (0, 100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(most) == 20
    assert max(most) == 2


def test_a_full_minute_is_told_and_waited_for() -> None:
    clock = Clock()
    pace = Pace(concurrent=5, per_minute=2, clock=clock)
    told: list[float] = []

    def on_wait(seconds: float) -> None:
        told.append(seconds)
        clock.now += seconds  # the minute passes while it waits

    async def main() -> None:
        for _ in range(2):
            async with pace.turn(on_wait):
                clock.now += 0.25
        clock.now += 59.0
        async with pace.turn(on_wait):
            pass

    asyncio.run(main())
    assert told == [0.5]


def test_who_gives_up_waiting_does_not_take_the_turn_along() -> None:
    async def main() -> list[str]:
        pace = Pace(concurrent=1)
        done: list[str] = []

        async def one(name: str) -> None:
            async with pace.turn():
                done.append(name)

        async with pace.turn():
            impatient = asyncio.create_task(one("impatient"))
            patient = asyncio.create_task(one("patient"))
            await asyncio.sleep(0)
            impatient.cancel()
            await asyncio.gather(impatient, return_exceptions=True)
        await asyncio.wait_for(patient, 10)
        return done

    assert asyncio.run(main()) == ["patient"]


def test_other_limits_do_not_forget_the_last_minute() -> None:
    clock = Clock()
    pace = Pace(concurrent=5, per_minute=2, clock=clock)
    told: list[float] = []

    def on_wait(seconds: float) -> None:
        told.append(seconds)
        clock.now += seconds

    async def main() -> None:
        for _ in range(2):
            async with pace.turn(on_wait):
                pass
        pace.set_limits(4, 2)
        async with pace.turn(on_wait):
            pass

    asyncio.run(main())
    assert told == [60.0]


def test_who_waits_may_go_once_more_are_allowed_and_nobody_once_fewer_are() -> None:
    async def main() -> list[int]:
        pace = Pace(concurrent=1)
        running: list[int] = []
        going_on = asyncio.Event()

        async def one(number: int) -> None:
            async with pace.turn():
                running.append(number)
                await going_on.wait()

        tasks = [asyncio.create_task(one(number)) for number in range(4)]
        await _settled()
        assert running == [0]
        pace.set_limits(3)
        await _settled()
        assert running == [0, 1, 2]
        pace.set_limits(2)
        late = asyncio.create_task(one(4))
        await _settled()
        assert running == [0, 1, 2]
        going_on.set()
        await asyncio.wait_for(asyncio.gather(*tasks, late), 10)
        return running

    assert sorted(asyncio.run(main())) == [0, 1, 2, 3, 4]


async def _settled() -> None:
    """Everything has happened that can happen without further ado."""
    for _ in range(20):
        await asyncio.sleep(0)
