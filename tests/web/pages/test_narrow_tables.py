"""Lists of things on a narrow screen: each row is a card that says all, and nothing is scrolled to sideways."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import VIEWPORTS, Screens, axe, layout_faults, let_in
from tests.web.edge import Edge, edge_at

PAGES = {"/devices": "admin", "/audit": "auditor", "/floor": "supervisor", "/boards": "admin"}

HIDDEN = """() => [...document.querySelectorAll("table.cards tbody :is(th, td)")].filter((cell) => {
  const box = cell.getBoundingClientRect();
  return cell.textContent.trim() && (box.width === 0 || box.left < 0 || box.right > innerWidth + 1);
}).map((cell) => cell.textContent.trim())"""

UNNAMED = """() => [...document.querySelectorAll("table.cards tbody td")].filter((cell) =>
  cell.textContent.trim() && !cell.dataset.name && !cell.querySelector(".button") && cell.colSpan === 1
).map((cell) => cell.textContent.trim())"""

SCROLLING = """() => [...document.querySelectorAll(".scrolls:has(> .cards)")]
  .filter((box) => box.scrollWidth > box.clientWidth).map((box) => `${box.scrollWidth} in ${box.clientWidth}`)"""


async def shown(page: Page, edge: Edge, path: str, language: str) -> None:
    await let_in(page, edge.mall.url, edge.token(PAGES[path], name="eko"))
    await page.goto(f"{edge.mall.url}{path}?lang={language}")
    await expect(page.locator("table.cards tbody tr").first).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "viewport"), [("en", "phone"), ("ka", "phone"), ("ar", "tablet")])
async def test_a_card_says_all_that_its_row_does(
    tmp_path: Path, screens: Screens, path: str, language: str, viewport: str
):
    """On a phone and a tablet, in the longest language and from right to left: all is there, named, and in the page."""
    async with edge_at(tmp_path) as edge:
        await edge.called()
        page = await screens.open(viewport=viewport)

        await shown(page, edge, path, language)

        wrong = [await page.evaluate(look) for look in (HIDDEN, UNNAMED, SCROLLING)]
        assert wrong == [[], [], []]
        assert [*await axe(page), *await layout_faults(page)] == []


async def test_a_wide_screen_has_columns(tmp_path: Path, screens: Screens):
    """The names of columns stand above them; the same page turned narrow has cards, and is a table still."""
    async with edge_at(tmp_path) as edge:
        page = await screens.open(viewport="desk")
        await shown(page, edge, "/devices", "en")
        head = page.locator("table.cards thead")
        wide = await head.evaluate("head => head.getBoundingClientRect().height")

        width, height = VIEWPORTS["phone"]
        await page.set_viewport_size({"width": width, "height": height})

        assert wide > 20
        assert await head.evaluate("head => head.getBoundingClientRect().height") <= 2
        await expect(page.get_by_role("table")).to_have_count(1)
        await expect(page.get_by_role("columnheader").first).to_have_text("Device")


@pytest.mark.parametrize(
    ("role", "may"),
    [("admin", {"/devices", "/audit"}), ("supervisor", {"/devices"}), ("auditor", {"/devices", "/audit"})],
)
async def test_the_bar_leads_to_what_one_may_see(tmp_path: Path, screens: Screens, role: str, may: set[str]):
    """On a laptop the ways to devices and to who did what stand in the bar of those whom these pages let in."""
    async with edge_at(tmp_path) as edge:
        page = await screens.open(viewport="desk")
        await let_in(page, edge.mall.url, edge.token(role, name="eko"))

        await page.goto(f"{edge.mall.url}/account?lang=en")
        await expect(page.locator("[data-who]").first).to_have_text("eko")

        ways = page.locator(".bar-ways a:visible")
        found = {await way.get_attribute("href") for way in await ways.all()}
        assert found & {"/devices", "/audit"} == may
