"""What the floor page costs the engine's loop, with 10,000 waiting and 10,000 served over 100 services.

The peer is a look at every ticket of the day, which it was before the figures were counted as events come. Aim: under
5 ms. Processor time, so that neighbours do not matter.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import click

from bench.engine import HOUR, SERVICES, Hall
from queue_server.domain import commands as c
from queue_server.views.figures import DayFigures, figures
from queue_server.views.floor import floor_view

EACH = 10_000
PUSHES = 50


def run() -> None:
    hall, day = Hall(), DayFigures()
    for number in range(2 * EACH):
        hall.do(
            c.IssueTicket(
                at=hall.state.at + 1,
                ticket=f"t{number}",
                services=(f"s{number % SERVICES}",),
                category="regular",
                language="en",
                channel="kiosk",
            )
        )
    counters = list(hall.state.rules.counters)
    for number in range(EACH):
        _serve(hall, counters[number % len(counters)])
    state, services = hall.state, frozenset(hall.state.rules.services)
    gc.collect()
    gc.freeze()
    waiting = sum(map(state.waiting, services))
    every = _median(lambda: figures(state, state.at, services))
    floor_view(state, state.at, {}, day=day)
    state.take_changes()
    pushed = []
    for number in range(PUSHES):
        _serve(hall, counters[number % len(counters)])
        day.note(state.take_changes())
        pushed.append(_took(lambda: floor_view(state, state.at, {}, day=day)))
    click.echo(
        f"{waiting:,} waiting of {len(state.tickets):,} tickets: the floor's view {sorted(pushed)[PUSHES // 2]:.1f} ms;"
        f" a look at every ticket for its figures alone {every:.1f} ms"
    )
    assert state.at < HOUR * 24


def _serve(hall: Hall, counter: str) -> None:
    for command in (c.CallNext, c.StartService, c.FinishService):
        hall.do(command(at=hall.state.at + 1, counter=counter, clerk=counter))


def _took(what: Callable[[], object]) -> float:
    began = time.process_time()
    what()
    return (time.process_time() - began) * 1_000


def _median(what: Callable[[], object]) -> float:
    return sorted(_took(what) for _ in range(5))[2]
