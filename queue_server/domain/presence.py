"""What a counter is doing, in the words that managers read: serving, walking, idle while people wait, idle, paused."""

from __future__ import annotations

from queue_server.domain.counter_life import CounterState
from queue_server.domain.dispatch import lanes_for
from queue_server.domain.lifecycle import StepState
from queue_server.domain.state import State

SERVING, WALKING, IDLE_WAITING, IDLE, PAUSED, CLOSED = (
    "serving",
    "walking",
    "idle_waiting",
    "idle",
    "paused",
    "closed",
)


def presence(state: State, counter: str) -> tuple[str, str | None]:
    """The counter's state and, for a pause, its reason. A pause with somebody at the counter counts as that work.

    While the hall is held an open counter is paused for that reason: nobody may be called.
    """
    record = state.counters[counter]
    if record.state is CounterState.CLOSED:
        return CLOSED, None
    if record.ticket is not None:
        called = state.tickets[record.ticket].step.state is StepState.CALLED
        return (WALKING if called else SERVING), None
    if record.state is CounterState.PAUSED:
        return PAUSED, record.pause_reason
    if state.held is not None:
        return PAUSED, state.held.reason
    somebody = next(lanes_for(state, counter), None)  # lanes are never empty
    return (IDLE_WAITING if somebody is not None else IDLE), None
