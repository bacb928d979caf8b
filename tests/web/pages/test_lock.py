"""The terminal's lock in a browser in front of a whole server: nothing is seen, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from queue_server.registry.roles import Role
from tests.browser import Screens, axe, layout_faults
from tests.web.edge import CONFIG, Edge, edge_at
from tests.web.pages.conftest import ready
from tests.web.pages.test_account import LOOKS, SECRET, hire, sign_in

QUICK = CONFIG + '\n[sign_in]\nlock_after = "1s"\n'
NOTE = "needs an interpreter"


async def at_work(page: Page, edge: Edge, language: str = "en") -> None:
    """Somebody is being served at counter 1, with a note."""
    hire(edge, role=Role.CLERK)
    await edge.ticket()
    await sign_in(page, edge, language=language, to="/terminal/1")
    await page.wait_for_url("**/terminal/1*")
    for state in ("open", "called", "serving"):
        await ready(page)
        await page.keyboard.press("F2")
        await expect(page.locator("#desk")).to_have_attribute("data-state", state)
    await page.fill("#note", NOTE)
    await page.keyboard.press("Tab")


@pytest.mark.parametrize(("language", "scheme", "viewport"), LOOKS)
async def test_the_terminal_is_locked_and_unlocked(
    tmp_path: Path, screens: Screens, language: str, scheme: str, viewport: str
):
    """By its key; ticket and note are not seen until the PIN, and are there after it. Axe is content in each state."""
    async with edge_at(tmp_path) as edge:
        page = await screens.open(viewport=viewport, color_scheme=scheme)
        await at_work(page, edge, language)
        await page.locator("#primary").focus()

        await page.keyboard.press("l")
        await expect(page.locator("#lock-password")).to_be_focused()
        hidden = [await page.locator(which).is_visible() for which in ("#note", "#number", "#places", "#label")]
        locked = [*await axe(page), *await layout_faults(page)]
        await page.keyboard.press("Escape")
        await page.keyboard.press("F2")
        await page.fill("#lock-password", "not the one")
        await page.keyboard.press("Enter")
        await expect(page.locator(".lock [role=alert]").last).to_be_visible()
        refused = [*await axe(page), *await layout_faults(page)]
        await page.keyboard.type(SECRET)
        await page.keyboard.press("Enter")

        await expect(page.locator(".lock")).to_have_count(0)
        await ready(page)
        await expect(page.locator("#desk")).to_have_attribute("data-state", "serving")
        await expect(page.locator("#note")).to_have_value(NOTE)
        assert edge.engine.state.counters["1"].ticket is not None
        assert (hidden, locked, refused) == ([False] * 4, [], [])


async def test_a_terminal_that_nobody_touches_locks_itself(tmp_path: Path, screens: Screens):
    """After the mall's time; loaded anew it is still locked, and says whose it is."""
    async with edge_at(tmp_path, config=QUICK) as edge:
        page = await screens.open()
        hire(edge, role=Role.CLERK)
        await sign_in(page, edge, to="/terminal/1")
        await expect(page.locator("#lock-password")).to_be_focused()

        await page.reload()
        await expect(page.locator("#lock-who")).to_contain_text("Ani")

        assert not await page.locator("#desk").is_visible()


async def test_another_page_of_a_locked_browser_asks_who_it_is(tmp_path: Path, screens: Screens):
    """The name stands there already; the password leads back to where one was."""
    async with edge_at(tmp_path) as edge:
        page = await screens.open()
        await at_work(page, edge)
        await page.locator("#primary").focus()
        await page.keyboard.press("l")
        await expect(page.locator("#lock-password")).to_be_focused()

        await page.goto(f"{edge.mall.url}/reception?lang=en")
        await expect(page.locator("#name")).to_have_value("Ani")
        await expect(page.locator("#password")).to_be_focused()
        await page.keyboard.type(SECRET)
        await page.keyboard.press("Enter")

        await page.wait_for_url("**/reception*")


async def test_an_evacuation_is_seen_on_a_locked_terminal(tmp_path: Path, screens: Screens):
    """Whoever comes back to the counter reads that everybody leaves."""
    async with edge_at(tmp_path) as edge:
        page = await screens.open()
        await at_work(page, edge)
        await edge.post("/hall/evacuate", {"reason": "evacuation"}, by="supervisor")
        await page.locator("#primary").focus()

        await page.keyboard.press("l")

        await expect(page.locator(".lock .leave-strip")).to_be_visible()
        assert await axe(page) == []


async def test_a_lock_that_the_server_did_not_hear_of_outlives_a_reload(tmp_path: Path, screens: Screens):
    """Loaded anew it is covered all the same, and the server is told as soon as it hears."""
    async with edge_at(tmp_path) as edge:
        page = await screens.open()
        await at_work(page, edge)
        await page.route("**/api/v1/lock", lambda route: route.abort())
        await page.locator("#primary").focus()
        await page.keyboard.press("l")
        await expect(page.locator("#lock-password")).to_be_focused()

        await page.reload()
        await expect(page.locator("#lock-password")).to_be_focused()
        hidden = await page.locator("#note").is_visible()
        await page.unroute("**/api/v1/lock")
        await page.reload()
        await expect(page.locator("#lock-password")).to_be_focused()
        await page.wait_for_function("localStorage.getItem('lock.wanted') === null")

        assert not hidden
        assert (await page.evaluate("fetch('/api/v1/queues').then((answer) => answer.status)")) == 403
