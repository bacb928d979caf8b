"""A slip's life, from a job to what is known of its paper. Decided in this table and nowhere else.

    none, printed, not_printed, unknown -> queued     a job is made; from queued too, once the last one is taken back
    queued, printing -> queued, printing              its agent says how it goes
    queued, printing, unknown -> printed              paper came out
    queued, printing, unknown -> not_printed          no paper came out, for sure
    queued, printing, unknown -> unknown              nobody can say; a late word may still tell

What was heard later than what it says changes nothing, so a report without a way is no fault.
"""

from __future__ import annotations

from enum import StrEnum


class SlipState(StrEnum):
    NONE = "none"
    QUEUED = "queued"
    PRINTING = "printing"
    PRINTED = "printed"
    NOT_PRINTED = "not_printed"
    UNKNOWN = "unknown"


class SlipMove(StrEnum):
    REQUEST = "request"
    WAIT = "wait"
    BEGIN = "begin"
    COME_OUT = "come_out"
    FAIL = "fail"
    LOSE_SIGHT = "lose_sight"


S = SlipState
#: A job is under way: it waits at its printer, or is being printed.
OPEN = (S.QUEUED, S.PRINTING)
_UNTOLD = (*OPEN, S.UNKNOWN)

#: move -> the states it is allowed from, and the state it leads to.
SLIP_MOVES: dict[SlipMove, tuple[tuple[SlipState, ...], SlipState]] = {
    SlipMove.REQUEST: ((S.NONE, S.QUEUED, S.PRINTED, S.NOT_PRINTED, S.UNKNOWN), S.QUEUED),
    SlipMove.WAIT: (OPEN, S.QUEUED),
    SlipMove.BEGIN: (OPEN, S.PRINTING),
    SlipMove.COME_OUT: (_UNTOLD, S.PRINTED),
    SlipMove.FAIL: (_UNTOLD, S.NOT_PRINTED),
    SlipMove.LOSE_SIGHT: (_UNTOLD, S.UNKNOWN),
}

#: No report follows these; only another job does.
SETTLED = frozenset({S.PRINTED, S.NOT_PRINTED})

#: What a report may say, and the move that it is.
TOLD = {to: move for move, (_, to) in SLIP_MOVES.items() if move is not SlipMove.REQUEST}


def may_request(state: SlipState) -> bool:
    return state in SLIP_MOVES[SlipMove.REQUEST][0]


def may_tell(state: SlipState, told: SlipState) -> bool:
    """Whether a report changes what is known, or says it again."""
    return state in SLIP_MOVES[TOLD[told]][0]
