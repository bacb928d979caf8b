"""The technician's menu: behind a corner and a PIN, it says what is wrong, and nothing of it stays open."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.settings.tables import Panel
from queue_server.settings.touch import dots_per_mm
from queue_server.wire.live import KioskPanel
from tests.browser import axe, layout_faults
from tests.fakes import canned, mall
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, settled, shows

PIN = "274913"
ALL = ("id", "en", "jv", "az", "ka", "ar")


async def tap_corner(page: Page, times: int = 5) -> None:
    for _ in range(times):
        await page.mouse.click(12, 12)


async def opened(page: Page) -> None:
    await tap_corner(page)
    await page.locator("#tech-pin").fill(PIN)
    await page.locator("#tech-open").press("Enter")
    await expect(page.locator("#tech-facts")).to_be_visible()
    await settled(page)


async def test_five_touches_in_the_corner_ask_for_the_pin(hall: FakeHall, kiosk: OpenKiosk):
    """Fewer do nothing; what is typed is hidden, on the screen's own keys too; the right one opens it."""
    page = await kiosk()
    await tap_corner(page, 4)
    await expect(page.locator("#technician")).to_be_hidden()
    await page.mouse.click(600, 40)
    await tap_corner(page)
    await expect(page.locator("#tech-facts")).to_be_hidden()
    await settled(page)

    for figure in PIN:
        await page.locator("#tech-keyboard").get_by_role("button", name=figure, exact=True).click()
    await expect(page.locator("#tech-pin")).to_have_css("-webkit-text-security", "disc")
    await page.locator("#tech-open").click()

    facts = page.locator("#tech-facts")
    await expect(facts).to_contain_text("K1 · Kios utara")
    for said in (
        "P1 · jalan, dengan peringatan · kertas hampir habis",
        "tidak tercetak · no_paper",
        "1080 x 1920",
        "10.0.0.21",
    ):
        await expect(facts).to_contain_text(said)
    assert hall.acts == ["pin"]


async def test_a_chord_of_keys_opens_it_too(kiosk: OpenKiosk):
    """For a kiosk whose screen nobody can touch."""
    page = await kiosk()

    await page.keyboard.press("Control+Alt+m")

    await expect(page.locator("#tech-pin")).to_be_focused()


async def test_a_pin_is_typed_on_a_keyboard_after_the_corner(hall: FakeHall, kiosk: OpenKiosk):
    """Without another touch: none of it is lost."""
    page = await kiosk()
    await tap_corner(page)
    await expect(page.locator("#technician")).to_be_visible()

    await page.keyboard.type(PIN)
    await page.keyboard.press("Enter")

    await expect(page.locator("#tech-facts")).to_be_visible()
    assert hall.acts == ["pin"]


async def test_a_wrong_pin_is_said(hall: FakeHall, kiosk: OpenKiosk):
    """Nothing is shown for it, and what was typed is gone."""
    page = await kiosk()
    await tap_corner(page)
    await page.locator("#tech-pin").fill("111111")
    await page.locator("#tech-pin").press("Enter")

    await expect(page.locator("#tech-said")).to_contain_text("PIN salah")
    assert await page.locator("#tech-pin").input_value() == ""
    await expect(page.locator("#tech-facts")).to_be_hidden()


async def test_it_prints_a_test_slip(hall: FakeHall, kiosk: OpenKiosk):
    """At this kiosk's printer; what became of it stands there."""
    page = await kiosk()
    await opened(page)
    printer = hall.technician.printer
    assert printer is not None
    hall.technician = replace(hall.technician, printer=replace(printer, test="printed", test_reason=None))

    await page.locator("#tech-print").click()

    await expect(page.locator("#tech-facts")).to_contain_text("tercetak")
    assert "test" in hall.acts


@pytest.mark.parametrize(
    ("language", "state", "test"),
    [
        ("id", "kertas habis", "tidak tercetak · tutup terbuka"),
        ("en", "no paper", "not printed · the cover is open"),
        ("jv", "kertas entek", "ora kacithak · tutup mbukak"),
        ("az", "kağız yoxdur", "çap olunmadı · qapaq açıqdır"),
        ("ka", "ქაღალდი არ არის", "არ დაიბეჭდა · სახურავი ღიაა"),
        ("ar", "لا يوجد ورق", "لم تُطبع · الغطاء مفتوح"),
    ],
)
async def test_what_the_printer_says_is_said_in_words(
    hall: FakeHall, kiosk: OpenKiosk, language: str, state: str, test: str
):
    """In the language that stands there, no code."""
    hall.views["kiosk:K1"] = mall.kiosk(languages=(language, *(one for one in ALL if one != language)))
    printer = hall.technician.printer
    assert printer is not None
    said = replace(printer, state="down", reason="paper_out", test="not_printed", test_reason="cover_open")
    hall.technician = replace(hall.technician, printer=said)
    page = await kiosk()

    await opened(page)

    await expect(page.locator("#tech-facts")).to_contain_text(state)
    await expect(page.locator("#tech-facts")).to_contain_text(test)


async def test_text_is_larger_after_a_reload_too(hall: FakeHall, kiosk: OpenKiosk):
    """The size is this machine's; each change is told to the server, for the record."""
    page = await kiosk()
    size = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"
    before = await page.evaluate(size)
    await opened(page)
    await page.locator("#tech-larger").click()
    await expect(page.locator("#tech-percent")).to_have_text("110 %")
    async with page.expect_navigation():
        await page.locator("#tech-reload").click()
    await shows(page, "agencies")

    assert await page.evaluate(size) == pytest.approx(before * 1.1)
    assert {"text_size", "reload"} <= set(hall.acts)


async def test_pairing_anew_needs_a_second_press(hall: FakeHall, kiosk: OpenKiosk):
    """The first says what it does; the second lets this machine out and leads to the code."""
    page = await kiosk()
    await opened(page)
    await page.locator("#tech-pair").click()
    await expect(page.locator("#tech-pair")).to_contain_text("Tekan lagi")
    assert "pair" not in hall.acts
    await page.route("**/screen", lambda route: route.fulfill(body="a code"))

    await page.locator("#tech-pair").click()
    await page.wait_for_url("**/screen")

    assert "pair" in hall.acts


async def test_without_the_server_it_says_what_it_knows(hall: FakeHall, kiosk: OpenKiosk):
    """No PIN can be checked, and it says so: since when the server is away, the panel, the page; and loads it anew."""
    page = await kiosk()
    await hall.die()
    await page.locator("#stale").wait_for(state="visible")
    await tap_corner(page)

    await expect(page.locator("#tech-away")).to_be_visible()
    await expect(page.locator("#tech-ask")).to_be_hidden()
    await expect(page.locator("#tech-facts")).to_contain_text("1080 x 1920")
    await expect(page.locator("#tech-reload")).to_be_visible()
    await expect(page.locator("#tech-print")).to_be_hidden()


async def test_it_closes_when_nobody_is_there(hall: FakeHall, kiosk: OpenKiosk):
    """After three minutes; whoever opens it then says the PIN again."""
    page = await kiosk(clock=True)
    await opened(page)

    await hall.pass_time(page, 190)

    await expect(page.locator("#technician")).to_be_hidden()
    await tap_corner(page)
    await expect(page.locator("#tech-facts")).to_be_hidden()


async def test_the_building_is_left_before_anything_is_mended(hall: FakeHall, kiosk: OpenKiosk):
    """The sign lies over everything, so the menu goes."""
    page = await kiosk()
    await opened(page)

    await hall.push("kiosk:K1", mall.kiosk(held="evacuation", evacuation=canned.evacuation()))

    await expect(page.locator("#evacuated")).to_be_visible()
    await expect(page.locator("#technician")).to_be_hidden()


@pytest.mark.parametrize("language", ["id", "az", "ka", "ar"])
@pytest.mark.parametrize("size", [(1080, 1920), (1024, 768), (800, 1280)])
async def test_it_can_be_read_everywhere(hall: FakeHall, kiosk: OpenKiosk, language: str, size: tuple[int, int]):
    """Asked for the PIN and open, on every panel, in the longest languages: axe finds nothing, nothing is cut off."""
    inches = {1080: 21.5, 1024: 15.0, 800: 10.1}[size[0]]
    panel = KioskPanel(dots_per_mm=dots_per_mm(Panel(inches=inches, width=size[0], height=size[1])))
    hall.views["kiosk:K1"] = mall.kiosk(languages=(language, *(one for one in ALL if one != language)), panel=panel)
    page = await kiosk(viewport="desk")
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await settled(page)
    await tap_corner(page)
    found = [*await axe(page, aaa=True), *await layout_faults(page)]

    await page.locator("#tech-pin").fill(PIN)
    await page.locator("#tech-pin").press("Enter")
    await expect(page.locator("#tech-facts")).to_be_visible()
    found += [*await axe(page, aaa=True), *await layout_faults(page)]

    assert found == []
