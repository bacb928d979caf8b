"""At the counters now: everybody who is called or served can be found, however many they are."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import Error, Page, expect

from queue_server.wire.boards import BoardView
from tests.browser import layout_faults
from tests.display.conftest import OpenDisplay, ago, big
from tests.fakes import mall
from tests.fakes.hall import FakeHall

TURN_MS = 8000
TICK_MS = 500
SHOWN = "#serving .cell:visible .number:first-child"
CAPITAL = "el => parseFloat(getComputedStyle(el).fontSize) * 0.714"


def opening(count: int) -> BoardView:
    """A morning at which so many counters have called one after the other, the last one first in the list."""
    called = tuple(replace(at, state="called") for at in mall.serving({str(n): f"AC{n:03d}" for n in range(count)}))
    calls = [mall.call(100 + n, f"AC{n:03d}", str(n), ago(0)) for n in reversed(range(count - 12, count))]
    return mall.board(*calls, serving=called, counters=tuple(str(n) for n in range(count)))


async def still(page: Page) -> Page:
    """From here on time passes only where the test says so, and a round of pages begins."""
    for ahead_ms in (50, 500, 2_000, 10_000):  # the page may be past the moment before it hears of it
        try:
            await page.clock.pause_at(await page.evaluate("ahead => Date.now() + ahead", ahead_ms))
            break
        except Error:
            continue
    while (await page.locator("#page").text_content() or "1").startswith(tuple("23456789")):
        await turned(page)
    return page


async def turned(page: Page, place: str = "#page") -> None:
    """Time passes until the text at `place` changes, which is after one turn."""
    before = await page.locator(place).text_content()
    for _ in range(2 * TURN_MS // TICK_MS):
        await page.clock.run_for(TICK_MS)
        if await page.locator(place).text_content() != before:
            return
    raise AssertionError(f"{place} has said {before} for two turns")


async def found(page: Page) -> list[str]:
    return [text.replace("\u2009", "") for text in await page.locator(SHOWN).all_inner_texts()]


@pytest.mark.parametrize("viewport", ["hall", "kiosk"])
@pytest.mark.parametrize("count", [36, 60])
async def test_everybody_called_at_opening_is_found_in_one_round(
    hall: FakeHall, display: OpenDisplay, count: int, viewport: str
):
    """Each number stands at its counter once in a round of pages, in letters that are read from afar."""
    hall.views["board:hall"] = opening(count)
    page = await still(await display("calls", viewport=viewport, clock=True))
    pages = int((await page.locator("#page").text_content() or "1 / 1").split("/")[1])

    seen: list[str] = []
    for _ in range(pages):
        seen += await found(page)
        assert await layout_faults(page) == []
        assert await page.locator(SHOWN).first.evaluate(CAPITAL) >= 1080 / 40
        if pages > 1:
            await turned(page)

    assert sorted(seen) == [f"AC{n:03d}" for n in range(count)]
    assert pages <= 3


@pytest.mark.parametrize("count", [36, 60])
async def test_calls_that_come_at_once_stand_big_in_turn(hall: FakeHall, display: OpenDisplay, count: int):
    """While pages turn, the first three stand big, newest first, and those after them wait below in their order."""
    hall.views["board:hall"] = opening(count)

    page = await display("calls")

    assert [number for number, _ in await big(page)] == [f"AC\u2009{count - n:03d}" for n in (10, 11, 12)]
    coming = await page.locator("#coming li:visible .number:first-child").all_inner_texts()
    assert coming == [f"AC\u2009{count - n:03d}" for n in range(9, 0, -1)]


async def test_whoever_comes_or_goes_hides_nobody(hall: FakeHall, display: OpenDisplay):
    """A page begins after the last counter that was seen, so nobody slips from the next page to the one before."""
    whole = opening(40)
    hall.views["board:hall"] = whole
    page = await still(await display("calls", clock=True))
    first = await found(page)

    await hall.push("board:hall", replace(whole, serving=whole.serving[5:]))
    await expect(page.locator("#serving .cell:visible").first).to_have_attribute("data-counter", "5")
    first = await found(page)
    await turned(page)
    second = await found(page)

    after = int(first[-1].removeprefix("AC")) + 1
    assert second == [f"AC{n:03d}" for n in range(after, after + len(second))]


async def test_a_page_of_few_does_not_turn(hall: FakeHall, display: OpenDisplay):
    """Where all fit, nothing moves and no page is counted."""
    hall.views["board:hall"] = mall.board(serving=mall.serving({str(n): f"A{n:03d}" for n in range(12)}))
    page = await still(await display("calls", clock=True))
    before = await found(page)

    await page.clock.run_for(2 * TURN_MS)

    assert await found(page) == before
    await expect(page.locator("#page")).to_be_hidden()


async def test_who_is_called_differs_from_who_is_served(hall: FakeHall, display: OpenDisplay):
    """The counter of a called number has a heavier frame than that of one who is served: colour is not all."""
    one, other = mall.serving({"1": "A001", "2": "A002"})
    hall.views["board:hall"] = mall.board(serving=(replace(one, state="called"), other))

    page = await display("calls")

    frames = page.locator("#serving .cell:visible > .counter")
    widths = [
        await frame.evaluate("el => parseFloat(getComputedStyle(el).borderTopWidth)") for frame in await frames.all()
    ]
    assert widths[0] >= 2 * widths[1]


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
async def test_pages_turn_calmly(hall: FakeHall, display: OpenDisplay, motion: str):
    """A short fade, and a plain change where motion is not wanted."""
    hall.views["board:hall"] = opening(36)
    page = await still(await display("calls", clock=True, reduced_motion=motion))
    await page.evaluate("""() => {
        const animate = Element.prototype.animate;
        window.faded = [];
        Element.prototype.animate = function (frames, timing) {
            window.faded.push(timing.duration);
            return animate.call(this, frames, timing);
        };
    }""")

    await turned(page)
    await expect(page.locator("#page")).to_have_text("2 / 2")

    assert await page.evaluate("() => window.faded") == ([] if motion == "reduce" else [180])


async def test_a_third_language_has_its_turn(hall: FakeHall, display: OpenDisplay):
    """The first language stays, the others share the second place, page by page."""
    notice = {"id": "Gratis", "en": "Free", "ar": "مجاني"}
    hall.views["board:hall"] = mall.board(*opening(12).calls, languages=("id", "en", "ar"), notice=notice)
    page = await still(await display("calls", clock=True))
    places = page.locator("#notice span")

    seen = []
    for _ in range(2):
        read = await places.last.evaluate("place => getComputedStyle(place).direction")
        seen.append((await places.all_text_contents(), read))
        await turned(page, "#notice")

    assert sorted(seen) == [(["Gratis", "Free"], "ltr"), (["Gratis", "مجاني"], "rtl")]
