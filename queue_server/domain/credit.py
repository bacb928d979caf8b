"""How much of a wait counts as credit when a ticket waits again, or waits for something else.

A step is due at `queued_at - credit + target`, so credit moves its place. What share counts, the mall configures
(`Policy.credits`); of which wait, and from when, is decided here.
"""

from __future__ import annotations

from queue_server.domain.lanes import base
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Step
from queue_server.domain.state import State


def of_next_service(state: State, step: Step, at: int) -> int:
    """With which the journey's next service waits, once this step is done."""
    return round(state.rules.policy.credits.next_service * _waited(step, _left_queue(step, at)))


def of_transfer(state: State, step: Step, at: int) -> int:
    """With which the new step waits where this one is sent."""
    return round(state.rules.policy.credits.transfer * _waited(step, _left_queue(step, at)))


def of_put_back(state: State, step: Step, at: int) -> int:
    """The credit of a step whose call was a mistake."""
    return _as_if_come(step, at, at, state.rules.policy.credits.put_back)


def of_kept_place(step: Step, at: int) -> int:
    """The credit that puts a step back to where it waited before it was called."""
    return _as_if_come(step, at, at, 1)


def of_return(state: State, step: Step, at: int) -> int:
    """The credit of a parked or no-show step that waits again. The time outside the queue is no wait."""
    assert step.left_at is not None
    left = step.called_at if step.counter is not None and step.called_at is not None else step.left_at
    credits_ = state.rules.policy.credits
    return _as_if_come(step, left, at, credits_.give_back if step.back_at is None else credits_.step_away)


def _as_if_come(step: Step, left: int, at: int, share: float) -> int:
    """The step left the queue at `left`, and stands as if it had come `share` of its wait ago."""
    assert step.queued_at is not None
    return step.queued_at - at + round(share * _waited(step, left))


def _waited(step: Step, until: int) -> int:
    """The wait so far, earlier credit included."""
    return max(0, until - base(step))


def _left_queue(step: Step, at: int) -> int:
    """When the step stopped waiting: at its last call, or not yet."""
    if step.state is StepState.WAITING or step.called_at is None:
        return at
    return step.called_at
