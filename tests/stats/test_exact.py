"""Every number against a slow and obvious reckoning from the events, on any history, in any groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from queue_server.errors import Forbidden
from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.rebuild import rebuild_file
from queue_server.stats.made_sums import WORTH, Worth
from queue_server.stats.sight import Sight
from queue_server.stats.statistics import open_statistics
from queue_server.stats.today import Today
from queue_server.wire.stats import DIMENSIONS, StatsQuestion, StatsView
from tests.journal.anything import something, something_late
from tests.journal.hall import DAY, SERVICES, Hall
from tests.stats import obvious

EVERYTHING = Sight()
NO_SHRINKING = (Phase.explicit, Phase.generate)
"""A history is lived anew for each try; the seed says which it was."""


def lived(path: Path, seed: int, days: int, commands: int, off: tuple[int, ...] = ()) -> Hall:
    """So many days of anything at all; the last one goes on. Nobody comes for as many days as `off` says after each."""
    hall, chance = Hall(open_journal(path)), Random(seed)
    earlier: list[str] = []
    for day in range(days):
        hall.open_day()
        for _ in range(commands):
            something(hall, chance)
            something_late(hall, chance, earlier)
            hall.at += chance.choice([0, 0, 0, 0, 90_000, 600_000])
        earlier += hall.state.tickets
        if day < days - 1:
            hall.close_day()
            hall.at += off[day] * DAY if off else 0
    return hall


def today_of(hall: Hall) -> Any:
    today = Today()
    while not today.catch_up(hall.state):
        pass
    return today.day(hall.state, hall.at)


@contextmanager
def asked(
    path: Path,
    hall: Hall,
    *,
    kept: bool = True,
    sight: Sight = EVERYTHING,
    worth: Worth = WORTH,
    to: str = "2027-06-30",
) -> Iterator[Any]:
    """What answers a question about all of it, or until `to`."""
    statistics = open_statistics(path, path.with_name("statistics.db") if kept else None, worth)
    today = today_of(hall)
    try:
        yield lambda group=(), where=None: statistics.answer(
            StatsQuestion(from_="2026-01-01", to=to, group=tuple(group), where=where or {}),
            sight,
            today,
        )
    finally:
        while statistics.prepare(today):
            pass
        statistics.close()


def obviously(hall: Hall, group: tuple[str, ...], where: dict[str, tuple[str, ...]]) -> dict[tuple, Any]:
    """The same by the slow reckoning: measures by the values of the group."""
    reckoning = obvious.Reckoning(hall.history)
    groups: dict[tuple, list[obvious.Visit]] = defaultdict(list)
    for visit in reckoning.visits:
        values = obvious.keys(visit, SERVICES[visit.service][0])
        if all(values[name] in wanted for name, wanted in where.items()):
            groups[tuple(values[name] for name in group)].append(visit)
    return {key: obvious.measures(reckoning, visits) for key, visits in groups.items()}


def said(view: StatsView) -> dict[tuple, Any]:
    return {tuple(value or "" for value in row.key.values()): msgspec.to_builtins(row.measures) for row in view.rows}


questions = st.lists(st.sampled_from(DIMENSIONS), max_size=3, unique=True).map(tuple)


@given(seed=st.integers(0, 1 << 30), groups=st.lists(questions, min_size=3, max_size=3), data=st.data())
@settings(max_examples=8, deadline=None, phases=NO_SHRINKING, suppress_health_check=list(HealthCheck))
def test_any_history_is_counted_as_its_events_say(seed: int, groups: list[tuple[str, ...]], data: st.DataObject):
    """Whatever happened and whatever is asked, today with those who still wait included."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        hall = lived(path, seed, 3, 150)
        with asked(path, hall) as answer:
            for group in groups:
                name = data.draw(st.sampled_from(DIMENSIONS))
                values = {key[0] for key in obviously(hall, (name,), {})}
                where = {name: tuple(sorted(data.draw(st.sets(st.sampled_from(sorted(values)), min_size=1))))}
                for condition in ({}, where):
                    assert said(answer(group, condition)) == obviously(hall, group, condition), (group, condition)
        hall.journal.close()


@given(seed=st.integers(0, 1 << 30), group=questions, data=st.data())
@settings(max_examples=8, deadline=None, phases=NO_SHRINKING, suppress_health_check=list(HealthCheck))
def test_no_question_gets_around_ones_agency(seed: int, group: tuple[str, ...], data: st.DataObject):
    """Whatever is asked, whoever belongs to an agency is answered as if there were no other, or refused."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        hall = lived(path, seed, 2, 80)
        name = data.draw(st.sampled_from(DIMENSIONS))
        values = sorted({key[0] for key in obviously(hall, (name,), {})})
        if not values:  # nobody queued on these days
            hall.journal.close()
            reject()
        where = {name: tuple(sorted(data.draw(st.sets(st.sampled_from(values), min_size=1))))}
        theirs = Sight(agencies=frozenset({"b"}))
        with asked(path, hall, sight=theirs) as answer:
            try:
                found = said(answer(group, where))
            except Forbidden:
                found = None
        hall.journal.close()
        if name == "agency" and set(where[name]) != {"b"}:
            assert found is None
        else:
            assert found == obviously(hall, group, {"agency": ("b",), **where})


def test_what_was_kept_and_what_is_made_anew_agree(tmp_path: Path):
    """A day that is corrected afterwards is counted anew; so is everything once the journal was rebuilt."""
    path = tmp_path / "journal.db"
    hall = lived(path, 7, 3, 200)
    with asked(path, hall) as answer:
        first = said(answer(("day", "outcome")))
        chance = Random(1)
        everybody = obvious.Reckoning(hall.history).journeys
        earlier = [ticket for ticket in everybody if ticket not in hall.state.tickets]
        for _ in range(200):
            something_late(hall, chance, earlier)
        corrected = said(answer(("day", "outcome")))
    expected = obviously(hall, ("day", "outcome"), {})
    hall.journal.close()
    rebuild_file(path)
    with asked(path, hall) as answer:
        rebuilt = said(answer(("day", "outcome")))
    with asked(path, hall, kept=False) as answer:
        anew = said(answer(("day", "outcome")))

    assert first != corrected
    assert corrected == expected == rebuilt == anew
