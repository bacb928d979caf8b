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
from tests.fakes.hall import FakeHall, refusal
from tests.kiosk.conftest import OpenKiosk, choose, read, settled, shows
from tests.waiting import until

ASKS = (
    Question(
        id="name", asks="name", purpose={"id": "Agar kami dapat memanggil nama Anda", "en": "To call you by name"}
    ),
    Question(id="phone", asks="phone", purpose={"id": "Agar kami dapat menelepon Anda", "en": "To call you back"}),
)
NIK = Question(
    id="nik",
    asks="identity",
    purpose={"id": "Satu nomor sehari untuk setiap orang", "en": "One ticket a day for each person"},
    number="nik",
    shapes=("9" * 16,),
    needed=True,
    kept=False,
)
FIN = replace(NIK, number="fin", shapes=("*" * 7,), needed=False, kept=True)
SMALL = KioskPanel(dots_per_mm=dots_per_mm(Panel(inches=15.0, width=1024, height=768)))


def asking(*asks: Question, **changes: object) -> KioskView:
    view = mall.kiosk(languages=("id", "en", "ka", "ar"), **changes)
    services = (replace(view.agencies[1].services[0], asks=asks or ASKS), *view.agencies[1].services[1:])
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


async def test_an_identity_number_is_typed_unseen(hall: FakeHall, kiosk: OpenKiosk):
    """On keys with figures alone, hidden from who stands behind; whoever types may look; it goes with the wish."""
    hall.views["kiosk:K1"] = asking(NIK)
    page = await kiosk()
    await asked(page)
    await expect(page.locator("#answer-title")).to_have_text("Berapa NIK di KTP Anda?")
    await expect(page.locator("#answer-kept")).to_contain_text("tidak disimpan")
    keys = await page.locator("#answer-keyboard .button:not(.wide)").all_inner_texts()
    for figure in "3273010101800002":
        await page.locator("#answer-keyboard").get_by_role("button", name=figure, exact=True).click()
    await expect(page.locator("#answer")).to_have_css("-webkit-text-security", "disc")
    await page.locator("#answer-show").click()
    await expect(page.locator("#answer")).to_have_css("-webkit-text-security", "none")
    await page.locator("#answer-go").click()
    await shows(page, "ticket")

    assert "".join(keys) == "1234567890"
    assert [body["citizen"] for _, body in hall.asked] == [{"identity": "3273010101800002"}]
    assert "32730101" not in await page.evaluate("() => JSON.stringify([localStorage, sessionStorage])")


async def test_a_number_of_another_form_is_said_at_once(hall: FakeHall, kiosk: OpenKiosk):
    """How many signs it has, before anything is sent; none at all is no answer where it is needed."""
    hall.views["kiosk:K1"] = asking(NIK)
    page = await kiosk()
    await asked(page)
    wrong = page.locator("#answer-wrong")
    await page.locator("#answer-go").click()
    await expect(wrong).to_contain_text("16 angka")

    for said in ("327301010180000", "327301010180000A"):
        await page.locator("#answer").fill(said)
        await expect(wrong).to_be_hidden()
        await page.locator("#answer-go").click()
        await expect(wrong).to_contain_text("16 angka")

    assert hall.asked == []


async def test_a_hidden_number_is_not_said(hall: FakeHall, kiosk: OpenKiosk):
    """With reading on, each of its signs is "digit" to whoever stands near; that it is wrong is said."""
    hall.views["kiosk:K1"] = replace(asking(NIK), speaks=("id",))
    page = await kiosk()
    await page.keyboard.press("0")
    await asked(page)
    await until(lambda: any("NIK" in one["text"] for one in hall.said))
    hall.said.clear()

    for figure in "73":
        await page.locator("#answer-keyboard").get_by_role("button", name=figure, exact=True).click()
    await until(lambda: any(one["text"] == "angka" for one in hall.said))
    await page.locator("#answer-go").click()
    await until(lambda: any("16 angka" in one["text"] for one in hall.said))

    assert not {"7", "3"} & {one["text"] for one in hall.said}


async def test_what_the_server_finds_wrong_can_be_mended(hall: FakeHall, kiosk: OpenKiosk):
    """A day that there is not: the number stands there again, hidden, with what is wrong, and the next one counts."""
    hall.views["kiosk:K1"] = asking(NIK)
    hall.answers.append(refusal("invalid", "identity"))
    page = await kiosk()
    await asked(page)
    await page.locator("#answer").fill("3273013201800002")
    await page.locator("#answer-go").click()
    await expect(page.locator("#answer-wrong")).to_contain_text("tidak mungkin benar")
    await expect(page.locator("#answer")).to_have_value("3273013201800002")
    await settled(page)

    await page.locator("#answer").fill("3273010101800002")
    await page.locator("#answer-go").click()
    await shows(page, "ticket")

    said = [body["citizen"] for _, body in hall.asked]
    assert said == [{"identity": "3273013201800002"}, {"identity": "3273010101800002"}]


@pytest.mark.parametrize("language", ["id", "en", "ka", "ar"])
async def test_whoever_has_no_number_hears_where_to_go(hall: FakeHall, kiosk: OpenKiosk, language: str):
    """Without it the kiosk gives no ticket: it says so, and the desk does; nothing is sent."""
    hall.views["kiosk:K1"] = asking(NIK)
    page = await kiosk()
    await page.locator(f'[data-language="{language}"]').click()
    await asked(page)

    await page.locator("#answer-skip").click()
    await shows(page, "problem")

    assert await page.locator('[data-screen="problem"]').get_attribute("data-problem") == "fail.identity_needed"
    assert hall.asked == []
    assert [*await axe(page, aaa=True), *await layout_faults(page)] == []


async def test_the_second_ticket_of_a_day_is_refused_politely(hall: FakeHall, kiosk: OpenKiosk):
    """It says that this number had its ticket, that there is no second one, and where to ask; not which it was."""
    hall.views["kiosk:K1"] = asking(NIK)
    hall.answers.append(refusal("quota_reached", "daily_limit"))
    page = await kiosk()
    await asked(page)
    await page.locator("#answer").fill("3273010101800002")
    await page.locator("#answer-go").click()
    await shows(page, "problem")

    assert await page.locator('[data-screen="problem"]').get_attribute("data-problem") == "fail.daily_limit"
    await expect(page.locator("#problem-help")).to_contain_text("meja informasi")
    await page.locator("#problem-go").click()
    await shows(page, "agencies")


@pytest.mark.parametrize("language", ["id", "ka", "ar"])
@pytest.mark.parametrize("size", [(1080, 1920, 21.5), (1024, 768, 15.0), (800, 1280, 13.3)])
async def test_an_identity_number_has_room(
    hall: FakeHall, kiosk: OpenKiosk, language: str, size: tuple[int, int, float]
):
    """With letters, an error and what becomes of it, on every panel: nothing is cut, and keys hide nothing."""
    width, height, inches = size
    panel = KioskPanel(dots_per_mm=dots_per_mm(Panel(inches=inches, width=width, height=height)))
    spoken = (language, *(one for one in ("id", "en", "ka", "ar") if one != language))
    hall.views["kiosk:K1"] = replace(asking(FIN, panel=panel), languages=spoken, codes={"PASPOR": "paspor_baru"})
    page = await kiosk(viewport="desk")
    await page.set_viewport_size({"width": width, "height": height})
    await page.reload()
    await shows(page, "agencies")
    await read(page, "PASPOR")
    await shows(page, "confirm")
    await settled(page)
    await page.locator("#take").click()
    await shows(page, "ask")
    await page.locator("#answer").fill("5GXM4D")
    await page.locator("#answer-go").click()
    await expect(page.locator("#answer-wrong")).to_be_visible()

    ends = await page.locator("#answer-go").evaluate("button => button.getBoundingClientRect().bottom")
    begins = await page.locator("#answer-keyboard").evaluate("keys => keys.getBoundingClientRect().top")
    assert ends < begins
    assert [*await axe(page, aaa=True), *await layout_faults(page)] == []
