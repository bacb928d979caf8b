"""What a clerk does with a ticket: every move of the life cycle, what it records, and what it is refused for."""

from typing import Any

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.records import Address, Estimate, Promise
from queue_server.domain.rules import Credits
from queue_server.domain.serving import no_show_in
from tests.domain.hall import EVENING, HOUR, MINUTE, MORNING, SECOND, Hall, counter, rules, service

MOVES = (
    c.CallNext,
    c.Recall,
    c.StartService,
    c.FinishService,
    c.MarkNoShow,
    c.ParkTicket,
    c.TransferTicket,
    c.PutBack,
)


def a_call(**policy: object) -> Hall:
    """Anna is called at counter 1 after ten minutes; budi waits."""
    hall = Hall(rules(policy=policy))
    hall.open("1", "2", "3")
    hall.issue("passport", "anna")
    hall.issue("passport", "budi")
    hall.later(10 * MINUTE)
    hall.call("1")
    return hall


def a_service(**policy: object) -> Hall:
    """The same, and anna is being served since 30 seconds after the call."""
    hall = a_call(**policy)
    hall.later(30 * SECOND)
    hall.does(c.StartService, counter="1")
    return hall


# Who may do anything at all


@pytest.mark.parametrize("move", MOVES)
def test_nothing_is_done_at_a_closed_counter(move: type[c.CounterCommand]):
    """Open it first."""
    assert Hall().refuses(move, counter="1") == ("counter_closed", "closed")


@pytest.mark.parametrize("move", MOVES)
def test_nobody_works_at_somebody_elses_counter(move: type[c.CounterCommand]):
    """Only the clerk who opened it."""
    hall = a_call()

    assert hall.refuses(move, counter="1", clerk="stranger") == ("forbidden", "other_clerk")


@pytest.mark.parametrize("move", MOVES)
def test_an_unknown_counter_is_not_found(move: type[c.CounterCommand]):
    """There is no such counter."""
    assert Hall().refuses(move, counter="99") == ("not_found", None)


@pytest.mark.parametrize("move", MOVES)
def test_a_stale_screen_never_marks_the_wrong_person(move: type[c.CounterCommand]):
    """A move that names a ticket which is not the counter's any more is refused."""
    hall = a_call()
    hall.does(c.CancelTicket, ticket="anna")
    hall.call("1")

    assert hall.refuses(move, counter="1", ticket="anna") == ("not_at_counter", "another")
    assert hall.refuses(move, counter="2", ticket="anna") == ("not_at_counter", "nobody")


@pytest.mark.parametrize("move", [move for move in MOVES if move is not c.CallNext])
def test_an_empty_chair_has_no_ticket(move: type[c.CounterCommand]):
    """Nobody is at the counter."""
    hall = Hall()
    hall.open("1")

    assert hall.refuses(move, counter="1") == ("not_at_counter", "nobody")


@pytest.mark.parametrize("move", [c.CallNext, c.Recall])
def test_a_paused_counter_calls_nobody(move: type[c.CounterCommand]):
    """Resume first; what has begun may be ended."""
    hall = a_service()
    hall.does(c.PauseCounter, counter="1", reason="lunch")

    assert hall.refuses(move, counter="1") == ("counter_closed", "paused")
    hall.does(c.FinishService, counter="1")


@pytest.mark.parametrize("move", [c.CallNext, c.Recall, c.MarkNoShow])
def test_a_held_hall_calls_and_misses_nobody(move: type[c.CounterCommand]):
    """An evacuation stops every call, and nobody is a no-show who cannot come."""
    hall = a_call()
    hall.does(c.HoldHall, reason="fire", by="sup")

    assert hall.refuses(move, counter="1") == ("counter_closed", "held")


# Call


def test_a_call_records_when_where_and_why():
    """The event says when the step was due there and why it was next; the step when it was called."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna")
    hall.later(MINUTE)

    events = hall.does(c.CallNext, counter="1")

    assert events == [
        e.TicketCalled(at=hall.at, counter="1", clerk="clerk 1", ticket="anna", due_at=MORNING + 30 * MINUTE, why="due")
    ]
    step = hall.step("anna")
    assert (step.first_called_at, step.called_at, step.counter, step.clerk) == (hall.at, hall.at, "1", "clerk 1")


def test_call_next_where_nobody_waits_does_nothing():
    """No event, which the API answers with 204."""
    hall = Hall()
    hall.open("1")

    assert hall.does(c.CallNext, counter="1") == []


def test_call_next_while_somebody_is_called_is_refused():
    """One counter, one ticket."""
    hall = a_call()

    assert hall.refuses(c.CallNext, counter="1") == ("counter_busy", "called")


def test_call_next_finishes_who_is_being_served():
    """Both in one command, with the outcome that came along."""
    hall = a_service()
    hall.later(MINUTE)

    finished, called = hall.does(c.CallNext, counter="1", outcome="done")

    assert finished == e.ServiceFinished(at=hall.at, counter="1", ticket="anna", outcome="done")
    assert isinstance(called, e.TicketCalled)
    assert (called.ticket, called.then) == ("budi", True)


def test_call_next_finishes_also_when_nobody_waits():
    """Then only the finish happens."""
    hall = a_service()
    hall.does(c.CancelTicket, ticket="budi")

    events = hall.does(c.CallNext, counter="1")

    assert events == [e.ServiceFinished(at=hall.at, counter="1", ticket="anna", outcome="done")]


def test_call_next_does_not_finish_where_the_mall_does_not_want_that():
    """Finish first, by hand."""
    hall = a_service(finish_on_call_next=False)

    assert hall.refuses(c.CallNext, counter="1") == ("counter_busy", "serving")


def test_call_next_with_an_unknown_outcome_is_refused():
    """Outcomes are configured codes."""
    hall = a_service()

    assert hall.refuses(c.CallNext, counter="1", outcome="magic") == ("invalid", "outcome")


def test_call_next_may_call_the_same_citizen_for_the_next_service():
    """The step that its own finish queues is due like any other, and may be due first, at this counter."""
    hall = Hall(rules(policy={"credits": Credits(next_service=1.0)}))
    hall.open("1")
    hall.issue("passport", "anna", "visa")
    hall.later(10 * MINUTE)
    hall.issue("visa", "budi")
    hall.serve("1")
    hall.later(MINUTE)

    finished, called = hall.does(c.CallNext, counter="1")

    assert isinstance(finished, e.ServiceFinished)
    assert isinstance(called, e.TicketCalled)
    assert (called.ticket, called.due_at) == ("anna", hall.at - 10 * MINUTE + 30 * MINUTE)
    assert hall.step("anna").service == "visa"


def test_a_chosen_ticket_is_called_where_the_mall_allows_it():
    """Picking is a permission; the event says that the clerk chose, and when it was due."""
    hall = Hall(rules(counter("1", "passport", "visa", help_after={"passport": MINUTE})))
    hall.open("1")
    hall.issue("passport", "anna")
    hall.issue("passport", "booked", booked_at=MORNING + 5 * MINUTE)

    (called,) = hall.does(c.CallTicket, counter="1", ticket="booked")

    assert isinstance(called, e.TicketCalled)
    assert (called.ticket, called.why, called.due_at) == ("booked", "picked", MORNING + 6 * MINUTE)


def test_calling_a_chosen_ticket_finishes_who_is_served():
    """As call-next does."""
    hall = a_service()

    finished, called = hall.does(c.CallTicket, counter="1", ticket="budi")

    assert isinstance(finished, e.ServiceFinished)
    assert isinstance(called, e.TicketCalled)


@pytest.mark.parametrize("policy", [{"picking": False}, {"blind": True}])
def test_no_cherry_picking(policy: dict[str, object]):
    """Where the mall does not allow picking, or hides the queue, the queue decides."""
    hall = Hall(rules(policy=policy))
    hall.open("1")
    hall.issue("passport", "anna")

    assert hall.refuses(c.CallTicket, counter="1", ticket="anna") == ("forbidden", "no_picking")


def test_what_cannot_be_chosen():
    """Who is elsewhere, addressed elsewhere, for another counter's services, or not there at all."""
    hall = a_call()
    hall.issue("tax", "taxed")
    hall.issue("passport", "for 2", counter="2")

    assert hall.refuses(c.CallTicket, counter="2", ticket="anna") == ("illegal_move", "call_from_called")
    assert hall.refuses(c.CallTicket, counter="2", ticket="taxed") == ("illegal_move", "counter_does_not_serve")
    assert hall.refuses(c.CallTicket, counter="1", ticket="budi") == ("counter_busy", "called")
    hall.does(c.PutBack, counter="1")
    assert hall.refuses(c.CallTicket, counter="1", ticket="for 2") == ("illegal_move", "addressed_elsewhere")
    assert hall.refuses(c.CallTicket, counter="1", ticket="nobody") == ("not_found", None)


# Recall, start, finish


def test_recalls_are_limited():
    """After the mall's number of recalls: a no-show or put back."""
    hall = a_call(max_recalls=2)

    for _ in range(2):
        hall.does(c.Recall, counter="1")

    assert hall.refuses(c.Recall, counter="1") == ("illegal_move", "max_recalls")
    assert hall.step("anna").calls == 3


def test_a_recall_moves_the_last_call_not_the_first():
    """The wait ended with the first call; the walk begins with the last."""
    hall = a_call()
    first = hall.at
    hall.later(20 * SECOND)

    events = hall.does(c.Recall, counter="1")

    assert events == [e.TicketRecalled(at=hall.at, counter="1", ticket="anna")]
    assert (hall.step("anna").first_called_at, hall.step("anna").called_at) == (first, hall.at)


def test_start_and_finish_measure_the_service():
    """Walking is from the last call to the start, serving from there to the finish."""
    hall = a_service()
    started = hall.at
    hall.later(7 * MINUTE)

    events = hall.does(c.FinishService, counter="1", outcome="referred")

    assert events == [e.ServiceFinished(at=hall.at, counter="1", ticket="anna", outcome="referred")]
    step = hall.step("anna")
    assert (step.started_at, step.finished_at, step.outcome) == (started, started + 7 * MINUTE, "referred")
    assert [row.took for row in hall.state.served["passport"]] == [7 * MINUTE]
    assert hall.states("anna") == ["served"]
    assert hall.state.counters["1"].ticket is None


def test_finish_needs_a_start_and_a_known_outcome():
    """Somebody who is only called has not been served; outcomes are configured."""
    hall = a_call()

    assert hall.refuses(c.FinishService, counter="1") == ("illegal_move", "finish_from_called")
    hall.does(c.StartService, counter="1")
    assert hall.refuses(c.StartService, counter="1") == ("illegal_move", "start_from_serving")
    assert hall.refuses(c.FinishService, counter="1", outcome="magic") == ("invalid", "outcome")


@pytest.mark.parametrize(
    ("command", "fields"),
    [(c.FinishService, {}), (c.CallNext, {}), (c.CallTicket, {"ticket": "budi"})],
)
def test_the_first_outcome_is_taken_where_none_is_named(command: type[c.CounterCommand], fields: dict[str, str]):
    """However a step is finished at a counter; a mall that has no outcomes keeps none."""
    hall, without = a_service(), a_service()
    without.does(c.SetRules, rules=replace(rules(), outcomes={}))

    for one in (hall, without):
        one.does(command, counter="1", **fields)

    assert hall.step("anna").outcome == "done"
    assert without.step("anna").outcome is None


@pytest.mark.parametrize(("share", "minutes"), [(1.0, 10), (0.0, 0), (-0.5, -5)])
def test_a_journey_goes_on_with_the_configured_credit(share: float, minutes: int):
    """The next service waits from now, credited with that share of the last wait (up to the call)."""
    hall = Hall(rules(policy={"credits": Credits(next_service=share)}))
    hall.open("1", "3")
    hall.issue("passport", "anna", "tax", category="elderly")
    hall.later(10 * MINUTE)
    hall.serve("1")
    hall.later(3 * MINUTE)

    (finished,) = hall.does(c.FinishService, counter="1", estimates={"tax": Estimate(p50=1, p90=2)})

    promise = Promise(target=10 * MINUTE, p50=1, p90=2)
    assert finished == e.ServiceFinished(
        at=hall.at, counter="1", ticket="anna", outcome="done", credit=minutes * MINUTE, promise=promise
    )
    assert (hall.step("anna").service, hall.step("anna").state) == ("tax", "waiting")
    assert (hall.step("anna").queued_at, hall.step("anna").promise) == (hall.at, promise)
    assert hall.call("3") == "anna"


def test_credit_is_handed_on_from_step_to_step():
    """A wait so far includes the credit that it began with."""
    hall = Hall()
    hall.open("1", "3")
    hall.issue("passport", "anna", "tax", "visa")
    hall.later(10 * MINUTE)
    hall.serve("1")
    hall.does(c.FinishService, counter="1")
    hall.later(5 * MINUTE)
    hall.serve("3")

    hall.does(c.FinishService, counter="3")

    assert hall.step("anna").credit == 15 * MINUTE


# No-show


def test_a_no_show_needs_calls_a_configured_time_apart():
    """Twice, ten seconds apart: a recall too soon does not count, and the last call has its ten seconds too."""
    hall = a_call(no_show_calls=2, no_show_apart_ms=10 * SECOND)

    too_few = hall.refusal(c.MarkNoShow, counter="1")
    hall.later(9 * SECOND)
    hall.does(c.Recall, counter="1")
    still_too_few = hall.refusal(c.MarkNoShow, counter="1")
    hall.later(1 * SECOND)
    hall.does(c.Recall, counter="1")
    hall.later(10 * SECOND - 1)
    too_soon = hall.refusal(c.MarkNoShow, counter="1")
    hall.later(1)
    events = hall.does(c.MarkNoShow, counter="1")

    assert (too_few.code, too_few.reason, too_few.fields["wait_s"]) == ("too_soon", "calls", 20)
    assert (still_too_few.reason, still_too_few.fields["calls"], still_too_few.fields["wait_s"]) == ("calls", 1, 11)
    assert (too_soon.reason, too_soon.fields["wait_s"]) == ("apart", 1)
    assert events == [e.TicketMissed(at=hall.at, counter="1", ticket="anna")]
    assert hall.states("anna") == ["no_show"]
    assert hall.state.counters["1"].ticket is None


def test_calls_in_a_hurry_do_not_shut_out_a_no_show():
    """Whoever called as often as allowed within the time of one call may call again for what must still come."""
    hall = a_call(no_show_calls=2, no_show_apart_ms=10 * SECOND, max_recalls=1)
    hall.later(1 * SECOND)
    hall.does(c.Recall, counter="1")
    too_often = hall.refusal(c.Recall, counter="1")
    hall.later(9 * SECOND)
    hall.does(c.Recall, counter="1")
    enough = hall.refusal(c.Recall, counter="1")
    hall.later(10 * SECOND)

    hall.does(c.MarkNoShow, counter="1")

    assert (too_often.reason, enough.reason) == ("max_recalls", "max_recalls")
    assert hall.states("anna") == ["no_show"]


def test_calls_before_a_put_back_do_not_count_towards_a_no_show():
    """Taken from the queue again, somebody has all the calls again."""
    hall = a_call(no_show_calls=1, no_show_apart_ms=0)
    hall.does(c.PutBack, counter="1")
    hall.call("1")

    assert (hall.step("anna").calls, hall.step("anna").counted) == (1, 1)
    assert no_show_in(hall.state, hall.ticket("anna"), hall.at) == 0


def test_who_does_not_come_is_parked_where_the_mall_says_so():
    """Then no grace period runs."""
    hall = a_call(no_show_calls=1, no_show_apart_ms=0, no_show_then="parked")

    hall.does(c.MarkNoShow, counter="1")
    hall.later(600 * MINUTE)

    assert hall.states("anna") == ["parked"]
    hall.does(c.ReturnTicket, ticket="anna")


def test_who_is_served_is_no_no_show():
    """Only who was called and did not come."""
    assert a_service().refuses(c.MarkNoShow, counter="1") == ("illegal_move", "no_show_from_serving")


# Put back


def test_put_back_restores_the_place_and_uncounts_the_call():
    """Called by mistake: with full credit it stands where it stood, and the wait goes on."""
    hall = a_call()
    hall.later(20 * SECOND)

    events = hall.does(c.PutBack, counter="1")

    assert events == [e.TicketPutBack(at=hall.at, counter="1", ticket="anna", credit=0)]
    step = hall.step("anna")
    assert (step.state, step.queued_at, step.first_called_at, step.called_at) == ("waiting", MORNING, None, None)
    assert hall.call("2") == "anna"


def test_put_back_after_an_earlier_call_keeps_that_one():
    """Only the call that was a mistake does not count."""
    hall = a_call()
    first = hall.at
    hall.does(c.ParkTicket, counter="1")
    hall.does(c.ReturnTicket, ticket="anna")
    hall.later(40 * MINUTE)
    hall.does(c.CallTicket, counter="1", ticket="anna")

    hall.does(c.PutBack, counter="1")

    assert (hall.step("anna").first_called_at, hall.step("anna").called_at) == (first, first)


def test_put_back_may_cost_the_place():
    """Without credit it waits as if it had just come."""
    hall = a_call(credits=Credits(put_back=0.0))

    hall.does(c.PutBack, counter="1")

    assert hall.call("2") == "budi"
    assert hall.step("anna").queued_at == MORNING


def test_put_back_releases_an_address_that_the_counter_does_not_serve_any_more():
    """The rules changed while the citizen was on the way: now anybody who serves it may call."""
    hall = Hall()
    hall.open("1", "2")
    hall.issue("passport", "anna", counter="1")
    hall.call("1")
    hall.does(c.SetRules, rules=rules(counter("1", "visa")))
    before = hall.state.facts()

    _, released = hall.does(c.PutBack, counter="1")
    hall.does(c.Undo, counter="1")
    undone = hall.state.facts()
    hall.does(c.PutBack, counter="1")

    assert released == e.AddressReleased(at=hall.at, then=True, ticket="anna")
    assert undone == before
    assert hall.call("2") == "anna"


def test_who_is_served_cannot_be_put_back():
    """That would be a park or a transfer."""
    assert a_service().refuses(c.PutBack, counter="1") == ("illegal_move", "put_back_from_serving")


# Park


def test_parking_who_is_served_keeps_the_time_served():
    """The park in between does not count as service."""
    hall = a_service()
    hall.later(2 * MINUTE)

    events = hall.does(c.ParkTicket, counter="1", reason="copy_machine")
    hall.later(10 * MINUTE)
    hall.does(c.ReturnTicket, ticket="anna")
    hall.does(c.CallTicket, counter="1", ticket="anna")
    hall.does(c.StartService, counter="1")
    hall.later(3 * MINUTE)
    hall.does(c.FinishService, counter="1")

    assert events == [
        e.TicketParked(
            at=MORNING + 12 * MINUTE + 30 * SECOND, ticket="anna", counter="1", reason="copy_machine", by="clerk 1"
        )
    ]
    assert hall.step("anna").served == 2 * MINUTE
    assert [row.took for row in hall.state.served["passport"]] == [5 * MINUTE]


def test_who_is_called_or_waits_can_be_parked_too():
    """A waiting one by its name, from any counter where the queue may be seen."""
    hall = a_call()

    hall.does(c.ParkTicket, counter="1")
    hall.does(c.ParkTicket, counter="3", ticket="budi")

    assert hall.states("anna", "budi") == ["parked", "parked"]
    assert hall.state.counters["1"].ticket is None


@pytest.mark.parametrize("move", [c.ParkTicket, c.TransferTicket])
def test_in_a_blind_queue_no_waiting_ticket_is_moved(move: type[c.CounterCommand]):
    """Parking those one does not like would be picking."""
    hall = a_call(blind=True)

    assert hall.refuses(move, counter="1", ticket="budi") == ("forbidden", "no_picking")


def test_a_reason_is_a_code_or_a_reference():
    """Free words never come into an event."""
    hall = a_service()

    assert hall.refuses(c.ParkTicket, counter="1", reason="went for a walk") == ("invalid", "reason")
    hall.does(c.ParkTicket, counter="1", reason="~ref")


# Transfer


@pytest.mark.parametrize(("share", "minutes"), [(1.0, 10), (0.5, 5), (-1.0, -10)])
def test_a_transfer_begins_a_new_step_with_the_configured_credit(share: float, minutes: int):
    """Same number, another service, credited with that share of the wait up to the call."""
    hall = a_service(credits=Credits(transfer=share))
    hall.later(MINUTE)

    events = hall.does(c.TransferTicket, counter="1", service="tax")

    assert events == [
        e.TicketTransferred(
            at=hall.at,
            ticket="anna",
            service="tax",
            credit=minutes * MINUTE,
            promise=Promise(target=30 * MINUTE),
            counter="1",
            by="clerk 1",
        )
    ]
    first, second = hall.ticket("anna").steps
    assert (first.state, first.served, first.finished_at) == ("transferred", MINUTE, hall.at)
    assert (second.state, second.service, second.queued_at) == ("waiting", "tax", hall.at)
    assert hall.ticket("anna").number == "P001"
    assert hall.call("3") == "anna"


def test_a_transfer_keeps_the_rest_of_the_journey():
    """The new step comes before the services that were planned."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna", "tax")
    hall.call("1")

    hall.does(c.TransferTicket, counter="1", service="visa")

    assert [(step.service, step.state) for step in hall.ticket("anna").steps] == [
        ("passport", "transferred"),
        ("visa", "waiting"),
        ("tax", "planned"),
    ]


@pytest.mark.parametrize("where", [{"service": "visa"}, {"to_counter": "3"}, {"to_clerk": "clerk 3"}])
def test_a_transfer_takes_up_what_the_journey_leads_to_anyway(where: dict[str, Any]):
    """Nobody waits twice for one service: the planned step comes first, the others keep their order; undo is exact."""
    hall = Hall(rules(counter("3", "tax", "visa"), service("stamp", "S"), counter("4", "stamp")))
    hall.open("1", "3")
    hall.issue("passport", "anna", "stamp", "visa")
    hall.later(10 * MINUTE)
    hall.call("1")
    before = hall.state.facts()

    hall.does(c.TransferTicket, counter="1", **where)

    assert [(step.service, step.state) for step in hall.ticket("anna").steps] == [
        ("passport", "transferred"),
        ("visa", "waiting"),
        ("stamp", "planned"),
    ]
    assert (hall.step("anna").queued_at, hall.step("anna").credit) == (hall.at, 10 * MINUTE)
    hall.does(c.Undo, counter="1")
    assert hall.state.facts() == before


def test_a_transfer_back_to_what_is_done_is_a_new_step():
    """A service that the journey has behind it is waited for once more."""
    hall = Hall()
    hall.open("1", "2", "3")
    hall.issue("passport", "anna", "tax")
    hall.serve("1")
    hall.does(c.FinishService, counter="1")
    hall.serve("3")

    hall.does(c.TransferTicket, counter="3", service="passport")

    assert [(step.service, step.state) for step in hall.ticket("anna").steps] == [
        ("passport", "finished"),
        ("tax", "transferred"),
        ("passport", "waiting"),
    ]


@pytest.mark.parametrize(
    ("where", "service", "address"),
    [
        ({"service": "tax"}, "tax", None),
        ({"to_counter": "2"}, "passport", Address(counter="2")),
        ({"to_counter": "3"}, "tax", Address(counter="3")),
        ({"to_counter": "3", "service": "visa"}, "visa", Address(counter="3")),
        ({"to_clerk": "clerk 2"}, "passport", Address(clerk="clerk 2")),
        ({"to_clerk": "clerk 3", "service": "visa"}, "visa", Address(clerk="clerk 3")),
        ({"to_clerk": "clerk 3", "to_counter": "3"}, "tax", Address(clerk="clerk 3")),
    ],
)
def test_a_transfer_leads_to_a_service_a_counter_or_a_clerk(where: dict[str, Any], service: str, address: Any):
    """To a counter with the same service if it serves that, else with its first; addresses have their limit."""
    hall = a_call()

    (event,) = hall.does(c.TransferTicket, counter="1", **where)

    assert isinstance(event, e.TicketTransferred)
    assert event.service == service
    if address is None:
        assert event.address is None
    else:
        until = hall.at + 20 * MINUTE
        assert event.address == Address(counter=address.counter, clerk=address.clerk, until=until)


@pytest.mark.parametrize(
    ("where", "refused"),
    [
        ({}, ("invalid", "destination")),
        ({"service": "gardening"}, ("unknown_service", None)),
        ({"to_counter": "99"}, ("not_found", None)),
        ({"to_counter": "3"}, ("counter_closed", "closed")),
        ({"to_counter": "2", "service": "tax"}, ("invalid", "counter_does_not_serve")),
        ({"to_clerk": "nobody"}, ("counter_closed", "clerk_away")),
        ({"to_clerk": "clerk 2", "to_counter": "1"}, ("counter_closed", "clerk_away")),
    ],
)
def test_a_transfer_to_where_nobody_would_call_is_refused(where: dict[str, Any], refused: tuple[str, str | None]):
    """An address that is closed already, or that does not serve it."""
    hall = a_call()
    hall.does(c.CloseCounter, counter="3")

    assert hall.refuses(c.TransferTicket, counter="1", **where) == refused


BREAK = ((MORNING - HOUR, MORNING), (MORNING + HOUR, EVENING))


@pytest.mark.parametrize(
    ("hours", "reason", "says", "opens_in_s"),
    [
        (BREAK, "closed_now", "opens again later today", 50 * 60),
        (BREAK[:1], "closed_today", "any more today", None),
        ((), "closed_today", "not open today", None),
    ],
)
def test_a_transfer_into_a_break_is_told_that_the_service_opens_again(
    hours: tuple[tuple[int, int], ...], reason: str, says: str, opens_in_s: int | None
):
    """Where no counter serves it now, the refusal says in how long it opens, or that it does not any more today."""
    hall = a_call()
    hall.does(c.SetRules, rules=rules(service("tax", "T", open=hours)))
    hall.does(c.CloseCounter, counter="3")

    refused = hall.refusal(c.TransferTicket, counter="1", service="tax")

    assert (refused.code, refused.reason, refused.fields.get("opens_in_s")) == ("service_closed", reason, opens_in_s)
    assert says in refused.detail


def test_a_transfer_into_a_break_leads_to_a_counter_that_still_serves():
    """Who was here in time is served, if somebody is there; a paused service takes nobody, and says so."""
    hall = a_call()
    hall.does(c.SetRules, rules=rules(service("tax", "T", open=BREAK)))

    hall.does(c.TransferTicket, counter="1", ticket="budi", service="tax")
    hall.does(c.PauseService, service="tax", reason="lost", by="sup")
    refused = hall.refusal(c.TransferTicket, counter="1", service="tax")

    assert (hall.step("budi").service, hall.step("budi").state) == ("tax", "waiting")
    assert (refused.reason, refused.detail) == ("paused", "This service takes nobody at the moment.")


def test_a_waiting_ticket_can_be_transferred():
    """By its name; whoever is at the counter stays there."""
    hall = a_call()
    hall.later(MINUTE)

    hall.does(c.TransferTicket, counter="1", ticket="budi", service="tax")

    assert hall.state.counters["1"].ticket == "anna"
    assert hall.step("budi").credit == 11 * MINUTE


def test_an_appointment_that_is_transferred_is_one_no_more():
    """The new step waits by the target of its service, credited with the wait since the time booked."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna", booked_at=MORNING + MINUTE)
    hall.later(5 * MINUTE)
    hall.call("1")

    hall.does(c.TransferTicket, counter="1", service="tax")

    assert (hall.step("anna").booked_at, hall.step("anna").credit) == (None, 4 * MINUTE)
