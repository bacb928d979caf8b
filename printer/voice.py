"""How the agent speaks to the server: at once if it is there, and again later for what matters."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Iterable
from typing import Protocol

from printer.condition import Condition
from printer.memory import Memory
from queue_server.link import LinkLost
from queue_server.wire.printing import FromAgent, Status, encode

STATUS_EVERY = 30.0
#: A result that was not acknowledged is said again.
REPEAT_EVERY = 5.0


class Session(Protocol):
    """An open link to the server."""

    async def send(self, message: bytes) -> None: ...


class Voice:
    """What it says in vain is not kept: results and the printer's condition stand elsewhere and are said again."""

    def __init__(self, memory: Memory, condition: Condition) -> None:
        self._memory = memory
        self._condition = condition
        self._session: Session | None = None
        #: What is on its way to the server while a job is in hand.
        self._saying: list[asyncio.Task[None]] = []

    async def linked(self, session: Session) -> None:
        """The server is there: it hears how things are."""
        self._session = session
        await self.say_status()
        await self.say_results()

    def parted(self) -> None:
        self._session = None

    async def say(self, *messages: FromAgent) -> None:
        await self.say_all(messages)

    async def say_all(self, messages: Iterable[FromAgent]) -> None:
        for message in messages:
            if self._session is not None:
                # A link that ends here is noticed by whoever listens to it.
                with contextlib.suppress(LinkLost):
                    await self._session.send(encode(message))

    async def say_news(self, status: Status | None) -> None:
        """How the printer is, if that has changed."""
        if status is not None:
            await self.say(status)

    async def say_status(self) -> None:
        """What was not looked at yet is said when it was."""
        await self.say_news(self._condition.status())

    async def say_results(self) -> None:
        await self.say_all(self._memory.unacked())

    async def report(self) -> None:
        """For ever: results again until acknowledged, the state of things now and then."""
        passed = 0.0
        while True:
            await asyncio.sleep(REPEAT_EVERY)
            passed += REPEAT_EVERY
            await self.say_results()
            if passed >= STATUS_EVERY:
                passed = 0.0
                await self.say_status()

    def meanwhile(self, telling: Coroutine[None, None, None]) -> None:
        """Told while the printer is at work, which waits for nobody's line."""
        self._saying.append(asyncio.create_task(telling))

    async def spoken(self) -> None:
        """All that was to be told meanwhile has been."""
        saying, self._saying = self._saying, []
        await asyncio.gather(*saying)
