"""What people did on its way from the registry into the journal (registry/acts.py says how it gets there).

A row is named in the journal first and marked here afterwards; if the server is killed in between, the same row comes
again under the same key, which the engine knows.
"""

from __future__ import annotations

import asyncio
import contextlib

from queue_server.domain import commands as c
from queue_server.errors import Unavailable
from queue_server.registry.acts import Act, Acts
from queue_server.service.engine import Engine

LOOK_S = 1.0
"""So often it is asked what commands beside the server have noted; its own is taken at once."""


class Acting:
    def __init__(self, engine: Engine, acts: Acts) -> None:
        self._engine = engine
        self._acts = acts
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        acts.added.append(self._look_now)

    def _look_now(self) -> None:
        self._loop.call_soon_threadsafe(self._wake.set)

    async def run(self) -> None:
        """For as long as the server lives."""
        while True:
            self._wake.clear()
            try:
                more = await self.carry()
            except Unavailable:  # the journal's or the registry's own alarm says so; what waits here, waits
                more = False
            if not more:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await self._wake.wait()

    async def carry(self) -> bool:
        """Take what waits into the journal; whether there was anything."""
        acts = await asyncio.to_thread(self._acts.waiting)
        if not acts:
            return False
        for act in acts:
            await self._engine.carry_out(self._command(act), self._engine.hashes("acts", "acts", act.act, b""))
        await self._engine.settled()
        await asyncio.to_thread(self._acts.noted, acts)
        return True

    def _command(self, act: Act) -> c.NoteAct:
        return c.NoteAct(
            act=act.act,
            what=act.what,
            by=act.by,
            about=act.about,
            agency=act.agency,
            why=act.why,
            times=act.times,
            done_at=act.at if self._acts.is_late(act) else None,
            details=act.details,
        )
