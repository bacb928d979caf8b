"""How long somebody has waited so far, who has waited longest, and what is expected.

The wait of a step counts as in the statistics: from when it was queued (an appointment from its time, if that is
later), without the time in which the hall was held. Credit moves a place, and so `due_at`; nobody's wait changes by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import sqrt

from queue_server.domain.commands import Estimate
from queue_server.domain.dispatch import people_ahead
from queue_server.domain.lanes import Lane, lane_of
from queue_server.domain.state import State
from queue_server.domain.tickets import Step, Ticket
from queue_server.views.instants import seconds
from queue_server.wire.api import Wait


def waited(state: State, step: Step, now: int) -> int:
    """The wait so far of a step that waits (milliseconds); it stands still while the hall is held."""
    assert step.queued_at is not None
    until = state.held.since if state.held else now
    return max(0, until - max(step.queued_at, step.booked_at or 0) - step.held)


def held(state: State, step: Step, now: int) -> int:
    """How much of a waiting step's time the hall was held, up to now (milliseconds)."""
    if state.held is None:
        return step.held
    return step.held + max(0, now - max(state.held.since, step.queued_at or 0, step.booked_at or 0))


def late(state: State, step: Step, due_at: int, now: int) -> int:
    """How long a waiting step has been due (milliseconds); what a hold took is nobody's fault. Negative before that."""
    return now - held(state, step, now) - due_at


def waited_to_call(step: Step) -> int | None:
    """The wait of a step that has been called, from queued to its first call (milliseconds); None before that."""
    called, began, booked = step.first_called_at, step.queued_at, step.booked_at
    if called is None or began is None:
        return None
    if booked is not None and booked > began:
        began = booked
    wait = called - began - step.held
    return max(0, wait)


def longest(state: State, lanes: Iterable[Lane], now: int) -> tuple[int, Ticket | None]:
    """The longest wait so far in these lanes (milliseconds), and whose it is.

    A lane is sorted by base, and nobody's wait began before their base but theirs who were moved back: they are few and
    looked at one by one. So looking stops early however many stand there.
    """
    until = state.held.since if state.held else now
    lanes = list(lanes)
    most, whose = -1, None
    for ticket in _moved_back(state, lanes):
        wait = waited(state, ticket.step, now)
        if wait > most:
            most, whose = wait, ticket
    for lane in lanes:
        for entry in lane:
            if until - entry.base <= most:
                break
            ticket = state.tickets[entry.ticket]
            wait = waited(state, ticket.step, now)
            if wait > most:
                most, whose = wait, ticket
    return max(0, most), whose


def _moved_back(state: State, lanes: Iterable[Lane]) -> Iterator[Ticket]:
    if not state.moved_back:
        return
    asked = set(map(id, lanes))
    for name in state.moved_back:
        ticket = state.tickets[name]
        if id(state.lanes[ticket.step.service][lane_of(ticket)]) in asked:
            yield ticket


def wait_view(estimate: Estimate | None) -> Wait | None:
    """An expectation in whole seconds."""
    if estimate is None:
        return None
    return Wait(p50_s=seconds(estimate.p50), p90_s=seconds(estimate.p90))


def expected(state: State, ticket: Ticket, estimates: Mapping[str, Estimate], ahead: int) -> Estimate | None:
    """What this waiting ticket may expect, with `ahead` people before it: its own estimate if there is one.

    `estimates` holds what newcomers may expect under a service's id, and what a ticket may expect under its own. From a
    newcomer's the middle shrinks as the queue before it does, its spread only with the root of that, as sums of
    independent service times do.
    """
    own = estimates.get(ticket.id)
    if own is not None:
        return own
    newcomer = estimates.get(ticket.step.service)
    if newcomer is None:
        return None
    # this one is counted among those who wait, so whoever came last has all of it
    share = min(1.0, (ahead + 1) / state.waiting(ticket.step.service))
    p50 = newcomer.p50 * share
    return Estimate(p50=round(p50), p90=round(p50 + (newcomer.p90 - newcomer.p50) * sqrt(share)))


def place_in_line(state: State, ticket: Ticket, estimates: Mapping[str, Estimate]) -> tuple[int, Wait | None]:
    """How many are ahead of a waiting ticket, and how long it may expect to wait."""
    ahead = people_ahead(state, ticket)
    return ahead, wait_view(expected(state, ticket, estimates, ahead))
