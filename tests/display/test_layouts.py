"""A board's other layouts: everybody at the counters, a waiting list, the entrance; in every state, on every panel."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import FloatRect, Page, async_playwright, expect

from queue_server.wire.api import Evacuation, Named, Wait
from queue_server.wire.boards import BoardAgency, BoardView, BoardWaiting
from tests.browser import Screens, axe, launch, layout_faults
from tests.display.conftest import OpenDisplay, ago, big, shows
from tests.display.test_board import NOTICE, OLD, outside
from tests.display.test_counters import still, turned
from tests.fakes import mall
from tests.fakes.hall import FakeHall

STANDS = ("open", "open", "open", "closed", "full", "paused")
LONG = {"id": "Badan Perencanaan Pembangunan dan Pemberdayaan Masyarakat", "en": "Planning and Community Development"}


def wait(minutes: int) -> Wait:
    return Wait(p50_s=minutes * 60, p90_s=(2 * minutes + 3) * 60)


def agencies(count: int) -> tuple[BoardAgency, ...]:
    named = [*mall.AGENCY_NAMES, *mall.AGENCY_NAMES][:count]
    return tuple(
        BoardAgency(
            id=f"{id_}{n}",
            name=LONG if n == 1 else {"id": indonesian, "en": english},
            colour=colour,
            state=STANDS[n % 6],
            waiting=3 * n,
            estimated_wait=wait(n) if n % 6 < 2 else None,
            wait_reason="no_counter" if n % 6 == 2 else None,
            opens_at="2026-11-30T01:00:00Z" if n % 6 == 3 else None,
            zones=WHERE[n % 4],
        )
        for n, (id_, indonesian, english, colour) in enumerate(named)
    )


def queue(count: int) -> tuple[BoardWaiting, ...]:
    told = [{"estimated_wait": wait(n)} if n % 7 else {"wait_reason": "no_counter"} for n in range(count)]
    return tuple(BoardWaiting(number=f"{'AB'[: 1 + n % 2]}{n:03d}", **one) for n, one in enumerate(told))


COUNTERS = tuple(str(n) for n in range(1, 61))
WAYS = {"a": "up-left", "b": "right"}
WHERE = (("a",), ("b",), ("a", "b"), ())
MAP = {
    "a": (
        tuple(map(str, range(1, 13))),
        (
            ".",
            ".",
            "*",
            *".........",
        ),
        tuple(map(str, range(13, 25))),
    )
}
SERVED = mall.serving({counter: f"C{counter:0>3}" for counter in COUNTERS})
FRESH = [mall.call(90 - n, f"AC{900 + n}", f"Loket {10 + n}", ago(0), "ab"[n % 2], recall=n == 0) for n in range(3)]

LAYOUTS: dict[str, BoardView] = {
    "serving": mall.board(*OLD, layout="serving", serving=SERVED, counters=COUNTERS, notice=NOTICE),
    "serving few": mall.board(*OLD, layout="serving", serving=SERVED[:3], counters=COUNTERS),
    "serving called": mall.board(*FRESH, *OLD, layout="serving", serving=SERVED, counters=COUNTERS),
    "waiting": mall.board(*OLD, layout="waiting", queue=queue(70), notice=NOTICE),
    "waiting nobody": mall.board(*OLD, layout="waiting"),
    "waiting no call": mall.board(layout="waiting", queue=queue(3)),
    "waiting called": mall.board(*FRESH, layout="waiting", queue=queue(30)),
    "entrance": mall.board(*OLD, layout="entrance", agencies=agencies(24), notice=NOTICE),
    "entrance few": mall.board(layout="entrance", agencies=agencies(5)),
    "entrance called": mall.board(*FRESH, *OLD, layout="entrance", agencies=agencies(14)),
    "the way, one call": mall.board(*FRESH[:1], *OLD, serving=SERVED, counters=COUNTERS, arrows=WAYS, plans=MAP),
    "the way, calls": mall.board(*FRESH, *OLD, serving=SERVED, counters=COUNTERS, arrows=WAYS, plans=MAP),
    "the way, serving": mall.board(*FRESH[:2], layout="serving", serving=SERVED, arrows=WAYS, plans=MAP),
    "the way, waiting": mall.board(*FRESH[:1], layout="waiting", queue=queue(30), arrows=WAYS, plans=MAP),
    "the way, entrance": mall.board(*FRESH, *OLD, layout="entrance", agencies=agencies(24), arrows=WAYS),
    "from the right": mall.board(*OLD, layout="entrance", agencies=agencies(9), languages=("ar", "id")),
}


@pytest.mark.parametrize("viewport", ["hall", "kiosk"])
@pytest.mark.parametrize("layout", LAYOUTS)
async def test_every_layout_is_accessible_and_whole(hall: FakeHall, display: OpenDisplay, layout: str, viewport: str):
    """axe finds nothing, no text is cut off and nothing lies outside the screen, lying or upright."""
    hall.views["board:hall"] = LAYOUTS[layout]

    page = await display("calls", viewport=viewport)

    assert [*await axe(page, aaa=True), *await layout_faults(page)] == []
    assert await outside(page) == []


@pytest.mark.parametrize("layout", ["serving", "waiting", "entrance"])
async def test_holds_and_evacuations_take_every_layout_away(hall: FakeHall, display: OpenDisplay, layout: str):
    """Nobody reads a list while calls pause or everybody must leave."""
    view = LAYOUTS[layout]
    hall.views["board:hall"] = view
    page = await display("calls")

    await hall.push("board:hall", replace(view, held="prayer", held_text={"id": "Salat", "en": "Prayer"}))
    await shows(page, "held")
    await expect(page.locator(".hall")).to_be_hidden()
    leave = Evacuation(since=ago(1), text={}, assembly_point={"id": "Lapangan", "en": "Field"})
    await hall.push("board:hall", replace(view, evacuation=leave))

    await shows(page, "evacuation")
    await expect(page.locator(".hall")).to_be_hidden()


@pytest.mark.parametrize("layout", ["serving", "waiting"])
async def test_a_call_is_never_hidden_by_a_page(hall: FakeHall, display: OpenDisplay, layout: str):
    """However far the list has been leafed through, a call stands big above it at once."""
    hall.views["board:hall"] = replace(LAYOUTS[layout], calls=())
    page = await still(await display("calls", clock=True))
    mark = "#page" if layout == "serving" else "#overview-page"
    await turned(page, mark)

    await hall.push("board:hall", replace(LAYOUTS[layout], calls=(replace(FRESH[0], at=ago(0)),)))

    await expect(page.locator("#calls .call:visible .called")).to_have_text("AC\u2009900")
    assert await big(page) == [["AC\u2009900", "Loket\n10"]]


async def test_a_call_stands_at_the_entrance_beside_every_page(hall: FakeHall, display: OpenDisplay):
    """The newest is the first of the column of calls, which no page of agencies touches."""
    hall.views["board:hall"] = LAYOUTS["entrance"]
    page = await display("calls")

    fresh = mall.call(99, "AC901", "7", ago(0))
    await hall.push("board:hall", replace(LAYOUTS["entrance"], calls=(fresh, *OLD)))

    await expect(page.locator("#earlier li:visible .number:first-child").first).to_have_text("AC\u2009901")
    await expect(page.locator("#earlier li:visible").first).to_have_class("earlier-call pulse")


@pytest.mark.parametrize(
    ("layout", "cells", "count"),
    [("waiting", "#queue .wait:visible .number", 70), ("entrance", "#agencies .agency:visible", 24)],
)
async def test_everything_is_shown_once_a_round(
    hall: FakeHall, display: OpenDisplay, layout: str, cells: str, count: int
):
    """What does not fit has its page, and none is left out."""
    hall.views["board:hall"] = LAYOUTS[layout]
    page = await still(await display("calls", clock=True))
    while not (await page.locator("#overview-page").inner_text()).startswith("1"):
        await turned(page, "#overview-page")
    pages = int((await page.locator("#overview-page").inner_text()).split("/")[1])

    shown = await page.locator(cells).all_inner_texts()
    for _ in range(pages - 1):
        await turned(page, "#overview-page")
        shown += await page.locator(cells).all_inner_texts()

    assert pages > 1
    assert len(shown) == len(set(shown)) == count


async def test_facts_take_turns_in_the_boards_languages(hall: FakeHall, display: OpenDisplay):
    """A name stands in two languages at once, a wait in each of them in turn, marked as that language."""
    hall.views["board:hall"] = LAYOUTS["entrance few"]
    page = await still(await display("calls", clock=True))
    state = page.locator("#agencies .agency:visible .state").first

    seen = []
    for _ in range(2):
        seen.append((await state.get_attribute("lang"), await state.inner_text()))
        await turned(page, "#agencies .agency:first-child .state")

    assert sorted(seen) == [("en", "up to 3 min"), ("id", "sampai 3 menit")]
    names = await page.locator("#agencies .agency-names").first.locator("span:visible").all_inner_texts()
    assert names == ["Dinas Kependudukan dan Pencatatan Sipil", "Population and Civil Registration"]


async def test_a_closed_mall_still_says_when_its_agencies_open(hall: FakeHall, display: OpenDisplay):
    """At a locked door the entrance says when to come back, in place of a mere "closed"."""
    closed = tuple(replace(one, state="closed", opens_at="2026-11-30T01:00:00Z") for one in agencies(3))
    hall.views["board:hall"] = mall.board(layout="entrance", agencies=closed, open=False)

    page = await display("calls")

    await expect(page.locator("#agencies .agency:visible .state").first).to_have_text("Tutup")


async def test_a_lost_line_marks_a_list_too(hall: FakeHall, display: OpenDisplay):
    """Waits that may be old are marked, as numbers are."""
    hall.views["board:hall"] = LAYOUTS["waiting"]
    page: Page = await display("calls")

    await hall.die()

    await expect(page.locator("#stale")).to_be_visible()
    assert await outside(page) == []


PLAN = {"a": (("1", "2", "3", "4", "5", "6"), (".", ".", "*", ".", ".", "."), ("7", "8", "9", "10", "11", "12"))}


@pytest.mark.parametrize("layout", ["calls", "serving", "waiting"])
@pytest.mark.parametrize("viewport", ["hall", "kiosk"])
async def test_a_call_shows_the_way_by_arrow_and_map(hall: FakeHall, display: OpenDisplay, viewport: str, layout: str):
    """The arrow points as this board was told, whatever its languages, and of the zone's counters one is filled."""
    call = mall.call(50, "A012", "9", ago(0), recall=True)
    ways = {"plans": PLAN, "arrows": {"a": "up-left"}, "languages": ("ar", "id")}
    hall.views["board:hall"] = mall.board(call, *OLD, layout=layout, queue=queue(9), serving=SERVED[:9], **ways)

    page = await display("calls", viewport=viewport)

    arrow = page.locator("#calls .call:visible .arrow use")
    assert (await arrow.get_attribute("href") or "").endswith("#arrow-up-left")
    assert await page.locator("#calls .call:visible .arrow").evaluate("el => getComputedStyle(el).transform") == "none"
    assert await page.locator("#calls .call:visible .plan-at").count() == 12
    await expect(page.locator("#calls .call:visible .plan-at[data-it]")).to_have_text("9")
    frame, way, plan = [await box(page, f"#calls .call:visible {part}") for part in (".counter", ".way", ".plan")]
    assert not overlap(frame, plan, apart=8)
    assert not overlap(way, plan)
    assert not overlap(frame, way)
    assert [*await axe(page, aaa=True), *await layout_faults(page)] == []
    assert await outside(page) == []


async def box(page: Page, selector: str) -> FloatRect:
    found = await page.locator(selector).bounding_box()
    assert found is not None
    return found


def overlap(one: FloatRect, other: FloatRect, apart: float = 0) -> bool:
    """They lie over one another, or nearer than so many pixels."""
    across = one["x"] < other["x"] + other["width"] + apart and other["x"] < one["x"] + one["width"] + apart
    down = one["y"] < other["y"] + other["height"] + apart and other["y"] < one["y"] + one["height"] + apart
    return across and down


@pytest.mark.parametrize("viewport", ["hall", "kiosk"])
@pytest.mark.parametrize("layout", ["calls", "serving", "waiting"])
async def test_several_calls_keep_their_way_in_words(hall: FakeHall, display: OpenDisplay, layout: str, viewport: str):
    """Three calls at once, one of them a recall: each has its arrow and readable words beside it."""
    calls = [mall.call(90 - n, f"AC{900 + n}", str(10 + n), ago(0), "ab"[n % 2], recall=n == 0) for n in range(3)]
    hall.views["board:hall"] = mall.board(*calls, layout=layout, queue=queue(9), serving=SERVED, arrows=WAYS)

    page = await display("calls", viewport=viewport)

    rows = await page.locator("#calls .call:visible").all()
    assert len(rows) == 3
    for row in rows:
        words, arrow = row.locator(".way span").first, row.locator(".arrow")
        size = await words.evaluate("el => parseFloat(getComputedStyle(el).fontSize)")
        shown = await row.locator(".way").bounding_box()
        assert shown is not None
        assert shown["height"] >= size >= 14
        await expect(arrow).to_be_visible()


@pytest.mark.parametrize("layout", ["calls", "entrance"])
async def test_the_rows_of_earlier_calls_point_too(hall: FakeHall, display: OpenDisplay, layout: str):
    """Each row points to its zone, a recall has both marks, and where no way is known nothing seems to point."""
    calls = [mall.call(60, "A001", "1", ago(300), "a", recall=True), mall.call(59, "A002", "2", ago(301), "b")]
    lost, moved = mall.call(58, "A003", "3", ago(302), "c"), mall.call(57, "A004", "4", ago(303), "a")
    first = mall.call(70, "A009", "9", ago(290))
    view = mall.board(first, *calls, lost, replace(moved, moved=True), layout=layout, agencies=agencies(3), arrows=WAYS)
    hall.views["board:hall"] = view if layout == "calls" else replace(view, calls=view.calls[1:])

    page = await display("calls")

    signs = page.locator("#earlier li:visible .goes")
    pointed = await signs.evaluate_all(
        "all => all.map(one => one.firstElementChild.getAttribute('href').split('#')[1])"
    )
    assert pointed[:2] == ["arrow-up-left", "arrow-right"]
    assert [await signs.nth(n).is_visible() for n in range(4)] == [True, True, False, True]
    await expect(page.locator("#earlier li:visible .again .icon").first).to_be_visible()
    await expect(page.locator("#earlier li:visible .moved .icon").last).to_be_visible()


async def test_who_is_on_the_way_is_shown_the_way_among_the_counters(hall: FakeHall, display: OpenDisplay):
    """In the list of counters a called number points to its zone, one that has arrived points nowhere."""
    at = (replace(SERVED[0], state="called", zone="b"), replace(SERVED[1], state="serving", zone="b"))
    hall.views["board:hall"] = mall.board(*OLD, layout="serving", serving=at, counters=COUNTERS, arrows=WAYS)

    page = await display("calls")

    called, served = page.locator('.cell[data-state="called"] .goes'), page.locator('.cell[data-state="serving"] .goes')
    assert ((await called.locator("use").get_attribute("href")) or "").endswith("#arrow-right")
    await expect(called).to_be_visible()
    await expect(served).to_be_hidden()


async def test_the_entrance_says_where_each_agency_is(hall: FakeHall, display: OpenDisplay):
    """An open agency has its zone and the arrow to it, or the names of two zones; a closed one sends nobody on."""
    hall.views["board:hall"] = mall.board(layout="entrance", agencies=agencies(4), arrows=WAYS)

    page = await display("calls")

    ways = [row.locator(".agency-way") for row in await page.locator("#agencies .agency:visible").all()]
    assert [(await way.inner_text()).strip() for way in ways[:3]] == ["Zona A", "Zona B", "Zona A, Zona B"]
    arrows = [way.locator(".goes") for way in ways[:3]]
    assert [await arrow.is_visible() for arrow in arrows] == [True, True, False]
    await expect(ways[3].locator(".zone")).to_be_hidden()


async def test_a_hall_of_one_zone_says_no_zone(hall: FakeHall, display: OpenDisplay):
    """Where every agency is in the one zone there is, its name beside each of them would say nothing."""
    view = mall.board(layout="entrance", agencies=agencies(3))
    hall.views["board:hall"] = replace(view, zones=view.zones[:1])

    page = await display("calls")

    await expect(page.locator("#agencies .agency-way").first).to_be_hidden()


async def test_another_counter_on_the_way_is_marked(hall: FakeHall, display: OpenDisplay):
    """Whoever walks to one counter and is called to another sees that it changed, not only a number again."""
    hall.views["board:hall"] = mall.board(replace(mall.call(50, "A012", "9", ago(0)), moved=True), *OLD)

    page = await display("calls")

    await expect(page.locator("#calls .call:visible .moved")).to_contain_text("Pindah ke loket lain")
    await expect(page.locator("#calls .call:visible .again")).to_be_hidden()
    await expect(page.locator("#read")).to_contain_text("Pindah ke loket lain")
    assert await outside(page) == []


async def test_languages_may_take_turns_in_one_place(hall: FakeHall, display: OpenDisplay):
    """One language at a time, and the page does not turn round with a language that is read from the right."""
    notice = {"id": "Gratis", "en": "Free", "ar": "مجاني"}
    hall.views["board:hall"] = mall.board(*OLD, languages=("id", "ar"), notice=notice, alternate=True)
    page = await still(await display("calls", clock=True))

    seen = []
    for _ in range(2):
        first, second = await page.locator("#notice span").all()
        assert await second.get_attribute("hidden") is not None
        seen.append((await first.text_content(), await page.locator("html").get_attribute("dir")))
        await turned(page, "#notice span:first-child")

    assert sorted(seen) == [("Gratis", "ltr"), ("مجاني", "ltr")]


async def test_the_malls_name_stays_large_beside_the_notice_of_sound(address: str, hall: FakeHall):
    """What asks for a touch takes two lines and leaves the name its size."""
    name = {"id": "Layar utama", "en": "Main display"}
    mall_name = {
        "id": "Mal Pelayanan Publik Kota Nusa Raya",
        "en": "Nusa Raya Public Service Mall",
    }
    hall.views["board:hall"] = mall.board(*OLD, name=name, mall=mall_name)
    async with async_playwright() as playwright:
        screens = Screens(await launch(playwright, autoplay=False))
        page = await screens.open(f"{address}/display/hall", viewport="hall")
        await expect(page.locator("#sound")).to_be_visible()

        size = await page.locator("#mall").evaluate("el => parseFloat(getComputedStyle(el).fontSize)")
        lines = await page.locator("#sound .said span:visible").count()
        await screens.close()

    assert size >= 0.75 * 2.25 * 16
    assert lines == 2


@pytest.mark.parametrize("viewport", ["hall", "kiosk"])
async def test_letters_that_the_width_forbids_leave_no_page_half_empty(
    hall: FakeHall, display: OpenDisplay, viewport: str
):
    """A far seat wants larger letters than an agency's row has room for: then a page holds as many rows as it can."""
    far = {"panel_mm": 809.4, "call_mm": 97.6, "row_mm": 40}
    zone = Named(id="a", name={"id": "ჩრდილოეთი ზონა", "en": "North zone"})
    hall.views["board:hall"] = mall.board(
        *OLD, layout="entrance", agencies=agencies(24), zones=(zone, *mall.ZONES[1:]), arrows=WAYS, **far
    )

    page = await display("calls", viewport=viewport)

    free = await page.evaluate("""() => {
        const list = document.getElementById('agencies').getBoundingClientRect();
        const rows = [...document.querySelectorAll('#agencies > .agency')].filter((row) => row.checkVisibility());
        const last = rows.at(-1).getBoundingClientRect();
        return (list.bottom - last.bottom) / last.height;
    }""")
    assert free < 2
    assert await layout_faults(page) == []


@pytest.mark.parametrize("calls", [2, 3])
async def test_what_is_said_of_one_of_several_calls_stays_clear_of_its_counter(
    hall: FakeHall, display: OpenDisplay, calls: int
):
    """That a call is repeated stands below the way, in lines of its own place; the counter's frame has another."""
    now = [replace(call, at=ago(0)) for call in FRESH[:calls]]
    hall.views["board:hall"] = mall.board(*now, *OLD, counters=COUNTERS, arrows=WAYS, panel_mm=809.4)

    page = await display("calls")
    await expect(page.locator("#now")).to_have_attribute("data-calls", str(calls))
    said = await page.locator("#calls .call:visible .again:visible .said").first.bounding_box()
    counter = await page.locator("#calls .call:visible .counter").first.bounding_box()
    assert said is not None
    assert counter is not None
    assert said["x"] + said["width"] <= counter["x"]
