"""Who is next: due-time dispatch. Decided here and nowhere else.

A step is due at `queued_at - credit + target(service, category)`; an appointment is due at its time. A counter calls,
among the steps that it may serve, the one due first; ties go to the earlier ticket, then the lower number. At a counter
with `help_after` for a service that service's due times count so much later, which only shifts the order. A step
addressed to one counter or clerk is called only there.

Due times are derived when compared. The steps that wait stand in lanes (lanes.py) whose order never depends on targets:
another target costs nothing, a preview of other targets asks the same hall under other rules, and finding the next
looks at the head of each lane only, however many wait behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import merge
from typing import NamedTuple

from queue_server.domain.counter_life import CounterState
from queue_server.domain.lanes import BOOKED, Entry, Lane, base
from queue_server.domain.records import Address, CounterRecord, Ticket
from queue_server.domain.state import State


class Candidate(NamedTuple):
    """A step that a counter could call, with its due time there (milliseconds)."""

    due_at: int
    issued_at: int
    ordinal: int
    ticket: str
    tag: str


def target(targets: Mapping[str, int], category: str) -> int:
    """Milliseconds that may pass from the base to the due time."""
    return 0 if category == BOOKED else targets.get(category, targets["regular"])


def due_at(state: State, ticket: Ticket) -> int:
    """When the ticket's present step is due for everybody (no counter's help_after)."""
    step = ticket.step
    category = BOOKED if step.booked_at is not None else ticket.category
    return base(step) + target(state.rules.services[step.service].targets, category)


def due_at_counter(state: State, ticket: Ticket, counter: str) -> int:
    """When the ticket's present step is due at this counter."""
    return due_at(state, ticket) + held_back(state, counter, ticket.step.service)


def due_if_queued(state: State, service: str, category: str, base: int, counter: str | None = None) -> int:
    """When a step that would wait from `base` on would be due: for everybody, or at this counter."""
    due = base + target(state.rules.services[service].targets, category)
    return due if counter is None else due + held_back(state, counter, service)


def held_back(state: State, counter: str, service: str) -> int:
    """How much later this counter takes a service's steps for due, since it only helps there."""
    return state.rules.counters[counter].help_after.get(service, 0)


def tags_of(state: State, counter: str) -> tuple[str, str, str]:
    """The addresses of which this counter may call, as lanes are filed by: nobody's, its own, its clerk's."""
    return "", f"counter:{counter}", f"clerk:{state.counters[counter].clerk}"


def lanes_for(state: State, counter: str) -> Iterator[tuple[str, str, Lane, int, int]]:
    """The lanes that a counter may call from: service, address tag, lane, target, and how much later it is due here.

    The target turns a base into the time at which a step is due for everybody.
    """
    rules, mine = state.rules, tags_of(state, counter)
    help_after = rules.counters[counter].help_after
    for service in state.serves(counter):
        lanes = state.lanes.get(service)
        if not lanes:
            continue
        targets = rules.services[service].targets
        shift = help_after.get(service, 0)
        for (category, tag), lane in lanes.items():
            if tag in mine:
                yield service, tag, lane, target(targets, category), shift


def open_counters(state: State) -> Iterator[tuple[CounterRecord, tuple[str, ...]]]:
    """The counters that are open, each with what it serves with the clerk who is there."""
    for record in state.counters.values():
        if record.state is CounterState.OPEN:
            yield record, state.serves(record.id)


def has_open_counter(state: State, service: str, address: Address | None = None) -> bool:
    """Whether a counter is open that may call a step of this service, or the one that is addressed so."""
    return any(
        service in served
        and (address is None or address.counter in (None, record.id))
        and (address is None or address.clerk in (None, record.clerk))
        for record, served in open_counters(state)
    )


def next_for(state: State, counter: str) -> Candidate | None:
    """The step that this counter calls next, or None when nobody waits whom it may serve."""
    # lanes_for and target written out, since every call and every desk's view ask this; a test holds them equal
    mine = tags_of(state, counter)
    help_after = state.rules.counters[counter].help_after
    best: Entry | None = None
    best_due, best_tag = 0, ""
    for service in state.serves(counter):
        lanes = state.lanes.get(service)
        if not lanes:
            continue
        targets = state.rules.services[service].targets
        usual = targets["regular"]
        shift = help_after.get(service, 0)
        for (category, tag), lane in lanes.items():
            if tag not in mine:
                continue
            head = lane.first()
            due = head[0] + shift
            if category != BOOKED:
                due += targets.get(category, usual)
            if best is None or due < best_due or (due == best_due and head[1:] < best[1:]):
                best, best_due, best_tag = head, due, tag
    return None if best is None else Candidate(best_due, *best[1:], best_tag)


def order_for(state: State, counter: str) -> Iterator[Candidate]:
    """Everybody whom this counter may call, in the order in which it would call them if nobody else came or went."""
    return merge(*(_due(lane, tag, promised + later) for _, tag, lane, promised, later in lanes_for(state, counter)))


def order_of(state: State, service: str) -> Iterator[Candidate]:
    """Everybody who waits for a service in due order."""
    promised = state.rules.services[service].targets
    lanes = state.lanes.get(service, {})
    return merge(*(_due(lane, tag, target(promised, category)) for (category, tag), lane in lanes.items()))


def people_ahead(state: State, ticket: Ticket) -> int:
    """How many waiting steps of the same service are due earlier than this waiting ticket's."""
    service = ticket.step.service
    targets = state.rules.services[service].targets
    due = due_at(state, ticket)
    return sum(
        lane.earlier(Entry(due - target(targets, category), ticket.issued_at, ticket.rank, ticket.id))
        for (category, _), lane in state.lanes.get(service, {}).items()
    )


def due_before(state: State, service: str, due: int) -> int:
    """How many waiting steps of a service are due no later than this: who comes now and is due then stands behind."""
    targets = state.rules.services[service].targets
    return sum(
        lane.earlier(Entry(due - target(targets, category) + 1, 0, 0, ""))
        for (category, _), lane in state.lanes.get(service, {}).items()
    )


def _due(lane: Lane, tag: str, shift: int) -> Iterator[Candidate]:
    return (Candidate(entry.base + shift, entry.issued_at, entry.ordinal, entry.ticket, tag) for entry in lane)
