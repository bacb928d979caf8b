"""Waits as pages show them: as the server measured them."""

from msgspec.structs import replace
from playwright.async_api import expect

from queue_server.domain import commands as c
from queue_server.wire.api import CounterQueue
from tests.browser import Screens
from tests.fakes import canned
from tests.fakes.desk import Desk
from tests.fakes.house import House


async def test_waits_stand_still_while_the_hall_is_held(screens: Screens, house: House):
    """What a hold takes counts for nobody, however long ago they came by the clock."""
    place = canned.place("A044", 300, order=1)
    queue = CounterQueue(
        waiting=1, longest_wait_s=299, next=(replace(place, queued_at=canned.ago(9000), waited_s=299),)
    )
    house.at(Desk(), queue=queue, held_text={"en": "Drill", "id": "Latihan"})
    house.counter.now(c.HoldHall(by="p-1"))
    page = await screens.open(f"{house.url}/terminal/c12?lang=en")
    await expect(page.locator("#places .place-wait")).to_have_text("4 min")
    before = await page.evaluate("() => performance.now()")

    await page.wait_for_function("(before) => performance.now() - before > 2500", arg=before)

    await expect(page.locator("#places .place-wait")).to_have_text("4 min")
    await expect(page.locator("#longest")).to_have_text("4 min")
