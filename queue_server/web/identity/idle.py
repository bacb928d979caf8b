"""A session with which nobody does anything is locked, by the server, whichever page is open, or none.

Doing is a request that changes something and that no device may send, and a page's word that a hand was on it
(`POST /here`). Reading, a page that asks again by itself and an open connection are none.

Whoever has somebody at their counter, called or being served, may leave the page alone for four times as long: clerks
work in their agency's own program meanwhile. Then it locks all the same, since what is on it is the citizen's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress

from queue_server.domain.acts import ActKind
from queue_server.domain.records import CounterRecord
from queue_server.errors import Unavailable
from queue_server.registry.sessions import Session
from queue_server.registry.store import Registry
from queue_server.service.logs import log

LOOK_S = 1.0
"""So often it is looked which sessions were left alone."""

AT_WORK = 4
"""So many times as long while somebody is at their counter."""


class Idle:
    """`lock_after` gives milliseconds, 0 for never; `counters` those of the hall, as they are now."""

    def __init__(
        self, registry: Registry, lock_after: Callable[[], int], counters: Callable[[], Collection[CounterRecord]]
    ) -> None:
        self._registry = registry
        self._lock_after = lock_after
        self._counters = counters

    def left_ms(self, person: str, did_at: int) -> int | None:
        """How long until a session locks whose person last did something then; None for never."""
        after = self._lock_after()
        if not after:
            return None
        at_work = any(one.ticket is not None and one.clerk == person for one in self._counters())
        return did_at + after * (AT_WORK if at_work else 1) - self._registry.now()

    def is_left(self, session: Session) -> bool:
        """Whether it lets nobody in any more, also before `run` has come to it."""
        return self._is_over(session.person.id, session.did_at)

    def _is_over(self, person: str, did_at: int) -> bool:
        left = self.left_ms(person, did_at)
        return left is not None and left <= 0

    async def run(self) -> None:
        """For as long as the server lives. The open connections of what is locked are cut by recheck.py."""
        while True:
            with suppress(Unavailable):  # the registry's own alarm says so; meanwhile `is_left` holds
                await self._look()
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        if not self._lock_after():
            return
        sessions = self._registry.sessions
        left = {one: who for one, who, did_at in sessions.since() if self._is_over(who, did_at)}
        if not left:
            return
        await asyncio.to_thread(sessions.lock_each, left)
        for person in left.values():
            await asyncio.to_thread(self._registry.acts.note, ActKind.LOCKED, about=person, why="idle")
            log.info("session_locked", who=person)
