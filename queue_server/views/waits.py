"""How long somebody has waited so far, who has waited longest, and what is expected.

What is expected is told here and nowhere else: the wait, and the people whom it is made of. Where no open counter can
serve there is none of either, and the reason is told instead. Never more is said than that: an estimate may be a second
old, which counters are open is seen in the state.

The wait of a step counts as in the statistics: from when it was queued (an appointment from its time, if that is
later), without the time in which the hall was held. Credit moves a place, and so `due_at`; nobody's wait changes by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import sqrt

from msgspec import Struct

from queue_server.domain.dispatch import due_before, has_open_counter, people_ahead, target
from queue_server.domain.estimate import newcomer, of_newcomer
from queue_server.domain.lanes import Lane, lane_of
from queue_server.domain.records import Estimate, Step, Ticket
from queue_server.domain.state import State
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


def counters_open(state: State) -> dict[str, int]:
    """How many open counters serve each service with the clerks who are there."""
    count: dict[str, int] = {}
    for record in state.counters.values():
        if record.state == "open":
            for service in state.serves(record.id):
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
    due = now + target(state.rules.services[service].targets, category)
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
