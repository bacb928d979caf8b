"""How a wait, a walk and a service are measured: the same for rows, live figures, estimates and replays.

All in milliseconds, None where it has not happened. A wait runs from when a step was queued (an appointment's from its
time, if that is later) to its first call, without the time in which the hall was held. Credit moves a place, and so the
due time; nobody's wait changes by it.
"""

from __future__ import annotations

from collections.abc import Sequence

from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Step
from queue_server.domain.state import State


def wait(step: Step) -> int | None:
    """From queued to the first call."""
    called, began, booked = step.first_called_at, step.queued_at, step.booked_at
    if called is None or began is None:
        return None
    if booked is not None and booked > began:
        began = booked
    waited = called - began - step.held
    return max(0, waited)


def wait_so_far(state: State, step: Step, now: int) -> int:
    """Of a step that waits; it stands still while the hall is held."""
    assert step.queued_at is not None
    until = state.held.since if state.held else now
    return max(0, until - max(step.queued_at, step.booked_at or 0) - step.held)


def within_target(step: Step, waited: int) -> bool:
    """Whether a wait kept what was promised when the step was queued; without a promise none was broken."""
    return step.promise is None or waited <= step.promise.target


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
    return step.served or None


def service_so_far(step: Step, now: int) -> int:
    """Spent serving until now, the stretch that goes on included."""
    if step.state is StepState.SERVING and step.started_at is not None:
        return step.served + now - step.started_at
    return step.served


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """The smallest of these sorted values that `percent` in a hundred of them stay within; None if there are none."""
    if not ordered:
        return None
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
