"""The mall's clock: the only time that decisions and the journal know.

It starts at the later of the wall clock (plus the fixed offset of `--clock`) and the last event, runs on the clock that
counts since the machine was booted, sleep included, and is slewed gently toward the wall clock. So it never runs
backwards, and never jumps but where it says so (`take_leap`).

A wall clock that is further off than five minutes was set by somebody, and may be wrong: an alarm, until somebody
confirms it or it is right again. Three things need nobody: a machine that slept is as much later as its own clock says;
a clock that a time server keeps is right; and a clock that was behind as the server started and has caught up since is
as good as one that was right from the start.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from queue_server.service.kernel_clock import synchronised

JUMP_MS = 5 * 60_000
"""A wall clock that is further off than this was set by somebody, and may be wrong."""

BEHIND_MS = 2_000
"""At a start, this much before the last event is the ordinary correction of a clock; more is an alarm."""

SLEW = 0.05
"""The clock runs at most this share faster or slower while it follows the wall clock."""

ASLEEP_MS = 60_000
"""Read at least once a second; if it was not for so long, the machine or the process slept, and nobody could act."""

JUMPED = "clock_jumped"
"""The wall clock is ahead of the mall's."""
BEHIND = "clock_behind"
"""The wall clock lies before the mall's."""


SAID = {
    JUMPED: "This machine's clock is ahead of the mall's time. Set it right, or confirm it on the floor page.",
    BEHIND: "This machine's clock lies before the mall's time. Set it right, or confirm it on the floor page: the day"
    " that runs ahead then ends, and a new one begins at the right time.",
}


class Leap(Struct, frozen=True, kw_only=True):
    """Time in which nobody could act: the clock went from `since` to `until` (milliseconds) at once.

    `why`: `sleep` of the machine or the process, `clock` where the wall clock was followed.
    """

    since: int
    until: int
    why: str


class Clock(Protocol):
    """The engine's time, in milliseconds since the epoch. It never goes back, unless `confirm` puts it back."""

    @property
    def alarm(self) -> str | None:
        """`clock_jumped` or `clock_behind` while the wall clock is not believed."""

    @property
    def off_ms(self) -> int:
        """How far the wall clock is ahead of the mall's; negative where it is behind."""

    @property
    def goes_back(self) -> bool:
        """Whether `confirm` would put the clock back, so that the day must end first."""

    def now(self) -> int: ...

    def confirm(self) -> None:
        """Somebody looked: the wall clock is right."""

    @property
    def leapt(self) -> bool:
        """Whether `take_leap` has something to give."""

    def take_leap(self) -> Leap | None:
        """What was leapt since the last call, once."""


class MallClock:
    """Runs by itself. `starts_at` is the instant of `--clock`, `floor` that of the last event (milliseconds).

    `elapsed` are the seconds since the machine was booted, sleep included.
    """

    def __init__(
        self,
        *,
        starts_at: int | None = None,
        floor: int = 0,
        wall: Callable[[], float] = time.time,
        elapsed: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
        kept_right: Callable[[], bool] = synchronised,
    ) -> None:
        self._wall = wall
        self._elapsed = elapsed
        self._kept_right = kept_right
        self._offset = 0.0 if starts_at is None else starts_at - wall() * 1000
        target = self._target()
        self.alarm: str | None = BEHIND if floor - target > BEHIND_MS else None
        self._was_right = self.alarm is None
        self._now = max(target, float(floor))
        self._read_at = elapsed() * 1000
        self._leap: Leap | None = None

    def now(self) -> int:
        read_at = self._elapsed() * 1000
        passed = max(0.0, read_at - self._read_at)
        self._read_at = read_at
        if passed >= ASLEEP_MS:
            self._go_to(self._now + passed, "sleep")
        else:
            self._now += passed
        self._judge()
        off = self._target() - self._now
        if abs(off) <= JUMP_MS:
            limit = SLEW * passed
            self._now += max(-limit, min(limit, off))
        return int(self._now)

    @property
    def off_ms(self) -> int:
        return round(self._target() - self._now)

    @property
    def goes_back(self) -> bool:
        return self.alarm is not None and self.off_ms < -JUMP_MS

    def confirm(self) -> None:
        """A clock that is behind by little is only followed more slowly; one by more is put back."""
        if self.alarm is None:
            return
        off = self._target() - self._now
        if off > 0:
            self._go_to(self._now + off, "clock")
        elif off < -JUMP_MS:
            self._now += off
            self._leap = None
        self.alarm, self._was_right = None, True

    @property
    def leapt(self) -> bool:
        return self._leap is not None

    def take_leap(self) -> Leap | None:
        leap, self._leap = self._leap, None
        return leap

    def _judge(self) -> None:
        """Whether the wall clock is to be believed, now that time has passed."""
        off = self._target() - self._now
        if off > JUMP_MS and (self._kept_right() or (self.alarm == BEHIND and not self._was_right)):
            self._go_to(self._now + off, "clock")
            self.alarm = None
        elif off > JUMP_MS:
            self.alarm = JUMPED
        elif off < -JUMP_MS:
            self.alarm = BEHIND
        elif self.alarm == JUMPED and abs(off) <= JUMP_MS / 2:
            self.alarm = None  # it was put right again
        elif self.alarm == BEHIND and off >= -BEHIND_MS:
            self.alarm = None
        self._was_right = self._was_right or self.alarm is None

    def _go_to(self, at: float, why: str) -> None:
        since = int(self._now) if self._leap is None else self._leap.since
        self._now = at
        self._leap = Leap(since=since, until=int(at), why=why)

    def _target(self) -> float:
        return self._wall() * 1000 + self._offset


class DrivenClock:
    """Stands still until its driver moves it: a replayed day, a test. `wall` is what the machine's clock shows."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.alarm: str | None = None
        self.wall: int | None = None
        self._leap: Leap | None = None

    def now(self) -> int:
        return self._at

    @property
    def off_ms(self) -> int:
        return 0 if self.wall is None else self.wall - self._at

    @property
    def goes_back(self) -> bool:
        return self.alarm is not None and self.off_ms < 0

    def move(self, to: int) -> None:
        """Forward to `to`; an earlier instant changes nothing."""
        self._at = max(self._at, to)

    def sleep(self, to: int) -> None:
        """Forward to `to`, and nobody could act meanwhile."""
        self._leap = Leap(since=self._at, until=to, why="sleep")
        self.move(to)

    def confirm(self) -> None:
        if self.wall is not None:
            if self.wall > self._at:
                self._leap = Leap(since=self._at, until=self.wall, why="clock")
            self._at = self.wall
        self.alarm = self.wall = None

    @property
    def leapt(self) -> bool:
        return self._leap is not None

    def take_leap(self) -> Leap | None:
        leap, self._leap = self._leap, None
        return leap
