"""What a figure is worth on a shared machine: foreign CPU in each slice, loud slices thrown away, medians of the rest.

Foreign load hurts a cheap peer more than a real server and flatters ratios, so each slice measures how much of the
machine others used while it ran, and candidates take turns.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

LOUD = 0.10
"""A slice in which others used more than this share of one core is thrown away."""

_TICK = os.sysconf("SC_CLK_TCK")


def _busy_s() -> float:
    """Seconds of CPU that the whole machine has used so far (user, nice, system, irq, softirq, steal)."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    return sum(int(fields[index]) for index in (0, 1, 2, 5, 6, 7) if index < len(fields)) / _TICK


def cpu_s(pids: Iterable[int]) -> float:
    """Seconds of CPU that these processes have used so far, with their threads and the processes that they started."""
    waiting, used = list(pids), {}
    while waiting:
        pid = waiting.pop()
        if pid in used:
            continue
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        except FileNotFoundError:  # it has ended since it was listed; its parent has its time
            continue
        used[pid] = sum(int(fields[index]) for index in (11, 12, 13, 14))
    return sum(used.values()) / _TICK


@dataclass(frozen=True, kw_only=True)
class Slice:
    """One measured stretch: what came out, how long it took (seconds), which share of a core others used meanwhile."""

    value: Mapping[str, float]
    seconds: float
    foreign: float

    @property
    def loud(self) -> bool:
        return self.foreign > LOUD


def measure(run: Callable[[], Mapping[str, float]], pids: Iterable[int]) -> Slice:
    """Run once. `pids` are all processes that the run itself makes work, ours included."""
    ours = [os.getpid(), *pids]
    busy, own, began = _busy_s(), cpu_s(ours), time.perf_counter()
    value = run()
    seconds = time.perf_counter() - began
    foreign = max(0.0, (_busy_s() - busy) - (cpu_s(ours) - own)) / seconds
    return Slice(value=value, seconds=seconds, foreign=foreign)


def take_turns(
    candidates: Mapping[str, Callable[[], Slice]], rounds: int, *, tries: int = 3
) -> dict[str, dict[str, float]]:
    """Medians of each candidate's quiet slices; candidates alternate, loud slices are taken again up to `tries`."""
    kept: dict[str, list[Slice]] = {name: [] for name in candidates}
    loud: dict[str, list[Slice]] = {name: [] for name in candidates}
    for _ in range(rounds * tries):
        for name, run in candidates.items():
            if len(kept[name]) < rounds:
                found = run()
                (loud if found.loud else kept)[name].append(found)
        if all(len(slices) >= rounds for slices in kept.values()):
            break
    medians: dict[str, dict[str, float]] = {}
    for name in candidates:
        slices = kept[name] or loud[name]
        medians[name] = {key: statistics.median(s.value[key] for s in slices) for key in slices[0].value}
        medians[name]["foreign"] = statistics.median(s.foreign for s in slices)
        medians[name]["quiet_slices"] = float(len(kept[name]))
    return medians


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the sorted list does not pass; the list is sorted in place."""
    values.sort()
    return values[min(len(values) - 1, int(share * len(values)))]
