"""The line at the foot: the board's notice and what staff announce, page by page; an urgent one alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace
from playwright.async_api import expect

from queue_server.wire.api import Evacuation
from queue_server.wire.boards import BoardAnnouncement
from tests.browser import axe, layout_faults
from tests.display.conftest import OpenDisplay, ago, shows
from tests.display.test_board import NOTICE, OLD, outside
from tests.display.test_counters import still, turned
from tests.fakes import mall
from tests.fakes.hall import FakeHall

FIRST = "#notice span:first-child"


def said(
    indonesian: str, english: str = "", *, since: str = "", until: str | None = None, urgent: bool = False
) -> BoardAnnouncement:
    texts = {"id": indonesian} | ({"en": english} if english else {})
    return BoardAnnouncement(id=indonesian[:9], texts=texts, since=since or ago(60), until=until, urgent=urgent)


def within(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


EAST = said("Loket 5 pindah ke sayap timur", "Counter 5 moved to the east wing")
LONG = said(
    "Antrean layanan paspor hari ini ditutup lebih awal pukul 14.00 karena pemeliharaan jaringan; tiket yang sudah "
    "diambil tetap dilayani sampai selesai.",
    "Passport services close early today at 14:00 for maintenance of the network; who has a ticket is still served.",
)


async def test_what_is_announced_takes_turns_with_the_notice(hall: FakeHall, display: OpenDisplay):
    """Page by page, in both languages of the board; nothing scrolls."""
    hall.views["board:hall"] = mall.board(*OLD, notice=NOTICE, announcements=(EAST,))
    page = await still(await display("calls", clock=True))

    seen = set()
    for _ in range(2):
        seen.add(tuple(await page.locator("#notice span").all_text_contents()))
        await turned(page, FIRST)

    assert seen == {(NOTICE["id"], NOTICE["en"]), (EAST.texts["id"], EAST.texts["en"])}


async def test_an_urgent_one_stands_alone_at_once(hall: FakeHall, display: OpenDisplay):
    """It takes the place of all others, is told apart by more than colour, and goes when it is taken off."""
    quiet = mall.board(*OLD, notice=NOTICE, announcements=(EAST,))
    urgent = said("Harap tenang: latihan evakuasi", "Stay calm: an evacuation drill", urgent=True)
    hall.views["board:hall"] = quiet
    page = await display("calls")

    await hall.push("board:hall", replace(quiet, announcements=(urgent, EAST)))
    await expect(page.locator(FIRST)).to_have_text("Harap tenang: latihan evakuasi")
    icon = await page.locator("#strip-icon use").get_attribute("href")
    found = [*await axe(page, aaa=True), *await layout_faults(page), *await outside(page)]
    await hall.push("board:hall", replace(quiet, announcements=()))

    await expect(page.locator(FIRST)).to_have_text(NOTICE["id"])
    assert (icon or "").endswith("#megaphone")
    assert found == []


async def test_it_begins_and_ends_by_the_malls_clock(hall: FakeHall, display: OpenDisplay):
    """What is to come is not shown yet, and what is over goes, without a word from the server."""
    later = said("Nanti", since=within(3600))
    over = said("Sudah lewat", since=ago(600), until=ago(1))
    soon = said("Sebentar lagi", until=within(3))
    hall.views["board:hall"] = mall.board(*OLD, announcements=(later, over, soon))
    page = await display("calls")
    await expect(page.locator(FIRST)).to_have_text("Sebentar lagi")

    await expect(page.locator("#strip")).to_be_hidden(timeout=10_000)


async def test_a_text_of_one_language_is_shown_to_all(hall: FakeHall, display: OpenDisplay):
    """In the language that it was given in, once, and marked as that language."""
    hall.views["board:hall"] = mall.board(*OLD, announcements=(said("Hanya ini"),), languages=("en", "id"))

    page = await display("calls")

    await expect(page.locator(FIRST)).to_have_text("Hanya ini")
    await expect(page.locator(FIRST)).to_have_attribute("lang", "id")
    await expect(page.locator("#notice span:last-child")).to_be_hidden()


async def test_a_long_text_has_a_page_for_each_language(hall: FakeHall, display: OpenDisplay):
    """Instead of letters that nobody reads; no letter is lost and none lies outside."""
    hall.views["board:hall"] = mall.board(*OLD, announcements=(LONG,))
    page = await still(await display("calls", clock=True))

    seen = set()
    for _ in range(2):
        seen.add(await page.locator(FIRST).text_content())
        assert (
            await page.locator("#notice").evaluate("el => getComputedStyle(el).getPropertyValue('--fit') || 1") == "1"
        )
        assert await outside(page) == []
        await turned(page, FIRST)

    assert seen == set(LONG.texts.values())


async def test_an_evacuation_leaves_no_line(hall: FakeHall, display: OpenDisplay):
    """Nobody reads of counters while everybody must leave."""
    leave = mall.board(announcements=(EAST,))
    hall.views["board:hall"] = leave
    page = await display("empty")
    await expect(page.locator("#strip")).to_be_visible()

    await hall.push("board:hall", replace(leave, evacuation=Evacuation(since=ago(1), text={}, assembly_point={})))

    await shows(page, "evacuation")
    await expect(page.locator("#strip")).to_be_hidden()
