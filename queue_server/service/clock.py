"""The mall's clock: the only time that decisions and the journal know.

It starts at the later of the wall clock (plus the fixed offset of `--clock`) and the last event, runs on the monotonic
clock and is slewed gently toward the wall clock, so it never runs backwards and never jumps. A wall clock that jumps by
more than five minutes, or that lies before the last event, raises an alarm and is not followed until somebody confirms.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

JUMP_MS = 5 * 60_000
"""A wall clock that is further off than this was set by somebody, and may be wrong."""

BEHIND_MS = 2_000
"""At a start, this much before the last event is the ordinary correction of a clock; more is an alarm."""

SLEW = 0.05
"""The clock runs at most this share faster or slower while it follows the wall clock."""


class Clock(Protocol):
    """What tells the engine the time. Milliseconds since the epoch, never less than before."""

    @property
    def alarm(self) -> str | None:
        """`clock_jumped` or `clock_behind` while the wall clock is not believed."""

    def now(self) -> int: ...

    def confirm(self) -> None:
        """Somebody looked: the wall clock is right."""


class MallClock:
    """Runs by itself. `starts_at` is the instant of `--clock`, `floor` that of the last event (milliseconds)."""

    def __init__(
        self,
        *,
        starts_at: int | None = None,
        floor: int = 0,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._offset = 0.0 if starts_at is None else starts_at - wall() * 1000
        target = self._target()
        self.alarm: str | None = "clock_behind" if floor - target > BEHIND_MS else None
        self._now = max(target, float(floor))
        self._read_at = monotonic() * 1000

    def now(self) -> int:
        read_at = self._monotonic() * 1000
        elapsed = max(0.0, read_at - self._read_at)
        self._read_at = read_at
        self._now += elapsed
        off = self._target() - self._now
        if self.alarm is None and abs(off) > JUMP_MS:
            self.alarm = "clock_jumped"
        elif self.alarm == "clock_jumped" and abs(off) <= JUMP_MS / 2:
            self.alarm = None  # it was put right again
        if self.alarm is None:
            limit = SLEW * elapsed
            self._now += max(-limit, min(limit, off))
        return int(self._now)

    def confirm(self) -> None:
        off = self._target() - self._now
        if off > 0:
            self._now += off
        else:
            self._offset -= off  # time does not run back: go on from here, as far from the wall clock as now
        self.alarm = None

    def _target(self) -> float:
        return self._wall() * 1000 + self._offset


class DrivenClock:
    """Stands still until its driver moves it: a replayed day, a test."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.alarm: str | None = None

    def now(self) -> int:
        return self._at

    def move(self, to: int) -> None:
        """Forward to `to`; an earlier instant changes nothing."""
        self._at = max(self._at, to)

    def confirm(self) -> None:
        self.alarm = None
