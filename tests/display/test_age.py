"""How old a page's view is, by the mall's own time in each frame: what is too old is marked, whatever the line does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from tests.display.conftest import OpenDisplay, ago, shows
from tests.fakes import mall
from tests.fakes.hall import FakeHall

BOARD = "board:hall"


@pytest.fixture
def hall() -> FakeHall:
    return FakeHall(views={BOARD: mall.board()}, silent=True)


async def marked(page: Page) -> None:
    await expect(page.locator("#stale")).to_be_visible()


async def unmarked(page: Page) -> None:
    await expect(page.locator("#stale")).to_be_hidden()


async def after(page: Page, hall: FakeHall, seconds: float) -> None:
    """So much time passes for the page and for the mall, and the mall says nothing."""
    await page.clock.run_for(round(seconds * 1000))
    hall.clock += timedelta(seconds=seconds)


async def test_a_view_that_stood_in_a_queue_is_marked(hall: FakeHall, display: OpenDisplay):
    """It comes over a line that stands, and was made half a minute ago; it is shown, as the newest that there is."""
    page = await display()
    await unmarked(page)
    hall.clock = timedelta(seconds=-30)

    await hall.push(BOARD, mall.board(mall.call(5, "A005", "5", ago(60))))
    await shows(page, "calls")
    await marked(page)
    hall.clock = timedelta()
    await hall.push(BOARD)

    await unmarked(page)
    assert hall.connections == 1


async def test_a_view_that_is_not_followed_by_another_grows_old(hall: FakeHall, display: OpenDisplay):
    """The server says each view anew every five seconds, so twenty without one say that it cannot, or cannot here."""
    page = await display(clock=True)

    await after(page, hall, 18)
    await unmarked(page)
    await after(page, hall, 5)
    await marked(page)
    await hall.push(BOARD)

    await unmarked(page)
    assert hall.connections == 1


async def test_what_comes_after_a_pause_is_held_against_what_came_before(hall: FakeHall, display: OpenDisplay):
    """A page that reads on after a pause gets old frames first; only the last of them is the present."""
    page = await display(clock=True)
    await hall.push(BOARD)
    await after(page, hall, 35)
    hall.clock -= timedelta(seconds=34)

    await hall.push(BOARD)
    await marked(page)
    hall.clock += timedelta(seconds=5)
    await hall.push(BOARD, mall.board(mall.call(6, "A006", "6", ago(0))))
    await shows(page, "calls")
    await marked(page)
    hall.clock += timedelta(seconds=29)
    await hall.push(BOARD)

    await unmarked(page)


async def test_a_connection_without_its_view_is_not_live(hall: FakeHall, display: OpenDisplay):
    """That the server answers says nothing of what the page shows."""
    page = await display()
    hall.mute = True
    await hall.hang_up()
    await marked(page)
    connections = hall.connections

    hall.mute = False
    await hall.push(BOARD)

    await unmarked(page)
    assert hall.connections == connections == 2


async def test_a_device_that_slept_knows_that_its_view_is_old(hall: FakeHall, display: OpenDisplay):
    """Its monotonic clock stood still meanwhile, its wall clock did not."""
    page = await display(clock=True)
    await page.clock.set_system_time(await page.evaluate("() => Date.now()") + 3_600_000)

    await page.clock.run_for(1_500)
    await marked(page)
    await hall.push(BOARD)

    await unmarked(page)
