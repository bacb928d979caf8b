"""What became of a job that was sent and not confirmed, asked on a line of its own.

After a lost line, a silent printer or a crash of this program: reach the printer again, let it count in its
order, clear what would come out late, and say what that proves. Nothing is sent again.
"""

from __future__ import annotations

import asyncio

from printer.conversation import Conversation
from printer.escpos import WIDEST, filler
from printer.machine import BACKOFF, Ending, Limits, Owed, Seen, by_count, given_up, without_count
from printer.transports.line import LineLost, Transport, Unreachable
from queue_server.wire.printing import Caps, Why


async def settle(transport: Transport, caps: Caps, limits: Limits, owed: Owed, seen: Seen) -> Ending:
    """How it ended, as far as anything can prove it within the limit."""
    clock = asyncio.get_running_loop().time
    until = clock() + limits.settle
    reason: Why = owed.reason
    attempt = 0
    while True:
        ending: Ending | None = None
        try:
            line = await transport.open()
            async with Conversation(line, answer_within=limits.answer) as talk:
                ending = await settled_on(talk, caps, limits, owed, until, seen)
                reason = "no_status"
        except Unreachable:
            # A line that cannot be had again at once was perhaps lost with the printer's power.
            owed, reason = owed._replace(power=True), "unreachable"
            seen(("unreachable",))
        except LineLost:
            reason = "lost"
        if ending is not None:
            return ending
        pause = min(BACKOFF[min(attempt, len(BACKOFF) - 1)], limits.settle / 10)
        if clock() + pause > until:
            return given_up(owed, reason)
        await asyncio.sleep(pause)
        attempt += 1


async def settled_on(
    talk: Conversation, caps: Caps, limits: Limits, owed: Owed, until: float, seen: Seen
) -> Ending | None:
    """The same on an open line; None: this line gave no answer, try another. Raises LineLost."""
    cleared = False
    reading = await talk.status(caps.status)
    while reading is not None and reading.causes:
        seen(reading.causes)
        if caps.clear and not cleared:
            cleared = await talk.clear()
            if not cleared:
                return None
        if asyncio.get_running_loop().time() + limits.recheck > until:
            return given_up(owed, reading.causes[0])
        await asyncio.sleep(limits.recheck)
        reading = await talk.status(caps.status)
    if reading is None:
        seen(("no_status",))
        return None
    seen(())
    if not caps.counter or owed.before is None:
        if caps.clear and not cleared:
            await talk.clear()
        return without_count(owed)
    return await _counted(talk, caps, limits, owed, cleared=cleared)


async def _counted(talk: Conversation, caps: Caps, limits: Limits, owed: Owed, *, cleared: bool) -> Ending | None:
    after = await talk.count(caps.counter, limits.confirm)
    if after is not None:
        ending = by_count(owed, after, cleared=cleared, can_clear=caps.clear)
        if ending is not None:
            return ending
    # Half a picture may have eaten the question; the clearing is heard even then, filling it up does as well.
    if caps.clear:
        if not await talk.clear():
            return None
    else:
        await talk.write(filler(WIDEST))
    after = await talk.count(caps.counter, limits.confirm)
    return None if after is None else by_count(owed, after, cleared=True, can_clear=caps.clear)
