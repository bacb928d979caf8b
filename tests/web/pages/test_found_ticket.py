"""A ticket found on the floor: who is offered what."""

from playwright.async_api import expect

from queue_server.wire.api import Me
from tests.browser import Screens
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
