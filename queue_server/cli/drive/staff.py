"""The clerks of one queue on a replayed day: they call when the day's clerks called, and serve until they must.

Where it is known when people were called, each such moment calls whoever is next, at the counter that has been free
longest; if none is free, where somebody has been served longest, which finishes that service. Where it is not known, a
free counter calls, and serves about as long as the day says. While people wait for a recorded call a counter goes on
serving until that call, since that is what the recorded clerks must have done.

Nobody stays over night: as the day closes each clerk finishes with whoever is there, and then with whoever still waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from random import Random
from typing import NamedTuple

from msgspec import Struct

from queue_server.cli.drive.arrivals import Arrival
from queue_server.cli.drive.client import Api
from queue_server.cli.drive.ledger import Ledger
from queue_server.cli.drive.mall import Queue
from queue_server.wire.api import CounterView, TicketView

WALK_MS = 10_000
"""From the call to the counter, at least."""
GRID_MS = 30_000
"""What the record does not say happens at whole half-minutes: fewer moments, and it knows nothing finer."""
SPREAD = 0.5
"""A service lasts between this much less and more than usual."""


class Kind(IntEnum):
    """What happens, in the order in which it happens within one moment."""

    ARRIVE = 0
    START = 1
    DONE = 2
    CALL = 3


class Due(NamedTuple):
    """Something that happens at `at` (milliseconds): to a row of the file, at a desk, or a recorded call."""

    at: int
    kind: Kind
    row: Arrival | None = None
    desk: Desk | None = None
    ticket: str = ""


class Desk(Struct, kw_only=True, eq=False):
    """A counter with its clerk. `since` is when its present state began; `longer`: serves until the next call."""

    id: str
    token: str
    open: bool = False
    ticket: str = ""
    serving: bool = False
    since: int = 0
    longer: bool = False

    @property
    def free(self) -> bool:
        return self.open and not self.ticket


class Staff:
    """Citizens and clerks of one queue. `owed` are waiting people whom no recorded call will call."""

    def __init__(self, queue: Queue, tokens: dict[str, str], kiosk: str, api: Api, ledger: Ledger) -> None:
        self.queue = queue
        self._kiosk = kiosk
        self._api = api
        self._ledger = ledger
        self._desks = [Desk(id=counter, token=tokens[counter]) for counter in queue.counters]
        known = next((row.open_counters for row in queue.arrivals if row.open_counters), None)
        self._wanted = known or len(self._desks)
        self._to_come = len(queue.arrivals)
        self._recorded = sum(row.called_at is not None for row in queue.arrivals)
        self._waiting = 0
        self._owed = 0
        self._chance = Random(queue.prefix)  # noqa: S311 - the same day gives the same replay

    def day(self) -> Iterator[Due]:
        """What the file says will happen."""
        for row in self.queue.arrivals:
            yield Due(row.issued_at, Kind.ARRIVE, row)
            if row.called_at is not None:
                yield Due(row.called_at, Kind.CALL)

    async def act(self, now: int, due: list[Due]) -> list[Due]:
        """Do everything that is due in this moment; returns what follows from it later."""
        after: list[Due] = []
        for one in sorted(due, key=lambda one: one.kind):
            if one.kind is Kind.ARRIVE and one.row is not None:
                await self._arrive(one.row)
            elif one.kind is Kind.CALL:
                await self._call_as_recorded(now, after)
            elif one.desk is not None and one.desk.ticket == one.ticket:
                await (self._start if one.kind is Kind.START else self._done)(one.desk, now, after)
        while self._owed and (desk := self._free()) is not None:
            self._owed -= 1
            await self._call(desk, now, after)
        if not self._waiting or not self._recorded:
            for desk in self._desks:
                if desk.longer:
                    await self._finish(desk, now)
        await self._man(now)
        return after

    async def leave(self, now: int) -> None:
        """The day is over: whoever is at a counter or waits is served out, and every counter closes."""
        for desk in self._desks:
            while desk.ticket or (desk.open and self._owed):
                if not desk.ticket:
                    self._owed -= 1
                    await self._call(desk, now, [])
                    continue
                await self._start(desk, now, [])
                await self._finish(desk, now)
            if desk.open:
                await self._close(desk)

    # Citizens

    async def _arrive(self, row: Arrival) -> None:
        body = {"service": self.queue.service}
        ticket = await self._api.post("/tickets", TicketView, self._kiosk, body)
        assert ticket is not None
        waited = None if row.called_at is None else row.called_at - row.issued_at
        self._ledger.issued(ticket, self.queue.agency, waited)
        self._to_come -= 1
        self._waiting += 1
        self._owed += row.called_at is None
        self._wanted = min(row.open_counters or self._wanted, len(self._desks))
        if self._owed and not self._to_come:
            self._wanted = len(self._desks)
        await self._man(row.issued_at)

    # Clerks

    async def _man(self, now: int) -> None:
        """As many counters are open as the day had; one that is too many closes when it is free."""
        surplus = sum(desk.open for desk in self._desks) - self._wanted
        for desk in self._desks if surplus < 0 else ():
            if not desk.open and surplus < 0:
                await self._api.post(f"/counters/{desk.id}/open", CounterView, desk.token)
                desk.open, desk.since = True, now
                surplus += 1
        for desk in reversed(self._desks) if surplus > 0 else ():
            if desk.free and surplus > 0:
                await self._close(desk)
                surplus -= 1

    async def _close(self, desk: Desk) -> None:
        await self._api.post(f"/counters/{desk.id}/close", CounterView, desk.token)
        desk.open = False

    def _free(self) -> Desk | None:
        """The counter that has been free longest."""
        return min((desk for desk in self._desks if desk.free), key=lambda desk: desk.since, default=None)

    async def _call_as_recorded(self, now: int, after: list[Due]) -> None:
        self._recorded -= 1
        desk = self._free()
        if desk is None:
            desk = min((d for d in self._desks if d.open), key=lambda d: (not d.serving, d.since))
            if not desk.serving:
                await self._start(desk, now, [])
        await self._call(desk, now, after)

    async def _call(self, desk: Desk, now: int, after: list[Due]) -> None:
        """Whoever is next; the mall finishes whoever is still served."""
        ticket = await self._api.post(f"/counters/{desk.id}/call-next", TicketView, desk.token)
        if ticket is None:
            return  # somebody is missing: the ledger will say who
        self._ledger.called(ticket)
        self._waiting -= 1
        desk.ticket, desk.serving, desk.since, desk.longer = ticket.id, False, now, False
        after.append(Due(_on_grid(now + WALK_MS), Kind.START, None, desk, ticket.id))

    async def _start(self, desk: Desk, now: int, after: list[Due]) -> None:
        if desk.serving:
            return
        await self._api.post(f"/counters/{desk.id}/start", TicketView, desk.token, {"ticket": desk.ticket})
        desk.serving, desk.since = True, now
        lasts = round(self.queue.serve_ms * self._chance.uniform(1 - SPREAD, 1 + SPREAD))
        after.append(Due(_on_grid(now + lasts), Kind.DONE, None, desk, desk.ticket))

    async def _done(self, desk: Desk, now: int, after: list[Due]) -> None:
        if self._waiting and self._recorded and not self._owed:
            desk.longer = True
        else:
            await self._finish(desk, now)

    async def _finish(self, desk: Desk, now: int) -> None:
        body = {"ticket": desk.ticket}
        ticket = await self._api.post(f"/counters/{desk.id}/finish", TicketView, desk.token, body)
        assert ticket is not None
        self._ledger.became(ticket)
        desk.ticket, desk.serving, desk.since, desk.longer = "", False, now, False


def _on_grid(at: int) -> int:
    return -(-at // GRID_MS) * GRID_MS
