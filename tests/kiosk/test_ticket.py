"""One intended ticket is one ticket, whatever happens to taps, lines and answers; and the paper's fate is told."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.wire.api import TicketSlip, TicketView
from tests.browser import Screens, layout_faults
from tests.fakes import mall
from tests.fakes.hall import FakeHall, refusal
from tests.kiosk.conftest import OpenKiosk, choose, settled, shows, text
from tests.waiting import until


async def test_a_few_touches_lead_to_a_number(hall: FakeHall, kiosk: OpenKiosk):
    """Language, agency, service and category go into one request, and its number fills the page."""
    page = await kiosk()

    await page.get_by_role("button", name="English").click()
    await choose(page)
    await settled(page)
    await page.get_by_role("button", name="Do you need priority?").click()
    await settled(page)
    await page.get_by_role("button", name="Pregnant").click()
    await settled(page)
    await page.get_by_role("button", name="Take a ticket").click()

    await shows(page, "ticket")
    assert await text(page, "#ticket-number") == "B\u2009012"
    assert [body for _, body in hall.asked] == [
        {"service": "paspor_baru", "category": "pregnant", "language": "en", "kiosk": "K1"}
    ]


async def test_the_number_is_the_largest_thing_on_the_page(kiosk: OpenKiosk):
    """A number of four signs takes more than eight tenths of the panel's width, a longer one still fits."""
    page = await kiosk()
    await choose(page)

    await page.locator("#take").click()
    await shows(page, "ticket")

    box = await page.locator("#ticket-number").evaluate(
        "el => { const r = document.createRange(); r.selectNodeContents(el); return r.getBoundingClientRect().width; }"
    )
    assert 0.8 * 1080 < box <= 1080


@pytest.mark.parametrize("viewport", ["kiosk", "desk", "phone"])
@pytest.mark.parametrize("number", ["WWW9999", "ABC1234", "A1"])
async def test_the_longest_number_fits_its_page(
    hall: FakeHall, kiosk: OpenKiosk, screens: Screens, viewport: str, number: str
):
    """Three wide letters and four digits stand on one line, within the page."""
    page = await kiosk(viewport=viewport)
    await choose(page)
    await page.locator("#take").click()
    await shows(page, "ticket")

    await hall.push(f"ticket:{first(hall).id}", replace(first(hall), number=number))
    await expect(page.locator("#ticket-number")).to_contain_text(number[-4:].lstrip("AC"))

    assert await layout_faults(page) == []


async def test_two_taps_make_one_ticket(hall: FakeHall, kiosk: OpenKiosk):
    """A double tap on the button asks once."""
    page = await kiosk()
    await choose(page)

    await page.locator("#take").dblclick()
    await shows(page, "ticket")

    assert len(hall.asked) == 1


async def test_a_lost_answer_is_asked_for_again_with_the_same_key(hall: FakeHall, kiosk: OpenKiosk):
    """Lost requests, lost answers and 503 lead to retries under one key, and to one ticket."""
    hall.answers.extend(["lost", "drop", refusal("unavailable"), refusal("rate_limited")])
    page = await kiosk()
    await choose(page)

    await page.locator("#take").click()
    await expect(page.locator("#trouble")).to_be_visible()
    await shows(page, "ticket")

    assert len(hall.asked) == 5
    assert len({key for key, _ in hall.asked}) == 1
    assert len(hall.issued) == 1


async def test_a_page_loaded_anew_goes_on_with_the_same_key(hall: FakeHall, kiosk: OpenKiosk):
    """A kiosk that restarts in the middle of asking asks for the same ticket, not for another."""
    hall.answers.extend([refusal("unavailable")] * 2)
    page = await kiosk()
    await choose(page)
    await page.locator("#take").click()
    await expect(page.locator("#trouble")).to_be_visible()

    await page.reload()
    await shows(page, "ticket")

    assert len({key for key, _ in hall.asked}) == 1
    assert len(hall.issued) == 1


async def test_the_next_person_never_gets_the_number_of_the_one_before(hall: FakeHall, kiosk: OpenKiosk):
    """A wish ends with its person: who starts again has another key, and the server hears of the ticket nobody saw."""
    hall.answers.extend(["drop"] * 100)
    page = await kiosk(clock=True)
    await take_in_vain(page)

    await hall.pass_time(page, 20)
    await page.locator("#again").click()
    await shows(page, "agencies")
    hall.answers.clear()
    await settled(page)
    await choose(page)
    await settled(page)
    await page.locator("#take").click()
    await shows(page, "ticket")

    keys = list(dict.fromkeys(key for key, _ in hall.asked))
    assert await text(page, "#ticket-number") == "B\u2009013"
    assert hall.left == keys[:1]


async def test_whoever_has_gone_leaves_the_wish_behind(hall: FakeHall, kiosk: OpenKiosk):
    """While a ticket is asked for in vain the kiosk asks whether anybody is there, and then begins anew."""
    hall.answers.extend(["lost"] * 100)
    page = await kiosk(clock=True)
    await take_in_vain(page)

    await hall.pass_time(page, 46)
    await expect(page.locator("#idle")).to_be_visible()
    await hall.pass_time(page, 25)
    await shows(page, "agencies")

    await expect_left(hall, hall.asked[0][0])


async def test_another_language_is_another_person(hall: FakeHall, kiosk: OpenKiosk):
    """Whoever finds the kiosk busy with somebody's wish and speaks another language begins anew in it."""
    hall.answers.extend(["lost"] * 100)
    page = await kiosk(clock=True)
    await take_in_vain(page)

    await page.clock.run_for(5_000)
    await page.locator('[data-language="en"]').click()
    await shows(page, "issuing")
    await page.clock.run_for(15_000)
    await page.locator('[data-language="id"]').click()
    await hall.push("kiosk:K1")
    await shows(page, "agencies")

    await expect_left(hall, hall.asked[0][0])
    assert await page.locator("html").get_attribute("lang") == "id"


async def test_a_wish_from_before_a_long_outage_is_left(hall: FakeHall, kiosk: OpenKiosk):
    """A page that is loaded anew minutes later shows nobody the number of whoever stood there before."""
    hall.answers.extend(["drop"] * 100)
    page = await kiosk()
    await take_in_vain(page)
    await page.evaluate("""() => {
        const kept = JSON.parse(localStorage.getItem("wishes.K1"));
        localStorage.setItem("wishes.K1", JSON.stringify(kept.map(one => ({...one, at: one.at - 180000}))));
    }""")

    await page.reload()
    await shows(page, "agencies")

    await expect_left(hall, hall.asked[0][0])


async def test_what_was_seen_is_not_left(hall: FakeHall, kiosk: OpenKiosk):
    """A ticket whose number was shown, and a refusal that was read, are nobody's to claim."""
    hall.answers.append(refusal("quota_reached"))
    page = await kiosk()
    await choose(page)
    await page.locator("#take").click()
    await shows(page, "problem")
    await page.locator("#problem-go").click()
    await choose(page)
    await page.locator("#take").click()
    await shows(page, "ticket")
    await page.locator("#done").click()
    await shows(page, "agencies")

    assert hall.left == []
    assert await page.evaluate("() => localStorage.getItem('wishes.K1')") == "[]"


async def take_in_vain(page: Page) -> None:
    """A ticket is asked for, and no answer comes."""
    await settled(page)
    await choose(page)
    await page.locator("#take").click()
    await expect(page.locator("#trouble")).to_be_visible()


async def expect_left(hall: FakeHall, key: str) -> None:
    async with asyncio.timeout(10):
        await hall.told.wait()
    assert hall.left == [key]


async def test_the_next_ticket_has_a_key_of_its_own(hall: FakeHall, kiosk: OpenKiosk):
    """A second citizen who wants the same gets a second ticket."""
    page = await kiosk()
    for _ in range(2):
        await choose(page)
        await page.locator("#take").click()
        await shows(page, "ticket")
        await page.locator("#done").click()
        await shows(page, "agencies")

    assert len({key for key, _ in hall.asked}) == 2
    assert len(hall.issued) == 2


@pytest.mark.parametrize(
    ("code", "reason", "says"),
    [
        ("service_closed", "closed_now", "Layanan ini sedang tutup"),
        ("quota_reached", None, "Nomor untuk hari ini sudah habis"),
        ("unknown_service", None, "Layanan ini tidak tersedia lagi"),
        ("service_closed", "held", "Pelayanan berhenti sejenak"),
        ("forbidden", None, "Tidak berhasil"),
    ],
)
async def test_each_refusal_says_what_to_do(hall: FakeHall, kiosk: OpenKiosk, code: str, reason: str | None, says: str):
    """A refusal has a page of its own, in the citizen's words, with one way on; no number is shown."""
    hall.answers.append(refusal(code, reason))
    page = await kiosk()
    await choose(page)

    await page.locator("#take").click()
    await shows(page, "problem")

    assert await text(page, "#problem-title") == says
    assert await text(page, "#problem-help") != ""
    await page.locator("#problem-go").click()
    await shows(page, "agencies")


SLIPS = [
    (TicketSlip(state="queued"), "Nomor Anda sedang dicetak"),
    (TicketSlip(state="printing"), "Nomor Anda sedang dicetak"),
    (TicketSlip(state="printed"), "Silakan ambil kertas nomor B\u2009012"),
    (TicketSlip(state="printed", at={"id": "Printer lobi", "en": "Lobby"}), "nomor B\u2009012 di: Printer lobi"),
    (TicketSlip(state="queued", reason="paper_out"), "berlaku tanpa kertas"),
    (TicketSlip(state="queued", reason="head_hot"), "Sebentar"),
    (TicketSlip(state="printing", reason="head_hot"), "Sebentar"),
    (TicketSlip(state="printing", reason="paper_out"), "Jangan pakai kertas yang sobek"),
    (TicketSlip(state="printing", reason="no_status"), "Jika kertas tidak keluar"),
    (TicketSlip(state="not_printed", reason="cover_open"), "Mohon catat"),
    (TicketSlip(state="not_printed", reason="torn"), "Jangan pakai kertas yang sobek"),
    (TicketSlip(state="unknown", reason="lost"), "Jika kertas tidak keluar"),
    (TicketSlip(state="none"), "Mohon catat"),
]


async def test_the_kiosk_says_what_happened_to_the_paper(hall: FakeHall, kiosk: OpenKiosk):
    """Each state of the slip is told as it comes, and is never worded as more than is known."""
    page = await taken(hall, kiosk)
    issued = next(iter(hall.issued.values()))

    for slip, says in SLIPS:
        await hall.push(f"ticket:{issued.id}", replace(issued, slip=slip))

        await expect(page.locator("#slip")).to_contain_text(says)


@pytest.mark.parametrize(
    ("changes", "place", "wait"),
    [
        ({"people_ahead": 0, "wait_behind": 0}, "Anda berikutnya bila loket kosong", "20–35 menit"),
        ({"people_ahead": 0, "wait_behind": 7}, "7 orang di depan Anda", "20–35 menit"),
        (
            {"people_ahead": 0, "estimated_wait": None, "wait_reason": "no_counter"},
            "Tidak ada orang di depan Anda",
            "Belum ada loket yang buka",
        ),
    ],
)
async def test_place_and_wait_never_contradict(
    hall: FakeHall, kiosk: OpenKiosk, changes: dict[str, object], place: str, wait: str
):
    """Who is next waits for a counter, those of other services count, and without a counter no figure is told."""
    page = await taken(hall, kiosk)
    issued = next(iter(hall.issued.values()))

    await hall.push(f"ticket:{issued.id}", replace(issued, **changes))

    await expect(page.locator("#ticket-ahead")).to_have_text(place)
    await expect(page.locator("#ticket-wait")).to_have_text(wait)


async def test_the_number_stays_while_the_line_is_lost(hall: FakeHall, kiosk: OpenKiosk):
    """Nobody loses the number that they are reading, and the lost line is marked."""
    page = await taken(hall, kiosk)

    await hall.die()

    await expect(page.locator("#stale")).to_be_visible()
    await expect(page.locator("#ticket-number")).to_be_visible()


async def test_the_code_leads_to_the_ticket(hall: FakeHall, kiosk: OpenKiosk):
    """The picture beside the number is a real QR code of this ticket."""
    page = await taken(hall, kiosk)
    issued = next(iter(hall.issued.values()))

    source = await page.locator("#qr").get_attribute("src")
    answer = await page.request.get(page.url.replace("/kiosk/K1", f"{source}"))

    assert source == f"/qr/{issued.id}.svg"
    assert answer.headers["content-type"] == "image/svg+xml"
    assert await page.locator("#qr").evaluate("image => image.complete && image.naturalWidth > 0")


async def test_a_printed_number_goes_after_twenty_seconds_and_says_so(hall: FakeHall, kiosk: OpenKiosk):
    """The page counts down where it can be seen, a touch keeps it, then the next citizen finds the first screen."""
    page = await taken(hall, kiosk, clock=True)
    await paper(hall, page, "printed")

    await hall.pass_time(page, 15)
    await expect(page.locator("#closes")).to_be_visible()
    await page.locator("#ticket-number").click()
    await hall.pass_time(page, 15)
    await shows(page, "ticket")
    await hall.pass_time(page, 8)

    await shows(page, "agencies")


async def test_a_late_answer_is_seen_as_long_as_a_quick_one(hall: FakeHall, kiosk: OpenKiosk):
    """The time of the number counts from when it appeared, not from the touch that asked for it."""
    hall.answers.extend([refusal("unavailable")] * 4)
    page = await kiosk(clock=True)
    await take_in_vain(page)
    await page.clock.run_for(14_000)
    hall.answers.clear()
    await page.clock.run_for(10_000)
    await shows(page, "ticket")
    await paper(hall, page, "printed")

    await page.clock.run_for(18_000)

    await shows(page, "ticket")


async def test_late_paper_is_announced_as_long_as_quick_paper(hall: FakeHall, kiosk: OpenKiosk):
    """Paper that comes shortly before the page would close keeps it open, so that it is taken by whose it is."""
    page = await taken(hall, kiosk, clock=True)

    await hall.pass_time(page, 57)
    await paper(hall, page, "printed")
    await hall.pass_time(page, 18)
    await shows(page, "ticket")
    await hall.pass_time(page, 4)

    await shows(page, "agencies")


async def test_paper_of_who_has_gone_is_said_to_be_somebody_elses(hall: FakeHall, kiosk: OpenKiosk):
    """It comes out while the next person is choosing: they read whose it is, until they touch it or it is over."""
    page = await taken(hall, kiosk, clock=True)
    await hall.push(
        "ticket:" + first(hall).id, replace(first(hall), slip=TicketSlip(state="printing", reason="paper_out"))
    )
    await expect(page.locator("#slip")).to_contain_text("Jangan pakai")
    await page.locator("#done").click()
    await shows(page, "agencies")

    await hall.push("ticket:" + first(hall).id, replace(first(hall), slip=TicketSlip(state="printed")))
    await expect(page.locator("#late")).to_contain_text("B\u2009012")
    await hall.pass_time(page, 25)
    await expect(page.locator("#late")).to_be_visible()
    await settled(page)
    await page.locator("#late-seen").click()

    await expect(page.locator("#late")).to_be_hidden()


async def test_paper_that_never_comes_is_not_announced(hall: FakeHall, kiosk: OpenKiosk):
    """A slip that ended unprinted, or at another printer, lies in nobody's way."""
    page = await taken(hall, kiosk)
    await page.locator("#done").click()
    await shows(page, "agencies")

    elsewhere = TicketSlip(state="printed", at={"id": "Printer lobi"})
    await hall.push("ticket:" + first(hall).id, replace(first(hall), slip=elsewhere))
    await until(lambda: hall.watchers == 1)

    await expect(page.locator("#late")).to_be_hidden()


def first(hall: FakeHall) -> TicketView:
    return next(iter(hall.issued.values()))


async def paper(hall: FakeHall, page: Page, state: str) -> None:
    """What becomes of the slip, seen by the page."""
    await hall.push(f"ticket:{first(hall).id}", replace(first(hall), slip=TicketSlip(state=state)))
    await page.locator(f'[data-slip="{state}"]').wait_for()


async def taken(hall: FakeHall, kiosk: OpenKiosk, *, clock: bool = False) -> Page:
    page = await kiosk(clock=clock)
    await choose(page)
    await page.locator("#take").click()
    await shows(page, "ticket")
    assert mall.ticket().number == "B012"
    return page
