"""Several calls at once: each is big while it is spoken and ten seconds in all; the others are seen meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from queue_server.wire.boards import BoardCall
from tests.display.conftest import OpenDisplay, ago, big, played, shows
from tests.display.test_aside import OVER
from tests.display.test_fit import drawn
from tests.display.test_layouts import SERVED, agencies, queue
from tests.fakes import mall
from tests.fakes.hall import FakeHall

FAR = {"panel_mm": 809.0, "call_mm": 97.6, "row_mm": 40.0}
"""A panel of 65 inches whose farthest seat is eight metres off: two calls stand big."""


def calls(count: int) -> list[BoardCall]:
    """So many in one second, newest first."""
    return [mall.call(20 - n, f"C{20 - n:03d}", str(n + 1), ago(0)) for n in range(count)]


# A stage that is asked each half second; which calls are spoken, and for how long each, `said` says, in half seconds.
PLAY = """async ({calls, places, said, until}) => {
    const {Stage} = await import(new URL('stage.js', document.querySelector('script[type=module]').src));
    const stage = new Stage(), stood = {}, hidden = [], unseen = [];
    for (const seq of calls) stage.came(seq);
    for (let step = 0; step < until; step += 1) {
        const speaking = said ? calls[Math.floor(step / said)] ?? null : null;
        const isPending = (seq) => Boolean(said) && calls.indexOf(seq) * said + said > step;
        const {big, waiting} = stage.set(step * 500, places, {speaking, isPending});
        for (const seq of big) stood[seq] = (stood[seq] ?? 0) + 500;
        if (speaking !== null && !big.includes(speaking)) unseen.push([step, speaking]);
        if (big.length > places) hidden.push(step);
        for (const seq of stage.stood.keys()) if (!big.includes(seq) && !waiting.includes(seq)) hidden.push(seq);
    }
    return {stood: Object.values(stood), unseen, hidden, busy: stage.isBusy};
}"""


@pytest.mark.parametrize("said", [0, 3, 8, 13, 30])
@pytest.mark.parametrize("places", [1, 2, 3])
async def test_calls_take_turns(display: OpenDisplay, places: int, said: int):
    """However long their sentences are, or without any: the spoken one is big, and each for ten seconds in all."""
    page = await display()

    play: dict[str, Any] = await page.evaluate(
        PLAY, {"calls": [1, 2, 3, 4, 5], "places": places, "said": said, "until": 400}
    )

    assert play["unseen"] == play["hidden"] == []
    assert len(play["stood"]) == 5
    assert min(play["stood"]) >= 10_000
    assert not play["busy"]


@pytest.mark.parametrize("layout", ["calls", "serving", "waiting"])
async def test_who_waits_to_be_big_is_seen_at_once(hall: FakeHall, display: OpenDisplay, layout: str):
    """Nine calls in one second on a board for two: seven stand below them, marked as called now, and each comes up."""
    board = {"layout": layout, "queue": queue(9), "serving": SERVED[:9], "sound": False, **FAR}
    hall.views["board:hall"] = mall.board(**board)
    page = await display("calls", clock=True)

    await hall.push("board:hall", mall.board(*calls(9), **board))
    await expect(page.locator("#calls .call:visible")).to_have_count(2)

    waiting = await page.locator("#coming li:visible .number:first-child").all_inner_texts()
    assert waiting == [f"C\u2009{n:03d}" for n in range(14, 21)]
    await drawn(page)
    assert await page.evaluate(OVER) == []
    seen = {number for number, _ in await big(page)}
    for _ in range(6):
        await page.clock.run_for(10_500)
        seen |= {number for number, _ in await big(page)}
    assert seen == {f"C\u2009{n:03d}" for n in range(12, 21)}
    await expect(page.locator("#coming-box")).to_be_hidden()


async def test_the_spoken_call_is_big(hall: FakeHall, display: OpenDisplay):
    """Whichever of four is announced stands big when its chime begins, on a board with a place for two."""
    page = await display()
    await page.evaluate("""() => {
        window.bigAt = [];
        const play = HTMLMediaElement.prototype.play;
        HTMLMediaElement.prototype.play = function () {
            const rows = [...document.querySelectorAll('#calls .call:not([hidden])')];
            window.bigAt.push(rows.map((one) => Number(one.dataset.seq)));
            return play.call(this);
        };
    }""")

    await hall.push("board:hall", mall.board(*calls(4), **FAR))
    await played(page, 4)

    stood = await page.evaluate("() => window.bigAt")
    assert [seq in together for seq, together in zip((17, 18, 19, 20), stood, strict=True)] == [True] * 4


async def test_at_the_entrance_the_one_whose_turn_it_is_stands_first(hall: FakeHall, display: OpenDisplay):
    """Nothing is big there: the call is marked and larger, those that wait for their turn follow, none is left out."""
    board = {"layout": "entrance", "agencies": agencies(5), "sound": False}
    hall.views["board:hall"] = mall.board(**board)
    page = await display("calls", clock=True)

    await hall.push("board:hall", mall.board(*calls(3), **board))

    first = page.locator("#earlier li[data-new='now'] .number:first-child")
    await expect(first).to_have_text("C\u2009018")
    assert await page.locator("#earlier li[data-new]:visible").count() == 3
    ink, ground = await first.evaluate(
        "(it) => [it, it.parentElement].map((one, at) => getComputedStyle(one)[at ? 'backgroundColor' : 'color'])"
    )
    assert ink != ground
    await page.clock.run_for(11_000)
    await expect(first).to_have_text("C\u2009019")


async def test_those_that_wait_for_their_turn_are_read_from_afar(hall: FakeHall, display: OpenDisplay):
    """Ten that wait stand in letters of more than half of a row of the list, and nothing lies over anything."""
    hall.views["board:hall"] = mall.board(sound=False, **FAR)
    page = await display(clock=True)

    await hall.push("board:hall", mall.board(*calls(12), sound=False, **FAR))

    await expect(page.locator("#coming > li:visible")).to_have_count(10)
    sizes = await page.locator("#coming > li:visible").evaluate_all(
        "(rows) => rows.map((row) => parseFloat(getComputedStyle(row).fontSize))"
    )
    rem = await page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert min(sizes) >= 2.2 * rem
    assert await page.evaluate(OVER) == []


async def test_a_held_hall_takes_no_turn_away(hall: FakeHall, display: OpenDisplay):
    """Calls that stood while the hall was held have their ten seconds afterwards."""
    page = await display(clock=True)
    two = calls(2)
    await hall.push("board:hall", mall.board(*two, sound=False))
    await expect(page.locator("#calls .call:visible")).to_have_count(2)

    await hall.push("board:hall", mall.board(*two, sound=False, held="prayer"))
    await shows(page, "held")
    await page.clock.run_for(30_000)
    await hall.push("board:hall", mall.board(*two, sound=False))
    await shows(page, "calls")

    assert len(await big(page)) == 2


async def test_each_call_is_read_out(hall: FakeHall, display: OpenDisplay):
    """Of three at once a screen reader is given one after the other, oldest first, and each once."""
    page: Page = await display(clock=True)
    place = page.locator("#read")

    await hall.push("board:hall", mall.board(*calls(3), sound=False))

    for number in ("C018", "C019", "C020"):
        await expect(place).to_contain_text(f"Nomor {number}. Loket")
        await page.clock.run_for(4_500)
    await expect(place).to_contain_text("C020")
