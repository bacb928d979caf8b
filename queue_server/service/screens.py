"""Clerks' screens that come and go: a counter whose clerk's screen has been gone too long pauses as away.

A screen is its clerk's: who else looks on keeps no counter open. A clerk opens the page before the counter and moves
on to another, so who works there is asked when a screen has been gone too long or is back, never when it connects. Only
screens that were here are missed: a clerk who works through the API alone has none to lose.

A counter that calls by itself wants more: somebody must see the call. It calls only while the screen of the clerk who
works there has just answered. A screen that says nothing is asked, and until it answers (or another of the same clerk
comes) nobody is called: a line that was cut looks like one that is quiet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from queue_server.domain import commands as c
from queue_server.domain.counter_life import CounterState
from queue_server.domain.records import CounterRecord
from queue_server.errors import Refused, Unavailable
from queue_server.service.engine import Engine
from queue_server.service.logs import log

BACK_S = 15.0
"""So soon after a start a screen that goes on has found the server again: its longest pause is half of that."""

FRESH_S = 1.0
"""So long an answer shows that a screen is there; after that it is asked anew before a call by itself."""

MISSED_S = 5.0
"""A screen that has not answered for so long is said to be gone, of a counter that should call by itself."""

AGAIN_S = 1.0
"""What the journal could not take is tried again after this."""


class Screen:
    """One live connection to a counter. `ask` sends what any answer to is a sign of life."""

    __slots__ = ("ask", "asked_at", "clerk", "counter", "heard_at")

    def __init__(self, counter: str, clerk: str, ask: Callable[[], Awaitable[None]], now: float) -> None:
        self.counter = counter
        self.clerk = clerk
        self.ask = ask
        self.heard_at = now
        self.asked_at = 0.0


class Screens:
    """`arrived`, `heard` and `departed` are called for each live connection to a counter, with whose it is."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._here: dict[tuple[str, str], list[Screen]] = {}
        self._heard_at: dict[tuple[str, str], float] = {}
        self._leaving: dict[tuple[str, str], asyncio.TimerHandle] = {}
        self._held_back: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        engine.unattended = self.unattended

    def expect(self, within: float = BACK_S) -> None:
        """After a start: counters that call by themselves are left if their clerks' screens do not come back.

        A clerk who switched that on over the API alone has to resume.
        """
        loop = asyncio.get_running_loop()
        for record in self._engine.state.counters.values():
            if record.auto_call and record.state is CounterState.OPEN and record.clerk is not None:
                one = record.id, record.clerk
                self._leaving[one] = loop.call_later(within, self._gone, *one)

    # Coming and going

    def arrived(self, counter: str, clerk: str, ask: Callable[[], Awaitable[None]]) -> Screen:
        """A screen is here; give it back with each sign of life and when it goes. `ask` is a ping."""
        screen = Screen(counter, clerk, ask, _now())
        self._here.setdefault((counter, clerk), []).append(screen)
        leaving = self._leaving.pop((counter, clerk), None)
        if leaving is not None:
            leaving.cancel()
        self._begin(self._note(c.ScreenBack(counter=counter, clerk=clerk)))
        self.heard(screen)
        return screen

    def heard(self, screen: Screen) -> None:
        """It has said or answered something just now."""
        screen.heard_at = self._heard_at[screen.counter, screen.clerk] = _now()
        if screen.counter in self._held_back:
            self._held_back.discard(screen.counter)
            self._begin(self._go_on(screen.counter))

    def departed(self, screen: Screen) -> None:
        one = screen.counter, screen.clerk
        others = self._here[one]
        others.remove(screen)
        if others:
            return
        del self._here[one]
        after = self._engine.state.rules.policy.away_after_ms / 1000
        self._leaving[one] = asyncio.get_running_loop().call_later(after, self._gone, *one)

    # Calls by themselves

    def unattended(self) -> frozenset[str]:
        """The counters that may call nobody by themselves now; screens that have been quiet are asked."""
        now, found = _now(), set()
        for record in self._calling():
            screens = self._here.get((record.id, record.clerk or ""), [])
            if any(now - screen.heard_at <= FRESH_S for screen in screens):
                continue
            found.add(record.id)
            for screen in screens:
                if now - screen.asked_at > FRESH_S:
                    screen.asked_at = now
                    self._begin(self._ask(screen))
        self._held_back |= found
        return frozenset(found)

    def missing(self) -> frozenset[str]:
        """The counters that should call by themselves and cannot: their clerks' screens are gone, or answer nothing."""
        now = _now()
        return frozenset(
            record.id
            for record in self._calling()
            if now - self._heard_at.get((record.id, record.clerk or ""), now - MISSED_S) >= MISSED_S
        )

    def _calling(self) -> list[CounterRecord]:
        """Counters that call by themselves as soon as somebody waits."""
        records = (self._engine.state.counters[counter] for counter in self._engine.state.auto_calling)
        return [record for record in records if record.state is CounterState.OPEN and record.ticket is None]

    async def _ask(self, screen: Screen) -> None:
        try:
            await screen.ask()
        except (ConnectionError, RuntimeError) as error:  # it goes just now, which its connection will say itself
            log.info("screen_not_asked", error=type(error).__name__)

    async def _go_on(self, counter: str) -> None:
        try:
            await self._engine.look_again(counter)
        except Unavailable as error:
            log.info("screen_not_noted", code=error.code)

    # Telling the engine

    def _gone(self, counter: str, clerk: str) -> None:
        del self._leaving[counter, clerk]
        self._begin(self._note(c.ScreenGone(counter=counter, clerk=clerk)))

    async def _note(self, command: c.ScreenGone | c.ScreenBack) -> None:
        """Record it; what the journal cannot take now is tried again for as long as it is true."""
        one, gone = (command.counter, command.clerk), isinstance(command, c.ScreenGone)
        while gone == (one not in self._here):
            try:
                await self._engine.submit(command)
            except Refused as error:
                log.info("screen_not_noted", code=error.code)
            except Unavailable as error:
                log.info("screen_not_noted", code=error.code)
                await asyncio.sleep(AGAIN_S)
                continue
            return

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        for leaving in self._leaving.values():
            leaving.cancel()
        for task in tuple(self._tasks):
            task.cancel()


def _now() -> float:
    return asyncio.get_running_loop().time()
