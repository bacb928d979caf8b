"""Folding in small tables by chance: whatever two answers differ by is nobody's work alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.stats.columns import Array, Columns, Words
from queue_server.stats.grouping import Counting
from queue_server.stats.source import Prepared
from queue_server.stats.withheld import withheld

DAY = "2026-11-24"
DIMENSIONS = {"service": "pqrs", "counter": "123", "category": "xy"}
NAMES = tuple(DIMENSIONS)

Row = tuple[str, str, str, str]
"""Service, counter, category, and by whom, or nobody yet."""
Where = Mapping[str, tuple[str, ...]]

rows = st.lists(
    st.tuples(
        *(st.sampled_from(values) for values in DIMENSIONS.values()), st.sampled_from(["", "ani", "budi", "citra"])
    ),
    min_size=1,
    max_size=14,
)
groups = st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(tuple)


class Counted:
    """How many rows each group has."""

    def __init__(self, groups: int) -> None:
        self._rows: Array = np.zeros(groups, dtype=np.int64)

    def add(self, groups: Array, columns: Columns) -> None:
        self._rows += np.bincount(groups, minlength=self._rows.size)

    def present(self) -> Array:
        return np.flatnonzero(self._rows)

    def said(self, wanted: Sequence[int]) -> list[int]:
        return [int(self._rows[group]) for group in wanted]

    def total(self) -> int:
        return int(self._rows.sum())


class Table:
    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self._words = Words()
        columns = {
            name: np.array([self._words.code(name, row[place] or None) for row in rows], dtype=np.uint8)
            for place, name in enumerate((*NAMES, "clerk"))
        }
        self._prepared = Prepared(None, "steps", {}, {DAY: columns})

    def of(self, where: Where) -> set[int]:
        return {at for at, row in enumerate(self.rows) if all(row[NAMES.index(name)] in where[name] for name in where)}

    def told(self, group: tuple[str, ...], where: Where) -> tuple[dict[tuple[str, ...], set[int]], bool]:
        """The rows of each group of which a number stands there, and whether the total does."""
        if withheld(self._prepared, where, {}, [DAY], self._words):
            return {}, False
        counted = Counting(self._prepared, group, where, [DAY], self._words, folds=True).count(Counted, [])
        found = {}
        for one in counted.groups:
            if not one.folded and one.said is not None:
                key = tuple(one.key[name] or "" for name in group)
                found[key] = self.of({**where, **{name: (value,) for name, value in zip(group, key, strict=True)}})
                if set(where) & set(group):
                    found[key] &= self.of(where)
                assert one.said == len(found[key])
        return found, counted.total is not None

    def alone(self, those: Iterable[int]) -> bool:
        """Whether these rows are one person's work."""
        return len({self.rows[at][-1] for at in those} - {""}) == 1


@given(rows=rows, group=groups)
@settings(max_examples=400, deadline=None)
def test_nothing_is_left_of_totals(rows: list[Row], group: tuple[str, ...]):
    """Of the whole, and of each line of a table whose total another question tells, no one person's work."""
    table = Table(rows)

    shown, total = table.told(group, {})

    rest = set(range(len(rows))) - set().union(*shown.values())
    assert not any(table.alone(those) for those in shown.values())
    assert not (total and table.alone(rest))
    for many in range(1, len(group)):
        for some in combinations(group, many):
            for those in table.told(some, {})[0].values():
                assert not table.alone(those & rest), (group, some)


@given(rows=rows, group=groups, data=st.data())
@settings(max_examples=400, deadline=None)
def test_nothing_is_left_between_filters(rows: list[Row], group: tuple[str, ...], data: st.DataObject):
    """Of one filter and another that takes in more, or is missing; beside a filter of something else, too."""
    table = Table(rows)
    name, beside = data.draw(st.permutations(NAMES).map(lambda names: names[:2]))
    wide = data.draw(st.sets(st.sampled_from(DIMENSIONS[name]), min_size=1))
    narrow = data.draw(st.sets(st.sampled_from(sorted(wide)), min_size=1))
    other = data.draw(st.sets(st.sampled_from(DIMENSIONS[beside])))
    fixed: Where = {beside: tuple(sorted(other))} if other else {}
    less: Where = {**fixed, name: tuple(sorted(narrow))}
    more: list[Where] = [{**fixed, name: tuple(sorted(wide))}, fixed]

    of_less, total = table.told(group, less)

    for one in more:
        of_more, total_too = table.told(group, one)
        assert not (total and total_too and table.alone(table.of(one) - table.of(less))), (less, one)
        for key in of_less.keys() & of_more.keys():
            assert not table.alone(of_more[key] - of_less[key]), (key, less, one)


def test_what_is_two_peoples_is_told():
    """Folding keeps back no more than it must."""
    two = [(service, counter, "x", clerk) for service in "pq" for counter in "12" for clerk in ("ani", "budi")]
    table = Table(two)

    for group in (("service",), ("service", "counter")):
        shown, total = table.told(group, {})
        assert (len(shown), total) == (2 ** len(group), True)
        assert table.told(group, {"service": ("p",)})[1]
