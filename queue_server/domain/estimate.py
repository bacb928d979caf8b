"""How long people will wait: one forward run of the hall's own dispatch, from now until everybody has been called.

Each counter that is open becomes free when its present ticket should be done, calls whoever is due first by the rule of
dispatch.py, and serves as long as that service has taken lately. Nobody new comes, nobody is a no-show, planned steps
are not counted: the plain estimate. A better one takes its place by keeping the promise of `Estimator`.

Pure, and bounded: the first `RUN` calls are played through, whoever stands behind them is told by the rate at which
the counters work off what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heapreplace
from typing import NamedTuple, Protocol

from msgspec import Struct

from queue_server.domain.commands import Estimate
from queue_server.domain.dispatch import lanes_for, order_of, target
from queue_server.domain.events import CounterRecord
from queue_server.domain.lanes import Entry, Lane
from queue_server.domain.lifecycle import StepState
from queue_server.domain.state import State

RUN = 2_000
"""Calls that are played through one by one."""

RECENT = 20
"""Finished services that say how long one takes now."""

ENOUGH = 5
"""Fewer than these are filled up with the configured time, so that one odd citizen does not rule the estimate."""

OVERDUE = 0.25
"""The share of a usual service that is still to come when one has already lasted longer than usual."""


class Forecast(Struct, frozen=True, kw_only=True):
    """Expected waits in milliseconds.

    `services`: of somebody `regular` who comes now. `tickets`: what is left for each who waits. What no open counter
    serves is in neither.
    """

    services: dict[str, int]
    tickets: dict[str, int]


class Estimator(Protocol):
    """What any estimator keeps to. `now` in milliseconds; the state is only read."""

    def __call__(self, state: State, now: int) -> Forecast: ...


def forecast(state: State, now: int) -> Forecast:
    """Play the hall forward from now."""
    run = _Run(state, now)
    run.play()
    run.tell_the_rest()
    return Forecast(
        services={service: at - now for service, at in run.newcomers.items()},
        tickets={ticket: at - now for ticket, at in run.called.items()},
    )


def usual_ms(state: State, service: str) -> int:
    """How long serving one ticket takes now: the mean of the latest, filled up with the configured time."""
    took = [row.took for row in state.served.get(service, ())[-RECENT:]]
    missing = max(0, ENOUGH - len(took))
    return (sum(took) + missing * state.rules.services[service].expected_ms) // (len(took) + missing)


class _Cursor:
    """How far the run has called a lane down; `head` is who is next in it, None at its end."""

    __slots__ = ("_rest", "head", "service")

    def __init__(self, lane: Lane, service: str) -> None:
        self.service = service
        self._rest = iter(lane)
        self.head: Entry | None = next(self._rest, None)

    def advance(self) -> None:
        self.head = next(self._rest, None)


class _Due(NamedTuple):
    """Who is first in one lane, as one counter sees it; sorted as dispatch sorts. `lane` is an index."""

    due_at: int
    issued_at: int
    ordinal: int
    ticket: str
    lane: int


class _Chair:
    """An open counter during the run: its lanes, each with what it adds to a base, and its newcomers not yet called."""

    __slots__ = ("due", "lanes", "newcomers")

    def __init__(self, lanes: list[tuple[_Cursor, int]], newcomers: list[tuple[int, str]]) -> None:
        self.lanes = lanes
        self.due = [_due(head, shift, i) for i, (cursor, shift) in enumerate(lanes) if (head := cursor.head)]
        heapify(self.due)
        self.newcomers = sorted(newcomers, reverse=True)

    def first(self) -> _Due | None:
        """Who is due first here. What other counters called in the meantime is noticed only where it would be first."""
        due = self.due
        while due:
            first = due[0]
            cursor, shift = self.lanes[first.lane]
            head = cursor.head
            if head is None:
                heappop(due)
            elif head.ticket == first.ticket:
                return first
            else:
                heapreplace(due, _due(head, shift, first.lane))
        return None


def _due(head: Entry, shift: int, lane: int) -> _Due:
    return _Due(head.base + shift, head.issued_at, head.ordinal, head.ticket, lane)


class _Run:
    """One run: `called` says when each ticket would be called, `newcomers` when somebody who came now would be."""

    def __init__(self, state: State, now: int) -> None:
        self.called: dict[str, int] = {}
        self.newcomers: dict[str, int] = {}
        self._state = state
        self._now = now
        self._took = {service: usual_ms(state, service) for service in state.rules.services}
        cursors: dict[int, _Cursor] = {}
        self._chairs = {
            record.id: self._chair(record.id, cursors) for record in state.counters.values() if record.state == "open"
        }
        self._free = [(self._free_at(state.counters[counter]), counter) for counter in self._chairs]
        heapify(self._free)

    def play(self) -> None:
        """Let the counter that is free first call, again and again."""
        free, left = self._free, RUN
        while free and left:
            at, counter = free[0]
            chair = self._chairs[counter]
            first = chair.first()
            self._call_newcomers(chair, at, None if first is None else first.due_at)
            if first is None:
                heappop(free)
                continue
            cursor = chair.lanes[first.lane][0]
            cursor.advance()
            self.called[first.ticket] = at
            heapreplace(free, (at + self._took[cursor.service], counter))
            left -= 1

    def tell_the_rest(self) -> None:
        """Whoever was not reached: every counter shares its time among its services by the work that is left in them.

        A counter with the work W before it does 1/W of each of its services' rest in a millisecond, so a service is
        worked off in 1 / sum(1/W) over its counters, its tickets one after the other in equal steps.
        """
        if not self._free:
            return
        at = self._free[0][0]
        rest = {service: self._not_called(service) for service in self._state.lanes}
        speed: dict[str, float] = dict.fromkeys(self._state.rules.services, 0.0)
        for counter in self._chairs:
            services = self._state.serves(counter)
            work = sum(len(rest.get(service, ())) * self._took[service] for service in services)
            for service in services:
                speed[service] += 1 / max(work, self._took[service], 1)
        for service, per_ms in speed.items():
            if per_ms:
                self._space_out(service, rest.get(service, []), at, 1 / per_ms)

    def _space_out(self, service: str, tickets: list[str], at: int, over: float) -> None:
        apart = over / (len(tickets) + 1)
        for place, ticket in enumerate(tickets, start=1):
            self.called[ticket] = at + round(place * apart)
        self.newcomers.setdefault(service, at + round((len(tickets) + 1) * apart))

    def _not_called(self, service: str) -> list[str]:
        """Who is left of a service, in due order."""
        waiting = self._state.waiting(service)
        if not waiting:
            return []
        return [c.ticket for c in order_of(self._state, service) if c.ticket not in self.called]

    def _chair(self, counter: str, cursors: dict[int, _Cursor]) -> _Chair:
        state = self._state
        lanes = []
        for service, _, lane, shift in lanes_for(state, counter):
            cursor = cursors.get(id(lane))
            if cursor is None:
                cursor = cursors[id(lane)] = _Cursor(lane, service)
            lanes.append((cursor, shift))
        help_after = state.rules.counters[counter].help_after
        newcomers = [
            (self._now + target(state.rules.services[service].targets, "regular") + help_after.get(service, 0), service)
            for service in state.serves(counter)
        ]
        return _Chair(lanes, newcomers)

    def _call_newcomers(self, chair: _Chair, at: int, due_at: int | None) -> None:
        """Somebody who came now would be called here, now, if due before whoever is called instead."""
        newcomers = chair.newcomers
        while newcomers and (due_at is None or newcomers[-1][0] < due_at):
            self.newcomers.setdefault(newcomers.pop()[1], at)

    def _free_at(self, record: CounterRecord) -> int:
        """When the counter can call again, going by how long its present service usually takes."""
        if record.ticket is None:
            return self._now
        step = self._state.tickets[record.ticket].step
        usual = self._took[step.service]
        lasted = step.served
        if step.state is StepState.SERVING and step.started_at is not None:
            lasted += self._now - step.started_at
        return self._now + max(usual - lasted, round(usual * OVERDUE))


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


def bands(expected: int, errors: Sequence[float] | Spread) -> Estimate:
    """What is told of an expected wait (milliseconds). For many waits at once work out `spread_of` once."""
    spread = errors if isinstance(errors, Spread) else spread_of(errors)
    return Estimate(p50=round(expected * spread.p50), p90=round(expected * spread.p90))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The value that this share does not pass; each stands for the middle of its part, what lies between is a line."""
    place = min(max(share * len(ordered) - 0.5, 0), len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
