"""While the server is away the kiosk's page comes up all the same and says what to do; then it goes on by itself."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser import axe
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, choose, shows

KEPT = """async () => {
    const [files, pages] = [await caches.open('kiosk-files'), await caches.open('kiosk-pages')];
    const names = (await files.keys()).map(({url}) => url);
    return Boolean(await pages.match(location.href)) && Boolean(navigator.serviceWorker.controller)
        && names.some((name) => name.endsWith('/kiosk/worker.js') || name.endsWith('/kiosk/kiosk.js'))
        && ['panel.css', 'technician.js', 'finder.js'].every(
            (file) => names.some((name) => name.endsWith(`/kiosk/${file}`)));
}"""


async def kept(page: Page) -> None:
    await page.wait_for_function(KEPT, timeout=20_000)


async def test_the_page_comes_up_without_the_server(hall: FakeHall, kiosk: OpenKiosk):
    """A machine that starts while the server is away shows where numbers are given, and a choice once it is back."""
    page = await kiosk()
    await kept(page)
    await hall.die()

    await page.reload()
    await shows_problem(page)
    assert await axe(page, aaa=True) == []
    await hall.rise()

    await shows(page, "agencies")
    await choose(page)
    await page.locator("#take").click()
    await shows(page, "ticket")


async def test_nothing_of_the_api_is_kept(hall: FakeHall, kiosk: OpenKiosk):
    """Whatever is kept are the page and its files: no ticket, no figure, no address that lets somebody in."""
    page = await kiosk()
    await kept(page)
    await choose(page)
    await page.locator("#take").click()
    await shows(page, "ticket")

    names: list[str] = await page.evaluate("""async () => (await Promise.all((await caches.keys()).map(
        async (name) => (await (await caches.open(name)).keys()).map(({url}) => new URL(url).pathname)))).flat()""")

    assert [name for name in names if not name.startswith(("/static/", "/accent/", "/kiosk/K1"))] == []


async def shows_problem(page: Page) -> None:
    await page.locator('[data-screen="problem"]').wait_for(state="visible", timeout=30_000)
    await expect(page.locator("#problem-title")).to_have_text("Mesin ini tidak tersambung")
