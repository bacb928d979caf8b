"""The report in a browser: readable by everybody, on every screen, and nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser import Screens, axe, layout_faults
from tests.web.edge import edge_at
from tests.web.test_reports import served


@pytest.mark.parametrize(("lang", "scheme", "viewport"), [("en", "light", "desk"), ("id", "dark", "phone")])
async def test_a_report_and_a_story_are_accessible(
    screens: Screens, tmp_path: Path, lang: str, scheme: str, viewport: str
):
    """Charts, tables, filters and the story of a ticket: axe finds nothing, nothing is cut off."""
    async with edge_at(tmp_path) as edge:
        ticket = await served(edge)
        day, token = edge.engine.state.day, edge.token("manager", name="dewi")
        page = await screens.open(
            f"{edge.mall.url}/report?from={day}&to={day}&lang={lang}&token={token}",
            viewport=viewport,
            color_scheme=scheme,
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
