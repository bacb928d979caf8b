"""Who has waited longest, and what wait is expected.

What is expected is told here and nowhere else: the wait, and the people whom it is made of. Where no open counter can
serve there is none of either, and the reason is told instead. Never more is said than that: an estimate may be a second
old, which counters are open is seen in the state.

How a wait is measured: domain/measures.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import sqrt

from msgspec import Struct

from queue_server.domain.dispatch import (
    due_before,
    due_if_queued,
    has_open_counter,
    open_counters,
    people_ahead,
)
from queue_server.domain.estimate import newcomer, of_newcomer
from queue_server.domain.lanes import Lane, lane_of
from queue_server.domain.measures import wait_so_far
from queue_server.domain.records import Estimate, Ticket
from queue_server.domain.state import State
from queue_server.views.instants import seconds
from queue_server.wire.api import Wait


def longest(state: State, lanes: Iterable[Lane], now: int) -> tuple[int, Ticket | None]:
    """The longest wait so far in these lanes (milliseconds), and whose it is.

    A lane is sorted by base. Nobody has waited longer than since their base, except those who were moved back; they are
    few, and each is looked at. So looking stops early, however many stand there.
    """
    until = state.held.since if state.held else now
    lanes = list(lanes)
    most, whose = -1, None
    for ticket in _moved_back(state, lanes):
        wait = wait_so_far(state, ticket.step, now)
        if wait > most:
            most, whose = wait, ticket
    for lane in lanes:
        for entry in lane:
            if until - entry.base <= most:
                break
            ticket = state.tickets[entry.ticket]
            wait = wait_so_far(state, ticket.step, now)
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


def counters_open(state: State) -> dict[str, int]:
    """How many open counters serve each service with the clerks who are there."""
    count: dict[str, int] = {}
    for _, served in open_counters(state):
        for service in served:
            count[service] = count.get(service, 0) + 1
    return count


class Told(Struct, frozen=True, kw_only=True):
    """What is told of a wait to come, as the fields of a view.

    `wait_behind` counts those whom the wait is made of; `wait_reason` says why there is none.
    """

    estimated_wait: Wait | None = None
    wait_behind: int | None = None
    wait_reason: str | None = None


NO_COUNTER = Told(wait_reason="no_counter")


def told(estimate: Estimate | None, ahead: int) -> Told:
    """An expectation in whole seconds, with `ahead` of the same service before."""
    if estimate is None:
        return Told()
    wait = Wait(p50_s=seconds(estimate.p50), p90_s=seconds(estimate.p90))
    return Told(estimated_wait=wait, wait_behind=ahead + estimate.others)


def told_newcomer(
    state: State,
    service: str,
    now: int,
    estimates: Mapping[str, Estimate],
    open_counters: Mapping[str, int],
    category: str = "regular",
) -> Told:
    """What somebody of this category who comes now may expect. `open_counters` as `counters_open` counts them."""
    if not open_counters.get(service):
        return NO_COUNTER
    estimate = estimates.get(newcomer(service, category))
    if estimate is None:  # there is none before the forecast after a counter opened; a service's alone is too long
        return Told()
    due = due_if_queued(state, service, category, now)
    return told(estimate, due_before(state, service, due))


def expected(state: State, ticket: Ticket, estimates: Mapping[str, Estimate], ahead: int) -> Estimate | None:
    """What this waiting ticket may expect, with `ahead` people before it: its own estimate if there is one.

    `estimates` holds what newcomers may expect under a service's id, and what a ticket may expect under its own. From a
    newcomer's the middle shrinks as the queue before it does, its spread only with the root of that, as sums of
    independent service times do.
    """
    own = estimates.get(ticket.id)
    if own is not None:
        return own
    service, category = ticket.step.service, ticket.category
    comes_now = of_newcomer(estimates, service, category)
    if comes_now is None:
        return None
    if category != "regular" and newcomer(service, category) in estimates:
        return comes_now  # those ahead are in it, and whoever comes later for something else stands behind
    # this one is counted among those who wait, so whoever came last has all of it
    share = min(1.0, (ahead + 1) / state.waiting(ticket.step.service))
    p50 = comes_now.p50 * share
    p90 = p50 + (comes_now.p90 - comes_now.p50) * sqrt(share)
    return Estimate(p50=round(p50), p90=round(p90), others=round(comes_now.others * share))


def place_in_line(state: State, ticket: Ticket, estimates: Mapping[str, Estimate]) -> tuple[int, Told]:
    """How many of its service are ahead of a waiting ticket, and what it may expect."""
    ahead, step = people_ahead(state, ticket), ticket.step
    if not has_open_counter(state, step.service, step.address):
        return ahead, NO_COUNTER
    return ahead, told(expected(state, ticket, estimates, ahead), ahead)
