"""A printer as the agent sees it: looked at, delivered to, settled with, whatever the way to it.

`LineDevice` is everything that carries bytes both ways, or only one; `transports/spool.py` is a queue of CUPS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from printer.answers import reading as reading_of
from printer.confirming import Work
from printer.conversation import Conversation
from printer.delivery import Delivery
from printer.machine import NOBODY, Ending, Limits, Owed, Watcher
from printer.probing import ask_proof, ask_status, patience, told
from printer.transports.line import LineLost, Transport, Unreachable
from queue_server.wire.printing import Caps, Cause, Evidence, Paper

#: Why nothing is known of a printer that was reached, in words for staff.
SILENCE = "reached, but it says nothing: something else may use it, or it can never answer"
NOISE = "reached, but what it says is no status"


class Look(NamedTuple):
    """How a printer was found."""

    causes: tuple[Cause, ...] = ()
    near_end: bool = False
    cuts: int | None = None
    #: Why it was not reached, in words for staff.
    detail: str = ""


class Device(Protocol):
    """One printer."""

    @property
    def caps(self) -> Caps:
        """What it can prove, as far as is known."""

    @property
    def answers_after(self) -> float:
        """What its slowest answer took when it was asked first, in seconds."""

    @property
    def sent_s(self) -> float | None:
        """How long the last slip took to be handed over, in seconds; None where that is not known."""

    async def look(self) -> Look:
        """How it is now; asks what it can prove when that is not known. Never raises for the printer."""

    async def deliver(
        self, work: Work, *, uncut: Paper | None, sending: Callable[[int | None], None], watcher: Watcher = NOBODY
    ) -> Ending | Cause:
        """How a job ended, or why not a byte of it was sent. `uncut` is the paper of which a torn piece may hang."""

    async def settle(self, owed: Owed, watcher: Watcher = NOBODY) -> Ending:
        """What became of a job that was sent and not confirmed."""

    async def shut(self) -> None:
        """Let go of whatever is held open."""


class LineDevice:
    """A printer at the end of a line."""

    def __init__(
        self,
        transport: Transport,
        limits: Limits,
        *,
        known: Caps | None = None,
        confirm: Evidence | None = None,
    ) -> None:
        """`known` is what it could prove the last time; `confirm` what its address says instead of asking."""
        self._transport = transport
        self._usual = limits
        self._confirm = confirm
        self._delivery = Delivery(transport, known or Caps(), limits)
        self.answers_after = 0.0
        #: Asked since it was last out of reach.
        self._fresh = False

    @property
    def caps(self) -> Caps:
        return self._delivery.caps

    @property
    def sent_s(self) -> float | None:
        return self._delivery.sent_s

    async def look(self) -> Look:
        try:
            line = await self._transport.open()
        except Unreachable as error:
            self._fresh = False
            return Look(("unreachable",), detail=str(error))
        if not self._transport.answers:
            await line.close()
            return Look()
        async with Conversation(line, answer_within=self._delivery.limits.answer) as talk:
            try:
                return await self._looked(talk)
            except LineLost as error:
                self._fresh = False
                return Look(("unreachable",), detail=str(error))

    async def _looked(self, talk: Conversation) -> Look:
        status = self.caps.status
        if self._fresh:
            reading = await talk.status(status)
        else:
            spoken = await ask_status(talk, self._usual)
            status = tuple(spoken.bits)
            reading = reading_of(spoken.bits) if status else None
            self.answers_after = spoken.slowest
            self._bear_with(patience(self._usual, spoken.slowest))
        if reading is None:
            self._fresh = False
            return Look(("no_status",), detail=NOISE if talk.heard else SILENCE)
        if reading.causes:
            return Look(reading.causes, reading.near_end)
        if not self._fresh:
            proof = told(self._confirm, status) if self._confirm else None
            self._delivery.caps = proof or await ask_proof(talk, status, self._delivery.limits.answer, self.caps)
            self._fresh = True
        counter = self.caps.counter
        within = self._delivery.limits.answer
        return Look((), reading.near_end, await talk.count(counter, within) if counter else None)

    def _bear_with(self, answer: float) -> None:
        """Wait so long for its answers from now on."""
        self._delivery.limits = self._usual._replace(answer=answer)

    async def deliver(
        self, work: Work, *, uncut: Paper | None, sending: Callable[[int | None], None], watcher: Watcher = NOBODY
    ) -> Ending | Cause:
        if self._transport.answers and not self._fresh:
            look = await self.look()
            if look.causes:
                return look.causes[0]
        ended = await self._delivery.deliver(work, uncut=uncut, sending=sending, watcher=watcher)
        if ended in {"unreachable", "no_status"}:
            self._fresh = False
        return ended

    async def settle(self, owed: Owed, watcher: Watcher = NOBODY) -> Ending:
        if not self._fresh:
            self._bear_with(self._usual.late)
        return await self._delivery.settle(owed, watcher)

    async def shut(self) -> None:
        await self._transport.shut()
