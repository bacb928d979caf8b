"""Small moves that several events share: a step waits, moves on, leaves the counter."""

from __future__ import annotations

from heapq import heappush

from queue_server.domain.counter_life import CounterState
from queue_server.domain.lifecycle import Move, StepState, after
from queue_server.domain.records import Address, CounterRecord, Promise, Step, Ticket
from queue_server.domain.state import ABSENT, State


def change(state: State, counter: str) -> CounterRecord:
    """The counter's record, about to be changed by the present event."""
    record = state.counters[counter]
    record.changed = state.seq
    state.changes.counters.add(counter)
    return record


def touch(state: State, ticket: Ticket) -> None:
    ticket.changed = state.seq
    state.changes.tickets.add(ticket.id)
    state.changes.services.add(ticket.step.service)


def queue(state: State, ticket: Ticket) -> None:
    """The present step waits from now on."""
    state.enqueue(ticket)
    address = ticket.step.address
    if address is not None and address.until is not None:
        heappush(state.deadlines, (address.until, "address", ticket.id))
    for counter in state.auto_calling:
        watch_auto_call(state, state.counters[counter])


def place(state: State, ticket: Ticket) -> None:
    """A ticket stands in the hall as it is given: carried over from yesterday, or restored by an undo."""
    state.tickets[ticket.id] = ticket
    state.changes.tickets.add(ticket.id)
    state.changes.services.add(ticket.step.service)
    state.note_absence(ticket)
    if ticket.step.state is StepState.WAITING:
        queue(state, ticket)
    watch_away(state, ticket)


def watch_away(state: State, ticket: Ticket) -> None:
    """Who has stepped away for a while waits again by themselves."""
    if ticket.step.state is StepState.PARKED and ticket.step.back_at is not None:
        heappush(state.deadlines, (ticket.step.back_at, "away", ticket.id))


def move(state: State, ticket: Ticket, way: Move) -> Step:
    """Take the present step along one way of the table; the lanes follow."""
    step = ticket.step
    was, step.state = step.state, after(step.state, way)
    if was is StepState.WAITING:
        state.dequeue(ticket)
    if was in ABSENT or step.state in ABSENT:
        state.note_absence(ticket)
    return step


def free(state: State, counter: str | None, ticket: str) -> None:
    """The ticket is no longer at the counter. Its counter may be no more: a mall takes counters out."""
    there = state.counters.get(counter) if counter is not None else None
    if counter is None or there is None or there.ticket != ticket:
        return
    record = change(state, counter)
    record.ticket = None
    record.free_since = state.at
    watch_auto_call(state, record)


def auto_call_at(state: State, record: CounterRecord) -> int | None:
    """When a counter calls by itself, if somebody waits then; None where it does not, or is not free."""
    if (
        not record.auto_call
        or record.state is not CounterState.OPEN
        or record.ticket is not None
        or record.free_since is None
    ):
        return None
    since = max(record.free_since, state.resumed_at, state.undone_at.get(record.id, 0))
    return since + state.rules.policy.auto_call_after_ms


def watch_auto_call(state: State, record: CounterRecord) -> None:
    """Something changed that an auto-call of this counter depends on."""
    if record.auto_call:
        state.auto_calling.add(record.id)
    else:
        state.auto_calling.discard(record.id)
    due = auto_call_at(state, record)
    if due is not None:
        heappush(state.deadlines, (max(due, state.at), "auto_call", record.id))


def watch_auto_calls(state: State) -> None:
    """The same for all, where something that they all depend on has changed."""
    for record in state.counters.values():
        watch_auto_call(state, record)


def wait_again(step: Step, credit: int) -> None:
    step.credit = credit
    step.reason = step.left_at = step.back_at = step.counter = step.clerk = step.counted_at = step.before_call = None
    step.calls = step.counted = step.held_called = 0


def begin(step: Step, at: int, credit: int, promise: Promise, address: Address | None = None) -> None:
    step.state = after(step.state, Move.QUEUE)
    step.queued_at = at
    step.credit = credit
    step.promise = promise
    step.address = address
