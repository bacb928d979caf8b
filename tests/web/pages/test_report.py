"""The report in a browser: readable by everybody, on every screen, and nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser import Screens, axe, layout_faults
from tests.web.edge import CONFIG, edge_at
from tests.web.test_reports import served


def bearer(token: str) -> dict[str, Any]:
    """The browser sends it with everything."""
    return {"extra_http_headers": {"Authorization": f"Bearer {token}"}}


@pytest.mark.parametrize(
    ("lang", "scheme", "viewport"), [("en", "light", "desk"), ("id", "dark", "phone"), ("id", "light", "tablet")]
)
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


async def test_the_heat_map_leads_to_the_tickets_behind_each_of_its_cells(screens: Screens, tmp_path: Path):
    """It is one stop of the Tab key; arrows go from cell to cell, and Enter follows one."""
    async with edge_at(tmp_path) as edge:
        for _ in range(3):
            await served(edge)
            edge.wait(900)
        day, token = edge.engine.state.day, edge.token("manager", name="dewi")
        page = await screens.open(f"{edge.mall.url}/report?from={day}&to={day}&lang=en", **bearer(token))
        cells = page.locator("#part-week svg a")
        await expect(cells).to_have_count(3)
        await page.locator("#part-week .chart-room").focus()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Home")
        await expect(cells.first).to_be_focused()
        await page.keyboard.press("ArrowRight")
        await expect(cells.nth(1)).to_be_focused()
        await page.keyboard.press("ArrowUp")
        await expect(cells.nth(1)).to_be_focused()
        assert await axe(page) == []
        await page.keyboard.press("Tab")
        await expect(page.locator("#part-week summary")).to_be_focused()
        await page.keyboard.press("Shift+Tab")
        await expect(cells.nth(1)).to_be_focused()

        leads = await cells.nth(1).get_attribute("href") or ""
        await page.keyboard.press("Enter")
        await expect(page.locator("main table tbody tr")).to_have_count(1)
        assert page.url.endswith(leads)


ASIDE = """() => [...document.querySelectorAll("svg.chart text")].filter((text) => {
  const box = text.getBBox(), x = Number(text.getAttribute("x")), anchor = text.getAttribute("text-anchor");
  const from = anchor === "end" ? x - box.width : anchor === "middle" ? x - box.width / 2 : x;
  return box.width > 0 && Math.abs(box.x - from) > 2;
}).map((text) => text.textContent)"""
"""The texts of charts that do not stand at the side of their place where they were drawn for."""


@pytest.mark.parametrize("lang", ["en", "ar"])
async def test_charts_stand_alike_in_every_direction_of_reading(screens: Screens, tmp_path: Path, lang: str):
    """Time runs from left to right in Arabic, too, and values of an axis stand left of it."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        day, token = edge.engine.state.day, edge.token("manager", name="dewi")
        page = await screens.open(f"{edge.mall.url}/report?from={day}&to={day}&lang={lang}", **bearer(token))
        await expect(page.locator("#part-day svg .tick").first).to_be_visible()

        assert await page.evaluate(ASIDE) == []
        assert await axe(page) == []
        assert await layout_faults(page) == []


MANY = CONFIG + "".join(
    f'[services.s{n}]\nagency = "registry"\nname = "Service {n}"\nprefix = "{chr(69 + n)}X"\n' for n in range(1, 19)
)


async def test_a_long_table_is_folded_sorted_and_printed_whole(screens: Screens, tmp_path: Path):
    """Twelve of eighteen services until all are asked for; a press on a heading sorts, by the keyboard too."""
    many = MANY.replace('services = ["birth", "full", "roll"]', f"services = {[f's{n}' for n in range(1, 19)]}")
    async with edge_at(tmp_path, config=many) as edge:
        for n in range(1, 19):
            await edge.ticket(f"s{n}")
        day, token = edge.engine.state.day, edge.token("manager", name="dewi")
        page = await screens.open(f"{edge.mall.url}/report?from={day}&to={day}&lang=en", **bearer(token))
        rows = page.locator("#part-services tbody tr:visible")
        await expect(rows).to_have_count(12)
        await page.emulate_media(media="print")
        await expect(rows).to_have_count(18)
        await page.set_viewport_size({"width": 718, "height": 1000})  # what A4 leaves between the margins
        assert await layout_faults(page) == []
        await page.emulate_media(media="screen")

        await page.get_by_role("button", name="Service", exact=True).first.press("Enter")
        await expect(rows.first).to_contain_text("Service 1")
        await expect(page.locator("#part-services th").first).to_have_attribute("aria-sort", "ascending")
        await page.get_by_role("button", name="Service", exact=True).first.press("Enter")
        await expect(rows.first).to_contain_text("Service 18")
        assert await axe(page) == []

        await page.get_by_role("button", name="Show all 18").press("Enter")
        await expect(rows).to_have_count(18)
        await expect(rows.nth(12).locator("a")).to_be_focused()
        await expect(rows.last).to_contain_text("Service 1")
        assert await axe(page) == []


@pytest.mark.parametrize(("lang", "scheme", "viewport"), [("en", "light", "desk"), ("id", "dark", "phone")])
async def test_a_day_without_people_leads_on(screens: Screens, tmp_path: Path, lang: str, scheme: str, viewport: str):
    """It says that nobody queued and where people did, readable by everybody."""
    async with edge_at(tmp_path) as edge:
        page = await screens.open(
            f"{edge.mall.url}/report?from=2026-11-22&to=2026-11-22&lang={lang}",
            viewport=viewport,
            color_scheme=scheme,
            **bearer(edge.token("manager", name="dewi")),
        )
        await expect(page.locator("main .panel a[href*=last_week]")).to_be_visible()

        assert await axe(page) == []
        assert await layout_faults(page) == []


@pytest.mark.parametrize(("width", "said"), [(820, True), (1366, False)])
async def test_what_runs_off_says_that_it_scrolls(screens: Screens, tmp_path: Path, width: int, said: bool):
    """On a tablet beside each chart and table that is wider than it; where all of it fits, nobody is told."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        day, token = edge.engine.state.day, edge.token("manager", name="dewi")
        page = await screens.open(f"{edge.mall.url}/report?from={day}&to={day}&lang=en", **bearer(token))
        await page.set_viewport_size({"width": width, "height": 1000})
        rooms = await page.eval_on_selector_all(
            ".part-wide",
            """parts => parts.map(part => [
              [...part.querySelectorAll(".chart-room, :scope > .scrolls")].some(e => e.scrollWidth > e.clientWidth + 1),
              getComputedStyle(part.querySelector(".sideways")).display !== "none"])""",
        )

    assert [hint for _, hint in rooms] == [said] * len(rooms)
    assert any(off for off, _ in rooms) is said


async def test_a_printed_report_says_whose_it_is_and_when_it_was_made(screens: Screens, tmp_path: Path):
    """On paper only."""
    async with edge_at(tmp_path) as edge:
        await served(edge)
        day, token = edge.engine.state.day, edge.token("manager", name="dewi")
        page = await screens.open(f"{edge.mall.url}/report?from={day}&to={day}&lang=en", **bearer(token))
        head = page.locator(".on-paper")
        await expect(head).to_be_hidden()
        await page.emulate_media(media="print")
        await expect(head).to_contain_text("made on Tuesday, 24 November 2026, 09:15")


@pytest.mark.parametrize("lang", ["id", "en", "az", "ka", "ar"])
async def test_a_ministers_page_is_one_sheet(screens: Screens, tmp_path: Path, lang: str):
    """In every language, with more services than it lists, a long finding, three notes and the day's closing hash."""
    ids = [f"s{at}" for at in range(9)]
    services = "".join(
        f'[services.{id_}]\nagency = "registry"\nprefix = "Z{letter}"\ntarget = "1m"\n'
        f'name = "Balik nama kendaraan bermotor dan mutasi antardaerah {letter}"\n'
        for id_, letter in zip(ids, "ABCDEFGHI", strict=True)
    )
    served_at = f'[counters.9]\nzone = "a"\nservices = {ids}\n'.replace("'", '"')
    async with edge_at(tmp_path, config=CONFIG + services + served_at) as edge:
        for id_ in ids * 3:
            await edge.ticket(id_)
        await edge.post("/counters/9/open", by="clerk")
        edge.wait(4_000)
        for _ in ids * 3:
            for step in ("call-next", "start", "finish"):
                await edge.post(f"/counters/9/{step}", by="clerk")
        day, token = edge.engine.state.day, edge.token("manager", name="dewi")
        for at in range(3):
            await edge.post("/day-notes", {"day": day, "text": f"Jaringan putus pukul {at + 8}"}, by=token)
        page = await screens.open(f"{edge.mall.url}/report/brief?from={day}&to={day}&lang={lang}", **bearer(token))
        await expect(page.locator(".sheet tbody tr")).to_have_count(8)
        printed = await page.pdf(prefer_css_page_size=True, print_background=True)

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
