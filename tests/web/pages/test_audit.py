"""The auditor's page in a browser in front of a whole server: lines, none, and the closing hashes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from queue_server.domain.acts import ActKind
from queue_server.registry.roles import Role
from tests.browser import Screens, let_in
from tests.waiting import until
from tests.web.edge import edge_at
from tests.web.pages.test_account import LOOKS, found, hire


@pytest.mark.parametrize(("language", "scheme", "viewport"), LOOKS)
async def test_each_state_is_accessible_and_fits(
    tmp_path: Path, screens: Screens, language: str, scheme: str, viewport: str
):
    """Lines with long names, nothing found, closings: axe finds nothing, nothing is cut off."""
    async with edge_at(tmp_path) as edge:
        acts = edge.parts.registry.acts
        person = hire(edge, "Siti Nurhaliza Kusumawardhani binti Abdurrahman al-Banjari", Role.SUPERVISOR)
        acts.note(ActKind.SIGN_IN_REFUSED, about=person, why="provider_unmapped", address="2001:db8:1234:5678::42")
        acts.note(ActKind.SECOND_FACTOR_REMOVED, by="machine", about=person)
        acts.note(ActKind.BADGE_SET, by=person, about=person, details={"badge": "set"})
        acts.note(ActKind.LOCKED, about=person)
        await edge.called()
        await until(lambda: not acts.waiting())
        page = await screens.open(viewport=viewport, color_scheme=scheme)
        await let_in(page, edge.mall.url, edge.token("auditor", name="eko"))

        await page.goto(f"{edge.mall.url}/audit?lang={language}")
        await expect(page.locator("tbody tr").first).to_be_visible()
        wrong = {"lines": await found(page)}
        said = await page.locator("tbody").inner_text()
        await page.goto(f"{edge.mall.url}/audit?lang={language}&from=2020-01-01&to=2020-01-02")
        await expect(page.locator("p.panel")).to_be_visible()
        wrong["none"] = await found(page)
        await page.goto(f"{edge.mall.url}/closings?lang={language}")
        await expect(page.locator("h1")).to_be_visible()
        wrong["closings"] = await found(page)

        assert {state: faults for state, faults in wrong.items() if faults} == {}
        assert "provider_unmapped" not in said


async def test_a_filter_is_used_by_keyboard(tmp_path: Path, screens: Screens):
    """A kind is chosen and shown; the address can be kept."""
    async with edge_at(tmp_path) as edge:
        await edge.called()
        page = await screens.open()
        await let_in(page, edge.mall.url, edge.token("auditor", name="eko"))
        await page.goto(f"{edge.mall.url}/audit?lang=en")

        await page.locator("#what").select_option(label="Called")
        await page.locator("#what").press("Tab")
        await page.locator("#word").press("Enter")

        await page.wait_for_url("**/audit?*what=TicketCalled*")
        await expect(page.locator("tbody tr")).to_have_count(1)
