"""Where the columns of a span of days come from: earlier days from the journal's rows, today from the hall itself.

Of a ticket that goes on today the journal has no rows yet, so the whole of today is taken as the hall has it
(today.py), at one moment; the journal is read in a connection of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from msgspec import Struct

from queue_server.stats.columns import RAW, Columns, LocalTime, Words, columns_of


class Day(Struct, frozen=True, kw_only=True):
    """Today at one moment: each ticket's rows as `RAW` has them, those that were queued. `at` is the mall's time."""

    day: str
    at: int
    timezone: str
    tickets: Sequence[Sequence[tuple[Any, ...]]]

    def rows(self) -> list[tuple[Any, ...]]:
        """In the order of the journal's key."""
        return sorted((row for rows in self.tickets for row in rows), key=lambda row: row[:3])


class Rows(Protocol):
    """Earlier days in whatever store (journal/sqlite/past_rows.py)."""

    def days(self, first: str, last: str) -> list[str]:
        """The business days of these dates that are over and have steps, oldest first."""

    def rows(self, day: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """The steps of a day that were queued, in the order of the table's key."""

    def close(self) -> None: ...


class Chunk(NamedTuple):
    """Some days' columns, one after the other; so many steps each."""

    days: list[str]
    sizes: list[int]
    columns: Columns


class Source:
    def __init__(self, store: Rows, words: Words) -> None:
        self.words = words
        self._store = store

    def days(self, first: str, last: str, today: Day) -> list[str]:
        found = [day for day in self._store.days(first, last) if day != today.day]
        return [*found, today.day] if first <= today.day[:10] <= last and today.tickets else found

    def prepared(self, days: Sequence[str], today: Day) -> dict[str, Columns]:
        """All words of these days have their codes from here on."""
        clock = LocalTime(today.timezone)
        return {
            day: columns_of(today.rows() if day == today.day else self._store.rows(day, RAW), self.words, clock)
            for day in days
        }

    def chunks(self, made: dict[str, Columns], names: Sequence[str]) -> Iterator[Chunk]:
        if made:
            columns = {name: np.concatenate([day[name] for day in made.values()]) for name in names}
            yield Chunk(list(made), [day["fate"].size for day in made.values()], columns)
