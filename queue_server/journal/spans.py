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

    `state` is `serving walking idle_waiting idle paused`, `reason` the code of the pause.
    """

    day: str
    counter: str
    from_at: int
    to_at: int | None
    clerk: str | None
    state: str
    reason: str | None


class SpanKeeper:
    """Follows the counters through one day after the other."""

    def __init__(self) -> None:
        self._rows: list[SpanRow] = []
        self._open: dict[str, SpanRow] = {}
        self._lanes: dict[str, frozenset[LaneKey]] = {}
        self._rules: Rules | None = None
        self._serving: dict[str, list[str]] = {}

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
        if before is not None:
            if (before.state, before.reason, before.clerk) == (now, reason, clerk):
                return
            self._end(counter, at)
        if now != CLOSED:
            row = SpanRow(day=state.day, counter=counter, from_at=at, to_at=None, clerk=clerk, state=now, reason=reason)
            self._open[counter] = row
            self._rows.append(row)

    def _end_all(self, at: int) -> None:
        for counter in list(self._open):
            self._end(counter, at)

    def _end(self, counter: str, at: int) -> None:
        row = self._open.pop(counter)
        self._rows.append(replace(row, to_at=max(at, row.from_at)))
