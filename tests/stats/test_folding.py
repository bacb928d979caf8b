"""One person's work is told neither alone nor by what is left when told numbers are taken from others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_server.domain import commands as c
from queue_server.errors import Forbidden
from queue_server.stats.sight import Sight
from queue_server.wire.stats import StatsQuestion, StatsView
from tests.journal.hall import SERVICES
from tests.stats import obvious
from tests.stats.test_by_hand import Mall
from tests.stats.test_exact import NO_SHRINKING, asked, lived

FOLDED = Sight(clerks=frozenset(), folds=True)
BY = ("service", "counter", "category", "channel", "outcome", "half_hour", "day", "fate", "agency")
CUT = ("service", "counter", "category", "channel", "agency", "fate")


class Truth:
    """Who worked on what, by the slow reckoning."""

    def __init__(self, history: Any) -> None:
        self.visits = {id(visit): visit for visit in obvious.Reckoning(history).visits}
        self.keys = {at: obvious.keys(visit, SERVICES[visit.service][0]) for at, visit in self.visits.items()}

    def of(self, where: dict[str, tuple[str, ...]]) -> set[int]:
        return {at for at, key in self.keys.items() if all(key[name] in values for name, values in where.items())}

    def by(self, group: tuple[str, ...], those: Iterable[int]) -> dict[tuple[str, ...], set[int]]:
        found: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for at in those:
            found[tuple(self.keys[at][name] for name in group)].add(at)
        return found

    def persons(self, those: Iterable[int]) -> set[str]:
        return {self.visits[at].clerk for at in those} - {""}


def told(view: StatsView, group: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The groups of which numbers stand there."""
    return {tuple(row.key[name] or "" for name in group) for row in view.rows if row.measures and not row.folded}


@given(seed=st.integers(0, 1 << 30), data=st.data())
@settings(max_examples=12, deadline=None, phases=NO_SHRINKING, suppress_health_check=list(HealthCheck))
def test_what_is_left_of_a_total_is_nobodys_work_alone(seed: int, data: st.DataObject):
    """In any table: no row, not what the rows leave of the total, nor of the totals of each line of it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        hall = lived(path, seed, 2, 40)
        truth = Truth(hall.history)
        with asked(path, hall, sight=FOLDED) as answer:
            for _ in range(4):
                group = tuple(data.draw(st.lists(st.sampled_from(BY), min_size=1, max_size=3, unique=True)))
                every = truth.by(group, truth.visits)
                view = answer(group)
                shown = {key: every[key] for key in told(view, group)}
                rest = set(truth.visits) - set().union(*shown.values())
                assert all(len(truth.persons(those)) != 1 for those in shown.values())
                assert view.total is None or len(truth.persons(rest)) != 1
                some = tuple(data.draw(st.lists(st.sampled_from(group), max_size=2, unique=True)))
                if not some or len(some) == len(group):
                    continue
                lines = truth.by(some, truth.visits)
                for key in told(answer(some), some):
                    assert len(truth.persons(lines[key] & rest)) != 1, (group, some, key)
        hall.journal.close()


@given(seed=st.integers(0, 1 << 30), data=st.data())
@settings(max_examples=12, deadline=None, phases=NO_SHRINKING, suppress_health_check=list(HealthCheck))
def test_two_filters_never_differ_by_one_persons_work(seed: int, data: st.DataObject):
    """Whatever one filter takes in beside another, and whatever it narrows: of rows and of totals."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        hall = lived(path, seed, 2, 40)
        truth = Truth(hall.history)
        with asked(path, hall, sight=FOLDED) as answer:
            for _ in range(4):
                name = data.draw(st.sampled_from(CUT))
                values = sorted({key[name] for key in truth.keys.values()})
                if not values:  # nobody queued on these days
                    continue
                wide = data.draw(st.sets(st.sampled_from(values), min_size=1))
                narrow = data.draw(st.sets(st.sampled_from(sorted(wide)), min_size=1))
                group = tuple(data.draw(st.lists(st.sampled_from(BY), max_size=2, unique=True)))
                one, other = {name: tuple(sorted(narrow))}, {name: tuple(sorted(wide))}
                whole: dict[str, tuple[str, ...]] = {}
                for less, more in ((one, other), (one, whole), (other, whole)):
                    of_less, of_more = answer(group, less), answer(group, more)
                    between = truth.of(more) - truth.of(less)
                    if of_less.total is not None and of_more.total is not None:
                        assert len(truth.persons(between)) != 1, (less, more)
                    by = truth.by(group, between)
                    for key in told(of_less, group) & told(of_more, group):
                        assert len(truth.persons(by[key])) != 1, (group, less, more, key)
        hall.journal.close()


@pytest.fixture
def mall(tmp_path: Path) -> Mall:
    return Mall(tmp_path)


def worked(mall: Mall, *work: tuple[str, str, str]) -> None:
    """Each service at a counter by a clerk, one after the other."""
    for service, counter, clerk in work:
        mall.hall.issue(service)
        mall.at_counter(counter, clerk, c.OpenCounter, c.CallNext, c.StartService)
        mall.later(1)
        mall.at_counter(counter, clerk, c.FinishService, c.CloseCounter)


def test_the_smallest_other_group_is_folded_with_a_lonely_one(mall: Mall):
    """Then the total is told, and what is missing of it is of two people."""
    worked(mall, ("tax", "3", "citra"), *[("pass", "1", "ani"), ("pass", "2", "budi")] * 2)
    worked(mall, ("land", "3", "citra"), ("land", "3", "dewi"), *[("pass", "1", "ani")] * 3)

    view = mall.ask("service", sight=FOLDED)

    assert [(row.key, row.folded, row.measures and row.measures.steps) for row in view.rows] == [
        ({"service": "pass"}, 0, 7),
        ({}, 2, 3),
    ]
    assert view.total is not None
    assert view.total.steps == 10


def test_a_filter_that_takes_in_some_of_what_is_folded_is_withheld(mall: Mall):
    """None of it or all: alone, beside others, and its steps; and then only of two people."""
    worked(mall, ("tax", "3", "citra"), *[("pass", "1", "ani"), ("pass", "2", "budi")] * 2)
    worked(mall, ("land", "3", "citra"), ("land", "3", "dewi"))
    services = [("tax",), ("land",), ("pass",), ("pass", "land"), ("pass", "tax"), ("tax", "land")]

    totals = {those: mall.ask(service=those, sight=FOLDED).total is not None for those in services}

    assert totals == {
        ("tax",): False,
        ("land",): False,
        ("pass",): True,
        ("pass", "land"): False,
        ("pass", "tax"): False,
        ("tax", "land"): True,
    }
    question = StatsQuestion(from_=mall.hall.state.day, to=mall.hall.state.day, where={"service": ("land", "pass")})
    with pytest.raises(Forbidden):
        mall.statistics.steps_behind(question, FOLDED, mall.today())
    assert mall.statistics.service_times(question, FOLDED, mall.today()) == []


def test_ones_own_work_is_never_folded_away(mall: Mall):
    """Whoever may see it by name sees it, as a clerk who sees nothing else and as a supervisor who also serves."""
    worked(mall, ("tax", "3", "citra"), ("pass", "1", "ani"), ("pass", "2", "budi"))
    own = Sight(clerks=frozenset({"ani"}), folds=True)
    alone = Sight(clerks=frozenset({"ani"}), alone=True)

    for sight in (own, alone):
        view = mall.ask("service", clerk=("ani",), sight=sight)
        assert [(row.key, row.folded) for row in view.rows] == [({"service": "pass"}, 0)]
        assert view.total is not None
        assert view.total.steps == 1
        time = mall.ask_counters("counter", clerk=("ani",), sight=sight)
        assert [(row.key, row.folded) for row in time.rows] == [({"counter": "1"}, 0)]
        with pytest.raises(Forbidden):
            mall.ask(clerk=("budi",), sight=sight)
