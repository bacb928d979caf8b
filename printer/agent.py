"""The agent beside a printer: takes jobs from the server, prints each once, and says what became of it.

Two strands. One, here, listens to the server and writes down what it is given; the other (`worker.py`) alone touches
the printer: first it settles whatever a dead agent left half done, then it prints one job after the other, and looks
at the printer while there is none. Neither waits for the other: with the server gone the job in hand is finished and
no stale one begun; with the printer gone jobs wait as long as they may live, and the server knows why.

What is done next is decided in `agenda.py`, what is said in `replies.py`, how a slip ended in `machine.py`: all pure.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable

import msgspec
import structlog

from printer import replies
from printer.condition import Condition
from printer.device import Device
from printer.drafts import Drafts
from printer.machine import Limits
from printer.memory import Memory
from printer.models import WrongModel
from printer.press import Press
from printer.voice import Session, Voice
from printer.worker import Worker
from queue_server.wire.printing import (
    PROTOCOL,
    Asset,
    Cancel,
    FromServer,
    Greeting,
    Hello,
    Job,
    Paper,
    Refusal,
    ResultAck,
    encode,
    from_server,
)

log = structlog.get_logger("printer")


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
        self._choose_paper = paper
        self._clock_ms = clock_ms
        self._condition = Condition(memory, paper(Paper()), clock_ms, picture_s)
        self._voice = Voice(memory, self._condition)
        self._worker = Worker(
            device=device,
            memory=memory,
            drafts=self._drafts,
            condition=self._condition,
            voice=self._voice,
            limits=limits,
            clock_ms=clock_ms,
        )

    async def work(self) -> None:
        """The printer's strand, until stopped."""
        await self._worker.work()

    async def expire(self) -> None:
        """For ever: end jobs whose time runs out behind one whose end is not known."""
        await self._worker.expire()

    async def report(self) -> None:
        """For ever: say again what matters."""
        await self._voice.report()

    def stop(self) -> None:
        """After the job in hand."""
        self._worker.stop()

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
            self._voice.parted()

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
                self._worker.stir()
            case Refusal(code=code, detail=detail, update=update):
                log.error("the server refuses this agent", code=code, detail=detail, update=update or None)
                return False
        return True

    async def _greeted(self, session: Session, greeting: Greeting) -> bool:
        if update := replies.behind(greeting):
            log.error("versions differ", update=update, ours=PROTOCOL, theirs=greeting.protocol)
            return False
        try:
            paper = self._choose_paper(greeting.paper)
        except WrongModel as error:
            log.error("model not known", error=error.detail)
            paper = self._choose_paper(msgspec.structs.replace(greeting.paper, model=""))
        self._condition.loaded(paper)
        hello = Hello(
            agent=self._version,
            printer=self._printer,
            device=self._shown_device,
            caps=self._device.caps,
            paper=paper,
            open=self._memory.open(),
        )
        await session.send(encode(hello))
        await self._voice.linked(session)
        return True

    async def _given(self, job: Job) -> None:
        """A job: refused if it can never be printed, else on disk before it is acknowledged."""
        if self._memory.state(job.job) is None and (refused := self._drafts.refused(job)):
            await self._voice.say(refused)
            return
        taken = self._memory.take(job, self._clock_ms())
        result = self._memory.result(job.job)
        await self._voice.say_all(replies.to_job(job.job, taken=taken, causes=self._condition.causes, result=result))
        if taken:
            self._worker.stir()

    async def _cancelled(self, asked: Cancel) -> None:
        """Taken back if nothing of it was sent, or never heard of; what was begun is let go of as far as it can be."""
        cancelled = self._memory.cancel(asked.job)
        state = self._memory.state(asked.job)
        if cancelled:
            self._worker.stir()
        elif state is not None and asked.begun:
            self._memory.let_go(asked.job)
        await self._voice.say(replies.to_cancel(asked.job, cancelled=cancelled, state=state))
