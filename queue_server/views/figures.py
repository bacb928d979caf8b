"""Today in a few numbers, for the top of the floor page. Statistics over days are the business of `stats/`.

What a wait is, whether it was within the target and what a percentile is: domain/measures.py, as in the statistics.
"""

from __future__ import annotations

from collections.abc import Collection

from queue_server.domain import measures
from queue_server.domain.dispatch import open_counters
from queue_server.domain.measures import Fate
from queue_server.domain.state import State
from queue_server.views.instants import seconds
from queue_server.views.waits import longest
from queue_server.wire.live import Figures
from queue_server.wire.stats import FEWEST


def figures(state: State, now: int, services: Collection[str]) -> Figures:
    """The day so far for these services: whose tickets were issued or served, and the waits of their steps.

    One pass over the day's tickets.
    """
    issued = served = no_shows = within = 0
    waits: list[int] = []
    for ticket in state.tickets.values():
        if ticket.void:
            continue
        asked = done = False
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
        issued += asked and ticket.day == state.day
        served += done
    waits.sort()
    most, _ = longest(state, (lane for service in services for lane in state.lanes.get(service, {}).values()), now)
    return Figures(
        waiting=sum(map(state.waiting, services)),
        longest_wait_s=seconds(most),
        issued=issued,
        served=served,
        open_counters=sum(any(service in services for service in served) for _, served in open_counters(state)),
        within_target=round(within / len(waits), 4) if waits else None,
        wait_p50_s=_percentile(waits, 50),
        wait_p90_s=_percentile(waits, 90),
        no_shows=no_shows,
        waits=len(waits),
    )


def _percentile(waits: list[int], percent: int) -> int | None:
    """Of sorted waits, in whole seconds; None where they are too few."""
    found = measures.percentile(waits, percent) if len(waits) >= FEWEST else None
    return None if found is None else seconds(found)
