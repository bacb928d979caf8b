"""From a ticket on disk to the first byte at its printer, through server and agent as processes of their own.

The kiosk's answer leaves when the ticket is on disk, so its arrival is taken for that moment (a little late, which
flatters by less than a millisecond). Beside it the same slip's bytes over a plain socket to the same port: what the
network alone costs. Aim: 20 ms, median.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click
from aiohttp import ClientSession

from bench.mall import ROOT, Mall, mall, unlimited
from bench.slips import Stamped, fresh
from bench.tickets import services
from printer.press import press
from queue_server.wire.printing import Paper
from tests.fakes.fake_printer import Knobs

SLIPS = 60
WARM = 5
KIOSK, PRINTER = "kiosk-1", "kiosk-1"
"""Of the sample mall."""


def run() -> None:
    with unlimited() as config, mall(config) as server:
        asyncio.run(_measure(server))


async def _measure(server: Mall) -> None:
    service = services(server)[0]
    token = server.token("kiosk", "--name", KIOSK)
    async with Stamped(Knobs(mm_per_s=20_000)) as printer, _agent(server, printer.url):
        async with ClientSession(headers={"Authorization": f"Bearer {token}"}) as kiosk:
            for _ in range(WARM):
                await _slip(server, kiosk, printer, service)
            found = [await _slip(server, kiosk, printer, service) for _ in range(SLIPS)]
        drawn = press().made(fresh(1), Paper()).whole
        plain = [await _plain(printer, drawn) for _ in range(SLIPS)]
    disk, tap = sorted(at for at, _ in found), statistics.median(at for _, at in found)
    median, limit = statistics.median(disk), statistics.median(plain)
    click.echo("on disk to first byte ms    p99   tap to first byte ms  plain socket ms   ratio")
    click.echo(f"{median:24.1f}  {disk[int(0.99 * len(disk))]:5.1f}  {tap:21.1f}  {limit:15.2f}  {median / limit:6.1f}")


@asynccontextmanager
async def _agent(server: Mall, device: str) -> AsyncIterator[None]:
    """`antrean printer`, linked and ready."""
    token = server.token("printer", "--name", PRINTER)
    admin = server.token("admin")
    with tempfile.TemporaryDirectory() as folder:
        words = ["--server", f"http://127.0.0.1:{server.port}", "--token", token, "--printer", PRINTER]
        words += ["--device", device, "--data", folder]
        process = subprocess.Popen(
            [sys.executable, "-m", "queue_server", "printer", *words], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        try:
            async with asyncio.timeout(30):
                while not await asyncio.to_thread(_ready, server, admin):  # noqa: ASYNC110 - the server says it when asked
                    await asyncio.sleep(0.1)
            yield
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, 40)


def _ready(server: Mall, admin: str) -> bool:
    told = json.loads(json.dumps(server.ask("/api/v1/printers", admin)))
    return any(printer["id"] == PRINTER and printer["confirms"] == "id" for printer in told["printers"])


async def _slip(server: Mall, kiosk: ClientSession, printer: Stamped, service: str) -> tuple[float, float]:
    """Milliseconds from the answer, and from the tap, to the first byte."""
    printer.began.clear()
    printer.beginning.clear()
    cuts, tapped = printer.cuts, time.perf_counter()
    async with kiosk.post(f"http://127.0.0.1:{server.port}/api/v1/tickets", json={"service": service}) as answer:
        assert answer.status == 201, await answer.text()
        on_disk = time.perf_counter()
    async with asyncio.timeout(20):
        await printer.beginning.wait()
        while printer.cuts == cuts:  # noqa: ASYNC110 - the next tap comes when this slip is out
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.05)  # the agent is told, and says so
    return (printer.began[0] - on_disk) * 1000, (printer.began[0] - tapped) * 1000


async def _plain(printer: Stamped, data: bytes) -> float:
    """Connecting and sending the same bytes, to the first of them."""
    printer.began.clear()
    printer.beginning.clear()
    began = time.perf_counter()
    _reader, writer = await asyncio.open_connection("127.0.0.1", printer.port)
    writer.write(data)
    await printer.beginning.wait()
    took = (printer.began[0] - began) * 1000
    await writer.drain()
    writer.close()
    await printer.idle.wait()
    return took
