"""Connections that never become a request: a server holds them, lets them go, and serves citizens meanwhile."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path

import pytest

from tests.waiting import answered, until
from tests.whole.server import Server, server

API = "/api/v1"
HALF = b"POST /api/v1/tickets HTTP/1.1\r\nHost: mall\r\nContent-Le"
COUNT = 5_000
EACH = 250
"""Connections from one address."""


def memory(house: Server) -> int:
    """Kilobytes that the server holds in memory."""
    assert house.process is not None
    status = Path(f"/proc/{house.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def files(house: Server) -> int:
    assert house.process is not None
    return len(list(Path(f"/proc/{house.process.pid}/fd").iterdir()))


class Half(asyncio.Protocol):
    """Sends half a head and waits."""

    def __init__(self) -> None:
        self.over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(HALF)

    def connection_lost(self, exc: Exception | None) -> None:
        self.over = True


async def wave(house: Server, count: int) -> list[Half]:
    loop, held = asyncio.get_running_loop(), []
    for number in range(count):
        address = f"127.1.{number // EACH}.1"
        _, half = await loop.create_connection(Half, "127.0.0.1", house.port, local_addr=(address, 0))
        held.append(half)
    return held


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_half_open_connections_cost_little_and_go(tmp_path: Path):
    """Thousands of halves of a head: citizens are served meanwhile, the halves end by themselves, memory comes back."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, COUNT + 1_000)), hard))
    async with server(tmp_path) as house:
        kiosk = house.token("kiosk", "--name", "kiosk-1")
        service = (await house.get(f"{API}/queues", house.token("supervisor"))).body[0]["service"]
        before, open_before = memory(house), files(house)
        most = []
        for turn in range(3):
            held = await wave(house, COUNT)
            await answered(lambda: house.get(f"{API}/mall"), lambda _: files(house) > open_before + COUNT // 2)
            given = await house.post(f"{API}/tickets", {"service": service}, kiosk)
            most.append(memory(house))
            await until(lambda: all(half.over for half in held))  # noqa: B023 - waited for in this turn

            assert given.status == 201, turn
        await until(lambda: files(house) <= open_before + 5)
        after = memory(house)
        print(f"kilobytes: {before} before, {most} with {COUNT} half-open connections, {after} after")

        assert max(most) - before < 30 * COUNT  # kilobytes a connection
        assert max(most[1:]) <= 1.1 * most[0]
