"""What a printer can prove: asked once, at the start and when it has come back.

Each question is harmless to a printer that knows it; one that does not may print a few letters, so an address
may say `confirm=` instead and only the status is asked.
"""

from __future__ import annotations

from printer.conversation import Conversation, is_status
from printer.escpos import STATUS_QUERIES
from queue_server.wire.printing import Caps, Evidence

#: Cuts in all, which nobody can set back, before cuts since the last service.
COUNTERS = (178, 50)
_QUESTION_ID = "prob"


async def ask_status(talk: Conversation, within: float) -> tuple[int, ...]:
    """Which of the four statuses the printer answers; none: it does not answer at all. Raises LineLost."""
    return tuple([n for n in STATUS_QUERIES if await talk.ask(STATUS_QUERIES[n], is_status, within)])


async def ask_proof(talk: Conversation, status: tuple[int, ...], within: float) -> Caps:
    """What else it answers, while it is ready: questions in order are not heard by one that is not.

    Raises LineLost.
    """
    counter = 0
    process_id = await talk.repeats(_QUESTION_ID, within)
    for candidate in COUNTERS:
        if await talk.count(candidate, within) is not None:
            counter = candidate
            break
    return Caps(
        status=status,
        process_id=process_id,
        counter=counter,
        gs_r=await talk.sensors(within),
        clear=await talk.clear(within),
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
