"""How long counters were in which state, by group: added up in milliseconds, said in whole seconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from queue_server.domain.presence import IDLE, IDLE_WAITING, PAUSED, SERVING, WALKING
from queue_server.stats.columns import Array, Columns
from queue_server.stats.counter_columns import STATES
from queue_server.wire.stats import CounterTime

NEEDED = ("state", "reason", "ms")


class TimeTally:
    """`reasons` are the words of pauses by their code."""

    def __init__(self, groups: int, reasons: Sequence[str]) -> None:
        self._groups = groups
        self._reasons = reasons
        self._sums: Array = np.zeros((groups, len(STATES)), dtype=np.int64)
        self._paused: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))

    def add(self, groups: Array, columns: Columns) -> None:
        states, ms = columns["state"], columns["ms"]
        sums = np.bincount(groups * len(STATES) + states, weights=ms, minlength=self._sums.size)
        self._sums += sums.astype(np.int64).reshape(self._sums.shape)  # exact: far below 2**53
        paused = states == STATES.index(PAUSED)
        pairs, place = np.unique(groups[paused] * len(self._reasons) + columns["reason"][paused], return_inverse=True)
        for pair, total in zip(pairs.tolist(), np.bincount(place, weights=ms[paused]).tolist(), strict=True):
            group, reason = divmod(pair, len(self._reasons))
            self._paused[group][reason] += int(total)

    def present(self) -> Array:
        return np.flatnonzero(self._sums.sum(axis=1))

    def said(self, wanted: Sequence[int]) -> list[CounterTime]:
        return [self._time(self._sums[group], self._paused.get(group, {})) for group in wanted]

    def total(self) -> CounterTime:
        together: dict[int, int] = defaultdict(int)
        for by_reason in self._paused.values():
            for reason, ms in by_reason.items():
                together[reason] += ms
        return self._time(self._sums.sum(axis=0), together)

    def _time(self, sums: Array, paused: dict[int, int]) -> CounterTime:
        ms = {state: int(sums[code]) for code, state in enumerate(STATES)}
        return CounterTime(
            open_s=sum(ms.values()) // 1_000,
            serving_s=ms[SERVING] // 1_000,
            walking_s=ms[WALKING] // 1_000,
            idle_waiting_s=ms[IDLE_WAITING] // 1_000,
            idle_s=ms[IDLE] // 1_000,
            paused_s=ms[PAUSED] // 1_000,
            paused_by={self._reasons[code]: total // 1_000 for code, total in sorted(paused.items())},
        )
