"""Who waits and who is next, with the reason for each place: fairness can be read.

The order is the domain's own (domain/dispatch.py), for a service or for a counter; a preview asks the same
hall under other rules (`State.under`), before anybody saves them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from queue_server.domain.admission import availability
from queue_server.domain.dispatch import Candidate, due_at, held_back, lanes_for, order_for, order_of, people_ahead
from queue_server.domain.lanes import tag_of
from queue_server.domain.measures import late, wait_so_far
from queue_server.domain.records import Estimate, Ticket
from queue_server.domain.state import State
from queue_server.views.instants import rfc3339, seconds
from queue_server.views.names import agency_of
from queue_server.views.waits import counters_open, longest, told_newcomer
from queue_server.wire.api import CounterQueue, Place, QueueView

PLACES_OF_SERVICE = 50
PLACES_OF_COUNTER = 20


def is_blind(state: State, sees_order: bool) -> bool:
    """A mall may keep who is next from its clerks; others of the staff see the order."""
    return state.rules.policy.blind and not sees_order


def queues(
    state: State,
    now: int,
    estimates: Mapping[str, Estimate],
    *,
    agencies: frozenset[str] | None = None,
    sees_order: bool = False,
) -> tuple[QueueView, ...]:
    """Every service's queue; of `agencies` only, unless None. Without the order where it `is_blind` to the reader."""
    open_counters, most = counters_open(state), 0 if is_blind(state, sees_order) else PLACES_OF_SERVICE
    return tuple(
        _queue(state, service.id, now, estimates, open_counters, most)
        for service in state.rules.services.values()
        if agencies is None or service.agency in agencies
    )


def queue_view(state: State, service: str, now: int, estimates: Mapping[str, Estimate]) -> QueueView:
    """One service's queue. Raises UnknownService."""
    state.check_service(service)
    return _queue(state, service, now, estimates, counters_open(state), PLACES_OF_SERVICE)


def _queue(
    state: State,
    service: str,
    now: int,
    estimates: Mapping[str, Estimate],
    open_counters: Mapping[str, int],
    places_most: int,
) -> QueueView:
    rules, estimate = state.rules.services[service], estimates.get(service)
    why, _ = availability(state, service, now, estimate)
    told = told_newcomer(state, service, now, estimates, open_counters)
    most, _ = longest(state, state.lanes.get(service, {}).values(), now)
    return QueueView(
        service=service,
        agency=rules.agency,
        name=rules.name,
        open=why is None,
        reason=why,
        waiting=state.waiting(service),
        longest_wait_s=seconds(most),
        estimated_wait=told.estimated_wait,
        wait_reason=told.wait_reason,
        open_counters=open_counters.get(service, 0),
        target_s=seconds(rules.targets["regular"]),
        order=places(state, order_of(state, service), now, most=places_most),
    )


def counter_queue(
    state: State, counter: str, now: int, *, blind: bool, agencies: frozenset[str] | None = None
) -> CounterQueue:
    """What waits for one counter: for all who serve it, and what is addressed to this counter or its clerk.

    `blind` where whoever looks may not see who is next. What waits for none of `agencies` is left out.
    """
    lanes = [lane for service, _, lane, *_ in lanes_for(state, counter) if _is_of(state, service, agencies)]
    most, _ = longest(state, lanes, now)
    return CounterQueue(
        waiting=sum(map(len, lanes)),
        longest_wait_s=seconds(most),
        next=() if blind else counter_places(state, counter, now, agencies=agencies),
    )


def counter_places(
    state: State,
    counter: str,
    now: int,
    *,
    agencies: frozenset[str] | None = None,
    most: int = PLACES_OF_COUNTER,
) -> tuple[Place, ...]:
    """In the order in which this counter would call; of `agencies` only, unless None."""
    order: Iterable[Candidate] = order_for(state, counter)
    if agencies is not None:
        order = (who for who in order if _is_of(state, state.tickets[who.ticket].step.service, agencies))
    return places(state, order, now, counter=counter, most=most)


def _is_of(state: State, service: str, agencies: frozenset[str] | None) -> bool:
    return agencies is None or agency_of(state.rules, service) in agencies


def places(
    state: State,
    order: Iterable[Candidate],
    now: int,
    *,
    counter: str | None = None,
    most: int,
) -> tuple[Place, ...]:
    """The first `most` of an order: of everybody's, or of a counter's, which may only help with some services."""
    return tuple([place(state, who, number, now, counter) for number, who in enumerate(islice(order, most), 1)])


def place(state: State, candidate: Candidate, number: int, now: int, counter: str | None = None) -> Place:
    """One waiting ticket at its place; overdue by what was agreed for everybody, not by one counter's holding back."""
    ticket = state.tickets[candidate.ticket]
    step = ticket.step
    assert step.queued_at is not None
    if candidate.tag:
        why = "addressed"
    elif step.booked_at is not None:
        why = "booked"
    else:
        why = "helped" if counter is not None and held_back(state, counter, step.service) else "due"
    return Place(
        ticket=ticket.id,
        number=ticket.number,
        service=step.service,
        category=ticket.category,
        place=number,
        queued_at=rfc3339(step.queued_at),
        due_at=rfc3339(candidate.due_at),
        waited_s=seconds(wait_so_far(state, step, now)),
        why=why,
        overdue=late(state, step, due_at(state, ticket), now) > 0,
        language=ticket.language,
    )


def place_of(state: State, ticket: Ticket, now: int) -> Place:
    """Where a waiting ticket stands in the order of its service."""
    tag = tag_of(ticket.step.address)
    candidate = Candidate(due_at(state, ticket), ticket.issued_at, ticket.rank, ticket.id, tag)
    return place(state, candidate, people_ahead(state, ticket) + 1, now)
