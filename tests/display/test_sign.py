"""The display over a counter: who is called there, or how it stands, readable from the hall."""

from __future__ import annotations

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
