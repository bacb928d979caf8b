"""Who waited and how many counters were open, half-hour by half-hour of the clock on the wall; how long serving took.

A wait is laid over the half-hours that it went through, from where it began to the first call or until its step left;
today's goes on until now, that of a carried ticket is laid once it is over. Nothing is taken off for a hold: people
waited. A wait through the hour in which clocks change is laid as if they had not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from queue_server.stats.breath import breathe
from queue_server.stats.columns import HALF_HOURS, Array, Columns

HALF_HOUR_S = 1_800
OF_WAITS = ("half_hour", "into_s", "stay_s")
OF_COUNTERS = ("half_hour", "ms")
OF_SERVICE = ("service_s",)
NOTHING = (0.0,) * HALF_HOURS


class Course(Struct, frozen=True, kw_only=True):
    """Of each of 48 half-hours, on all `days` that had steps together: seconds that were waited, that counters were
    open. Of `days_of_counters` of them it is known what counters did; of imported ones it may not be."""

    days: int
    waiting: tuple[float, ...]
    days_of_counters: int
    open: tuple[float, ...]


class WaitTally:
    """Groups are days: how many had steps, and how long was waited when."""

    def __init__(self, days: int) -> None:
        self._there: Array = np.zeros(days, dtype=bool)
        self._seconds: Array = np.zeros(HALF_HOURS)

    def add(self, groups: Array, columns: Columns) -> None:
        self._there[groups] = True
        waited = columns["stay_s"] > 1  # one more than it is, 0 where nobody knows
        self._seconds += laid(
            columns["half_hour"][waited],
            columns["into_s"][waited].astype(np.int32),
            columns["stay_s"][waited].astype(np.int32) - 1,
        )

    def present(self) -> Array:
        return np.flatnonzero(self._there)

    def said(self, wanted: Sequence[int]) -> list[None]:
        return [None] * len(wanted)

    def total(self) -> tuple[int, tuple[float, ...]]:
        return int(self._there.sum()), tuple(self._seconds.tolist())


def laid(half_hour: Array, into: Array, lasted: Array) -> Array:
    """Seconds of each half-hour of the day: each wait begins `into` one and goes on through the next."""
    found: Array = np.zeros(HALF_HOURS)
    room = HALF_HOUR_S - into
    while half_hour.size:
        found += np.bincount(half_hour, weights=np.minimum(lasted, room), minlength=HALF_HOURS)
        more = np.flatnonzero(lasted > room)
        lasted = lasted[more] - room[more]
        half_hour = (half_hour[more] + 1) % HALF_HOURS
        breathe(more.size)
        room = np.full(more.size, HALF_HOUR_S, dtype=np.int32)
    return found


class OpenTally:
    """How long counters were open in each half-hour, whatever they did."""

    def __init__(self, groups: int) -> None:
        self._ms: Array = np.zeros(HALF_HOURS)

    def add(self, groups: Array, columns: Columns) -> None:
        self._ms += np.bincount(columns["half_hour"], weights=columns["ms"], minlength=HALF_HOURS)

    def present(self) -> Array:
        return np.zeros(0, dtype=np.int64)

    def said(self, wanted: Sequence[int]) -> list[None]:
        return [None] * len(wanted)

    def total(self) -> tuple[float, ...]:
        return tuple((self._ms / 1_000).tolist())


class ServiceTally:
    """How often serving took how many seconds."""

    def __init__(self, groups: int) -> None:
        self._counts: Array = np.zeros(1, dtype=np.int64)

    def add(self, groups: Array, columns: Columns) -> None:
        counts = np.bincount(columns["service_s"], minlength=self._counts.size)
        counts[: self._counts.size] += self._counts
        self._counts = counts

    def present(self) -> Array:
        return np.zeros(0, dtype=np.int64)

    def said(self, wanted: Sequence[int]) -> list[None]:
        return [None] * len(wanted)

    def total(self) -> list[tuple[int, int]]:
        """Shortest first."""
        happened = np.flatnonzero(self._counts[1:])
        return list(zip(happened.tolist(), self._counts[1:][happened].tolist(), strict=True))
