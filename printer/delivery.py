"""One job to one printer: asked before, sent once, confirmed, and settled if it was not.

The rules of evidence stand in `machine.py`; here is the order of things, and the only call that sends a job.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import NamedTuple

from printer.confirming import Watch, Work
from printer.conversation import Conversation
from printer.escpos import FENCE, PAPER_QUERY, count_query, filler, id_query, void_bytes
from printer.machine import NOBODY, Ending, Limits, Owed, Watcher, confirm_limit, without_count
from printer.settling import settle
from printer.transports.line import Line, LineLost, Transport, Unreachable
from queue_server.wire.printing import Caps, Cause, Paper


class Checked(NamedTuple):
    """What the look before a job found: a cause why not, or the count of cuts."""

    cause: Cause | None = None
    before: int | None = None


def questions(caps: Caps, seq4: str) -> bytes:
    """What goes out behind the cut: the question whose answer is the best witness."""
    if caps.process_id:
        return id_query(seq4)
    if caps.counter:
        return count_query(caps.counter)
    return PAPER_QUERY if caps.gs_r else b""


class Delivery:
    """How jobs go out through one transport to a printer that can prove `caps`."""

    def __init__(self, transport: Transport, caps: Caps, limits: Limits) -> None:
        self._transport = transport
        self.caps = caps
        #: Longer for a printer that was found to answer late.
        self.limits = limits
        #: Learned from slips that were confirmed; None until then.
        self.ms_per_mm: float | None = None
        #: How long the last slip that came out took to be handed over, in seconds; None until then.
        self.sent_s: float | None = None

    async def deliver(
        self, work: Work, *, uncut: Paper | None, sending: Callable[[int | None], None], watcher: Watcher = NOBODY
    ) -> Ending | Cause:
        """How the job ended, or why not a byte of it was sent.

        `uncut` is the paper of which a torn piece may hang: it is parted from this slip first. `sending` is called
        with the count before the first byte, and must have it on disk when it returns.
        """
        try:
            line = await self._transport.open()
        except Unreachable:
            return "unreachable"
        if not self._transport.answers:
            sending(None)
            return await self._blindly(line, work, watcher)
        async with Conversation(line, answer_within=self.limits.answer) as talk:
            try:
                checked = await self._check(talk, uncut)
            except LineLost:
                return "unreachable"
            if checked.cause:
                return checked.cause
            sending(checked.before)
            started = asyncio.get_running_loop().time()
            watch = Watch(
                talk,
                work,
                questions(self.caps, work.seq4),
                before=checked.before,
                caps=self.caps,
                limits=self.limits,
                ms_per_mm=self.ms_per_mm,
                watcher=watcher,
            )
            ending = await watch.ending()
            if ending is not None and ending.outcome == "printed":
                self._learn(work, asyncio.get_running_loop().time() - started)
                self.sent_s = watch.sent_s
            talk.out_of_step |= ending is None
            owed = Owed(work.seq4, checked.before, watch.whole, filling=work.made.filling, power=watch.silent)
        return ending or await self.settle(owed, watcher)

    async def settle(self, owed: Owed, watcher: Watcher = NOBODY) -> Ending:
        """What became of a job that was sent and not confirmed."""
        return await settle(self._transport, self.caps, self.limits, owed, watcher)

    async def _check(self, talk: Conversation, uncut: Paper | None) -> Checked:
        reading = await talk.status(self.caps.status)
        if reading is None:
            return Checked("no_status")
        if reading.causes:
            return Checked(reading.causes[0])
        if uncut is not None:
            if not self.caps.clear:  # a picture that was broken off would eat what parts it from the next
                await talk.write(filler(uncut))
            elif not await talk.clear():
                return Checked("no_status")
            await talk.write(void_bytes(uncut))
        # Answered in order: whatever else was queued is printed by now, and no old answer is under way.
        within = self.limits.confirm if uncut is not None else None
        if self.caps.counter:
            before = await talk.count(self.caps.counter, within)
            return Checked(None if before is not None else "no_status", before)
        if self.caps.process_id and not await talk.repeats(FENCE, within):
            return Checked("no_status")
        return Checked()

    async def _blindly(self, line: Line, work: Work, watcher: Watcher) -> Ending:
        """A printer that cannot answer: only what never left is known."""
        limit = confirm_limit(self.limits, length_mm=work.made.length_mm, ms_per_mm=None)
        whole = drained = False
        try:
            async with asyncio.timeout(limit):
                await _while_wanted(line.write(work.made.body), self.limits, watcher)
                whole = True
                await line.write(work.made.cut)
            drained = await line.drained(limit)
        except (TimeoutError, LineLost):
            pass
        finally:
            await (line.close() if drained else line.drop())
        if drained:
            return Ending("unknown", "none", "unproven")
        return without_count(Owed(work.seq4, None, whole, "lost"))

    def _learn(self, work: Work, seconds: float) -> None:
        """The slowest of late slips counts: a limit that is too short tears good tickets."""
        pace = 1000 * seconds / max(work.made.length_mm, 1)
        self.ms_per_mm = max(pace, 0.9 * (self.ms_per_mm or 0))


async def _while_wanted(writing: Coroutine[None, None, None], limits: Limits, watcher: Watcher) -> None:
    """Until it is written. Raises LineLost; TimeoutError where a slip that nobody wants is not taken in time."""
    task = asyncio.create_task(writing)
    clock = asyncio.get_running_loop().time
    patient = clock() + limits.grace
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=limits.poll)
            if not watcher.wanted() and clock() > patient and not task.done():
                raise TimeoutError
        task.result()
    finally:
        task.cancel()
        await asyncio.wait({task})
