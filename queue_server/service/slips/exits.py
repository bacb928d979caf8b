"""How a slip leaves for its printer's agent, or is kept from leaving.

It is recorded as sent before it leaves, because from then on only the agent knows whether paper comes out: for a new
ticket in the ticket's own event, so that a slip whose printer is there costs no second one. What cannot be made must
not count as sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct

from queue_server.domain.records import Ticket
from queue_server.domain.slip_life import SlipState
from queue_server.errors import Refused, Unavailable
from queue_server.service.engine import Engine
from queue_server.service.logs import log
from queue_server.service.slips import fates
from queue_server.service.slips.attempts import SLIPS, Attempts
from queue_server.service.slips.jobs import Jobs
from queue_server.service.slips.printers import Printers
from queue_server.service.slips.taking_back import TakingBack
from queue_server.wire import printing as wire


class Slips(Struct, frozen=True):
    """What the drawing of a slip needs of the server: the view, the layout's hash, and files by hash."""

    view: Callable[[Ticket], wire.SlipView]
    test: Callable[[str], wire.TestView]
    layout: Callable[[], str | None]
    asset: Callable[[str], bytes]
    job_id: Callable[[], str]


class Exits:
    def __init__(
        self, engine: Engine, slips: Slips, printers: Printers, jobs: Jobs, back: TakingBack, attempts: Attempts
    ) -> None:
        self._engine = engine
        self._slips = slips
        self._printers = printers
        self._jobs = jobs
        self._back = back
        self._attempts = attempts
        self._leaving: list[str] = []
        self._wake = asyncio.Event()

    # What is recorded as sent

    def leave(self, ticket: str) -> None:
        """Its job is recorded as sent, and goes as soon as that is on disk."""
        self._leaving.append(ticket)
        self._wake.set()

    def forget(self) -> None:
        """Whatever was about to leave may never have been."""
        self._leaving.clear()

    async def run(self) -> None:
        """All that gathered while the last ones waited for the disk leave together."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            lives, leaving, self._leaving = self._engine.lives, self._leaving, []
            with suppress(Unavailable):  # the rebuild looks again
                await self._engine.settled(lives)
                for ticket in leaving:
                    await self._go(ticket)

    async def _go(self, ticket_id: str) -> None:
        ticket = self._engine.state.tickets.get(ticket_id)
        if ticket is None or ticket.slip.job is None or not ticket.slip.sent:
            return
        try:
            data = self._slips.view(ticket)
        except Exception as error:  # noqa: BLE001 - one slip's fault is that slip's; the sweep tries it again
            await self._cannot_make(ticket, error)
        else:
            self._send(ticket.slip.job, data)
            self._engine.faults.over(SLIPS, ticket.slip.printer or "")

    # What is not

    async def carry(self, ticket_id: str) -> None:
        """See to one ticket's slip. One slip's fault is that slip's; the sweep tries it again."""
        try:
            await self._dispatch(ticket_id)
        except Refused as refused:
            log.warning("slip_not_sent", code=refused.code, reason=refused.reason)
        except Unavailable:
            pass  # the rebuild looks again
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one slip
            ticket = self._engine.state.tickets.get(ticket_id)
            if ticket is not None and fates.is_here(ticket.slip):
                await self._cannot_make(ticket, error)

    async def _cannot_make(self, ticket: Ticket, error: Exception) -> None:
        printer = ticket.slip.printer or ""
        if self._engine.faults.of(SLIPS, printer) is None:
            self._printers.trouble(printer, fates.NOT_DRAWN, ticket.number)
        self._engine.faults.note(SLIPS, printer, error)
        with suppress(Refused, Unavailable):  # it is carried anew after a rebuild, and by the sweep
            await self._jobs.report(ticket, SlipState.QUEUED, fates.NOT_DRAWN, stayed=True)

    async def _dispatch(self, ticket_id: str) -> None:
        """Send an unsent job to its agent, or say at once why it stays queued; let go of one whose ticket is over."""
        ticket = self._engine.state.tickets.get(ticket_id)
        if ticket is None:
            return
        if fates.is_over(ticket):
            await self.let_go(ticket)
            return
        job, printer = ticket.slip.job, ticket.slip.printer or ""
        if job is None or not fates.is_here(ticket.slip):
            return
        why = fates.why_down(self._printers.device(printer))
        if why is not None and await self._attempts.fail_over(ticket):
            return
        if self._printers.ready_link(printer) is None:
            await self._jobs.report(ticket, SlipState.QUEUED, why)
            return
        data = self._slips.view(ticket)
        await self._jobs.report(ticket, SlipState.QUEUED, why, sent=True)
        self._send(job, data)
        self._engine.faults.over(SLIPS, printer)

    async def send_again(self, ticket: Ticket) -> None:
        """To an agent that does not have it: one that is recorded as sent, or was about to be."""
        if fates.is_here(ticket.slip):
            await self._dispatch(ticket.id)
        elif ticket.slip.job is not None:
            self._send(ticket.slip.job, self._slips.view(ticket))

    def _send(self, job: str, data: wire.SlipView) -> None:
        """To the agent that is there now. What has come to an end, or was asked back, does not leave."""
        ticket = self._jobs.ticket_of(job)
        link = self._printers.ready_link(ticket.slip.printer) if ticket else None
        if ticket is None or link is None or job in self._back or not fates.may_leave(ticket):
            return
        left = (ticket.slip.expires_at or 0) - self._engine.now()
        link.send(
            wire.Job(
                job=job,
                ticket=ticket.number,
                seq4=self._printers.seq4(),
                layout=self._slips.layout(),
                data=data,
                ttl_ms=max(0, left),
            )
        )

    async def let_go(self, ticket: Ticket) -> None:
        """A ticket is over, and its paper with it: what has not left stays here, the rest its agent is asked for."""
        await self._engine.settled()
        if fates.is_here(ticket.slip):
            await self._jobs.report(ticket, *fates.CANCELLED)
        elif fates.may_come_out(ticket.slip):
            self._back.let_go(ticket.slip)
