"""Whoever is linked would still be let in: each open websocket is asked for again, and cut where it is not.

The registry says when anything in it has changed, by this server or by a command beside it; then everybody is looked
up at once. Beside that everybody is looked up every minute, in turn, whatever a connection says or keeps silent about.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from msgspec import Struct

from queue_server.errors import AntreanError, Forbidden, Unauthorized
from queue_server.registry.store import Registry
from queue_server.service.logs import log
from queue_server.web.identity.access import Doors

LOOK_S = 0.25
"""So often the registry is asked whether it has changed. Who is put out has to be out within a second."""

ROUND_S = 60.0
"""Everybody is looked up at least so often: a session ends by itself, and changes nothing then."""

STRETCH = 50
"""So many are looked up before others get their turn."""


Check = Callable[[], Awaitable[tuple[str, ...]]]


class Held(Struct, kw_only=True, eq=False):
    """One websocket. `check` raises Unauthorized or Forbidden where its holder would not be let in now; else it says
    who that is and what they get, which is `granted` as long as nothing has changed. `cut` ends it, and is told why;
    it is `over` from then on, whatever its holder still says."""

    check: Check
    granted: tuple[str, ...]
    cut: Callable[[bytes], Awaitable[None]]
    over: bool = False


class Recheck:
    def __init__(self, registry: Registry, doors: Doors) -> None:
        self._registry = registry
        self._doors = doors
        self._held: set[Held] = set()
        self._changes = registry.changes()

    def begin(self, held: Held) -> None:
        self._held.add(held)

    def end(self, held: Held) -> None:
        self._held.discard(held)

    async def run(self) -> None:
        """For as long as the server lives."""
        loop = asyncio.get_running_loop()
        round_at = loop.time() + ROUND_S
        async with asyncio.TaskGroup() as partings:  # whoever parts slowly keeps nobody else in
            while True:
                await asyncio.sleep(LOOK_S)
                changes = self._registry.changes()
                if changes == self._changes and loop.time() < round_at:
                    continue
                self._changes, round_at = changes, loop.time() + ROUND_S
                self._doors.forget_all()
                for looked_at, held in enumerate(tuple(self._held), 1):
                    if looked_at % STRETCH == 0:
                        await asyncio.sleep(0)
                    why = await _why_not(held)
                    if why is not None and not held.over:
                        held.over = True
                        partings.create_task(_cut(held, why))


async def _cut(held: Held, why: str) -> None:
    log.info("link_cut", reason=why)
    with suppress(ConnectionError):  # it has gone by itself
        await held.cut(why.encode())


async def _why_not(held: Held) -> str | None:
    """Why its holder is put out, or None. Other rights are a reason, too: the page asks again, and gets what is its."""
    try:
        return None if await held.check() == held.granted else "changed"
    except (Unauthorized, Forbidden):
        return "unauthorized"
    except AntreanError:  # of no matter here: an answer of another day, a registry that does not answer now
        return None
