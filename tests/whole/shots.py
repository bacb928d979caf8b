"""Screenshots of every screen at its true size, from a running demonstration: `make shots` writes docs/screens/.

They are pictures of the real thing on a busy morning, so the README never shows what the program does not.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from tests.browser import VIEWPORTS, launch
from tests.whole.server import ROOT, Server, server
from tests.whole.test_whole_way import press_primary, sign_in, take_ticket

FOLDER = ROOT / "docs" / "screens"
API = "/api/v1"
WITHIN_MS = 30_000
BUSY = ("1", "2", "5", "6", "9", "10", "12", "15", "20", "21")
"""Counters with somebody at them."""


async def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with server(Path(folder), command="demo") as house, async_playwright() as playwright:
            browser = await launch(playwright)
            await fill(house)
            await take(house, browser)
            await browser.close()


async def fill(house: Server) -> None:
    """A morning: people wait for many services, some are called, some are served."""
    desk = house.token("supervisor", "--name", "rina")
    counters = {c["id"]: c for c in (await house.get(f"{API}/counters", desk)).body}
    categories = ["regular", "regular", "elderly", "regular", "disabled", "regular", "pregnant"]
    for index, (name, counter) in enumerate(counters.items()):
        for number in range(2 + index % 3):
            body = {"service": counter["services"][number % len(counter["services"])]}
            await house.post(f"{API}/tickets", {**body, "category": categories[(index + number) % 7]}, desk)
        if name in BUSY:
            clerk = house.token("clerk", "--name", f"clerk{name}")
            for move in ("open", "call-next", *(("start",) if index % 2 else ())):
                await house.post(f"{API}/counters/{name}/{move}", None, clerk)


async def take(house: Server, browser: Browser) -> None:
    kiosk = await page(browser, "kiosk", f"{house.at}/kiosk/kiosk-1")
    await kiosk.locator("#agencies button").first.wait_for(timeout=WITHIN_MS)
    await shoot(kiosk, "kiosk")
    await take_ticket(kiosk)
    await kiosk.locator("#slip[data-slip=printed]").wait_for(timeout=WITHIN_MS)
    await shoot(kiosk, "kiosk-ticket")
    slips = await house.get("/printers/kiosk-1/slips")
    picture = await house.get(slips["slips"][0]["url"])
    (FOLDER / "slip.png").write_bytes(picture.body)
    display = await page(browser, "hall", f"{house.at}/display/hall")
    terminal = await page(browser, "desk", None)
    await sign_in(terminal, house, "ani", "/terminal/3")
    await press_primary(terminal)
    await terminal.locator("#desk[data-state=open]").wait_for(timeout=WITHIN_MS)
    await press_primary(terminal)
    await terminal.locator("#desk[data-state=called]").wait_for(timeout=WITHIN_MS)
    await press_primary(terminal)
    await terminal.locator("#desk[data-state=serving]").wait_for(timeout=WITHIN_MS)
    await shoot(terminal, "terminal")
    await display.locator("#calls .call:visible").first.wait_for(timeout=WITHIN_MS)
    await shoot(display, "display")
    floor = await page(browser, "desk", None)
    await sign_in(floor, house, "sari", "/floor")
    await floor.locator("table").first.wait_for(timeout=WITHIN_MS)
    await shoot(floor, "floor")
    desk = house.token("supervisor", "--name", "rina")
    queue = next(q for q in (await house.get(f"{API}/queues", desk)).body if q["waiting"] > 1)
    ticket = (await house.get(f"{API}/tickets/{queue['order'][1]['ticket']}")).body
    phone = await page(browser, "phone", ticket["track_url"])
    await phone.locator("[data-state=waiting]").wait_for(timeout=WITHIN_MS)
    await shoot(phone, "phone")


async def page(browser: Browser, viewport: str, url: str | None) -> Page:
    width, height = VIEWPORTS[viewport]
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    opened = await context.new_page()
    if url:
        await opened.goto(url)
    return opened


async def shoot(opened: Page, name: str) -> None:
    await opened.evaluate("() => document.fonts.ready.then(() => undefined)")
    await opened.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
