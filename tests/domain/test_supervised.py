"""What a supervisor changed, against a file that says something else."""

from __future__ import annotations

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.decide import decide
from queue_server.domain.evolve import evolve
from queue_server.domain.rules import Rules
from queue_server.domain.state import State
from tests.service.hall import DAY, rules_of


def hall_under(rules: Rules) -> State:
    state = State()
    for event in decide(
        state, c.OpenDay(at=0, mall="m", journal="j", day="1970-01-01", starts_at=0, ends_at=DAY, rules=rules)
    ):
        evolve(state, event)
    return state


def supervise(state: State, rules: Rules) -> None:
    for event in decide(state, c.SetRules(at=1, rules=rules, source="supervisor", by="sari", reason="drill")):
        evolve(state, event)


def with_services(rules: Rules, counter: str, *services: str) -> Rules:
    changed = replace(rules.counters[counter], services=services)
    return replace(rules, counters={**rules.counters, counter: changed})


def test_a_supervisors_change_wins_over_the_file():
    """A counter that a supervisor gave other services keeps them when the file is read again."""
    state = hall_under(rules_of(0))
    supervise(state, with_services(state.rules, "2", "tax"))

    taken = state.supervised.over(rules_of(0, max_recalls=9))

    assert taken.counters["2"].services == ("tax",)
    assert taken.policy.max_recalls == 9


def test_a_service_that_the_file_no_longer_has_falls_away():
    """What a supervisor gave a counter ends where the file takes the service out."""
    state = hall_under(rules_of(0))
    supervise(state, with_services(state.rules, "2", "tax", "pass"))
    file = rules_of(0)
    file = replace(file, services={"pass": file.services["pass"]})

    assert state.supervised.over(file).counters["2"].services == ("pass",)


def test_the_next_day_begins_with_the_file():
    """A supervisor's change is forgotten when the next day opens."""
    state = hall_under(rules_of(0))
    supervise(state, with_services(state.rules, "2", "tax"))
    for event in decide(state, c.Tick(at=DAY)):
        evolve(state, event)
    for event in decide(
        state,
        c.OpenDay(at=DAY, mall="m", journal="j", day="1970-01-02", starts_at=DAY, ends_at=2 * DAY, rules=rules_of(DAY)),
    ):
        evolve(state, event)

    assert state.supervised.over(rules_of(DAY)) == rules_of(DAY)
