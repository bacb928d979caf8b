"""Slips on their way to paper: which agent gets which job, and what is known of each.

A ticket is on disk before its job exists, and printing never decides whether a ticket exists. A job is recorded as sent
before it leaves, because from then on only the agent knows whether paper comes out; what never left expires here. An
agent that comes back says which jobs it holds: those that it does not know it never got.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count

from msgspec import Struct

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.state import Changes
from queue_server.domain.tickets import Ticket
from queue_server.errors import Refused, Unavailable
from queue_server.service.engine import Engine
from queue_server.service.logs import log
from queue_server.wire import printing as wire

CANCEL_S = 3.0
"""An agent that is linked answers a cancel within this, or it is too late."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Slips(Struct, frozen=True):
    """What the drawing of a slip needs of the server: the view, the layout's hash, and files by hash."""

    view: Callable[[Ticket], wire.SlipView]
    layout: Callable[[str], str | None]
    asset: Callable[[str], bytes]
    job_id: Callable[[], str]


class Link:
    """One agent's connection. `send` writes a message, best effort; a lost link loses nothing."""

    def __init__(self, printer: str, send: Callable[[bytes], None]) -> None:
        self.printer = printer
        self.hello: wire.Hello | None = None
        self.status: wire.Status | None = None
        self._send = send
        self._serials = count()

    def send(self, message: wire.FromServer) -> None:
        self._send(wire.encode(message))

    def seq4(self) -> str:
        """Four printable characters; they come round after a million jobs."""
        number, base = next(self._serials), len(_ALPHABET)
        return "".join(_ALPHABET[number // base**place % base] for place in (3, 2, 1, 0))


class Printing:
    """Every printer of the mall. `run` carries jobs to agents; `hear` takes what agents say."""

    def __init__(self, engine: Engine, slips: Slips) -> None:
        self.links: dict[str, Link] = {}
        self.last_errors: dict[str, str] = {}
        self.last_seen: dict[str, int] = {}
        self.changed: list[Callable[[str], None]] = []
        self._engine = engine
        self._slips = slips
        self._due: asyncio.Queue[str] = asyncio.Queue()
        self._cancels: dict[str, asyncio.Future[bool]] = {}
        self._by_job: dict[str, str] = {}
        self._second_tries: set[str] = set()
        engine.changed.append(self._follow)
        engine.rebuilt.append(self._look_again)

    # What is known of a printer

    def device(self, printer: str) -> tuple[str, str | None]:
        """`ready`, `warning` (paper low) or `down`, and why."""
        link = self.links.get(printer)
        if link is None or link.hello is None:
            return "down", "agent_offline"
        status = link.status
        if status is None:
            return "ready", None
        if not status.ready:
            return "down", status.reasons[0] if status.reasons else "offline"
        return ("warning", "paper_low") if status.near_end else ("ready", None)

    # Jobs on their way

    def _follow(self, changes: Changes, events: tuple[e.AnyEvent, ...]) -> None:
        for event in events:
            match event:
                case e.SlipRequested():
                    self._by_job[event.job] = event.ticket
                    self._due.put_nowait(event.ticket)
                case e.TicketIssued(slip_job=str(job)):
                    self._by_job[job] = event.ticket
                    self._due.put_nowait(event.ticket)
                case e.DayOpened():
                    self._by_job.clear()
                    self._second_tries.clear()

    def _look_again(self) -> None:
        """Every slip that may still have to leave: after a start and after a rebuild."""
        for ticket in self._engine.state.tickets.values():
            if ticket.slip.job is not None:
                self._by_job[ticket.slip.job] = ticket.id
            if ticket.slip.state == "queued" and not ticket.slip.sent:
                self._due.put_nowait(ticket.id)

    async def run(self) -> None:
        """Carry jobs to their agents for as long as the server lives."""
        self._look_again()
        while True:
            ticket = await self._due.get()
            try:
                await self._engine.settled()
                await self._dispatch(ticket)
            except Refused as refused:
                log.warning("slip_not_sent", code=refused.code, reason=refused.reason)
            except Unavailable:
                continue  # the rebuild looks again

    async def _dispatch(self, ticket_id: str) -> None:
        """Send an unsent job to its agent, or say at once why it stays queued."""
        ticket = self._engine.state.tickets.get(ticket_id)
        if ticket is None or ticket.slip.state != "queued" or ticket.slip.sent or ticket.slip.job is None:
            return
        printer = ticket.slip.printer or ""
        state, why = self.device(printer)
        if state == "down" and await self._fail_over(ticket):
            return
        link = self.links.get(printer)
        if link is None or link.hello is None:
            await self._report(ticket, "queued", why)
            return
        await self._report(ticket, "queued", None, sent=True)
        self._send_job(link, ticket)

    def _send_job(self, link: Link, ticket: Ticket) -> None:
        slip = ticket.slip
        left = (slip.expires_at or 0) - self._engine.now()
        if slip.job is None:
            return
        printer = self._engine.state.rules.printers.get(link.printer)
        link.send(
            wire.Job(
                job=slip.job,
                ticket=ticket.number,
                seq4=link.seq4(),
                layout=self._slips.layout(printer.template if printer else "standard"),
                data=self._slips.view(ticket),
                ttl_ms=max(0, left),
            )
        )

    async def _fail_over(self, ticket: Ticket) -> bool:
        """Let the neighbouring printer make the slip, if the mall names one and it is ready."""
        printer = self._engine.state.rules.printers.get(ticket.slip.printer or "")
        if printer is None or printer.fallback is None or self.device(printer.fallback)[0] == "down":
            return False
        if ticket.slip.copy or (ticket.slip.expires_at or 0) <= self._engine.now():
            return False
        await self._engine.submit(
            c.RequestSlip(at=self._engine.now(), ticket=ticket.id, job=self._slips.job_id(), printer=printer.fallback)
        )
        log.info("slip_failed_over", number=ticket.number, printer=printer.fallback)
        return True

    async def _report(
        self,
        ticket: Ticket,
        state: str,
        reason: str | None,
        evidence: str | None = None,
        *,
        job: str | None = None,
        sent: bool = False,
    ) -> None:
        job = job or ticket.slip.job
        if job is None:
            return
        await self._engine.submit(
            c.ReportSlip(
                at=self._engine.now(),
                ticket=ticket.id,
                job=job,
                state=state,
                reason=reason,
                evidence=evidence,
                sent=sent,
            )
        )

    # Agents

    def attach(self, link: Link) -> None:
        """A newer link of the same printer takes the place of the older."""
        self.links[link.printer] = link
        self._tell(link.printer)

    def detach(self, link: Link) -> None:
        if self.links.get(link.printer) is link:
            del self.links[link.printer]
            self.last_errors[link.printer] = "agent_offline"
            self._tell(link.printer)

    async def hear(self, link: Link, message: wire.FromAgent) -> None:
        """Take one message of an agent's."""
        self.last_seen[link.printer] = self._engine.now()
        match message:
            case wire.Hello():
                await self._hello(link, message)
            case wire.Status():
                link.status = message
                if not message.ready and message.reasons:
                    self.last_errors[link.printer] = message.reasons[0]
                self._tell(link.printer)
            case wire.Need():
                for name in message.hashes:
                    link.send(wire.Asset(hash=name, data=self._slips.asset(name)))
            case wire.Cancelled() | wire.TooLate():
                waiter = self._cancels.pop(message.job, None)
                if waiter is not None and not waiter.done():
                    waiter.set_result(isinstance(message, wire.Cancelled))
            case _:
                await self._about_job(link, message)

    async def _hello(self, link: Link, hello: wire.Hello) -> None:
        """Jobs that the agent does not know it never got: they are sent again while they live."""
        link.hello = hello
        self._tell(link.printer)
        held = {job.job for job in hello.open}
        for ticket in [t for t in self._engine.state.tickets.values() if t.slip.printer == link.printer]:
            slip = ticket.slip
            if slip.state != "queued" or slip.job is None or slip.job in held:
                continue
            if (slip.expires_at or 0) <= self._engine.now():
                await self._report(ticket, "not_printed", "expired")
            elif slip.sent:
                self._send_job(link, ticket)
            else:
                await self._dispatch(ticket.id)

    async def _about_job(self, link: Link, message: wire.Ack | wire.Waiting | wire.Sending | wire.Result) -> None:
        ticket = self._ticket_of(message.job)
        if ticket is not None:
            match message:
                case wire.Ack():
                    if message.verdict == "rejected":
                        await self._report(ticket, "not_printed", message.reason or "invalid")
                        self.last_errors[link.printer] = message.reason or "invalid"
                case wire.Waiting():
                    await self._report(ticket, "queued", message.reason, sent=True)
                case wire.Sending():
                    await self._report(ticket, "printing", None, sent=True)
                case wire.Result():
                    await self._result(link, ticket, message)
        if isinstance(message, wire.Result):
            link.send(wire.ResultAck(job=message.job))

    async def _result(self, link: Link, ticket: Ticket, result: wire.Result) -> None:
        state = "not_printed" if result.outcome == "expired" else result.outcome
        reason: str | None = "torn" if result.torn else result.reason
        if result.outcome == "expired" and reason is None:
            reason = ticket.slip.reason or "expired"
        if state == "printed":
            reason = None
        else:
            self.last_errors[link.printer] = reason or state
        await self._report(ticket, state, reason, result.evidence)
        log.info("slip", number=ticket.number, printer=link.printer, state=state, reason=reason, ms=result.ms)
        if state == "not_printed":
            await self._again(link, ticket, result)

    async def _again(self, link: Link, ticket: Ticket, result: wire.Result) -> None:
        """A slip that is known not to have printed: a neighbour makes it, or this printer once more while it lives.

        Only where the connection broke: paper and cover want a person first, and staff ask for that reprint.
        """
        slip = ticket.slip
        if slip.job != result.job or slip.copy:
            return
        if await self._fail_over(ticket):
            return
        left = (slip.expires_at or 0) - self._engine.now()
        if result.reason == "lost" and left > 0 and slip.job not in self._second_tries:
            job = self._slips.job_id()
            self._second_tries.add(job)
            await self._engine.submit(
                c.RequestSlip(at=self._engine.now(), ticket=ticket.id, job=job, printer=slip.printer)
            )

    def _ticket_of(self, job: str) -> Ticket | None:
        """The ticket whose latest job this is; older jobs have been answered for."""
        ticket = self._engine.state.tickets.get(self._by_job.get(job, ""))
        return ticket if ticket is not None and ticket.slip.job == job else None

    async def cancel(self, ticket: Ticket) -> bool:
        """Take a sent job back before its first byte. False where that is too late or the agent is not there."""
        slip = ticket.slip
        link = self.links.get(slip.printer or "")
        if slip.state != "queued" or not slip.sent or slip.job is None or link is None:
            return False
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._cancels[slip.job] = waiter
        link.send(wire.Cancel(job=slip.job))
        try:
            async with asyncio.timeout(CANCEL_S):
                taken_back = await waiter
        except TimeoutError:
            self._cancels.pop(slip.job, None)
            return False
        if taken_back:
            await self._report(ticket, "not_printed", "cancelled", job=slip.job)
        return taken_back

    def _tell(self, printer: str) -> None:
        for tell in self.changed:
            tell(printer)
