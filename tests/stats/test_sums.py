"""Sums of months and years say what counting says, are of the present rows, and are never needed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_server.database import open_file
from queue_server.journal.sqlite.rebuild import rebuild_file
from queue_server.stats.made_sums import Worth
from queue_server.stats.spans import BASES, MONTH, YEAR, base_of, whole
from queue_server.stats.spread import Spread
from queue_server.stats.sums import packed, unpacked
from queue_server.wire.stats import StatsQuestion, StatsView
from tests.journal.anything import something_late
from tests.journal.hall import Hall
from tests.stats import obvious
from tests.stats.test_exact import NO_SHRINKING, asked, lived, obviously, said

ALWAYS = Worth(rows=1, cells=1_000_000)
NEVER = Worth(rows=1_000_000)
OFF = (2, 30, 3)
"""Days on 23 and 26 November, on 27 December, and on 31 December, which goes on: November is over, the year is not."""
OVER = (2, 30, 10)
"""The last day is in January: the year is over too."""
LAST = "2026-12-31"


def kept(path: Path) -> set[tuple[str, str]]:
    """Base and span of all sums that are kept."""
    with closing(open_file(path.with_name("statistics.db"))) as db:
        return set(db.execute("SELECT base, span FROM summed WHERE worth").fetchall())


def total(view: StatsView) -> Any:
    return msgspec.to_builtins(view.total)


def whole_of(hall: Hall, where: dict[str, tuple[str, ...]]) -> Any:
    """The obvious total."""
    nobody = obvious.measures(obvious.Reckoning(hall.history), [])
    return obviously(hall, (), where).get((), nobody)


def some(hall: Hall, name: str, data: st.DataObject) -> tuple[str, ...]:
    """Values of a dimension, one or more."""
    values = sorted({key[0] for key in obviously(hall, (name,), {})})
    return tuple(sorted(data.draw(st.sets(st.sampled_from(values), min_size=1))))


@given(seed=st.integers(0, 1 << 30), off=st.sampled_from([OFF, OVER]), data=st.data())
@settings(max_examples=8, deadline=None, phases=NO_SHRINKING, suppress_health_check=list(HealthCheck))
def test_sums_say_what_the_events_say(seed: int, off: tuple[int, ...], data: st.DataObject):
    """By whatever they are kept, with months or without, of all or of some: when they are made, and ever after."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        hall = lived(path, seed, 4, 100, off)
        for _ in range(6):
            names = {*data.draw(st.sampled_from(sorted(BASES))), *data.draw(st.sampled_from([(), ("month",)]))}
            group = tuple(name for name in data.draw(st.permutations(sorted(names))) if data.draw(st.booleans()))
            where = {
                name: some(hall, name, data)
                for name in sorted(names)
                if name not in group or (name != "weekday" and data.draw(st.booleans()))
            }
            expected, together = obviously(hall, group, where), whole_of(hall, where)
            for _ in ("counted", "kept"):
                with asked(path, hall, worth=ALWAYS) as answer:
                    found = answer(group, where)
                assert (said(found), total(found)) == (expected, together), (group, where)
        hall.journal.close()


@pytest.mark.parametrize("group", [(), ("service",), ("half_hour", "weekday"), ("month", "clerk")])
def test_a_year_that_is_over_is_said_from_what_is_kept_of_it(tmp_path: Path, group: tuple[str, ...]):
    """A question about it alone, and one agency's."""
    path = tmp_path / "journal.db"
    hall = lived(path, 11, 4, 150, OVER)
    then: dict[str, tuple[str, ...]] = {"month": ("2026-11", "2026-12")}
    conditions: tuple[dict[str, tuple[str, ...]], ...] = ({}, {"agency": ("b",)})
    for where in conditions:
        expected, together = obviously(hall, group, where | then), whole_of(hall, where | then)
        for _ in ("counted", "kept"):
            with asked(path, hall, worth=ALWAYS, to=LAST) as answer:
                found = answer(group, where)
            assert (said(found), total(found)) == (expected, together), where
    hall.journal.close()
    spans = {"2026-11", "2026-12"} if "month" in group else {"2026", "2026-11", "2026-12"}

    assert {(" ".join(name for name in group if name != "month"), span) for span in spans} <= kept(path)


@pytest.mark.parametrize("worth", [ALWAYS, NEVER])
def test_a_day_may_be_cut_and_the_others_are_whole(tmp_path: Path, worth: Worth):
    """Until a half-hour of the last day, whether the month before is added up or counted."""
    path = tmp_path / "journal.db"
    hall = lived(path, 23, 4, 150, OVER)
    hours = obviously(hall, ("day", "half_hour"), {})
    day, half_hour = max(key for key in hours if key[0] < "2026-12-31")
    expected = {key: measures for key, measures in hours.items() if key < (day, half_hour)}
    for _ in ("counted", "kept"):
        with asked(path, hall, worth=worth, to=day) as answer:
            found = said(answer(("day", "half_hour"), {"until": (f"{day}T{half_hour}",)}))
            by_clerk = answer(("clerk",), {"until": (f"{day}T{half_hour}",)})
        assert found == expected
        assert sum(row.measures.steps for row in by_clerk.rows) == sum(one["steps"] for one in found.values())
    hall.journal.close()

    assert (day, half_hour) in hours
    assert (("clerk", "2026-11") in kept(path)) == (worth is ALWAYS)


def test_sums_are_of_the_present_rows(tmp_path: Path):
    """What is learned later of a day in them is in the next answer, and a journal that was rebuilt gives the same."""
    path = tmp_path / "journal.db"
    hall = lived(path, 7, 4, 200, OVER)
    group = ("outcome",)
    with asked(path, hall, worth=ALWAYS) as answer:
        answer(group)
    with asked(path, hall, worth=ALWAYS) as answer:
        first = said(answer(group))
        chance = Random(1)
        everybody = obvious.Reckoning(hall.history).journeys
        earlier = [ticket for ticket in everybody if ticket not in hall.state.tickets]
        for _ in range(200):
            something_late(hall, chance, earlier)
        corrected = said(answer(group))
    with asked(path, hall, worth=ALWAYS) as answer:
        added = said(answer(group))
    expected = obviously(hall, group, {})
    hall.journal.close()
    rebuild_file(path)
    with asked(path, hall, worth=ALWAYS) as answer:
        rebuilt = said(answer(group))

    assert first != corrected
    assert corrected == added == expected == rebuilt
    assert ("outcome", "2026") in kept(path)


def test_what_is_counted_as_fast_is_not_added_up(tmp_path: Path):
    """Of few rows no sums are kept, and that is known the next time."""
    path = tmp_path / "journal.db"
    hall = lived(path, 3, 4, 100, OVER)
    with asked(path, hall, to=LAST) as answer:
        found = said(answer(("service",)))
    hall.journal.close()

    assert found == obviously(hall, ("service",), {"month": ("2026-11", "2026-12")})
    assert kept(path) == set()


@pytest.mark.parametrize(
    ("from_", "to", "where", "months", "years"),
    [
        ("2026-01-01", "2026-12-31", {}, ["2026-02", "2026-11"], ["2026"]),
        ("2026-01-02", "2026-12-31", {}, ["2026-02", "2026-11"], []),
        ("2025-01-01", "2026-11-29", {}, ["2026-02"], []),
        ("2026-02-01", "2026-02-28", {}, ["2026-02"], []),
        ("2026-02-01", "2026-02-27", {}, [], []),
        ("2026-01-01", "2027-12-31", {}, ["2026-02", "2026-11"], ["2026"]),
    ],
)
def test_a_month_is_whole_that_is_over_and_asked_for_from_end_to_end(
    from_: str, to: str, where: dict[str, tuple[str, ...]], months: list[str], years: list[str]
):
    """The same of years; today's month and year are neither."""
    days = {"2026-02-03": 1, "2026-02-04": 1, "2026-11-24": 2, "2026-11-24.2": 1, "2027-01-04": 1}
    asked_ = StatsQuestion(from_=from_, to=to, where=where)

    assert [span.name for span in whole(asked_, days, "2027-01-05", MONTH)] == months
    assert [span.name for span in whole(asked_, days, "2027-01-05", YEAR)] == years


@pytest.mark.parametrize(
    ("group", "where", "base"),
    [
        (("month", "service"), {}, ("service",)),
        (("service",), {"agency": ("a",)}, ("agency", "service")),
        (("weekday", "half_hour"), {}, ("half_hour", "weekday")),
        (("service", "clerk"), {}, None),
        (("day",), {}, None),
        ((), {"weekday": ("1",)}, None),
    ],
)
def test_sums_are_kept_by_what_is_asked_often(
    group: tuple[str, ...], where: dict[str, tuple[str, ...]], base: tuple[str, ...] | None
):
    """Not by every cross of two dimensions, and never by days."""
    assert base_of(StatsQuestion(from_="2026-01-01", to="2026-12-31", group=group, where=where)) == base


@pytest.mark.parametrize("cells", [10, 1_000_000])
def test_spreads_are_added_up_as_if_counted_together(cells: int):
    """Whether the table has room or not."""
    chance = Random(cells)
    values: dict[int, list[int]] = {group: [] for group in range(3)}
    together = Spread(3, most_cells=cells)
    for _ in range(4):
        here = [(chance.randrange(3), int(chance.expovariate(1 / 40))) for _ in range(50)]
        part = Spread(3, most_cells=cells)
        part.add(np.array([g for g, _ in here], dtype=np.int64), np.array([s + 1 for _, s in here], dtype=np.int64))
        together.merge([0, -1, 2], part.counts(range(3)))
        for group, second in here:
            values[group].append(second)

    for group, found in enumerate(together.times(range(3))):
        expected = obvious.times(values[group] if group != 1 else [])
        assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(("most", "width"), [(255, 1), (256, 2), (65_536, 4), (1 << 32, 8)])
def test_numbers_take_as_many_bytes_as_they_need(most: int, width: int):
    """And come back as they were."""
    data = packed(np.array([0, 7, most], dtype=np.int64))

    assert len(data) == 1 + 3 * width
    assert unpacked(data).tolist() == [0, 7, most]
