"""How a wait, a walk and a service are measured: the same for rows, live figures, estimates and replays.

All in milliseconds, None where it has not happened. A wait runs from when a step was queued (an appointment's from its
time, if that is later) to its first call, without the time in which the hall was held. Credit moves a place, and so the
due time; nobody's wait changes by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Step
from queue_server.domain.state import State


def wait(step: Step) -> int | None:
    """From queued to the first call."""
    return waited(step.queued_at, step.booked_at, step.first_called_at, step.held)


def waited(queued_at: int | None, booked_at: int | None, called_at: int | None, held: int) -> int | None:
    """The same of what a row says: queued or booked, first called, and what of that the hall was held."""
    began = wait_began(queued_at, booked_at)
    return None if called_at is None or began is None else max(0, called_at - began - held)


def wait_began(queued_at: int | None, booked_at: int | None) -> int | None:
    """When a wait begins; the half-hour, and so the line of a report, in which it is counted."""
    if queued_at is None or booked_at is None:
        return queued_at
    return max(queued_at, booked_at)


def wait_so_far(state: State, step: Step, now: int) -> int:
    """Of a step that waits; it stands still while the hall is held."""
    assert step.queued_at is not None
    until = state.held.since if state.held else now
    return max(0, until - max(step.queued_at, step.booked_at or 0) - step.held)


def within_target(step: Step, waited: int) -> bool:
    """Whether a wait kept what was promised when the step was queued; without a promise none was broken."""
    return step.promise is None or waited <= step.promise.target


HOURS_FROM = 120
"""Minutes from which on a wait is told in half hours."""


def told(p50_s: int, p90_s: int) -> tuple[int, int]:
    """What screens, slips and phones tell of an estimate: from how many minutes to how many, 0 to 0 is no wait.

    The shorter end is rounded down and the longer one up: to whole minutes up to ten, then to fives, from two hours on
    to half hours. It is not known better than that.
    """
    hours = _told_in_hours(p90_s)
    return _rounded_down(p50_s, hours=hours), _rounded_up(p90_s, hours=hours)


def kept(wait_s: int, p50_s: int, p90_s: int) -> tuple[bool, bool]:
    """Whether a wait was no longer than the shorter and than the longer time that was told, in the unit in which it was
    told: against the shorter it is rounded down as that was, and less than a minute is no wait."""
    hours = _told_in_hours(p90_s)
    half = _rounded_down(wait_s, hours=hours) <= _rounded_down(p50_s, hours=hours)
    _, longest = told(p50_s, p90_s)
    return half, wait_s <= longest * 60 if longest else wait_s < 60


def _told_in_hours(p90_s: int) -> bool:
    return -(-p90_s // 60) >= HOURS_FROM


def _rounded_down(seconds: int, *, hours: bool) -> int:
    minutes = seconds // 60
    return minutes // 30 * 30 if hours else minutes if minutes <= 10 else minutes // 5 * 5


def _rounded_up(seconds: int, *, hours: bool) -> int:
    minutes = -(-seconds // 60)
    return -(-minutes // 30) * 30 if hours else minutes if minutes <= 10 else -(-minutes // 5) * 5


def held_of_wait(step: Step, since: int, until: int) -> int:
    """How much of a hold from `since` to `until` falls into the step's wait."""
    return max(0, until - max(since, step.queued_at or 0, step.booked_at or 0))


def late(state: State, step: Step, due_at: int, now: int) -> int:
    """How long a waiting step has been due; what a hold took is nobody's fault. Negative before that."""
    held = step.held
    if state.held is not None:
        held += held_of_wait(step, state.held.since, now)
    return now - held - due_at


def walk(step: Step) -> int | None:
    """From the last call to the start."""
    if step.started_at is None or step.called_at is None or step.started_at < step.called_at:
        return None
    return step.started_at - step.called_at


def service(step: Step) -> int | None:
    """Spent serving, known when the step has left the counter; every stretch before a park counts, no park does."""
    if step.state is StepState.FINISHED and step.started_at is not None and step.finished_at is not None:
        return step.served + step.finished_at - step.started_at
    return None if step.state is StepState.SERVING else step.served or None


def service_so_far(step: Step, now: int) -> int:
    """Spent serving until now, the stretch that goes on included."""
    if step.state is StepState.SERVING and step.started_at is not None:
        return step.served + now - step.started_at
    return step.served


class Fate(StrEnum):
    """How a step ended for its citizen: each step that was ever queued is one of these, so they add up."""

    SERVED = "served"
    TRANSFERRED = "transferred"
    NO_SHOW = "no_show"
    ABANDONED = "abandoned"
    OPEN = "open"
    UNKNOWN = "unknown"


def fate(state: StepState, was: StepState | None, *, missed: int, started: bool) -> Fate:
    """`was` is what it was before it was cancelled or expired; `missed`: so often it was called and nobody came;
    `started`: it has been served, if only for a while.

    A no-show that nobody saw again stays one, whether the mall marks or parks such people; so does one that came back,
    was parked without having been served, and did not return. Whoever left in any other
    way without having been finished has abandoned it, who was parked and did not return among them. Of imported history
    it may be unknown.
    """
    if state is StepState.UNKNOWN:
        return Fate.UNKNOWN
    if state is StepState.FINISHED:
        return Fate.SERVED
    if state is StepState.TRANSFERRED:
        return Fate.TRANSFERRED
    last = was or state
    if last is StepState.NO_SHOW or (last is StepState.PARKED and missed and not started):
        return Fate.NO_SHOW
    return Fate.OPEN if was is None else Fate.ABANDONED


def fate_of(step: Step) -> Fate:
    """The same of a step as the state holds it."""
    return fate(step.state, step.was, missed=step.missed, started=step.started_at is not None or step.served > 0)


def came_back(ended: Fate, missed: int) -> bool:
    """Whether a step that was a no-show is none any more."""
    return missed > 0 and ended is not Fate.NO_SHOW


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """The smallest of these sorted values that `percent` in a hundred of them stay within; None if there are none."""
    return ordered[rank(len(ordered), percent)] if ordered else None


def rank(count: int, percent: int) -> int:
    """Where that value stands among so many (at least one), from 0."""
    return max(0, -(-count * percent // 100) - 1)
