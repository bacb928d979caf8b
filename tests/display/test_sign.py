"""The display over a counter: who is called there, or how it stands, readable from the hall."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from playwright.async_api import expect

from queue_server.wire.live import SignView
from tests.browser import Screens, axe, layout_faults
from tests.fakes import mall
from tests.fakes.hall import FakeHall

FREE = SignView(
    counter="12",
    label="12",
    state="open",
    number=None,
    at_counter=None,
    seq=0,
    recall=False,
    reason={},
    back_at=None,
    mall=mall.NAME,
    languages=("id", "en"),
    timezone=mall.ZONE,
    held=None,
    held_text={},
)
STATES = {
    "called": (replace(FREE, number="A012", at_counter="called", seq=7), "A\u2009012"),
    "serving": (replace(FREE, number="AF1012", at_counter="serving", label="Kasir Bank"), "AF\u20091012"),
    "open": (FREE, "Silakan"),
    "paused": (replace(FREE, state="paused", reason={"id": "Istirahat", "en": "Break"}), "Istirahat"),
    "closed": (replace(FREE, state="closed", back_at="2026-11-24T06:00:00Z"), "Kembali pukul 13.00"),
    "held": (replace(FREE, held="prayer", held_text={"id": "Salat Jumat", "en": "Friday prayer"}), "Salat Jumat"),
}


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280)], ids=["lying", "upright"])
@pytest.mark.parametrize("state", STATES)
async def test_a_counters_display_says_how_it_stands(
    hall: FakeHall, address: str, screens: Screens, state: str, size: tuple[int, int]
):
    """Whole and accessible in every state, on a panel that lies and on one that stands upright."""
    view, said = STATES[state]
    hall.views["sign:12"] = view
    page = await screens.open(viewport="hall")
    await page.set_viewport_size({"width": size[0], "height": size[1]})

    await page.goto(f"{address}/display/counter/12")

    await expect(page.locator(f'#sign[data-shows="{state}"]')).to_contain_text(said)
    assert [*await axe(page, aaa=True), *await layout_faults(page)] == []


async def test_a_counter_says_what_is_spoken_there(address: str, hall: FakeHall, screens: Screens):
    """Whoever looks for somebody who speaks their language finds it over the counter, by its own name."""
    hall.views["sign:12"] = replace(FREE, speaks=("Bahasa Indonesia", "English", "العربية", "中文"))

    page = await screens.open(f"{address}/display/counter/12", viewport="hall")
    await page.locator("#speaks").wait_for()

    names = ["Bahasa Indonesia", "English", "العربية", "中文"]
    assert await page.locator("#speaks li:visible").all_inner_texts() == names
    assert [*await axe(page), *await layout_faults(page)] == []


@pytest.mark.parametrize("over", [True, False])
async def test_a_counters_display_is_dark_at_night(address: str, hall: FakeHall, screens: Screens, over: bool):
    """After hours only a dim clock is left; a counter that is closed for an hour goes on saying so; a call wakes it."""
    hall.views["sign:12"] = closed = replace(FREE, state="closed", over=over)
    page = await screens.open(viewport="hall")
    await page.clock.install()
    await page.goto(f"{address}/display/counter/12")
    await page.locator('#sign[data-shows="closed"]').wait_for()

    await page.clock.fast_forward(16 * 60_000)
    hall.clock += timedelta(minutes=16)
    await hall.push("sign:12", closed)

    if over:
        await expect(page.locator("#night")).to_be_visible()
        await expect(page.locator("#sign")).to_be_hidden()
        await hall.push("sign:12", replace(FREE, number="A012", at_counter="called", seq=9))
        await expect(page.locator("#number")).to_have_text("A\u2009012")
        await expect(page.locator("#night")).to_be_hidden()
    else:
        await expect(page.locator("#first")).to_be_visible()
        await expect(page.locator("#night")).to_be_hidden()
