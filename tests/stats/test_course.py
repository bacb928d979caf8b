"""Who waited when, against every second of every wait put into a box; how long serving took, against the events."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest

from queue_server.stats.course import laid
from queue_server.stats.sight import Sight
from queue_server.stats.statistics import Statistics, open_statistics
from queue_server.wire.stats import StatsQuestion
from tests.journal.hall import SERVICES, Hall
from tests.journal.test_reckoning import Play
from tests.stats import obvious
from tests.stats.test_exact import lived, today_of

ALL = StatsQuestion(from_="2026-11-01", to="2026-12-31")


def by(*group: str) -> StatsQuestion:
    return StatsQuestion(from_=ALL.from_, to=ALL.to, group=group)


def opened(path: Path) -> Statistics:
    return open_statistics(path, path.with_name("statistics.db"))


def boxes(hall: Hall, agencies: frozenset[str]) -> dict[int, int]:
    """Seconds that were waited, by half-hour of the day."""
    painted: Counter[int] = Counter()
    for visit in obvious.Reckoning(hall.history).visits:
        began = max(visit.queued or 0, visit.booked or 0)
        until = visit.first_call or visit.away or (hall.at if visit.day == hall.state.day else None)
        if until is not None and SERVICES[visit.service][0] in agencies:
            painted.update(
                second % 86_400 // 1_800 for second in range(began // 1000, began // 1000 + (until - began) // 1000)
            )
    return dict(painted)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("agency", [None, "b"])
def test_waits_lie_where_they_were(tmp_path: Path, seed: int, agency: str | None):
    """Of any days, today with those who still wait included: each second of a wait is in its half-hour, and nothing of
    another agency's is in one's own."""
    hall = lived(tmp_path / "journal.db", seed, 3, 200)
    sight = Sight(agencies=frozenset({agency}) if agency else None)
    statistics = opened(tmp_path / "journal.db")

    found = statistics.course(ALL, sight, today_of(hall))

    statistics.close()
    hall.journal.close()
    expected = boxes(hall, frozenset({agency}) if agency else frozenset(a for a, *_ in SERVICES.values()))
    assert expected
    assert {at: seconds for at, seconds in enumerate(found.waiting) if seconds} == expected


def test_a_wait_of_many_hours_is_laid_over_midnight():
    """From 23:50 for an hour and a half, second by second."""
    found = laid(np.array([47]), np.array([1_200]), np.array([5_400]))

    assert {at: seconds for at, seconds in enumerate(found.tolist()) if seconds} == {
        47: 600,
        0: 1_800,
        1: 1_800,
        2: 1_200,
    }


@pytest.mark.parametrize("seed", range(2))
def test_counters_are_open_as_long_as_their_states_say(tmp_path: Path, seed: int):
    """All states together; of some steps only the counters that called them; one person's day is not shown alone."""
    play = Play(tmp_path / "journal.db", Random(seed))
    for _ in range(250):
        play.step()
    play.end()
    play.hall.open_day()
    today, statistics = today_of(play.hall), opened(tmp_path / "journal.db")
    view = statistics.counter_time(by("counter", "half_hour"), Sight(), today)
    by_service = statistics.answer(by("service", "counter"), Sight(), today)
    service = by_service.rows[0].key["service"] or ""
    narrowed = StatsQuestion(from_=ALL.from_, to=ALL.to, where={"service": (service,)})

    every = statistics.course(ALL, Sight(), today)
    some = statistics.course(narrowed, Sight(), today)

    statistics.close()
    play.hall.journal.close()
    called = {row.key["counter"] for row in by_service.rows if row.key["service"] == service and row.key["counter"]}
    for found, counters in ((every, None), (some, called)):
        expected: Counter[str] = Counter()
        for row in view.rows:
            if row.time is not None and (counters is None or row.key["counter"] in counters):
                expected[row.key["half_hour"] or ""] += row.time.open_s
        hours = {f"{at // 2:02}:{at % 2 * 30:02}": seconds for at, seconds in enumerate(found.open) if seconds}
        assert hours.keys() == expected.keys() - {at for at, seconds in expected.items() if not seconds}
        for at, seconds in hours.items():
            assert seconds == pytest.approx(expected[at], abs=len(view.rows))


@pytest.mark.parametrize("seed", range(3))
def test_service_times_are_those_of_the_events(tmp_path: Path, seed: int):
    """So many of so many seconds, the shortest first."""
    hall = lived(tmp_path / "journal.db", seed, 3, 200)
    statistics = opened(tmp_path / "journal.db")

    found = statistics.service_times(ALL, Sight(), today_of(hall))

    statistics.close()
    hall.journal.close()
    expected = Counter(
        visit.served // 1000
        for visit in obvious.Reckoning(hall.history).visits
        if not visit.is_served and (visit.served or (visit.end == "served" and visit.ever_served))
    )
    assert expected
    assert found == sorted(expected.items())


def test_one_persons_times_are_not_shown_where_the_mall_folds_them(tmp_path: Path):
    """Asked for where and when only one clerk worked, a reader who may not see that gets nothing."""
    hall = lived(tmp_path / "journal.db", 3, 2, 200)
    today, statistics = today_of(hall), opened(tmp_path / "journal.db")
    served = [
        (row.key["half_hour"] or "", row.key["counter"] or "")
        for row in statistics.answer(by("half_hour", "counter", "clerk"), Sight(), today).rows
        if row.key["clerk"] and row.measures and row.measures.service.count
    ]
    half_hour, counter = next(place for place in served if served.count(place) == 1)
    one = StatsQuestion(from_=ALL.from_, to=ALL.to, where={"half_hour": (half_hour,), "counter": (counter,)})

    shown = statistics.service_times(one, Sight(), today)
    folded = statistics.service_times(one, Sight(folds=True, clerks=frozenset()), today)

    statistics.close()
    hall.journal.close()
    assert shown
    assert folded == []
