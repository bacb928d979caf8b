"""The day's jobs: whose slip each one is, of which more may be heard, and how a word about one is put on record."""

from __future__ import annotations

from collections.abc import Iterator

from queue_server.domain import commands as c
from queue_server.domain.records import Ticket
from queue_server.domain.slip_life import SlipState
from queue_server.service.engine import Engine
from queue_server.service.slips import fates


class Jobs:
    """Follows what the engine records; `learn` reads the whole day."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._by_job: dict[str, str] = {}
        self._open: dict[str, str] = {}
        """Jobs whose fate is not known, and their tickets."""

    def learn(self) -> None:
        """Every job of the day: after a start, after a rebuild, on a new day."""
        self._by_job.clear()
        self._open.clear()
        for ticket in self._engine.state.tickets.values():
            slip = ticket.slip
            if slip.job is not None:
                self._by_job[slip.job] = ticket.id
                if fates.may_change(slip.state, slip.reason):
                    self._open[slip.job] = ticket.id

    def begin(self, job: str, ticket: str) -> None:
        self._by_job[job] = self._open[job] = ticket

    def hear(self, job: str, state: SlipState, reason: str | None) -> None:
        """What was recorded of a job; of some nothing more is to come."""
        if not fates.may_change(state, reason):
            self._open.pop(job, None)

    def ticket_of(self, job: str) -> Ticket | None:
        """The ticket whose latest job this is; older jobs have been answered for."""
        ticket = self._engine.state.tickets.get(self._by_job.get(job, ""))
        return ticket if ticket is not None and ticket.slip.job == job else None

    def open(self) -> Iterator[tuple[str, Ticket]]:
        """The jobs that are open now, whatever happens to them meanwhile."""
        for job in list(self._open):
            ticket = self.ticket_of(job)
            if ticket is None:
                self._open.pop(job, None)
            else:
                yield job, ticket

    async def report(
        self,
        ticket: Ticket,
        state: SlipState,
        reason: str | None,
        evidence: str | None = None,
        *,
        job: str | None = None,
        sent: bool = False,
        stayed: bool = False,
    ) -> None:
        """What is known now of a ticket's latest job (or of `job`, if that is the latest); on disk when it returns."""
        job = job or ticket.slip.job
        if job is None:
            return
        await self._engine.submit(
            c.ReportSlip(
                ticket=ticket.id,
                job=job,
                state=state,
                reason=reason,
                evidence=evidence,
                sent=sent,
                stayed=stayed,
            )
        )
