"""A step's life: which move is allowed from where. Decided in this table and nowhere else.

    planned -> waiting -> called -> serving -> finished         after the last step the ticket is served
    called -> waiting                                           put back: called by mistake
    called -> no_show -> waiting                                returned, while the grace period lasts
    waiting, called, serving -> parked -> waiting               will come back
    waiting, called, serving -> transferred                     a new step waits elsewhere; same number
    planned, waiting, called, parked, no_show -> cancelled      by the citizen or staff
    planned, waiting, called, parked, no_show -> expired        the day closed

`unknown` is no move's: imported history says so of a step of which nobody knows how it ended.

Two things stand outside the table, since they are about the record and not about the person: `undo` restores what was
(domain/undo.py), and a correction changes the outcome of a step that is finished.
"""

from __future__ import annotations

from enum import StrEnum

from queue_server.errors import IllegalMove


class StepState(StrEnum):
    PLANNED = "planned"
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    NO_SHOW = "no_show"
    FINISHED = "finished"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Move(StrEnum):
    QUEUE = "queue"
    CALL = "call"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    PUT_BACK = "put_back"
    MISS = "no_show"
    RETURN = "return"
    PARK = "park"
    TRANSFER = "transfer"
    CANCEL = "cancel"
    EXPIRE = "expire"


S = StepState
_LEFT_OVER = (S.PLANNED, S.WAITING, S.CALLED, S.PARKED, S.NO_SHOW)

#: move -> the states it is allowed from, and the state it leads to.
MOVES: dict[Move, tuple[tuple[StepState, ...], StepState]] = {
    Move.QUEUE: ((S.PLANNED,), S.WAITING),
    Move.CALL: ((S.WAITING,), S.CALLED),
    Move.RECALL: ((S.CALLED,), S.CALLED),
    Move.START: ((S.CALLED,), S.SERVING),
    Move.FINISH: ((S.SERVING,), S.FINISHED),
    Move.PUT_BACK: ((S.CALLED,), S.WAITING),
    Move.MISS: ((S.CALLED,), S.NO_SHOW),
    Move.RETURN: ((S.PARKED, S.NO_SHOW), S.WAITING),
    Move.PARK: ((S.WAITING, S.CALLED, S.SERVING), S.PARKED),
    Move.TRANSFER: ((S.WAITING, S.CALLED, S.SERVING), S.TRANSFERRED),
    Move.CANCEL: (_LEFT_OVER, S.CANCELLED),
    Move.EXPIRE: (_LEFT_OVER, S.EXPIRED),
}

#: Nothing follows these.
FINAL = frozenset({S.FINISHED, S.TRANSFERRED, S.CANCELLED, S.EXPIRED, S.UNKNOWN})

#: Nobody was served, and nobody will be called by this number any more.
GIVEN_UP = frozenset({S.CANCELLED, S.EXPIRED})


def allowed(state: StepState, move: Move) -> bool:
    return state in MOVES[move][0]


def after(state: StepState, move: Move) -> StepState:
    """The state that `move` leads to; refused as `illegal_move` where the table has no such way."""
    origins, target = MOVES[move]
    if state not in origins:
        raise IllegalMove(
            f"A ticket that is {state} cannot {move.replace('_', ' ')}.",
            reason=f"{move}_from_{state}",
            state=str(state),
        )
    return target
