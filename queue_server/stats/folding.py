"""Groups that would show one person's work are put together into one, where the mall says so.

Nor may one person's work be what is left when told numbers are taken from others. So, as official statistics do it
(complementary suppression): where what is folded is one person's work all together, in the whole table or in a line of
it of which another question tells the total, the smallest other group is folded too. A filter is looked at as the
table that it was cut from (withheld.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import combinations

import numpy as np

from queue_server.stats.columns import Array, Columns

_CLERKS = 1 << 16


class Workers:
    """Who worked on how many steps of each group."""

    def __init__(self) -> None:
        self._pairs: Array = np.zeros(0, dtype=np.int64)
        self._steps: Array = np.zeros(0, dtype=np.int64)

    def add(self, groups: Array, clerks: Array) -> None:
        there = clerks > 0
        pairs, steps = np.unique(groups[there] * _CLERKS + clerks[there], return_counts=True)
        self._pairs, place = np.unique(np.concatenate([self._pairs, pairs]), return_inverse=True)
        self._steps = np.bincount(place, weights=np.concatenate([self._steps, steps])).astype(np.int64)

    def one_person(self) -> bool:
        """Whether all of it is one person's work."""
        return bool(np.unique(self._pairs % _CLERKS).size == 1)

    def of_groups(self, size: int) -> Workers:
        """The same of groups that are so many of these one after the other."""
        found = Workers()
        found._pairs = self._pairs // _CLERKS // size * _CLERKS + self._pairs % _CLERKS
        return found

    def is_one_person(self, groups: Collection[int]) -> bool:
        """Whether all of these groups are together one person's work."""
        of, clerks = self._pairs // _CLERKS, self._pairs % _CLERKS
        return np.unique(clerks[np.isin(of, list(groups))]).size == 1

    def folded(self, names: Sequence[str], split: Callable[[Array], Columns], keep: Sequence[str] = ()) -> Array:
        """The groups that are not told alone. `split` gives the codes that groups stand for, by dimension; `names` are
        those over which other questions tell the totals, for each value of those to `keep`."""
        groups, of = np.unique(self._pairs // _CLERKS, return_inverse=True)
        clerks, steps = self._pairs % _CLERKS, np.bincount(of, weights=self._steps, minlength=groups.size)
        folded = np.bincount(of, minlength=groups.size) == 1
        codes = split(groups)
        lines = [_lines([codes[name] for name in (*keep, *some)], groups.size) for some in _some_of(names)]
        more = True
        while more:
            more = False
            for line in lines:
                of_folded = np.unique(line[of][folded[of]] * _CLERKS + clerks[folded[of]]) // _CLERKS
                known, people = np.unique(of_folded, return_counts=True)
                others = np.flatnonzero(~folded & np.isin(line, known[people == 1]))
                if others.size:
                    order = others[np.lexsort((groups[others], steps[others], line[others]))]
                    folded[order[np.unique(line[order], return_index=True)[1]]] = True
                    more = True
        found: Array = groups[folded]
        return found


def _some_of(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every choice of some of them, none and not all."""
    for many in range(max(1, len(names))):
        yield from combinations(names, many)


def _lines(codes: Sequence[Array], size: int) -> Array:
    """One number for each different row of these codes."""
    if not codes:
        return np.zeros(size, dtype=np.int64)
    return np.unique(np.stack(codes), axis=1, return_inverse=True)[1].reshape(-1)
