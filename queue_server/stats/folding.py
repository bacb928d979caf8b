"""Groups that would show one person's work are put together into one, where the mall says so.

What is left when the shown groups are taken from the total must not be one person's either: then there is no total.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from queue_server.stats.columns import Array

_CLERKS = 1 << 16


class Workers:
    """Who worked on the steps of each group."""

    def __init__(self) -> None:
        self._pairs: Array = np.zeros(0, dtype=np.int64)

    def add(self, groups: Array, clerks: Array) -> None:
        there = clerks > 0
        pairs = np.unique(groups[there] * _CLERKS + clerks[there])
        self._pairs = np.union1d(self._pairs, pairs)

    def lonely(self) -> frozenset[int]:
        """The groups of exactly one person's work."""
        groups, counts = np.unique(self._pairs // _CLERKS, return_counts=True)
        return frozenset(int(group) for group in groups[counts == 1])

    def is_one_person(self, groups: Collection[int]) -> bool:
        """Whether all of these groups are together one person's work."""
        of, clerks = self._pairs // _CLERKS, self._pairs % _CLERKS
        return np.unique(clerks[np.isin(of, list(groups))]).size == 1
