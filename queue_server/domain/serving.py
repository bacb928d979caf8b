"""Deciding what a clerk does with a ticket: call, recall, start, finish, no-show, park, transfer, put back."""

from __future__ import annotations

from collections.abc import Mapping

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.addresses import given, no_use_at, released
from queue_server.domain.admission import admit_sent
from queue_server.domain.codes import check_outcome, check_reason
from queue_server.domain.counter_life import CounterState
from queue_server.domain.credit import of_next_service, of_put_back, of_transfer
from queue_server.domain.dispatch import Candidate, due_at_counter, due_if_queued, next_for, tags_of
from queue_server.domain.estimate import of_newcomer
from queue_server.domain.lanes import tag_of
from queue_server.domain.lifecycle import Move, StepState, after
from queue_server.domain.promise import promise
from queue_server.domain.records import Address, CounterRecord, Estimate, Step, Ticket
from queue_server.domain.state import State
from queue_server.errors import (
    CounterBusy,
    CounterClosed,
    Forbidden,
    IllegalMove,
    Invalid,
    NotAtCounter,
    TooSoon,
)

S = StepState


# Who stands where


def staffed(state: State, command: c.CounterCommand) -> CounterRecord:
    """The counter, if this clerk works there (paused or not)."""
    record = state.counter(command.counter)
    if record.state is CounterState.CLOSED:
        raise CounterClosed("This counter is closed; open it first.", reason="closed", counter=record.id)
    if record.clerk != command.clerk:
        raise Forbidden("Somebody else works at this counter.", reason="other_clerk", counter=record.id)
    return record


def calling(state: State, command: c.CounterCommand) -> CounterRecord:
    """The counter, if it may call people now."""
    record = staffed(state, command)
    if record.state is CounterState.PAUSED:
        raise CounterClosed("This counter is paused; resume first.", reason="paused", counter=record.id)
    _refuse_held(state, record, "nobody is called")
    return record


def _refuse_held(state: State, record: CounterRecord, said: str) -> None:
    if state.evacuating:
        raise CounterClosed(f"The building is being evacuated; {said}.", reason="evacuation", counter=record.id)
    if state.held is not None:
        raise CounterClosed(f"The hall is held; {said}.", reason="held", counter=record.id)


def at_counter(state: State, record: CounterRecord, named: str | None) -> Ticket:
    """The ticket at the counter; refused if the asker means another one."""
    if record.ticket is None:
        raise NotAtCounter("Nobody is at this counter.", reason="nobody", counter=record.id)
    if named is not None and named != record.ticket:
        here = state.tickets[record.ticket].number
        raise NotAtCounter("Another ticket is at this counter now.", reason="another", number=here)
    return state.tickets[record.ticket]


# Calling


def call_next(state: State, command: c.CallNext) -> list[e.AnyEvent]:
    """Whoever is due first; nobody waits: no call (and where one was being served, only the finish)."""
    record = calling(state, command)
    if command.ticket is not None:
        at_counter(state, record, command.ticket)
    finish, queued = _finish_first(state, record, command, command.outcome, command.estimates)
    best = next_for(state, record.id)
    if queued is not None and (best is None or queued < best):
        best = queued
    if best is None:
        return finish
    return [*finish, _call(command, best, "addressed" if best.tag else "due", then=bool(finish))]


def call_ticket(state: State, command: c.CallTicket) -> list[e.AnyEvent]:
    """A chosen one, where the mall allows choosing."""
    record = calling(state, command)
    policy = state.rules.policy
    if policy.blind or not policy.picking:
        raise Forbidden("In this mall the queue decides who is next.", reason="no_picking")
    ticket = state.ticket(command.ticket)
    finish, _ = _finish_first(state, record, command, None, command.estimates)
    after(ticket.step.state, Move.CALL)
    if ticket.step.service not in state.serves(record.id):
        raise IllegalMove("This counter does not serve that.", reason="counter_does_not_serve")
    tag = tag_of(ticket.step.address)
    if tag not in tags_of(state, record.id):
        raise IllegalMove("That ticket waits for somebody else.", reason="addressed_elsewhere")
    due = due_at_counter(state, ticket, record.id)
    best = Candidate(due, ticket.issued_at, ticket.rank, ticket.id, tag)
    return [*finish, _call(command, best, "picked", then=bool(finish))]


def _call(command: c.CounterCommand, best: Candidate, why: str, *, then: bool) -> e.TicketCalled:
    return e.TicketCalled(
        at=command.at,
        then=then,
        counter=command.counter,
        clerk=command.clerk,
        ticket=best.ticket,
        due_at=best.due_at,
        why=why,
    )


def _finish_first(
    state: State,
    record: CounterRecord,
    command: c.CounterCommand,
    outcome: str | None,
    estimates: Mapping[str, Estimate],
) -> tuple[list[e.AnyEvent], Candidate | None]:
    """Finishes who is served, if calling the next does that; and says where their next step would stand here."""
    if record.ticket is None:
        return [], None
    ticket = state.tickets[record.ticket]
    if ticket.step.state is S.CALLED:
        raise CounterBusy("Somebody is called here already.", reason="called", number=ticket.number)
    if not state.rules.policy.finish_on_call_next:
        raise CounterBusy("Finish who is being served first.", reason="serving", number=ticket.number)
    check_outcome(state, outcome)
    event = _finish(state, ticket, command, outcome, estimates)
    following = _planned(state, ticket)
    if following is None or following.service not in state.serves(record.id):
        return [event], None
    due = due_if_queued(state, following.service, ticket.category, command.at - event.credit, record.id)
    return [event], Candidate(due, ticket.issued_at, ticket.rank, ticket.id, "")


def _planned(state: State, ticket: Ticket) -> Step | None:
    """The journey's next step; a journey that was carried over ends where the mall has no such service any more."""
    following = ticket.steps[ticket.current + 1] if ticket.current + 1 < len(ticket.steps) else None
    return following if following is not None and following.service in state.rules.services else None


def recall(state: State, command: c.Recall) -> list[e.AnyEvent]:
    record = calling(state, command)
    ticket = at_counter(state, record, command.ticket)
    after(ticket.step.state, Move.RECALL)
    needed = call_counts_in(state, ticket, command.at) == 0  # or nobody who was called in a hurry could ever be missed
    if ticket.step.calls - 1 >= state.rules.policy.max_recalls and not needed:
        raise IllegalMove("Called often enough; mark a no-show or put back.", reason="max_recalls")
    return [e.TicketRecalled(at=command.at, counter=record.id, ticket=ticket.id)]


# With the citizen


def start(state: State, command: c.StartService) -> list[e.AnyEvent]:
    record = staffed(state, command)
    ticket = at_counter(state, record, command.ticket)
    after(ticket.step.state, Move.START)
    return [e.ServiceStarted(at=command.at, counter=record.id, ticket=ticket.id)]


def finish(state: State, command: c.FinishService) -> list[e.AnyEvent]:
    record = staffed(state, command)
    ticket = at_counter(state, record, command.ticket)
    check_outcome(state, command.outcome)
    return [_finish(state, ticket, command, command.outcome, command.estimates)]


def _finish(
    state: State,
    ticket: Ticket,
    command: c.CounterCommand,
    outcome: str | None,
    estimates: Mapping[str, Estimate],
) -> e.ServiceFinished:
    """One step's end; the journey's next service waits with the credit that the mall configures.

    Where the clerk names no outcome it is the first that the mall has, if it has any.
    """
    after(ticket.step.state, Move.FINISH)
    outcome = outcome or next(iter(state.rules.outcomes), None)
    following = _planned(state, ticket)
    if following is None:
        return e.ServiceFinished(at=command.at, counter=command.counter, ticket=ticket.id, outcome=outcome)
    return e.ServiceFinished(
        at=command.at,
        counter=command.counter,
        ticket=ticket.id,
        outcome=outcome,
        credit=of_next_service(state, ticket.step, command.at),
        promise=promise(
            state,
            following.service,
            ticket.category,
            of_newcomer(estimates, following.service, ticket.category),
        ),
    )


def no_show(state: State, command: c.MarkNoShow) -> list[e.AnyEvent]:
    """Called often enough, far enough apart, and did not come; in a hold of the hall nobody can come."""
    record = staffed(state, command)
    _refuse_held(state, record, "nobody can come")
    ticket = at_counter(state, record, command.ticket)
    after(ticket.step.state, Move.MISS)
    policy = state.rules.policy
    left = no_show_in(state, ticket, command.at)
    if left > 0:
        raise TooSoon(
            f"Call {policy.no_show_calls} times, {policy.no_show_apart_ms // 1000} s apart, before a no-show.",
            reason="calls" if ticket.step.counted < policy.no_show_calls else "apart",
            wait_s=-(-left // 1000),
            calls=ticket.step.counted,
            calls_needed=policy.no_show_calls,
        )
    parked = policy.no_show_then == "parked"
    return [e.TicketMissed(at=command.at, counter=record.id, ticket=ticket.id, parked=parked)]


def no_show_in(state: State, ticket: Ticket, at: int) -> int:
    """Milliseconds until a no-show may be marked, if the calls that are missing come as early as they count."""
    step, policy = ticket.step, state.rules.policy
    next_call = call_counts_in(state, ticket, at)
    if next_call is None:
        assert step.called_at is not None
        # in a hold, or while the server was away, nobody could come
        return max(0, max(step.called_at, state.resumed_at) + policy.no_show_apart_ms - at)
    return max(next_call + calls_missing(state, ticket) * policy.no_show_apart_ms, 1)


def calls_missing(state: State, ticket: Ticket) -> int:
    """How many more calls must come before a no-show, each far enough from the one before to count."""
    return max(0, state.rules.policy.no_show_calls - ticket.step.counted)


def call_counts_in(state: State, ticket: Ticket, at: int) -> int | None:
    """Milliseconds until another call counts for a no-show; None where enough have come."""
    if calls_missing(state, ticket) == 0:
        return None
    counted_at = ticket.step.counted_at
    since = 0 if counted_at is None else max(counted_at, state.resumed_at)
    return max(0, since + state.rules.policy.no_show_apart_ms - at)


# Elsewhere


def put_back(state: State, command: c.PutBack) -> list[e.AnyEvent]:
    record = staffed(state, command)
    ticket = at_counter(state, record, command.ticket)
    after(ticket.step.state, Move.PUT_BACK)
    if command.reason is not None:
        check_reason(command.reason, state.rules.reasons)
    put_back = e.TicketPutBack(
        at=command.at,
        counter=record.id,
        ticket=ticket.id,
        credit=of_put_back(state, ticket.step, command.at),
        by=command.by,
        reason=command.reason,
    )
    lost = [ticket.id] if no_use_at(state, ticket, record.id) else []
    return [put_back, *released(command.at, lost)]


def park(state: State, command: c.ParkTicket) -> list[e.AnyEvent]:
    record = staffed(state, command)
    ticket = _here_or_waiting(state, record, command.ticket, Move.PARK)
    if command.reason is not None:
        check_reason(command.reason, state.rules.reasons | state.rules.park_reasons)
    return [e.TicketParked(at=command.at, counter=record.id, ticket=ticket.id, reason=command.reason, by=command.clerk)]


def transfer(state: State, command: c.TransferTicket) -> list[e.AnyEvent]:
    record = staffed(state, command)
    ticket = _here_or_waiting(state, record, command.ticket, Move.TRANSFER)
    service, address = _destination(state, ticket, command)
    return [
        e.TicketTransferred(
            at=command.at,
            counter=record.id,
            ticket=ticket.id,
            service=service,
            credit=of_transfer(state, ticket.step, command.at),
            promise=promise(
                state,
                service,
                ticket.category,
                of_newcomer(command.estimates, service, ticket.category),
                address,
            ),
            address=address,
            planned=service in _ahead(ticket),
            by=command.clerk,
        )
    ]


def _ahead(ticket: Ticket) -> tuple[str, ...]:
    """The services that the journey still leads to, in its order."""
    return tuple(step.service for step in ticket.steps[ticket.current + 1 :])


def _here_or_waiting(state: State, record: CounterRecord, named: str | None, move: Move) -> Ticket:
    """The counter's ticket, or a waiting one that is named (where the queue may be seen), if the move is open to it."""
    ticket = state.ticket(named) if named is not None else None
    away = (S.PARKED, S.NO_SHOW) if record.ticket is None else ()
    if ticket is None or ticket.step.state not in (S.WAITING, *away):
        ticket = at_counter(state, record, named)
    after(ticket.step.state, move)
    if ticket.step.state is S.WAITING and state.rules.policy.blind:
        raise Forbidden("In this mall the queue decides who is next.", reason="no_picking")
    return ticket


def _destination(state: State, ticket: Ticket, command: c.TransferTicket) -> tuple[str, Address | None]:
    """The service and the address that a transfer leads to; one that is closed already is refused."""
    if command.service is None and command.to_counter is None and command.to_clerk is None:
        raise Invalid("Say where to: a service, a counter or a clerk.", reason="destination")
    if command.service is not None:
        state.check_service(command.service)
    counter = command.to_counter
    if command.to_clerk is not None:
        counter = state.counter_of(command.to_clerk)
        if counter is None or command.to_counter not in (None, counter):
            raise CounterClosed("That clerk is not at a counter.", reason="clerk_away", clerk=command.to_clerk)
    service = command.service or ticket.step.service
    if counter is None:
        if service != ticket.step.service:
            admit_sent(state, service, command.at)
        return service, None
    state.counter(counter)
    if command.service is None and service not in state.serves(counter):
        served = state.serves(counter)
        service = next((known for known in (*_ahead(ticket), *served) if known in served), service)
    return service, given(state, counter, service, command.at, clerk=command.to_clerk)
