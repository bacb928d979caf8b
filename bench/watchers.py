"""Many displays in one process: raw websockets (or plain TCP) that tell when the last of them has a whole frame.

    python -m bench.watchers PORT COUNT PATH TOKEN STUCK      PATH empty: plain TCP, no handshake

STUCK more connections are let in and then read nothing; nobody waits for them.

Reads `go N` lines: waits until every connection has received at least N bytes since the last line, then answers
with the
monotonic time (ns, comparable between processes of one machine) of the last arrival.
"""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import sys
import time
from typing import cast

import uvloop

PING, PONG = b"\x89\x00", b"\x8a\x80\x00\x00\x00\x00"
"""Whoever does not answer is cut off, and to let thousands in takes longer than that."""

LITTLE = 4096
"""Bytes that the kernel takes for a stuck one, twice that in truth."""


class Screen(asyncio.Protocol):
    def __init__(self, hall: Hall, request: bytes, stuck: bool) -> None:
        self._hall = hall
        self._request = request
        self._stuck = stuck
        self._greeted = not request
        self.received = 0
        self._last = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request or b"hello\n")

    def data_received(self, data: bytes) -> None:
        if not self._greeted:
            self._greeted = True
            self._hall.greeted(data)
            if self._stuck:
                self._transport.pause_reading()
            return
        if PING in self._last + data:  # views are text, which holds no such bytes
            self._transport.write(PONG)
        self._last = data[-1:]
        before, self.received = self.received, self.received + len(data)
        if before < self._hall.wanted <= self.received:
            self._hall.arrived()


class Hall:
    def __init__(self, count: int) -> None:
        self.count = count
        self.wanted = 1 << 60
        self.last = 0
        self._missing = 0
        self.outside = 0
        """Who has connected and was not let in yet: thousands at once take a server seconds."""
        self.all_in = asyncio.Event()
        self._all = asyncio.Event()
        self.screens: list[Screen] = []

    def greeted(self, data: bytes) -> None:
        if b" 101 " not in data[:20]:
            raise RuntimeError(f"refused: {data[:300]!r}")
        self.outside -= 1
        if not self.outside:
            self.all_in.set()

    def begin(self, wanted: int) -> None:
        for screen in self.screens:
            screen.received = 0
        self.wanted, self._missing = wanted, self.count
        self._all.clear()

    def arrived(self) -> None:
        self._missing -= 1
        if not self._missing:
            self.last = time.monotonic_ns()
            self._all.set()

    async def complete(self) -> int:
        async with asyncio.timeout(30):
            await self._all.wait()
        return self.last


async def main(port: int, count: int, path: str, token: str, stuck: int) -> None:
    loop = asyncio.get_running_loop()
    hall = Hall(count)
    key = base64.b64encode(os.urandom(16)).decode()
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n\r\n"
    ).encode()
    hall.outside = count + stuck
    for place in range(count + stuck):
        mine = socket.socket()
        if place >= count:
            mine.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, LITTLE)
        mine.setblocking(False)
        await loop.sock_connect(mine, ("127.0.0.1", port))
        one = Screen(hall, request if path else b"", place >= count)
        await loop.create_connection(lambda one=one: one, sock=mine)  # type: ignore[misc]  # bound at once
        if place < count:
            hall.screens.append(one)
    if path:
        await hall.all_in.wait()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        hall.begin(int(line.split()[1]))
        sys.stdout.write("set\n")
        sys.stdout.flush()
        sys.stdout.write(f"{await hall.complete()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    port, count, path, token, stuck = sys.argv[1:]
    uvloop.run(main(int(port), int(count), path, token, int(stuck)))
