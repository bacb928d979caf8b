"""One job to one printer: asked before, sent once, confirmed, and settled if it was not.

The rules of evidence stand in `machine.py`; here is the order of things, and the only call that sends a job.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from printer.confirming import Watch, Work
from printer.conversation import Conversation
from printer.escpos import PAPER_QUERY, count_query, id_query
from printer.machine import Ending, Limits, Owed, Seen, confirm_limit, nobody, without_count
from printer.settling import settle
from printer.transports.line import Line, LineLost, Transport, Unreachable
from queue_server.wire.printing import Caps, Cause

#: An id that no job has, since a job's are letters and digits.
_FENCE = "----"


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
        self._limits = limits
        #: Learned from slips that were confirmed; None until then.
        self.ms_per_mm: float | None = None

    async def deliver(
        self, work: Work, *, uncut: bytes, sending: Callable[[int | None], None], seen: Seen = nobody
    ) -> Ending | Cause:
        """How the job ended, or why not a byte of it was sent.

        `uncut` parts a torn piece from this slip first. `sending` is called with the count before the first
        byte, and must have it on disk when it returns. `seen` hears from then on how the printer is.
        """
        try:
            line = await self._transport.open()
        except Unreachable:
            return "unreachable"
        if not self._transport.answers:
            sending(None)
            return await self._blindly(line, work)
        async with Conversation(line, answer_within=self._limits.answer) as talk:
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
                before=checked.before,
                caps=self.caps,
                limits=self._limits,
                ms_per_mm=self.ms_per_mm,
                seen=seen,
            )
            ending = await watch.ending()
            if ending is not None and ending.outcome == "printed":
                self._learn(work, asyncio.get_running_loop().time() - started)
            talk.out_of_step |= ending is None
            owed = Owed(work.seq4, checked.before, watch.whole, power=watch.silent)
        return ending or await self.settle(owed, seen)

    async def settle(self, owed: Owed, seen: Seen = nobody) -> Ending:
        """What became of a job that was sent and not confirmed."""
        return await settle(self._transport, self.caps, self._limits, owed, seen)

    async def _check(self, talk: Conversation, uncut: bytes) -> Checked:
        reading = await talk.status(self.caps.status)
        if reading is None:
            return Checked("no_status")
        if reading.causes:
            return Checked(reading.causes[0])
        if uncut:
            if self.caps.clear and not await talk.clear():
                return Checked("no_status")
            await talk.write(uncut)
        # Answered in order: whatever else was queued is printed by now, and no old answer is under way.
        within = self._limits.confirm if uncut else None
        if self.caps.counter:
            before = await talk.count(self.caps.counter, within)
            return Checked(None if before is not None else "no_status", before)
        if self.caps.process_id and not await talk.repeats(_FENCE, within):
            return Checked("no_status")
        return Checked()

    async def _blindly(self, line: Line, work: Work) -> Ending:
        """A printer that cannot answer: only what never left is known."""
        limit = confirm_limit(self._limits, length_mm=work.length_mm, ms_per_mm=None)
        drained = False
        try:
            async with asyncio.timeout(limit):
                await line.write(work.data)
            drained = await line.drained(limit)
        except (TimeoutError, LineLost):
            pass
        finally:
            await (line.close() if drained else line.drop())
        if drained:
            return Ending("unknown", "none", "unproven")
        return without_count(Owed(work.seq4, None, line.written >= len(work.data), "lost"))

    def _learn(self, work: Work, seconds: float) -> None:
        """The slowest of late slips counts: a limit that is too short tears good tickets."""
        pace = 1000 * seconds / max(work.length_mm, 1)
        self.ms_per_mm = max(pace, 0.9 * (self.ms_per_mm or 0))
