"""How long people will wait: one forward run of the hall's own dispatch, from now until everybody has been called.

Each counter that is open becomes free when its present ticket should be done, calls whoever is due first by the rule of
dispatch.py, and serves as long as that service has taken lately. Nobody new comes, nobody is a no-show, planned steps
are not counted: the plain estimate. A better one takes its place by keeping the promise of `Estimator`.

Pure, and bounded: the first `RUN` calls are played through, whoever stands behind them is told by the rate at which
the counters work off what is left.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heapreplace
from itertools import chain, islice
from typing import Protocol

from msgspec import Struct, field

from queue_server.domain.dispatch import due_if_queued, lanes_for, open_counters, target
from queue_server.domain.lanes import Entry, Lane
from queue_server.domain.measures import service_so_far
from queue_server.domain.records import CounterRecord, Estimate
from queue_server.domain.rules import Service
from queue_server.domain.state import State

RUN = 2_000
"""Calls that are played through one by one."""

TOLD = 8_000
"""So many of those behind are told a wait by the rate. Whoever stands behind even them is told the service's wait."""

RECENT = 20
"""Finished services that say how long one takes now."""

ENOUGH = 5
"""Fewer than these are filled up with the configured time, so that one odd citizen does not rule the estimate."""

OVERDUE = 0.25
"""The share of a usual service that is still to come when one has already lasted longer than usual."""


class Forecast(Struct, frozen=True, kw_only=True):
    """Expected waits in milliseconds.

    `services`: of somebody `regular` who comes now. `tickets`: what is left for each who waits. `priority`: of somebody
    of another category who comes now, by `newcomer(service, category)`. What no open counter serves is in none.
    `others` says of each in the three how many people of other services are called before by the counters that serve
    it: whoever is told a wait is told of the same people that it is made of.
    """

    services: dict[str, int]
    tickets: dict[str, int]
    priority: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)


def newcomer(service: str, category: str) -> str:
    """How somebody of a category who comes now is named beside services and tickets, whose ids have no space."""
    return service if category == "regular" else f"{service} {category}"


def of_newcomer(estimates: Mapping[str, Estimate], service: str, category: str) -> Estimate | None:
    """What somebody who comes now may expect; as anybody for the service where nothing is known of the category."""
    return estimates.get(newcomer(service, category)) or estimates.get(service)


class Estimator(Protocol):
    """What any estimator keeps to. `now` in milliseconds; the state is only read."""

    def __call__(self, state: State, now: int) -> Forecast: ...


def forecast(state: State, now: int) -> Forecast:
    """Play the hall forward from now."""
    run = _Run(state, now)
    run.play()
    run.tell_the_rest()
    waits = {name: at - now for name, at in run.newcomers.items()}
    return Forecast(
        services={name: wait for name, wait in waits.items() if name in state.rules.services},
        tickets={ticket: at - now for ticket, at in run.called.items()},
        priority={
            newcomer(service, category): waits[name]
            for service, groups in run.alike.items()
            for name, categories in groups.items()
            for category in categories
            if name in waits and category != "regular"
        },
        others=run.others_of_all(),
    )


def usual_ms(state: State, service: str) -> int:
    """How long serving one ticket takes now: the mean of the latest, filled up with the configured time."""
    took = [row.took for row in state.served.get(service, ())[-RECENT:]]
    missing = max(0, ENOUGH - len(took))
    return (sum(took) + missing * state.rules.services[service].expected_ms) // (len(took) + missing)


_Due = tuple[int, int, int, str, int]
"""Who is first in a lane as a counter sees it: due time and what breaks ties, as dispatch sorts; the lane's index."""


_Newcomer = tuple[int, str, str]
"""When somebody who came now is due, their name (`newcomer`), and the service."""


class _Cursor:
    """How far the run has called a lane down; `head` is who is next in it, None at its end.

    `target` is what makes a base the time due for everybody.
    """

    __slots__ = ("_entries", "head", "left", "service", "target")

    def __init__(self, lane: Lane, service: str, target: int) -> None:
        self.service = service
        self.target = target
        self.left = len(lane)
        self._entries = iter(lane)
        self.head: Entry | None = next(self._entries, None)

    def advance(self) -> None:
        self.left -= 1
        self.head = next(self._entries, None)

    def rest(self, most: int) -> Iterator[Entry]:
        """The first `most` of those not called; the cursor is of no use afterwards."""
        return islice(chain(() if self.head is None else (self.head,), self._entries), most)


class _Desk:
    """What counters that serve the same steps by the same due times have before them during the run.

    `lanes` are cursors with what each adds to a base, `newcomers` those who came now and are not called yet: when they
    are due, how they are named, and what they want.
    """

    __slots__ = ("due", "lanes", "newcomers", "services")

    def __init__(self, services: tuple[str, ...], lanes: list[tuple[_Cursor, int]], newcomers: list[_Newcomer]) -> None:
        self.services = services
        self.lanes = lanes
        self.due = [_due(head, shift, i) for i, (cursor, shift) in enumerate(lanes) if (head := cursor.head)]
        heapify(self.due)
        self.newcomers = sorted(newcomers, reverse=True)

    def first(self) -> _Due | None:
        """Who is due first here. What other desks called in the meantime is noticed only where it would be first."""
        due = self.due
        while due:
            first = due[0]
            cursor, shift = self.lanes[first[4]]
            head = cursor.head
            if head is None:
                heappop(due)
            elif head[3] == first[3]:
                return first
            else:
                heapreplace(due, _due(head, shift, first[4]))
        return None


def _due(head: Entry, shift: int, lane: int) -> _Due:
    base, issued_at, ordinal, ticket = head
    return base + shift, issued_at, ordinal, ticket, lane


class _Run:
    """One run: `called` says when each ticket would be called, `newcomers` when somebody who came now would be.

    `alike` are each service's categories that are due alike, by the name under which they run.
    """

    def __init__(self, state: State, now: int) -> None:
        self.called: dict[str, int] = {}
        self.newcomers: dict[str, int] = {}
        self.alike = {service.id: _alike(service) for service in state.rules.services.values()}
        self._others: dict[str, int] = {}
        self._passed = dict.fromkeys(state.rules.services, 0)
        self._state = state
        self._now = now
        self._took = {service: usual_ms(state, service) for service in state.rules.services}
        self._cursors: dict[int, _Cursor] = {}
        alike: dict[object, _Desk] = {}
        self._desks = {record.id: self._desk(record.id, services, alike) for record, services in open_counters(state)}
        self._free = [(self._free_at(state.counters[counter]), counter) for counter in self._desks]
        heapify(self._free)

    def play(self) -> None:
        """Let the counter that is free first call, again and again."""
        free, left = self._free, RUN
        while free and left:
            at, counter = free[0]
            desk = self._desks[counter]
            first = desk.first()
            if desk.newcomers:
                self._call_newcomers(desk.newcomers, at, None if first is None else first[0])
            if first is None:
                heappop(free)
                continue
            cursor = desk.lanes[first[4]][0]
            cursor.advance()
            self.called[first[3]] = at
            self._note_others(first[3], cursor.service, desk.services)
            heapreplace(free, (at + self._took[cursor.service], counter))
            left -= 1

    def tell_the_rest(self) -> None:
        """For those not reached: each counter shares its time among its services by the work left in them.

        A counter with the work W before it does 1/W of each of its services' rest in a millisecond, so a service is
        worked off in 1 / sum(1/W) over its counters, its tickets one after the other in equal steps.
        """
        if not self._free:
            return
        rest: dict[str, list[_Cursor]] = {service: [] for service in self._took}
        for cursor in self._cursors.values():
            rest[cursor.service].append(cursor)
        left = {service: sum(cursor.left for cursor in cursors) for service, cursors in rest.items()}
        speed = self._speed(left)
        budget, unserved = TOLD, len(speed)
        for service in sorted(speed, key=left.__getitem__):  # what small queues do not need is left for the long ones
            told = self._space_out(service, rest[service], left[service], 1 / speed[service], budget // unserved)
            budget, unserved = budget - told, unserved - 1

    def _speed(self, left: Mapping[str, int]) -> dict[str, float]:
        """The share of each service's rest that is worked off in a millisecond; what nobody serves is not in it."""
        speed: dict[str, float] = {}
        for desk in self._desks.values():
            work = sum(left[service] * self._took[service] for service in desk.services)
            for service in desk.services:
                speed[service] = speed.get(service, 0.0) + 1 / max(work, self._took[service], 1)
        return speed

    def _space_out(self, service: str, cursors: list[_Cursor], left: int, over: float, most: int) -> int:
        """Tell the first `most` of a service's rest, and who comes now; returns how many were told."""
        at, apart = self._free[0][0], over / (left + 1)
        due = [
            (base + cursor.target, issued_at, ordinal, ticket)
            for cursor in cursors
            for base, issued_at, ordinal, ticket in cursor.rest(most)
        ]
        due.sort()
        del due[most:]
        passed = self._passed[service]
        for place, (*_, ticket) in enumerate(due, start=1):
            self.called[ticket] = at + int(place * apart)
            self._others[ticket] = passed
        for name, categories in self.alike[service].items():
            if name not in self.newcomers:
                wanted = due_if_queued(self._state, service, categories[0], self._now)
                place = bisect_left(due, (wanted + 1,))
                self.newcomers[name] = at + int(((place if place < len(due) else left) + 1) * apart)
                self._others[name] = passed
        return len(due)

    def _desk(self, counter: str, services: tuple[str, ...], alike: dict[object, _Desk]) -> _Desk:
        """The counter's desk, shared with the counters for which everything is alike."""
        state = self._state
        newcomers = [
            (due_if_queued(state, id_, categories[0], self._now, counter), name, id_)
            for id_ in services
            for name, categories in self.alike[id_].items()
        ]
        lanes = [
            (self._cursor(service, lane, promised), promised + later)
            for service, _, lane, promised, later in lanes_for(state, counter)
        ]
        key = frozenset(newcomers), frozenset((id(cursor), shift) for cursor, shift in lanes)
        if key not in alike:
            alike[key] = _Desk(services, lanes, newcomers)
        return alike[key]

    def _cursor(self, service: str, lane: Lane, target: int) -> _Cursor:
        cursor = self._cursors.get(id(lane))
        if cursor is None:
            cursor = self._cursors[id(lane)] = _Cursor(lane, service, target)
        return cursor

    def _call_newcomers(self, newcomers: list[_Newcomer], at: int, due_at: int | None) -> None:
        """Somebody who came now would be called here, now, if due before whoever is called instead."""
        while newcomers and (due_at is None or newcomers[-1][0] < due_at):
            _, name, service = newcomers.pop()
            self.newcomers.setdefault(name, at)
            self._others.setdefault(name, self._passed[service])

    def _note_others(self, ticket: str, service: str, services: tuple[str, ...]) -> None:
        """Whoever still waits for something else that this counter serves has seen one more called."""
        passed = self._passed
        self._others[ticket] = passed[service]
        for other in services:
            passed[other] += 1
        passed[service] -= 1

    def others_of_all(self) -> dict[str, int]:
        """How many of other services come before, by ticket and by newcomer."""
        found = dict(self._others)
        for service, groups in self.alike.items():
            for name, categories in groups.items():
                if name in found:
                    found |= {newcomer(service, category): found[name] for category in categories}
        return found

    def _free_at(self, record: CounterRecord) -> int:
        """When the counter can call again, going by how long its present service usually takes."""
        if record.ticket is None:
            return self._now
        step = self._state.tickets[record.ticket].step
        usual = self._took[step.service]
        return self._now + max(usual - service_so_far(step, self._now), round(usual * OVERDUE))


def _alike(service: Service) -> dict[str, list[str]]:
    """A service's categories by the newcomer who stands for all with one target; `regular` stands before others."""
    by_target: dict[int, list[str]] = {}
    for category in ("regular", *service.targets):
        group = by_target.setdefault(target(service.targets, category), [])
        if category not in group:
            group.append(category)
    return {newcomer(service.id, categories[0]): categories for categories in by_target.values()}


class Spread(Struct, frozen=True, kw_only=True):
    """What an expected wait is multiplied by: half wait no longer than `p50` times it, nine in ten than `p90` times."""

    p50: float
    p90: float


#: Ten ratios of truth to expectation to begin with. A wait behind three people whose services are spread like
#: waits in general (exponentially, so their sum as Erlang's distribution of order three) has these deciles'
#: middles over its mean: 5 %, 15 %… 95 %. Fewer people ahead spread wider, more narrower, counters that pause
#: wider again. Every true ratio that comes makes these ten matter less.
AT_FIRST = (0.27, 0.44, 0.58, 0.70, 0.83, 0.96, 1.12, 1.31, 1.57, 2.10)


def spread_of(errors: Sequence[float]) -> Spread:
    """How far truth lay from `forecast`, from recent ratios of the true wait to the one that `forecast` expected.

    (Not to the p50 that was told: a correction measured against itself swings to and fro.)
    """
    ratios = sorted((*AT_FIRST, *errors))
    return Spread(p50=_quantile(ratios, 0.5), p90=_quantile(ratios, 0.9))


def bands(expected: int, errors: Sequence[float] | Spread, others: int = 0) -> Estimate:
    """What is told of an expected wait (milliseconds). For many waits at once work out `spread_of` once."""
    spread = errors if isinstance(errors, Spread) else spread_of(errors)
    return Estimate(p50=round(expected * spread.p50), p90=round(expected * spread.p90), others=others)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The value that this share does not pass; each stands for the middle of its part, what lies between is a line."""
    place = min(max(share * len(ordered) - 0.5, 0), len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
