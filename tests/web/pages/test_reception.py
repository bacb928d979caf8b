"""The reception: where slips come out, paper rolls, and what a supervisor does from there."""

import asyncio

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.wire.api import Me, Problem
from tests.browser import Screens, axe, layout_faults
from tests.fakes import canned
from tests.fakes.house import House
from tests.waiting import until


async def reception(screens: Screens, house: House, **context: str) -> Page:
    page = await screens.open(f"{house.url}/reception?lang=en", **context)
    await expect(page.locator("#roll-service option")).to_have_count(1)
    return page


async def issue(page: Page) -> None:
    await page.locator("#choose").press("Enter")
    await page.keyboard.type("passp")
    await page.keyboard.press("Enter")
    await expect(page.locator("#chosen li")).to_have_count(1)
    await page.locator("#send").press("Enter")
    await expect(page.locator("#chosen li")).to_have_count(0)


async def test_slips_come_out_of_the_desks_own_printer(screens: Screens, house: House):
    """It is chosen already, the kiosks' stand below it, and no slip at all can be chosen, too."""
    page = await reception(screens, house)
    offered = await page.locator("#slip option").all_inner_texts()

    await issue(page)
    await page.select_option("#slip", label="Main entrance kiosk")
    await issue(page)
    await page.select_option("#slip", label="No slip")
    await issue(page)

    assert offered == ["No slip", "Desk printer", "Main entrance kiosk"]
    said = [{key: one.body.get(key) for key in ("printer", "kiosk")} for one in house.commands("tickets")]
    assert said == [{"printer": "p2", "kiosk": None}, {"printer": None, "kiosk": "k1"}, {"printer": "", "kiosk": None}]


async def test_a_press_after_a_lost_answer_is_the_same_press(screens: Screens, house: House):
    """The ticket may have been issued: whoever presses again gets that one, not a second."""
    page = await reception(screens, house)
    house.gate = asyncio.Event()
    await page.locator("#choose").press("Enter")
    await page.keyboard.type("passp")
    await page.keyboard.press("Enter")
    await expect(page.locator("#chosen li")).to_have_count(1)
    await page.locator("#send").press("Enter")
    await expect(page.locator("#issue")).to_have_attribute("aria-busy", "true")
    await expect(page.locator("#refused")).to_be_visible(timeout=10_000)

    house.gate.set()
    await page.locator("#send").press("Enter")
    await expect(page.locator("#chosen li")).to_have_count(0)

    assert len({one.key for one in house.commands("tickets")}) == 1


async def test_whoever_works_at_no_desk_chooses_once(screens: Screens, house: House):
    """What was chosen last is chosen the next time, too."""
    house.me = Me(role="supervisor", name="Dewi", clerk="p-1")
    page = await reception(screens, house)
    await page.select_option("#slip", label="Main entrance kiosk")
    await issue(page)

    await page.reload()

    await expect(page.locator("#roll-service option")).to_have_count(1)
    assert await page.input_value("#slip") == "kiosk k1"


async def test_a_roll_that_goes_on_from_yesterday_is_asked_where(screens: Screens, house: House):
    """The first number is asked for only where it is needed; whoever is there has a category."""
    page = await reception(screens, house)
    await expect(page.locator("#roll-first-field")).to_be_hidden()
    house.refusal = Problem(type="", title="", status=422, code="invalid", reason="roll_first", detail="")

    await page.fill("#roll-last", "60")
    await page.keyboard.press("Enter")
    await expect(page.locator("#roll-said")).to_contain_text("Which number was torn off first?")
    await expect(page.locator("#roll-first")).to_be_focused()
    faults = [*await axe(page), *await layout_faults(page)]
    await page.keyboard.type("55")
    await page.select_option("#roll-category", "elderly")
    await page.locator("#roll-form button[type=submit]").press("Enter")

    await expect(page.locator("#roll-said")).to_have_text("Tickets up to P\u2009060 are in the queue.")
    assert faults == []
    assert house.commands("roll")[-1].body == {"last": 60, "first": 55, "category": "elderly"}
    await expect(page.locator("#roll-first-field")).to_be_hidden()


async def test_a_mistyped_entry_is_taken_back(screens: Screens, house: House):
    """One press after the entry, and only then."""
    page = await reception(screens, house)
    await expect(page.locator("#roll-undo")).to_be_hidden()
    await page.fill("#roll-last", "6")
    await page.keyboard.press("Enter")

    await expect(page.locator("#roll-undo")).to_be_visible()
    await page.locator("#roll-undo").press("Enter")

    await expect(page.locator("#roll-said")).to_have_text("Taken back. No number is entered today.")
    await expect(page.locator("#roll-undo")).to_be_hidden()
    assert [one.path for one in house.commands()] == ["services/ktp-baru/roll", "services/ktp-baru/roll/undo"]


async def test_a_supervisor_says_why_a_ticket_comes_back(screens: Screens, house: House):
    """A return in the clerks' place is recorded with a reason."""
    assert house.page is not None
    house.page = replace(house.page, ticket=canned.ticket("A012", "parked"))
    house.me = Me(role="supervisor", name="Dewi", clerk="p-1")
    page = await reception(screens, house)
    await page.fill("#ticket-number", "A012")
    await page.keyboard.press("Enter")

    await page.get_by_role("button", name="Back to the queue").press("Enter")
    await page.select_option("dialog #reason", "mistake")
    await page.locator("dialog button[type=submit]").press("Enter")

    await until(lambda: house.commands("return"))
    assert house.commands("return")[0].body == {"reason": "mistake"}


@pytest.mark.parametrize("state", ["parked", "served"])
async def test_a_manager_is_offered_what_a_manager_may(screens: Screens, house: House, state: str):
    """Only who may return a ticket, correct it or enter a roll sees the button; a manager may print again."""
    assert house.page is not None
    house.page = replace(house.page, ticket=canned.ticket("A012", state))
    house.me = Me(role="manager", name="Sri", clerk="p-2")
    page = await reception(screens, house)
    await page.fill("#ticket-number", "A012")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("button", name="Print again")).to_be_visible()
    await expect(page.get_by_role("button", name="Back to the queue")).to_have_count(0)
    await expect(page.get_by_role("button", name="Correct the outcome")).to_have_count(0)
    await expect(page.locator("#roll")).to_be_hidden()
