"""Clerks' screens that do not come back after a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path

from queue_server.domain import commands as c
from queue_server.service.screens import Screens
from tests.service.hall import NINE, hall


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
        async with asyncio.timeout(5):
            while counters["1"].state != "paused":  # noqa: ASYNC110 -- the state tells nobody when it changes
                await asyncio.sleep(0.005)

        assert (counters["1"].pause_reason, counters["2"].state) == ("away", "open")


async def test_a_screen_that_is_back_keeps_its_counter(tmp_path: Path):
    """The terminal finds the server again by itself: nothing is paused."""
    async with hall(tmp_path) as before:
        await before.open()
        await before.engine.submit(c.SetAutoCall(at=NINE, counter="1", clerk="ani", on=True))

    async with hall(tmp_path, NINE + 60_000) as after:
        screens = Screens(after.engine)
        screens.expect()
        screens.arrived("1", "ani")
        left = dict(screens._leaving)

        assert left == {}
