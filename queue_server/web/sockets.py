"""Websockets of the edge: how one is opened, whether its caller would still be let in, how all are closed."""

from __future__ import annotations

import asyncio

from aiohttp import WSCloseCode, web

from queue_server.errors import Unauthorized, Unavailable
from queue_server.web.access import ANYONE, NOBODY, Caller, admit
from queue_server.web.parts import Parts

HEARTBEAT_S = 15.0


async def open_socket(
    parts: Parts, request: web.Request, longest: int, *, tells_pongs: bool = False
) -> web.WebSocketResponse:
    """With `tells_pongs` whoever reads it sees pings, which want an answer, and pongs."""
    # frames that are prepared for everybody cannot be compressed for each
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_S, compress=False, max_msg_size=longest, timeout=2.0, autoping=not tells_pongs
    )
    await socket.prepare(request)
    parts.sockets.add(socket)
    return socket


def callers_of(parts: Parts, request: web.Request) -> tuple[Caller, ...]:
    """Everybody whom this request's token or cookies let in, or nobody in particular."""
    if "Authorization" in request.headers or "Cookie" not in request.headers:
        return (admit(parts.doors, request, ANYONE),)
    return tuple(parts.doors.cookies(request)) or (NOBODY,)


def still_let_in(parts: Parts, request: web.Request) -> bool:
    try:
        return callers_of(parts, request)[0] is not NOBODY
    except (Unauthorized, Unavailable):
        return False


async def close_all(parts: Parts) -> None:
    """The server stops: everybody is told to come back."""
    sockets = [socket.close(code=WSCloseCode.GOING_AWAY) for socket in tuple(parts.sockets)]
    await asyncio.gather(*sockets, return_exceptions=True)
