"""The whole way in real browsers: kiosk, slip, terminal, hall display, the ticket's own page, the floor."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser import Screens, axe
from tests.whole.server import Server, server

WITHIN_MS = 20_000

HEARD = """() => { window.heard = 0;
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () { window.heard += 1; return play.call(this); }; }"""


async def take_ticket(page: Page, agency: int = 0, service: int = 0) -> str:
    """Two touches and a confirmation at the kiosk; the number as it stands on the screen."""
    await page.locator("#agencies button").nth(agency).click(timeout=WITHIN_MS)
    await page.locator("#services button").nth(service).click()
    await page.locator("#take").click()
    number = page.locator("#ticket-number")
    await expect(number).not_to_be_empty(timeout=WITHIN_MS)
    return plain(await number.inner_text())


def plain(number: str) -> str:
    """`A 012` as the API writes it."""
    return "".join(number.split())


async def sign_in(page: Page, house: Server, name: str, path: str) -> None:
    await page.goto(f"{house.at}/sign-in?next={path}")
    await page.fill("#name", name)
    await page.fill("#password", house.password)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{house.at}{path}", timeout=WITHIN_MS)


async def press_primary(page: Page) -> None:
    """F2, once the button's meaning has settled: a press right after it changed would not count."""
    await page.locator("#primary[data-settled=true]:not([aria-disabled])").wait_for(timeout=WITHIN_MS)
    await page.keyboard.press("F2")


async def at_counter(page: Page, house: Server, counter: str = "1", name: str = "ani") -> None:
    """Signed in at a counter that is open."""
    await sign_in(page, house, name, f"/terminal/{counter}")
    await press_primary(page)
    await page.wait_for_function("() => document.querySelector('#desk').dataset.state === 'open'", timeout=WITHIN_MS)


async def test_from_a_touch_to_a_called_number(tmp_path: Path, screens: Screens):
    """A citizen touches, the slip comes out, a clerk calls, and the display shows and chimes the number."""
    async with server(tmp_path, command="demo") as house:
        kiosk = await screens.open(f"{house.at}/kiosk/kiosk-1", viewport="kiosk")
        display = await screens.open(viewport="hall")
        await display.add_init_script(f"({HEARD})()")
        await display.goto(f"{house.at}/display/hall")
        terminal = await screens.open()
        await at_counter(terminal, house)

        number = await take_ticket(kiosk)
        await expect(kiosk.locator("#slip")).to_have_attribute("data-slip", "printed", timeout=WITHIN_MS)
        slips = await house.get("/printers/kiosk-1/slips")
        await press_primary(terminal)

        called = display.locator("#calls .call:visible .called")
        await expect(called).not_to_be_empty(timeout=WITHIN_MS)
        assert plain(await called.inner_text()) == number
        await display.wait_for_function("() => window.heard > 0", timeout=WITHIN_MS)
        assert len(slips["slips"]) == 1
        picture = await house.get(slips["slips"][0]["url"])
        assert picture.body.startswith(b"\x89PNG")
        assert plain(await terminal.locator("#number").inner_text()) == number
        for page, level in ((kiosk, True), (display, False), (terminal, False)):
            assert await axe(page, aaa=level) == []


async def test_the_clerk_works_by_keyboard_alone(tmp_path: Path, screens: Screens):
    """Call, recall, start, finish, undo: every move of a visit has its key, and the screen follows."""
    async with server(tmp_path, command="demo") as house:
        kiosk = await screens.open(f"{house.at}/kiosk/kiosk-1", viewport="kiosk")
        number = await take_ticket(kiosk)
        terminal = await screens.open()
        await at_counter(terminal, house)
        desk = terminal.locator("#desk")

        await press_primary(terminal)
        await expect(desk).to_have_attribute("data-state", "called", timeout=WITHIN_MS)
        shown = plain(await terminal.locator("#number").inner_text())
        await terminal.keyboard.press("Control+z")
        await expect(desk).to_have_attribute("data-state", "open", timeout=WITHIN_MS)
        await press_primary(terminal)
        await expect(desk).to_have_attribute("data-state", "called", timeout=WITHIN_MS)
        await press_primary(terminal)
        await expect(desk).to_have_attribute("data-state", "serving", timeout=WITHIN_MS)
        await press_primary(terminal)
        await expect(desk).to_have_attribute("data-state", "open", timeout=WITHIN_MS)

        assert shown == number


async def test_every_screen_comes_back_after_a_power_cut(tmp_path: Path, screens: Screens):
    """The server is killed while everybody looks: screens say so, come back by themselves, and nothing is lost."""
    async with server(tmp_path, command="demo") as house:
        kiosk = await screens.open(f"{house.at}/kiosk/kiosk-1", viewport="kiosk")
        display = await screens.open(f"{house.at}/display/hall", viewport="hall")
        terminal = await screens.open()
        await at_counter(terminal, house)
        number = await take_ticket(kiosk)

        await house.kill()
        await expect(display.locator("#stale")).to_be_visible(timeout=WITHIN_MS)
        await expect(terminal.locator("#stale")).to_be_visible(timeout=WITHIN_MS)
        screens.faults.clear()
        await house.start()
        await expect(terminal.locator("#stale")).to_be_hidden(timeout=WITHIN_MS)
        await press_primary(terminal)

        called = display.locator("#calls .call:visible .called")
        await expect(called).not_to_be_empty(timeout=WITHIN_MS)
        assert plain(await called.inner_text()) == number
        assert house.antrean("verify", "--data", str(house.data)).returncode == 0
        screens.faults.clear()


async def test_a_ticket_is_followed_on_a_phone(tmp_path: Path, screens: Screens):
    """The page behind the QR code shows the place live, and the counter over the whole page once it is called."""
    async with server(tmp_path, command="demo") as house:
        supervisor = house.token("supervisor", "--name", "test")
        service = (await house.get("/api/v1/counters/1", supervisor))["services"][0]
        ticket = await house.post("/api/v1/tickets", {"service": service}, supervisor)
        phone = await screens.open(ticket["track_url"], viewport="phone", locale="id-ID")
        await expect(phone.locator("body")).to_contain_text(ticket["number"][-3:], timeout=WITHIN_MS)
        clerk = house.token("clerk", "--name", "budi")
        await house.post("/api/v1/counters/1/open", None, clerk)

        await house.post("/api/v1/counters/1/call-next", None, clerk)

        await phone.wait_for_function(
            "() => document.body.innerText.includes('1') && document.querySelector('[data-state=called]')",
            timeout=WITHIN_MS,
        )
        assert await axe(phone) == []
