"""A kiosk's first visit, before a real server: little to fetch, and the rest comes once the first screen stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, Route, expect

from queue_server.service.hub import packed
from tests.browser import Screens, let_in
from tests.whole.server import Server, server

KIOSK = "kiosk-1"
FIRST_VISIT = 150_000
"""Bytes of the sample mall, 64 services in two languages; heads, letters and the first view included."""

REST = "**/kiosk/rest.js"
GREETED = 2
"""The line's greeting and the first view."""


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    async with server(tmp_path_factory.mktemp("visit")) as here:
        yield here


async def visit(screens: Screens, house: Server) -> Page:
    """A page that has not been anywhere yet, let in as the sample mall's first kiosk."""
    page = await screens.open(viewport="kiosk")
    await let_in(page, house.at, house.token("kiosk", "--name", KIOSK))
    return page


async def at_first_screen(page: Page) -> None:
    await page.locator('[data-screen="agencies"]').wait_for(state="visible", timeout=30_000)
    await page.evaluate("() => document.fonts.ready.then(() => true)")


async def test_the_first_visit_fetches_little(screens: Screens, house: Server):
    """Under 150 kB until the first screen stands with its letters; the rest comes then."""
    page = await visit(screens, house)
    network = await page.context.new_cdp_session(page)
    await network.send("Network.enable")
    sizes: list[float] = []
    live: list[int] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    network.on(
        "Network.webSocketFrameReceived",
        lambda event: live.append(len(packed(event["response"]["payloadData"].encode()))),
    )
    held: asyncio.Queue[Route] = asyncio.Queue()
    await page.route(REST, held.put)

    await page.goto(f"{house.at}/kiosk/{KIOSK}")
    await at_first_screen(page)
    counted, visited = len(sizes), sum(sizes) + sum(live[:GREETED])
    await (await held.get()).continue_()
    await page.locator("html[data-whole]").wait_for(state="attached")

    assert counted > 30, "the page was not counted"
    assert visited < FIRST_VISIT


async def test_a_touch_before_the_rest_is_there_is_not_lost(screens: Screens, house: Server):
    """Whoever searches, or has it read aloud, at once sees the screen then, and its keys as soon as they have come."""
    page = await visit(screens, house)
    held: asyncio.Queue[Route] = asyncio.Queue()
    await page.route(REST, held.put)
    await page.goto(f"{house.at}/kiosk/{KIOSK}")
    await at_first_screen(page)

    await page.keyboard.press("0")
    await expect(page.locator("html[data-aid-aloud]")).to_be_attached()
    await page.locator("#find").click()
    await page.locator('[data-screen="search"]').wait_for(state="visible")
    await (await held.get()).continue_()

    await page.locator("html[data-whole]").wait_for(state="attached")
    await page.locator("#keyboard button", has_text="k").first.click()
    await expect(page.locator("#results .choice:visible").first).to_be_visible()
    await expect(page.locator("html[data-aid-aloud]")).to_be_attached()


async def test_what_could_not_come_is_asked_for_again(screens: Screens, house: Server):
    """A server that is away for a moment takes no part of the page for good."""
    page = await visit(screens, house)
    refused = asyncio.Event()

    async def once(route: Route) -> None:
        if refused.is_set():
            return await route.continue_()
        refused.set()
        return await route.abort()

    await page.route(REST, once)
    await page.goto(f"{house.at}/kiosk/{KIOSK}")
    await at_first_screen(page)

    await page.locator("html[data-whole]").wait_for(state="attached", timeout=30_000)
    assert refused.is_set()
