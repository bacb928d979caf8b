"""Websockets of the edge: how one is opened and cut, whom its request lets in, how all are closed.

What a page does not read must not gather anywhere: not in our buffers (the hub passes it over), and not in those of the
kernel, which would take megabytes and hand them out minutes later as if they were the present.
"""

from __future__ import annotations

import asyncio
import socket
import zlib

from aiohttp import WSCloseCode, web

from queue_server.service.hub import prepared
from queue_server.web.edge.headers import SECURITY
from queue_server.web.identity.access import NOBODY, Caller, admit
from queue_server.web.parts import Parts
from queue_server.web.permissions import ANYONE

HEARTBEAT_S = 15.0

KERNEL_BUFFER = 32 * 1024
"""Bytes that the kernel may hold for one page that does not read (it doubles that for its own accounting)."""

TRANSPORT = web.ResponseKey("TRANSPORT", asyncio.Transport)

CLOSE_S = 2.0
"""So long the other side may take to part well."""


async def open_socket(
    parts: Parts, request: web.Request, longest: int, *, packs: bool = False
) -> web.WebSocketResponse:
    """Whoever reads it sees pings, which want an answer, and pongs: all that is said counts, control frames too.

    With `packs` it agrees to packed frames, if its page offers them: `is_packed` then says so. What is sent on it must
    go by `say` or the hub, whose frames lean on none before them: a compressor of its own would believe that they do.
    """
    opened = web.WebSocketResponse(
        heartbeat=HEARTBEAT_S, compress=packs, max_msg_size=longest, timeout=CLOSE_S, autoping=False
    )
    opened.headers["Server"] = SECURITY["Server"]  # it leaves before the edge sees the answer
    await opened.prepare(request)
    parts.sockets.add(opened)
    if request.transport is not None:
        opened[TRANSPORT] = request.transport
    return opened


def hold_little(request: web.Request) -> None:
    """Keep the kernel from queueing much for this connection; lines.py says for how long."""
    line: socket.socket | None = request.get_extra_info("socket")
    if line is not None and line.family in (socket.AF_INET, socket.AF_INET6):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)


def is_packed(opened: web.WebSocketResponse) -> bool:
    """Whether the two sides agreed, on a window as wide as the hub's."""
    return opened.compress == zlib.MAX_WBITS


async def say(opened: web.WebSocketResponse, message: str) -> None:
    """One message as it is. Raises ConnectionResetError on a line that is closing."""
    transport = opened.get(TRANSPORT)
    if transport is None or transport.is_closing():
        raise ConnectionResetError("the line is closing")
    transport.write(prepared(message.encode()))


async def part(opened: web.WebSocketResponse, code: int, message: bytes = b"") -> None:
    """Say that the connection ends and why. A side that reads nothing cannot be told, and is not waited for."""
    try:
        async with asyncio.timeout(CLOSE_S):
            await opened.close(code=code, message=message)
    except TimeoutError:
        opened[TRANSPORT].abort()


def leave_behind(opened: web.WebSocketResponse) -> None:
    """The connection's handler ends. What the other side has not read would else be kept for it, for ever."""
    transport = opened.get(TRANSPORT)
    if transport is None:
        return
    if opened.close_code == WSCloseCode.ABNORMAL_CLOSURE or transport.get_write_buffer_size() > 0:
        transport.abort()


def callers_of(parts: Parts, request: web.Request) -> tuple[Caller, ...]:
    """Everybody whom this request's token or cookies let in, or nobody in particular."""
    if "Authorization" in request.headers or "Cookie" not in request.headers:
        return (admit(parts.doors, request, ANYONE),)
    return tuple(one for one in parts.doors.cookies(request) if not one.held) or (NOBODY,)


async def close_all(parts: Parts) -> None:
    """The server stops: everybody is told to come back."""
    partings = [part(opened, WSCloseCode.GOING_AWAY) for opened in tuple(parts.sockets)]
    await asyncio.gather(*partings, return_exceptions=True)
