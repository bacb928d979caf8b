"""Clerks' screens that come and go: a counter whose clerk's screen has been gone too long pauses as away.

A screen is its clerk's: who else looks on keeps no counter open. A clerk opens the page before the counter and moves
on to another, so who works there is asked when a screen has been gone too long or is back, never when it connects. Only
screens that were here are missed: a clerk who works through the API alone has none to lose. After a start nobody's
screen has been here yet; a counter that calls by itself must have one again soon, or it calls to an empty chair.
"""

from __future__ import annotations

import asyncio
from collections import Counter as Tally

from queue_server.domain import commands as c
from queue_server.errors import Refused, Unavailable
from queue_server.service.engine import Engine
from queue_server.service.logs import log

BACK_S = 15.0
"""So soon after a start a screen that goes on has found the server again: its longest pause is half of that."""


class Screens:
    """`arrived` and `departed` are called for each live connection to a counter, with whose it is (a pseudonym)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._here: Tally[tuple[str, str]] = Tally()
        self._leaving: dict[tuple[str, str], asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def expect(self, within: float = BACK_S) -> None:
        """After a start: counters that call by themselves are left if their clerks' screens do not come back.

        That is before the first of them would call, whose time began anew with the start; so a clerk who switched that
        on over the API alone has to resume.
        """
        loop = asyncio.get_running_loop()
        within = min(within, 0.9 * self._engine.state.rules.policy.auto_call_after_ms / 1000)
        for record in self._engine.state.counters.values():
            if record.auto_call and record.state == "open" and record.clerk is not None:
                one = record.id, record.clerk
                self._leaving[one] = loop.call_later(within, self._gone, *one)

    def arrived(self, counter: str, clerk: str) -> None:
        self._here[counter, clerk] += 1
        leaving = self._leaving.pop((counter, clerk), None)
        if leaving is not None:
            leaving.cancel()
        self._submit(c.ScreenBack(at=self._engine.now(), counter=counter, clerk=clerk))

    def departed(self, counter: str, clerk: str) -> None:
        self._here[counter, clerk] -= 1
        if self._here[counter, clerk] > 0:
            return
        del self._here[counter, clerk]
        after = self._engine.state.rules.policy.away_after_ms / 1000
        self._leaving[counter, clerk] = asyncio.get_running_loop().call_later(after, self._gone, counter, clerk)

    def _gone(self, counter: str, clerk: str) -> None:
        del self._leaving[counter, clerk]
        self._submit(c.ScreenGone(at=self._engine.now(), counter=counter, clerk=clerk))

    def _submit(self, command: c.Command) -> None:
        task = asyncio.get_running_loop().create_task(self._try(command))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(self, command: c.Command) -> None:
        try:
            await self._engine.submit(command)
        except (Refused, Unavailable) as error:
            log.info("screen_not_noted", code=error.code)

    def close(self) -> None:
        for leaving in self._leaving.values():
            leaving.cancel()
