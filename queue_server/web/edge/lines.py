"""The connections of the edge: how long one may say nothing, how many there may be, what is said to no HTTP at all.

A connection is *quiet* while no request of it is being answered. Quiet ones are cut after a time, and cut first where
there are too many of one address or in all; a connection that is being answered (a websocket is, for as long as it
lives) is never cut for a newcomer. `edge` in app.py says when an answer begins and ends.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging import Logger
from time import monotonic
from typing import cast

from aiohttp import web

from queue_server.errors import RateLimited
from queue_server.service.listening import Room
from queue_server.service.logs import log, refusals
from queue_server.web import problems
from queue_server.web.edge.headers import SECURITY
from queue_server.web.edge.limits import asker_at

FIRST_S = 15.0
"""A new connection has sent the whole head of its first request by then."""

IDLE_S = 75.0
"""So long a connection is kept for a next request, whose head has come by then."""

UNREAD_MS = 20_000
"""What the other machine has not taken for so long ends the connection: it is gone, or reads nothing."""

LINGER_S = 1.0
"""So long the rest of a body that nobody wants is still read, so that the other side reads its answer."""

LOOK_S = 1.0
"""So often quiet connections are looked at."""

ALARM_SHARE = 0.8
"""An operator is told when so much of the room is taken."""


class Line(web.RequestHandler):
    """One connection."""

    __slots__ = ("_let_in", "_lines", "address", "busy", "known")

    def __init__(self, lines: Lines, server: web.Server, logger: Logger) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=IDLE_S,
            logger=logger,
            access_log=None,  # type: ignore[arg-type]  # aiohttp's own way to have none
            auto_decompress=False,
            lingering_time=LINGER_S,
        )
        self._lines = lines
        self._let_in = False
        self.address = ""
        self.busy = False
        self.known = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast(asyncio.Transport, transport)  # uvloop's is one without saying so
        peer = transport.get_extra_info("peername")
        self.address = asker_at(peer[0]) if isinstance(peer, tuple) else ""
        self._let_in = self._lines.opened(self)
        if not self._let_in:
            self.close()
            transport.abort()
            return
        end_where_nobody_reads(transport)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._lines.closed(self)
        if self._let_in:
            super().connection_lost(exc)

    def cut(self) -> None:
        """End it without a word: whoever sent nothing for so long waits for none."""
        if self.transport is not None:
            self.transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP, or went wrong before our own edge: a problem like any other, that names no library."""
        refusals.info("not_http", error=type(exc).__name__, status=status)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun to leave")
        said = problems.fault() if status >= 500 else problems.respond("invalid", status, "That is not HTTP/1.1.")
        said.headers.update(SECURITY)
        said.force_close()
        return said

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """An answer has left when all of it has, however long the other side takes to read.

        What never came to our own edge, such as an `Expect` that nobody meets, is made a problem here.
        """
        if not resp.prepared and "Server" not in resp.headers:
            if isinstance(resp, web.HTTPException):
                resp = problems.of_protocol(resp)
            resp.headers.update(SECURITY)
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            self._lines.ends(self)


class Lines:
    """Every connection that is open. `per_address` gives how many one address may have, None for any number.

    `shared` says of an address that many speak through it, as through a proxy: it has no limit of its own. `noted` is
    told how many there are when room becomes short.
    """

    def __init__(
        self,
        room: Room,
        per_address: Callable[[], int | None],
        shared: Callable[[str], bool],
        noted: Callable[[int], None] = lambda count: None,
    ) -> None:
        self.room = room
        self.turned_away = 0
        self._per_address = per_address
        self.shared = shared
        self._noted = noted
        self._open: dict[str, dict[Line, None]] = {}
        self._spoken_for: dict[str, int] = {}
        self._count = 0
        self._new: dict[Line, float] = {}
        self._idle: dict[Line, float] = {}
        self._tight = False
        self._told = 0

    def __len__(self) -> int:
        return self._count

    @property
    def busy(self) -> int:
        """On so many something is being answered, websockets among them."""
        return self._count - len(self._new) - len(self._idle)

    @property
    def alarm(self) -> str | None:
        """What an operator must know before nobody gets in any more."""
        if not self._tight:
            return None
        return (
            f"{self._count} connections are open, and this server has room for {self.room.connections}."
            " Look who holds so many (log: lines_tight), or raise the limit of open files (ulimit -n, LimitNOFILE=)."
        )

    def listen(self, server: web.Server, logger: Logger) -> Callable[[], Line]:
        """What a listening socket makes of each connection."""
        return lambda: Line(self, server, logger)

    def opened(self, line: Line) -> bool:
        """A newcomer; False if there is no room for it."""
        mine = self._open.setdefault(line.address, {})
        if not (self._room_of(line.address, mine) and self._room_in_all()):
            self.turned_away += 1
            if not mine:
                del self._open[line.address]
            return False
        self._open.setdefault(line.address, mine)[line] = None
        self._count += 1
        self._new[line] = monotonic()
        line.known = True
        return True

    def _room_of(self, address: str, mine: dict[Line, None]) -> bool:
        most = self._per_address()
        if most is None or len(mine) < most or self.shared(address):
            return True
        quiet = next((line for line in mine if not line.busy), None)
        return self._make_way(quiet)

    def _room_in_all(self) -> bool:
        if self._count < self.room.connections:
            return True
        return self._make_way(next(iter(self._new), None) or next(iter(self._idle), None))

    def _make_way(self, quiet: Line | None) -> bool:
        if quiet is None:
            return False
        self.closed(quiet)
        quiet.cut()
        return True

    def closed(self, line: Line) -> None:
        """It has ended, or is about to; safe to repeat."""
        if not line.known:
            return
        line.known = False
        mine = self._open[line.address]
        del mine[line]
        if not mine:
            del self._open[line.address]
        self._count -= 1
        self._new.pop(line, None)
        self._idle.pop(line, None)

    def begins(self, request: web.Request) -> None:
        """It is being answered."""
        line = request.protocol
        assert isinstance(line, Line)
        line.busy = True
        if self._idle.pop(line, None) is None:
            self._new.pop(line, None)

    def ends(self, line: Line) -> None:
        """It is quiet again."""
        line.busy = False
        if line.known:
            if self._new:
                self._new.pop(line, None)
            self._idle[line] = monotonic()

    @contextmanager
    def spoken_for(self, asker: str) -> Iterator[None]:
        """Within this a proxy asks for somebody: a request in hand, or a websocket while it lives.

        Who stands behind a proxy has no connection here that could be counted, so this is. Raises RateLimited.
        """
        most, now = self._per_address(), self._spoken_for.get(asker, 0)
        if most is not None and now >= most:
            raise RateLimited("Too many at once; try again in 1 s.", reason="connections", retry_after_s=1)
        self._spoken_for[asker] = now + 1
        try:
            yield
        finally:
            self._spoken_for[asker] -= 1
            if not self._spoken_for[asker]:
                del self._spoken_for[asker]

    async def run(self) -> None:
        """Cut who has been quiet for too long, and notice when the room becomes tight; for ever."""
        while True:
            self.look(monotonic())
            await asyncio.sleep(LOOK_S)

    def look(self, now: float) -> None:
        """As it is at a moment of the monotonic clock."""
        for quiet, limit in ((self._new, FIRST_S), (self._idle, IDLE_S)):
            # the one that has been quiet longest stands first
            while quiet and now - quiet[line := next(iter(quiet))] > limit:
                self.closed(line)
                line.cut()
        tight = self._count > self.room.connections * ALARM_SHARE
        if tight and not self._tight:
            log.warning("lines_tight", open=self._count, room=self.room.connections, most=self._most())
            self._noted(self._count)
        self._tight = tight
        if self.turned_away > self._told:
            refusals.info("turned_away", connections=self.turned_away - self._told, open=self._count)
            self._told = self.turned_away

    def _most(self) -> int:
        """How many the address with the most has; which one it is does not belong into a log."""
        return max(map(len, self._open.values()), default=0)


def end_where_nobody_reads(transport: asyncio.Transport) -> None:
    line: socket.socket | None = transport.get_extra_info("socket")
    if line is not None and line.family in (socket.AF_INET, socket.AF_INET6):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MS)
