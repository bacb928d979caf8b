"""Another attempt at a slip that is known not to have printed, without being asked: here again, or at the neighbour's.

Jobs that wait at a printer which wants a person first are taken back and given to one that prints. Whether there may
be another attempt is decided in fates.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from queue_server.domain import commands as c
from queue_server.domain.records import Ticket
from queue_server.errors import Refused, Unavailable
from queue_server.service.engine import Engine
from queue_server.service.logs import log
from queue_server.service.slips import fates
from queue_server.service.slips.jobs import Jobs
from queue_server.service.slips.printers import Printers
from queue_server.service.slips.taking_back import TakingBack

SLIPS = "slips"
"""The fault's kind where the server cannot make a slip; its subject is the printer."""


class Attempts:
    """`job_id` gives a new name each time. `run` moves what is stuck."""

    def __init__(
        self, engine: Engine, printers: Printers, jobs: Jobs, back: TakingBack, job_id: Callable[[], str]
    ) -> None:
        self.stuck: asyncio.Queue[str] = asyncio.Queue()
        """Jobs to be looked at: another printer may make them."""
        self._engine = engine
        self._printers = printers
        self._jobs = jobs
        self._back = back
        self._job_id = job_id
        self._tries: dict[str, int] = {}

    def forget(self) -> None:
        self._tries.clear()

    def stands_in(self, printer: str) -> str | None:
        """The neighbour that the mall names for this printer, if that one is ready."""
        rules = self._engine.state.rules.printers.get(printer)
        if rules is None or rules.fallback is None or self._printers.device(rules.fallback)[0] == "down":
            return None
        return rules.fallback

    async def fail_over(self, ticket: Ticket) -> bool:
        """Let the neighbouring printer make the slip, if it can."""
        neighbour = self.stands_in(ticket.slip.printer or "")
        return neighbour is not None and await self.try_again(ticket, neighbour)

    async def try_again(self, ticket: Ticket, printer: str, *, withdrawn: str | None = None) -> bool:
        """A new job for the same paper, while the first one's time to live lasts."""
        if not self._may_try(ticket):
            return False
        command = c.RequestSlip(
            ticket=ticket.id,
            job=self._job_id(),
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
        return fates.may_try(ticket, self._tries.get(ticket.id, 0), self._engine.now())

    # What is stuck

    def prints(self, printer: str) -> None:
        """What waits at another printer that wants a person first may come to this one, if it prints."""
        if self._printers.device(printer)[0] == "down":
            return
        rules = self._engine.state.rules
        for job, ticket in self._jobs.open():
            if fates.is_stuck(ticket.slip) and printer in fates.elsewhere(rules, ticket):
                self.stuck.put_nowait(job)

    async def run(self) -> None:
        while True:
            job = await self.stuck.get()
            with suppress(Unavailable), self._engine.faults.part(SLIPS, "stuck", Unavailable):
                await self._move(job)

    async def _move(self, job: str) -> None:
        ticket = self._jobs.ticket_of(job)
        if ticket is None or not self._may_try(ticket):
            return
        others = fates.elsewhere(self._engine.state.rules, ticket)
        ready = next((printer for printer in others if self._printers.device(printer)[0] != "down"), None)
        if ready is None or not await self._back.take_back(ticket.slip):
            return
        if not await self.try_again(ticket, ready, withdrawn=job):
            await self._jobs.report(ticket, *fates.CANCELLED, job=job)
