"""Auto-call at a real terminal: the browser answers for the clerk's screen, and a screen that is gone calls nobody."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from tests.browser import Screens, let_in
from tests.whole.server import SAMPLE, server
from tests.whole.test_moves_by_hand import WITHIN_MS, stands, state_of, ticket_for
from tests.whole.test_whole_way import at_counter


def quick(folder: Path) -> Path:
    """The sample mall, whose counters call by themselves after a second."""
    config = folder / "config.toml"
    text = SAMPLE.read_text(encoding="utf-8")
    assert 'auto_call_after = "10s"' in text
    config.write_text(text.replace('auto_call_after = "10s"', 'auto_call_after = "1s"'), encoding="utf-8")
    return config


async def test_a_terminal_calls_by_itself_until_it_is_closed(tmp_path: Path, screens: Screens):
    """The page has nothing to do for it; once it is closed the next one waits, and the floor says why."""
    async with server(tmp_path, config=quick(tmp_path), command="demo") as house:
        staff = house.token("supervisor", "--name", "test")
        page = await screens.open()
        await at_counter(page, house)
        await page.keyboard.press("a")
        await expect(page.locator("#auto-call")).to_have_attribute("aria-pressed", "true", timeout=WITHIN_MS)

        first = await ticket_for(house, staff)
        await stands(page, "called")
        await page.close()
        await house.post("/api/v1/counters/1/put-back", {"ticket": first}, staff)
        floor = await screens.open()
        await let_in(floor, house.at, staff)
        await floor.goto(f"{house.at}/floor?lang=en")

        await expect(floor.locator("#alerts")).to_contain_text("calls nobody by itself", timeout=WITHIN_MS)
        assert await state_of(house, first) == "waiting"
