"""Slips on their way to paper: which agent gets which job, and what is known of each.

A ticket is on disk before its job exists, and printing never decides whether a ticket exists. What never left expires
here. An agent that stays away takes its word with it: what was sent is then `unknown`, until it comes back and knows
better. This file has the tasks that go on for as long as the server lives; what they do is decided in fates.py and
carried out by

exits.py        how a slip leaves for its agent
words.py        what agents say
attempts.py     another attempt, here or at the neighbour's
taking_back.py  jobs that were sent and are asked back
jobs.py         whose job is which
printers.py     what is known of each printer
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from queue_server.domain import events as e
from queue_server.domain.records import Outlook, Ticket
from queue_server.domain.slip_life import SlipState
from queue_server.domain.state import Changes
from queue_server.errors import IllegalMove, Unavailable
from queue_server.service.engine import Engine
from queue_server.service.logs import log
from queue_server.service.slips import fates
from queue_server.service.slips.attempts import SLIPS, Attempts
from queue_server.service.slips.exits import Exits, Slips
from queue_server.service.slips.jobs import Jobs
from queue_server.service.slips.printers import Device, Link, Printers
from queue_server.service.slips.taking_back import TakingBack
from queue_server.service.slips.words import Words
from queue_server.wire import printing as wire

SWEEP_S = 1.0
"""So often jobs are looked at whose agent has gone."""

AT_ONCE = 32
"""So many jobs are carried side by side."""

STRETCH = 100
"""So many open jobs are looked at before others get their turn: about a tenth of a millisecond."""


class Printing:
    """Every printer of the mall. `run` carries jobs to agents; `hear` takes what agents say."""

    def __init__(self, engine: Engine, slips: Slips) -> None:
        self.printers = Printers(engine.now)
        self._engine = engine
        self.slips = slips
        self._due: asyncio.Queue[str] = asyncio.Queue()
        self._over: asyncio.Queue[Ticket] = asyncio.Queue()
        self._jobs = Jobs(engine)
        self._back = TakingBack(self.printers)
        self.attempts = Attempts(engine, self.printers, self._jobs, self._back, slips.job_id)
        self._exits = Exits(engine, slips, self.printers, self._jobs, self._back, self.attempts)
        self._words = Words(
            engine, self.printers, self._jobs, self._back, self.attempts, self._exits, asset=slips.asset
        )
        engine.changed.append(self._follow)
        self._outlooks: dict[str, Outlook] | None = None
        engine.rebuilt.append(self._rebuilt)
        self.printers.changed.append(lambda _printer: self._forget_outlooks())

    # What happens

    def _follow(self, changes: Changes, events: tuple[e.AnyEvent, ...]) -> None:
        for event in events:
            match event:
                case e.SlipRequested():
                    self._asked(event.job, event.ticket)
                case e.TicketIssued(slip_job=str(job)):
                    self._issued(job, event)
                case e.SlipReported():
                    self._jobs.hear(event.job, SlipState(event.state), event.reason)
                case e.TicketCancelled() | e.TicketExpired():
                    self._over.put_nowait(self._engine.state.tickets[event.ticket])
                case e.DayOpened():
                    self._look_again()
                case e.RulesSet():
                    self._forget_outlooks()

    def _asked(self, job: str, ticket: str) -> None:
        self._jobs.begin(job, ticket)
        self._due.put_nowait(ticket)

    def _issued(self, job: str, event: e.TicketIssued) -> None:
        """The ticket's own event may say already what becomes of its slip; its agent comes, or the disk has it."""
        if event.slip_sent:
            self._jobs.begin(job, event.ticket)
            self._exits.leave(event.ticket)
        elif event.slip_reason is not None:
            self._jobs.begin(job, event.ticket)
        else:
            self._asked(job, event.ticket)

    def _look_again(self) -> None:
        """Every job of the day: after a start, after a rebuild, on a new day."""
        self._outlooks = None
        self._exits.forget()
        self._jobs.learn()
        self._back.forget()
        self.attempts.forget()
        for ticket in self._engine.state.tickets.values():
            queued = ticket.slip.state is SlipState.QUEUED and ticket.slip.job is not None
            if queued and (not ticket.slip.sent or fates.is_over(ticket)):
                self._due.put_nowait(ticket.id)

    def _rebuilt(self) -> None:
        """What is recorded as sent may never have left. An agent that has it says so, and makes no second one."""
        self._look_again()
        for _job, ticket in self._jobs.open():
            if ticket.slip.state is SlipState.QUEUED and ticket.slip.sent:
                self._exits.leave(ticket.id)

    async def hear(self, link: Link, message: wire.FromAgent) -> None:
        """Take one message of an agent's."""
        await self._words.hear(link, message)

    # What goes on

    async def run(self) -> None:
        """Carry jobs to their agents for as long as the server lives."""
        self._look_again()
        self.printers.trouble_before(self._engine.state.tickets.values())
        turns = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._sweep_often())
            group.create_task(self.attempts.run())
            group.create_task(self._exits.run())
            group.create_task(self._let_go_of_over())
            while True:
                ticket = await self._due.get()
                await turns.acquire()
                carried = group.create_task(self._exits.carry(ticket))
                carried.add_done_callback(lambda _ended: turns.release())

    async def _let_go_of_over(self) -> None:
        while True:
            ticket = await self._over.get()  # itself: the day that ended it may be over, too
            # after a failed write the rebuild looks again
            with suppress(Unavailable), self._engine.faults.part(SLIPS, "over", Unavailable):
                await self._exits.let_go(ticket)

    async def _sweep_often(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            with suppress(Unavailable), self._engine.faults.part(SLIPS, "sweep", Unavailable):
                await self.sweep()

    async def sweep(self) -> None:
        """Say of each job what its agent, that has gone, no longer can; try again what could not be made."""
        for looked_at, (_job, ticket) in enumerate(self._jobs.open(), 1):
            if looked_at % STRETCH == 0:
                await asyncio.sleep(0)
            slip = ticket.slip
            if slip.reason == fates.NOT_DRAWN and fates.is_here(slip):
                self._due.put_nowait(ticket.id)
                continue
            away = self.printers.away_ms(slip.printer)
            told = fates.assumed(slip, self._engine.now(), away)
            if told is not None:
                await self._assume(ticket, *told)

    async def _assume(self, ticket: Ticket, state: SlipState, reason: str | None) -> None:
        if state is SlipState.UNKNOWN:
            printer = ticket.slip.printer or ""
            self.printers.trouble(printer, reason or state, ticket.number)
            log.warning("slip_unknown", number=ticket.number, printer=printer, reason=reason)
        await self._jobs.report(ticket, state, reason)

    # For others

    @property
    def outlooks(self) -> Mapping[str, Outlook]:
        """What becomes of a slip that is asked for now, by printer; of the others that is found out once it is."""
        if self._outlooks is None:
            self._outlooks = {}
            for printer in self._engine.state.rules.printers:
                linked = self.printers.ready_link(printer) is not None
                neighbour = self.attempts.stands_in(printer) is not None
                found = fates.outlook(self.printers.device(printer), linked=linked, neighbour=neighbour)
                if found is not None:
                    self._outlooks[printer] = found
        return self._outlooks

    def _forget_outlooks(self) -> None:
        self._outlooks = None

    def paper_of(self, printer: str) -> Device:
        """What a kiosk may promise: as `Printers.device`, and a warning `neighbour` while that one stands in."""
        found = self.printers.device(printer)
        if found[0] == "down" and self.attempts.stands_in(printer) is not None:
            return "warning", "neighbour"
        return found

    async def cancel(self, ticket: Ticket) -> bool:
        """Take a sent job back before its first byte. False where that is too late or the agent is not there.

        Where it is True the job never prints, which the caller records.
        """
        return await self._back.take_back(ticket.slip)

    def test(self, printer: str) -> None:
        """Send a test slip. Raises IllegalMove while no agent is linked."""
        link = self.printers.ready_link(printer)
        if link is None:
            raise IllegalMove("No agent is linked for that printer.", reason="no_agent", printer=printer)
        job, ttl = self.slips.job_id(), self._engine.state.rules.policy.slip_ttl_ms
        self.printers.testing(printer, job)
        link.send(
            wire.Job(job=job, ticket="test", seq4=self.printers.seq4(), data=self.slips.test(printer), ttl_ms=ttl)
        )
