"""A hold of the hall is nobody's fault: it makes no ticket late."""

from __future__ import annotations

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.decide import decide
from queue_server.domain.evolve import evolve
from queue_server.domain.state import State
from queue_server.views.alerts import alerts
from queue_server.views.board import board_view
from queue_server.views.desk import desk_view
from queue_server.views.floor import floor_view
from queue_server.views.queues import queue_view
from queue_server.views.ticket import ticket_page
from queue_server.wire.api import Evacuation
from tests.service.hall import DAY, rules_of
from tests.views.hall import Hall

MINUTE = 60_000
TARGET = 10 * MINUTE


def does(state: State, command: c.Command) -> None:
    for event in decide(state, command):
        evolve(state, event)


def test_a_long_hold_makes_nobody_overdue():
    """After forty minutes of evacuation whoever waited one minute before is not over target, and no alert says so."""
    state = State()
    does(state, c.OpenDay(at=0, mall="m", journal="j", day="1970-01-01", starts_at=0, ends_at=DAY, rules=rules_of(0)))
    does(state, c.IssueTicket(at=0, ticket="anna", services=("pass",)))
    does(state, c.HoldHall(at=MINUTE, reason="drill", by="sari"))

    during = queue_view(state, "pass", 40 * MINUTE, {}).order[0]
    does(state, c.ReleaseHall(at=41 * MINUTE, by="sari"))
    after = queue_view(state, "pass", 42 * MINUTE, {}).order[0]
    late = queue_view(state, "pass", 52 * MINUTE, {}).order[0]

    assert (during.overdue, after.overdue, late.overdue) == (False, False, True)
    assert "over_target" not in [a.kind for a in alerts(state, 42 * MINUTE, ["pass"], [], [])]


def test_a_hold_before_the_time_booked_is_not_taken_off_twice():
    """An appointment's wait begins at its time, so its longest wait and its lateness know nothing of a hold before."""
    state = State()
    does(state, c.OpenDay(at=0, mall="m", journal="j", day="1970-01-01", starts_at=0, ends_at=DAY, rules=rules_of(0)))
    does(state, c.IssueTicket(at=0, ticket="anna", services=("pass",), booked_at=30 * MINUTE))
    does(state, c.HoldHall(at=MINUTE, reason="drill", by="sari"))
    during = queue_view(state, "pass", 20 * MINUTE, {}).order[0]
    does(state, c.ReleaseHall(at=21 * MINUTE, by="sari"))

    after = queue_view(state, "pass", 35 * MINUTE, {}).order[0]

    assert (during.waited_s, during.overdue) == (0, False)
    assert (after.waited_s, after.overdue) == (300, True)


def test_a_counter_is_not_idle_while_the_hall_is_held():
    """A minute after the release, not at once, is a counter said to be free while people wait."""
    state = State()
    does(state, c.OpenDay(at=0, mall="m", journal="j", day="1970-01-01", starts_at=0, ends_at=DAY, rules=rules_of(0)))
    does(state, c.OpenCounter(at=0, counter="1", clerk="ani"))
    does(state, c.IssueTicket(at=MINUTE, ticket="anna", services=("pass",)))
    does(state, c.HoldHall(at=MINUTE, reason="drill", by="sari"))
    does(state, c.ReleaseHall(at=41 * MINUTE, by="sari"))

    at_once, later = ([a.kind for a in alerts(state, at, ["pass"], ["1"], [])] for at in (41 * MINUTE + 1, 42 * MINUTE))

    assert ("idle_while_waiting" in at_once, "idle_while_waiting" in later) == (False, True)


def test_an_evacuation_names_the_ways_out_that_concern_each_reader():
    """A board its zones', a kiosk and a counter their own, whoever is called that of their counter, others all."""
    hall = Hall()
    zones = {id_: replace(zone, way_out={"en": f"Door {id_}"}) for id_, zone in hall.state.rules.zones.items()}
    gate = {"en": "The gate"}
    hall.change(zones=zones, assembly_point=gate)
    waiting, called = hall.issue("passport"), hall.issue("card")
    hall.open("c1")
    hall.call("c1")
    before = board_view(hall.state, "all").evacuation

    hall.carry_out(c.EvacuateHall(at=hall.at, by="sup"))

    boards = {board: ways(board_view(hall.state, board).evacuation) for board in ("all", "west")}
    assert before is None
    assert boards == {"all": ["Door east", "Door west"], "west": ["Door west"]}
    assert ways(desk_view(hall.state, "c3", hall.at, estimates={}, track_base="").evacuation) == ["Door west"]
    assert ways(floor_view(hall.state, hall.at, {}).evacuation) == ["Door east", "Door west"]
    there, here = (ticket_page(hall.state, hall.ticket(id_), estimates={}, track_base="") for id_ in (called, waiting))
    assert (ways(there.evacuation), ways(here.evacuation)) == (["Door east"], ["Door east", "Door west"])
    assert here.evacuation is not None
    assert here.evacuation.assembly_point == gate


def ways(evacuation: Evacuation | None) -> list[str]:
    assert evacuation is not None
    return [one.way["en"] for one in evacuation.ways]
