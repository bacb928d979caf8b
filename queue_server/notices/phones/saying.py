"""What a phone is to be told of its ticket now, given what it was told last. Pure.

What was told is remembered by a short word that names the step and the moment, never the words themselves. A call that
is taken back, and one that was missed, are told only to a phone that heard of that call.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from queue_server.domain.dispatch import people_ahead
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Step, Ticket
from queue_server.domain.state import State

Kind = Literal["near", "called", "again", "moved", "taken_back", "missed"]

OVER = frozenset({"served", "cancelled", "expired"})
"""Nobody comes with such a ticket any more."""


class Saying(Struct, frozen=True, kw_only=True):
    """`told` is what is remembered once the phone has it; `ahead` people are called before."""

    kind: Kind
    told: str
    ahead: int = 0


def saying(state: State, ticket: Ticket, told: str, near: int) -> Saying | None:
    """What is new, if anything is. `near` people ahead is nearly due."""
    number, step = ticket.current, ticket.step
    if step.state is StepState.CALLED:
        kind: Kind = "again" if step.calls > 1 else "called"
        return _new(Saying(kind=kind, told=f"{number} called {step.called_at}"), told)
    if step.state is StepState.NO_SHOW and _heard(number, told) is not None:
        return Saying(kind="missed", told=f"{number} missed")
    if step.state is not StepState.WAITING or step.service not in state.rules.services:
        return None
    ahead = people_ahead(state, ticket)
    if _taken_back(step, _heard(number, told)):
        return Saying(kind="taken_back", told=f"{number} near", ahead=ahead)
    is_near = ahead <= near and state.held is None
    waits = f"{number} near" if is_near else f"{number} waits"
    if _passed_on(ticket.steps, number) and not told.startswith(f"{number} "):
        return Saying(kind="moved", told=waits, ahead=ahead)
    return _new(Saying(kind="near", told=waits, ahead=ahead), told) if is_near else None


def as_told(state: State, ticket: Ticket, near: int) -> str:
    """What a phone knows that shows the ticket's page right now."""
    new = saying(state, ticket, f"{ticket.current} ", near)
    return new.told if new is not None else f"{ticket.current} waits"


def _new(new: Saying, told: str) -> Saying | None:
    return None if new.told == told else new


def _heard(number: int, told: str) -> int | None:
    """When the call of this step was that the phone heard of last."""
    start = f"{number} called "
    return int(told.removeprefix(start)) if told.startswith(start) else None


def _taken_back(step: Step, heard: int | None) -> bool:
    """A call that was put back or undone does not count any more; one after which somebody was set aside does."""
    return heard is not None and (step.called_at is None or step.called_at < heard)


def _passed_on(steps: list[Step], number: int) -> bool:
    return number > 0 and steps[number - 1].state is StepState.TRANSFERRED
