"""A technician with a new screen: it shows a code, an administrator types it, and the screen is that kiosk."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser import Screens, axe, layout_faults, let_in
from tests.web.edge import Edge, edge_at

CODE = re.compile(r"^[2-9A-Z]{3}-[2-9A-Z]{3}$")

SOON_MS = 20_000
"""A refused screen waits some seconds before it asks for a code."""


async def administrator(screens: Screens, edge: Edge, language: str = "en") -> Page:
    page = await screens.open(viewport="desk")
    await let_in(page, edge.mall.url, edge.token("admin", name="sari"))
    await page.goto(f"{edge.mall.url}/devices?lang={language}")
    return page


async def new_screen(screens: Screens, edge: Edge) -> tuple[Page, str]:
    """A browser that was never here, and the code that it shows."""
    screen = await screens.open(viewport="kiosk")
    await screen.goto(f"{edge.mall.url}/screen")
    await expect(screen.locator("#code")).to_have_text(CODE)
    return screen, await screen.locator("#code").inner_text()


async def test_a_new_screen_is_let_in_by_its_code(tmp_path: Path, screens: Screens):
    """It goes to its page by itself, is it after a restart, and asks for a code again once it is revoked."""
    async with edge_at(tmp_path) as edge:
        desk = await administrator(screens, edge)
        screen, code = await new_screen(screens, edge)
        shown = [*await axe(screen), *await layout_faults(screen)]

        await desk.locator("#code").fill(code.lower())
        await desk.locator("#as").select_option("kiosk K1")
        await desk.get_by_role("button", name="Let in").click()
        await screen.wait_for_url("**/kiosk/K1", timeout=SOON_MS)
        row = desk.locator("#devices tr").filter(has_text="Kiosk").first
        await expect(row.locator(".mark")).to_have_text("Connected", timeout=SOON_MS)
        await expect(row).to_contain_text("1080 × 1920", timeout=SOON_MS)
        listed = [*await axe(desk), *await layout_faults(desk)]
        await screen.goto(f"{edge.mall.url}/screen")
        await screen.wait_for_url("**/kiosk/K1", timeout=SOON_MS)

        await row.get_by_role("button", name="Revoke").click()
        await desk.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        await screen.wait_for_url("**/screen", timeout=SOON_MS)
        await expect(screen.locator("#code")).to_have_text(CODE)

        assert (shown, listed) == ([], [])


async def test_another_machine_takes_the_place_after_a_question(tmp_path: Path, screens: Screens):
    """Nobody makes two machines one kiosk by mistake, and a wrong code says what to do."""
    async with edge_at(tmp_path) as edge:
        edge.token("kiosk", name="K1")
        desk = await administrator(screens, edge)
        screen, code = await new_screen(screens, edge)

        await desk.locator("#code").fill("XXX-XXX")
        await desk.locator("#as").select_option("display main")
        await desk.get_by_role("button", name="Let in").click()
        await expect(desk.locator("#refused")).to_contain_text("No screen shows that code now")
        await desk.locator("#code").fill(code)
        await desk.locator("#as").select_option("kiosk K1")
        await desk.get_by_role("button", name="Let in").click()
        await desk.get_by_role("dialog").get_by_role("button", name="This screen takes its place").click()

        await screen.wait_for_url("**/kiosk/K1", timeout=SOON_MS)
        await expect(desk.locator("#done")).to_contain_text("The screen goes to its page by itself")


async def test_who_may_not_let_in_sees_the_devices_only(tmp_path: Path, screens: Screens):
    """A supervisor reads what is there, in Indonesian too, and is offered nothing that is then refused."""
    async with edge_at(tmp_path) as edge:
        page = await screens.open(viewport="desk")
        await let_in(page, edge.mall.url, edge.token("supervisor", name="budi"))
        await page.goto(f"{edge.mall.url}/devices?lang=id")

        await expect(page.locator("#devices tr").first).to_contain_text("Belum dipasang")
        assert await page.locator("#let-in").is_hidden()
        assert await page.locator("#devices button").count() == 0


async def test_only_what_was_let_in_can_be_revoked(tmp_path: Path, screens: Screens):
    """A device that only config.toml names offers nothing that would then be refused."""
    async with edge_at(tmp_path) as edge:
        edge.token("kiosk", name="K1")
        desk = await administrator(screens, edge)

        rows = desk.locator("#devices tr")
        await expect(rows.first.get_by_role("button", name="Revoke")).to_be_visible()

        assert await rows.count() > 1
        assert await desk.locator("#devices button").count() == 1


async def test_a_device_was_seen_when_the_server_says(tmp_path: Path, screens: Screens):
    """A laptop with its clock a day ahead reads that the kiosk was here just now; a phone shows all of its state."""
    async with edge_at(tmp_path) as edge:
        kiosk = await screens.open(viewport="kiosk")
        await let_in(kiosk, edge.mall.url, edge.token("kiosk", name="K1"))
        await kiosk.goto(f"{edge.mall.url}/kiosk/K1")
        page = await screens.open(viewport="phone")
        await page.clock.install(time=time.time() + 86_400)
        await let_in(page, edge.mall.url, edge.token("admin", name="sari"))
        await page.goto(f"{edge.mall.url}/devices?lang=en")

        row = page.locator("#devices tr").filter(has_text="Kiosk").first

        await expect(row).to_contain_text("Just now", timeout=SOON_MS)
        mark = await row.locator(".mark").bounding_box()
        assert mark is not None
        assert mark["x"] + mark["width"] <= 360


async def test_staff_look_at_what_a_display_shows(tmp_path: Path, screens: Screens):
    """A press brings its picture; one that is not there is said to be away."""
    async with edge_at(tmp_path) as edge:
        display = await screens.open(viewport="hall")
        await let_in(display, edge.mall.url, edge.token("display", name="main"))
        await display.goto(f"{edge.mall.url}/display/main")
        await display.locator('#board:not([data-shows="loading"])').wait_for()
        page = await screens.open(viewport="desk")
        await let_in(page, edge.mall.url, edge.token("supervisor", name="budi"))
        await page.goto(f"{edge.mall.url}/devices?lang=en")

        await page.get_by_role("button", name="See its picture").first.click()
        picture = page.locator("dialog img.picture")
        await expect(picture).to_be_visible(timeout=SOON_MS)
        loaded = await picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }")
        faults = [*await axe(page), *await layout_faults(page)]
        await page.keyboard.press("Escape")
        await display.close()
        await page.get_by_role("button", name="See its picture").first.click()
        await expect(page.locator("#refused")).to_contain_text("not connected", timeout=SOON_MS)

        assert loaded == 960
        assert faults == []
