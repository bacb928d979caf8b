"""Clerks' screens that do not come back after a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.service.screens import FRESH_S, Screens
from tests.service.hall import NINE, Hall, hall
from tests.waiting import until


async def answers() -> None:
    """A ping to a screen that the test answers itself, or leaves unanswered."""


async def test_a_counter_that_calls_by_itself_wants_its_screen_back(tmp_path: Path):
    """After a restart a counter with auto-call is left as away without its clerk's screen; others stay."""
    async with hall(tmp_path) as before:
        for counter, clerk in (("1", "ani"), ("2", "budi")):
            await before.open(counter, clerk)
        await before.engine.submit(c.SetAutoCall(at=NINE, counter="1", clerk="ani", on=True))

    async with hall(tmp_path, NINE + 60_000) as after:
        screens = Screens(after.engine)
        screens.expect(within=0.01)
        counters = after.engine.state.counters
        await until(lambda: counters["1"].state == "paused")

        assert (counters["1"].pause_reason, counters["2"].state) == ("away", "open")


async def test_a_screen_that_is_back_keeps_its_counter(tmp_path: Path):
    """The terminal finds the server again by itself: nothing is paused."""
    async with hall(tmp_path) as before:
        for counter, clerk in (("1", "ani"), ("2", "budi")):
            await before.open(counter, clerk)
            await before.engine.submit(c.SetAutoCall(at=NINE, counter=counter, clerk=clerk, on=True))

    async with hall(tmp_path, NINE + 60_000) as after:
        screens = Screens(after.engine)
        screens.expect(within=0.01)
        screens.arrived("1", "ani", answers)
        counters = after.engine.state.counters
        await until(lambda: counters["2"].state == "paused")  # as long was waited for the other one

        assert counters["1"].state == "open"


async def test_nobody_is_called_by_itself_without_the_clerks_screen(tmp_path: Path):
    """A counter that nobody ever watched, and one that a colleague watches, call nobody; the floor can say which."""
    async with hall(tmp_path) as place:
        await auto_calling(place)
        screens = Screens(place.engine)
        screens.arrived("1", "budi", answers)
        ticket = await place.issue() or ""

        place.clock.move(NINE + 60_000)
        await place.engine.keep_up()

        assert place.engine.state.tickets[ticket].state == "waiting"
        assert screens.missing() == screens.unattended() == {"1"}


async def test_a_screen_that_is_there_is_enough(tmp_path: Path):
    """What has answered just now sees the call."""
    async with hall(tmp_path) as place:
        await auto_calling(place)
        screens = Screens(place.engine)
        screens.heard(screens.arrived("1", "ani", answers))
        ticket = await place.issue() or ""

        place.clock.move(NINE + 60_000)
        await place.engine.keep_up()

        assert place.engine.state.tickets[ticket].state == "called"
        assert screens.missing() == screens.unattended() == frozenset()


async def test_a_screen_that_leaves_takes_the_calls_along_at_once(tmp_path: Path):
    """Long before the counter is paused as away; when a screen is back, the call comes at once."""
    async with hall(tmp_path) as place:
        await auto_calling(place)
        screens = Screens(place.engine)
        screens.departed(screens.arrived("1", "ani", answers))
        ticket = await place.issue() or ""
        place.clock.move(NINE + 60_000)
        await place.engine.keep_up()
        before = place.engine.state.tickets[ticket].state

        screens.arrived("1", "ani", answers)

        await until(lambda: place.engine.state.tickets[ticket].state == "called")
        assert before == "waiting"
        assert place.engine.state.counters["1"].state == "open"
        screens.close()


async def test_a_silent_screen_is_asked_before_a_call(tmp_path: Path):
    """A line that was cut looks like one that is quiet: nobody is called until it has answered."""
    async with hall(tmp_path) as place:
        await auto_calling(place)
        screens = Screens(place.engine)
        asked = asyncio.Event()

        async def ask() -> None:
            asked.set()

        screen = screens.arrived("1", "ani", ask)
        screen.heard_at -= 2 * FRESH_S
        ticket = await place.issue() or ""
        place.clock.move(NINE + 60_000)
        await place.engine.keep_up()
        async with asyncio.timeout(5):
            await asked.wait()
        before = place.engine.state.tickets[ticket].state

        screens.heard(screen)

        await until(lambda: place.engine.state.tickets[ticket].state == "called")
        assert before == "waiting"


async def test_that_a_screen_is_gone_is_recorded_when_the_journal_takes_it_again(tmp_path: Path):
    """A full disk at that moment does not leave the counter open for ever."""
    async with hall(tmp_path) as place:
        await place.open()
        agreed = place.engine.state.rules
        policy = replace(agreed.policy, away_after_ms=0)
        await place.engine.submit(c.SetRules(at=NINE, rules=replace(agreed, policy=policy)))
        screens = Screens(place.engine)
        place.engine.failed(OSError("disk full"))
        screens.departed(screens.arrived("1", "ani", answers))

        await until(lambda: place.engine.state.counters["1"].pause_reason == "away")


async def auto_calling(place: Hall) -> None:
    await place.open()
    await place.engine.submit(c.SetAutoCall(at=NINE, counter="1", clerk="ani", on=True))
