"""How a page stays linked for weeks: it comes back by itself, notices silence, and takes up new builds."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.display.conftest import OpenDisplay, ago, played, shows
from tests.fakes import mall
from tests.fakes.hall import FakeHall


async def test_a_broken_line_comes_back_by_itself(hall: FakeHall, display: OpenDisplay):
    """A short break shows no mark, and the page has the newest view afterwards."""
    page = await display()
    hall.views["board:hall"] = mall.board(mall.call(5, "A005", "5", ago(200)))

    await hall.hang_up()

    await shows(page, "calls")
    await expect(page.locator("#stale")).to_be_hidden()


async def test_forty_seconds_of_silence_count_as_a_lost_line(hall: FakeHall, display: OpenDisplay):
    """A cut cable says nothing, so a page that hears nothing connects anew without anybody noticing."""
    hall.silent = True
    page = await display(clock=True)
    assert hall.connections == 1

    await page.clock.run_for(39_000)
    assert hall.connections == 1
    await page.clock.run_for(2_000)
    await until(page, hall, connections=2)

    await expect(page.locator("#stale")).to_be_hidden()


async def test_a_new_build_is_loaded_once_nothing_sounds(hall: FakeHall, display: OpenDisplay):
    """The display loads the server's new pages by itself, once for each build."""
    page = await display()
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    hall.build = "0123456789ab"

    async with page.expect_event("load", timeout=10_000):
        await hall.hang_up()
    await hall.push("board:hall", mall.board(mall.call(6, "A006", "6", ago(0))))
    await played(page, 1)

    assert len(loads) == 1


async def test_the_mark_goes_when_the_line_is_back(hall: FakeHall, display: OpenDisplay):
    """Stale numbers are marked, and only as long as they are stale."""
    page = await display()

    await hall.die()
    await expect(page.locator("#stale")).to_be_visible()
    await hall.rise()

    await expect(page.locator("#stale")).to_be_hidden(timeout=15_000)


async def until(page: Page, hall: FakeHall, *, connections: int) -> None:
    for _ in range(50):
        if hall.connections >= connections:
            return
        await page.clock.run_for(100)
    raise AssertionError(f"the page connected {hall.connections} times")
