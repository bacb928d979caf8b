"""The strand of the agent that alone touches the printer. It carries out what `agenda.py` decides."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from printer import agenda
from printer.agenda import Attend, Idle, Learned, LookLater, Settle, Step, Tries, Turn, Unsettled, Waiting
from printer.condition import Condition
from printer.device import Device
from printer.drafts import Drafts
from printer.machine import Ending, Limits, Watcher
from printer.memory import Memory
from printer.replies import of_trouble
from printer.voice import Voice
from queue_server.wire.printing import Cause, Need, Sending
from queue_server.wire.printing import Waiting as WaitingMessage

log = structlog.get_logger("printer")


class Withdrawn(Exception):
    """The job was cancelled, or its time ran out, in the moment before its first byte."""


class Worker:
    """One printer's. `clock_ms` is the machine's monotonic clock."""

    def __init__(
        self,
        *,
        device: Device,
        memory: Memory,
        drafts: Drafts,
        condition: Condition,
        voice: Voice,
        limits: Limits,
        clock_ms: Callable[[], int],
    ) -> None:
        self._device = device
        self._memory = memory
        self._drafts = drafts
        self._condition = condition
        self._voice = voice
        self._limits = limits
        self._clock_ms = clock_ms
        self._stopping = asyncio.Event()
        self._stirred = asyncio.Event()

    def stir(self) -> None:
        """A job has come or gone, or an asset has come."""
        self._stirred.set()

    def stop(self) -> None:
        """After the job in hand."""
        self._stopping.set()
        self._stirred.set()

    async def work(self) -> None:
        """Until stopped: one turn after the other."""
        if self._memory.unsettled() is None:  # a look asks what the printer can do, and clears it for that
            await self._look()
        while not self._stopping.is_set():
            self._stirred.clear()
            await self._take(self._next_turn())

    async def expire(self) -> None:
        """For ever: end jobs whose time runs out behind one whose end is not known."""
        while True:
            await asyncio.sleep(self._limits.recheck)
            await self._overdue()

    def _next_turn(self) -> Turn:
        return agenda.next_turn(
            self._memory.unsettled(),
            self._memory.waiting(),
            causes=self._condition.causes,
            since_look_ms=self._clock_ms() - self._condition.looked_ms,
            limits=self._limits,
        )

    async def _take(self, turn: Turn) -> None:
        match turn:
            case Settle(unsettled):
                await self._settle(unsettled)
            case Attend(waiting):
                await self._attend(waiting)
            case LookLater(pause_s):
                await self._overdue()
                await self._pause(pause_s)
                await self._look()
            case Idle(pause_s):
                await self._pause(pause_s)
                if not self._stirred.is_set():
                    self._memory.forget_old()
                    await self._look()

    # ------------------------------------------------------------------- a slip whose end is not known

    async def _settle(self, unsettled: Unsettled) -> None:
        """What an agent that died, or a printer that was gone, left unknown."""
        try:
            ending = await self._device.settle(unsettled.owed, self._watcher(unsettled.job))
        finally:
            await self._voice.spoken()
        await self._overdue()
        match agenda.learned(unsettled.outcome, ending):
            case Learned.AN_END:
                await self._end(unsettled.job, ending, unsettled.received_ms)
                return
            case Learned.NOTHING_EVER:
                self._memory.settled(unsettled.job)
            case Learned.NOTHING_YET:
                pass
        await self._look()

    async def _overdue(self) -> None:
        """Jobs whose time runs out while nothing may be printed."""
        while (waiting := self._memory.waiting()) and waiting.left_ms(self._clock_ms()) <= 0:
            cause = next(iter(self._condition.causes), None)
            await self._end(waiting.job.job, agenda.too_late(cause), waiting.received_ms)

    # --------------------------------------------------------------------------- a job that is waiting

    async def _attend(self, waiting: Waiting) -> None:
        """One job: until it is printed, cancelled, or too old."""
        job = waiting.job
        tries = Tries(self._clock_ms())
        if missing := self._missing(waiting):
            await self._voice.say(Need(hashes=missing))
        while self._memory.state(job.job) == "received":
            now_ms = self._clock_ms()
            left_ms = waiting.left_ms(now_ms)
            step = agenda.next_step(
                tries,
                left_ms=left_ms,
                now_ms=now_ms,
                missing=bool(self._missing(waiting)),
                stopping=self._stopping.is_set(),
            )
            match step:
                case Step.END:
                    await self._end(job.job, agenda.too_late(tries.cause), waiting.received_ms)
                case Step.LEAVE:
                    return
                case Step.WAIT:
                    await self._pause(0.05)
                case Step.PRINT:
                    result = await self._print(waiting)
                    if isinstance(result, Ending):
                        await self._end(job.job, result, waiting.received_ms)
                    elif result is not None:
                        tries = await self._refused(waiting, tries, result)
                        await self._pause(tries.pause_s(left_ms, self._limits))

    def _missing(self, waiting: Waiting) -> tuple[str, ...]:
        return self._drafts.missing(waiting.job, self._condition.paper)

    async def _refused(self, waiting: Waiting, tries: Tries, cause: Cause) -> Tries:
        """Not a byte of it was sent; the server hears why, once for each reason."""
        if cause != tries.cause:
            await self._voice.say(WaitingMessage(job=waiting.job.job, reason=cause))
        await self._hear((cause,))
        return tries.after(cause)

    async def _print(self, waiting: Waiting) -> Ending | Cause | None:
        """One attempt; None when the job was withdrawn at the last moment."""
        job = waiting.job
        paper = self._condition.paper
        work = await asyncio.to_thread(self._drafts.drawn, job, paper)

        def sending(before: int | None) -> None:
            if waiting.left_ms(self._clock_ms()) <= 0 or not self._memory.sending(job.job, before):
                raise Withdrawn
            self._voice.meanwhile(self._voice.say(Sending(job=job.job)))

        uncut = self._condition.paper if self._condition.uncut else None
        try:
            watcher = self._watcher(job.job)
            result = await self._device.deliver(work, uncut=uncut, sending=sending, watcher=watcher)
        except Withdrawn:
            return None
        finally:
            await self._voice.spoken()
        if not isinstance(result, Ending):
            taken_back = self._memory.unsent(job.job)
            return agenda.not_begun(result, taken_back=taken_back, wanted=self._memory.wanted(job.job))
        self._condition.delivered(result, work.made.length_mm, parted=uncut is not None, sent_s=self._device.sent_s)
        if self._condition.causes and result.outcome == "printed":
            await self._hear(())
        return result

    async def _end(self, job: str, ending: Ending, received_ms: int | None) -> None:
        taken = self._clock_ms() - received_ms if received_ms is not None else 0
        self._memory.end(job, ending, taken)
        if ending.torn:
            self._condition.torn()
        log.info("slip", job=job, outcome=ending.outcome, evidence=ending.evidence, reason=ending.reason, ms=taken)
        result = self._memory.result(job)
        assert result is not None
        await self._voice.say(result)

    # ---------------------------------------------------------------------------------- how the printer is

    def _watcher(self, job: str) -> Watcher:
        """What this job's way hears of the printer is told at once, though its end is not known yet."""
        last = self._condition.causes

        def seen(causes: tuple[Cause, ...]) -> None:
            nonlocal last
            if causes != last:
                last = causes
                self._voice.meanwhile(self._amiss(job, causes))

        return Watcher(seen, lambda: self._memory.wanted(job))

    async def _amiss(self, job: str, causes: tuple[Cause, ...]) -> None:
        await self._hear(causes)
        await self._voice.say_all(of_trouble(job, causes, self._memory.open()))

    async def _look(self) -> None:
        look = await self._device.look()
        await self._voice.say_news(self._condition.looked(look, self._device.caps))

    async def _hear(self, causes: tuple[Cause, ...]) -> None:
        """How it is, where a slip's way told of it."""
        await self._voice.say_news(self._condition.heard(causes, self._device.caps))

    async def _pause(self, seconds: float) -> None:
        """Until something stirs, at most this long."""
        self._stirred.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
