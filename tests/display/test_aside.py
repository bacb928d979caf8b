"""What is said beside a called number, whatever it is called and wherever it must go: nothing lies over anything."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import Page

from queue_server.wire.boards import BoardView
from tests.display.conftest import EVERY, OpenDisplay, ago
from tests.display.test_fit import drawn
from tests.display.test_layouts import COUNTERS, MAP, SERVED, queue
from tests.fakes import mall
from tests.fakes.hall import FakeHall

WAY = {
    "id": "sebelah kiri pintu masuk, melewati musala dan ruang laktasi",
    "en": "left of the entrance, past the prayer room and the nursing room",
    "ar": "على يسار المدخل، بعد المصلى وغرفة الأمهات",
    "ka": "შესასვლელის მარცხნივ, სალოცავი ოთახისა და დედათა ოთახის გავლით",
}
ARROWS = {"a": "left", "b": "up-right"}
NUMBERS = ("JQ016", "Q001", "JA003")
SIZES = [(1920, 1080), (1366, 768), (1080, 1920), (768, 1366)]

# What lies over something else or over the edge of its place; a number by its ink, letters by their lines.
OVER = """() => {
    const PARTS = '.called, .counter, .arrow, .way > span, :is(.again, .moved) > .icon, .aside .said > span, .plan';
    const pen = document.createElement('canvas').getContext('2d'), faults = [];
    const seen = (one) => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length;
    const inked = (one) => {
        const style = getComputedStyle(one), size = parseFloat(style.fontSize), range = document.createRange();
        pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        range.selectNodeContents(one);
        const box = range.getBoundingClientRect(), ink = pen.measureText(one.textContent);
        const over = box.height - ink.fontBoundingBoxAscent - ink.fontBoundingBoxDescent;
        const base = box.bottom - ink.fontBoundingBoxDescent - over / 2, left = Math.max(0, ink.actualBoundingBoxLeft);
        const top = base - ink.actualBoundingBoxAscent, bottom = base + ink.actualBoundingBoxDescent;
        return {left: box.left - left, right: box.right, top, bottom};
    };
    const boxes = [];
    for (const call of document.querySelectorAll('#calls .call')) {
        if (!seen(call)) continue;
        for (const one of call.querySelectorAll(PARTS))
            if (seen(one) && (one.textContent.trim() || one.matches('.icon, .plan')))
                boxes.push([one, one.matches('.called') ? inked(one) : one.getBoundingClientRect()]);
    }
    for (const one of document.querySelectorAll('.heads > p, #coming-box h2, #coming .number'))
        if (seen(one)) boxes.push([one, one.getBoundingClientRect()]);
    const named = (one) => `${one.className.baseVal ?? one.className} ${one.textContent.trim().slice(0, 20)}`;
    const room = document.querySelector('#now').getBoundingClientRect();
    for (const [one, box] of boxes) {
        if (box.bottom > room.bottom + 0.5 || box.top < room.top - 0.5
            || box.left < room.left - 0.5 || box.right > room.right + 0.5)
            faults.push(`${named(one)} leaves its place`);
        for (const [other, its] of boxes)
            if (one !== other && box.left + 1 < its.right && its.left + 1 < box.right
                && box.top + 1 < its.bottom && its.top + 1 < box.bottom)
                faults.push(`${named(one)} over ${named(other)}`);
    }
    return faults;
}"""


def called(count: int, what: str, languages: tuple[str, ...], **board: object) -> BoardView:
    calls = []
    for n in range(count):
        call = mall.call(90 - n, NUMBERS[n], ("12", "Loket 3 A", "29")[n], ago(0), "ab"[n % 2])
        calls.append(replace(call, recall=what == "again", moved=what == "moved"))
    directions = dict.fromkeys("ab", WAY)
    return mall.board(
        *calls, directions=directions, languages=languages, serving=SERVED[:9], counters=COUNTERS, **board
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("layout", ["calls", "serving", "waiting"])
@pytest.mark.parametrize("languages", [("ar", "id"), ("ka", "en")])
async def test_what_is_said_beside_a_number_has_its_own_place(
    hall: FakeHall, display: OpenDisplay, layout: str, size: tuple[int, int], languages: tuple[str, ...]
):
    """Hooks of J and Q, a recall, another counter, long ways, arrows and maps: none covers another."""
    hall.languages = EVERY
    page = await display()
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    found = []

    for count in (1, 2, 3):
        for what in ("again", "moved"):
            for told in ({}, {"arrows": ARROWS}, {"arrows": ARROWS, "plans": MAP})[: 3 if count == 1 else 2]:
                view = called(count, what, languages, layout=layout, queue=queue(9), **told)
                await shown_anew(page, hall, view, count)
                found += [(count, what, *told, fault) for fault in await page.evaluate(OVER)]

    assert found == []


async def shown_anew(page: Page, hall: FakeHall, view: BoardView, count: int) -> None:
    """The view, with nothing left of the one before it."""
    before = hall.views["board:hall"]
    assert isinstance(before, BoardView)
    await hall.push("board:hall", replace(before, sound=False, serving=()))
    later = max((call.seq for call in before.calls), default=0)
    calls = tuple(replace(call, seq=later + len(view.calls) - n) for n, call in enumerate(view.calls))
    await hall.push("board:hall", replace(view, sound=False, calls=calls))
    await page.wait_for_function(
        "count => document.querySelectorAll('#calls .call:not([hidden])').length === count", arg=count
    )
    await drawn(page)


@pytest.mark.parametrize("layout", ["calls", "serving", "waiting"])
@pytest.mark.parametrize("viewport", ["hall", "kiosk"])
@pytest.mark.parametrize("count", [1, 2, 3])
async def test_both_languages_are_kept(hall: FakeHall, display: OpenDisplay, viewport: str, layout: str, count: int):
    """The way and what else is said of a call stand in both languages, or in one after the other."""
    hall.views["board:hall"] = called(count, "moved", ("id", "en"), layout=layout, queue=queue(9), arrows=ARROWS)
    page = await display("calls", viewport=viewport, clock=True)
    seen = """() => [...document.querySelectorAll('#calls .call:not([hidden]) .aside span[lang]')]
        .filter((one) => one.checkVisibility()).map((one) => one.lang)"""

    languages = set(await page.evaluate(seen))
    for _ in range(3):
        await page.clock.run_for(8_500)
        languages |= set(await page.evaluate(seen))

    assert languages == {"id", "en"}
