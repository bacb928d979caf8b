"""How often each number of seconds came in each group: exact percentiles of millions of steps without sorting them.

A table of (group, second) is counted into. Where that would be too large (very many groups, or a wait of many hours
among them), the pairs are kept and sorted instead; both give the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from queue_server.domain import measures
from queue_server.stats.columns import Array
from queue_server.wire.stats import FEWEST, Times

MOST_CELLS = 4_000_000
"""Of the table, four bytes each: what is counted into stays near the processor, so small cells are fast ones."""

_SHIFT = 32
_ONE = np.uint32(1)
"""Of the cells' own kind: another one would be turned into it a hundred times as slowly."""


class Spread:
    """Whole seconds by group, groups from 0 to `groups` - 1."""

    def __init__(self, groups: int, most_cells: int = MOST_CELLS) -> None:
        self._groups = groups
        self._most = most_cells
        self._width = 0
        self._table: Array = np.zeros(0, dtype=np.uint32)
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
        np.add.at(self._table, places, _ONE)

    def merge(self, groups: Sequence[int], counts: Sequence[Array]) -> None:
        """What `counts` told elsewhere, each in the group at its place; below 0 in none."""
        needed = max((one.size for one in counts), default=0)
        if self._pairs is None and needed > self._width:
            self._widen(needed)
        for group, one in zip(groups, counts, strict=True):
            if group < 0:
                continue
            if self._pairs is not None:
                self._pairs.append(np.repeat(np.arange(one.size) | group << _SHIFT, one))
            else:
                at = group * self._width
                self._table[at : at + one.size] += one

    def counts(self, wanted: Sequence[int]) -> list[Array]:
        """How often each second came in each of these groups, until its longest; the place is one more than the
        second."""
        if self._pairs is None:
            rows = self._table.reshape(self._groups, self._width)[list(wanted)]
            rows[:, :1] = 0
            ends = self._width - np.argmax(rows[:, ::-1] > 0, axis=1) if self._width else np.zeros(len(rows), int)
            return [row[:end] if row.any() else row[:0] for row, end in zip(rows, ends.tolist(), strict=True)]
        pairs = np.concatenate(self._pairs) if self._pairs else np.zeros(0, dtype=np.int64)
        pairs.sort()
        ends = np.searchsorted(pairs, [edge << _SHIFT for group in wanted for edge in (group, group + 1)]).tolist()
        return [
            np.bincount(pairs[first:end] & ((1 << _SHIFT) - 1)) if end > first else pairs[:0]
            for first, end in zip(ends[::2], ends[1::2], strict=True)
        ]

    def _widen(self, needed: int) -> None:
        """Room for longer times, or the other way of counting where there is none."""
        width = max(needed, min(self._width * 2, self._most // max(1, self._groups)))
        if width * self._groups > self._most:
            self._pairs = list(self._spelled_out())
            self._table = np.zeros(0, dtype=np.uint32)
            return
        wider = np.zeros((self._groups, width), dtype=np.uint32)
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
            sums = self._table.reshape(self._groups, self._width).astype(np.int64) @ seconds
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
        ranks = [measures.rank(seconds.size, percent) for percent in PERCENTS]
        return _times(seconds.size, int(seconds.sum()), *seconds[[*ranks, -1]].tolist())

    def _of_counts(self, counts: Array) -> Times:
        """Of how often each second came, 0 being none."""
        up_to = np.cumsum(counts[1:], dtype=np.int64)
        count = int(up_to[-1]) if up_to.size else 0
        if not count:
            return Times(count=0)
        total = count * up_to.size - int(up_to.sum())  # each counts as many seconds as have not seen it yet
        ranks = [*(measures.rank(count, percent) for percent in PERCENTS), count - 1]
        return _times(count, total, *np.searchsorted(up_to, ranks, "right").tolist())


PERCENTS = (50, 90, 95)


def _times(count: int, total: int, p50: int, p90: int, p95: int, longest: int) -> Times:
    return Times(
        count=count,
        mean_s=round(total / count, 1),
        p50_s=p50,
        p90_s=p90,
        p95_s=p95,
        max_s=longest,
        few=count < FEWEST,
    )
