"""The agent beside a printer: takes jobs from the server, prints each once, and says what became of it.

Two strands. One listens to the server and writes down what it is given; the other alone touches the printer:
first it settles whatever a dead agent left half done, then it prints one job after the other, and looks at the
printer while there is none. Neither waits for the other: with the server gone the job in hand is finished and
no stale one begun; with the printer gone jobs wait as long as they may live, and the server knows why.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterable, Callable
from typing import Protocol

import msgspec
import structlog

from printer.condition import Condition
from printer.device import Device, Look
from printer.drafts import Drafts
from printer.machine import BACKOFF, Ending, Limits, Watcher
from printer.memory import Memory, Unsettled, Waiting
from printer.models import WrongModel
from printer.press import Press
from queue_server.link import LinkLost
from queue_server.wire.printing import (
    PROTOCOL,
    SPEAKS,
    Ack,
    Asset,
    Cancel,
    Cancelled,
    Cause,
    FromAgent,
    FromServer,
    Greeting,
    Hello,
    Job,
    Need,
    Outcome,
    Paper,
    Refusal,
    ResultAck,
    Sending,
    TooLate,
    encode,
    from_server,
)
from queue_server.wire.printing import Waiting as WaitingMessage

log = structlog.get_logger("printer")

#: How long a layout or logo that was named is waited for before the slip is drawn without it.
ASSET_WITHIN = 1.5
STATUS_EVERY = 30.0
#: A result that was not acknowledged is said again.
REPEAT_EVERY = 5.0


class Session(Protocol):
    """An open link to the server."""

    async def send(self, message: bytes) -> None: ...


class Withdrawn(Exception):
    """The job was cancelled, or its time ran out, in the moment before its first byte."""


class Agent:
    """One printer's agent. `clock_ms` is the machine's monotonic clock."""

    def __init__(
        self,
        *,
        printer: str,
        version: str,
        shown_device: str,
        device: Device,
        memory: Memory,
        press: Press,
        limits: Limits,
        paper: Callable[[Paper], Paper],
        clock_ms: Callable[[], int],
        picture_s: float = 0.0,
    ) -> None:
        """`paper` says which paper is in use when the server has told which it believes in; it raises WrongModel.

        `picture_s` is how long a drawn slip takes on this line by its speed, in seconds.
        """
        self._printer = printer
        self._version = version
        self._shown_device = shown_device
        self._device = device
        self._memory = memory
        self._drafts = Drafts(press, memory)
        self._limits = limits
        self._choose_paper = paper
        self._clock_ms = clock_ms
        self._paper = paper(Paper())
        self._condition = Condition(memory, self._paper, clock_ms, picture_s)
        self._session: Session | None = None
        self._stopping = asyncio.Event()
        self._stirred = asyncio.Event()  # a job has come or gone, an asset has come, or we stop
        #: What is on its way to the server while a job is in hand.
        self._saying: list[asyncio.Task[None]] = []

    # ------------------------------------------------------------------------------ the server's side

    async def listen(self, session: Session, messages: AsyncIterable[bytes]) -> None:
        """One session with the server, from its greeting to its end. Raises nothing for what the server says."""
        try:
            async for data in messages:
                try:
                    message = from_server(data)
                except msgspec.DecodeError as error:
                    log.warning("not understood", error=str(error))
                    continue
                if not await self._told(session, message):
                    return
        finally:
            self._session = None

    async def _told(self, session: Session, message: FromServer) -> bool:
        """Act on a message; False when this session is of no use."""
        match message:
            case Greeting():
                return await self._greeted(session, message)
            case Job():
                await self._given(message)
            case ResultAck(job=job):
                self._memory.acked(job)
            case Cancel():
                await self._cancelled(message)
            case Asset(hash=named, data=data):
                self._drafts.brought(named, data)
                self._stirred.set()
            case Refusal(code=code, detail=detail, update=update):
                log.error("the server refuses this agent", code=code, detail=detail, update=update or None)
                return False
        return True

    async def _greeted(self, session: Session, greeting: Greeting) -> bool:
        if greeting.speaks != SPEAKS or greeting.protocol != PROTOCOL:
            behind = "server" if greeting.protocol < PROTOCOL else "agent"
            log.error("versions differ", update=behind, ours=PROTOCOL, theirs=greeting.protocol)
            return False
        try:
            self._paper = self._choose_paper(greeting.paper)
        except WrongModel as error:
            log.error("model not known", error=error.detail)
            self._paper = self._choose_paper(msgspec.structs.replace(greeting.paper, model=""))
        self._condition.loaded(self._paper)
        hello = Hello(
            agent=self._version,
            printer=self._printer,
            device=self._shown_device,
            caps=self._device.caps,
            paper=self._paper,
            open=self._memory.open(),
        )
        await session.send(encode(hello))
        self._session = session
        await self._say_status()
        await self._say_results()
        return True

    async def _given(self, job: Job) -> None:
        """A job: refused if it can never be printed, else on disk before it is acknowledged."""
        if self._memory.state(job.job) is None and (refused := self._drafts.refused(job)):
            await self._say(refused)
            return
        if self._memory.take(job, self._clock_ms()):
            await self._say(Ack(job=job.job, verdict="accepted"))
            if self._condition.causes:
                await self._say(WaitingMessage(job=job.job, reason=self._condition.causes[0]))
            self._stirred.set()
        else:
            await self._say(Ack(job=job.job, verdict="duplicate"))
            if result := self._memory.result(job.job):
                await self._say(result)

    async def _cancelled(self, asked: Cancel) -> None:
        """Taken back if nothing of it was sent, or never heard of; what was begun is let go of as far as it can be."""
        if self._memory.cancel(asked.job):
            self._stirred.set()
            await self._say(Cancelled(job=asked.job))
        elif self._memory.state(asked.job) is None:
            await self._say(Cancelled(job=asked.job))
        else:
            if asked.begun:
                self._memory.let_go(asked.job)
            await self._say(TooLate(job=asked.job))

    async def _say(self, message: FromAgent) -> None:
        """To the server if it is there; what matters is said again when it comes back."""
        if self._session is not None:
            # A link that ends here is noticed by whoever listens to it.
            with contextlib.suppress(LinkLost):
                await self._session.send(encode(message))

    async def _say_status(self) -> None:
        """What was not looked at yet is said when it was."""
        if (status := self._condition.status()) is not None:
            await self._say(status)

    async def _say_results(self) -> None:
        for result in self._memory.unacked():
            await self._say(result)

    async def report(self) -> None:
        """For ever: results again until acknowledged, the state of things now and then."""
        passed = 0.0
        while True:
            await asyncio.sleep(REPEAT_EVERY)
            passed += REPEAT_EVERY
            await self._say_results()
            if passed >= STATUS_EVERY:
                passed = 0.0
                await self._say_status()

    # ----------------------------------------------------------------------------- the printer's side

    def stop(self) -> None:
        """After the job in hand."""
        self._stopping.set()
        self._stirred.set()

    async def work(self) -> None:
        """Until stopped: what is unsettled, then what waits, then looks at an idle printer."""
        if self._memory.unsettled() is None:  # a look asks what the printer can do, and clears it for that
            await self._see(await self._device.look())
        while not self._stopping.is_set():
            self._stirred.clear()
            if unsettled := self._memory.unsettled():
                await self._settle(unsettled)
            elif waiting := self._memory.waiting():
                await self._attend(waiting)
            else:
                await self._idle()

    async def _settle(self, unsettled: Unsettled) -> None:
        """What an agent that died, or a printer that was gone, left unknown."""
        if unsettled.outcome is not None and self._condition.causes:
            # Told already that it is not known; more can be learned when the printer is back.
            await self._overdue()
            await self._pause(self._limits.recheck)
            await self._see(await self._device.look())
            return
        try:
            ending = await self._device.settle(unsettled.owed, self._watcher(unsettled.job))
        finally:
            await self._spoken()
        await self._overdue()
        if unsettled.outcome == "unknown" and ending.outcome == "unknown":
            if not ending.open:
                self._memory.settled(unsettled.job)
            await self._see(await self._device.look())
            return
        await self._end(unsettled.job, ending, unsettled.received_ms)

    async def expire(self) -> None:
        """For ever: end jobs whose time runs out behind one whose end is not known."""
        while True:
            await asyncio.sleep(self._limits.recheck)
            await self._overdue()

    async def _overdue(self) -> None:
        """Jobs whose time runs out while nothing may be printed."""
        while (waiting := self._memory.waiting()) and self._left_ms(waiting) <= 0:
            cause = next(iter(self._condition.causes), None)
            await self._end(waiting.job.job, _over(cause), waiting.received_ms)

    async def _attend(self, waiting: Waiting) -> None:
        """One job: until it is printed, cancelled, or too old."""
        job = waiting.job
        assets_until = self._clock_ms() + 1000 * ASSET_WITHIN
        await self._ask_for(job)
        cause: Cause | None = None
        failures = 0
        while self._memory.state(job.job) == "received":
            left = self._left_ms(waiting)
            if left <= 0:
                await self._end(job.job, _over(cause), waiting.received_ms)
                return
            if self._stopping.is_set():
                return
            if self._drafts.missing(job, self._paper) and self._clock_ms() < assets_until:
                await self._pause(0.05)
                continue
            result = await self._print(waiting)
            if isinstance(result, Ending):
                await self._end(job.job, result, waiting.received_ms)
                return
            if result is None:
                continue
            if result != cause:
                cause = result
                await self._say(WaitingMessage(job=job.job, reason=cause))
            await self._hear((cause,))
            wait = BACKOFF[min(failures, len(BACKOFF) - 1)] if cause == "unreachable" else 1.0
            failures += 1
            await self._pause(min(wait * self._limits.recheck, left / 1000))

    async def _print(self, waiting: Waiting) -> Ending | Cause | None:
        """One attempt; None when the job was withdrawn at the last moment."""
        job = waiting.job
        work = await asyncio.to_thread(self._drafts.drawn, job, self._paper)

        def sending(before: int | None) -> None:
            if self._left_ms(waiting) <= 0 or not self._memory.sending(job.job, before):
                raise Withdrawn
            self._saying.append(asyncio.create_task(self._say(Sending(job=job.job))))

        uncut = self._paper if self._condition.uncut else None
        try:
            watcher = self._watcher(job.job)
            result = await self._device.deliver(work, uncut=uncut, sending=sending, watcher=watcher)
        except Withdrawn:
            return None
        finally:
            await self._spoken()
        if not isinstance(result, Ending):
            return await self._not_begun(job.job, result)
        self._condition.delivered(result, work.made.length_mm, parted=uncut is not None, sent_s=self._device.sent_s)
        if self._condition.causes and result.outcome == "printed":
            await self._hear(())
        return result

    async def _not_begun(self, job: str, cause: Cause) -> Ending | Cause:
        """Refused, perhaps at the very door: it waits again, unless nobody waits for it any more."""
        if self._memory.unsent(job) and not self._memory.wanted(job):
            return Ending("not_printed", "none", cause)
        return cause

    def _watcher(self, job: str) -> Watcher:
        """What this job's way hears of the printer is told at once, though its end is not known yet."""
        last = self._condition.causes

        def seen(causes: tuple[Cause, ...]) -> None:
            nonlocal last
            if causes != last:
                last = causes
                self._saying.append(asyncio.create_task(self._amiss(job, causes)))

        return Watcher(seen, lambda: self._memory.wanted(job))

    async def _amiss(self, job: str, causes: tuple[Cause, ...]) -> None:
        """Tell how the printer is, of the job in hand, and of those behind it, which another printer may make."""
        await self._hear(causes)
        await self._say(Sending(job=job, reason=causes[0] if causes else None))
        for known in self._memory.open():
            if causes and known.state == "received":
                await self._say(WaitingMessage(job=known.job, reason=causes[0]))

    async def _spoken(self) -> None:
        """All that was to be told meanwhile has been."""
        saying, self._saying = self._saying, []
        await asyncio.gather(*saying)

    async def _ask_for(self, job: Job) -> None:
        if missing := self._drafts.missing(job, self._paper):
            await self._say(Need(hashes=missing))

    def _left_ms(self, waiting: Waiting) -> int:
        """What is left of the job's time to live; a job of another boot has none."""
        if waiting.received_ms is None:
            return 0
        return waiting.job.ttl_ms - (self._clock_ms() - waiting.received_ms)

    async def _end(self, job: str, ending: Ending, received_ms: int | None) -> None:
        taken = self._clock_ms() - received_ms if received_ms is not None else 0
        self._memory.end(job, ending, taken)
        if ending.torn:
            self._condition.torn()
        log.info("slip", job=job, outcome=ending.outcome, evidence=ending.evidence, reason=ending.reason, ms=taken)
        result = self._memory.result(job)
        assert result is not None
        await self._say(result)

    async def _idle(self) -> None:
        """Wait for something to do; look at the printer every so often, sooner while it is not ready."""
        every = self._limits.recheck if self._condition.causes else self._limits.idle
        await self._pause(max(0.0, every - (self._clock_ms() - self._condition.looked_ms) / 1000))
        if not self._stirred.is_set():
            self._memory.forget_old()
            await self._see(await self._device.look())

    async def _pause(self, seconds: float) -> None:
        """Until something stirs, at most this long."""
        self._stirred.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stirred.wait()

    async def _see(self, look: Look) -> None:
        """Remember how the printer is, and say so if it has changed."""
        if (status := self._condition.looked(look, self._device.caps)) is not None:
            await self._say(status)

    async def _hear(self, causes: tuple[Cause, ...]) -> None:
        """The same, where a slip's way told of it."""
        if (status := self._condition.heard(causes, self._device.caps)) is not None:
            await self._say(status)


def _over(cause: Cause | None) -> Ending:
    """A job's time ran out: because of the printer, or because it was never its turn."""
    outcome: Outcome = "not_printed" if cause else "expired"
    return Ending(outcome, "none", cause or "expired")
