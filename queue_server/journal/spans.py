"""The rows of `counter_spans`: from when to when a counter was in which state, with whom. Pure.

Fed with every event after it was carried into the state; what it holds follows from the day's events alone. A span that
goes on has `to_at` None and is written again when it ends. It is what was seen at the counter: an undone call was
walking while it lasted. While the server was away nobody could act, so a span ends when it was stopped; after a crash,
with the last event before it.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from queue_server.domain.events import DayOpened, Event, Restarted, Stopped
from queue_server.domain.lanes import LaneKey
from queue_server.domain.presence import CLOSED, IDLE, IDLE_WAITING, presence
from queue_server.domain.rules import Rules
from queue_server.domain.state import State


class SpanRow(Struct, frozen=True, kw_only=True):
    """One row of `counter_spans`; the fields are the table's columns, the first three its key. Milliseconds.

    `state` is `serving walking idle_waiting idle paused`, `reason` the code of the pause. `service` is of whom the
    clerk served or called, `agency` whose it is; where nobody is there, the agency for which the counter works if it
    works for one only.
    """

    day: str
    counter: str
    from_at: int
    to_at: int | None
    clerk: str | None
    state: str
    reason: str | None
    service: str | None
    agency: str | None


class SpanKeeper:
    """Follows the counters through one day after the other."""

    def __init__(self) -> None:
        self._rows: list[SpanRow] = []
        self._open: dict[str, SpanRow] = {}
        self._lanes: dict[str, frozenset[LaneKey]] = {}
        self._rules: Rules | None = None
        self._serving: dict[str, list[str]] = {}
        self._agency: dict[str, str | None] = {}

    def follow(self, state: State, event: Event) -> None:
        """See what an event has changed; to be called after each `evolve`, before `take_changes`."""
        changes = state.changes
        if isinstance(event, DayOpened):
            self._end_all(event.at)
            self._lanes.clear()
        elif isinstance(event, Stopped):
            self._end_all(event.at)
            return
        elif isinstance(event, Restarted):
            self._end_all(event.down_since)
            if event.at == state.ends_at:  # nobody came back to the counters on that day
                return
        moved = [service for service in changes.services if self._lanes_moved(state, service)]
        if changes.hall:
            self._look_at_all(state, event.at)
            return
        for counter in changes.counters:
            self._look(state, counter, event.at)
        for service in moved:
            self._look_at_idle(state, self._serving.get(service, ()), event.at)

    def take(self) -> list[SpanRow]:
        """The rows that began or ended since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def _look_at_all(self, state: State, at: int) -> None:
        if state.counters and state.rules is not self._rules:
            self._learn(state.rules)
        for counter in self._open.keys() - state.counters.keys():
            self._end(counter, at)
        for counter in state.counters:
            self._look(state, counter, at)

    def _learn(self, rules: Rules) -> None:
        self._rules = rules
        self._serving = {}
        for counter in rules.counters.values():
            for service in counter.services:
                self._serving.setdefault(service, []).append(counter.id)
            agencies = {rules.services[service].agency for service in counter.services if service in rules.services}
            self._agency[counter.id] = agencies.pop() if len(agencies) == 1 else None

    def _look_at_idle(self, state: State, counters: Iterable[str], at: int) -> None:
        """Who waits matters only to counters with nobody there."""
        for counter in counters:
            row = self._open.get(counter)
            if row is not None and row.state in (IDLE, IDLE_WAITING):
                self._look(state, counter, at)

    def _lanes_moved(self, state: State, service: str) -> bool:
        """Whether a lane came or went; how many stand in it changes no counter's state."""
        lanes = state.lanes.get(service, {}).keys()
        if self._lanes.get(service, frozenset()) == lanes:
            return False
        self._lanes[service] = frozenset(lanes)
        return True

    def _look(self, state: State, counter: str, at: int) -> None:
        before = self._open.get(counter)
        now, reason = presence(state, counter) if state.open else (CLOSED, None)
        clerk = state.counters[counter].clerk
        service, agency = self._whose(state, counter)
        if before is not None:
            did = (before.state, before.reason, before.clerk, before.service, before.agency)
            if did == (now, reason, clerk, service, agency):
                return
            self._end(counter, at)
        if now != CLOSED:
            row = SpanRow(
                day=state.day,
                counter=counter,
                from_at=at,
                to_at=None,
                clerk=clerk,
                state=now,
                reason=reason,
                service=service,
                agency=agency,
            )
            self._open[counter] = row
            self._rows.append(row)

    def _whose(self, state: State, counter: str) -> tuple[str | None, str | None]:
        """The service that is at work there, and the agency."""
        ticket = state.counters[counter].ticket
        if ticket is None:
            return None, self._agency.get(counter)
        service = state.tickets[ticket].step.service
        known = state.rules.services.get(service)
        return service, known.agency if known is not None else None

    def _end_all(self, at: int) -> None:
        for counter in list(self._open):
            self._end(counter, at)

    def _end(self, counter: str, at: int) -> None:
        row = self._open.pop(counter)
        self._rows.append(replace(row, to_at=max(at, row.from_at)))
