"""A counter's life: who may be called there. Decided in this table and nowhere else.

    closed -> open                a clerk begins to work there
    open, paused -> paused        a break with its reason, or the clerk's screen has gone
    paused -> open                it goes on
    open, paused -> closed        nobody works there any more

Whether somebody is called or served there is the ticket's state (lifecycle.py), and beside the table: a counter with a
ticket may pause, but not close.
"""

from __future__ import annotations

from enum import StrEnum


class CounterState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PAUSED = "paused"


class CounterMove(StrEnum):
    OPEN = "open"
    PAUSE = "pause"
    RESUME = "resume"
    LEAVE = "leave"


S = CounterState

#: move -> the states it is allowed from, and the state it leads to.
COUNTER_MOVES: dict[CounterMove, tuple[tuple[CounterState, ...], CounterState]] = {
    CounterMove.OPEN: ((S.CLOSED,), S.OPEN),
    CounterMove.PAUSE: ((S.OPEN, S.PAUSED), S.PAUSED),
    CounterMove.RESUME: ((S.PAUSED,), S.OPEN),
    CounterMove.LEAVE: ((S.OPEN, S.PAUSED), S.CLOSED),
}


def may(state: CounterState, move: CounterMove) -> bool:
    return state in COUNTER_MOVES[move][0]


def leads_to(move: CounterMove) -> CounterState:
    return COUNTER_MOVES[move][1]
