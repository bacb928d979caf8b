"""What agents say, and what follows from it.

An agent that comes back says which jobs it holds. It never got the others. What became of a job is on disk before it
is acknowledged. Of another printer's jobs an agent is believed nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from queue_server.domain.records import Ticket
from queue_server.domain.slip_life import SETTLED, SlipState
from queue_server.errors import Refused, Unavailable
from queue_server.service.engine import Engine
from queue_server.service.logs import log
from queue_server.service.slips import fates
from queue_server.service.slips.attempts import SLIPS, Attempts
from queue_server.service.slips.exits import Exits
from queue_server.service.slips.fates import Again
from queue_server.service.slips.jobs import Jobs
from queue_server.service.slips.printers import PASSING, Link, Printers
from queue_server.service.slips.taking_back import TakingBack
from queue_server.wire import printing as wire


class Words:
    """`asset` gives a file by its hash."""

    def __init__(
        self,
        engine: Engine,
        printers: Printers,
        jobs: Jobs,
        back: TakingBack,
        attempts: Attempts,
        exits: Exits,
        asset: Callable[[str], bytes],
    ) -> None:
        self._engine = engine
        self._printers = printers
        self._jobs = jobs
        self._back = back
        self._attempts = attempts
        self._exits = exits
        self._asset = asset

    async def hear(self, link: Link, message: wire.FromAgent) -> None:
        """Take one message of an agent's."""
        self._printers.heard(link.printer)
        match message:
            case wire.Hello():
                await self._hello(link, message)
            case wire.Status():
                self._printers.status(link, message)
                self._attempts.prints(link.printer)
            case wire.Need():
                for name in dict.fromkeys(message.hashes):
                    link.send(wire.Asset(hash=name, data=self._asset(name)))
            case wire.Cancelled() | wire.TooLate():
                await self._cancel_answered(link, message)
            case _:
                await self._about_job(link, message)

    # An agent that comes

    async def _hello(self, link: Link, hello: wire.Hello) -> None:
        """Jobs that the agent does not know it never got: they are sent again while they live."""
        link.hello = hello
        self._printers.tell(link.printer)
        await self._engine.settled()
        held = {job.job for job in hello.open}
        for job, ticket in self._jobs.open():
            if job not in held and ticket.slip.printer == link.printer:
                with self._engine.faults.part(SLIPS, link.printer, Refused, Unavailable):
                    await self._never_got(ticket)
        for known in hello.open:
            if known.state == "received" and self._jobs.ticket_of(known.job) is None:
                link.send(wire.Cancel(job=known.job))
        for ticket in list(self._engine.state.tickets.values()):
            if ticket.slip.printer == link.printer and fates.is_over(ticket):
                await self._exits.let_go(ticket)

    async def _never_got(self, ticket: Ticket) -> None:
        slip, told = ticket.slip, None
        if not fates.is_here(slip):
            if slip.reason == "interrupted":
                return
            told = fates.never_got(ticket, self._engine.now(), asked_back=slip.job in self._back)
        if told is not None:
            await self._jobs.report(ticket, *told)
        else:
            await self._exits.send_again(ticket)

    # About a job

    async def _about_job(self, link: Link, message: wire.Ack | wire.Waiting | wire.Sending | wire.Result) -> None:
        ticket = self._jobs.ticket_of(message.job)
        if ticket is not None and _is_anothers(link, ticket):
            log.warning("slip_of_another_printer", number=ticket.number, printer=link.printer)
        elif ticket is not None:
            match message:
                case wire.Ack():
                    if message.verdict == "rejected":
                        await self._rejected(link, ticket, message)
                case wire.Waiting():
                    await self._jobs.report(ticket, SlipState.QUEUED, message.reason, sent=True)
                    if message.reason not in PASSING:
                        self._attempts.stuck.put_nowait(message.job)
                case wire.Sending():
                    await self._jobs.report(ticket, SlipState.PRINTING, message.reason, sent=True)
                case wire.Result():
                    await self._result(link, ticket, message)
        else:
            self._printers.about_test(link.printer, message)
        if isinstance(message, wire.Result):
            link.send(wire.ResultAck(job=message.job))

    async def _rejected(self, link: Link, ticket: Ticket, ack: wire.Ack) -> None:
        reason = ack.reason or "invalid"
        self._printers.trouble(link.printer, reason, ticket.number)
        log.error("slip_rejected", number=ticket.number, printer=link.printer, reason=reason, detail=ack.detail)
        await self._jobs.report(ticket, SlipState.NOT_PRINTED, reason)

    async def _result(self, link: Link, ticket: Ticket, result: wire.Result) -> None:
        """On disk when this returns, and only then acknowledged: until then the agent says it again."""
        state, reason = fates.state_of(result), fates.reason_of(result, ticket.slip)
        fresh = ticket.slip.state not in SETTLED
        await self._jobs.report(ticket, state, reason, result.evidence)
        if fresh:
            self._printers.outcomes[link.printer, state] += 1
            if state is not SlipState.PRINTED:
                self._printers.trouble(link.printer, result.reason or state, ticket.number)
            log.info("slip", number=ticket.number, printer=link.printer, state=state, reason=reason, ms=result.ms)
            self._printers.tell(link.printer)
        if state is SlipState.NOT_PRINTED:
            await self._again(link, ticket, result)

    async def _again(self, link: Link, ticket: Ticket, result: wire.Result) -> None:
        match fates.again(result, ticket, self._printers.device(link.printer)):
            case Again.HERE:
                await self._attempts.try_again(ticket, link.printer)
            case Again.NEIGHBOUR:
                await self._attempts.fail_over(ticket)

    async def _cancel_answered(self, link: Link, answer: wire.Cancelled | wire.TooLate) -> None:
        ticket = self._jobs.ticket_of(answer.job)
        if ticket is not None and _is_anothers(link, ticket):
            return
        if self._back.answered(answer) and ticket is not None and fates.never_printed(ticket.slip):
            await self._jobs.report(ticket, *fates.CANCELLED)


def _is_anothers(link: Link, ticket: Ticket) -> bool:
    """Each try has a job of its own, so a job is never of two printers."""
    return ticket.slip.printer != link.printer
