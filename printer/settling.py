"""What became of a job that was sent and not confirmed, asked on a line of its own.

After a lost line, a silent printer or a crash of this program: reach the printer again, let it count in its
order, clear what would come out late, and say what that proves. Nothing is sent again.

A printer that works and may have all of a slip is given the time to print it before anything is cleared. One that
never got the end of it, and one whose slip nobody wants any more, is cleared first.
"""

from __future__ import annotations

import asyncio

from printer.conversation import Conversation, is_id
from printer.escpos import FENCE
from printer.machine import BACKOFF, Ending, Limits, Owed, Watcher, by_count, given_up, without_count
from printer.transports.line import LineLost, Transport, Unreachable
from queue_server.wire.printing import Caps, Why


async def settle(transport: Transport, caps: Caps, limits: Limits, owed: Owed, watcher: Watcher) -> Ending:
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
                ending = await settled_on(talk, caps, limits, owed, until, watcher)
                reason = "no_status"
        except Unreachable:
            # A line that cannot be had again at once was perhaps lost with the printer's power.
            owed, reason = owed._replace(power=True), "unreachable"
            watcher.seen(("unreachable",))
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
    talk: Conversation, caps: Caps, limits: Limits, owed: Owed, until: float, watcher: Watcher
) -> Ending | None:
    """The same on an open line; None: this line gave no answer, try another. Raises LineLost."""
    cleared = False
    reading = await talk.status(caps.status)
    while reading is not None and reading.causes:
        watcher.seen(reading.causes)
        if caps.clear and not cleared:
            cleared = await talk.clear()
            if not cleared:
                return None
        if asyncio.get_running_loop().time() + limits.recheck > until:
            return given_up(owed, reading.causes[0])
        await asyncio.sleep(limits.recheck)
        reading = await talk.status(caps.status)
    if reading is None:
        watcher.seen(("no_status",))
        return None
    watcher.seen(())
    counts = bool(caps.counter) and owed.before is not None
    if not cleared and (caps.clear or counts) and (owed.whole is False or not watcher.wanted()):
        # Half a picture would eat the question that comes behind it.
        cleared = await _emptied(talk, caps, limits, owed)
        if not cleared:
            return None
    if counts:
        return await _counted(talk, caps, limits, owed, cleared=cleared)
    return await _uncounted(talk, caps, limits, owed, cleared=cleared)


async def _emptied(talk: Conversation, caps: Caps, limits: Limits, owed: Owed) -> bool:
    """Whether the printer takes the next byte as the start of a command. The clearing is heard even inside a
    picture; for a printer that has none the picture is filled up."""
    if caps.clear:
        return await talk.clear()
    try:
        async with asyncio.timeout(limits.settle):
            await talk.write(bytes(owed.filling))
    except TimeoutError:
        talk.out_of_step = True
        return False
    return True


async def _counted(talk: Conversation, caps: Caps, limits: Limits, owed: Owed, *, cleared: bool) -> Ending | None:
    after = await talk.count(caps.counter, limits.confirm)
    if after is not None:
        ending = by_count(owed, after, cleared=cleared, can_clear=caps.clear)
        if ending is not None:
            return ending
    # Half a picture may have eaten the question.
    if not await _emptied(talk, caps, limits, owed):
        return None
    after = await talk.count(caps.counter, limits.confirm)
    return None if after is None else by_count(owed, after, cleared=True, can_clear=caps.clear)


async def _uncounted(talk: Conversation, caps: Caps, limits: Limits, owed: Owed, *, cleared: bool) -> Ending:
    """Without a count the slip's own id, if it still comes, is all that proves anything. It is waited for, so that
    a good slip is not torn."""
    if caps.process_id and not cleared:
        own = talk.expect(is_id(owed.seq4))
        await talk.repeats(FENCE, limits.confirm)
        if own.done() and own.result() is not None:
            return Ending("printed", "id")
    elif caps.gs_r and not cleared:
        await talk.sensors(limits.confirm)
    if caps.clear and not cleared:
        await talk.clear()
    return without_count(owed)
