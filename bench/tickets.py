"""Durable tickets per second over HTTP, with and without paper, beside a no-op aiohttp POST and raw one-row SQLite
commits in the same run.

Aim: at 32 clients at least 0.35 of the no-op POST's rate, a linked printer included, p99 under 3 times the p50.
Everything is on: the journal with synchronous=FULL, the hash chain, steps, an Idempotency-Key with each request, live
push, the log. With paper, the agent of the kiosk's printer is linked and takes every job (agent.py).
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from bench.mall import ROOT, Mall, mall, unlimited
from bench.quiet import Slice, measure, take_turns

ROUNDS = 5
COUNTS = {1: 1_000, 8: 4_000, 32: 6_000}
KIOSK, PRINTER = "kiosk-1", "kiosk-1"
"""Of the sample mall."""


def shoot(port: int, clients: int, count: int, token: str, path: str, body: str, pids: list[int]) -> Slice:
    """One slice of load from a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.load", str(port), str(clients), str(count), token, path, body],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )

    def run() -> Mapping[str, float]:
        assert process.stdout is not None
        line = process.stdout.readline()  # the process lives on until `wait`, so its CPU can still be read
        return json.loads(line) if line else {"per_s": 0.0}

    found = measure(run, [*pids, process.pid])
    process.wait(30)
    if found.value.get("ok") != count:
        raise RuntimeError(f"{count} requests, answered: {found.value}")
    return found


def raw_journal(path: Path) -> Callable[[], None]:
    """A new SQLite file, WAL and synchronous=FULL; each call commits one row to it."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, data BLOB)")

    def commit() -> None:
        db.execute("INSERT INTO rows (data) VALUES (?)", (b"x" * 300,))

    return commit


def commits(seconds: float = 1.0) -> Slice:
    """Raw one-row commits to SQLite, WAL and synchronous=FULL: what a disk alone gives to one who waits each time."""

    def run() -> Mapping[str, float]:
        with tempfile.TemporaryDirectory() as folder:
            commit = raw_journal(Path(folder) / "raw.db")
            count, until = 0, time.perf_counter() + seconds
            began = time.perf_counter()
            while time.perf_counter() < until:
                commit()
                count += 1
            return {"per_s": count / (time.perf_counter() - began)}

    return measure(run, [])


def services(server: Mall) -> list[str]:
    """The ids of the services that are open now."""
    told = server.ask("/api/v1/mall")
    assert isinstance(told, dict)
    return [s["id"] for agency in told["agencies"] for s in agency["services"] if s["open"]]


def run() -> None:
    noop = subprocess.Popen([sys.executable, "-m", "bench.noop"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert noop.stdout is not None
        noop_port = int(noop.stdout.readline().split()[1])
        click.echo(
            f"{'clients':>7}  {'':9}  {'per second':>10}  ratio   p50 ms   p99 ms  p99/p50  foreign CPU  quiet slices"
        )
        for clients, count in COUNTS.items():
            _compare(clients, count, noop_port, noop.pid)
        raw = take_turns({"raw": commits}, 3)["raw"]
        click.echo(f"raw one-row commits: {raw['per_s']:,.0f}/s (foreign CPU {raw['foreign']:.0%})")
    finally:
        noop.terminate()
        noop.wait(10)


@contextmanager
def agent(server: Mall) -> Iterator[int]:
    """The printer's agent in a process of its own; gives its id once it is linked."""
    token = server.token("printer", "--name", PRINTER)
    command = [sys.executable, "-m", "bench.agent", str(server.port), token, PRINTER]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("the agent was not let in")
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def _compare(clients: int, count: int, noop_port: int, noop_pid: int) -> None:
    with unlimited() as config, mall(config) as server, agent(server) as agent_pid:
        pids = [server.pid, agent_pid]
        plain, printing = server.token("kiosk", "--name", "bench"), server.token("kiosk", "--name", KIOSK)
        body = json.dumps({"service": services(server)[0]})
        found = take_turns(
            {
                "no-op": lambda: shoot(noop_port, clients, count, "", "/", body, [noop_pid]),
                "no paper": lambda: shoot(server.port, clients, count, plain, "/api/v1/tickets", body, pids),
                "printed": lambda: shoot(server.port, clients, count, printing, "/api/v1/tickets", body, pids),
            },
            ROUNDS,
        )
    for name, slices in found.items():
        click.echo(
            f"{clients:7d}  {name:9}  {slices['per_s']:10,.0f}  {slices['per_s'] / found['no-op']['per_s']:5.2f}"
            f"  {slices['p50_ms']:7.2f}  {slices['p99_ms']:7.2f}  {slices['p99_ms'] / slices['p50_ms']:7.1f}"
            f"  {slices['foreign']:11.0%}  {slices['quiet_slices']:12.0f}"
        )
