"""For whoever needs more: larger text, contrast, the lower half, simple words, the screen read aloud, keys alone."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.settings.tables import Panel
from queue_server.settings.touch import dots_per_mm
from queue_server.wire.api import TicketSlip
from queue_server.wire.live import KioskPanel, KioskView
from tests.browser import axe, layout_faults
from tests.fakes import mall
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, choose, settled, shows
from tests.waiting import until

UPRIGHT = KioskPanel(dots_per_mm=dots_per_mm(Panel(inches=21.5, width=1080, height=1920)))
FOURTHREE = KioskPanel(dots_per_mm=dots_per_mm(Panel(inches=15.0, width=1024, height=768)))
FOCUSED = "() => document.activeElement.id || document.activeElement.textContent.trim()"


def spoken(**changes: Any) -> KioskView:
    return mall.kiosk(languages=("id", "en", "ka"), speaks=("id", "en", "ka"), **changes)


async def switch(page: Page, aid: str) -> None:
    await page.locator("#aids").click()
    await settled(page)
    await page.locator(f'[data-aid="{aid}"]').click()
    await page.locator("#aids-close").click()
    await settled(page)


async def key(page: Page, name: str, times: int = 1) -> None:
    for _ in range(times):
        await page.keyboard.press(name)


async def go(page: Page, name: str, where: str) -> None:
    """Presses one arrow until what has this id or text has the focus, at most as often as there are controls."""
    for _ in range(40):
        await page.keyboard.press(name)
        if await page.evaluate(FOCUSED) == where:
            return
    pytest.fail(f"{where} is not reached by {name}")


@pytest.mark.parametrize("aids", [["contrast"], ["larger"], ["low"], ["contrast", "low", "larger"]])
async def test_every_screen_is_accessible_with_what_is_switched_on(hall: FakeHall, kiosk: OpenKiosk, aids: list[str]):
    """axe finds nothing at level AAA on any screen to the ticket, and no text is cut."""
    hall.views["kiosk:K1"] = spoken(panel=UPRIGHT)
    page = await kiosk()
    found: list[str] = []

    async def look() -> None:
        await settled(page)
        found.extend([*await axe(page, aaa=True), *await layout_faults(page, whole_words=False)])

    for aid in aids:
        await switch(page, aid)
    await page.locator("#aids").click()
    await look()
    await page.locator("#aids-close").click()
    await look()
    await page.locator("#find").click()
    await page.locator("#query").fill("pas")
    await look()
    await page.locator("#back").click()
    await choose(page)
    await look()
    await page.locator("#take").click()
    await shows(page, "ticket")
    await look()

    assert found == []


async def test_the_lower_half_holds_all_that_is_touched(hall: FakeHall, kiosk: OpenKiosk):
    """Moved down, every control of every screen to the ticket lies below the middle, and a ticket is taken there."""
    hall.views["kiosk:K1"] = spoken(panel=UPRIGHT)
    page = await kiosk()
    high = """() => [...document.querySelectorAll('button, input')]
        .filter(one => one.checkVisibility({visibilityProperty: true}))
        .map(one => [one.textContent.trim(), one.getBoundingClientRect()])
        .filter(([, box]) => box.top < innerHeight / 2 || box.bottom > innerHeight + 1).map(([name]) => name)"""
    found: list[str] = []

    await switch(page, "low")
    found += await page.evaluate(high)
    await page.locator("#find").click()
    await page.locator("#query").fill("pas")
    found += await page.evaluate(high)
    await page.locator("#back").click()
    await choose(page)
    found += await page.evaluate(high)
    await page.locator("#take").click()
    await shows(page, "ticket")
    await page.locator("#done").click()
    await shows(page, "agencies")

    assert found == []
    assert len(hall.asked) == 1


async def test_text_grows_and_targets_stay(hall: FakeHall, kiosk: OpenKiosk):
    """Larger text is a third larger, on the small panel too, and there are fewer choices on a page."""
    hall.views["kiosk:K1"] = spoken(panel=FOURTHREE)
    page = await kiosk(viewport="desk")
    await page.set_viewport_size({"width": 1024, "height": 768})
    size = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"
    before, choices = await page.evaluate(size), await page.locator("#agencies .choice:visible").count()

    await switch(page, "larger")

    assert await page.evaluate(size) == pytest.approx(before * 1.35, rel=0.01)
    assert await page.locator("#agencies .choice:visible").count() < choices
    assert await page.locator("#main").evaluate("main => main.scrollHeight - main.clientHeight") <= 1


async def test_simple_words_are_offered_where_the_mall_has_some(hall: FakeHall, kiosk: OpenKiosk):
    """They stand in the help's place; a mall without them offers no such switch."""
    page = await kiosk()
    await page.locator("#aids").click()
    await expect(page.locator('[data-aid="simple"]')).to_be_hidden()
    view = mall.kiosk()
    services = (replace(view.agencies[1].services[0], simple={"id": "Buku untuk ke luar negeri"}),)
    agencies = (view.agencies[0], replace(view.agencies[1], services=(*services, *view.agencies[1].services[1:])))

    await hall.push("kiosk:K1", replace(view, agencies=agencies))
    await settled(page)
    await page.locator('[data-aid="simple"]').click()
    await page.locator("#aids-close").click()
    await settled(page)
    await choose(page)

    await expect(page.locator("#confirm-help")).to_have_text("Buku untuk ke luar negeri")


async def test_the_next_person_starts_without(hall: FakeHall, kiosk: OpenKiosk):
    """What somebody switched on ends with them: at "start again", or when nobody is there any more."""
    hall.views["kiosk:K1"] = spoken()
    page = await kiosk(clock=True)
    await page.locator("#aids").click()
    await page.clock.run_for(1000)
    await page.locator('[data-aid="contrast"]').click()
    await page.locator("#aids-close").click()
    await expect(page.locator("html")).to_have_attribute("data-aids", "contrast")

    await hall.pass_time(page, 46)
    await expect(page.locator("#idle")).to_be_visible()
    await hall.pass_time(page, 21)

    await expect(page.locator("html")).not_to_have_attribute("data-aids", "contrast")


async def test_figures_and_enter_take_a_ticket(hall: FakeHall, kiosk: OpenKiosk):
    """2, 1, Enter, Enter: the ticket is taken, and the first screen is back."""
    page = await kiosk()

    await key(page, "2")
    await shows(page, "services")
    await key(page, "1")
    await shows(page, "confirm")
    await key(page, "Enter")
    await shows(page, "ticket")
    assert await page.evaluate(FOCUSED) == "done"
    await key(page, "Enter")
    await shows(page, "agencies")

    assert len(hall.asked) == 1


async def test_enter_after_a_touch_takes_the_ticket(hall: FakeHall, kiosk: OpenKiosk):
    """Whoever touched a service and presses Enter has its ticket, as whoever came by keys."""
    page = await kiosk(has_touch=True)
    await page.locator('#agencies [data-id="imigrasi"]').tap()
    await settled(page)
    await page.locator('#services [data-id="paspor_baru"]').tap()
    await shows(page, "confirm")

    await key(page, "Enter")
    await shows(page, "ticket")

    assert len(hall.asked) == 1


async def test_arrows_reach_everything(hall: FakeHall, kiosk: OpenKiosk):
    """Language, pages, priority and the ticket by arrows and Enter alone, and the focus is always seen."""
    hall.views["kiosk:K1"] = spoken()
    page = await kiosk()
    seen = "() => document.activeElement.matches(':focus-visible') && document.activeElement !== document.body"

    await go(page, "ArrowUp", "ქართული")
    await key(page, "Enter")
    await expect(page.locator("html")).to_have_attribute("lang", "ka")
    await go(page, "ArrowDown", "next")
    await key(page, "Enter")
    assert await page.evaluate(seen)
    await go(page, "ArrowUp", "previous")
    await key(page, "Enter")
    await go(page, "ArrowDown", "priority-open")
    await key(page, "Enter")
    await expect(page.locator("#priority-sheet")).to_be_visible()
    assert await page.evaluate(seen)
    await key(page, "Enter")
    await expect(page.locator("#priority-open")).to_have_attribute("data-chosen", "elderly")
    assert await page.evaluate(seen)
    await key(page, "2")
    await shows(page, "services")
    assert await page.evaluate(seen)
    await key(page, "Enter")
    await shows(page, "confirm")
    assert await page.evaluate(seen)
    await key(page, "Enter")
    await shows(page, "ticket")

    assert [body["category"] for _, body in hall.asked] == ["elderly"]
    assert [body["language"] for _, body in hall.asked] == ["ka"]


async def test_a_key_that_is_held_down_is_one_press(hall: FakeHall, kiosk: OpenKiosk):
    """Whoever leaves a finger on Enter does not run through to a ticket."""
    page = await kiosk()
    await page.locator('#agencies [data-id="imigrasi"]').focus()

    await page.keyboard.down("Enter")
    for _ in range(5):
        await page.keyboard.down("Enter")
    await page.keyboard.up("Enter")

    await shows(page, "services")
    assert hall.asked == []


async def test_without_seeing_the_screen(hall: FakeHall, kiosk: OpenKiosk):
    """0 has the screen read; each screen, what has the focus and the number are read in the chosen language."""
    hall.views["kiosk:K1"] = spoken()
    page = await kiosk()

    def said() -> str:
        return " | ".join(f"{one['language']}: {one['text']}" for one in hall.said)

    await key(page, "0")
    await until(lambda: "Apa keperluan Anda?" in said())
    await key(page, "2")
    await until(lambda: "Kantor Imigrasi" in said())
    await shows(page, "services")
    await key(page, "ArrowDown")
    await until(lambda: "Penggantian paspor" in said())
    await key(page, "1")
    await until(lambda: "KTP-el asli dan fotokopi" in said())
    await key(page, "Enter")
    await shows(page, "ticket")

    await until(lambda: "B 0 1 2" in said())
    assert all(len(one["text"]) <= 400 for one in hall.said)


async def test_reading_ends_with_whoever_wanted_it(hall: FakeHall, kiosk: OpenKiosk):
    """The star key ends it; and the next person's first screen is silent."""
    hall.views["kiosk:K1"] = spoken()
    page = await kiosk()
    await key(page, "0")
    await until(lambda: bool(hall.said))
    await key(page, "*")
    await expect(page.locator("html")).not_to_have_attribute("data-aids", "aloud")
    count = len(hall.said)

    await key(page, "2")
    await shows(page, "services")
    await key(page, "ArrowDown")

    assert len(hall.said) == count


def heard(hall: FakeHall) -> str:
    return " | ".join(f"{one['language']}: {one['text']}" for one in hall.said)


async def begins(hall: FakeHall, page: Page) -> None:
    """Reading is on, and all of the first screen was said."""
    await key(page, "0")
    await until(lambda: bool(hall.said))


async def test_what_changes_is_said(hall: FakeHall, kiosk: OpenKiosk):
    """The paper that comes out, a page that is turned, what was found or not, and 0 reads what stands there now."""
    hall.views["kiosk:K1"] = spoken()
    page = await kiosk()
    await begins(hall, page)

    await key(page, "PageDown")
    await until(lambda: "2 dari" in heard(hall))
    await page.locator("#find").click()
    await shows(page, "search")
    await page.keyboard.type("paspor")
    await until(lambda: "Penggantian paspor" in heard(hall))
    await page.locator("#query").fill("xyzxyz")
    await until(lambda: "xyzxyz" in heard(hall))
    await page.locator("#again").click()
    await settled(page)
    await key(page, "0")
    await key(page, "2")
    await shows(page, "services")
    await key(page, "1")
    await shows(page, "confirm")
    await key(page, "Enter")
    await shows(page, "ticket")
    await until(lambda: "B 0 1 2" in heard(hall))
    [issued] = hall.issued.values()
    printed = replace(issued, slip=TicketSlip(state="printed"))
    hall.said.clear()
    await hall.push(f"ticket:{printed.id}", printed)
    await until(lambda: "Silakan ambil kertas nomor B 0 1 2" in heard(hall))
    hall.said.clear()
    await key(page, "0")

    await until(lambda: "Silakan ambil kertas nomor B 0 1 2" in heard(hall))
    assert "sedang dicetak" not in heard(hall)


async def test_keys_are_said_first_and_all_of_them_on_asking(hall: FakeHall, kiosk: OpenKiosk):
    """What the keys do comes before the screen, shortly; 9 says every key that there is."""
    hall.views["kiosk:K1"] = spoken()
    page = await kiosk()

    await begins(hall, page)
    first = hall.said[0]["text"]
    await key(page, "9")
    await until(lambda: "Page Down" in heard(hall))

    assert first.startswith("Panah berpindah")


async def test_a_sheet_says_its_question(hall: FakeHall, kiosk: OpenKiosk):
    """The priority sheet is read whole, not only its first button."""
    hall.views["kiosk:K1"] = spoken()
    page = await kiosk()
    await begins(hall, page)

    await go(page, "ArrowDown", "priority-open")
    hall.said.clear()
    await key(page, "Enter")

    title = await page.locator("#priority-title").inner_text()
    await until(lambda: title in heard(hall))


async def test_a_language_without_a_voice(hall: FakeHall, kiosk: OpenKiosk):
    """It is shown, and said by a voice that is there."""
    hall.views["kiosk:K1"] = mall.kiosk(languages=("id", "jv"), speaks=("id",))
    page = await kiosk()
    await page.locator('[data-language="jv"]').click()
    await settled(page)

    await key(page, "0")

    await expect(page.locator("#voiceless")).to_contain_text("ora ana swara")
    await until(lambda: "id: Di sini tidak ada suara" in heard(hall))


async def test_time_stands_still_while_something_is_said(hall: FakeHall, kiosk: OpenKiosk):
    """A sound that goes on holds the idle question, a broken one not for ever; the question says its seconds."""
    hall.views["kiosk:K1"] = spoken()
    page = await kiosk(clock=True)
    await page.evaluate("void (HTMLMediaElement.prototype.play = () => new Promise(() => {}))")
    await key(page, "0")
    await hall.pass_time(page, 1)
    await until(lambda: bool(hall.said))

    await hall.pass_time(page, 50)
    await expect(page.locator("#idle")).to_be_hidden()
    hall.said.clear()
    await hall.pass_time(page, 180)

    await until(lambda: "Sisa detik" in heard(hall))
