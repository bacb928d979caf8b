"""What a printer can prove: asked once, at the start and when it has come back.

Each question is harmless to a printer that knows it; one that does not may print a few letters, so an address
may say `confirm=` instead and only the status is asked.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from printer.answers import StatusByte
from printer.conversation import Conversation, is_status
from printer.escpos import STATUS_QUERIES, WIDEST, filler
from printer.machine import Limits
from queue_server.wire.printing import Caps, Evidence

#: Cuts in all, which nobody can set back, before cuts since the last service.
COUNTERS = (178, 50)
_QUESTION_ID = "prob"


class Spoken(NamedTuple):
    """How a printer answers the four questions for its status."""

    #: What it answered, by question; nothing: it does not answer at all.
    bits: dict[int, int]
    #: What the slowest answer took, in seconds.
    slowest: float


async def ask_status(talk: Conversation, limits: Limits) -> Spoken:
    """Every printer that answers at all answers the first question; it is waited for long, since a late answer
    would be taken for that to the next one. Raises LineLost."""
    clock = asyncio.get_running_loop().time
    bits: dict[int, int] = {}
    slowest = 0.0
    for n, question in STATUS_QUERIES.items():
        asked = clock()
        answer = await talk.ask(question, is_status, patience(limits, slowest) if bits else limits.late)
        if isinstance(answer, StatusByte):
            bits[n] = answer.bits
            slowest = max(slowest, clock() - asked)
        elif not bits:
            break
    return Spoken(bits, slowest)


def patience(limits: Limits, slowest: float) -> float:
    """How long an answer is waited for from a printer that took so long for one."""
    return max(limits.answer, min(limits.late, 2 * slowest))


async def ask_proof(talk: Conversation, status: tuple[int, ...], within: float, known: Caps) -> Caps:
    """What else it answers, while it is ready: questions in order are not heard by one that is not.

    If that is less than is `known` of it, it was perhaps busy, or half a picture from before ate the questions:
    the picture is filled up, and it is asked again with patience. Raises LineLost.
    """
    found = await _asked(talk, status, within)
    if _less(found, known):
        await talk.write(filler(WIDEST))
        found = await _asked(talk, status, 4 * within)
    return found


async def _asked(talk: Conversation, status: tuple[int, ...], within: float) -> Caps:
    clear = await talk.clear(within)  # first, so that nothing stands before the questions
    counter = 0
    process_id = await talk.repeats(_QUESTION_ID, within)
    for candidate in COUNTERS:
        if await talk.count(candidate, within) is not None:
            counter = candidate
            break
    gs_r = await talk.sensors(within)
    return Caps(status=status, process_id=process_id, counter=counter, gs_r=gs_r, clear=clear)


def _less(found: Caps, known: Caps) -> bool:
    return (
        (known.process_id and not found.process_id)
        or (bool(known.counter) and not found.counter)
        or (known.gs_r and not found.gs_r)
        or (known.clear and not found.clear)
    )


def told(confirm: Evidence, status: tuple[int, ...]) -> Caps:
    """What the address says that it can prove. What can repeat an id can, so far as we know, also count and
    clear."""
    best = confirm == "id"
    counts = confirm in ("id", "counter")
    return Caps(
        status=status,
        process_id=best,
        counter=COUNTERS[0] if counts else 0,
        clear=counts,
        gs_r=confirm != "none",
    )
