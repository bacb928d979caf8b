"""Real touches, as a panel sends them: what a browser takes for no press is one, where the person meant the button."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import CDPSession, Page

from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, choose, settled, shows

Point = tuple[float, float]


class Finger:
    """Fingers on the glass, by number; what the others do is sent along, as a panel does."""

    def __init__(self, tools: CDPSession) -> None:
        self.tools = tools
        self.down: dict[int, Point] = {}

    async def _send(self, kind: str) -> None:
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in self.down.items()]
        await self.tools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    async def touch(self, finger: int, at: Point) -> None:
        self.down[finger] = at
        await self._send("touchStart")

    async def slide(self, finger: int, to: Point) -> None:
        (x, y), steps = self.down[finger], 6
        for step in range(1, steps + 1):
            self.down[finger] = (x + (to[0] - x) * step / steps, y + (to[1] - y) * step / steps)
            await self._send("touchMove")

    async def lift(self) -> None:
        """All of them: the protocol lifts no single one."""
        self.down.clear()
        await self._send("touchEnd")


async def opened(kiosk: OpenKiosk) -> tuple[Page, Finger]:
    page = await kiosk(has_touch=True)
    return page, Finger(await page.context.new_cdp_session(page))


async def place(page: Page, selector: str) -> dict[str, Any]:
    await settled(page)
    box = await page.locator(selector).bounding_box()
    assert box is not None
    return dict(box)


async def test_a_finger_that_slides_presses_what_it_stays_on(kiosk: OpenKiosk):
    """Some millimetres of sliding on one choice are a press."""
    page, finger = await opened(kiosk)
    box = await place(page, '#agencies [data-id="imigrasi"]')
    x, y = box["x"] + 60, box["y"] + 40

    await finger.touch(0, (x, y))
    await finger.slide(0, (x + 30, y + 8))
    await finger.lift()

    await shows(page, "services")


@pytest.mark.parametrize("to", [(0.0, 600.0), (250.0, 0.0)])
async def test_a_finger_that_leaves_presses_nothing(kiosk: OpenKiosk, to: Point):
    """Whoever slides off a choice, or far along it, has thought better of it."""
    page, finger = await opened(kiosk)
    box = await place(page, '#agencies [data-id="imigrasi"]')
    x, y = box["x"] + 20, box["y"] + 40

    await finger.touch(0, (x, y))
    await finger.slide(0, (x + to[0], y + to[1]))
    await finger.lift()

    await page.locator("#find").tap()
    await shows(page, "search")


async def test_a_finger_that_rests_is_no_hindrance(hall: FakeHall, kiosk: OpenKiosk):
    """A tap while another finger lies on the edge of the glass is a press, and one only."""
    page, finger = await opened(kiosk)
    await choose(page)
    await settled(page)
    await finger.touch(0, (4, 900))
    box = await place(page, "#take")
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    await finger.touch(1, at)
    await finger.lift()
    await shows(page, "ticket")

    assert len(hall.asked) == 1
