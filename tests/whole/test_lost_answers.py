"""A kiosk whose answers are lost, whole: the next person has a number of their own, and staff hear of the other."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, Route, expect

from tests.browser import Screens, let_in
from tests.whole.server import Server, server
from tests.whole.test_main_job import API

WITHIN_MS = 60_000


async def test_the_next_person_has_a_number_of_their_own(tmp_path: Path, screens: Screens):
    """The server gives a ticket, its answers never arrive, its citizen goes: the next one gets another number, the
    floor page names the first, and nothing is issued twice."""
    async with server(tmp_path) as house:
        page = await screens.open(viewport="kiosk")
        await page.clock.install()
        await page.goto(f"{house.at}/kiosk/kiosk-1?token={house.token('kiosk', '--name', 'kiosk-1')}")
        await page.route("**/api/v1/tickets", lose_the_answer)
        first = await choose_and_take(page)
        await expect(page.locator("#trouble")).to_be_visible(timeout=WITHIN_MS)
        await page.clock.run_for(20_000)
        await page.locator("#again").click()
        await page.unroute("**/api/v1/tickets")

        second = await choose_and_take(page)
        await expect(page.locator("#ticket-number")).to_contain_text("002", timeout=WITHIN_MS)

        assert first == second
        supervisor = house.token("supervisor", "--name", "rina")
        queue = await queue_of(house, supervisor, first)
        assert [place["number"][-3:] for place in queue["order"]] == ["001", "002"]
        floor = await screens.open()
        await let_in(floor, house.at, supervisor)
        await floor.goto(f"{house.at}/floor?lang=en")
        await expect(floor.locator("#alerts")).to_contain_text(queue["order"][0]["number"], timeout=WITHIN_MS)
        await expect(floor.locator("#alerts")).to_contain_text("nobody saw")


async def lose_the_answer(route: Route) -> None:
    """The request reaches the server; what it answers is lost on the way."""
    await route.fetch()
    await route.abort()


async def choose_and_take(page: Page) -> str:
    """The first service that is open at the first agency; its id."""
    await page.locator("#agencies .choice:visible:not([data-closed])").first.click(timeout=WITHIN_MS)
    await settled(page)
    service = page.locator("#services .choice:visible:not([data-closed])").first
    id_ = await service.get_attribute("data-id")
    await service.click()
    await settled(page)
    await page.locator("#take").click()
    return str(id_)


async def settled(page: Page) -> None:
    """Presses count again."""
    await page.clock.run_for(1_000)
    await page.wait_for_function("() => !('settling' in document.documentElement.dataset)")


async def queue_of(house: Server, token: str, service: str) -> dict:
    queues = (await house.get(f"{API}/queues", token)).body
    return next(queue for queue in queues if queue["service"] == service)
