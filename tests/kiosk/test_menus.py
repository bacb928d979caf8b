"""Each kiosk has its own first page, its own pages and its own hours."""

from __future__ import annotations

from playwright.async_api import expect

from tests.fakes import mall
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, choose, settled, shows, text


async def test_a_kiosk_of_few_services_lists_them_at_once(hall: FakeHall, kiosk: OpenKiosk):
    """Without agencies in between: one touch leads to the service, and back to where it was."""
    few = mall.agencies()[1:3]
    hall.views["kiosk:K1"] = mall.kiosk(agencies=few, layout="services")
    page = await kiosk()
    expected = [service.name["id"] for agency in few for service in agency.services][:6]

    names = await page.locator("#agencies .choice:visible .choice-name").all_inner_texts()
    await page.locator("#agencies .choice:visible").first.click()
    await shows(page, "confirm")
    await settled(page)
    await page.locator("#back").click()

    assert names == expected[: len(names)]
    await shows(page, "agencies")


async def test_a_kiosk_shows_the_pages_that_the_mall_wants(hall: FakeHall, kiosk: OpenKiosk):
    """Without search and priority neither is offered; without the details a touch on a service is the ticket."""
    hall.views["kiosk:K1"] = mall.kiosk(pages=())
    page = await kiosk()

    await expect(page.locator("#find")).to_be_hidden()
    await expect(page.locator("#priority")).to_be_hidden()
    await choose(page)

    await shows(page, "ticket")


async def test_a_closed_service_says_why_where_there_are_no_details(hall: FakeHall, kiosk: OpenKiosk):
    """What gives no ticket explains itself, whatever pages are left out."""
    hall.views["kiosk:K1"] = mall.kiosk(pages=())
    page = await kiosk()

    await choose(page, service="bap")

    await shows(page, "confirm")
    await expect(page.locator("#confirm-closed")).to_be_visible()


async def test_a_kiosk_outside_its_hours_sends_people_elsewhere(hall: FakeHall, kiosk: OpenKiosk):
    """The machine says when it gives numbers again, and that others do meanwhile."""
    hall.views["kiosk:K1"] = mall.kiosk(open=False, hours=False, opens_at="2099-06-01T01:00:00.000Z")

    page = await kiosk("problem")

    assert await text(page, "#problem-title") == "Mesin ini sedang tidak memberi nomor"
    assert await text(page, "#problem-why") == "Buka Senin, 01 Juni 2099 pukul 08.00"
    assert "mesin lain" in await text(page, "#problem-help")
