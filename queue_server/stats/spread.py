"""How often each number of seconds came in each group: exact percentiles of millions of steps without sorting them.

A table of (group, second) is counted into. Where that would be too large (very many groups, or a wait of many hours
among them), the pairs are kept and sorted instead; both give the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from queue_server.domain import measures
from queue_server.stats.columns import Array
from queue_server.wire.stats import FEWEST, Times

MOST_CELLS = 4_000_000
"""Of the table, eight bytes each."""

LARGE = 2
"""So many cells for each row, and adding each by itself is faster than adding up whole tables."""

_SHIFT = 32


class Spread:
    """Whole seconds by group, groups from 0 to `groups` - 1."""

    def __init__(self, groups: int, most_cells: int = MOST_CELLS) -> None:
        self._groups = groups
        self._most = most_cells
        self._width = 0
        self._table: Array = np.zeros(0, dtype=np.int64)
        self._pairs: list[Array] | None = None

    def add(self, groups: Array, seconds: Array) -> None:
        """Each of `seconds` (one more than it is, 0 where there is none) in the group at its place."""
        if not seconds.size:
            return
        longest = int(seconds.max())
        if self._pairs is None and longest >= self._width:
            self._widen(longest + 1)
        if self._pairs is not None:
            there = seconds > 0
            self._pairs.append((groups[there].astype(np.int64) << _SHIFT) | seconds[there])
            return
        places = groups * self._width
        places += seconds
        if self._table.size > LARGE * places.size:
            np.add.at(self._table, places, 1)
        else:
            self._table += np.bincount(places, minlength=self._table.size)

    def _widen(self, needed: int) -> None:
        """Room for longer times, or the other way of counting where there is none."""
        width = max(needed, min(self._width * 2, self._most // max(1, self._groups)))
        if width * self._groups > self._most:
            self._pairs = list(self._spelled_out())
            self._table = np.zeros(0, dtype=np.int64)
            return
        wider = np.zeros((self._groups, width), dtype=np.int64)
        wider[:, : self._width] = self._table.reshape(self._groups, self._width)
        self._table, self._width = wider.reshape(-1), width

    def _spelled_out(self) -> Iterator[Array]:
        cells = np.flatnonzero(self._table)
        cells = cells[cells % max(1, self._width) > 0]
        if cells.size:
            pairs = (cells // self._width << _SHIFT) | cells % self._width
            yield np.repeat(pairs, self._table[cells])

    def times(self, wanted: Sequence[int]) -> list[Times]:
        """What is said of each of these groups."""
        if self._pairs is not None:
            ordered = np.sort(np.concatenate(self._pairs)) if self._pairs else np.zeros(0, dtype=np.int64)
            return [self._of_ordered(ordered, group) for group in wanted]
        table = self._table.reshape(self._groups, self._width)
        return [self._of_counts(table[group]) for group in wanted]

    def sums(self, wanted: Sequence[int]) -> list[int]:
        """All seconds of each of these groups together."""
        if self._pairs is not None:
            pairs = np.concatenate(self._pairs) if self._pairs else np.zeros(0, dtype=np.int64)
            weights = (pairs & ((1 << _SHIFT) - 1)) - 1
            sums = np.bincount(pairs >> _SHIFT, weights=weights, minlength=self._groups)
        else:
            seconds = np.maximum(np.arange(self._width) - 1, 0)
            sums = self._table.reshape(self._groups, self._width) @ seconds
        return [int(sums[group]) for group in wanted]

    def whole(self) -> Times:
        """What is said of all groups together."""
        if self._pairs is None:
            return self._of_counts(self._table.reshape(self._groups, self._width).sum(axis=0))
        together = Spread(1, self._most)
        for pairs in self._pairs:
            together.add(np.zeros(pairs.size, dtype=np.int64), pairs & ((1 << _SHIFT) - 1))
        return together.times([0])[0]

    def _of_ordered(self, ordered: Array, group: int) -> Times:
        first, end = np.searchsorted(ordered, [group << _SHIFT, (group + 1) << _SHIFT])
        seconds = (ordered[first:end] & ((1 << _SHIFT) - 1)) - 1
        if not seconds.size:
            return Times(count=0)
        return _times(seconds.size, int(seconds.sum()), int(seconds[-1]), lambda rank: int(seconds[rank]))

    def _of_counts(self, counts: Array) -> Times:
        happened = np.flatnonzero(counts[1:])
        if not happened.size:
            return Times(count=0)
        counts = counts[1:][happened]
        up_to = np.cumsum(counts)
        total = int(np.dot(happened, counts))
        return _times(
            int(up_to[-1]), total, int(happened[-1]), lambda rank: int(happened[np.searchsorted(up_to, rank, "right")])
        )


def _times(count: int, total: int, longest: int, at: Callable[[int], int]) -> Times:
    """`at` gives the value at a place of the sorted values, counted from 0."""
    p50, p90, p95 = (at(measures.rank(count, percent)) for percent in (50, 90, 95))
    return Times(
        count=count,
        mean_s=round(total / count, 1),
        p50_s=p50,
        p90_s=p90,
        p95_s=p95,
        max_s=longest,
        few=count < FEWEST,
    )
