"""Signing in by badge in a browser in front of a whole server: a reader types quickly and ends with Enter."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from queue_server.registry.roles import Role
from tests.browser import Screens, let_in
from tests.web.edge import CONFIG, edge_at
from tests.web.pages.test_account import LOOKS, SECRET, found, hire

NUMBER = "0012345678"
ALONE = CONFIG + '\n[sign_in]\nbadge = "alone"\n'
WITH_PIN = CONFIG + '\n[sign_in]\nbadge = "with_pin"\n'


async def test_a_reader_signs_a_clerk_in_without_a_hand_on_the_keyboard(tmp_path: Path, screens: Screens):
    """The field has the focus from the start; what the reader types and its Enter are enough."""
    async with edge_at(tmp_path, config=ALONE) as edge:
        edge.parts.registry.badges.set(hire(edge, role=Role.CLERK), NUMBER)
        page = await screens.open(f"{edge.mall.url}/sign-in?lang=en")
        await expect(page.locator("#badge")).to_be_focused()

        await page.keyboard.type(NUMBER + "\n")

        await page.wait_for_url("**/terminal")


@pytest.mark.parametrize(("language", "scheme", "viewport"), LOOKS)
async def test_enter_leads_on_to_the_pin(tmp_path: Path, screens: Screens, language: str, scheme: str, viewport: str):
    """A wrong PIN is said and both are read anew; the number is never seen. Axe is content in each state."""
    async with edge_at(tmp_path, config=WITH_PIN) as edge:
        edge.parts.registry.badges.set(hire(edge, role=Role.CLERK), NUMBER)
        page = await screens.open(f"{edge.mall.url}/sign-in?lang={language}", viewport=viewport, color_scheme=scheme)
        await expect(page.locator("#badge")).to_be_focused()
        wrong = await found(page)

        await page.keyboard.type(NUMBER + "\n")
        await expect(page.locator("#badge-pin")).to_be_focused()
        await page.keyboard.type("000000\n")
        await expect(page.locator("#badge-refused")).to_be_visible()
        wrong += await found(page)
        await expect(page.locator("#badge")).to_be_focused()
        await page.keyboard.type(NUMBER + "\n")
        await expect(page.locator("#badge-pin")).to_be_focused()
        await page.keyboard.type(SECRET + "\n")

        await page.wait_for_url("**/terminal")
        assert wrong == []


async def test_without_badges_the_page_is_as_before(tmp_path: Path, screens: Screens):
    """Nothing of it is seen where the mall does not want it."""
    async with edge_at(tmp_path) as edge:
        page = await screens.open(f"{edge.mall.url}/sign-in?lang=en")
        await page.wait_for_load_state("networkidle")

        assert await page.locator("#badge-form").is_hidden()
        await expect(page.locator("#name")).to_be_focused()


async def test_an_admin_gives_a_badge_with_the_reader_and_takes_it_away(tmp_path: Path, screens: Screens):
    """On the page of people, by what the reader types; somebody else's is refused with its reason."""
    async with edge_at(tmp_path) as edge:
        person = hire(edge, role=Role.CLERK)
        edge.parts.registry.badges.set(hire(edge, "Budi", Role.CLERK), "777777777")
        page = await screens.open()
        await let_in(page, edge.mall.url, edge.token("admin", name="sari"))
        await page.goto(f"{edge.mall.url}/people?lang=en")
        row = page.locator(f"[data-person={person}]")

        faults: list[str] = []
        for number in ("777777777", NUMBER):
            await row.get_by_role("button").click()
            await page.get_by_role("dialog").get_by_role("button", name="Give a badge").click()
            await expect(page.locator("#new-badge")).to_be_focused()
            faults += await found(page)
            await page.keyboard.type(number + "\n")
            if number != NUMBER:
                await expect(page.locator("#refused")).to_contain_text("somebody else's")
        await expect(row).to_contain_text("badge")
        holder = edge.parts.registry.badges.find(NUMBER)
        await row.get_by_role("button").click()
        await page.get_by_role("dialog").get_by_role("button", name="Take the badge away").click()
        await page.get_by_role("dialog").get_by_role("button", name="Take the badge away").click()
        await expect(row).not_to_contain_text("badge")

        assert holder is not None
        assert (holder.id, edge.parts.registry.badges.find(NUMBER), faults) == (person, None, [])
