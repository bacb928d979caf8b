"""A reader of bar and QR codes, and a box of buttons: told apart from people, and enough on their own."""

from __future__ import annotations

import asyncio
import time

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.wire.api import Question
from queue_server.wire.live import KioskPanel, KioskView
from tests.browser import axe, layout_faults
from tests.fakes import canned, mall
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, read, settled, shows
from tests.kiosk.test_questions import NIK, SMALL

CODES = {"PASPOR-1": "paspor_baru", "KTP": "info"}
SLIP = "k3n2m4p5q6r7"
ALL = ("id", "en", "jv", "az", "ka", "ar")


async def read_into_field(page: Page, text: str) -> None:
    """As the browser has it from the keyboard, which says itself when each key was pressed: a sign each 4 ms."""
    session = await page.context.new_cdp_session(page)
    began, sent = time.time(), []
    for place, key in enumerate([*text, "Enter"]):
        at, sign = began + place * 0.004, "\r" if key == "Enter" else key
        down = {"type": "keyDown", "key": key, "text": sign, "unmodifiedText": sign, "timestamp": at}
        sent += [down, {"type": "keyUp", "key": key, "timestamp": at}]
    await asyncio.gather(*(session.send("Input.dispatchKeyEvent", event) for event in sent))
    await session.detach()


def coded(**changes: object) -> KioskView:
    """A kiosk that has a screen, and a reader beside it."""
    return mall.kiosk(codes=CODES, languages=ALL, **changes)


def alone(**changes: object) -> KioskView:
    """One that has a reader and a box, and nothing else."""
    return coded(choose_by="codes", keys={"F1": "paspor_baru", "b": "info"}, **changes)


async def test_a_code_leads_to_its_service(hall: FakeHall, kiosk: OpenKiosk):
    """At a kiosk with a screen a code stands for the touches up to the confirmation; small letters are the same."""
    hall.views["kiosk:K1"] = coded()
    page = await kiosk()

    await read(page, "paspor-1")
    await shows(page, "confirm")

    await expect(page.locator("#confirm-service")).to_have_text("Paspor baru")
    assert hall.asked == []
    await page.locator("#take").click()
    await shows(page, "ticket")


async def test_a_code_may_bring_its_language(hall: FakeHall, kiosk: OpenKiosk):
    """A poster in Georgian has the code of its service with -ka after it."""
    hall.views["kiosk:K1"] = alone()
    page = await kiosk("reader")

    await read(page, "KTP-ka")
    await shows(page, "ticket")

    assert [(body["service"], body["language"]) for _, body in hall.asked] == [("info", "ka")]


async def test_the_reader_alone_is_enough(hall: FakeHall, kiosk: OpenKiosk):
    """A code is a ticket at once, without a touch; the next code is the next person's."""
    hall.views["kiosk:K1"] = alone()
    page = await kiosk("reader")
    await expect(page.locator("#reader-title")).to_have_text("Dekatkan kode Anda ke pembaca")

    await read(page, "PASPOR-1")
    await shows(page, "ticket")
    await read(page, "KTP")
    await expect(page.locator("#ticket-number")).to_have_attribute("value", "B013")

    assert [body["service"] for _, body in hall.asked] == ["paspor_baru", "info"]


async def test_a_reader_that_reads_twice_means_one_ticket(hall: FakeHall, kiosk: OpenKiosk):
    """The same code again, while the number has just come, gives none."""
    hall.views["kiosk:K1"] = alone()
    page = await kiosk("reader")

    for _ in range(3):
        await read(page, "PASPOR-1")
    await shows(page, "ticket")
    await read(page, "PASPOR-1")

    assert len(hall.asked) == 1
    await expect(page.locator("#ticket-number")).to_have_attribute("value", "B012")


async def test_a_slip_shows_how_its_ticket_stands(hall: FakeHall, kiosk: OpenKiosk):
    """Its QR code says the place, and once it is called where to go; nothing is asked and nothing given."""
    hall.views["kiosk:K1"] = coded()
    issued = replace(mall.ticket("B012"), id=SLIP)
    hall.views[f"ticket:{SLIP}"] = issued
    page = await kiosk()

    await read(page, f"https://antrean.example/t/{SLIP}")
    await shows(page, "place")
    await expect(page.locator("#place-number")).to_have_attribute("value", "B012")
    await expect(page.locator("#place-state")).to_contain_text("12")
    steps = (replace(issued.steps[0], state="called", counter="3"),)
    hall.views[f"ticket:{SLIP}"] = replace(issued, state="called", steps=steps)
    await read(page, SLIP.upper())
    await expect(page.locator("#place-state")).to_contain_text("Loket 3")

    assert hall.asked == []
    await settled(page)
    await page.locator("#place-done").click()
    await shows(page, "agencies")


@pytest.mark.parametrize("text", ["9780201379624", "https://elsewhere.example/t/none", "k3n2m4p5q6r8", "KTP-xx"])
async def test_an_unknown_code_is_answered_politely(hall: FakeHall, kiosk: OpenKiosk, text: str):
    """A book's, another house's, a ticket that there is not, a language that there is not: not known here."""
    hall.views["kiosk:K1"] = coded()
    page = await kiosk()

    await read(page, text)
    await shows(page, "problem")

    assert await page.locator('[data-screen="problem"]').get_attribute("data-problem") == "fail.unknown_code"
    assert hall.asked == []


async def test_a_code_does_not_stay_in_the_search(hall: FakeHall, kiosk: OpenKiosk):
    """What a reader types into a field is taken out again, and what a person had typed is left."""
    hall.views["kiosk:K1"] = coded()
    page = await kiosk()
    await page.locator("#find").click()
    await page.locator("#query").press_sequentially("pas", delay=80)

    await read_into_field(page, "9780201379624")
    await shows(page, "problem")

    assert await page.locator("#query").input_value() == "pas"


async def test_what_a_person_types_is_no_code(hall: FakeHall, kiosk: OpenKiosk):
    """Figures of a keypad choose as ever, one at a time, and Enter presses what has the focus."""
    hall.views["kiosk:K1"] = coded()
    page = await kiosk()

    await page.keyboard.press("2")
    await shows(page, "services")
    await page.keyboard.press("1")
    await shows(page, "confirm")
    await page.keyboard.press("Enter")

    await shows(page, "ticket")


async def test_a_code_without_enter_is_read_too(hall: FakeHall, kiosk: OpenKiosk):
    """A reader that nobody has set up ends in silence; what two fingers press at once is no code."""
    hall.views["kiosk:K1"] = coded()
    page = await kiosk()

    await read(page, "PASPOR-1", "Shift")

    await shows(page, "confirm")


async def test_a_card_is_read_into_the_question_for_its_number(hall: FakeHall, kiosk: OpenKiosk):
    """Where an identity number is asked for, the card's code is the answer, also where there is only a reader."""
    view = alone()
    asks = (Question(id="phone", asks="phone", purpose={"id": "x"}), NIK)
    imigrasi = view.agencies[1]
    services = (replace(imigrasi.services[0], asks=asks), *imigrasi.services[1:])
    hall.views["kiosk:K1"] = replace(view, agencies=(view.agencies[0], replace(imigrasi, services=services)))
    page = await kiosk("reader")
    await read(page, "PASPOR-1")
    await shows(page, "ask")
    await expect(page.locator("#answer-read")).to_be_visible()

    await read_into_field(page, "3273010101800002")
    await shows(page, "ticket")

    assert [body["citizen"] for _, body in hall.asked] == [{"identity": "3273010101800002"}]


async def test_a_box_of_buttons_is_enough(hall: FakeHall, kiosk: OpenKiosk):
    """Each button is a key, and the key a service: one press, one ticket; the first screen says which is which."""
    hall.views["kiosk:K1"] = alone()
    page = await kiosk("reader")
    keys = await page.locator("#reader-keys kbd").all_inner_texts()

    await page.keyboard.press("F1")
    await shows(page, "ticket")
    await page.keyboard.press("b")
    await expect(page.locator("#ticket-number")).to_have_attribute("value", "B013")

    assert keys == ["F1", "b"]
    assert [body["service"] for _, body in hall.asked] == ["paspor_baru", "info"]


async def test_nobody_need_touch_to_leave(hall: FakeHall, kiosk: OpenKiosk):
    """What cannot be answered without a touch goes by itself, and no question is asked over it."""
    hall.views["kiosk:K1"] = alone()
    page = await kiosk("reader", clock=True)
    await read(page, "9780201379624")
    await shows(page, "problem")

    await hall.pass_time(page, 35)

    await shows(page, "reader")
    await expect(page.locator("#idle")).to_be_hidden()


async def test_nothing_is_given_while_the_building_is_left(hall: FakeHall, kiosk: OpenKiosk):
    """A code that is read then asks for nothing."""
    hall.views["kiosk:K1"] = alone()
    page = await kiosk("reader")
    await hall.push("kiosk:K1", replace(alone(), evacuation=canned.evacuation()))
    await expect(page.locator("#evacuated")).to_be_visible()

    await read(page, "PASPOR-1")

    assert hall.asked == []


@pytest.mark.parametrize("language", ["id", "ka", "ar"])
@pytest.mark.parametrize("size", [(1080, 1920), (1024, 768), (800, 1280)])
async def test_it_is_read_by_everybody(hall: FakeHall, kiosk: OpenKiosk, language: str, size: tuple[int, int]):
    """The first screen and a slip's, on every panel and in the longest language: no text is cut, axe finds nothing."""
    panel = SMALL if size == (1024, 768) else KioskPanel(dots_per_mm=size[1] / 476)
    hall.views["kiosk:K1"] = replace(alone(panel=panel), languages=(language, *(one for one in ALL if one != language)))
    steps = (replace(mall.ticket("B012").steps[0], state="no_show"),)
    hall.views[f"ticket:{SLIP}"] = replace(mall.ticket("B012"), id=SLIP, state="no_show", steps=steps)
    page = await kiosk("reader", viewport="desk")
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await settled(page)

    found = [*await axe(page, aaa=True), *await layout_faults(page)]
    await read(page, SLIP)
    await shows(page, "place")
    await settled(page)
    found += [*await axe(page, aaa=True), *await layout_faults(page)]

    assert found == []
