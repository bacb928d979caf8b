"""Where the mall asks, a kiosk asks: with the reason, one thing a screen; whoever says nothing has a ticket, too."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.settings.tables import Panel
from queue_server.settings.touch import dots_per_mm
from queue_server.wire.api import Question
from queue_server.wire.live import KioskPanel, KioskView
from tests.browser import axe, layout_faults
from tests.fakes import mall
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, choose, settled, shows

ASKS = (
    Question(
        id="name", asks="name", purpose={"id": "Agar kami dapat memanggil nama Anda", "en": "To call you by name"}
    ),
    Question(id="phone", asks="phone", purpose={"id": "Agar kami dapat menelepon Anda", "en": "To call you back"}),
)
SMALL = KioskPanel(dots_per_mm=dots_per_mm(Panel(inches=15.0, width=1024, height=768)))


def asking(**changes: object) -> KioskView:
    view = mall.kiosk(languages=("id", "en", "ka", "ar"), **changes)
    services = (replace(view.agencies[1].services[0], asks=ASKS), *view.agencies[1].services[1:])
    return replace(view, agencies=(view.agencies[0], replace(view.agencies[1], services=services), *view.agencies[2:]))


async def asked(page: Page) -> None:
    await choose(page)
    await page.locator("#take").click()
    await shows(page, "ask")
    await settled(page)


async def test_what_is_said_goes_with_the_wish(hall: FakeHall, kiosk: OpenKiosk):
    """Name and phone, typed on the screen's own keys, go with the ticket; nothing of them stays in the browser."""
    hall.views["kiosk:K1"] = asking()
    page = await kiosk()
    await asked(page)
    await expect(page.locator("#answer-why")).to_have_text("Agar kami dapat memanggil nama Anda")
    for letter in "siti":
        await page.locator("#answer-keyboard").get_by_role("button", name=letter, exact=True).click()
    await page.locator("#answer-go").click()
    await expect(page.locator("#answer-title")).to_have_text("Berapa nomor telepon Anda?")
    await settled(page)
    for figure in "08123":
        await page.locator("#answer-keyboard").get_by_role("button", name=figure, exact=True).click()
    await page.locator("#answer-go").click()
    await shows(page, "ticket")

    kept = await page.evaluate("() => JSON.stringify([localStorage, sessionStorage])")
    assert [body.get("citizen") for _, body in hall.asked] == [{"name": "siti", "phone": "08123"}]
    assert "siti" not in kept
    assert "08123" not in kept
    assert await page.locator("#answer").input_value() == ""


async def test_everything_may_be_left_out(hall: FakeHall, kiosk: OpenKiosk):
    """Whoever leaves both out has the same ticket, and no word of a citizen is sent."""
    hall.views["kiosk:K1"] = asking()
    page = await kiosk()
    await asked(page)

    await page.locator("#answer-skip").click()
    await settled(page)
    await page.locator("#answer-skip").click()
    await shows(page, "ticket")

    assert ["citizen" in body for _, body in hall.asked] == [False]


async def test_a_number_that_cannot_be_one_is_said_at_once(hall: FakeHall, kiosk: OpenKiosk):
    """Three figures are no phone number: it is said there, and can be mended or left out."""
    hall.views["kiosk:K1"] = asking()
    page = await kiosk()
    await asked(page)
    await page.locator("#answer-skip").click()
    await settled(page)

    await page.locator("#answer").fill("123")
    await page.locator("#answer-go").click()
    await expect(page.locator("#answer-wrong")).to_be_visible()
    assert hall.asked == []
    await page.locator("#answer").fill("1234")
    await page.locator("#answer-go").click()
    await shows(page, "ticket")

    assert [body["citizen"] for _, body in hall.asked] == [{"phone": "1234"}]


async def test_the_next_person_reads_nothing_of_the_one_before(hall: FakeHall, kiosk: OpenKiosk):
    """What was typed and not sent is gone with "start again"; "back" keeps it for whoever still stands there."""
    hall.views["kiosk:K1"] = asking()
    page = await kiosk()
    await asked(page)
    await page.locator("#answer").fill("Siti")
    await page.locator("#answer-go").click()
    await settled(page)
    await page.locator("#back").click()
    await expect(page.locator("#answer")).to_have_value("Siti")
    await settled(page)

    await page.locator("#again").click()
    await shows(page, "agencies")
    await settled(page)
    await asked(page)

    await expect(page.locator("#answer")).to_have_value("")


@pytest.mark.parametrize("language", ["id", "ka", "ar"])
async def test_the_question_is_for_everybody(hall: FakeHall, kiosk: OpenKiosk, language: str):
    """axe finds nothing at level AAA, no text is cut, in the chosen script, on the small panel too."""
    hall.views["kiosk:K1"] = asking(panel=SMALL)
    page = await kiosk(viewport="desk")
    await page.set_viewport_size({"width": 1024, "height": 768})
    await page.locator(f'[data-language="{language}"]').click()
    while not await page.locator('#agencies [data-id="imigrasi"]').is_visible():
        await page.locator("#next").click()
        await settled(page)
    await asked(page)

    found = [*await axe(page, aaa=True), *await layout_faults(page)]
    await page.locator("#answer-skip").click()
    await settled(page)
    found += [*await axe(page, aaa=True), *await layout_faults(page)]

    assert found == []
