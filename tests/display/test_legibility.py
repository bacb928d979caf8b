"""Letters as large as the farthest seat needs: what the server reckons is what Chromium draws."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from queue_server.views.legibility import CAPITAL, FORMS, legibility, row_mm, short_side_mm, width_em
from queue_server.wire.boards import BoardView
from tests.display.conftest import OpenDisplay, ago
from tests.display.test_layouts import COUNTERS, SERVED, agencies, queue
from tests.fakes import mall
from tests.fakes.hall import FakeHall

SIZE = "el => parseFloat(getComputedStyle(el).fontSize)"
PLACES = {"calls": "#earlier", "serving": "#serving", "waiting": "#queue", "entrance": "#earlier"}


async def capital(page: Page, place: str) -> float:
    """As a share of the screen's shorter side."""
    drawn: float = await page.locator(f"{place} .number:visible").first.evaluate(SIZE)
    return drawn * CAPITAL / 1080


def board(layout: str, number: str = "A012", **more: object) -> BoardView:
    calls = [mall.call(9 - n, number if not n else f"A{n:03d}", str(3 + n), ago(100 + n)) for n in range(8)]
    return mall.board(
        *calls, layout=layout, serving=SERVED, counters=COUNTERS, queue=queue(60), agencies=agencies(20), **more
    )


@pytest.mark.parametrize(
    ("layout", "upright", "number"),
    [
        (*form, number)
        for form in sorted(FORMS)
        for number in ("A012", "AB012", "WWW8888")
        # beside the overview a column of calls is only as wide as its longest number lets it be
        if form[0] != "entrance" or width_em(number) <= 4
    ],
)
async def test_a_called_number_is_as_large_as_is_said(
    hall: FakeHall, display: OpenDisplay, layout: str, upright: bool, number: str
):
    """What `antrean check` promises of a panel is what stands on it, whatever the number."""
    hall.views["board:hall"] = board(layout, number)
    page = await display("calls", viewport="kiosk" if upright else "hall")
    found = legibility(inches=55, farthest_m=5, layout=layout, upright=upright, longest=number)

    drawn = await capital(page, "#earlier" if layout == "entrance" else "#calls")

    assert drawn * short_side_mm(55) >= found.call_mm * 0.98


@pytest.mark.parametrize("viewport", ["hall", "kiosk"])
@pytest.mark.parametrize("layout", ["calls", "serving", "waiting"])
async def test_rows_are_set_as_large_as_the_farthest_seat_needs(
    hall: FakeHall, display: OpenDisplay, layout: str, viewport: str
):
    """At 5 metres from a panel of 55 inches rows have capitals of 25 mm, and fewer stand on a page."""
    hall.views["board:hall"] = board(layout, rows=12, panel_mm=short_side_mm(55), row_mm=row_mm(5))

    page = await display("calls", viewport=viewport)

    assert await capital(page, PLACES[layout]) * short_side_mm(55) >= row_mm(5) * 0.98


async def test_fewer_calls_stand_big_together_for_a_far_seat(hall: FakeHall, display: OpenDisplay):
    """Three that come together would be too small at ten metres: two stand big, the newest waits below them."""
    fresh = [mall.call(90 - n, f"A{900 + n}", str(n), ago(0)) for n in range(3)]
    size = short_side_mm(55)
    hall.views["board:hall"] = mall.board(*fresh, sound=False, panel_mm=size, call_mm=size * 12 * CAPITAL / 67.5)

    page = await display("calls")

    await expect(page.locator("#calls .call:visible")).to_have_count(2)
    await expect(page.locator("#coming .number:visible").first).to_have_text("A\u2009900")
