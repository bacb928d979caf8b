"""What a durable ticket costs in instructions of the whole process, beside a no-op aiohttp POST: neighbours on the
machine cannot disturb that. Wants valgrind, and takes some minutes.

The kernel's own work is not in it, and what the server does anyway in as long a time is taken off. Each request carries
an Idempotency-Key; 32 clients, so commits are shared as under load.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from bench.mall import ROOT, mall, unlimited
from bench.tickets import KIOSK, agent, services, shoot

CLIENTS, WARM, COUNT = 32, 64, 384


def run() -> None:
    if shutil.which("callgrind_control") is None:
        click.echo("not counted: valgrind is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        limit = _noop(Path(folder) / "noop")
        click.echo(f"no-op POST: {limit:,.0f} instructions")
        for what, kiosk in (("ticket", "bench"), ("ticket whose slip its printer's agent gets", KIOSK)):
            ticket = _ticket(Path(folder) / kiosk, kiosk)
            click.echo(f"{what}: {ticket:,.0f} instructions, {limit / ticket:.2f} of the no-op's rate")


def _under(out: Path) -> tuple[str, ...]:
    return ("valgrind", "--tool=callgrind", "--quiet", "--instr-atstart=no", f"--callgrind-out-file={out}")


def _noop(out: Path) -> float:
    command = [*_under(out), sys.executable, "-m", "bench.noop"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline().split()[1])
        body = '{"service": "passport"}'
        return _each(out, process.pid, lambda count: shoot(port, CLIENTS, count, "", "/", body, []))
    finally:
        process.terminate()
        process.wait(120)


def _ticket(out: Path, kiosk: str) -> float:
    """A kiosk that is not the mall's own has no printer."""
    with unlimited() as config, mall(config, under=_under(out)) as server, agent(server):
        token = server.token("kiosk", "--name", kiosk)
        body = f'{{"service": "{services(server)[0]}"}}'
        path = "/api/v1/tickets"
        return _each(out, server.pid, lambda count: shoot(server.port, CLIENTS, count, token, path, body, []))


def _each(out: Path, pid: int, send: Callable[[int], object]) -> float:
    """Instructions for each request of those that `send` sends, after some to warm up."""
    send(WARM)
    _control(pid, "--instr=on")
    began = time.monotonic()
    busy = _counted(out, pid, lambda: send(COUNT))
    lasted = time.monotonic() - began
    idle = _counted(out, pid, lambda: time.sleep(lasted))
    return (busy - idle) / COUNT


def _counted(out: Path, pid: int, what: Callable[[], object]) -> int:
    """Instructions of the process while `what` runs."""
    _control(pid, "--zero")
    what()
    _control(pid, "--dump")
    written = max(out.parent.glob(f"{out.name}.*"), key=lambda path: int(path.suffix[1:]))
    total = re.search(r"^(?:totals|summary): (\d+)", written.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if total is None:
        raise RuntimeError(f"valgrind counted nothing in {written}")
    return int(total[1])


def _control(pid: int, what: str) -> None:
    subprocess.run(["callgrind_control", what, str(pid)], check=True, capture_output=True)
