"""The whole hall: days, rules, holds, pauses, outages, and what time alone brings about."""

from typing import Any

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.decide import decide
from queue_server.domain.evolve import evolve
from queue_server.domain.hall import next_deadline
from queue_server.domain.records import Address
from queue_server.domain.rules import Credits, Prefix
from tests.domain.hall import DAY, HOUR, MINUTE, MORNING, SECOND, Hall, counter, rules, service

NIGHT = DAY + 24 * HOUR
CARRIED = rules(service("passport", "P", carry_over=True, open=((DAY, NIGHT),)))


# The day


def test_a_day_begins_with_its_rules():
    """`DayOpened`, then `RulesSet`, as one command: replaying a day needs nothing else."""
    opened, agreed = Hall().history

    assert opened == e.DayOpened(at=DAY, mall="mall", journal="journal", day=str(DAY), starts_at=DAY, ends_at=NIGHT)
    assert agreed == e.RulesSet(at=DAY, then=True, rules=rules())


def test_a_day_is_opened_once():
    """Two days at once there are none."""
    hall = Hall()

    refused = hall.refuses(c.OpenDay, day="again", starts_at=NIGHT, ends_at=NIGHT + 1, rules=rules())

    assert refused == ("illegal_move", "day_open")


@pytest.mark.parametrize("whose", [{"mall": "other"}, {"journal": "other"}])
def test_a_history_is_one_malls(whose: dict[str, str]):
    """A day of another mall, or of another journal, never follows."""
    hall = Hall()
    hall.close_day()

    refused = hall.refuses(
        c.OpenDay, day=str(NIGHT), starts_at=NIGHT, ends_at=NIGHT + 24 * HOUR, rules=rules(), **whose
    )

    assert refused == ("illegal_move", "mall")


def test_a_day_only_follows_a_day():
    """The same day does not come twice, an earlier one never, and none that would be over at once."""
    hall = Hall()
    hall.close_day()

    for day, ends_at in ((str(DAY), NIGHT + 1), (str(DAY - 1), NIGHT + 1), (str(NIGHT), NIGHT)):
        refused = hall.refuses(c.OpenDay, day=day, starts_at=NIGHT, ends_at=ends_at, rules=rules())
        assert refused == ("illegal_move", "day_order")


def test_the_end_of_the_day_ends_everything_and_says_so():
    """Who is served is finished, who waits, is called, parked or absent expires, every counter is left."""
    hall = Hall(rules(policy={"no_show_calls": 1, "no_show_apart_ms": 0}))
    hall.open("1", "2", "3")
    for name in ("served", "called", "parked", "absent", "waiting"):
        hall.issue("passport", name, "tax")
    hall.serve("1")
    hall.call("2")
    hall.does(c.ParkTicket, counter="3", ticket="parked")
    hall.does(c.PutBack, counter="2")
    hall.does(c.CallTicket, counter="2", ticket="absent")
    hall.does(c.MarkNoShow, counter="2")
    hall.does(c.CallTicket, counter="2", ticket="called")

    events = hall.close_day()

    assert events == [
        e.ServiceFinished(at=NIGHT, ticket="served"),
        e.TicketExpired(at=NIGHT, then=True, ticket="called"),
        e.TicketExpired(at=NIGHT, then=True, ticket="parked"),
        e.TicketExpired(at=NIGHT, then=True, ticket="absent"),
        e.TicketExpired(at=NIGHT, then=True, ticket="waiting"),
        *(e.CounterLeft(at=NIGHT, then=True, counter=id_) for id_ in ("1", "2", "3")),
        e.DayClosed(at=NIGHT, then=True),
    ]
    assert hall.states("served", "called") == ["served", "expired"]
    assert [step.state for step in hall.ticket("served").steps] == ["finished", "expired"]
    assert hall.due() is None


def test_nothing_is_decided_on_a_closed_day():
    """Until the next one has begun."""
    hall = Hall()
    hall.close_day()

    assert hall.refuses(c.OpenCounter, counter="1") == ("service_closed", "closed_today")
    assert hall.does(c.NoteRestart) == []
    assert hall.tick() == []


def test_a_day_closes_at_its_own_hour_however_late_that_is_noticed():
    """A server that was off over night stamps the end with the deadline."""
    hall = Hall()
    hall.issue("passport", "anna")
    hall.at = NIGHT + 9 * HOUR

    events = hall.tick()

    assert {event.at for event in events} == {NIGHT}


def test_a_queue_that_is_carried_over_goes_on_tomorrow():
    """The same ticket, number and place; addresses end with the day, since every counter was left."""
    hall = Hall(CARRIED)
    hall.open("1", "2")
    hall.issue("visa", "budi")
    hall.at = late = NIGHT - MINUTE
    hall.issue("passport", "anna", counter="2")
    events = hall.close_day()

    opened, *_ = hall.open_day(CARRIED, NIGHT)
    hall.open("1")

    assert e.AddressReleased(at=NIGHT, then=True, ticket="anna") in events
    assert isinstance(opened, e.DayOpened)
    assert [ticket.id for ticket in opened.carried] == ["anna"]
    assert hall.state.numbers == {"P001": "anna"}
    assert (hall.step("anna").queued_at, hall.ticket("anna").day) == (late, str(DAY))
    assert hall.call("1") == "anna"


def test_a_service_that_is_gone_tomorrow_expires_what_it_carried():
    """Nobody waits for what the mall does not offer any more, and nobody is lost without a word."""
    hall = Hall(CARRIED)
    hall.issue("passport", "anna")
    hall.close_day()
    without = rules(counter("1", "visa"), counter("2", "visa"))
    del without.services["passport"]

    events = hall.open_day(without, NIGHT)

    assert events[2:] == [e.TicketExpired(at=NIGHT, then=True, ticket="anna")]
    assert hall.states("anna") == ["expired"]


def test_a_journey_ends_where_its_next_service_is_gone():
    """A carried ticket is served for what there is; the rest of its journey expires."""
    hall = Hall(CARRIED)
    hall.issue("passport", "anna", "tax")
    hall.close_day()
    without = rules(service("passport", "P"), counter("3", "visa"))
    del without.services["tax"]
    hall.open_day(without, NIGHT)
    hall.open("1")
    hall.serve("1")

    hall.does(c.FinishService, counter="1")

    assert [step.state for step in hall.ticket("anna").steps] == ["finished", "expired"]
    assert hall.states("anna") == ["served"]


# Rules


def test_the_same_rules_again_change_nothing():
    """A reload of an unchanged file is no event."""
    assert Hall().does(c.SetRules, rules=rules()) == []


@pytest.mark.parametrize("gone", ["service", "counter", "prefix", "category"])
def test_rules_that_take_away_what_is_in_use_are_refused(gone: str):
    """Somebody's place or number rests on it."""
    hall = Hall()
    hall.open("2")
    hall.issue("passport", "anna", category="elderly")
    other = rules()
    match gone:
        case "service":
            del other.services["passport"]
        case "counter":
            del other.counters["2"]
        case "prefix":
            other.services["passport"] = service("passport", "X")
        case "category":
            del other.categories["elderly"]

    assert hall.refuses(c.SetRules, rules=other) == ("illegal_move", "rules_in_use")


@pytest.mark.parametrize("how", ["parked", "no_show"])
def test_a_counter_that_somebody_may_come_back_to_is_in_use(how: str):
    """Closed is not enough: who was parked there, or did not come, still names it."""
    hall = Hall(rules(policy={"no_show_calls": 1, "no_show_apart_ms": 0}))
    hall.open("3")
    hall.issue("tax", "anna")
    hall.call("3")
    hall.does(c.ParkTicket if how == "parked" else c.MarkNoShow, counter="3")
    hall.does(c.CloseCounter, counter="3")
    other = rules(policy={"no_show_calls": 1, "no_show_apart_ms": 0})
    del other.counters["3"]

    assert hall.refuses(c.SetRules, rules=other) == ("illegal_move", "rules_in_use")

    hall.does(c.CancelTicket, ticket="anna")

    assert isinstance(hall.does(c.SetRules, rules=other)[0], e.RulesSet)


def test_a_day_ends_though_a_counter_was_taken_from_under_a_parked_ticket():
    """Journals of older versions have such rules: the ticket is cancelled, or expires, and the day closes."""
    hall = Hall()
    hall.open("3")
    for name in ("anna", "budi"):
        hall.issue("tax", name)
        hall.call("3")
        hall.does(c.ParkTicket, counter="3")
    hall.does(c.CloseCounter, counter="3")
    other = rules()
    del other.counters["3"]
    evolve(hall.state, e.RulesSet(at=hall.at, rules=other))

    for event in decide(hall.state, c.CancelTicket(at=hall.at, ticket="anna")):
        evolve(hall.state, event)
    for event in decide(hall.state, c.Tick(at=NIGHT)):
        evolve(hall.state, event)

    assert (hall.states("anna", "budi"), hall.state.open) == (["cancelled", "expired"], False)


@pytest.mark.parametrize("step", [1, 2])
def test_a_carried_number_keeps_its_prefix_as_it_began(step: int):
    """Nothing was given with the prefix today, but somebody holds a number of it: another start has to wait."""
    hall = Hall(CARRIED)
    hall.issue("passport", "anna")
    hall.close_day()
    hall.open_day(CARRIED, NIGHT)

    refused = hall.refuses(c.SetRules, rules=replace(CARRIED, prefixes={"P": Prefix(start=100, step=step)}))

    assert refused == ("illegal_move", "rules_in_use")


def test_what_is_not_in_use_may_go():
    """A closed counter and a service that nobody waits for."""
    hall = Hall()
    hall.open("2")
    other = rules()
    del other.services["tax"]
    del other.counters["3"]

    hall.does(c.SetRules, rules=other, source="supervisor", by="sup", reason="fire")

    assert hall.state.counters.keys() == {"1", "2"}
    assert hall.refuses(c.IssueTicket, ticket="t", services=("tax",)) == ("unknown_service", None)


def test_who_waits_for_a_counter_that_will_not_serve_it_any_more_waits_for_all():
    """A counter's services change in the middle of the day."""
    hall = Hall()
    hall.open("1", "2", "3")
    hall.issue("passport", "for 1", counter="1")
    hall.issue("visa", "for the clerk")
    hall.does(c.TransferTicket, counter="3", ticket="for the clerk", to_clerk="clerk 1")

    changed, *released = hall.does(c.SetRules, rules=rules(counter("1", "visa")))

    assert isinstance(changed, e.RulesSet)
    assert released == [e.AddressReleased(at=MORNING, then=True, ticket="for 1")]
    assert hall.step("for the clerk").address is not None


def test_another_auto_call_time_holds_at_once():
    """Also at a counter that is free already."""
    hall = Hall()
    hall.open("1")
    hall.does(c.SetAutoCall, counter="1", on=True)
    hall.issue("passport", "anna")

    hall.does(c.SetRules, rules=rules(policy={"auto_call_after_ms": 60 * SECOND}))
    later = hall.due()
    hall.does(c.SetRules, rules=rules(policy={"auto_call_after_ms": 5 * SECOND}))

    assert later == MORNING + 60 * SECOND
    assert hall.due() == MORNING + 5 * SECOND


# Hold and pause


def test_a_hold_keeps_every_place_and_keeps_its_time_out_of_the_waits():
    """Who waited through it has its whole length taken off, who was called before it nothing."""
    hall = Hall()
    hall.open("1", "2")
    hall.issue("passport", "called")
    hall.issue("passport", "anna")
    hall.issue("passport", "parked")
    hall.call("1")
    hall.does(c.ParkTicket, counter="2", ticket="parked")
    hall.later(10 * MINUTE)

    hall.does(c.HoldHall, reason="fire", by="sup")
    hall.later(20 * MINUTE)
    hall.does(c.ReleaseHall, by="sup")

    held = {name: hall.step(name).held for name in ("called", "anna", "parked")}
    assert held == {"called": 0, "anna": 20 * MINUTE, "parked": 20 * MINUTE}
    assert hall.step("anna").queued_at == MORNING
    assert hall.call("2") == "anna"


def test_a_hold_after_a_call_that_is_put_back_is_no_wait():
    """The call did not count, so the wait goes on through the hold, which is taken off it, however often."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna")
    hall.later(30 * SECOND)
    for _ in range(2):
        hall.call("1")
        hall.does(c.HoldHall, reason="fire", by="sup")
        hall.later(10 * MINUTE)
        hall.does(c.ReleaseHall, by="sup")
        hall.later(15 * SECOND)
        hall.does(c.PutBack, counter="1")
    hall.later(30 * SECOND)
    hall.call("1")

    step = hall.step("anna")
    assert step.first_called_at is not None
    assert (step.held, step.first_called_at - MORNING - step.held) == (20 * MINUTE, 90 * SECOND)


def test_a_hold_while_somebody_is_called_in_earnest_is_no_part_of_a_later_wait():
    """A no-show's wait ended with the call; what was held after it is taken off nothing."""
    hall = Hall(rules(policy={"no_show_calls": 1, "no_show_apart_ms": 0}))
    hall.open("1")
    hall.issue("passport", "anna")
    hall.call("1")
    hall.does(c.HoldHall, reason="fire", by="sup")
    hall.later(10 * MINUTE)
    hall.does(c.ReleaseHall, by="sup")
    hall.does(c.MarkNoShow, counter="1")
    hall.does(c.ReturnTicket, ticket="anna")
    hall.call("1")

    hall.does(c.PutBack, counter="1")

    assert (hall.step("anna").held, hall.step("anna").first_called_at) == (0, MORNING)


@pytest.mark.parametrize(("held_from", "taken_off"), [(0, 0), (20, 10), (40, 20)])
def test_a_hold_before_the_time_booked_takes_nothing_off(held_from: int, taken_off: int):
    """The wait of an appointment begins at its time, half an hour from now; only a hold after that is part of it."""
    hall = Hall()
    hall.issue("passport", "anna", booked_at=MORNING + 30 * MINUTE)
    hall.later(held_from * MINUTE)

    hall.does(c.HoldHall, reason="fire", by="sup")
    hall.later(20 * MINUTE)
    hall.does(c.ReleaseHall, by="sup")

    assert hall.step("anna").held == taken_off * MINUTE


def test_a_no_show_has_its_time_anew_after_a_hold():
    """Whoever was called before a hold could not come while it lasted."""
    hall = Hall(rules(policy={"no_show_calls": 1}))
    hall.open("1")
    hall.issue("passport", "anna")
    hall.call("1")
    hall.does(c.HoldHall, reason="fire", by="sup")
    hall.later(10 * MINUTE)
    hall.does(c.ReleaseHall, by="sup")

    assert hall.refuses(c.MarkNoShow, counter="1") == ("too_soon", "apart")
    hall.later(10 * SECOND)
    assert hall.does(c.MarkNoShow, counter="1") != []


def test_a_hold_ends_with_its_day_and_says_so():
    """Before anybody expires, so that all of its time is taken off who waited through it; the next day is not held."""
    hall = Hall(rules(service("passport", "P", carry_over=True)))
    hall.issue("passport", "anna")
    hall.at = NIGHT - HOUR
    hall.does(c.HoldHall, reason="fire", by="sup")

    released, *_ = hall.close_day()
    hall.open_day(rules(service("passport", "P", carry_over=True)), NIGHT)

    assert released == e.HallReleased(at=NIGHT)
    assert (hall.step("anna").held, hall.state.held) == (HOUR, None)


def test_a_hall_that_is_at_work_as_the_day_changes_stays_held():
    """Where a service is open through midnight an evacuation does not end by itself, nor does its time get lost."""
    hall = Hall(CARRIED)
    hall.issue("passport", "anna")
    hall.at = NIGHT - HOUR
    hall.does(c.HoldHall, reason="fire", by="sup")
    hall.close_day()
    hall.at = NIGHT + HOUR
    open_at_night = rules(service("passport", "P", carry_over=True, open=((NIGHT, NIGHT + 24 * HOUR),)))

    *_, held = hall.does(c.OpenDay, day="next", starts_at=NIGHT, ends_at=NIGHT + 24 * HOUR, rules=open_at_night)
    during = hall.refuses(c.IssueTicket, ticket="budi", services=("passport",))
    hall.does(c.ReleaseHall, by="sup")

    assert held == e.HallHeld(at=hall.at, then=True, reason="fire", since=NIGHT)
    assert during == ("service_closed", "held")
    assert hall.step("anna").held == 2 * HOUR


def test_a_hold_takes_no_time_from_an_address():
    """What was sent to one counter stays there as long as without the hold, also if it was sent or called in it."""
    hall = Hall()
    hall.open("1", "2")
    for name in ("before", "called", "within"):
        hall.issue("passport", name)
    hall.does(c.TransferTicket, counter="1", ticket="before", to_counter="2")
    hall.does(c.TransferTicket, counter="1", ticket="called", to_counter="2")
    hall.does(c.CallTicket, counter="2", ticket="called")
    hall.later(15 * MINUTE)

    hall.does(c.HoldHall, reason="fire", by="sup")
    hall.later(10 * MINUTE)
    within = hall.tick()
    hall.does(c.TransferTicket, counter="1", ticket="within", to_counter="2")
    hall.later(10 * MINUTE)
    hall.does(c.ReleaseHall, by="sup")
    hall.does(c.PutBack, counter="2")

    limits = {"before": 40, "called": 40, "within": 55}
    until = {name: MORNING + minutes * MINUTE for name, minutes in limits.items()}
    assert within == []
    assert {name: hall.step(name).address for name in limits} == {
        name: Address(counter="2", until=at) for name, at in until.items()
    }
    hall.later(5 * MINUTE)
    released = hall.tick()
    assert [event.ticket for event in released if isinstance(event, e.AddressReleased)] == ["before", "called"]


def test_who_was_queued_during_a_hold_waits_from_then():
    """A journey's next step, begun while the hall was held, has only the rest of the hold taken off."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna", "visa")
    hall.serve("1")
    hall.does(c.HoldHall, reason="fire", by="sup")
    hall.later(5 * MINUTE)
    hall.does(c.FinishService, counter="1")
    hall.later(15 * MINUTE)

    hall.does(c.ReleaseHall, by="sup")

    assert hall.step("anna").held == 15 * MINUTE


def test_a_hold_gets_another_reason_and_stays_one_hold():
    """Why may be said better afterwards; the time counts from the first press on."""
    hall = Hall()
    hall.does(c.HoldHall, reason="fire", by="sup")
    hall.later(60 * SECOND)

    again = hall.does(c.HoldHall, reason="~words", by="sup")

    assert [event.reason for event in again if isinstance(event, e.HallHeld)] == ["~words"]
    assert hall.state.held is not None
    assert (hall.state.held.reason, hall.state.held.since) == ("~words", MORNING)


def test_a_hall_is_held_and_released_once():
    """A second press does nothing; the reason is a configured one."""
    hall = Hall()

    assert hall.does(c.ReleaseHall, by="sup") == []
    assert hall.refuses(c.HoldHall, reason="boredom", by="sup") == ("invalid", "reason")
    assert hall.does(c.HoldHall, reason="fire", by="sup") == [e.HallHeld(at=MORNING, reason="fire", by="sup")]
    assert hall.does(c.HoldHall, reason="fire", by="sup") == []
    assert hall.does(c.ReleaseHall, by="sup") == [e.HallReleased(at=MORNING, by="sup")]


def test_a_hold_says_no_reason_unless_somebody_gives_one():
    """One press; the reason comes afterwards, and a second press takes it from nobody."""
    hall = Hall()

    assert hall.does(c.HoldHall, by="sup") == [e.HallHeld(at=MORNING, reason="hold", by="sup")]
    hall.does(c.HoldHall, reason="fire", by="sup")
    assert hall.does(c.HoldHall, by="sup") == []
    assert hall.state.held is not None
    assert (hall.state.held.reason, hall.state.evacuating) == ("fire", False)


def test_an_evacuation_holds_the_hall_and_more():
    """From a hall at work or one that is held; nobody is called and no ticket given, for that reason."""
    for held_before in (False, True):
        hall = Hall()
        hall.open("1")
        hall.issue("passport", "anna")
        if held_before:
            hall.does(c.HoldHall, reason="fire", by="sup")
        hall.later(60 * SECOND)

        events = hall.does(c.EvacuateHall, by="sup")

        assert events == [e.HallHeld(at=hall.at, reason="evacuation", by="sup", evacuation=True)]
        assert hall.state.held is not None
        assert hall.state.held.since == (MORNING if held_before else hall.at)
        assert hall.state.held.evacuated_since == hall.at
        assert hall.does(c.EvacuateHall, by="sup") == []
        assert hall.refuses(c.CallNext, counter="1") == ("counter_closed", "evacuation")
        assert hall.refuses(c.IssueTicket, ticket="budi", services=("passport",)) == ("service_closed", "evacuation")


def test_an_evacuation_ends_by_its_own_end_alone():
    """No hold, whatever its reason, and no release ends it; then the hall is held until it is released."""
    hall = Hall()
    hall.issue("passport", "anna")
    assert hall.does(c.EndEvacuation, by="sup") == []
    hall.does(c.EvacuateHall, reason="fire", by="sup")
    hall.later(10 * MINUTE)

    assert hall.refuses(c.HoldHall, by="sup") == ("illegal_move", "evacuation")
    assert hall.refuses(c.HoldHall, reason="fire", by="sup") == ("illegal_move", "evacuation")
    assert hall.refuses(c.ReleaseHall, by="sup") == ("illegal_move", "evacuation")
    assert hall.does(c.EndEvacuation, by="sup") == [e.EvacuationEnded(at=hall.at, by="sup")]
    assert (hall.state.evacuating, hall.state.held is not None) == (False, True)
    hall.later(10 * MINUTE)
    hall.does(c.ReleaseHall, by="sup")

    assert hall.step("anna").held == 20 * MINUTE


def test_a_hold_for_the_reason_of_an_evacuation_is_refused():
    """It would look like one and be none."""
    assert Hall().refuses(c.HoldHall, reason="evacuation", by="sup") == ("invalid", "evacuation")


def test_an_evacuation_goes_on_into_the_next_day():
    """Whether the hall is open then or not, somebody must say that it is safe."""
    hall = Hall(rules(service("passport", "P", carry_over=True)))
    hall.issue("passport", "anna")
    hall.at = NIGHT - HOUR
    hall.does(c.EvacuateHall, by="sup")

    hall.close_day()
    hall.open_day(rules(service("passport", "P", carry_over=True)), NIGHT)

    assert hall.state.evacuating
    hall.does(c.EndEvacuation, by="sup")
    assert not hall.state.evacuating


def test_a_service_is_paused_and_resumed():
    """With a reason, once each."""
    hall = Hall()
    pause: dict[str, Any] = {"service": "passport", "reason": "fire", "by": "sup"}

    assert hall.does(c.ResumeService, service="passport", by="sup") == []
    assert hall.does(c.PauseService, **pause) == [e.ServicePaused(at=MORNING, **pause)]
    assert hall.does(c.PauseService, **pause) == []
    assert hall.does(c.ResumeService, service="passport", by="sup") != []
    assert hall.refuses(c.PauseService, **{**pause, "service": "gardening"}) == ("unknown_service", None)
    assert hall.refuses(c.ResumeService, service="gardening", by="sup") == ("unknown_service", None)
    assert hall.refuses(c.PauseService, **{**pause, "reason": "boredom"}) == ("invalid", "reason")


def test_why_a_hold_or_a_pause_ends_may_be_said():
    """As a reason that the mall knows, recorded with it."""
    hall = Hall()
    hall.does(c.HoldHall, reason="fire", by="sup")
    hall.does(c.PauseService, service="passport", reason="lost", by="sup")
    unknown = (
        hall.refuses(c.ReleaseHall, reason="because", by="sup"),
        hall.refuses(c.ResumeService, service="passport", reason="because", by="sup"),
    )

    released = hall.does(c.ReleaseHall, reason="~words", by="sup")
    resumed = hall.does(c.ResumeService, service="passport", reason="lost", by="sup")

    assert unknown == (("invalid", "reason"),) * 2
    assert released == [e.HallReleased(at=MORNING, by="sup", reason="~words")]
    assert resumed == [e.ServiceResumed(at=MORNING, service="passport", by="sup", reason="lost")]


# What time alone brings about


def test_an_address_is_released_when_its_limit_is_over():
    """Then the step waits for all, from the same place, stamped with the deadline."""
    hall = Hall()
    hall.open("1", "2")
    hall.issue("passport", "anna", counter="2")
    until = MORNING + 20 * MINUTE

    due = hall.due()
    hall.later(25 * MINUTE)
    events = hall.tick()

    assert due == until
    assert events == [e.AddressReleased(at=until, ticket="anna")]
    assert hall.call("1") == "anna"


def test_who_was_called_in_time_keeps_the_address_for_a_put_back():
    """While the citizen is at the counter nothing is due; put back after the limit, it is due at once."""
    hall = Hall()
    hall.open("2")
    hall.issue("passport", "anna", counter="2")
    hall.call("2")
    hall.later(25 * MINUTE)
    nothing = hall.tick()

    hall.does(c.PutBack, counter="2")

    assert nothing == []
    assert hall.step("anna").address == Address(counter="2", until=MORNING + 20 * MINUTE)
    assert hall.tick() == [e.AddressReleased(at=hall.at, ticket="anna")]


def test_a_slip_that_was_never_sent_expires_itself():
    """The server tells the kiosk; what was sent, its agent settles."""
    hall = Hall()
    hall.issue("passport", "never sent", kiosk="door", slip_job="a")
    hall.issue("passport", "sent", kiosk="door", slip_job="b")
    hall.does(c.ReportSlip, ticket="sent", job="b", state="queued", sent=True)
    due = hall.due()
    hall.later(60 * SECOND)

    events = hall.tick()

    assert due == MORNING + 25 * SECOND
    assert events == [e.SlipReported(at=hall.at, ticket="never sent", job="a", state="not_printed", reason="expired")]
    assert hall.ticket("sent").slip.state == "queued"


def test_a_slip_that_expires_keeps_the_reason_why_it_waited():
    """No paper, cover open: what the kiosk showed stays the reason."""
    hall = Hall()
    hall.issue("passport", "anna", kiosk="door", slip_job="a")
    hall.does(c.ReportSlip, ticket="anna", job="a", state="queued", reason="paper_out")
    hall.later(60 * SECOND)

    hall.tick()

    assert (hall.ticket("anna").slip.state, hall.ticket("anna").slip.reason) == ("not_printed", "paper_out")


def test_after_an_outage_slips_have_their_time_anew():
    """Nothing could be printed while the server was away."""
    hall = Hall()
    hall.issue("passport", "anna", kiosk="door", slip_job="a")
    hall.later(10 * MINUTE)

    restarted = hall.does(c.NoteRestart)

    assert restarted == [e.Restarted(at=hall.at, down_since=MORNING)]
    assert hall.ticket("anna").slip.expires_at == hall.at + 25 * SECOND
    assert hall.due() == hall.at + 25 * SECOND


def test_after_a_hold_grace_starts_anew():
    """Nobody could come back to a hall that was emptied."""
    hall = Hall(rules(policy={"no_show_calls": 1, "no_show_apart_ms": 0, "grace_ms": 5 * MINUTE}))
    hall.open("1")
    hall.issue("passport", "anna")
    hall.call("1")
    hall.does(c.MarkNoShow, counter="1")
    hall.does(c.HoldHall, reason="fire", by="sup")
    hall.later(60 * MINUTE)
    hall.does(c.ReleaseHall, by="sup")
    hall.later(5 * MINUTE)

    hall.does(c.ReturnTicket, ticket="anna")

    assert hall.states("anna") == ["waiting"]


def test_time_alone_changes_nothing_before_it_is_due():
    """A tick that comes early finds nothing to do."""
    hall = Hall(rules(policy={"credits": Credits()}))
    hall.open("1")
    hall.issue("passport", "anna", kiosk="door", slip_job="a")

    assert hall.tick() == []


# The clock is put back


def ahead(hall: Hall, hours: int = 7) -> None:
    """The mall's clock was `hours` ahead all day, and is put right."""
    at = hall.at
    hall.does(c.CloseDay, by="sup")
    hall.at = at - hours * HOUR
    hall.does(
        c.OpenDay,
        day="again",
        starts_at=DAY,
        ends_at=NIGHT,
        rules=hall.state.rules,
        clock_was=at,
    )


def test_a_day_whose_clock_was_ahead_ends_and_begins_anew_with_its_people():
    """Whoever waits keeps number, place and the wait so far; who was called waits again, who was served is done."""
    hall = Hall(rules(policy={"no_show_calls": 1, "no_show_apart_ms": 0}))
    hall.open("1", "2", "3")
    for name in ("served", "absent", "called", "waiting"):
        hall.issue("passport", name, "visa")
        hall.later(MINUTE)
    hall.serve("1")
    hall.call("2")
    hall.does(c.MarkNoShow, counter="2")
    hall.call("2")
    hall.later(MINUTE)
    issued = hall.ticket("waiting").issued_at

    ahead(hall)

    assert hall.states("served", "absent", "called", "waiting") == ["waiting", "no_show", "waiting", "waiting"]
    assert [step.state for step in hall.ticket("served").steps] == ["finished", "waiting"]
    assert {record.state for record in hall.state.counters.values()} == {"closed"}
    assert (hall.step("waiting").queued_at, hall.ticket("waiting").issued_at) == (issued - 7 * HOUR, issued)
    assert hall.step("called").first_called_at is None
    hall.open("2")
    assert [hall.serve("2"), hall.does(c.FinishService, counter="2") and hall.serve("2")] == ["called", "waiting"]


def test_numbers_and_quotas_go_on_where_the_clock_is_put_back():
    """It is the same morning: no number is given twice in it, and no quota twice."""
    hall = Hall(rules(service("passport", "P", quota=2, open=((DAY, NIGHT),))))
    hall.open("1")
    hall.issue("passport", "anna")
    hall.serve("1")

    ahead(hall)

    assert hall.issue("passport").number == "P002"
    assert hall.refuses(c.IssueTicket, ticket="more", services=("passport",)) == ("quota_reached", "quota_reached")


def test_times_before_the_wrong_clock_stay_and_so_does_the_order():
    """The clock was right until an outage: only what was stamped after it moves, and nobody overtakes."""
    hall = Hall()
    hall.issue("passport", "early")
    hall.later(10 * MINUTE)
    hall.issue("passport", "right")
    hall.later(50 * MINUTE)
    hall.does(c.NoteRestart)
    hall.issue("passport", "wrong")
    hall.later(5 * MINUTE)

    ahead(hall, hours=0)
    same = [hall.step(name).queued_at for name in ("early", "right", "wrong")]
    hall.does(c.CloseDay, by="sup")
    at, hall.at = hall.at, hall.at - 55 * MINUTE
    again: dict[str, Any] = {"day": "once more", "starts_at": DAY, "ends_at": NIGHT, "rules": hall.state.rules}
    hall.does(c.OpenDay, clock_was=at, **again)

    assert same == [MORNING, MORNING + 10 * MINUTE, MORNING + HOUR]
    assert [hall.step(name).queued_at for name in ("early", "right", "wrong")] == [
        MORNING,
        MORNING + 10 * MINUTE,
        MORNING + 10 * MINUTE,
    ]


def test_a_hold_goes_on_while_the_clock_is_put_back():
    """It is the same moment; what was held until then is taken off the waits, and what follows, too."""
    hall = Hall()
    hall.issue("passport", "anna")
    hall.later(MINUTE)
    hall.does(c.HoldHall, reason="fire", by="sup")
    hall.later(10 * MINUTE)

    ahead(hall)
    hall.later(5 * MINUTE)
    hall.does(c.ReleaseHall, by="sup")

    assert hall.step("anna").held == 15 * MINUTE


def test_a_slip_that_is_carried_over_ends_by_its_own_time():
    """It was asked for a moment before the day changed, and no agent has fetched it."""
    hall = Hall(CARRIED)
    hall.at = NIGHT - 5 * SECOND
    hall.issue("passport", "anna", kiosk="door", slip_job="a")
    hall.close_day()
    hall.open_day(CARRIED, NIGHT)
    hall.later(MINUTE)

    hall.tick()

    assert hall.ticket("anna").slip.state == "not_printed"


# The end of a day that is noticed late


def test_nothing_of_a_day_is_stamped_after_its_end():
    """A slip that ran out before it, noticed in the morning, is stamped with the day's end like all that ends then."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna")
    hall.serve("1")
    hall.issue("passport", "budi", kiosk="door", slip_job="a")
    hall.at = NIGHT + 8 * HOUR

    events = hall.tick()

    assert [type(event) for event in events][:1] == [e.SlipReported]
    assert {event.at for event in events} == {NIGHT}


def test_nobody_is_called_by_themselves_once_the_day_is_over():
    """Also if the counter would have called before, had anybody looked."""
    hall = Hall()
    hall.open("1")
    hall.does(c.SetAutoCall, counter="1", on=True)
    hall.issue("passport", "anna")
    hall.at = NIGHT + HOUR

    events = hall.tick()

    assert not [event for event in events if isinstance(event, e.TicketCalled)]
    assert hall.states("anna") == ["expired"]


def test_while_the_day_must_not_close_all_else_goes_on():
    """The clock is in doubt at the day's end: slips run out, counters call, the day stays open."""
    hall = Hall(rules(service("passport", "P", open=((DAY, NIGHT),))))
    hall.at = NIGHT - SECOND
    hall.open("1")
    hall.does(c.SetAutoCall, counter="1", on=True)
    hall.issue("passport", "anna", kiosk="door", slip_job="a")
    hall.later(MINUTE)

    kinds = []
    while events := hall.does(c.Tick, closes=False):
        kinds += [type(event) for event in events]

    assert (kinds, hall.state.open) == ([e.TicketCalled, e.SlipReported], True)
    assert next_deadline(hall.state, closes=False) is None
    assert hall.due() == NIGHT


def test_a_leap_is_an_outage_from_when_it_began():
    """What ran out meanwhile has its time anew; a machine that slept and a clock that was put on are told apart."""
    hall = Hall()
    hall.open("1")
    hall.does(c.SetAutoCall, counter="1", on=True)
    hall.issue("passport", "anna")
    hall.later(5 * SECOND)
    since = hall.at
    hall.later(HOUR)

    noted = hall.does(c.NoteRestart, since=since, why="sleep")

    assert noted == [e.Restarted(at=hall.at, down_since=since, why="sleep")]
    assert hall.tick() == []
    assert hall.due() == hall.at + 10 * SECOND
