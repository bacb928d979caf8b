"""Today in a few numbers, for the top of the floor page. Statistics over days are the business of `stats/`.

What a wait is, whether it was within the target and what a percentile is: domain/measures.py, as in the statistics.

The floor page is written anew several times a second, so nothing walks the tickets of the day for it: what each adds is
kept, and only tickets that have changed since are looked at again.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable
from typing import NamedTuple

from queue_server.domain import measures
from queue_server.domain.dispatch import open_counters
from queue_server.domain.measures import Fate
from queue_server.domain.records import Ticket
from queue_server.domain.state import Changes, State
from queue_server.views.instants import seconds
from queue_server.views.waits import longest
from queue_server.wire.live import Figures
from queue_server.wire.stats import FEWEST

MOST_READERS = 32
"""Different sets of services for which the day is counted at once: the mall's and its agencies'."""


class Added(NamedTuple):
    """What one ticket adds. `waits` are milliseconds."""

    issued: bool
    served: bool
    no_shows: int
    within: int
    waits: tuple[int, ...]


NOTHING = Added(False, False, 0, 0, ())


def added(state: State, ticket: Ticket | None, services: Collection[str]) -> Added:
    """What this ticket adds for readers of these services."""
    if ticket is None or ticket.void:
        return NOTHING
    asked = done = False
    no_shows = within = 0
    waits: list[int] = []
    for step in ticket.steps:
        if step.service not in services:
            continue
        asked = True
        wait = measures.wait(step)
        if wait is None:
            continue
        waits.append(wait)
        within += measures.within_target(step, wait)
        ended = measures.fate_of(step)
        done = done or ended is Fate.SERVED
        no_shows += ended is Fate.NO_SHOW
    return Added(asked and ticket.day == state.day, done, no_shows, within, tuple(waits))


class Tally:
    """The day so far for some services: whose tickets were issued or served, and the waits of their steps."""

    def __init__(self, services: frozenset[str]) -> None:
        self.services = services
        self.issued = self.served = self.no_shows = self.within = 0
        self.waits: list[int] = []
        """Sorted."""
        self._of: dict[str, Added] = {}

    def count(self, state: State, tickets: Iterable[str]) -> None:
        """These tickets as they are now, instead of as they were."""
        for id_ in tickets:
            was, now = self._of.get(id_, NOTHING), added(state, state.tickets.get(id_), self.services)
            if now == was:
                continue
            self._of[id_] = now
            self.issued += now.issued - was.issued
            self.served += now.served - was.served
            self.no_shows += now.no_shows - was.no_shows
            self.within += now.within - was.within
            if now.waits != was.waits:
                for wait in was.waits:
                    del self.waits[bisect_left(self.waits, wait)]
                for wait in now.waits:
                    insort(self.waits, wait)

    def count_all(self, state: State) -> None:
        """Every ticket of the day, the first time: sorted once."""
        found = {id_: added(state, ticket, self.services) for id_, ticket in state.tickets.items()}
        self._of = {id_: one for id_, one in found.items() if one is not NOTHING}
        those = self._of.values()
        self.issued, self.served = sum(one.issued for one in those), sum(one.served for one in those)
        self.no_shows, self.within = sum(one.no_shows for one in those), sum(one.within for one in those)
        self.waits = sorted(wait for one in those for wait in one.waits)


class DayFigures:
    """Counts as events come: `note` is told of each command, `forget` of a state that was made anew."""

    def __init__(self) -> None:
        self._tallies: dict[frozenset[str], tuple[Tally, set[str]]] = {}
        """By services: what is counted, and which tickets have changed since."""

    def note(self, changes: Changes) -> None:
        if changes.hall:  # the rules may be others, or the day
            self._tallies.clear()
        elif changes.tickets:
            for _, stale in self._tallies.values():
                stale |= changes.tickets

    def forget(self) -> None:
        self._tallies.clear()

    def of(self, state: State, services: frozenset[str]) -> Tally:
        """As the state has it now."""
        known = self._tallies.get(services)
        if known is None:
            while len(self._tallies) >= MOST_READERS:
                del self._tallies[next(iter(self._tallies))]
            known = self._tallies[services] = Tally(services), set()
            known[0].count_all(state)
            return known[0]
        tally, stale = known
        tally.count(state, stale)
        stale.clear()
        return tally


def figures(state: State, now: int, services: frozenset[str], day: DayFigures | None = None) -> Figures:
    """The day so far for these services; without `day` all tickets are looked at."""
    tally = (day or DayFigures()).of(state, services)
    most, _ = longest(state, (lane for service in services for lane in state.lanes.get(service, {}).values()), now)
    return Figures(
        waiting=sum(map(state.waiting, services)),
        longest_wait_s=seconds(most),
        issued=tally.issued,
        served=tally.served,
        open_counters=sum(any(service in services for service in served) for _, served in open_counters(state)),
        within_target=round(tally.within / len(tally.waits), 4) if tally.waits else None,
        wait_p50_s=_percentile(tally.waits, 50),
        wait_p90_s=_percentile(tally.waits, 90),
        no_shows=tally.no_shows,
        waits=len(tally.waits),
    )


def _percentile(waits: list[int], percent: int) -> int | None:
    """Of sorted waits, in whole seconds; None where they are too few."""
    found = measures.percentile(waits, percent) if len(waits) >= FEWEST else None
    return None if found is None else seconds(found)
