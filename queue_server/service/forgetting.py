"""What citizens said of themselves goes when it is due, and by what their tickets were counted with the day.

The journal is told of whatever was forgotten by anybody.

Forgetting and the note that the journal is to be told are one transaction of the registry, so that a server which is
killed between the two, or a command of `antrean` beside it, leaves nothing untold. Times are the mall's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from queue_server.domain import commands as c
from queue_server.domain.acts import ActKind
from queue_server.domain.records import Ticket
from queue_server.errors import NotFound
from queue_server.registry.citizens import Given
from queue_server.registry.store import Registry
from queue_server.service.engine import Engine
from queue_server.settings.tables import Privacy

EVERY_S = 60.0

HOUR_MS = 3_600_000
DAY_MS = 86_400_000

OVER = frozenset({"served", "cancelled", "expired"})


class Forgetting:
    """`privacy` is what config.toml says of it now."""

    def __init__(self, engine: Engine, registry: Registry, privacy: Callable[[], Privacy]) -> None:
        self._engine = engine
        self._registry = registry
        self._privacy = privacy

    async def run(self) -> None:
        """For as long as the server lives."""
        while True:
            with self._engine.faults.part("registry", "citizens"):
                await self.look()
            await self.seal_anew()
            await asyncio.sleep(EVERY_S)

    async def look(self) -> None:
        """Note which tickets have ended; once an hour forget what is due; tell the journal what was forgotten."""
        await self._note_ends()
        if not await asyncio.to_thread(self._registry.acts.swept_within, HOUR_MS, "notes"):
            await self.forget_notes()
        await self._forget_days()
        if not await asyncio.to_thread(self._registry.acts.swept_within, HOUR_MS, "citizens"):
            await self.forget_due()
        await self._tell()

    async def forget_due(self) -> int:
        """Gives how many; that it ran is noted whenever there were any, and once a day at least."""
        registry, before = self._registry, self._engine.now() - self._privacy().citizens
        noted = await asyncio.to_thread(registry.citizens.due, before)
        due = [given.reference for given in noted if await self._still_due(given, before)]
        for reference in due:
            await asyncio.to_thread(registry.personal.forget, reference)
        noted_today = await asyncio.to_thread(registry.acts.swept_within, DAY_MS, "citizens_noted")
        if due or not noted_today:
            await asyncio.to_thread(
                registry.acts.note, ActKind.RETENTION_RAN, about="citizens", details={"gone": len(due)}
            )
        await self._tell()
        return len(due)

    async def forget_notes(self) -> int:
        """What staff wrote goes by the time at which it was written: a note is of use for its ticket's day.

        Gives how many; noted as `forget_due` does.
        """
        registry, gone = self._registry, 0
        while due := await asyncio.to_thread(registry.personal.due, registry.now() - self._privacy().notes):
            for reference in due:
                gone += await asyncio.to_thread(registry.personal.forget, reference)
        noted_today = await asyncio.to_thread(registry.acts.swept_within, DAY_MS, "notes_noted")
        if gone or not noted_today:
            await asyncio.to_thread(registry.acts.note, ActKind.RETENTION_RAN, about="notes", details={"gone": gone})
        await self._tell()
        return gone

    async def _note_ends(self) -> None:
        citizens = self._registry.citizens
        for given in await asyncio.to_thread(citizens.of_open_tickets):
            ended = await self._ended(given)
            if ended is not None:
                await asyncio.to_thread(citizens.ended, given.reference, ended)

    async def _still_due(self, given: Given, before: int) -> bool:
        """What ended a ticket may have been undone since that was noted."""
        ended = await self._ended(given)
        if ended is not None and ended <= before:
            return True
        await asyncio.to_thread(self._registry.citizens.ended, given.reference, ended)
        return False

    async def _ended(self, given: Given) -> int | None:
        try:
            return ended_at(await self._engine.find_ticket(given.ticket))
        except NotFound:  # the journal that had it is another one: it is as old as what was said
            return given.at

    async def _forget_days(self) -> None:
        """By what tickets of a person were counted on other days than this one."""
        daily, day = self._registry.daily, self._engine.state.day
        if not day or not await asyncio.to_thread(daily.has_other_days, day):
            return
        gone = await asyncio.to_thread(daily.forget_other_days, day)
        await asyncio.to_thread(
            self._registry.acts.note, ActKind.RETENTION_RAN, about="daily_tickets", details={"gone": gone}
        )

    async def _tell(self) -> None:
        references = await asyncio.to_thread(self._registry.personal.forgotten)
        if not references:
            return
        for reference in references:
            key = self._engine.hashes("forgotten", "forgotten", reference, b"")
            await self._engine.carry_out(c.ForgetPerson(reference=reference), key)
        await self._engine.settled()
        await asyncio.to_thread(self._registry.personal.told, references)

    async def seal_anew(self) -> None:
        """The file with the keys may be another since a minute ago. Nothing is read where nothing was ever sealed.

        What cannot be opened is a fault that is shown; each goes on without the others.
        """
        faults = self._engine.faults
        with faults.part("registry", "keys"):
            await asyncio.to_thread(self._seal_texts)
        with faults.part("registry", "second_factors"):
            await asyncio.to_thread(self._registry.second_factors.seal_anew)
        with faults.part("registry", "badges"):
            await asyncio.to_thread(self._registry.badges.seal_anew)

    def _seal_texts(self) -> None:
        self._registry.read_keys_again()
        while self._registry.personal.seal_anew():
            pass
        self._registry.daily.seal_anew()


def ended_at(ticket: Ticket) -> int | None:
    """When a ticket ended (milliseconds), or None while somebody may still come with it."""
    if ticket.state not in OVER:
        return None
    ends = [at for step in ticket.steps for at in (step.finished_at, step.left_at) if at is not None]
    return max(ends, default=ticket.issued_at)
