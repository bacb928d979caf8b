"""Memory per 10,000 tickets, and how long a restart takes with 20,000 tickets in the day, the chain verified.

The limit beside it: reading the same file's rows once, without looking at them. Aim: under 0.5 s of replay.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import click

from bench.mall import mall, unlimited
from bench.tickets import services, shoot
from queue_server.domain.evolve import evolve
from queue_server.domain.state import State
from queue_server.journal.sqlite import open_journal

TICKETS = 10_000


def resident_kib(pid: int) -> int:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("no VmRSS")


def run() -> None:
    with unlimited() as config, mall(config) as server:
        token = server.token("kiosk", "--name", "bench")
        body = json.dumps({"service": services(server)[0]})
        idle = resident_kib(server.pid)
        sizes = []
        for _ in range(2):
            shoot(server.port, 32, TICKETS, token, "/api/v1/tickets", body, [server.pid])
            sizes.append(resident_kib(server.pid))
        click.echo(f"idle {idle / 1024:.0f} MiB; per 10,000 tickets {(sizes[1] - sizes[0]) / 1024:.1f} MiB")
        server.process.terminate()
        server.process.wait(30)
        replay = _replay(server.data)
        read = _read(server.data / "journal.db")
        click.echo(
            f"replay of {2 * TICKETS:,} tickets with the chain verified {replay * 1000:.0f} ms;"
            f" reading their rows alone {read * 1000:.0f} ms; ratio {replay / read:.1f}"
        )


def _replay(data: Path) -> float:
    times = []
    for _ in range(5):
        journal = open_journal(data / "journal.db")
        began = time.perf_counter()
        state = State()
        for recorded in journal.read_day(journal.last().stream):
            evolve(state, recorded.event)
        times.append(time.perf_counter() - began)
        journal.close()
    return sorted(times)[2]


def _read(path: Path) -> float:
    times = []
    for _ in range(5):
        with closing(sqlite3.connect(path)) as db:
            began = time.perf_counter()
            for _ in db.execute("SELECT seq, at, data, hash FROM events ORDER BY seq"):
                pass
            times.append(time.perf_counter() - began)
    return sorted(times)[2]
