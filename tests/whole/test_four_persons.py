"""Four people for whom kiosks were not made, each with their own means: they come away with the right ticket, alone.

Somebody who cannot see has the keys and what is said; somebody in a wheelchair reaches the lower half; somebody reads
Georgian only; somebody has never touched a screen. The mall is whole: server, kiosk's page, printer, slip.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Locator, Page, Request, expect

from tests.browser import Screens
from tests.kiosk.conftest import settled, shows
from tests.waiting import until
from tests.whole.server import Server, server
from tests.whole.test_whole_way import plain

WITHIN_MS = 20_000
HALF = 960
FOCUS_S = 10.0
HEARD_S = 60.0

MALL = """
[mall]
id = "four"
name = { id = "Mal Kota", en = "City Mall", ka = "ქალაქის დარბაზი" }
languages = ["id", "en", "ka"]
timezone = "Asia/Jakarta"

[agencies.dukcapil]
name = { id = "Kependudukan", en = "Civil registry", ka = "სამოქალაქო რეესტრი" }
[agencies.imigrasi]
name = { id = "Imigrasi", en = "Immigration", ka = "საიმიგრაციო სამსახური" }

[services.card]
agency = "dukcapil"
name = { id = "Kartu penduduk", en = "Identity card", ka = "პირადობის მოწმობა" }
prefix = "A"
[services.birth]
agency = "dukcapil"
name = { id = "Akta lahir", en = "Birth certificate", ka = "დაბადების მოწმობა" }
prefix = "B"
documents = { id = ["Surat lahir"], en = ["Letter of birth"], ka = ["დაბადების ცნობა"] }
[services.passport]
agency = "imigrasi"
name = { id = "Paspor baru", en = "New passport", ka = "ახალი პასპორტი" }
prefix = "C"
[services.visa]
agency = "imigrasi"
name = { id = "Visa", en = "Visa", ka = "ვიზა" }
prefix = "D"

[categories.regular]
name = { id = "Umum", en = "Regular", ka = "ჩვეულებრივი" }
[categories.disabled]
name = { id = "Disabilitas", en = "Disabled", ka = "შეზღუდული შესაძლებლობა" }
target_share = 0.5

[zones.hall]
name = { id = "Aula", en = "Hall", ka = "დარბაზი" }
[counters.1]
zone = "hall"
services = ["card", "birth", "passport", "visa"]
[boards.hall]
zones = ["hall"]
[printers.p]
[kiosks.k]
printer = "p"
idle = "5s"
panel = { inches = 21.5, width = 1080, height = 1920 }
"""


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    folder = tmp_path_factory.mktemp("four")
    config = folder / "config.toml"
    config.write_text(MALL, encoding="utf-8")
    async with server(folder, command="demo", config=config) as here:
        yield here


@pytest.fixture
async def page(house: Server, screens: Screens) -> Page:
    page = await screens.open(f"{house.at}/kiosk/k", viewport="kiosk", has_touch=True)
    await shows(page, "agencies")
    return page


async def taken(page: Page, house: Server) -> Any:
    """The ticket as the server has it, once its slip is printed; the slip's code leads to that ticket."""
    await expect(page.locator("#slip")).to_have_attribute("data-slip", "printed", timeout=WITHIN_MS)
    number = plain(await page.locator("#ticket-number").inner_text())
    known = await house.get(f"/api/v1/tickets?number={number}", house.token("supervisor", "--name", "test"))
    slips = (await house.get("/printers/p/slips"))["slips"]
    codes = []
    for slip in slips:
        picture = Image.open(io.BytesIO((await house.get(slip["url"])).body))
        codes += [code.text.rpartition("/")[2] for code in zxingcpp.read_barcodes(picture)]
    assert codes.count(known["id"]) == 1
    return known


class Heard:
    """What the loudspeaker says, in order; the person knows nothing else."""

    def __init__(self, page: Page) -> None:
        self.said: list[str] = []
        self.sounds: list[str] = []
        page.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        if request.url.endswith("/api/v1/say"):
            self.said.append(str((request.post_data_json or {})["text"]))
        if request.resource_type == "media":
            self.sounds.append(request.url)

    def place(self, words: str) -> int:
        """Which of all sentences has these words first."""
        return next(place for place, text in enumerate(self.said) if words in text)

    async def after(self, page: Page, key: str) -> str:
        """What is said next when a key is pressed."""
        before = len(self.said)
        await page.keyboard.press(key)
        await until(lambda: len(self.said) > before, FOCUS_S)
        return self.said[-1]

    async def goes_to(self, page: Page, name: str) -> None:
        """Arrow after arrow, until what was asked for is said."""
        for _ in range(40):
            if name in await self.after(page, "ArrowDown"):
                return
        pytest.fail(f"{name} was never said: {self.said}")


async def test_somebody_who_cannot_see(page: Page, house: Server):
    """Speech and a keypad, from the key that switches it on to the number and its slip, said in that order."""
    ear = Heard(page)

    await ear.after(page, "0")
    await ear.goes_to(page, "Imigrasi")
    await ear.after(page, "Enter")
    await ear.goes_to(page, "Paspor baru")
    await ear.after(page, "Enter")
    await ear.goes_to(page, "Ambil nomor")
    await page.keyboard.press("Enter")

    await until(lambda: any("C 0 0 1" in text for text in ear.said), FOCUS_S)
    ticket = await taken(page, house)
    assert (ticket["number"], ticket["steps"][0]["service"]) == ("C001", "passport")
    await until(lambda: any("Silakan ambil kertas" in text for text in ear.said), HEARD_S)
    assert ear.place("C 0 0 1") <= ear.place("Silakan ambil kertas nomor C 0 0 1")
    assert len(ear.sounds) > 0


async def test_somebody_who_cannot_see_where_the_printer_is_empty(page: Page, house: Server):
    """That no paper comes is said, after the number and without being asked for."""
    ear = Heard(page)
    await house.post("/printers/p/fault", {"paper_out": True})

    await ear.after(page, "0")
    await ear.goes_to(page, "Kependudukan")
    await ear.after(page, "Enter")
    await ear.goes_to(page, "Akta lahir")
    await ear.after(page, "Enter")
    await ear.goes_to(page, "Ambil nomor")
    await page.keyboard.press("Enter")

    await until(lambda: any("B 0 0 1" in text for text in ear.said), HEARD_S)
    await until(lambda: any("Printer belum siap" in text for text in ear.said), HEARD_S)
    await house.post("/printers/p/fault", {"paper_out": False})


async def low_tap(page: Page, what: Locator) -> None:
    """A touch in the lower half, or the person cannot reach it."""
    await settled(page)
    await what.wait_for()
    box = await what.bounding_box()
    assert box is not None
    assert box["y"] >= HALF, f"out of reach: {await what.inner_text()}"
    await page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


async def test_somebody_who_reaches_the_lower_half(page: Page, house: Server):
    """Every touch lies below the middle: to move all down, the category, the service, the ticket."""
    await low_tap(page, page.locator("#aids"))
    await low_tap(page, page.locator('[data-aid="low"]'))
    await low_tap(page, page.locator("#aids-close"))
    await low_tap(page, page.locator("#priority-open"))
    await low_tap(page, page.locator('[data-category="disabled"]'))
    await low_tap(page, page.get_by_role("button", name="Kependudukan"))
    await low_tap(page, page.get_by_role("button", name="Akta lahir"))
    await low_tap(page, page.locator("#take"))

    ticket = await taken(page, house)
    assert (ticket["category"], ticket["steps"][0]["service"]) == ("disabled", "birth")
    await low_tap(page, page.locator("#done"))
    await shows(page, "agencies")


UNREAD = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const one = node.parentElement;
        if (one.closest('#languages, ticket-number') || !one.checkVisibility({visibilityProperty: true})) continue;
        if (/[a-z]{2}/i.test(node.data)) found.push(node.data.trim());
    }
    return found;
}"""


async def test_somebody_who_reads_only_georgian(page: Page, house: Server, screens: Screens):
    """From the language's own name on nothing stands there in other letters; slip and phone speak it, too."""
    unread: list[str] = []

    for name in ("ქართული", "საიმიგრაციო სამსახური", "ვიზა", "ბილეთის აღება"):
        await settled(page)
        await page.get_by_role("button", name=name).first.tap()
        unread += await page.evaluate(UNREAD)
    ticket = await taken(page, house)
    unread += await page.evaluate(UNREAD)
    phone = await screens.open(ticket["track_url"], viewport="phone")

    assert (ticket["language"], ticket["steps"][0]["service"]) == ("ka", "visa")
    await expect(phone.locator("html")).to_have_attribute("lang", "ka")
    assert unread == []


async def test_somebody_who_has_never_touched_a_screen(page: Page, house: Server):
    """Touches beside, twice, with a shaking finger, after a long while: still one ticket, for what was meant."""
    before = len((await house.get("/printers/p/slips"))["slips"])
    await page.locator('[data-screen="agencies"] h1').tap()
    await page.get_by_role("button", name="Kependudukan").dblclick()
    await shows(page, "services")
    await expect(page.locator("#idle")).to_be_visible(timeout=WITHIN_MS)
    await page.touchscreen.tap(540, 300)
    await expect(page.locator("#idle")).to_be_hidden()
    await shows(page, "services")
    await settled(page)
    box = await page.get_by_role("button", name="Kartu penduduk").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 60, box["y"] + 40)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 90, box["y"] + 52, steps=4)
    await page.mouse.up()
    await shows(page, "confirm")
    await settled(page)
    await page.locator("#take").dblclick()

    ticket = await taken(page, house)
    assert ticket["steps"][0]["service"] == "card"
    assert len((await house.get("/printers/p/slips"))["slips"]) == before + 1


async def test_somebody_with_two_errands(page: Page, house: Server, screens: Screens):
    """One number for both: the kiosk, the ticket and the phone name them in the same order."""
    await page.get_by_role("button", name="Imigrasi").tap()
    await settled(page)
    await page.get_by_role("button", name="Paspor baru").tap()
    await settled(page)
    await page.locator("#more").tap()
    await settled(page)
    await page.get_by_role("button", name="Kependudukan").tap()
    await settled(page)
    await page.get_by_role("button", name="Akta lahir").tap()
    await settled(page)
    await page.locator("#take").tap()
    await shows(page, "journey")
    order = await page.locator("#stops > li:visible .stop-name").all_inner_texts()
    await settled(page)
    await page.locator("#journey-take").tap()

    ticket = await taken(page, house)
    phone = await screens.open(f"{ticket['track_url']}?lang=id", viewport="phone")
    names = {"passport": "Paspor baru", "birth": "Akta lahir"}
    assert [names[step["service"]] for step in ticket["steps"]] == order
    await expect(page.locator("#ticket-then")).to_contain_text(order[1])
    for place, name in enumerate(order):
        await expect(phone.locator("#steps li").nth(place)).to_contain_text(name)
