"""What the agent does next, and how long it waits before that. Pure.

    at each turn                                       with the job whose turn it is
    a slip whose end is not known ──► SETTLE it        its time is over ────────────► END it
      told as unknown, printer ill ─► LOOK, later      we stop ─────────────────────► LEAVE it
    a job that waits ───────────────► ATTEND to it     its layout or logo is coming ► WAIT a moment
    neither ────────────────────────► IDLE, look       else ────────────────────────► PRINT it; refused: wait, again

`machine.py` has the rules of evidence; here are those of order and of time. A job's time to live goes on while it
waits, whatever it waits for: a slip that comes out after it helps nobody.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from printer.machine import BACKOFF, Ending, Limits, Owed
from queue_server.wire.printing import Cause, Job, Outcome

#: How long a layout or logo that was named is waited for before the slip is drawn without it, in seconds.
ASSET_WITHIN = 1.5


class Waiting(NamedTuple):
    """A job that has not been sent."""

    job: Job
    #: On the monotonic clock of this boot, in milliseconds; None when it was received in another.
    received_ms: int | None

    def left_ms(self, now_ms: int) -> int:
        """What is left of its time to live; a job of another boot has none."""
        if self.received_ms is None:
            return 0
        return self.job.ttl_ms - (now_ms - self.received_ms)


class Unsettled(NamedTuple):
    """A job whose fate is not known and may be learned from the printer."""

    job: str
    owed: Owed
    received_ms: int | None
    #: What was told to the server already; None if nothing.
    outcome: Outcome | None


class Settle(NamedTuple):
    """Ask the printer what became of a slip."""

    unsettled: Unsettled


class Attend(NamedTuple):
    """Print the job whose turn it is."""

    waiting: Waiting


class LookLater(NamedTuple):
    """The server knows already that a slip's end is unknown; look after `pause_s` whether the printer is back."""

    pause_s: float


class Idle(NamedTuple):
    """There is nothing to do; look at the printer if nothing comes within `pause_s`."""

    pause_s: float


Turn = Settle | Attend | LookLater | Idle


def next_turn(
    unsettled: Unsettled | None,
    waiting: Waiting | None,
    *,
    causes: tuple[Cause, ...],
    since_look_ms: int,
    limits: Limits,
) -> Turn:
    """What was left half done comes first, so that a slip's end is known before the next one begins."""
    if unsettled is not None:
        told = unsettled.outcome is not None
        return LookLater(limits.recheck) if told and causes else Settle(unsettled)
    if waiting is not None:
        return Attend(waiting)
    every = limits.recheck if causes else limits.idle
    return Idle(max(0.0, every - since_look_ms / 1000))


class Learned(Enum):
    """What asking the printer about a slip has brought."""

    AN_END = auto()
    #: The server has heard `unknown` already, and the printer may be asked again.
    NOTHING_YET = auto()
    #: The same, and nobody can ever tell.
    NOTHING_EVER = auto()


def learned(told: Outcome | None, ending: Ending) -> Learned:
    """`told` is what the server was told before."""
    if told != "unknown" or ending.outcome != "unknown":
        return Learned.AN_END
    return Learned.NOTHING_YET if ending.open else Learned.NOTHING_EVER


class Tries(NamedTuple):
    """What came of the tries to print one job."""

    began_ms: int
    #: Why the last one sent nothing; None before the first.
    cause: Cause | None = None
    failed: int = 0

    def after(self, cause: Cause) -> Tries:
        return self._replace(cause=cause, failed=self.failed + 1)

    def pause_s(self, left_ms: int, limits: Limits) -> float:
        """Until the next try: longer each time for a printer out of reach, never beyond the job's own time."""
        step = BACKOFF[min(self.failed - 1, len(BACKOFF) - 1)] if self.cause == "unreachable" else 1.0
        return min(step * limits.recheck, left_ms / 1000)


class Step(Enum):
    """What is done with the job whose turn it is."""

    END = auto()
    LEAVE = auto()
    WAIT = auto()
    PRINT = auto()


def next_step(tries: Tries, *, left_ms: int, now_ms: int, missing: bool, stopping: bool) -> Step:
    """`missing`: something that the slip names is not here."""
    if left_ms <= 0:
        return Step.END
    if stopping:
        return Step.LEAVE
    if missing and now_ms < tries.began_ms + 1000 * ASSET_WITHIN:
        return Step.WAIT
    return Step.PRINT


def too_late(cause: Cause | None) -> Ending:
    """A job's time is over: because of the printer, or because it was never its turn."""
    outcome: Outcome = "not_printed" if cause else "expired"
    return Ending(outcome, "none", cause or "expired")


def not_begun(cause: Cause, *, taken_back: bool, wanted: bool) -> Ending | Cause:
    """The printer took nothing, perhaps at the very door (`taken_back`): the job waits, unless nobody wants it now."""
    return Ending("not_printed", "none", cause) if taken_back and not wanted else cause
