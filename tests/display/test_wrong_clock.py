"""A display goes by the mall's clock: what its own machine believes about the time changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.browser import Screens
from tests.display.conftest import EAR, ago, big, played, shows
from tests.fakes import mall
from tests.fakes.hall import FakeHall


@pytest.mark.parametrize("off_h", [-30, 5], ids=["a day behind", "five hours ahead"])
async def test_a_display_with_a_wrong_clock_calls_as_any_other(
    hall: FakeHall, address: str, screens: Screens, off_h: int
):
    """It shows the mall's time, says nothing of an old call and announces a new one."""
    old = mall.call(5, "A001", "1", ago(60))
    hall.views["board:hall"] = mall.board(old)
    page = await screens.open(viewport="hall")
    await page.add_init_script(EAR)
    await page.clock.install(time=datetime.now(UTC) + timedelta(hours=off_h))
    await page.goto(f"{address}/display/hall")
    await shows(page, "calls")

    await hall.push("board:hall", mall.board(mall.call(6, "A002", "2", ago(0)), old))
    heard = await played(page, 1)
    here = datetime.now(ZoneInfo(mall.ZONE))
    time = await page.locator("#time").inner_text()

    assert heard == ["chime.wav"]
    assert (await big(page))[0] == ["A\u2009002", "2"]
    assert time in {f"{minute:%H.%M}" for minute in (here, here - timedelta(minutes=1))}
