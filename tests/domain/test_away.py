"""A citizen lets others pass for a while: nobody calls them meanwhile, and they lose no more than they gave."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.credit import of_return
from tests.domain.hall import MINUTE, MORNING, Hall, rules

TEN = 10 * MINUTE


def hall(**policy: Any) -> Hall:
    """Anna came at 8, Budi five minutes later, Citra fifteen; it is 8:20."""
    usual = {"step_away_ms": (5 * MINUTE, TEN), "step_away_times": 2}
    made = Hall(rules(policy=usual | policy))
    made.open("1")
    for name, after in (("anna", 0), ("budi", 5), ("citra", 15)):
        made.at = MORNING + after * MINUTE
        made.issue("passport", name)
    made.at = MORNING + 20 * MINUTE
    return made


def test_who_steps_away_is_not_called_until_the_time_is_over():
    """The next one is; then the one who let them pass waits again by time alone, and the time away was no wait."""
    here = hall()

    events = here.does(c.StepAway, ticket="anna", for_ms=TEN)
    called = here.call("1")
    here.later(TEN)
    back = here.tick()

    assert events == [e.TicketSteppedAway(at=MORNING + 20 * MINUTE, ticket="anna", until=MORNING + 30 * MINUTE)]
    assert called == "budi"
    assert back == [e.TicketReturned(at=MORNING + 30 * MINUTE, ticket="anna", credit=-TEN)]
    here.does(c.StartService, counter="1")
    assert here.call("1") == "anna"


def test_who_came_while_somebody_was_away_may_stand_before_them():
    """Citra came fifteen minutes after Anna, who was away for twenty."""
    here = hall(step_away_ms=(20 * MINUTE,))

    here.does(c.StepAway, ticket="anna", for_ms=20 * MINUTE)
    here.later(20 * MINUTE)
    here.tick()

    assert [here.serve("1") for _ in range(3)] == ["budi", "citra", "anna"]


def test_who_is_called_and_steps_away_gives_the_counter_free():
    """Its clerk may call the next at once, and cannot take the call back as if nobody had said anything."""
    here = hall()
    here.call("1")

    here.does(c.StepAway, ticket="anna", for_ms=5 * MINUTE)

    assert here.state.counters["1"].ticket is None
    assert here.refuses(c.Undo, counter="1") == ("illegal_move", "undo_acted_on")
    assert here.call("1") == "budi"


def test_who_is_back_sooner_waits_from_then_on():
    """The time is not waited for, and its end brings nothing more."""
    here = hall()
    here.does(c.StepAway, ticket="anna", for_ms=TEN)
    here.later(2 * MINUTE)

    events = here.does(c.ComeBack, ticket="anna")
    here.later(TEN)

    assert events == [e.TicketReturned(at=MORNING + 22 * MINUTE, ticket="anna", credit=-2 * MINUTE)]
    assert here.tick() == []
    assert here.call("1") == "anna"


def test_the_mall_says_how_much_of_the_wait_still_counts():
    """With half of it somebody stands where half of the wait would put them."""
    here = hall()
    here.policy(credits=replace(here.state.rules.policy.credits, step_away=0.5))
    here.does(c.StepAway, ticket="anna", for_ms=TEN)
    here.later(TEN)

    (back,) = here.tick()

    assert isinstance(back, e.TicketReturned)
    assert here.at - (here.step("anna").queued_at or 0) + back.credit == TEN


@pytest.mark.parametrize(
    ("policy", "fields", "refusal"),
    [
        ({"step_away_ms": ()}, {"for_ms": TEN}, ("illegal_move", "no_step_away")),
        ({}, {"for_ms": 7}, ("invalid", "step_away_time")),
        ({"step_away_times": 0}, {"for_ms": TEN}, ("illegal_move", "away_often_enough")),
    ],
)
def test_only_within_the_malls_rules(policy: dict[str, Any], fields: dict[str, Any], refusal: tuple[str, str]):
    """Whether, for how long and how often is the mall's to say."""
    assert hall(**policy).refuses(c.StepAway, ticket="anna", **fields) == refusal


def test_how_often_counts_over_the_whole_journey():
    """Coming back sooner does not make it one time less."""
    here = hall()
    for _ in range(2):
        here.does(c.StepAway, ticket="anna", for_ms=TEN)
        here.does(c.ComeBack, ticket="anna")

    assert here.refuses(c.StepAway, ticket="anna", for_ms=TEN) == ("illegal_move", "away_often_enough")


def test_whom_staff_set_aside_only_staff_take_back():
    """A clerk who sends somebody for a copy decides when they are next."""
    here = hall()
    here.call("1")
    here.does(c.ParkTicket, counter="1")

    assert here.refuses(c.ComeBack, ticket="anna") == ("illegal_move", "ask_staff")


def test_who_is_being_served_does_not_step_away():
    """They are at the counter: its clerk sets them aside."""
    here = hall()
    here.serve("1")

    assert here.refuses(c.StepAway, ticket="anna", for_ms=TEN) == ("illegal_move", "park_from_serving")


def test_who_waited_for_one_counter_still_does():
    """Letting others pass takes nobody's address away, unless that counter has closed meanwhile."""
    here = hall()
    here.open("2")
    here.serve("1")
    here.does(c.TransferTicket, counter="1", to_counter="2")
    here.does(c.StepAway, ticket="anna", for_ms=5 * MINUTE)

    here.later(5 * MINUTE)
    here.tick()
    stays = here.step("anna").address
    here.does(c.StepAway, ticket="anna", for_ms=5 * MINUTE)
    here.does(c.CloseCounter, counter="2")
    here.later(5 * MINUTE)
    here.tick()

    assert stays is not None
    assert stays.counter == "2"
    assert here.step("anna").address is None


def test_undo_of_staff_taking_somebody_back_keeps_their_time():
    """The ticket is away again, and its time ends as it was said."""
    here = hall()
    here.does(c.StepAway, ticket="anna", for_ms=TEN)
    here.does(c.ReturnTicket, ticket="anna", by="clerk 1")
    here.does(c.Undo, counter="1")

    here.later(TEN)

    assert [type(event) for event in here.tick()] == [e.TicketReturned]


def test_a_day_that_ends_meanwhile_ends_it():
    """Who was away when the mall closed expires like whoever was set aside."""
    here = hall()
    here.at = here.state.ends_at - 5 * MINUTE
    here.does(c.StepAway, ticket="anna", for_ms=TEN)

    here.close_day()

    assert here.states("anna") == ["expired"]


@given(st.integers(0, 120), st.integers(0, 60))
def test_nobody_gains_by_letting_others_pass(waited: int, away: int):
    """However long one waited and was away, one never stands before where one stood."""
    here = Hall(rules(policy={"step_away_ms": (60 * MINUTE,)}))
    here.issue("passport", "anna")
    here.later(waited * MINUTE)
    here.does(c.StepAway, ticket="anna", for_ms=60 * MINUTE)

    credit = of_return(here.state, here.step("anna"), here.at + away * MINUTE)

    assert credit == -away * MINUTE
