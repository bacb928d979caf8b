"""The live figures of an earlier moment, against a slow reckoning from the events and against the live figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.presence import CLOSED, PAUSED, presence
from queue_server.journal.sqlite import open_journal
from queue_server.stats.moments import Moment, Usual
from queue_server.stats.sight import Sight
from queue_server.stats.statistics import open_statistics
from queue_server.views.figures import figures
from queue_server.wire.live import Figures
from tests.journal.anything import something
from tests.journal.hall import DAY, MINUTE, SERVICES, Hall
from tests.stats import obvious
from tests.stats.test_exact import today_of


class Notebook(obvious.Reckoning):
    """Beside what it knows anyway, when each visit was finished."""

    def ServiceFinished(self, event: e.ServiceFinished) -> None:  # noqa: N802 - named for the event
        self.finished = {**getattr(self, "finished", {}), id(self.here(event)): event.at}
        super().ServiceFinished(event)

    def at(self, when: int, day: str, agencies: frozenset[str] | None, counters: int | None) -> Moment:
        visits = [
            visit
            for visit in self.visits
            if visit.day == day and (agencies is None or SERVICES[visit.service][0] in agencies)
        ]
        there = [
            visit
            for visit in visits
            if (visit.queued or 0) <= when and (visit.first_call or visit.away or obvious.END) > when
        ]
        called = [visit for visit in visits if visit.first_call is not None and visit.first_call <= when]
        finished = getattr(self, "finished", {})
        return Moment(
            waiting=len(there),
            longest_s=max((self.so_far(visit, when) for visit in there), default=0) // 1000,
            called=len(called),
            within=sum((self.wait(visit) or 0) <= visit.target for visit in called),
            served=len({v.ticket for v in visits if v.end == "served" and finished[id(v)] <= when}),
            counters=counters,
        )

    def so_far(self, visit: obvious.Visit, when: int) -> int:
        began = max(visit.queued or 0, visit.booked or 0)
        return max(0, when - began - sum(max(0, min(end, when) - max(since, began)) for since, end in self.holds))


def usual(path: Path, hall: Hall, *dates: str, agencies: frozenset[str] | None = None) -> Usual:
    statistics = open_statistics(path, None)
    try:
        return statistics.usual([date.fromisoformat(day) for day in dates], Sight(agencies=agencies), today_of(hall))
    finally:
        statistics.close()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("agencies", [None, frozenset({"b"})])
def test_each_figure_is_what_the_events_say_of_that_moment(tmp_path: Path, seed: int, agencies: frozenset[str] | None):
    """Of an earlier day at this time of the day, and of today at the end of each half-hour; an agency's are its own."""
    hall, chance = Hall(open_journal(tmp_path / "journal.db")), Random(seed)
    open_at: dict[int, int] = {}
    days: list[str] = []
    for commands in (300, 200):
        if days:
            hall.close_day()
        hall.open_day()
        days.append(hall.state.day)
        for _ in range(commands):
            something(hall, chance)
            open_at[hall.at] = sum(presence(hall.state, one)[0] not in (CLOSED, PAUSED) for one in hall.state.counters)
            hall.at += chance.choice([0, 0, 0, 20_000, 90_000])
    yesterday, today = days
    book = Notebook(hall.history)

    found = usual(tmp_path / "journal.db", hall, yesterday, agencies=agencies)

    def open_then(when: int) -> int:
        return open_at[max(at for at in open_at if at <= when)]

    before = book.at(hall.at - DAY, yesterday, agencies, None)
    assert found.days == 1
    assert (found.waiting, found.longest_s, found.served) == (before.waiting, before.longest_s, before.served)
    assert found.within == before.share
    if agencies is None:
        assert found.counters == open_then(hall.at - DAY)
    assert len(found.today) >= 2
    for end, moment in found.today:
        when = round(end.timestamp() * 1000)
        counters = open_then(when) if agencies is None else moment.counters
        assert moment == book.at(when, today, agencies, counters)
    hall.journal.close()


def test_usual_is_what_the_tile_said_then(tmp_path: Path):
    """One waits for ten minutes, one of three was served: the live figures of that minute, a day after."""
    hall = Hall(open_journal(tmp_path / "journal.db"))
    live: list[Figures] = []
    days: list[str] = []
    for _ in range(2):
        hall.open_day()
        day(hall)
        services = frozenset(hall.state.rules.services)
        live.append(figures(hall.state, hall.at, services))
        days.append(hall.state.day)
        if len(live) == 1:
            hall.at += 3 * 60 * MINUTE
            hall.do(c.CallNext, counter="1", clerk="ani")
            hall.close_day()

    found = usual(tmp_path / "journal.db", hall, days[0])

    then = live[0]
    assert (found.waiting, found.longest_s) == (then.waiting, then.longest_wait_s) == (1, 10 * 60)
    assert (found.served, found.counters) == (then.served, then.open_counters) == (1, 1)
    assert found.within == then.within_target
    hall.journal.close()


def day(hall: Hall) -> Any:
    """Until ten past nine: one served, one at the counter, one waiting since nine."""
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    for _ in range(3):
        hall.issue("pass")
    for move in (c.CallNext, c.StartService, c.FinishService, c.CallNext, c.StartService):
        hall.do(move, counter="1", clerk="ani")
    hall.at += 10 * MINUTE
