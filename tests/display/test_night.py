"""A hall that has been closed for a while gives no light, and is back at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from tests.display.conftest import OpenDisplay, ago, shows
from tests.fakes import mall
from tests.fakes.hall import FakeHall

pytestmark = pytest.mark.browser

CLOSED = mall.board(open=False)


async def minutes(page: Page, hall: FakeHall, count: int) -> None:
    hall.clock += timedelta(minutes=count)
    await page.clock.fast_forward(count * 60_000)
    await hall.push("board:hall")


async def place(page: Page) -> tuple[float, float]:
    box = await page.locator("#night").bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= 1920 - box["width"]
    assert 0 <= box["y"] <= 1080 - box["height"]
    return box["x"], box["y"]


async def test_a_closed_hall_is_dark_after_a_quarter_of_an_hour(hall: FakeHall, display: OpenDisplay):
    """A dim clock is all that is left, and never stands where it stood; a hand brings the board for a minute."""
    hall.views["board:hall"] = CLOSED
    page = await display("closed", clock=True)
    clock, board = page.locator("#night"), page.locator("#board")

    await minutes(page, hall, 14)
    await expect(board).to_be_visible()
    await minutes(page, hall, 2)
    await expect(clock).to_be_visible()
    await expect(board).to_be_hidden()
    first = await place(page)
    await minutes(page, hall, 1)
    await page.wait_for_function(
        "(x) => document.getElementById('night').getBoundingClientRect().x !== x", arg=first[0]
    )
    second = await place(page)
    await page.keyboard.press("Shift")
    await expect(board).to_be_visible()
    await minutes(page, hall, 2)
    await expect(board).to_be_hidden()

    assert first != second


async def test_a_call_brings_the_board_back(hall: FakeHall, display: OpenDisplay):
    """Somebody who is called when the hall is closed is seen and heard as by day."""
    hall.views["board:hall"] = CLOSED
    page = await display("closed", clock=True)
    await minutes(page, hall, 16)
    await expect(page.locator("#board")).to_be_hidden()

    await hall.push("board:hall", mall.board(mall.call(9, "A009", "3", ago(-16 * 60)), open=False))

    await shows(page, "calls")
    await expect(page.locator("#night")).to_be_hidden()
