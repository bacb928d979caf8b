"""A ticket found on the floor: who is offered what."""

import re

from playwright.async_api import expect

from queue_server.wire.api import Me
from tests.browser import Screens, axe
from tests.fakes import canned
from tests.fakes.house import House


async def test_a_manager_is_offered_no_move_of_the_clerks(screens: Screens, house: House):
    """What the server would refuse a manager is not there; printing again is."""
    house.me = Me(role="manager", name="Sri", clerk="p-2")
    house.page = canned.ticket_page(canned.ticket("A012", "called"))
    page = await screens.open(f"{house.url}/floor?lang=en")
    await expect(page.locator("#counters tr").first).to_be_visible()
    await page.locator("#find").press("Enter")
    await page.keyboard.type("A012")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("button", name="Print again")).to_be_visible()
    await expect(page.get_by_role("button", name="Take back the call", exact=True)).to_have_count(0)


async def test_a_found_ticket_leads_to_its_story_and_a_missing_one_to_earlier_days(screens: Screens, house: House):
    """For whoever may read it; the number is filled in already."""
    house.me = Me(role="manager", name="Sri", clerk="p-2")
    house.page = canned.ticket_page(canned.ticket("A012", "called"))
    page = await screens.open(f"{house.url}/floor?lang=en")
    await expect(page.locator("#counters tr").first).to_be_visible()
    await page.locator("#find").press("Enter")
    await page.keyboard.type("A012")
    await page.keyboard.press("Enter")
    story = page.get_by_role("link", name="Its story")
    await expect(story).to_have_attribute("href", "/report/tickets/2026-11-24/t-A012")

    await page.locator("#ticket-number").fill("A047")
    await page.keyboard.press("Enter")
    form = page.locator("form[action='/report/tickets']")
    await expect(form.get_by_label("On an earlier day")).to_have_value(re.compile(r"^\d{4}-\d\d-\d\d$"))
    assert await form.locator("input[name=number]").input_value() == "A047"
    assert await axe(page) == []


async def test_a_clerk_is_led_to_no_story(screens: Screens, house: House):
    """Reports are not theirs."""
    house.page = canned.ticket_page(canned.ticket("A012", "called"))
    page = await screens.open(f"{house.url}/reception?lang=en")
    await page.locator("#ticket-number").fill("A012")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("link", name="The visitor's page")).to_be_visible()
    await expect(page.get_by_role("link", name="Its story")).to_have_count(0)
