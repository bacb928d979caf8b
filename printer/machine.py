"""How a job ends: the rules of evidence, and the limits of patience. Pure.

            job                  on disk              first byte
    RECEIVED ────────► CHECK ──────────────► SENDING ─────────────► CONFIRM
      │ time to live     │ not ready: waits   (count before)          │ the id came back ────► PRINTED (id)
      │ is over          │ while it may live                          │ a fault that stays, a limit, a lost line
      ▼                  ▼                                            ▼
    EXPIRED          NOT PRINTED (cause)                            SETTLE: count again, after what is queued
                                                                      │ one more cut ────────► PRINTED (counter)
      at start: what is SENDING                                       │ cleared, same count ─► NOT PRINTED (torn)
      goes to SETTLE before anything else                             └ neither ─────────────► UNKNOWN

Two rules are never bent: nothing is sent a second time, and `printed` or `not_printed` is said only on a
witness. That all bytes were taken is no witness; that they were not all taken is one: what never left
cannot come out whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from queue_server.wire.printing import Cause, Evidence, Outcome, Why


def _unheard(causes: tuple[Cause, ...]) -> None:
    """Nobody wants to know."""


def _always() -> bool:
    return True


class Watcher(NamedTuple):
    """Who waits for a slip that is under way."""

    #: Is told what is amiss with the printer, as soon as it is seen; nothing: it is well.
    seen: Callable[[tuple[Cause, ...]], None] = _unheard
    #: Whether the slip is still wanted. One that is not may come out of a printer that works, since half a piece
    #: helps nobody; where it is held up it is thrown away at once, so that it does not come out after the repair.
    wanted: Callable[[], bool] = _always


NOBODY = Watcher()


class Ending(NamedTuple):
    """What became of a job."""

    outcome: Outcome
    evidence: Evidence = "none"
    reason: Why | None = None
    #: A piece of it may hang from the printer; told to the server only of what was not printed.
    torn: bool = False
    #: More may be learned when the printer can be asked again.
    open: bool = False


class Owed(NamedTuple):
    """What is known of a job that was sent and not confirmed."""

    seq4: str
    #: The printer's count of cuts before the first byte; None if it has none.
    before: int | None
    #: Whether all of it was handed over; None when an agent that died cannot tell.
    whole: bool | None
    reason: Why = "lost"
    #: Bytes that end whatever of it was broken off, for a printer that cannot be cleared.
    filling: int = 25_000
    #: The printer may have been without power since: what it kept in memory is no proof that it did nothing.
    power: bool = False


class Limits(NamedTuple):
    """How long anything may take, in seconds. Measured on real printers' terms; tests bring shorter ones."""

    #: To answer a question about its state, unless it was found to be slower.
    answer: float = 1.0
    #: To answer the very first one: a printer behind a slow box is given more time from then on.
    late: float = 4.0
    #: To be reached.
    connect: float = 3.0
    #: For a child process to start and open its device.
    open: float = 10.0
    #: Between two looks while a job is under way.
    poll: float = 0.5
    #: Paper reloaded or the cover shut within this time: the slip goes on and is good.
    grace: float = 3.0
    #: A healthy printer is never cleared before this, nor before `times` the time that the slip should take.
    confirm: float = 8.0
    times: float = 4.0
    #: So long we wait for a fault that nothing can clear, before the slip's fate is unknown.
    patience: float = 20.0
    #: So long we try to mend a line, or ask a silent printer, before the slip's fate is unknown.
    settle: float = 20.0
    #: Between two looks at a printer that is not ready while a job waits, and when none does.
    recheck: float = 1.0
    idle: float = 10.0
    #: For things to calm down after a printer without better proof said that it had taken everything.
    calm: float = 0.4


USUAL = Limits()

#: Waits between attempts to reach a printer, in seconds; the last one stays.
BACKOFF = (1.0, 2.0, 5.0, 10.0)

#: A slip that takes longer than this to be handed over, in seconds, comes out in jerks and keeps people waiting.
SLOW = 6.0

#: Printers are at least this fast, in millimetres of paper a second, until this one is known better.
SLOWEST = 80.0


def confirm_limit(limits: Limits, *, length_mm: float, ms_per_mm: float | None) -> float:
    """How long a healthy printer may keep a slip to itself, in seconds."""
    pace = ms_per_mm / 1000 if ms_per_mm else 1 / SLOWEST
    return max(limits.confirm, limits.times * pace * length_mm)


def by_count(owed: Owed, after: int, *, cleared: bool, can_clear: bool) -> Ending | None:
    """What the counter proves; None when the buffers must be cleared before it proves anything.

    The counter answers in order, so a count that did not grow says that nothing queued was cut; only once the
    buffers are empty does it say that nothing will be. A printer that lost its power may have lost the last
    count with it.
    """
    if owed.before is not None and after > owed.before:
        return Ending("printed", "counter")
    if can_clear and not cleared:
        return None
    if owed.power and owed.whole is not False:
        return Ending("unknown", "none", "power", torn=True)
    return Ending("not_printed", "counter", owed.reason, torn=True)


def without_count(owed: Owed) -> Ending:
    """What can be said when the printer counts nothing: only that what never left never came out."""
    if owed.whole is False:
        return Ending("not_printed", "none", owed.reason, torn=True)
    return Ending("unknown", "none", owed.reason, torn=True)


def given_up(owed: Owed, reason: Why) -> Ending:
    """The printer could not be asked for as long as anybody may wait; it may be asked yet."""
    if owed.whole is False:
        return Ending("not_printed", "none", reason, torn=True)
    return Ending("unknown", "none", reason, torn=True, open=owed.before is not None)
