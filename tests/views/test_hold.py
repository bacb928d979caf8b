"""A hold of the hall is nobody's fault: it makes no ticket late."""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain.decide import decide
from queue_server.domain.evolve import evolve
from queue_server.domain.state import State
from queue_server.views.alerts import alerts
from queue_server.views.queues import queue_view
from tests.service.hall import DAY, rules_of

MINUTE = 60_000
TARGET = 10 * MINUTE


def does(state: State, command: c.Command) -> None:
    for event in decide(state, command):
        evolve(state, event)


def test_a_long_hold_makes_nobody_overdue():
    """After forty minutes of evacuation whoever waited one minute before is not over target, and no alert says so."""
    state = State()
    does(state, c.OpenDay(at=0, day="1970-01-01", starts_at=0, ends_at=DAY, rules=rules_of(0)))
    does(state, c.IssueTicket(at=0, ticket="anna", services=("pass",)))
    does(state, c.HoldHall(at=MINUTE, reason="drill", by="sari"))

    during = queue_view(state, "pass", 40 * MINUTE, {}).order[0]
    does(state, c.ReleaseHall(at=41 * MINUTE, by="sari"))
    after = queue_view(state, "pass", 42 * MINUTE, {}).order[0]
    late = queue_view(state, "pass", 52 * MINUTE, {}).order[0]

    assert (during.overdue, after.overdue, late.overdue) == (False, False, True)
    assert "over_target" not in [a.kind for a in alerts(state, 42 * MINUTE, ["pass"], [], [])]
