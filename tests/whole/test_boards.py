"""From the floor page to the boards, in two browsers before one real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, Route, expect

from tests.browser import Screens, axe, layout_faults, let_in
from tests.web.edge import CONFIG, Edge, edge_at

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

        await expect(floor.locator("#announce-refused")).to_contain_text("one language at least")
        await expect(floor.locator("#announce-id")).to_be_focused()


HALLS = CONFIG.replace(
    '[boards.main]\nzones = ["a"]',
    """
[boards.main]
zones = ["a"]
[boards.west]
zones = ["a"]
[boards.east]
zones = ["b"]
[boards.both]
zones = ["a", "b"]
[zones.b]
name = "B"
""",
)


@asynccontextmanager
async def written(folder: Path, screens: Screens, config: str = HALLS) -> AsyncIterator[tuple[Edge, Page]]:
    """A supervisor's form on a phone, open."""
    async with edge_at(folder, config=config) as edge:
        floor = await screens.open(viewport="phone")
        await let_in(floor, edge.mall.url, edge.token("supervisor"))
        await floor.goto(f"{edge.mall.url}/floor?lang=en")
        await floor.locator("#announce-box summary").click()
        yield edge, floor


async def standing(edge: Edge) -> list[tuple[dict[str, str], set[str] | None]]:
    found = (await edge.get("/announcements", by="supervisor")).body
    return [(one["texts"], set(one["boards"]) if one["boards"] else None) for one in found]


async def test_an_announcement_stands_on_the_boards_of_a_zone(tmp_path: Path, screens: Screens):
    """With keys alone: a zone ticks each board that shows it, one is taken out again, and only the others have it."""
    async with written(tmp_path, screens) as (edge, floor):
        await floor.locator("#announce-en").fill("Counter 5 moved")
        await floor.locator("#announce-all").focus()
        for key in ("Space", "Tab", "Space"):
            await floor.keyboard.press(key)
        boxes = floor.locator("#announce-boards input")
        ticked = [await boxes.nth(n).is_checked() for n in range(4)]
        await floor.get_by_label("both", exact=True).focus()
        await floor.keyboard.press("Space")
        zone = floor.locator("#announce-zones input").first
        between = [await zone.evaluate("box => box.indeterminate"), await zone.is_checked()]
        found = [*await axe(floor), *await layout_faults(floor)]
        await floor.locator("#announce-put").focus()
        await floor.keyboard.press("Enter")
        await expect(floor.locator(".announcement")).to_contain_text("Counter 5 moved")

        assert ticked == [True, True, False, True]
        assert between == [True, False]
        assert found == []
        assert await standing(edge) == [({"en": "Counter 5 moved"}, {"main", "west"})]
        await expect(floor.locator("#announce-all")).to_be_checked()
        await expect(floor.locator("#announce-some")).to_be_hidden()


async def test_who_chooses_no_board_is_told_so(tmp_path: Path, screens: Screens):
    """Nothing is sent, what was written stays, and the hand is where the choice is made."""
    async with written(tmp_path, screens) as (edge, floor):
        await floor.locator("#announce-id").fill("Loket 5 pindah")
        await floor.locator("#announce-all").uncheck()
        await floor.locator("#announce-put").click()

        await expect(floor.locator("#announce-refused")).to_contain_text("Choose one board at least")
        await expect(floor.locator("#announce-zones input").first).to_be_focused()
        await expect(floor.locator("#announce-id")).to_have_value("Loket 5 pindah")
        assert await standing(edge) == []


async def test_an_end_that_is_over_is_marked_at_its_field(tmp_path: Path, screens: Screens):
    """The page says in its own words what is wrong with the end, marks the field, and takes it once it is mended."""
    async with written(tmp_path, screens) as (edge, floor):
        await floor.locator("#announce-en").fill("Closed at noon")
        await floor.locator("#announce-until").fill("2020-01-01T12:00")
        await floor.locator("#announce-put").click()

        await expect(floor.locator("#announce-refused")).to_contain_text("over before it begins")
        await expect(floor.locator("#announce-until")).to_have_attribute("aria-invalid", "true")
        assert [*await axe(floor), *await layout_faults(floor)] == []

        await floor.locator("#announce-until").fill("")
        await expect(floor.locator("#announce-refused")).to_be_hidden()
        await floor.locator("#announce-put").click()
        await expect(floor.locator(".announcement")).to_contain_text("Closed at noon")
        assert len(await standing(edge)) == 1


async def test_a_lost_answer_puts_nothing_up_twice(tmp_path: Path, screens: Screens):
    """The line breaks after the server has it: the form keeps its words, a second press is the same line."""
    async with written(tmp_path, screens) as (edge, floor):
        lost = 0

        async def lose(route: Route) -> None:
            nonlocal lost
            lost += 1
            if lost == 1:
                await route.fetch()
                await route.abort()
            else:
                await route.continue_()

        await floor.route("**/api/v1/announcements", lambda r: lose(r) if r.request.method == "POST" else r.continue_())
        await floor.locator("#announce-en").fill("Lift out of order")
        await floor.locator("#announce-put").click()
        await expect(floor.locator("#announce-refused")).to_be_visible()
        await expect(floor.locator("#announce-en")).to_have_value("Lift out of order")
        await floor.locator("#announce-put").click()
        await expect(floor.locator("#announce-en")).to_have_value("")

        assert await standing(edge) == [({"en": "Lift out of order"}, None)]
    screens.faults.clear()


async def test_a_mall_of_one_board_asks_for_none(tmp_path: Path, screens: Screens):
    """Where there is one board there is nothing to choose."""
    async with written(tmp_path, screens, CONFIG) as (_, floor):
        await expect(floor.locator("#announce-where")).to_be_hidden()


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
