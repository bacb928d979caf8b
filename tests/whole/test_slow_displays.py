"""A display that reads slowly, or not at all, is its own trouble: real sockets, a hundred displays of one board."""

from __future__ import annotations

import asyncio
import json
import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, WSMsgType

from tests.waiting import until
from tests.whole.server import Server, server

DISPLAYS = 98
CALLS = 60
COUNTER, SERVICE = "1", "ktp_el"
"""Of the sample mall."""


class Display:
    """What one display was told: the calls that it saw, in order, and the board as it stands there."""

    def __init__(self) -> None:
        self.seqs: list[int] = []
        self.board: dict[str, Any] = {}

    async def watch(self, client: ClientSession, house: Server, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        async with client.ws_connect(f"{house.at}/api/v1/live?topic=board:hall", headers=headers) as line:
            async for message in line:
                assert message.type is WSMsgType.TEXT
                if "view" in (frame := json.loads(message.data)):
                    self.board = frame["view"]
                    self.seqs += [one["seq"] for one in reversed(self.board["calls"]) if one["seq"] not in self.seqs]


class Dull:
    """A display that never reads (`frozen`), or a kilobyte twenty times a second, over a window as small as can be."""

    def __init__(self) -> None:
        self.line = socket.socket()
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.line.setblocking(False)
        self.read = b""

    async def link(self, house: Server, token: str) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_connect(self.line, ("127.0.0.1", house.port))
        key = b64encode(b"sixteen bytes...").decode()
        await loop.sock_sendall(
            self.line,
            f"GET /api/v1/live?topic=board:hall HTTP/1.1\r\nHost: {house.at}\r\nAuthorization: Bearer {token}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode(),
        )
        assert (await loop.sock_recv(self.line, 12)).startswith(b"HTTP/1.1 101")

    async def dawdle(self) -> None:
        with suppress(ConnectionError):
            while data := await asyncio.get_running_loop().sock_recv(self.line, 1024):
                self.read += data
                await asyncio.sleep(0.05)  # it is slow


@asynccontextmanager
async def displays(house: Server, token: str, count: int) -> AsyncIterator[list[Display]]:
    shown = [Display() for _ in range(count)]
    async with ClientSession() as client, asyncio.TaskGroup() as group:
        tasks = [group.create_task(one.watch(client, house, token)) for one in shown]
        await until(lambda: all(one.board for one in shown))
        yield shown
        for task in tasks:
            task.cancel()


async def test_a_slow_and_a_frozen_display_leave_the_others_untouched(tmp_path: Path):
    """Beside one that reads nothing and one that reads slowly, 98 displays see every call in order, and the server
    queues nothing for those two."""
    async with server(tmp_path) as house:
        token = house.token("display", "--name", "hall")
        clerk = house.token("supervisor", "--name", "clerk")
        await house.post(f"/api/v1/counters/{COUNTER}/open", {}, clerk)
        for _ in range(CALLS):
            assert (await house.post("/api/v1/tickets", {"service": SERVICE}, clerk)).status == 201
        frozen, slow = Dull(), Dull()
        for dull in (frozen, slow):
            await dull.link(house, token)
        dawdling = asyncio.create_task(slow.dawdle())
        async with displays(house, token, DISPLAYS) as others:
            numbers: list[str] = []
            for _ in range(CALLS):
                answer = await house.post(f"/api/v1/counters/{COUNTER}/call-next", {}, clerk)
                numbers.append(answer["number"])
                await house.post(f"/api/v1/counters/{COUNTER}/start", {}, clerk)
                # nobody is called here faster than this test's own displays can look
                await until(lambda: all(len(one.seqs) == len(numbers) for one in others))
            board = (await house.get("/api/v1/boards/hall", token)).body
            await until(lambda: all(one.board["serving"] == board["serving"] for one in others))

            figures = (await house.get("/metrics")).body.decode()
            dawdling.cancel()
            for dull in (frozen, slow):
                dull.line.close()

        assert len(set(numbers)) == CALLS
        assert all(len(one.seqs) == CALLS for one in others)
        assert all(one.seqs == sorted(one.seqs) for one in others)
        behind = next(line for line in figures.splitlines() if line.startswith("antrean_live_behind "))
        assert float(behind.split()[1]) >= 1.0
        assert slow.read
