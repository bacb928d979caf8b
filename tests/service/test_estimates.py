"""What people are told about their wait, and how it learns from what the waits came to."""

from __future__ import annotations

from pathlib import Path

from queue_server.domain import commands as c
from queue_server.domain.estimate import of_newcomer
from queue_server.service.estimates import Estimates
from tests.service.hall import Hall, hall

MINUTE = 60_000


async def serve_one(mall: Hall, minutes: int) -> None:
    """Call, start, and finish after so many minutes."""
    await mall.call()
    await mall.engine.submit(c.StartService(at=mall.engine.now(), counter="1", clerk="ani"))
    mall.clock.move(mall.engine.now() + minutes * MINUTE)
    await mall.engine.submit(c.FinishService(at=mall.engine.now(), counter="1", clerk="ani"))


async def test_before_any_counter_is_open_the_queue_still_says_whether_the_day_suffices(tmp_path: Path):
    """Nobody is told a wait then, but what one counter would need for those who wait is known, and grows with them."""
    async with hall(tmp_path) as mall:
        engine, learned = mall.engine, mall.estimates
        learned.refresh(engine.state, engine.now() + 10_000)
        alone = engine.estimates["pass"]
        tickets = [str(await mall.issue()) for _ in range(5)]
        learned.refresh(engine.state, engine.now() + 20_000)
        behind = engine.estimates["pass"]

        assert 0 < alone.p50 < behind.p50
        assert not engine.ticket_estimates.keys() & set(tickets)
        promised = engine.state.tickets[tickets[-1]].step.promise
        assert promised is not None
        assert (promised.target, promised.p50, promised.p90) == (600_000, None, None)


async def test_each_category_is_told_its_own_wait(tmp_path: Path):
    """Somebody with priority is told, and promised, the wait that priority gives."""
    async with hall(tmp_path) as mall:
        engine = mall.engine
        await mall.open()
        for _ in range(6):
            await mall.issue()
        mall.estimates.refresh(engine.state, engine.now() + 10_000)

        usual, sooner = (
            of_newcomer(engine.estimates, "pass", "regular"),
            of_newcomer(engine.estimates, "pass", "elderly"),
        )

        assert usual is not None
        assert sooner is not None
        assert sooner.p90 < usual.p90


async def test_waits_that_were_longer_than_told_make_the_next_ones_longer(tmp_path: Path):
    """When people waited longer than was expected, whoever comes later is told more than a newcomer's guess says."""
    async with hall(tmp_path) as mall:
        engine, learned = mall.engine, mall.estimates
        await mall.open()
        learned.refresh(engine.state, engine.now() + 10_000)
        for round_ in range(12):
            for _ in range(3):
                await mall.issue()
                learned.refresh(engine.state, engine.now() + 10_000 * (round_ + 2))
            for _ in range(3):
                await serve_one(mall, 20)  # four times as long as the service is said to take

        fresh = Estimates()
        fresh.refresh(engine.state, engine.now() + 900_000)
        await mall.issue()
        learned.refresh(engine.state, engine.now() + 900_000)

    assert learned.services["tax"].p90 > fresh.services["tax"].p90


async def test_waits_that_do_not_end_count_as_well(tmp_path: Path):
    """Nobody was called for an hour: whoever comes now is told more than by those alone who were called before."""
    async with hall(tmp_path) as mall:
        engine, learned = mall.engine, mall.estimates
        await mall.open()
        learned.refresh(engine.state, engine.now() + 10_000)
        for number in range(12):
            await mall.issue()
            learned.refresh(engine.state, engine.now() + 10_000 * (number + 2))

        before = spread(learned)
        mall.clock.move(engine.now() + 60 * MINUTE)
        learned.refresh(engine.state, engine.now())

        assert spread(learned) > before


def spread(learned: Estimates) -> float:
    """How far the nine in ten lie above the half."""
    told = learned.services["tax"]
    return told.p90 / told.p50
