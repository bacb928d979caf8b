"""What is said of each group of steps: counted over their columns, as many days at a time as come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from queue_server.domain.measures import Fate
from queue_server.stats.breath import breathe
from queue_server.stats.columns import (
    ESTIMATED,
    FATE_CODES,
    FATES,
    FIRST,
    FLAG_BITS,
    MARKS,
    PROMISED,
    RETURNED,
    WITHIN,
    WITHIN_P50,
    WITHIN_P90,
    Array,
    Columns,
)
from queue_server.stats.spread import Spread
from queue_server.stats.sums import Sums, parts_of
from queue_server.wire.stats import Measures, Promised, Times

NEEDED = ("mark", "wait_s", "walk_s", "service_s", "p50_s", "p90_s")
"""The columns that are measured."""
OF_WAITS = ("mark", "wait_s")
"""Those of waits alone: how steps ended, waits, and what was within its target."""

_FLAGS = (FIRST, RETURNED, PROMISED, WITHIN, ESTIMATED, WITHIN_P50, WITHIN_P90)
_MEASURED = ("wait_s", "walk_s", "service_s")


class Tally:
    """Sums and spreads of `groups` groups; of `waits_alone` in a third of the time, the rest is empty then."""

    def __init__(self, groups: int, *, waits_alone: bool = False) -> None:
        self._groups = groups
        self._waits_alone = waits_alone
        self._marks: Array = np.zeros(groups * MARKS, dtype=np.int64)
        self._told: Array = np.zeros((2, groups), dtype=np.int64)
        self._untold: Array = np.zeros(groups, dtype=np.int64)
        self._spreads = {name: Spread(groups) for name in _MEASURED}

    def add(self, groups: Array, columns: Columns) -> None:
        """The steps of these columns, each in its group."""
        marks = columns["mark"]
        places = groups * MARKS
        places += marks
        self._marks += np.bincount(places, minlength=self._marks.size)
        breathe(marks.size)
        self._spreads["wait_s"].add(groups, columns["wait_s"])
        breathe(marks.size)
        if self._waits_alone:
            return
        for name in ("walk_s", "service_s"):
            self._spreads[name].add(groups, columns[name])
            breathe(marks.size)
        for place, name in enumerate(("p50_s", "p90_s")):
            self._told[place] += self._sums(groups, columns[name])
            breathe(marks.size)
        # whoever was told something is nearly everybody who was called, so the others' waits are added up instead
        untold = np.flatnonzero((columns["wait_s"] > 0) & ((marks & ESTIMATED) == 0))
        if untold.size:
            self._untold += self._sums(groups[untold], columns["wait_s"][untold]) - np.bincount(
                groups[untold], minlength=self._groups
            )

    def merge(self, groups: Array, sums: Sums) -> None:
        """What was counted of a span, each of its groups in the one at its place; below 0 in none."""
        places, counts = sums.marks
        of = groups[places // MARKS]
        there = of >= 0
        self._marks += _counted((of * MARKS + places % MARKS)[there], counts[there], self._marks.size)
        for name in self._merged:
            cells = sums.spread(name)
            self._spreads[name].merge(groups.tolist(), cells)
            breathe(sum(one.size for one in cells))
        if not self._waits_alone:
            there = groups >= 0
            p50, p90, untold = (_counted(groups[there], one[there], self._groups) for one in sums.told)
            self._told += np.stack([p50, p90])
            self._untold += untold

    @property
    def _merged(self) -> Sequence[str]:
        return _MEASURED[:1] if self._waits_alone else _MEASURED

    def parts(self, codes: Columns, wanted: Array) -> dict[str, bytes]:
        """What is kept of these groups (sums.py), whose values are `codes`."""
        marks = self._marks.reshape(self._groups, MARKS)[wanted].reshape(-1)
        places = np.flatnonzero(marks)
        told = np.concatenate([self._told, self._untold[None]])[:, wanted].reshape(-1)
        groups = wanted.tolist()
        spreads = {name: spread.counts(groups) for name, spread in self._spreads.items()}
        return parts_of(codes, self.said(groups), (places, marks[places]), told, spreads)

    def _sums(self, groups: Array, values: Array) -> Array:
        """Whole seconds are exact in a float up to 2**53."""
        return np.bincount(groups, weights=values, minlength=self._groups).astype(np.int64)

    def present(self) -> Array:
        """The groups that have steps."""
        return np.flatnonzero(self._marks.reshape(self._groups, MARKS).any(axis=1))

    def said(self, wanted: Sequence[int]) -> list[Measures]:
        """Of each of these groups."""
        times = [spread.times(wanted) for spread in self._spreads.values()]
        waited = self._spreads["wait_s"].sums(wanted)
        marks = self._marks.reshape(self._groups, MARKS)
        if self._waits_alone:
            return [_measures(marks[group], None, *of) for group, *of in zip(wanted, *times, strict=True)]
        return [
            _measures(marks[group], (*self._told[:, group].tolist(), total - int(self._untold[group])), *of)
            for group, total, *of in zip(wanted, waited, *times, strict=True)
        ]

    def total(self) -> Measures:
        """Of all groups together."""
        marks = self._marks.reshape(self._groups, MARKS).sum(axis=0)
        waited = sum(self._spreads["wait_s"].sums(range(self._groups))) - int(self._untold.sum())
        times = [spread.whole() for spread in self._spreads.values()]
        return _measures(marks, None if self._waits_alone else (*self._told.sum(axis=1).tolist(), waited), *times)


def _measures(marks: Array, told: tuple[int, ...] | None, wait: Times, walk: Times, service: Times) -> Measures:
    """`marks` is how many steps had each, `told` the sums of p50, p90 (one more for each) and of what came true;
    None where nobody asked for it."""
    by_fate = marks.reshape(len(FATES), -1).sum(axis=1)
    ended = {fate: int(by_fate[code]) for fate, code in FATE_CODES.items()}
    steps = sum(ended.values())
    unknown = ended[Fate.UNKNOWN]
    over = steps - ended[Fate.OPEN] - unknown
    known = steps == 0 or unknown < steps
    flagged = marks.reshape(len(FATES), -1).sum(axis=0)
    flags = {flag: int(flagged[(_BITS & flag) != 0].sum()) for flag in _FLAGS}
    return Measures(
        steps=steps,
        issued=flags[FIRST],
        served=ended[Fate.SERVED] if known else None,
        transferred=ended[Fate.TRANSFERRED] if known else None,
        no_shows=ended[Fate.NO_SHOW] if known else None,
        abandoned=ended[Fate.ABANDONED] if known else None,
        open=ended[Fate.OPEN],
        unknown=unknown,
        returned=flags[RETURNED] if known else None,
        wait=wait,
        walk=walk,
        service=service,
        within_target=_share(flags[WITHIN], flags[PROMISED]),
        no_show_share=_share(ended[Fate.NO_SHOW], over),
        abandoned_share=_share(ended[Fate.ABANDONED], over),
        promised=_promised(flags, told) if told is not None else Promised(count=0),
    )


def waits_of(found: Measures) -> Measures:
    """What a tally of waits alone says."""
    return replace(found, walk=Times(count=0), service=Times(count=0), promised=Promised(count=0))


_BITS = np.arange(1 << FLAG_BITS)


def _promised(flags: dict[int, int], told: tuple[int, ...]) -> Promised:
    count = flags[ESTIMATED]
    if not count:
        return Promised(count=0)
    p50, p90, wait = (round(total / count, 1) for total in (told[0] - count, told[1] - count, told[2]))
    return Promised(
        count=count,
        within_p50=_share(flags[WITHIN_P50], count),
        within_p90=_share(flags[WITHIN_P90], count),
        p50_mean_s=p50,
        p90_mean_s=p90,
        wait_mean_s=wait,
    )


def _counted(places: Array, counts: Array, size: int) -> Array:
    """Sums of `counts` by place, exact up to 2**53."""
    return np.bincount(places, weights=counts, minlength=size).astype(np.int64)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
