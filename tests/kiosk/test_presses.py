"""Which presses count: whoever taps twice takes no ticket that nobody asked for, on no screen."""

from __future__ import annotations

from msgspec.structs import replace
from playwright.async_api import Page, expect

from tests.fakes import mall
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, choose, settled, shows

SLOW_MS = 250
"""Between the taps of somebody who is slow at it; here the pause itself is what is tried."""

PLACES = """selector => [...document.querySelectorAll(selector)]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest('#languages'))
    .map(one => one.getBoundingClientRect())
    .map(box => [box.x + box.width / 2, box.y + box.height / 2])"""


async def test_a_double_tap_on_any_choice_takes_no_ticket(hall: FakeHall, kiosk: OpenKiosk):
    """The second tap of a double tap does nothing, wherever the first one led."""
    view = mall.kiosk()
    six = replace(view.agencies[1], services=view.agencies[1].services[:6])  # fill the page, so the last lies low
    hall.views["kiosk:K1"] = replace(view, agencies=(view.agencies[0], six, *view.agencies[2:]))
    page = await kiosk()

    for screen in ("agencies", "services", "search"):
        await start_at(page, screen)
        for x, y in await page.evaluate(PLACES, f'[data-screen="{screen}"] button, .foot button'):
            await start_at(page, screen)
            await tap(page, x, y)
            await page.wait_for_timeout(SLOW_MS)
            await tap(page, x, y)

    await settled(page)
    assert hall.asked == []


async def test_a_double_tap_opens_one_screen(kiosk: OpenKiosk):
    """Two taps on an agency show its services; two on a service show what it needs; two on an arrow turn one page."""
    page = await kiosk()

    await page.locator("#next").dblclick()
    await expect(page.locator("#page")).to_have_text("Halaman 2 dari 3")
    await page.locator("#previous").dblclick()
    await page.locator('#agencies [data-id="imigrasi"]').dblclick()
    await shows(page, "services")
    await page.locator('#services [data-id="info"]').dblclick()

    await shows(page, "confirm")
    await expect(page.locator("#confirm-service")).to_have_text("Informasi dan pengaduan")


async def test_a_double_tap_keeps_the_priority(kiosk: OpenKiosk):
    """Two taps choose it as one would."""
    page = await kiosk()

    await page.locator("#priority-open").click()
    await settled(page)

    await page.locator('[data-category="elderly"]').dblclick()

    await expect(page.locator('[data-category="elderly"]')).to_have_attribute("aria-pressed", "true")


async def test_a_finger_that_lay_there_before_presses_nothing(kiosk: OpenKiosk):
    """A press that began on another screen does not count on this one, however long it lasts."""
    page = await kiosk()
    await page.locator('#agencies [data-id="imigrasi"]').click()
    await settled(page)
    await page.locator('#services [data-id="info"]').hover()

    await page.mouse.down()
    await page.locator("#next").dispatch_event("click")
    await page.locator("#previous").dispatch_event("click")
    await settled(page)
    await page.mouse.up()

    await shows(page, "services")


async def test_a_double_tap_on_the_button_leaves_the_number(hall: FakeHall, kiosk: OpenKiosk):
    """The number that has just come stays, although another button lies where the first one lay."""
    page = await kiosk()
    await choose(page)

    await page.locator("#take").dblclick(delay=20)
    await shows(page, "ticket")

    await settled(page)
    await shows(page, "ticket")
    assert len(hall.asked) == 1


async def start_at(page: Page, screen: str) -> None:
    """Home, then on to the screen, by keys' clicks, which need no settling."""
    await page.locator("#again").dispatch_event("click")
    await shows(page, "agencies")
    if screen == "services":
        await page.locator('#agencies [data-id="imigrasi"]').dispatch_event("click")
    if screen == "search":
        await page.locator("#find").dispatch_event("click")
        await page.locator("#query").fill("pas")
    await shows(page, screen)
    await settled(page)


async def tap(page: Page, x: float, y: float) -> None:
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.up()
