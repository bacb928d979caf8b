"""Who waits until the disk has what they saw: answers, refusals and views."""

from __future__ import annotations

import asyncio
from collections import deque


class Waiters:
    """`durable` is the last `seq` known to be on disk."""

    def __init__(self) -> None:
        self.durable = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def until(self, seq: int) -> None:
        """Returns when everything up to `seq` is on disk. Raises what `refuse` was given if that is not known."""
        if seq > self.durable:
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append((seq, waiter))
            await waiter

    def landed(self, seq: int) -> None:
        self.durable = seq
        while self._waiting and self._waiting[0][0] <= seq:
            _, waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)

    def refuse(self, error: Exception) -> None:
        """Nobody is answered by what may never have been."""
        while self._waiting:
            _, waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_exception(error)
