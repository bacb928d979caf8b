"""Thousands of calls over one page and one server: both hold afterwards what they held before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser import Screens
from tests.loudspeaker import Loudspeaker
from tests.waiting import until
from tests.whole.hall_aloud import HallAloud, hall_aloud
from tests.whole.test_half_open import memory

pytestmark = pytest.mark.browser

CALLS = 5_000
BEFORE = 0.3
"""The share of all calls after which is counted: until then caches fill."""

HEAP_EACH = 120
"""Bytes of the page's heap a call, at most; a row or a listener that stays would be over a thousand."""

TICKET_KB = 4
"""A day's ticket stays in the server's memory, about 1.3 kB (docs/measured.md); at most."""


async def go_through(hall: HallAloud, count: int) -> None:
    for _ in range(count):
        await hall.take(1)
        for move in ("call-next", "start", "finish"):
            answer = await hall.at("1", move)
            assert answer.status == 200, answer


async def counted(page: Any, hall: HallAloud) -> dict[str, float]:
    """What the page and the server hold now, garbage gone."""
    client = await page.context.new_cdp_session(page)
    await client.send("HeapProfiler.collectGarbage")
    found = await client.send("Memory.getDOMCounters")
    heap = (await client.send("Runtime.getHeapUsage"))["usedSize"]
    await client.detach()
    return {"nodes": found["nodes"], "listeners": found["jsEventListeners"], "heap": heap, "server": memory(hall.house)}


async def see_that_it_holds(folder: Path, loudspeaker: Loudspeaker, calls: int) -> None:
    screens = Screens(await loudspeaker.browser())
    async with hall_aloud(folder, loudspeaker) as hall:
        page = await hall.show(screens)
        await go_through(hall, round(calls * BEFORE))
        before = await counted(page, hall)

        rest = calls - round(calls * BEFORE)
        await go_through(hall, rest)
        last = (await hall.board())["calls"][0]["number"]
        shown = page.locator("#calls .called:visible, #coming li:visible .number:first-child")
        await shown.filter(has_text=last[-3:]).first.wait_for()
        after = await counted(page, hall)

        assert after["nodes"] <= before["nodes"] + 80
        assert after["listeners"] <= before["listeners"] + 1
        assert after["heap"] - before["heap"] <= max(400_000, HEAP_EACH * rest)
        assert after["server"] - before["server"] <= max(6_000, TICKET_KB * rest)
        await until(lambda: loudspeaker.recording().loud_until() > 0)
    await screens.close()
    assert screens.faults == []


@pytest.mark.timeout(300)
async def test_hundreds_of_calls_leave_nothing_behind(tmp_path: Path, loudspeaker: Loudspeaker):
    """The page's elements, listeners and heap stay as they are; the server keeps the day's tickets and no more."""
    await see_that_it_holds(tmp_path, loudspeaker, 150)


@pytest.mark.soak
@pytest.mark.timeout(3_000)
async def test_thousands_of_calls_leave_nothing_behind(tmp_path: Path, loudspeaker: Loudspeaker):
    """The same with five thousand."""
    await see_that_it_holds(tmp_path, loudspeaker, CALLS)
