"""Newcomers over TLS, until they are connections: so many at once agree on a key, and the slowest make way.

A handshake takes fifty kilobytes before anybody has asked for anything, so those that never end are bounded here,
before lines.py knows of them.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable

from queue_server.web.edge.limits import asker_at
from queue_server.web.edge.lines import Line

WITHIN_S = 10.0
"""So long one may take."""

AT_ONCE, EACH = 500, 50
"""So many, in all and of one address."""

FULL_S = 0.1
"""So long nobody is let in where the system has no room for another file."""


class Handshakes:
    """`make` is what becomes of a connection. `shared` says of an address that many speak through it."""

    def __init__(self, context: ssl.SSLContext, make: Callable[[], Line], shared: Callable[[str], bool]) -> None:
        self._context = context
        self._make = make
        self._shared = shared
        self._pending: dict[asyncio.Task[None], str] = {}

    def __len__(self) -> int:
        return len(self._pending)

    async def run(self, listening: socket.socket) -> None:
        """Let newcomers in; for ever."""
        loop = asyncio.get_running_loop()
        listening.setblocking(False)
        try:
            while True:
                try:
                    newcomer, peer = await loop.sock_accept(listening)
                except OSError:
                    await asyncio.sleep(FULL_S)
                else:
                    self._greet(newcomer, asker_at(peer[0]))
        finally:
            for task in tuple(self._pending):
                task.cancel()

    def _greet(self, newcomer: socket.socket, address: str) -> None:
        newcomer.setblocking(False)
        mine = [task for task, other in self._pending.items() if other == address]
        if len(mine) >= EACH and not self._shared(address):
            self._let_go(mine[0])
        if len(self._pending) >= AT_ONCE:
            self._let_go(next(iter(self._pending)))
        task = asyncio.get_running_loop().create_task(self._shake(newcomer))
        self._pending[task] = address
        task.add_done_callback(lambda done: self._pending.pop(done, None))

    def _let_go(self, task: asyncio.Task[None]) -> None:
        self._pending.pop(task, None)
        task.cancel()

    async def _shake(self, newcomer: socket.socket) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                self._make, newcomer, ssl=self._context, ssl_handshake_timeout=WITHIN_S
            )
        except (OSError, TimeoutError):  # it spoke something else, or nothing; of that the log has enough
            newcomer.close()
        except asyncio.CancelledError:
            newcomer.close()
            raise
