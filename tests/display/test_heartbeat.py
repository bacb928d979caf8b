"""What a display says of itself on its line, and what it does when it fails again and again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import Page, WebSocket

from tests.browser import Screens
from tests.display.conftest import shows
from tests.waiting import until

pytestmark = pytest.mark.browser


def listen(page: Page) -> list[dict[str, Any]]:
    """What the page says from now on."""
    said: list[dict[str, Any]] = []

    def opened(line: WebSocket) -> None:
        line.on("framesent", lambda frame: said.append(json.loads(frame)))

    page.on("websocket", opened)
    return said


async def test_a_display_says_how_it_is_and_loads_anew_when_it_keeps_failing(address: str, screens: Screens):
    """Its size at once, each mistake without its text; after the third it comes back by itself, once."""
    page = await screens.open(viewport="hall")
    said = listen(page)
    await page.goto(f"{address}/display/hall")
    await shows(page, "empty")
    await until(lambda: said)
    first = said[0]

    await page.evaluate("window.old = true")
    for _ in range(3):
        await page.evaluate("setTimeout(() => { throw new TypeError('somebody typed this') })")
    await page.wait_for_function("window.old === undefined")
    await shows(page, "empty")

    screens.faults.clear()
    assert (first["kind"], first["width"], first["height"], first["error"]) == ("heartbeat", 1920, 1080, None)
    assert first["sound"] in ("on", "blocked")
    assert "TypeError" in {str(one["error"]).split(" ")[0] for one in said}
    assert "somebody" not in json.dumps(said)
    assert said[-1]["error"] is None
