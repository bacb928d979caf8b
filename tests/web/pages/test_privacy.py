"""The page of what is kept of a citizen, in a browser in front of a whole server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import expect

from queue_server.registry.roles import Role
from tests.browser import Screens, let_in
from tests.cli.test_privacy import ASKS
from tests.web.edge import CONFIG, edge_at
from tests.web.pages.test_account import LOOKS, found, hire
from tests.web.pages.test_people import opened
from tests.web.test_privacy import noted


@pytest.mark.parametrize(("language", "scheme", "viewport"), [*LOOKS, ("ka", "light", "phone"), ("ar", "dark", "desk")])
async def test_a_copy_a_hold_and_an_end(tmp_path: Path, screens: Screens, language: str, scheme: str, viewport: str):
    """Found by the phone, each step asks before it is done; axe finds nothing in any state, nothing is cut off."""
    async with edge_at(tmp_path, config=CONFIG + ASKS) as edge:
        ticket = await noted(edge)
        page = await screens.open(viewport=viewport, color_scheme=scheme)
        await let_in(page, edge.mall.url, edge.token("admin", name="sari"))
        await page.goto(f"{edge.mall.url}/privacy?lang={language}")
        await expect(page.locator("#ask")).to_be_visible()
        wrong = await found(page)

        await page.fill("#phone", "0812 0000 0000")
        await page.keyboard.press("Enter")
        await expect(page.locator("#refused")).to_be_visible()
        wrong += await found(page)
        await page.fill("#phone", "0812 5550 1234")
        await page.keyboard.press("Enter")
        await expect(page.locator("#found-title")).to_be_focused()
        wrong += await found(page)
        async with page.expect_download() as saving:
            await page.locator("#copy").press("Enter")
        copy = json.loads(Path(await (await saving.value).path()).read_text())
        for act in ("hold", "release", "erase"):
            await page.locator(f"#{act}").press("Enter")
            await expect(page.locator("dialog .option").first).to_be_focused()
            wrong += await found(page)
            await page.keyboard.press("1")
            await expect(page.locator("#done")).to_be_visible()
            await expect(page.locator("#found li .mark")).to_have_count(int(act == "hold"))
            wrong += await found(page)

        await expect(page.locator("#found")).to_be_hidden()
        assert [one["ticket"] for one in copy] == [ticket]
        assert wrong == []
        assert edge.parts.registry.citizens.of_ticket(ticket) == []


async def test_what_is_kept_of_staff_is_given_out_and_erased(tmp_path: Path, screens: Screens):
    """From the page of people, with a question before the end."""
    async with edge_at(tmp_path) as edge:
        person = hire(edge, "Ani", Role.CLERK)
        page = await opened(screens, edge, "admin")
        row = page.locator("#people li", has_text="Ani")
        await row.get_by_role("button").press("Enter")
        async with page.expect_download() as saving:
            await page.get_by_role("button", name="Download what is kept").press("Enter")
        copy = json.loads(Path(await (await saving.value).path()).read_text())
        await page.reload()
        await row.get_by_role("button").press("Enter")
        await page.get_by_role("button", name="Erase for good").press("Enter")
        await page.get_by_role("button", name="Erase for good").press("Enter")

        await expect(row).to_have_count(0)
        assert copy["person"]["id"] == person
        assert edge.parts.registry.people.get(person) is None
