"""For whoever sees otherwise: forced colours, no colours, large letters, no motion; every layout, lying and upright."""

from __future__ import annotations

import io
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops
from playwright.async_api import Page, expect

from queue_server.wire.api import Evacuation
from tests.browser import Screens, axe, layout_faults
from tests.display.conftest import EVERY, OpenDisplay, ago, shows
from tests.display.test_board import NOTICE, OLD, outside
from tests.display.test_counters import still, turned
from tests.display.test_fit import drawn
from tests.display.test_layouts import LAYOUTS, WAYS
from tests.display.test_sign import STATES
from tests.fakes import mall
from tests.fakes.hall import FakeHall

WORDS = """() => [...document.querySelectorAll('body *')].flatMap(one => {
    const own = [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!own || !one.checkVisibility({visibilityProperty: true}) || one.closest('.visually-hidden')) return [];
    const range = document.createRange();
    range.selectNodeContents(one);
    const {left, top, width, height} = range.getBoundingClientRect();
    return width > 1 && height > 1 ? [[one.textContent.trim(), left, top, left + width, top + height]] : [];
})"""
"""Each text that is seen, and where it stands."""

LEFT = 0.75
"""So much of its ink a text keeps at the least: on light ground edges are smoothed otherwise."""


async def ink(page: Page) -> list[tuple[str, float]]:
    """Each text, and which share of its box is not ground."""
    words: list[list[Any]] = []
    png = b""
    while (seen := await page.evaluate(WORDS)) != words:  # until nothing has moved while the picture was taken
        words, png = seen, await page.screenshot(animations="disabled")
    shot = Image.open(io.BytesIO(png)).convert("L")
    ground = Image.new("L", shot.size, shot.getpixel((2, shot.height // 2)))
    drawn = ImageChops.difference(shot, ground).point(lambda level: 255 if level > 60 else 0)
    found = []
    for text, *box in words:
        left, top, right, bottom = (round(edge) for edge in box)
        part = drawn.crop((max(0, left), max(0, top), min(shot.width, right), min(shot.height, bottom)))
        found.append((text, part.histogram()[255] / (part.width * part.height)))
    return found


async def hidden(page: Page) -> list[str]:
    """Texts of which too little is left in forced colours."""
    usual: list[tuple[str, float]] = []
    forced = [("", 0.0)]
    while [text for text, _ in usual] != [text for text, _ in forced]:  # a page of a list may turn in between
        usual = await ink(page)
        await page.emulate_media(forced_colors="active")
        forced = await ink(page)
        await page.emulate_media(forced_colors="none")
    assert usual
    return [text for (text, share), (_, left) in zip(usual, forced, strict=True) if left < LEFT * share]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("viewport", ["hall", "kiosk"])
async def test_forced_colours_hide_no_letter(hall: FakeHall, display: OpenDisplay, viewport: str):
    """In every layout and state each label, number and name keeps its ink in the reader's own two colours."""
    leave = Evacuation(since=ago(1), text={}, assembly_point={"id": "Lapangan", "en": "Field"})
    states = {
        "held": mall.board(*OLD, held="prayer", held_text={"id": "Salat", "en": "Prayer"}, notice=NOTICE),
        "closed": mall.board(*OLD, open=False),
        "leaving": mall.board(*OLD, evacuation=leave),
    }
    hall.languages = EVERY
    hall.views["board:hall"] = mall.board(*OLD)
    page = await display("calls", viewport=viewport, reduced_motion="reduce")

    for name, view in {**LAYOUTS, **states}.items():
        await hall.push("board:hall", view)
        await shows(page, {"leaving": "evacuation"}.get(name, name) if name in states else "calls")
        await page.locator(f'#board:is(:not([data-shows="calls"]), [data-layout="{view.layout}"])').wait_for()
        await drawn(page)

        assert await hidden(page) == [], name


@pytest.mark.parametrize("state", STATES)
async def test_a_counters_display_keeps_its_letters_in_forced_colours(
    address: str, hall: FakeHall, screens: Screens, state: str
):
    """What stands over a counter is read in the reader's own two colours, too."""
    view, text = STATES[state]
    hall.views["sign:12"] = view
    page = await screens.open(f"{address}/display/counter/12", viewport="hall", reduced_motion="reduce")
    await expect(page.get_by_text(text).first).to_be_visible()

    assert await hidden(page) == []


async def test_a_call_a_recall_and_an_earlier_call_differ_without_colour(hall: FakeHall, display: OpenDisplay):
    """By size, by frame, by a sign and by words: nothing is said by colour alone."""
    again = mall.call(91, "A012", "9", ago(0), recall=True)
    hall.views["board:hall"] = mall.board(again, mall.call(90, "A013", "8", ago(0)), *OLD)
    page = await display("calls")
    rows = page.locator("#calls .call:visible")
    await expect(rows).to_have_count(2)

    def size(selector: str, style: str) -> str:
        return f"() => getComputedStyle(document.querySelector('{selector}'))['{style}']"

    called, earlier = [
        float(str(await page.evaluate(size(one, "fontSize"))).removesuffix("px"))
        for one in ("#calls .called", "#earlier li:not([hidden]) .number")
    ]
    frame, box = [
        float(str(await page.evaluate(size(one, "borderTopWidth"))).removesuffix("px"))
        for one in ("#calls .call .counter", "#earlier li:not([hidden]) .counter")
    ]

    assert called > 1.5 * earlier
    assert frame > 1.5 * box
    await expect(rows.nth(0).locator(".again .icon")).to_be_visible()
    await expect(rows.nth(0).locator(".again")).to_contain_text("Panggilan ulang")
    await expect(rows.nth(1).locator(".again")).to_be_hidden()


@pytest.mark.parametrize("size", [(960, 540), (540, 960)], ids=["lying", "upright"])
async def test_at_twice_the_size_nothing_is_lost(hall: FakeHall, display: OpenDisplay, size: tuple[int, int]):
    """Magnified to 200 % every layout stands whole on its screen, and axe finds nothing."""
    hall.languages = EVERY
    hall.views["board:hall"] = mall.board(*OLD)
    page = await display("calls", device_scale_factor=2)
    await page.set_viewport_size({"width": size[0], "height": size[1]})

    for name, view in LAYOUTS.items():
        await hall.push("board:hall", view)
        await page.locator(f'#board[data-layout="{view.layout}"]').wait_for()

        assert [*await layout_faults(page), *await outside(page)] == [], name
    assert await axe(page, aaa=True) == []


async def test_without_motion_pages_still_turn(hall: FakeHall, display: OpenDisplay):
    """Whoever wants no motion sees the next page all the same, at once."""
    hall.views["board:hall"] = replace(LAYOUTS["serving"], arrows=WAYS)
    page = await still(await display("calls", clock=True, reduced_motion="reduce"))
    before = await page.locator("#page").inner_text()

    await turned(page, "#page")

    assert await page.locator("#page").inner_text() != before
    assert await page.evaluate("() => document.getAnimations().length") == 0
