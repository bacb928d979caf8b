"""The machine's clock is wrong, and is put right: a whole server, its journal and what a supervisor does over HTTP."""

from __future__ import annotations

from pathlib import Path

from queue_server.domain.events import DayOpened, Stopped
from queue_server.journal.sqlite import open_journal
from tests.whole.server import NINE, server
from tests.whole.test_main_job import API, first_counter

WRONG_YEAR = "2036-11-25T11:00:00+07:00"
"""A Tuesday morning, too, so that the mall was open by the wrong clock."""


async def test_a_first_start_in_a_wrong_year_is_put_right_by_a_supervisor(tmp_path: Path):
    """Whoever waited keeps the number, the day is the right one, and the journal says what happened and verifies."""
    async with server(tmp_path, clock=WRONG_YEAR) as house:
        kiosk, supervisor = house.token("kiosk", "--name", "K1"), house.token("supervisor")
        service = (await first_counter(house, supervisor))["services"][0]
        early = await house.post(f"{API}/tickets", {"service": service}, kiosk)

    async with server(tmp_path, clock=NINE) as house:
        doubted = (await house.get("/healthz")).body
        other = await house.post(f"{API}/clock/confirm", {"alarm": "clock_jumped"}, supervisor)
        confirmed = await house.post(f"{API}/clock/confirm", {"alarm": "clock_behind"}, supervisor)
        late = await house.post(f"{API}/tickets", {"service": service}, kiosk)
        still = await house.get(f"{API}/tickets/{early['id']}")
        verified = house.antrean("verify", "--data", str(house.data))

    assert any("lies before the mall's time" in said for said in doubted["alarms"])
    assert (other.status, other.code) == (409, "illegal_move")
    assert (confirmed.status, confirmed["alarms"]) == (200, [])
    assert (early["day"], late["day"]) == ("2036-11-25", "2026-11-24")
    assert (early["number"][-3:], late["number"][-3:]) == ("001", "002")
    assert (still["state"], still["people_ahead"]) == ("waiting", 0)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    journal = open_journal(tmp_path / "data" / "journal.db")
    events = [row.event for row in journal.read_day("2026-11-24")]
    days = journal.days()
    journal.close()
    assert days == ["2036-11-25", "2026-11-24"]
    assert isinstance(events[0], DayOpened)
    assert (events[0].clock_was or 0) > events[0].at
    assert isinstance(events[-1], Stopped)
