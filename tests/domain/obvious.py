"""What the hall should do, reckoned the slow and obvious way: over all tickets, every time anew."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import json

from queue_server.domain import events as e
from queue_server.domain.evolve import evolve
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Ticket
from queue_server.domain.state import State

_decoder = json.Decoder(e.AnyEvent)


@dataclass(frozen=True, order=True)
class Place:
    """A waiting step's place in the order: when it is due, then what breaks ties."""

    due_at: int
    issued_at: int
    ordinal: int
    ticket: str


def waits_for(state: State, ticket: Ticket, counter: str) -> bool:
    """Whether this counter, with its clerk, may call the ticket."""
    step, record = ticket.step, state.counters[counter]
    skilled = record.skills is None or step.service in record.skills
    offered = step.service in state.rules.counters[counter].services
    address = step.address
    meant = address is None or address.counter == counter or (address.clerk and address.clerk == record.clerk)
    return step.state is StepState.WAITING and skilled and offered and bool(meant)


def place(state: State, ticket: Ticket, counter: str | None = None) -> Place:
    """The place for everybody, or at one counter."""
    step = ticket.step
    if step.booked_at is not None:
        due = step.booked_at
    else:
        assert step.queued_at is not None
        targets = state.rules.services[step.service].targets
        due = step.queued_at - step.credit + targets.get(ticket.category, targets["regular"])  # it may have gone
    if counter is not None:
        due += state.rules.counters[counter].help_after.get(step.service, 0)
    return Place(due, ticket.issued_at, ticket.rank, ticket.id)


def order_at(state: State, counter: str) -> list[Place]:
    return sorted(place(state, t, counter) for t in state.tickets.values() if waits_for(state, t, counter))


def order_of_service(state: State, service: str) -> list[Place]:
    here = [t for t in state.tickets.values() if t.step.state is StepState.WAITING and t.step.service == service]
    return sorted(place(state, ticket) for ticket in here)


def deadline(state: State) -> int | None:
    """The earliest thing that time alone brings about."""
    if not state.open:
        return None
    found = [state.ends_at]
    for ticket in state.tickets.values():
        step, slip = ticket.step, ticket.slip
        waits = step.state is StepState.WAITING and state.held is None
        if waits and step.address is not None and step.address.until is not None:
            found.append(step.address.until)
        if slip.state == "queued" and not slip.sent and slip.expires_at is not None:
            found.append(slip.expires_at)
    for record in state.counters.values():
        calls_alone = record.auto_call and record.state == "open" and record.ticket is None
        if calls_alone and state.held is None and record.free_since is not None and order_at(state, record.id):
            since = max(record.free_since, state.resumed_at, state.undone_at.get(record.id, 0))
            found.append(since + state.rules.policy.auto_call_after_ms)
    return min(found)


def replayed(journal: list[bytes]) -> State:
    """The state that recorded events give."""
    state = State()
    for row in journal:
        evolve(state, _decoder.decode(row))
    return state
