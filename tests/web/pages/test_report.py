"""The report in a browser: readable by everybody, on every screen, and nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser import Screens, axe, layout_faults
from tests.web.edge import edge_at
from tests.web.test_reports import served


def bearer(token: str) -> dict[str, Any]:
    """The browser sends it with everything."""
    return {"extra_http_headers": {"Authorization": f"Bearer {token}"}}


@pytest.mark.parametrize(("lang", "scheme", "viewport"), [("en", "light", "desk"), ("id", "dark", "phone")])
async def test_a_report_and_a_story_are_accessible(
    screens: Screens, tmp_path: Path, lang: str, scheme: str, viewport: str
):
    """Charts, tables, filters and the story of a ticket: axe finds nothing, nothing is cut off."""
    async with edge_at(tmp_path) as edge:
        ticket = await served(edge)
        day, token = edge.engine.state.day, edge.token("manager", name="dewi")
        page = await screens.open(
            f"{edge.mall.url}/report?from={day}&to={day}&lang={lang}",
            viewport=viewport,
            color_scheme=scheme,
            **bearer(token),
        )
        await expect(page.locator("#part-day svg")).to_be_visible()
        assert await axe(page) == []
        assert await layout_faults(page) == []
        await page.locator("#part-day summary").press("Enter")
        await expect(page.locator("#part-day table")).to_be_visible()
        await page.goto(f"{edge.mall.url}/report/tickets/{day}/{ticket['id']}")
        await expect(page.locator(".lines li")).not_to_have_count(0)
        assert await axe(page) == []
        assert await layout_faults(page) == []
        for path in (f"/report/brief?from={day}&to={day}", f"/report/tickets?from={day}&to={day}"):
            await page.goto(edge.mall.url + path)
            await expect(page.locator("main table").first).to_be_visible()
            assert await axe(page) == []
            assert await layout_faults(page) == []


async def test_a_clerks_own_day_is_accessible(screens: Screens, tmp_path: Path):
    """What they served, in a table that can be read by everybody."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        page = await screens.open(f"{edge.mall.url}/my-day?lang=en", **bearer(edge.token("clerk", name="ani")))
        await expect(page.locator("main table")).to_be_visible()

        assert await axe(page) == []
        assert await layout_faults(page) == []


async def test_a_note_is_left_and_taken_away_on_the_page(screens: Screens, tmp_path: Path):
    """It stands below the finding at once, and is gone with one press."""
    async with edge_at(tmp_path) as edge:
        day, token = edge.engine.state.day, edge.token("manager", name="dewi")
        page = await screens.open(f"{edge.mall.url}/report?from={day}&to={day}&lang=en", **bearer(token))
        await page.locator(".note-new summary").press("Enter")
        await page.fill("#note-words", "Network down from 10 to 11")
        await page.locator("#note button").press("Enter")

        await expect(page.locator(".notes li")).to_contain_text("Network down from 10 to 11")
        await page.get_by_role("button", name="Remove the note").press("Enter")
        await expect(page.locator(".notes li")).to_have_count(0)
