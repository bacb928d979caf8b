"""From the floor page to the boards, in two browsers before one real server."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from tests.browser import Screens, axe, layout_faults, let_in
from tests.web.edge import CONFIG, edge_at

BOARDS = """
[boards.main]
zones = ["a"]
inches = 55
farthest = 6
[boards.far]
zones = ["a"]
inches = 32
farthest = 12
[boards.unsaid]
zones = ["a"]
"""
BOARD = "#notice span:first-child"


async def test_a_supervisor_types_on_the_floor_and_it_is_on_the_board(tmp_path: Path, screens: Screens):
    """At once, in both languages, urgent; listed on the floor; taken off with one press, and it is gone."""
    async with edge_at(tmp_path) as edge:
        display, floor = await screens.open(viewport="hall"), await screens.open()
        await let_in(display, edge.mall.url, edge.token("display"))
        await let_in(floor, edge.mall.url, edge.token("supervisor"))
        await display.goto(f"{edge.mall.url}/display/main")
        await floor.goto(f"{edge.mall.url}/floor?lang=en")
        await expect(floor.locator("#no-announcements")).to_be_visible()

        await floor.locator("#announce-box summary").click()
        await floor.locator("#announce-id").fill("Loket 5 pindah ke sayap timur")
        await floor.locator("#announce-en").fill("Counter 5 moved to the east wing")
        await floor.locator("#announce-urgent").check()
        await floor.get_by_role("button", name="Put on the boards").click()
        await expect(display.locator(BOARD)).to_have_text("Loket 5 pindah ke sayap timur")
        await expect(display.locator("#strip")).to_have_attribute("data-urgent", "")
        await expect(floor.locator(".announcement")).to_contain_text("Counter 5 moved to the east wing")
        found = [*await axe(floor), *await layout_faults(floor)]
        await floor.get_by_role("button", name="Take off").click()

        await expect(display.locator("#strip")).to_be_hidden()
        await expect(floor.locator("#no-announcements")).to_be_visible()
        assert found == []


async def test_who_only_looks_on_sees_what_stands_and_cannot_write(tmp_path: Path, screens: Screens):
    """A manager reads the list; there is nothing to press."""
    async with edge_at(tmp_path) as edge:
        await edge.post("/announcements", {"texts": {"en": "Closed at noon"}}, by="supervisor")
        floor = await screens.open()
        await let_in(floor, edge.mall.url, edge.token("manager"))
        await floor.goto(f"{edge.mall.url}/floor?lang=en")

        await expect(floor.locator(".announcement")).to_contain_text("Closed at noon")
        await expect(floor.locator("#announce-box")).to_be_hidden()
        await expect(floor.locator(".announcement button")).to_have_count(0)


async def test_an_empty_form_says_what_is_missing(tmp_path: Path, screens: Screens):
    """Nothing is sent, and the page says why."""
    async with edge_at(tmp_path) as edge:
        floor = await screens.open()
        await let_in(floor, edge.mall.url, edge.token("supervisor"))
        await floor.goto(f"{edge.mall.url}/floor?lang=en")

        await floor.locator("#announce-box summary").click()
        await floor.get_by_role("button", name="Put on the boards").click()

        await expect(floor.locator("#refused")).to_contain_text("one language at least")


async def test_staff_read_from_how_far_each_board_is_read(tmp_path: Path, screens: Screens):
    """In metres, pass or fail against the farthest seat, with the panel that would do; and what nobody has said."""
    told = CONFIG.replace('[boards.main]\nzones = ["a"]', BOARDS)
    async with edge_at(tmp_path, config=told) as edge:
        page = await screens.open()
        await let_in(page, edge.mall.url, edge.token("manager"))
        await page.goto(f"{edge.mall.url}/boards?lang=en")

        far = page.locator('[data-board="far"]').first
        await expect(far.locator(".mark.alert")).to_have_text("7.6 m")
        await expect(far).to_contain_text("51 inches would do")
        await expect(page.locator('[data-board="main"] .mark.good').first).to_have_text("13.1 m")
        await expect(page.locator('[data-board="unsaid"]')).to_contain_text("does not say how large")
        assert [*await axe(page), *await layout_faults(page)] == []
