"""What people are told about their wait, and how it learns from what the waits came to."""

from __future__ import annotations

from pathlib import Path

from queue_server.domain import commands as c
from queue_server.service.estimates import Estimates
from tests.service.hall import Hall, hall

MINUTE = 60_000


async def serve_one(mall: Hall, minutes: int) -> None:
    """Call, start, and finish after so many minutes."""
    await mall.call()
    await mall.engine.submit(c.StartService(at=mall.engine.now(), counter="1", clerk="ani"))
    mall.clock.move(mall.engine.now() + minutes * MINUTE)
    await mall.engine.submit(c.FinishService(at=mall.engine.now(), counter="1", clerk="ani"))


async def test_before_any_counter_is_open_everybody_is_told_something(tmp_path: Path):
    """With no counter open a wait is told as though one opened now, and grows with those who wait."""
    async with hall(tmp_path) as mall:
        mall.engine._estimates.refresh(mall.engine.state, mall.engine.now() + 10_000)
        alone = mall.engine.estimates["pass"]
        for _ in range(5):
            await mall.issue()
        mall.engine._estimates.refresh(mall.engine.state, mall.engine.now() + 20_000)
        behind = mall.engine.estimates["pass"]

    assert 0 < alone.p50 < behind.p50
    assert behind.p50 <= behind.p90


async def test_with_no_counter_open_a_ticket_keeps_what_it_was_told(tmp_path: Path):
    """What the menu and the answer say of a wait is what the ticket's page says a second later."""
    async with hall(tmp_path) as mall:
        engine, learned = mall.engine, mall.engine._estimates
        learned.refresh(engine.state, engine.now() + 10_000)
        for number in range(3):
            told = engine.estimates["pass"]
            ticket = await mall.issue()
            learned.refresh(engine.state, engine.now() + 10_000 * (number + 2))

            assert engine.ticket_estimates[str(ticket)] == told


async def test_waits_that_were_longer_than_told_make_the_next_ones_longer(tmp_path: Path):
    """When people waited longer than was expected, whoever comes later is told more than a newcomer's guess says."""
    async with hall(tmp_path) as mall:
        engine, learned = mall.engine, mall.engine._estimates
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
        engine, learned = mall.engine, mall.engine._estimates
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
