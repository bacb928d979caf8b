"""Small moves that several events share: a step waits, moves on, leaves the counter."""

from __future__ import annotations

from heapq import heappush

from queue_server.domain import events as e
from queue_server.domain.lifecycle import Move, StepState, after
from queue_server.domain.state import State
from queue_server.domain.tickets import Address, Promise, Step, Ticket


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
    for counter in state.counters.values():
        if counter.auto_call:
            watch_auto_call(state, counter)


def move(state: State, ticket: Ticket, way: Move) -> Step:
    """Take the present step along one way of the table; the lanes follow."""
    step = ticket.step
    to = after(step.state, way)
    if step.state is StepState.WAITING:
        state.dequeue(ticket)
    step.state = to
    state.note_absence(ticket)
    return step


def free(state: State, counter: str | None, ticket: str) -> None:
    """The ticket is no longer at the counter."""
    record = state.counters.get(counter) if counter else None
    if record is not None and record.ticket == ticket:
        record.ticket = None
        record.free_since = state.at
        state.changes.counters.add(record.id)
        watch_auto_call(state, record)


def watch_auto_call(state: State, record: e.CounterRecord) -> None:
    if record.auto_call and record.state == "open" and record.ticket is None and record.free_since is not None:
        due = max(record.free_since, state.resumed_at) + state.rules.policy.auto_call_after_ms
        heappush(state.deadlines, (max(due, state.at), "auto_call", record.id))


def wait_again(step: Step, credit: int) -> None:
    step.credit = credit
    step.reason = step.left_at = step.counter = step.clerk = step.counted_at = step.before_call = None
    step.calls = step.counted = 0


def begin(step: Step, at: int, credit: int, promise: Promise, address: Address | None = None) -> None:
    step.state = after(step.state, Move.QUEUE)
    step.queued_at = at
    step.credit = credit
    step.promise = promise
    step.address = address
