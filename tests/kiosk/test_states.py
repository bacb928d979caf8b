"""What the kiosk shows when it cannot serve, when nobody is there, and when the server has changed."""

from __future__ import annotations

import asyncio

import pytest
from msgspec import Struct
from msgspec.structs import replace
from playwright.async_api import expect

from tests.fakes import mall
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, choose, shows, text

LIMIT_S = 30.0


@pytest.mark.parametrize(
    ("view", "says"),
    [
        (mall.kiosk(held="prayer", held_text={"id": "Salat Jumat, kembali 13.00"}), "Salat Jumat, kembali 13.00"),
        (mall.kiosk(held="evacuation"), "Yang sudah punya nomor tetap pada urutannya"),
        (mall.kiosk(open=False), "Nomor diberikan pada jam layanan"),
        (mall.kiosk(open=False, opens_at="2099-06-01T01:00:00.000Z"), "Buka Senin, 01 Juni 2099 pukul 08.00"),
        (mall.kiosk(agencies=()), "Silakan tanyakan di meja informasi"),
    ],
)
async def test_a_hall_that_serves_nobody_says_so(hall: FakeHall, kiosk: OpenKiosk, view: Struct, says: str):
    """Held, closed or empty: the page says what is the case and what to do, and goes on by itself afterwards."""
    page = await kiosk()

    await hall.push("kiosk:K1", view)
    await shows(page, "problem")
    assert says in await text(page, "[data-screen=problem]")

    await hall.push("kiosk:K1", mall.kiosk())
    await shows(page, "agencies")


async def test_a_hold_says_why_and_that_places_are_kept(hall: FakeHall, kiosk: OpenKiosk):
    """The mall's reason stands beside the sentence that nobody loses the place, not instead of it."""
    page = await kiosk()

    await hall.push("kiosk:K1", mall.kiosk(held="prayer", held_text={"id": "Salat Jumat"}))
    await shows(page, "problem")

    assert await text(page, "#problem-why") == "Salat Jumat"
    assert "Yang sudah punya nomor tetap pada urutannya" in await text(page, "#problem-help")


async def test_a_kiosk_without_a_token_tells_staff_what_to_do(hall: FakeHall, kiosk: OpenKiosk):
    """A screen that was not let in is not an endless hourglass."""
    hall.allowed = False

    page = await kiosk("problem")

    assert await text(page, "#problem-title") == "Mesin ini belum diizinkan"
    await expect(page.locator("#mall")).to_have_text(mall.NAME["id"])
    await expect(page.locator("#stale")).to_be_hidden()


async def test_a_lost_server_is_marked_and_then_explained(hall: FakeHall, kiosk: OpenKiosk):
    """First the mark, then, when it lasts, a page that sends people to the reception desk."""
    page = await kiosk()

    await hall.die()
    await expect(page.locator("#stale")).to_be_visible()
    await shows(page, "problem")

    assert await text(page, "#problem-title") == "Mesin ini tidak tersambung"


async def test_nobody_there_is_asked_then_forgotten(hall: FakeHall, kiosk: OpenKiosk):
    """After the configured quiet a warning counts down twenty seconds; a touch stays, silence starts again."""
    page = await kiosk(clock=True)
    await page.locator('[data-language="en"]').click()
    await page.locator('#agencies [data-id="imigrasi"]').click()
    await shows(page, "services")

    await hall.pass_time(page, 46)
    await expect(page.locator("#idle")).to_be_visible()
    await page.locator("#stay").click()
    await expect(page.locator("#idle")).to_be_hidden()
    await shows(page, "services")
    await hall.pass_time(page, 46)
    await expect(page.locator("#idle")).to_be_visible()
    await hall.pass_time(page, 20)

    await shows(page, "agencies")
    await expect(page.locator("#idle")).to_be_hidden()
    assert await page.locator("html").get_attribute("lang") == "id"


async def test_the_first_screen_waits_for_ever(hall: FakeHall, kiosk: OpenKiosk):
    """There is no time-out where nothing has been chosen."""
    page = await kiosk(clock=True)

    await hall.pass_time(page, 300)

    await expect(page.locator("#idle")).to_be_hidden()
    await shows(page, "agencies")


async def test_a_new_build_is_loaded_only_when_nobody_is_served(hall: FakeHall, kiosk: OpenKiosk):
    """A page of an older build goes on for whoever stands there, and loads itself anew afterwards."""
    page = await kiosk(clock=True)
    await choose(page)
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    hall.build = "0123456789ab"

    await hall.hang_up()
    await hall.pass_time(page, 20)
    await shows(page, "confirm")
    assert loads == []

    await page.locator("#again").click()
    async with asyncio.timeout(LIMIT_S):  # a page is loaded in real time, whatever its clock says
        while not loads:
            await page.clock.run_for(1_000)


async def test_the_clock_is_the_malls(hall: FakeHall, kiosk: OpenKiosk):
    """The time at the top is the server's in the mall's zone, however wrong the kiosk's own clock is."""
    page = await kiosk(timezone_id="America/New_York")

    await expect(page.locator("#clock")).not_to_be_empty()
    shown = await text(page, "#clock")
    here = await page.evaluate(
        "() => new Date().toLocaleTimeString('en-GB', {timeZone: 'Asia/Jakarta', hour: '2-digit', minute: '2-digit'})"
    )

    assert shown == here.replace(":", ".")
    await page.locator('[data-language="en"]').click()
    assert ":" in await text(page, "#clock")


async def test_a_language_that_the_mall_is_given_comes_to_an_open_page(hall: FakeHall, kiosk: OpenKiosk):
    """The page that has stood open since before has no words of it, and fetches them by itself, once."""
    page = await kiosk()
    await page.evaluate("window.old = true")

    hall.languages = ("id", "en", "fr")
    await hall.push("kiosk:K1", mall.kiosk(languages=("id", "en", "fr")))
    await page.wait_for_function("() => !('old' in window) && document.documentElement.dataset.live === 'live'")

    await expect(page.locator("[lang=fr]", has_text="Français")).to_be_visible()


async def test_a_new_colour_comes_to_an_open_page(hall: FakeHall, kiosk: OpenKiosk):
    """A kiosk stands open for months: it takes the mall's colour by itself when it is changed."""
    page = await kiosk()

    hall.accent = "#7A1F5C"
    await hall.push("kiosk:K1", replace(mall.kiosk(), accent="#7A1F5C"))

    await expect(page.locator(".top")).to_have_css("background-color", "rgb(122, 31, 92)", timeout=20_000)


async def test_a_holiday_is_said_by_name(hall: FakeHall, kiosk: OpenKiosk):
    """What closes a service is said beside it, what closes all of them once, and why today's hours differ."""
    day = {"id": "Hari Raya Natal", "en": "Christmas Day"}
    agencies = tuple(
        replace(agency, services=tuple(replace(service, occasion=day) for service in agency.services))
        for agency in mall.kiosk().agencies
    )
    hall.views["kiosk:K1"] = mall.kiosk(agencies=agencies)
    page = await kiosk()

    await page.locator('#agencies [data-id="imigrasi"]').click()
    await expect(page.locator('#services [data-id="bap"]')).to_contain_text("Tutup hari ini · Hari Raya Natal")
    await page.locator('#services [data-id="paspor_baru"]').click()
    await expect(page.locator("#confirm-occasion")).to_have_text("Hari Raya Natal")

    await hall.push("kiosk:K1", mall.kiosk(open=False, agencies=agencies))
    await shows(page, "problem")
    assert await text(page, "#problem-why") == "Hari Raya Natal"


async def test_what_closes_only_some_is_not_said_of_all(hall: FakeHall, kiosk: OpenKiosk):
    """A hall that is closed for several reasons gives none of them as the whole hall's."""
    first, *others = mall.kiosk().agencies
    named = replace(first, services=tuple(replace(one, occasion={"id": "Libur"}) for one in first.services))
    hall.views["kiosk:K1"] = mall.kiosk(open=False, agencies=(named, *others))

    page = await kiosk("problem")

    await expect(page.locator("#problem-why")).to_be_hidden()
