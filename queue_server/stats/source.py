"""Where the columns of a span of days come from: earlier days from the journal's rows, today from the hall itself.

Of a ticket that goes on today the journal has no rows yet, so the whole of today is taken as the hall has it at one
moment (today.py). Earlier days' columns are kept (store.py) with the version of the rows that they were made of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Protocol

from msgspec import Struct

from queue_server.journal.day_facts import Names
from queue_server.stats.breath import breathe
from queue_server.stats.chunks import Chunk
from queue_server.stats.columns import RAW, Columns, LocalTime, Words, columns_of
from queue_server.stats.counter_columns import RAW_SPANS, counter_columns_of
from queue_server.stats.store import Store
from queue_server.stats.targets import RAW_TARGETS, target_columns_of

STEPS, SPANS, TARGETS = "steps", "counter_spans", "targets"
"""The kinds of columns; targets are of the rows of steps."""

_targets = itemgetter(*map(RAW.index, RAW_TARGETS))

AT_ONCE = 200_000
"""Rows counted at a time: ten years need little more memory than one."""
KEPT_AT_ONCE = 20
"""Days kept in one go."""


class Day(Struct, frozen=True, kw_only=True):
    """Today at one moment: each ticket's rows as `RAW` has them, those that were queued. `at` is the mall's time."""

    day: str
    at: int
    timezone: str
    languages: tuple[str, ...]
    names: Names
    tickets: Sequence[Sequence[tuple[Any, ...]]]

    def rows(self) -> list[tuple[Any, ...]]:
        """In the order of the journal's key."""
        return sorted((row for rows in self.tickets for row in rows), key=lambda row: row[:3])


class Rows(Protocol):
    """Earlier days in whatever store; journal/sqlite/past_rows.py says what each is."""

    def days(self, table: str, first: str, last: str) -> dict[str, int]: ...
    def rows(self, table: str, day: str, columns: Sequence[str]) -> tuple[int, list[tuple[Any, ...]]]: ...
    def timezones(self, days: Sequence[str]) -> dict[str, str]: ...
    def names(self, day: str) -> Names | None: ...
    def close(self) -> None: ...


class Prepared:
    """Days whose columns are made, and all of whose words have their codes."""

    def __init__(self, store: Store | None, kind: str, kept: Mapping[str, int], made: Mapping[str, Columns]) -> None:
        self._store = store
        self._kind = kind
        self._kept = kept
        self._made = made

    def chunks(self, names: Sequence[str]) -> Iterator[Chunk]:
        """These columns of all days, oldest first, some days at a time."""
        for days in _some(self._kept):
            assert self._store is not None
            sizes = [self._kept[day] for day in days]
            yield Chunk(days, sizes, self._store.columns(self._kind, names, days, sizes))
            breathe()
        for day, columns in self._made.items():
            size = next(iter(columns.values())).size
            yield Chunk([day], [size], {name: columns[name] for name in names})


def _some(rows: Mapping[str, int]) -> Iterator[list[str]]:
    """Days of about `AT_ONCE` rows together."""
    days: list[str] = []
    count = 0
    for day, here in rows.items():
        days.append(day)
        count += here
        if count >= AT_ONCE:
            yield days
            days, count = [], 0
    if days:
        yield days


class Source:
    """`store` may be missing: then everything is made anew for each question."""

    def __init__(self, rows: Rows, store: Store | None) -> None:
        self.words = store.words if store is not None else Words()
        self._rows = rows
        self._store = store

    def days(self, table: str, first: str, last: str, today: Day) -> dict[str, int]:
        """The days that have rows, oldest first, with the version of each."""
        found = self._rows.days(STEPS if table == TARGETS else table, first, last)
        found.pop(today.day, None)
        if first <= today.day[:10] <= last and (today.tickets or table == SPANS):
            found[today.day] = 0
        return found

    def prepared(self, table: str, days: Mapping[str, int], today: Day) -> Prepared:
        kept = self._store.built(table) if self._store is not None else {}
        there = {day: kept[day][1] for day in days if day in kept and kept[day][0] == days[day] and day != today.day}
        missing = [day for day in days if day not in there]
        clocks = self._clocks(missing, today)
        made: dict[str, Columns] = {}
        new: list[tuple[str, int, Columns]] = []
        for day in missing:
            version, columns = self._make(table, day, today, clocks[day])
            breathe()
            if day == today.day or self._store is None:
                made[day] = columns
                continue
            new.append((day, version, columns))
            there[day] = next(iter(columns.values())).size
            if len(new) >= KEPT_AT_ONCE:
                self._store.keep(table, new)
                new = []
        if new and self._store is not None:
            self._store.keep(table, new)
        return Prepared(self._store, table, {day: there[day] for day in days if day in there}, made)

    def _make(self, table: str, day: str, today: Day, clock: LocalTime) -> tuple[int, Columns]:
        until = today.at if day == today.day else None
        if table == SPANS:
            version, rows = self._rows.rows(SPANS, day, RAW_SPANS)
            return version, counter_columns_of(rows, self.words, clock, until)
        if table == TARGETS and day != today.day:
            version, rows = self._rows.rows(STEPS, day, RAW_TARGETS)
            return version, target_columns_of(rows, self.words)
        version, rows = (0, today.rows()) if day == today.day else self._rows.rows(STEPS, day, RAW)
        if table == TARGETS:
            return version, target_columns_of(map(_targets, rows), self.words)
        return version, columns_of(rows, self.words, clock, until)

    def _clocks(self, days: Sequence[str], today: Day) -> dict[str, LocalTime]:
        """The wall clock of each day: its own, where it is known."""
        zones = self._rows.timezones(days)
        clocks = {zone: LocalTime(zone) for zone in {*zones.values(), today.timezone}}
        return {day: clocks[today.timezone if day == today.day else zones.get(day, today.timezone)] for day in days}
