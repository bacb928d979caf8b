"""What a clerk's work does to a ticket: called, started, finished, missed, parked, transferred, put back."""

from __future__ import annotations

from queue_server.domain import events as e
from queue_server.domain import measures
from queue_server.domain.effects.memory import forget, remember
from queue_server.domain.effects.moves import begin, change, free, move, queue, touch, wait_again
from queue_server.domain.lifecycle import Move, StepState, after
from queue_server.domain.records import Step, Ticket
from queue_server.domain.state import Call, Served, State


def called(state: State, event: e.TicketCalled) -> None:
    ticket = state.tickets[event.ticket]
    remember(state, event, event.counter, ticket)
    record = change(state, event.counter)
    step = move(state, ticket, Move.CALL)
    step.before_call = (step.first_called_at, step.called_at)
    step.called_at = step.counted_at = event.at
    step.calls = step.counted = 1
    if step.first_called_at is None:
        step.first_called_at = event.at
    step.counter, step.clerk = event.counter, event.clerk
    record.ticket, record.free_since = ticket.id, None
    state.calls.append(Call(seq=state.seq, at=event.at, ticket=ticket.id, counter=event.counter))
    touch(state, ticket)


def recalled(state: State, event: e.TicketRecalled) -> None:
    ticket = state.tickets[event.ticket]
    remember(state, event, event.counter, ticket)
    step = move(state, ticket, Move.RECALL)
    step.called_at = event.at
    step.calls += 1
    since = None if step.counted_at is None else max(step.counted_at, state.resumed_at)
    if since is None or event.at - since >= state.rules.policy.no_show_apart_ms:
        step.counted += 1
        step.counted_at = event.at
    state.calls.append(Call(seq=state.seq, at=event.at, ticket=ticket.id, counter=event.counter, recall=True))
    touch(state, ticket)


def started(state: State, event: e.ServiceStarted) -> None:
    ticket = state.tickets[event.ticket]
    remember(state, event, event.counter, ticket)
    step = move(state, ticket, Move.START)
    step.started_at = event.at
    ticket.unclaimed = False
    touch(state, ticket)


def finished(state: State, event: e.ServiceFinished) -> None:
    ticket = state.tickets[event.ticket]
    if event.counter is not None:
        remember(state, event, event.counter, ticket)
    step = move(state, ticket, Move.FINISH)
    assert step.started_at is not None
    step.finished_at = event.at
    step.outcome = event.outcome
    served = Served(seq=state.seq, at=event.at, took=measures.service(step) or 0, counter=step.counter)
    state.served.setdefault(step.service, []).append(served)
    if step.counter is not None:
        state.finished[step.counter] = state.finished.get(step.counter, 0) + 1
    free(state, step.counter, ticket.id)
    touch(state, ticket)
    if ticket.current + 1 < len(ticket.steps) and event.promise is not None:
        ticket.current += 1
        begin(ticket.step, event.at, event.credit, event.promise)
        queue(state, ticket)
        return
    for planned in ticket.steps[ticket.current + 1 :]:  # the day closed on a journey, or its next service is no more
        planned.was = planned.state
        planned.state = after(planned.state, Move.EXPIRE)


def missed(state: State, event: e.TicketMissed) -> None:
    ticket = state.tickets[event.ticket]
    remember(state, event, event.counter, ticket)
    step = move(state, ticket, Move.PARK if event.parked else Move.MISS)
    step.left_at = event.at
    step.missed += 1
    free(state, event.counter, ticket.id)
    touch(state, ticket)


def put_back(state: State, event: e.TicketPutBack) -> None:
    ticket = state.tickets[event.ticket]
    if event.by is None:
        remember(state, event, event.counter, ticket)
    else:
        forget(state, event.counter)
    step = move(state, ticket, Move.PUT_BACK)
    if step.before_call is not None:
        step.first_called_at, step.called_at = step.before_call
    if step.first_called_at is None:  # the wait goes on, the time that was held in between included
        step.held += step.held_called
    wait_again(step, event.credit)
    free(state, event.counter, ticket.id)
    queue(state, ticket)
    touch(state, ticket)


def parked(state: State, event: e.TicketParked) -> None:
    ticket = state.tickets[event.ticket]
    if event.counter is not None:
        remember(state, event, event.counter, ticket)
    step = ticket.step
    if step.state is StepState.SERVING and step.started_at is not None:
        step.served += event.at - step.started_at
    move(state, ticket, Move.PARK)
    step.left_at = event.at
    step.reason = event.reason
    free(state, event.counter, ticket.id)
    touch(state, ticket)


def transferred(state: State, event: e.TicketTransferred) -> None:
    ticket = state.tickets[event.ticket]
    if event.counter is not None:
        remember(state, event, event.counter, ticket)
    step = ticket.step
    if step.state is StepState.SERVING and step.started_at is not None:
        step.served += event.at - step.started_at
    move(state, ticket, Move.TRANSFER)
    step.finished_at = event.at
    step.reason = event.reason
    free(state, event.counter, ticket.id)
    touch(state, ticket)
    step = _taken_up(ticket, event.service) if event.planned else Step(service=event.service)
    ticket.current += 1
    ticket.steps.insert(ticket.current, step)
    begin(ticket.step, event.at, event.credit, event.promise, event.address)
    queue(state, ticket)
    touch(state, ticket)


def _taken_up(ticket: Ticket, service: str) -> Step:
    """The planned step of that service, out of its place in the journey."""
    ahead = range(ticket.current + 1, len(ticket.steps))
    return ticket.steps.pop(next(place for place in ahead if ticket.steps[place].service == service))
