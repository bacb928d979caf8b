"""Watching one slip come out: from its first byte until a witness has spoken or a limit is over.

The bytes go out while the answers are listened for. Once all are out the printer's state is looked at now and
then: a fault may pass (paper reloaded in time, a hot head), stays (what is not printed is cleared away, so
that it does not come out later), or there is none and the slip is waited for.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from printer.answers import Answer, Counted, Reading
from printer.conversation import Conversation, Wanted, is_count, is_id, is_sensors
from printer.machine import Ending, Limits, Owed, Watcher, confirm_limit
from printer.press import Made
from printer.settling import settled_on
from printer.transports.line import LineLost
from queue_server.wire.printing import Caps, Cause, Why


class Work(NamedTuple):
    """A slip to be printed."""

    seq4: str
    made: Made


class Watch:
    """One slip on one open line."""

    def __init__(
        self,
        talk: Conversation,
        work: Work,
        question: bytes,
        *,
        before: int | None,
        caps: Caps,
        limits: Limits,
        ms_per_mm: float | None,
        watcher: Watcher,
    ) -> None:
        """`question` goes out behind the cut; its answer is the witness."""
        self._talk = talk
        self._watcher = watcher
        self._work = work
        self._question = question
        self._before = before
        self._caps = caps
        self._limits = limits
        self._limit = confirm_limit(limits, length_mm=work.made.length_mm, ms_per_mm=ms_per_mm)
        self._clock = asyncio.get_running_loop().time
        self._deadline = 0.0
        #: How long it took to hand all over, in seconds; None until then, and where something was amiss meanwhile.
        self.sent_s: float | None = None
        #: The cut was handed over, at least in part; before that the slip cannot have come out.
        self.whole = False
        #: Since when a fault has lasted.
        self._faulty: float | None = None
        #: When the printer was asked how it is, until it answers.
        self._asked: float | None = None

    @property
    def silent(self) -> bool:
        """It had not answered for so long when this ended that it may have been without power."""
        return self._asked is not None and self._clock() - self._asked >= self._limits.answer

    async def ending(self) -> Ending | None:
        """How it ended as far as this line can tell; None: it must be settled."""
        self._proof = self._talk.expect(self._witness())
        self._writing = asyncio.create_task(self._write())
        try:
            await self._written()
            while not self._proof.done() and self._clock() < self._deadline:
                if (ending := await self._looked_at()) is not None:
                    return ending
            return await self._weighed() if self._proof.done() else None
        except LineLost:
            return self._proven()
        finally:
            self._writing.cancel()
            await asyncio.wait({self._writing})
            if not self._writing.cancelled():
                self._writing.exception()

    async def _write(self) -> None:
        """The cut goes out only when all before it was taken: nobody can tell which of the last bytes have left."""
        began = self._clock()
        await self._talk.write(self._work.made.body)
        self.whole = True
        await self._talk.write(self._work.made.cut + self._question)
        self.sent_s = self._clock() - began

    async def _written(self) -> None:
        """Until all is handed over, the proof is there, or nothing was taken for too long.

        Raises LineLost. Status cannot be asked meanwhile: the question would lie inside the picture.
        """
        progress, moved = -1, 0.0
        while not self._writing.done() and not self._proof.done():
            now = self._clock()
            if self._talk.written != progress:
                progress, moved = self._talk.written, now
                self._deadline = now + self._limit
            if now > self._deadline:
                return
            if now - moved > self._limits.grace:
                self._watcher.seen(("no_status",))
                if not self._watcher.wanted():
                    self._deadline = now  # what has not left never will
                    return
            await self._wait(self._writing)
        if self._writing.done():
            self._writing.result()
        self._deadline = self._clock() + self._limit

    async def _wait(self, *others: asyncio.Task[None]) -> None:
        """For the proof, or one of the others, or until the next look is due."""
        waited: set[asyncio.Future[Answer | None] | asyncio.Task[None]] = {self._proof, *others}
        await asyncio.wait(waited, timeout=self._limits.poll, return_when=asyncio.FIRST_COMPLETED)

    async def _looked_at(self) -> Ending | None:
        """After a pause, what the printer's state says; None: nothing yet."""
        await self._wait()
        if self._proof.done():
            return None
        reading = await self._look()
        if reading is None:
            return None
        self._watcher.seen(reading.causes)
        if reading.ready:
            self._faulty = None
            return await self._unproven() if self._caps.confirms == "none" else None
        self._deadline = max(self._deadline, self._clock() + self._limit)
        wanted = self._watcher.wanted()
        if wanted and reading.causes == ("head_hot",):
            self._faulty = None
            return None
        self._faulty = self._faulty or self._clock()
        if not wanted or "cutter" in reading.causes or self._clock() - self._faulty >= self._limits.grace:
            return await self._stopped(reading.causes[0])
        return None

    async def _look(self) -> Reading | None:
        """The status, unless the proof comes first. A busy printer may take its time to answer."""
        self._asked = self._clock()
        within = max(self._deadline - self._asked, self._limits.answer)
        looking = asyncio.create_task(self._talk.status(self._caps.status, within))
        waited: set[asyncio.Future[Answer | None] | asyncio.Task[Reading | None]] = {looking, self._proof}
        await asyncio.wait(waited, timeout=self._limits.grace, return_when=asyncio.FIRST_COMPLETED)
        if not looking.done() and not self._proof.done():
            self._watcher.seen(("no_status",))
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        if looking.done():
            reading = looking.result()
            if reading is not None:
                self._asked = None
            return reading
        looking.cancel()
        await asyncio.wait({looking})
        self._talk.out_of_step = True
        return None

    async def _stopped(self, cause: Cause) -> Ending | None:
        """A fault that stays: what is not printed is thrown away. None: it cannot be, and may yet print."""
        if not self._caps.clear:
            if self._faulty is None or self._clock() - self._faulty < self._limits.patience:
                return None
            return Ending("unknown", "none", cause, torn=True, open=self._before is not None)
        cleared = await self._talk.clear(max(self._limits.answer, self._limits.grace))
        if proven := self._proven():
            return proven
        if cleared and self._caps.process_id:
            return Ending("not_printed", "id", cause, torn=True)
        until = self._clock() + self._limits.settle
        owed = Owed(self._work.seq4, self._before, True, cause)
        return await settled_on(self._talk, self._caps, self._limits, owed, until, self._watcher)

    async def _weighed(self) -> Ending | None:
        """The witness has spoken, or the line is lost. The weakest one is believed only if all stays well."""
        if self._caps.confirms != "gs_r" or self._proof.result() is None:
            return self._proven()
        for _look in range(2):
            await asyncio.sleep(self._limits.calm)
            reading = await self._talk.status(self._caps.status)
            if reading is None or reading.causes:
                cause: Why = reading.causes[0] if reading else "no_status"
                return Ending("unknown", "none", cause)
        return Ending("printed", "gs_r")

    async def _unproven(self) -> Ending:
        """Nothing can prove it: all was taken and, a little later, nothing is amiss."""
        await asyncio.sleep(self._limits.calm)
        reading = await self._talk.status(self._caps.status)
        return Ending("unknown", "none", reading.causes[0] if reading and reading.causes else "unproven")

    def _witness(self) -> Wanted:
        if self._caps.process_id:
            return is_id(self._work.seq4)
        return is_count if self._caps.counter else is_sensors

    def _proven(self) -> Ending | None:
        answer = self._proof.result() if self._proof.done() else None
        if isinstance(answer, Counted):
            return Ending("printed", "counter") if answer.cuts > (self._before or 0) else None
        if answer is None or self._caps.confirms == "gs_r":
            return None
        return Ending("printed", "id")
