"""What is said of each group of steps: counted over their columns, as many days at a time as come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from queue_server.domain.measures import Fate
from queue_server.stats.columns import (
    ESTIMATED,
    FATE_CODES,
    FATES,
    FIRST,
    PROMISED,
    RETURNED,
    WITHIN,
    WITHIN_P50,
    WITHIN_P90,
    Array,
    Columns,
)
from queue_server.stats.spread import Spread
from queue_server.wire.stats import Measures, Promised, Times

NEEDED = ("fate", "flags", "wait_s", "walk_s", "service_s", "p50_s", "p90_s")
"""The columns that are measured."""

_FLAGS = (FIRST, RETURNED, PROMISED, WITHIN, ESTIMATED, WITHIN_P50, WITHIN_P90)
_MEASURED = ("wait_s", "walk_s", "service_s")
_ALL_FLAGS = 1 << len(_FLAGS)


class Tally:
    """Sums and spreads of `groups` groups."""

    def __init__(self, groups: int) -> None:
        self._groups = groups
        self._fates: Array = np.zeros(groups * len(FATES), dtype=np.int64)
        self._flags: Array = np.zeros(groups * _ALL_FLAGS, dtype=np.int64)
        self._told: Array = np.zeros((3, groups), dtype=np.int64)
        self._spreads = {name: Spread(groups) for name in _MEASURED}

    def add(self, groups: Array, columns: Columns) -> None:
        """The steps of these columns, each in its group."""
        self._fates += np.bincount(groups * len(FATES) + columns["fate"], minlength=self._fates.size)
        flags = columns["flags"]
        self._flags += np.bincount(groups * _ALL_FLAGS + flags, minlength=self._flags.size)
        for name, spread in self._spreads.items():
            there = columns[name] >= 0
            spread.add(groups[there], columns[name][there])
        estimated = (flags & ESTIMATED) != 0
        for place, name in enumerate(("p50_s", "p90_s", "wait_s")):
            sums = np.bincount(groups[estimated], weights=columns[name][estimated], minlength=self._groups)
            self._told[place] += sums.astype(np.int64)  # whole seconds: exact in a float up to 2**53

    def present(self) -> Array:
        """The groups that have steps."""
        return np.flatnonzero(self._fates.reshape(self._groups, -1).sum(axis=1))

    def said(self, wanted: Sequence[int]) -> list[Measures]:
        """Of each of these groups."""
        times = [spread.times(wanted) for spread in self._spreads.values()]
        fates, flags = self._fates.reshape(self._groups, -1), self._flags.reshape(self._groups, -1)
        return [
            _measures(fates[group], flags[group], self._told[:, group], *of)
            for group, *of in zip(wanted, *times, strict=True)
        ]

    def total(self) -> Measures:
        """Of all groups together."""
        fates, flags = self._fates.reshape(self._groups, -1), self._flags.reshape(self._groups, -1)
        times = [spread.whole() for spread in self._spreads.values()]
        return _measures(fates.sum(axis=0), flags.sum(axis=0), self._told.sum(axis=1), *times)


def _measures(fates: Array, flagged: Array, told: Array, wait: Times, walk: Times, service: Times) -> Measures:
    """`fates` and `flagged` are how many steps had each, `told` the sums of what was promised and what came true."""
    ended = {fate: int(fates[code]) for fate, code in FATE_CODES.items()}
    steps = sum(ended.values())
    over = steps - ended[Fate.OPEN]
    marks = np.arange(_ALL_FLAGS)
    flags = {flag: int(flagged[(marks & flag) != 0].sum()) for flag in _FLAGS}
    return Measures(
        steps=steps,
        issued=flags[FIRST],
        served=ended[Fate.SERVED],
        transferred=ended[Fate.TRANSFERRED],
        no_shows=ended[Fate.NO_SHOW],
        abandoned=ended[Fate.ABANDONED],
        open=ended[Fate.OPEN],
        returned=flags[RETURNED],
        wait=wait,
        walk=walk,
        service=service,
        within_target=_share(flags[WITHIN], flags[PROMISED]),
        no_show_share=_share(ended[Fate.NO_SHOW], over),
        abandoned_share=_share(ended[Fate.ABANDONED], over),
        promised=_promised(flags, told),
    )


def _promised(flags: dict[int, int], told: Array) -> Promised:
    count = flags[ESTIMATED]
    if not count:
        return Promised(count=0)
    p50, p90, wait = (round(int(total) / count, 1) for total in told)
    return Promised(
        count=count,
        within_p50=_share(flags[WITHIN_P50], count),
        within_p90=_share(flags[WITHIN_P90], count),
        p50_mean_s=p50,
        p90_mean_s=p90,
        wait_mean_s=wait,
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
