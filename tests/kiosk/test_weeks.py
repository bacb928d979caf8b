"""A kiosk's page for weeks: thousands of tickets leave nothing behind, and a touch while it wakes is not lost."""

from __future__ import annotations

import pytest
from playwright.async_api import CDPSession, Page, Route

from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, shows

SHORT, LONG, WARM = 40, 5_000, 20
BYTES_A_TICKET = 100
"""Of the browser's own: after 5,000 tickets the heap held 543 kB more, no node and no listener."""

MANY = """async (count) => {
    const root = document.documentElement;
    const stands = (name) => new Promise((found) => {
        if (root.dataset.shown === name) { found(); return; }
        const watch = new MutationObserver(() => {
            if (root.dataset.shown === name) { watch.disconnect(); found(); }
        });
        watch.observe(root, {attributeFilter: ['data-shown']});
    });
    const press = (selector) => document.querySelector(selector).click();
    for (let made = 0; made < count; made += 1) {
        press(`[data-language="${made % 2 ? 'id' : 'en'}"]`);
        press('#agencies [data-id="imigrasi"]');
        press('#services [data-id="paspor_baru"]');
        if (made % 3 === 0) {
            press('#more');
            press('#agencies [data-id="imigrasi"]');
            press('#services [data-id="paspor_ganti"]');
        }
        press('#take');
        if (made % 3 === 0) { await stands('journey'); press('#journey-take'); }
        await stands('ticket');
        press('#done');
        await stands('agencies');
    }
}"""


async def kept(devtools: CDPSession) -> dict[str, float]:
    """Bytes of heap, nodes and listeners once all that can go has gone."""
    for _ in range(3):
        await devtools.send("HeapProfiler.collectGarbage")
    metrics = (await devtools.send("Performance.getMetrics"))["metrics"]
    return {one["name"]: one["value"] for one in metrics}


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("tickets", [SHORT, pytest.param(LONG, marks=pytest.mark.soak)])
async def test_a_kiosk_that_runs_for_weeks_grows_by_nothing(hall: FakeHall, kiosk: OpenKiosk, tickets: int):
    """After so many tickets, in two languages and for several services, the page holds no more nodes and lines."""
    page = await kiosk()
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Performance.enable")
    await page.evaluate(MANY, WARM)
    before = await kept(devtools)

    for _ in range(tickets // WARM):
        await page.evaluate(MANY, WARM)
    after = await kept(devtools)

    grown = {name: after[name] - before[name] for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")}
    assert len(hall.issued) == WARM + tickets
    assert grown["Nodes"] <= 50, grown
    assert grown["JSEventListeners"] <= 20, grown
    assert grown["JSHeapUsedSize"] <= 300_000 + BYTES_A_TICKET * tickets, grown


async def touched_while_it_wakes(page: Page, selector: str) -> None:
    """The page loads itself anew, and is touched where a choice stood before its script has come."""
    box = await page.locator(selector).bounding_box()
    assert box is not None
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await page.route("**/kiosk/kiosk.js", hold)
    await page.reload(wait_until="commit")
    await page.locator(".kiosk").wait_for(state="attached")
    await page.wait_for_function("() => performance.getEntriesByName('first-paint').length > 0")
    await page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert await page.locator("html").get_attribute("data-shown") is None
    for route in held:
        await route.continue_()


async def test_the_first_touch_counts_while_the_page_wakes(hall: FakeHall, kiosk: OpenKiosk):
    """Whoever touches an agency before the page can answer is led there once it can."""
    page = await kiosk(service_workers="block")  # what it keeps would come past the route

    await touched_while_it_wakes(page, '#agencies [data-id="imigrasi"]')

    await shows(page, "services")


async def test_a_touch_beside_everything_does_nothing(hall: FakeHall, kiosk: OpenKiosk):
    """Only what stands at that place is pressed."""
    page = await kiosk(service_workers="block")  # what it keeps would come past the route

    await touched_while_it_wakes(page, "#clock")

    await shows(page, "agencies")
