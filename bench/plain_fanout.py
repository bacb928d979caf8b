"""The limit of fan-out: the same bytes, written to plain TCP sockets by an aiohttp POST that does nothing else.

`POST /` writes at once; `POST /durable` first commits one row to SQLite with synchronous=FULL: what the
disk alone takes of a press.

    python -m bench.plain_fanout BYTES       prints `ready HTTP_PORT TCP_PORT`
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import cast

import uvloop
from aiohttp import web

from bench.tickets import raw_journal


class Sink(asyncio.Protocol):
    def __init__(self, sinks: set[asyncio.Transport]) -> None:
        self._sinks = sinks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._sinks.add(self._transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._sinks.discard(self._transport)


async def main(size: int, folder: Path) -> None:
    sinks: set[asyncio.Transport] = set()
    frame = b"x" * size
    commit = raw_journal(folder / "raw.db")

    def write() -> web.Response:
        for sink in sinks:
            sink.write(frame)
        return web.Response(body=b"{}", content_type="application/json")

    async def press(request: web.Request) -> web.Response:
        await request.read()
        return write()

    async def durable(request: web.Request) -> web.Response:
        await request.read()
        commit()
        return write()

    app = web.Application()
    app.router.add_post("/", press)
    app.router.add_post("/durable", durable)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server = await asyncio.get_running_loop().create_server(lambda: Sink(sinks), "127.0.0.1", 0, backlog=2048)
    sys.stdout.write(f"ready {runner.addresses[0][1]} {server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        uvloop.run(main(int(sys.argv[1]), Path(made)))
