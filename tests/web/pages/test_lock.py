"""The terminal's lock in a browser in front of a whole server: nothing is seen, and nothing is lost."""

from __future__ import annotations

import re
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


async def test_another_page_of_a_locked_browser_is_locked_too(tmp_path: Path, screens: Screens):
    """It says whose it is, shows nothing, and begins once it is unlocked."""
    async with edge_at(tmp_path) as edge:
        page = await screens.open()
        await at_work(page, edge)
        await page.locator("#primary").focus()
        await page.keyboard.press("l")
        await expect(page.locator("#lock-password")).to_be_focused()

        await page.goto(f"{edge.mall.url}/reception?lang=en")
        await expect(page.locator("#lock-who")).to_contain_text("Ani")
        hidden = not await page.locator("main").is_visible()
        await page.keyboard.type(SECRET)
        await page.keyboard.press("Enter")

        await expect(page.locator("main")).to_be_visible()
        await expect(page.locator(".lock")).to_have_count(0)
        assert hidden


PAGES = (
    "/floor",
    "/reception",
    "/people",
    "/account",
    "/devices",
    "/printing",
    "/printing/preview",
    "/terminal",
    "/audit",
    "/report",
    "/report/brief",
    "/boards",
)


@pytest.mark.parametrize("pages", [PAGES[::3], PAGES[1::3], PAGES[2::3]], ids=["first", "second", "third"])
@pytest.mark.parametrize(("language", "scheme", "viewport"), LOOKS[1:3])
async def test_every_page_of_staff_locks_itself(
    tmp_path: Path, screens: Screens, language: str, scheme: str, viewport: str, pages: tuple[str, ...]
):
    """Whatever it shows is covered after the mall's time without a hand, and is as it was once it is unlocked."""
    async with edge_at(tmp_path, config=QUICK) as edge:
        page = await screens.open(viewport=viewport, color_scheme=scheme)
        hire(edge)
        await sign_in(page, edge, language=language)
        await page.wait_for_url(re.compile("^[^?]*/account"))
        wrong = []
        for path in pages:
            await page.request.post(
                f"{edge.mall.url}/api/v1/unlock", data={"password": SECRET}, headers={"X-Antrean": "1"}
            )
            await page.goto(f"{edge.mall.url}{path}?lang={language}")
            await expect(page.locator("#lock-password")).to_be_focused()
            seen = [*await axe(page), *await layout_faults(page)]
            wrong += [path, *seen] if seen or await page.locator("main").is_visible() else []
        await page.keyboard.type(SECRET)
        await page.keyboard.press("Enter")

        await page.wait_for_url(re.compile(f"^[^?]*{pages[-1]}"))
        assert wrong == []


async def test_what_was_typed_is_there_after_the_lock(tmp_path: Path, screens: Screens):
    """A page that is locked from elsewhere, here by another tab, covers itself and is not loaded anew."""
    async with edge_at(tmp_path) as edge:
        page = await screens.open()
        hire(edge)
        await sign_in(page, edge, to="/floor")
        await expect(page.locator("[data-live=live]")).to_have_count(1)
        await page.locator("#find").click()
        await page.locator("dialog input").fill("A012")
        await page.request.post(f"{edge.mall.url}/api/v1/lock", headers={"X-Antrean": "1"})
        await expect(page.locator("#lock-password")).to_be_focused()
        hidden = not await page.locator("dialog input").first.is_visible()

        await page.keyboard.type(SECRET)
        await page.keyboard.press("Enter")

        await expect(page.locator("dialog input")).to_have_count(1)
        await expect(page.locator("dialog input")).to_have_value("A012")
        await expect(page.locator("dialog input")).to_be_focused()
        assert hidden


async def test_a_badge_opens_the_lock(tmp_path: Path, screens: Screens):
    """Where it is enough to sign in by: the reader types into the field that has the focus."""
    async with edge_at(tmp_path, config=CONFIG + '\n[sign_in]\nbadge = "alone"\n') as edge:
        page = await screens.open()
        person = hire(edge, role=Role.CLERK)
        edge.parts.registry.badges.set(person, "0012345678")
        await sign_in(page, edge, to="/terminal/1")
        await ready(page)
        await page.keyboard.press("l")
        await expect(page.locator("#lock-password")).to_be_focused()

        await page.keyboard.type("0012345678")
        await page.keyboard.press("Enter")

        await ready(page)
        await expect(page.locator(".lock")).to_have_count(0)


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
