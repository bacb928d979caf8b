"""Into which group a step falls: the values of up to three dimensions, as one number each.

A dimension is a column of codes (words, half-hours, how a step ended), or something that all steps of a day have in
common (the day itself, its weekday, week or month).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from queue_server.errors import Invalid
from queue_server.stats.columns import FATES, HALF_HOURS, WORDS, Array, Columns, Words
from queue_server.stats.question import date_of
from queue_server.wire.stats import UNTIL

MOST_GROUPS = 2_000_000
"""Possible ones, before it is known which of them have steps."""

_OF_DAY: dict[str, Callable[[str], str]] = {
    "day": lambda day: day[:10],
    "weekday": lambda day: str(date_of(day).isoweekday()),
    "week": lambda day: "{}-W{:02d}".format(*date_of(day).isocalendar()[:2]),
    "month": lambda day: day[:7],
}


BY_TIME = frozenset({*_OF_DAY, "half_hour", UNTIL})
"""Conditions of when."""


class _Dimension(Struct, frozen=True):
    """`values` by code; `column` is where the codes of steps stand, or `by_day` has one for each day."""

    name: str
    values: Sequence[str]
    column: str | None = None
    by_day: Mapping[str, int] = {}


def _dimension(name: str, days: Sequence[str], words: Words) -> _Dimension:
    if name in WORDS:
        return _Dimension(name, words.all(name), name)
    if name == "half_hour":
        return _Dimension(name, _half_hours(), name)
    if name == "fate":
        return _Dimension(name, [str(fate) for fate in FATES], name)
    labels = {day: _OF_DAY[name](day) for day in days}
    values = sorted(set(labels.values()))
    place = {value: code for code, value in enumerate(values)}
    return _Dimension(name, values, None, {day: place[label] for day, label in labels.items()})


def _half_hours() -> list[str]:
    return [f"{half // 2:02d}:{half % 2 * 30:02d}" for half in range(HALF_HOURS)]


def values_by_code(name: str, words: Words) -> Sequence[str]:
    """What the codes of `Groups.split` stand for."""
    return ["", *"1234567"] if name == "weekday" else _dimension(name, (), words).values


def days_asked(days: Sequence[str], where: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Those of the days that the conditions about days leave."""
    conditions = [(_OF_DAY[name], values) for name, values in where.items() if name in _OF_DAY]
    return [day for day in days if all(label(day) in values for label, values in conditions)]


class Groups:
    """How steps are grouped, for one question over these days."""

    def __init__(self, names: Sequence[str], days: Sequence[str], words: Words) -> None:
        self._dimensions = [_dimension(name, days, words) for name in names]
        self.count = 1
        for dimension in self._dimensions:
            self.count *= max(1, len(dimension.values))
        if self.count > MOST_GROUPS:
            raise Invalid("Those are too many groups: ask for fewer days, or by less.", reason="groups", field="group")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dimension.name for dimension in self._dimensions)

    @property
    def columns(self) -> list[str]:
        """What must be known of each step."""
        return [dimension.column for dimension in self._dimensions if dimension.column is not None]

    def codes(self, columns: Columns, days: Sequence[str], sizes: Sequence[int]) -> Array:
        """The group of each step; the columns are of these days, so many steps each."""
        found: Array = np.zeros(sum(sizes), dtype=np.int64)
        for dimension in self._dimensions:
            found *= max(1, len(dimension.values))
            if dimension.column is not None:
                found += columns[dimension.column]
            elif dimension.name in columns:  # those of sums are written down (spans.py), 1 for Monday
                place = {int(value): code for code, value in enumerate(dimension.values)}
                found += np.array([place[day] for day in columns[dimension.name].tolist()], dtype=np.int64)
            else:
                found += np.repeat([dimension.by_day[day] for day in days], sizes)
        return found

    def split(self, groups: Array) -> Columns:
        """The codes that groups stand for, by dimension; of weekdays 1 for Monday."""
        found: Columns = {}
        for dimension in reversed(self._dimensions):
            groups, codes = np.divmod(groups, max(1, len(dimension.values)))
            numbers = np.array([int(value) for value in dimension.values]) if dimension.name == "weekday" else None
            found[dimension.name] = codes if numbers is None else numbers[codes]
        return found

    def key(self, group: int) -> dict[str, str | None]:
        """The values that a group stands for, in the order in which they were asked for."""
        values: list[str | None] = []
        for dimension in reversed(self._dimensions):
            group, code = divmod(group, max(1, len(dimension.values)))
            values.append(dimension.values[code] or None)
        return dict(zip([d.name for d in self._dimensions], reversed(values), strict=True))


class Conditions:
    """Which steps are asked for; what concerns whole days is `days_asked`'s."""

    def __init__(self, where: Mapping[str, tuple[str, ...]], words: Words) -> None:
        self._wanted: dict[str, Array] = {}
        self._until = ""
        self._half_hour = HALF_HOURS
        for name, values in where.items():
            if name in _OF_DAY:
                continue
            if name == UNTIL:
                self._until, _, at = values[0].partition("T")
                self._half_hour = _half_hours().index(at)
                continue
            dimension = _dimension(name, (), words)
            self._wanted[name] = np.array([value in values for value in dimension.values])

    @property
    def columns(self) -> list[str]:
        return [*self._wanted, *(["half_hour"] if self._until else [])]

    def chosen(self, columns: Columns, days: Sequence[str], sizes: Sequence[int]) -> Array | None:
        """True for each step that is asked for; None where all are. The columns are of these days, so many steps each;
        without days they are of others than the one that is cut."""
        found: Array | None = None
        if self._until and any(day.startswith(self._until) for day in days):
            cut = np.repeat([day.startswith(self._until) for day in days], sizes)
            found = ~(cut & (columns["half_hour"] >= self._half_hour))
        for name, wanted in self._wanted.items():
            here = wanted[columns[name]]
            found = here if found is None else found & here
        return found
