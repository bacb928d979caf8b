"""Every row of the move table, done and undone at the terminal with the keyboard, against a real server."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser import Screens
from tests.whole.server import SAMPLE, Server, server
from tests.whole.test_whole_way import at_counter, press_primary

WITHIN_MS = 20_000


def quick(folder: Path) -> Path:
    """The sample mall, with no-shows possible after one second, and time to undo on a busy machine."""
    config = folder / "config.toml"
    text = SAMPLE.read_text(encoding="utf-8")
    for was, wanted in (
        ('no_show_apart = "10s"', 'no_show_apart = "1s"'),
        ("no_show_calls = 2", "no_show_calls = 1"),
        ('undo = "10s"', 'undo = "60s"'),
    ):
        assert was in text
        text = text.replace(was, wanted)
    config.write_text(text, encoding="utf-8")
    return config


async def stands(page: Page, state: str) -> None:
    await expect(page.locator("#desk")).to_have_attribute("data-state", state, timeout=WITHIN_MS)
    await page.locator("#primary[data-settled=true]:not([aria-busy])").wait_for(timeout=WITHIN_MS)


async def undo(page: Page, state: str) -> None:
    await expect(page.locator("#undo")).to_be_visible(timeout=WITHIN_MS)
    await page.keyboard.press("Control+z")
    await stands(page, state)


async def ticket_for(house: Server, token: str) -> str:
    service = (await house.get("/api/v1/counters/1", token))["services"][0]
    ticket = await house.post("/api/v1/tickets", {"service": service}, token)
    return str(ticket["id"])


async def state_of(house: Server, ticket: str) -> str:
    return str((await house.get(f"/api/v1/tickets/{ticket}"))["state"])


async def test_every_move_is_done_and_undone_by_keyboard(tmp_path: Path, screens: Screens):
    """Call, recall, put back, no-show, park, transfer, start, finish: each has its key, and Ctrl+Z takes it back."""
    async with server(tmp_path, config=quick(tmp_path), command="demo") as house:
        staff = house.token("supervisor", "--name", "test")
        ticket = await ticket_for(house, staff)
        page = await screens.open()
        await at_counter(page, house)

        await press_primary(page)
        await stands(page, "called")
        await undo(page, "open")
        assert await state_of(house, ticket) == "waiting"

        await press_primary(page)
        await stands(page, "called")
        await page.keyboard.press("F3")
        await expect(page.locator("#marks")).to_contain_text("2", timeout=WITHIN_MS)
        await undo(page, "called")

        await page.keyboard.press("F8")
        await stands(page, "open")
        assert await state_of(house, ticket) == "waiting"
        await undo(page, "called")

        await expect(page.locator("#no-show:not([aria-disabled])")).to_be_visible(timeout=WITHIN_MS)
        await page.keyboard.press("F4")
        await stands(page, "open")
        assert await state_of(house, ticket) == "no_show"
        await undo(page, "called")

        await page.keyboard.press("F7")
        await page.keyboard.press("1")
        await stands(page, "open")
        assert await state_of(house, ticket) == "parked"
        await undo(page, "called")

        await page.keyboard.press("F6")
        await page.keyboard.type("passport")
        await page.keyboard.press("Enter")
        await stands(page, "open")
        moved = await house.get(f"/api/v1/tickets/{ticket}")
        assert [step["state"] for step in moved["steps"]] == ["transferred", "waiting"]
        await undo(page, "called")

        await press_primary(page)
        await stands(page, "serving")
        await undo(page, "called")
        await press_primary(page)
        await stands(page, "serving")
        await page.keyboard.press("2")
        await stands(page, "open")
        assert (await house.get(f"/api/v1/tickets/{ticket}"))["steps"][0]["outcome"] == "documents_missing"
        await undo(page, "serving")
        await press_primary(page)
        await stands(page, "open")

        assert await state_of(house, ticket) == "served"


async def test_who_was_set_aside_returns_and_who_gives_up_is_cancelled(tmp_path: Path, screens: Screens):
    """A parked ticket goes back from its list, a found one is cancelled after a yes; Ctrl+Z undoes both."""
    async with server(tmp_path, config=quick(tmp_path), command="demo") as house:
        staff = house.token("supervisor", "--name", "test")
        ticket = await ticket_for(house, staff)
        number = (await house.get(f"/api/v1/tickets/{ticket}"))["number"]
        page = await screens.open()
        await at_counter(page, house)
        await press_primary(page)
        await stands(page, "called")
        await page.keyboard.press("F7")
        await page.keyboard.press("2")
        await stands(page, "open")

        await page.locator("#parked button").press("Enter")
        await expect(page.locator("#aside")).to_be_hidden(timeout=WITHIN_MS)
        assert await state_of(house, ticket) == "waiting"
        await undo(page, "open")
        await expect(page.locator("#aside")).to_be_visible(timeout=WITHIN_MS)
        assert await state_of(house, ticket) == "parked"
        await page.keyboard.press("r")
        await expect(page.locator("#aside")).to_be_hidden(timeout=WITHIN_MS)

        await page.keyboard.press("F10")
        await page.keyboard.type(number)
        await page.keyboard.press("Enter")
        await page.locator("dialog .button.danger").press("Enter")
        await page.keyboard.press("1")
        await expect(page.locator("dialog .card .mark").first).not_to_have_class("mark accent", timeout=WITHIN_MS)
        assert await state_of(house, ticket) == "cancelled"
        await page.keyboard.press("Escape")
        await undo(page, "open")

        assert await state_of(house, ticket) == "waiting"


async def test_a_supervisor_acts_on_the_floor_with_a_reason(tmp_path: Path, screens: Screens):
    """The hall is held and released, a service paused and resumed, a counter's services changed, a counter closed."""
    async with server(tmp_path, command="demo") as house:
        staff = house.token("supervisor", "--name", "test")
        clerk = house.token("clerk", "--name", "budi")
        await house.post("/api/v1/counters/1/open", None, clerk)
        service = (await house.get("/api/v1/counters/1", staff))["services"][0]
        page = await screens.open()
        await page.goto(f"{house.at}/sign-in?next=/floor&lang=en")
        await page.fill("#name", "sari")
        await page.fill("#password", house.password)
        await page.keyboard.press("Enter")
        await expect(page.locator("#counters tr").first).to_be_visible(timeout=WITHIN_MS)

        await page.locator("#hold").press("Enter")
        await expect(page.locator("#held")).to_contain_text("The hall is held.", timeout=WITHIN_MS)
        await _with_reason(page, "#other-reason")
        await expect(page.locator("#held")).to_contain_text("Slip lost", timeout=WITHIN_MS)
        await page.locator("#hold").press("Enter")
        await page.keyboard.press("1")
        await expect(page.locator("#held")).to_be_hidden(timeout=WITHIN_MS)

        row = f"#services tr[data-key='{service}']"
        await _with_reason(page, f"{row} button", "1")
        await expect(page.locator(f"{row} .mark")).to_have_text("Paused", timeout=WITHIN_MS)
        await _with_reason(page, f"{row} button", "1")
        await expect(page.locator(f"{row} .mark")).not_to_have_text("Paused", timeout=WITHIN_MS)

        counter = "#counters tr[data-key='1']"
        await page.locator(f"{counter} button").press("Enter")
        await page.keyboard.press("1")
        box = page.locator(f"dialog input[value='{service}']")
        await box.uncheck()
        await _reason(page)
        await expect(page.locator("#done")).to_contain_text("The counter's services are changed.", timeout=WITHIN_MS)
        assert service not in (await house.get("/api/v1/counters/1", staff))["services"]

        await page.locator("#counters-more").press("Enter")  # a closed counter is folded away
        await _with_reason(page, f"{counter} button", "2")
        await expect(page.locator(f"{counter} .mark").first).to_have_text("Closed", timeout=WITHIN_MS)


async def _with_reason(page: Page, button: str, digit: str = "") -> None:
    await page.locator(button).press("Enter")
    await expect(page.locator("dialog[open]")).to_be_visible(timeout=WITHIN_MS)
    if digit:
        await page.keyboard.press(digit)
    await _reason(page)


async def _reason(page: Page) -> None:
    await page.select_option("dialog #reason", index=1)
    await page.locator("dialog button[type=submit]").press("Enter")
    await expect(page.locator("dialog[open]")).to_have_count(0)
