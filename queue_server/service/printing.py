"""Slips on their way to paper: which agent gets which job, and what is known of each.

A ticket is on disk before its job exists, and printing never decides whether a ticket exists. A job is recorded as sent
before it leaves, because from then on only the agent knows whether paper comes out; what never left expires here. An
agent that comes back says which jobs it holds: those that it does not know it never got. An agent that stays away takes
its word with it: what was sent is then `unknown`, until it comes back and knows better. What is believed of a slip
is decided in slip_fates.py; a ticket that is over takes its paper back as far as it can be (taking_back.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.records import Ticket
from queue_server.domain.slip_life import SETTLED
from queue_server.domain.state import Changes
from queue_server.errors import IllegalMove, Refused, Unavailable
from queue_server.service import slip_fates
from queue_server.service.engine import Engine
from queue_server.service.logs import log
from queue_server.service.printers import LOOKING, PASSING, Link, Printers
from queue_server.service.taking_back import TakingBack
from queue_server.wire import printing as wire

SWEEP_S = 1.0
"""So often jobs are looked at whose agent has gone."""

SLIPS = "slips"
"""What a slip that the server cannot make is called among the faults; its subject is the printer."""

AT_ONCE = 32
"""So many jobs are carried side by side."""


class Slips(Struct, frozen=True):
    """What the drawing of a slip needs of the server: the view, the layout's hash, and files by hash."""

    view: Callable[[Ticket], wire.SlipView]
    test: Callable[[str], wire.TestView]
    layout: Callable[[], str | None]
    asset: Callable[[str], bytes]
    job_id: Callable[[], str]


class Printing:
    """Every printer of the mall. `run` carries jobs to agents; `hear` takes what agents say."""

    def __init__(self, engine: Engine, slips: Slips) -> None:
        self.printers = Printers(engine.now)
        self._engine = engine
        self._slips = slips
        self._due: asyncio.Queue[str] = asyncio.Queue()
        self._stuck: asyncio.Queue[str] = asyncio.Queue()
        self._over: asyncio.Queue[Ticket] = asyncio.Queue()
        self._by_job: dict[str, str] = {}
        self._open: dict[str, str] = {}
        """Jobs whose fate is not known, and their tickets."""
        self._back = TakingBack(self.printers)
        self._tries: dict[str, int] = {}
        engine.changed.append(self._follow)
        engine.rebuilt.append(self._look_again)

    # Jobs on their way

    def _follow(self, changes: Changes, events: tuple[e.AnyEvent, ...]) -> None:
        for event in events:
            match event:
                case e.SlipRequested():
                    self._asked(event.job, event.ticket)
                case e.TicketIssued(slip_job=str(job)):
                    self._asked(job, event.ticket)
                case e.SlipReported() if not slip_fates.may_change(event.state, event.reason):
                    self._open.pop(event.job, None)
                case e.TicketCancelled() | e.TicketExpired():
                    self._over.put_nowait(self._engine.state.tickets[event.ticket])
                case e.DayOpened():
                    self._look_again()

    def _asked(self, job: str, ticket: str) -> None:
        self._by_job[job] = self._open[job] = ticket
        self._due.put_nowait(ticket)

    def _look_again(self) -> None:
        """Every job of the day: after a start, after a rebuild, on a new day."""
        self._by_job.clear()
        self._open.clear()
        self._back.forget()
        self._tries.clear()
        for ticket in self._engine.state.tickets.values():
            slip = ticket.slip
            if slip.job is None:
                continue
            self._by_job[slip.job] = ticket.id
            if slip_fates.may_change(slip.state, slip.reason):
                self._open[slip.job] = ticket.id
            if slip.state == "queued" and (not slip.sent or slip_fates.is_over(ticket)):
                self._due.put_nowait(ticket.id)

    async def run(self) -> None:
        """Carry jobs to their agents for as long as the server lives."""
        self._look_again()
        self.printers.remember(self._engine.state.tickets.values())
        turns = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._sweep_often())
            group.create_task(self._move_stuck())
            group.create_task(self._let_go_of_over())
            while True:
                ticket = await self._due.get()
                await turns.acquire()
                carried = group.create_task(self._carry(ticket))
                carried.add_done_callback(lambda _ended: turns.release())

    async def _carry(self, ticket: str) -> None:
        try:
            await self._dispatch(ticket)
        except Refused as refused:
            log.warning("slip_not_sent", code=refused.code, reason=refused.reason)
        except Unavailable:
            pass  # the rebuild looks again
        except Exception as error:  # noqa: BLE001 - one slip's fault is that slip's; the sweep tries it again
            await self._cannot_make(ticket, error)

    async def _cannot_make(self, ticket_id: str, error: Exception) -> None:
        ticket = self._engine.state.tickets.get(ticket_id)
        if ticket is not None and ticket.slip.state == "queued" and not ticket.slip.sent:
            printer = ticket.slip.printer or ""
            if self._engine.faults.of(SLIPS, printer) is None:
                self.printers.trouble(printer, "not_drawn", ticket.number)
            self._engine.faults.note(SLIPS, printer, error)
            with suppress(Refused, Unavailable):  # it is carried anew after a rebuild, and by the sweep
                await self._report(ticket, "queued", "not_drawn")

    async def _dispatch(self, ticket_id: str) -> None:
        """Send an unsent job to its agent, or say at once why it stays queued; let go of one whose ticket is over."""
        ticket = self._engine.state.tickets.get(ticket_id)
        if ticket is not None and slip_fates.is_over(ticket):
            await self._let_go(ticket)
            return
        if ticket is None or ticket.slip.state != "queued" or ticket.slip.sent or ticket.slip.job is None:
            return
        job, printer = ticket.slip.job, ticket.slip.printer or ""
        state, why = self.printers.device(printer)
        if why == LOOKING:  # the agent says in a moment whether it can be printed here
            state, why = "ready", None
        if state == "down" and await self._fail_over(ticket):
            return
        why = why if state == "down" else None
        if self.printers.ready_link(printer) is None:
            await self._report(ticket, "queued", why)
            return
        data = self._slips.view(ticket)  # what cannot be made must not count as sent
        await self._report(ticket, "queued", why, sent=True)
        self._send_job(job, data)
        self._engine.faults.over(SLIPS, printer)

    def _send_job(self, job: str, data: wire.SlipView) -> None:
        """To the agent that is there now. What has come to an end, or was asked back, does not leave."""
        ticket = self._ticket_of(job)
        link = self.printers.ready_link(ticket.slip.printer) if ticket else None
        if ticket is None or link is None or ticket.slip.state in SETTLED or job in self._back:
            return
        if slip_fates.is_over(ticket):
            return  # cancelled on its way out: it is let go of
        left = (ticket.slip.expires_at or 0) - self._engine.now()
        link.send(
            wire.Job(
                job=job,
                ticket=ticket.number,
                seq4=self.printers.seq4(),
                layout=self._slips.layout(),
                data=data,
                ttl_ms=max(0, left),
            )
        )

    # Another attempt, without being asked

    def paper_of(self, printer: str) -> tuple[str, str | None]:
        """What a kiosk may promise: as `Printers.device`, and a warning `neighbour` while that one stands in."""
        found, rules = self.printers.device(printer), self._engine.state.rules.printers.get(printer)
        if found[0] == "down" and rules and rules.fallback and self.printers.device(rules.fallback)[0] != "down":
            return "warning", "neighbour"
        return found

    async def _fail_over(self, ticket: Ticket, *, withdrawn: str | None = None) -> bool:
        """Let the neighbouring printer make the slip, if the mall names one and it is ready."""
        printer = self._engine.state.rules.printers.get(ticket.slip.printer or "")
        if printer is None or printer.fallback is None or self.printers.device(printer.fallback)[0] == "down":
            return False
        return await self._try_again(ticket, printer.fallback, withdrawn=withdrawn)

    async def _try_again(self, ticket: Ticket, printer: str | None, *, withdrawn: str | None = None) -> bool:
        """A new job for the same paper, while the first one's time to live lasts. A reprint is left to who asked."""
        if not self._may_try(ticket):
            return False
        command = c.RequestSlip(
            at=self._engine.now(),
            ticket=ticket.id,
            job=self._slips.job_id(),
            printer=printer,
            until=ticket.slip.expires_at,
            withdrawn=withdrawn,
        )
        try:
            await self._engine.submit(command)
        except Refused as refused:
            log.warning("slip_not_tried_again", code=refused.code, reason=refused.reason)
            return False
        self._tries[ticket.id] = self._tries.get(ticket.id, 0) + 1
        log.info("slip_tried_again", number=ticket.number, printer=printer)
        return True

    def _may_try(self, ticket: Ticket) -> bool:
        return slip_fates.may_try(ticket, self._tries.get(ticket.id, 0), self._engine.now())

    async def _move_stuck(self) -> None:
        """Take jobs back that wait at a printer which wants a person first, and give them to one that prints."""
        while True:
            job = await self._stuck.get()
            with suppress(Unavailable), self._engine.faults.part(SLIPS, "stuck", Unavailable):
                await self._move(job)

    async def _move(self, job: str) -> None:
        ticket = self._ticket_of(job)
        if ticket is None or not self._may_try(ticket):
            return
        elsewhere = [printer for printer in self._elsewhere(ticket) if self.printers.device(printer)[0] != "down"]
        if not elsewhere or not await self.cancel(ticket):
            return
        if not await self._try_again(ticket, elsewhere[0], withdrawn=job):
            await self._report(ticket, "not_printed", "cancelled", job=job)

    def _elsewhere(self, ticket: Ticket) -> list[str]:
        """Who could make this slip where it is not: the kiosk's own printer, then the neighbour of where it is."""
        rules, here = self._engine.state.rules, ticket.slip.printer
        kiosk, printer = rules.kiosks.get(ticket.kiosk or ""), rules.printers.get(here or "")
        own, neighbour = kiosk.printer if kiosk else None, printer.fallback if printer else None
        return [id_ for id_ in dict.fromkeys((own, neighbour)) if id_ is not None and id_ != here]

    def _look_for_stuck(self, printer: str) -> None:
        """This printer prints: what waits at another that wants a person first may come here."""
        if self.printers.device(printer)[0] == "down":
            return
        for job in self._open:
            ticket = self._ticket_of(job)
            if ticket is not None and slip_fates.is_stuck(ticket.slip) and printer in self._elsewhere(ticket):
                self._stuck.put_nowait(job)

    # Agents

    async def hear(self, link: Link, message: wire.FromAgent) -> None:
        """Take one message of an agent's."""
        self.printers.heard(link.printer)
        match message:
            case wire.Hello():
                await self._hello(link, message)
            case wire.Status():
                self.printers.status(link, message)
                self._look_for_stuck(link.printer)
            case wire.Need():
                for name in message.hashes:
                    link.send(wire.Asset(hash=name, data=self._slips.asset(name)))
            case wire.Cancelled() | wire.TooLate():
                await self._cancel_answered(message)
            case _:
                await self._about_job(link, message)

    async def _hello(self, link: Link, hello: wire.Hello) -> None:
        """Jobs that the agent does not know it never got: they are sent again while they live."""
        link.hello = hello
        self.printers.tell(link.printer)
        await self._engine.settled()
        held = {job.job for job in hello.open}
        for job in [job for job in self._open if job not in held]:
            ticket = self._ticket_of(job)
            if ticket is not None and ticket.slip.printer == link.printer:
                with self._engine.faults.part(SLIPS, link.printer, Refused, Unavailable):
                    await self._never_got(ticket, job)
        for known in hello.open:
            if known.state == "received" and self._ticket_of(known.job) is None:
                link.send(wire.Cancel(job=known.job))
        for ticket in list(self._engine.state.tickets.values()):
            if ticket.slip.printer == link.printer and slip_fates.is_over(ticket):
                await self._let_go(ticket)

    async def _never_got(self, ticket: Ticket, job: str) -> None:
        slip = ticket.slip
        if slip.state == "queued" and not slip.sent:
            await self._dispatch(ticket.id)
        elif slip.reason != "interrupted":
            told = slip_fates.never_got(ticket, self._engine.now(), asked_back=job in self._back)
            if told is not None:
                await self._report(ticket, *told)
            else:
                self._send_job(job, self._slips.view(ticket))

    async def _about_job(self, link: Link, message: wire.Ack | wire.Waiting | wire.Sending | wire.Result) -> None:
        ticket = self._ticket_of(message.job)
        if ticket is not None:
            match message:
                case wire.Ack():
                    if message.verdict == "rejected":
                        await self._rejected(link, ticket, message)
                case wire.Waiting():
                    await self._report(ticket, "queued", message.reason, sent=True)
                    if message.reason not in PASSING:
                        self._stuck.put_nowait(message.job)
                case wire.Sending():
                    await self._report(ticket, "printing", message.reason, sent=True)
                case wire.Result():
                    await self._result(link, ticket, message)
        else:
            self.printers.about_test(link.printer, message)
        if isinstance(message, wire.Result):
            link.send(wire.ResultAck(job=message.job))

    async def _rejected(self, link: Link, ticket: Ticket, ack: wire.Ack) -> None:
        reason = ack.reason or "invalid"
        self.printers.trouble(link.printer, reason, ticket.number)
        log.error("slip_rejected", number=ticket.number, printer=link.printer, reason=reason, detail=ack.detail)
        await self._report(ticket, "not_printed", reason)

    async def _result(self, link: Link, ticket: Ticket, result: wire.Result) -> None:
        """On disk when this returns, and only then acknowledged: until then the agent says it again."""
        state = "not_printed" if result.outcome == "expired" else result.outcome
        reason = slip_fates.reason_of(result, ticket.slip)
        fresh = ticket.slip.state not in SETTLED
        await self._report(ticket, state, reason, result.evidence)
        if fresh:
            self.printers.outcomes[link.printer, state] += 1
            if state != "printed":
                self.printers.trouble(link.printer, result.reason or state, ticket.number)
            log.info("slip", number=ticket.number, printer=link.printer, state=state, reason=reason, ms=result.ms)
            self.printers.tell(link.printer)
        if state == "not_printed":
            await self._again(link, ticket, result)

    async def _again(self, link: Link, ticket: Ticket, result: wire.Result) -> None:
        """A slip that is known not to have printed: this printer makes it again, or its neighbour does.

        The same printer only where the line broke: paper, cover and cutter want a person first, and staff ask for that
        reprint.
        """
        if not slip_fates.worth_another(result, ticket.slip) or slip_fates.is_over(ticket):
            return
        if result.reason == "lost" and self.printers.device(link.printer)[0] != "down":
            await self._try_again(ticket, link.printer)
        else:
            await self._fail_over(ticket)

    def _ticket_of(self, job: str) -> Ticket | None:
        """The ticket whose latest job this is; older jobs have been answered for."""
        ticket = self._engine.state.tickets.get(self._by_job.get(job, ""))
        return ticket if ticket is not None and ticket.slip.job == job else None

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
        """What is known now of a ticket's latest job (or of `job`, if that is the latest); on disk when it returns."""
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

    # Taking back

    async def cancel(self, ticket: Ticket) -> bool:
        """Take a sent job back before its first byte. False where that is too late or the agent is not there.

        Where it is True the job never prints, which the caller records.
        """
        return await self._back.take_back(ticket.slip)

    async def _let_go_of_over(self) -> None:
        while True:
            ticket = await self._over.get()  # itself: the day that ended it may be over, too
            # after a failed write the rebuild looks again
            with suppress(Unavailable), self._engine.faults.part(SLIPS, "over", Unavailable):
                await self._let_go(ticket)

    async def _let_go(self, ticket: Ticket) -> None:
        """A ticket is over, and its paper with it: what has not left stays here, the rest its agent is asked for."""
        await self._engine.settled()
        slip = ticket.slip
        if slip.state == "queued" and not slip.sent:
            await self._report(ticket, "not_printed", "cancelled")
        elif slip_fates.may_come_out(slip):
            self._back.let_go(slip)

    async def _cancel_answered(self, answer: wire.Cancelled | wire.TooLate) -> None:
        ticket = self._ticket_of(answer.job)
        if self._back.answered(answer) and ticket is not None and slip_fates.never_printed(ticket.slip):
            await self._report(ticket, "not_printed", "cancelled")

    # Agents that stay away

    async def _sweep_often(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            with suppress(Unavailable), self._engine.faults.part(SLIPS, "sweep", Unavailable):
                await self._sweep()

    async def _sweep(self) -> None:
        """Say of each job what its agent, that has gone, no longer can."""
        for job in list(self._open):
            ticket = self._ticket_of(job)
            if ticket is None:
                self._open.pop(job, None)
            elif ticket.slip.reason == "not_drawn" and ticket.slip.state == "queued" and not ticket.slip.sent:
                self._due.put_nowait(ticket.id)
            elif (assumed := self._assumed(ticket)) is not None:
                state, reason = assumed
                if state == "unknown":
                    self.printers.trouble(ticket.slip.printer or "", reason, ticket.number)
                    log.warning("slip_unknown", number=ticket.number, printer=ticket.slip.printer, reason=reason)
                await self._report(ticket, state, reason)

    def _assumed(self, ticket: Ticket) -> tuple[str, str] | None:
        slip = ticket.slip
        return slip_fates.assumed(slip, self._engine.now(), self.printers.away_ms(slip.printer))

    # Test slips

    def test(self, printer: str) -> None:
        """Send a test slip. Raises IllegalMove while no agent is linked."""
        link = self.printers.ready_link(printer)
        if link is None:
            raise IllegalMove("No agent is linked for that printer.", reason="no_agent", printer=printer)
        job, ttl = self._slips.job_id(), self._engine.state.rules.policy.slip_ttl_ms
        self.printers.testing(printer, job)
        link.send(
            wire.Job(job=job, ticket="test", seq4=self.printers.seq4(), data=self._slips.test(printer), ttl_ms=ttl)
        )
