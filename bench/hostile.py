"""What a server costs whom it serves while somebody with few rights, or none, does what they can to it.

Memory is the server's resident set, before and at the most; files are its open descriptors.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import socket
import time
from pathlib import Path

import click
from aiohttp import ClientError, ClientSession

from bench.mall import Mall, mall

HALVES, EACH = 5_000, 250
"""Halves of a head, in all and from one address."""
HALF = b"POST /api/v1/tickets HTTP/1.1\r\nHost: mall\r\nContent-Le"
READERS = 200
FLOOD_S = 5.0


def run() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, HALVES + 1_000), hard))
    with mall() as server:
        asyncio.run(_attack(server))


async def _attack(server: Mall) -> None:
    before = memory(server)
    click.echo(f"idle: {before / 1024:.0f} MiB, {files(server)} files")
    async with ClientSession() as session:
        await _needs(server, session)
        await _previews(server, session)
        await _flood(server, session)
        await _readers(server, session)
    await _halves(server)


async def _needs(server: Mall, session: ClientSession) -> None:
    """A printer's token that wants everything, again and again, and reads nothing."""
    headers = {"Authorization": f"Bearer {server.token('printer', '--name', 'kiosk-1')}"}
    most, wanted = 0, json.dumps({"type": "need", "hashes": ["0" * 64] * 16})
    async with session.ws_connect(_live(server, "printer:kiosk-1"), headers=headers) as agent:
        await agent.send_str('{"type": "hello", "agent": "1", "printer": "kiosk-1"}')
        try:
            for _ in range(3_000):
                await agent.send_str(wanted)
                most = max(most, memory(server))
        except (ClientError, ConnectionError):
            pass  # it was cut off
    click.echo(f"an agent that needs everything 3,000 times: {most / 1024:.0f} MiB")


async def _previews(server: Mall, session: ClientSession) -> None:
    """24 previews of slips at once, and a sign-in beside them."""
    headers = {"Authorization": f"Bearer {server.token('manager')}"}
    url = f"{_at(server)}/printing/preview.png?language=id&width=80"

    async def one() -> int:
        async with session.get(url, headers=headers) as answer:
            return answer.status

    drawing = [asyncio.ensure_future(one()) for _ in range(24)]
    began = time.monotonic()
    wrong = {"name": "nobody", "password": "nothing"}
    async with session.post(f"{_at(server)}/api/v1/sign-in", json=wrong, headers={"X-Antrean": "1"}) as answer:
        await answer.read()
    lasted = time.monotonic() - began
    drawn = (await asyncio.gather(*drawing)).count(200)
    click.echo(
        f"24 previews at once: {drawn} drawn, the others told to come back, {memory(server) / 1024:.0f} MiB;"
        f" a refused sign-in meanwhile {lasted * 1000:.0f} ms"
    )


async def _flood(server: Mall, session: ClientSession) -> None:
    """A display's token that sends tiny messages as fast as it can, and comes back as soon as it is cut off."""
    headers = {"Authorization": f"Bearer {server.token('display', '--name', 'hall')}"}
    began, used, sent, links = time.monotonic(), cpu(server), 0, 0
    while time.monotonic() - began < FLOOD_S:
        links += 1
        async with session.ws_connect(_live(server, "board:hall"), headers=headers) as page:
            try:
                for _ in range(2_000):
                    await page.send_str("x")
                    sent += 1
            except (ClientError, ConnectionError):
                continue
    share = (cpu(server) - used) / (time.monotonic() - began)
    click.echo(f"tiny messages for {FLOOD_S:.0f} s: {sent:,} over {links} links, {share:.0%} of a core")


async def _readers(server: Mall, session: ClientSession) -> None:
    """Connections that ask for a large file and read none of it."""
    async with session.get(_at(server)) as page:
        build = re.search(r"/static/([0-9a-f]{12})/", await page.text())
    assert build is not None
    ask = f"GET /static/{build[1]}/fonts/noto-sans-latin.woff2 HTTP/1.1\r\nHost: mall\r\n\r\n".encode() * 16
    held, open_before, began = [], files(server), time.monotonic()
    for _ in range(READERS):
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        reader.connect(("127.0.0.1", server.port))
        reader.send(ask)
        held.append(reader)
    while files(server) > open_before + 5:  # noqa: ASYNC110 - of another process
        await asyncio.sleep(0.5)
    lasted = time.monotonic() - began
    for reader in held:
        reader.close()
    click.echo(f"{READERS} connections that read nothing: gone after {lasted:.0f} s, {memory(server) / 1024:.0f} MiB")


class _Half(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(HALF)


async def _halves(server: Mall) -> None:
    """Connections that never become a request."""
    loop, before, open_before, held = asyncio.get_running_loop(), memory(server), files(server), []
    for number in range(HALVES):
        address = f"127.1.{number // EACH}.1", 0
        transport, _ = await loop.create_connection(_Half, "127.0.0.1", server.port, local_addr=address)
        held.append(transport)
    began = time.monotonic()
    await asyncio.to_thread(server.ask, "/api/v1/mall")
    asked = time.monotonic() - began
    most, began = memory(server), time.monotonic()
    while files(server) > open_before + 5:  # noqa: ASYNC110 - of another process
        await asyncio.sleep(0.5)
    lasted = time.monotonic() - began
    for transport in held:
        transport.abort()
    click.echo(
        f"{HALVES:,} halves of a head: {before / 1024:.0f} MiB before, {most / 1024:.0f} at the most,"
        f" a call meanwhile {asked * 1000:.0f} ms; gone after {lasted:.0f} s"
    )


def _at(server: Mall) -> str:
    return f"http://127.0.0.1:{server.port}"


def _live(server: Mall, topic: str) -> str:
    return f"{_at(server)}/api/v1/live?topic={topic}"


def memory(server: Mall) -> int:
    """Kilobytes."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def files(server: Mall) -> int:
    return len(list(Path(f"/proc/{server.pid}/fd").iterdir()))


def cpu(server: Mall) -> float:
    """Seconds."""
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
