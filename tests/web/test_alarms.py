"""What is wrong with the server itself stands on the floor page, and a supervisor confirms the clock there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from queue_server.settings import load
from tests.web.edge import CONFIG, Edge


async def floor(edge: Edge) -> list[dict[str, Any]]:
    """The floor's alerts about the server itself, as its topic has them."""
    async with edge.live("floor", by="supervisor") as socket:
        while True:
            frame = await socket.receive_json()
            if "view" in frame:
                return [one for one in frame["view"]["alerts"] if one["kind"] in ("clock", "day", "rules", "journal")]


async def test_a_clock_that_jumped_is_an_alert_until_it_is_confirmed(edge: Edge):
    """It says which of the two it is, and goes with the confirmation."""
    edge.clock.alarm = "clock_jumped"
    before = await floor(edge)

    answer = await edge.post("/clock/confirm", {}, by="supervisor")

    assert [(one["kind"], one["severity"]) for one in before] == [("clock", "alert")]
    assert before[0]["fields"] == {"reason": "clock_jumped", "off_s": 0, "back": 0}
    assert answer.status == 200
    assert await floor(edge) == []


async def test_a_clock_that_was_ahead_is_put_back_by_a_supervisor(edge: Edge):
    """The alert says by how much and that the day would begin anew; another alarm than was seen is refused."""
    ticket = await edge.ticket("passport")
    now = edge.clock.now()
    edge.clock.alarm, edge.clock.wall = "clock_behind", now - 7 * 3600_000
    before = await floor(edge)

    stale = await edge.post("/clock/confirm", {"alarm": "clock_jumped"}, by="supervisor")
    answer = await edge.post("/clock/confirm", {"alarm": "clock_behind"}, by="supervisor")

    assert before[0]["fields"] == {"reason": "clock_behind", "off_s": -7 * 3600, "back": 1}
    assert (stale.status, answer.status) == (409, 200)
    assert edge.engine.now() == now - 7 * 3600_000
    assert edge.engine.state.tickets[ticket["id"]].state == "waiting"
    assert await floor(edge) == []


async def test_a_refused_file_is_an_alert_that_says_why(edge: Edge, tmp_path: Path):
    """A config.toml that would take away what is in use is not in force; the floor says what hinders it."""
    await edge.ticket("passport")
    path = tmp_path / "other.toml"
    path.write_text(CONFIG.replace('prefix = "A"', 'prefix = "X"'), encoding="utf-8")

    why = await edge.engine.take_settings(load(path))

    (alert,) = await floor(edge)
    assert (alert["kind"], alert["subject"]) == ("rules", "config.toml")
    assert alert["fields"] == {"reason": "refused", "why": why[0]}
    assert why[0] in alert["text"]


async def test_a_day_that_cannot_be_opened_is_an_alert_and_every_screen_goes_on(edge: Edge):
    """The hall is shown closed, on floor, board and kiosk alike, and the floor says what to do."""
    days = edge.engine.days
    right = days.settings
    days.settings = replace(right, mall=replace(right.mall, timezone="Nowhere/City"))  # no machine knows it any more
    edge.clock.move(edge.engine.state.ends_at)
    await edge.engine.catch_up()

    (alert,) = await floor(edge)
    health, menu = await edge.get("/healthz"), await edge.get("/mall")
    refused = await edge.engine.take_settings(right)

    assert (alert["kind"], alert["severity"], alert["fields"]) == ("day", "alert", {"reason": "open"})
    assert "antrean reload" in alert["text"]
    assert alert["text"] in health["alarms"]
    assert (menu.status, menu["open"]) == (200, False)
    assert (refused, await floor(edge), edge.engine.state.open) == ([], [], True)
