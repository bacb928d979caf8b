"""Pages of reports over a generated year, and how much later a press of call-next is answered while they are made.

The year has 2.5 million steps, of which the columns are there and a row a day. Aims: a page under 0.5 s; the p99 of
call-next while reports run back to back within 3 ms of idle. A page of a day without anybody is beside it: what any
page costs. Each is read by two servers, one after the other: the first makes sums of months, the second finds them.
Reports are asked for ever other spans, so that none has been answered before.
"""

from __future__ import annotations

import http.client
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from bench.fanout import Poster
from bench.mall import ROOT, Mall, mall
from bench.quiet import Slice, cpu_s, measure, percentile
from bench.stats import DAYS, days_back, opened, word, write_columns
from bench.waiting import hundred_services
from queue_server.database import open_file
from queue_server.journal.sqlite.schema import MIGRATIONS

BEFORE = date(2026, 11, 23)
"""The last day of the year: the one before that of the server."""
PRESSES, ROUNDS = 400, 5
PAGES = {
    "a day": ("2026-11-20", "2026-11-20"),
    "a week": ("2026-11-16", "2026-11-20"),
    "a month": ("2026-10-01", "2026-10-31"),
    "a quarter": ("2026-07-01", "2026-09-30"),
    "a year": ("2025-12-10", "2026-11-20"),
    "nobody": ("2026-11-22", "2026-11-22"),
}


def run() -> None:
    with tempfile.TemporaryDirectory() as name, hundred_services() as config:
        data = Path(name)
        open_file(data / "journal.db", MIGRATIONS).close()
        with opened(data) as kept:
            word(kept)
            write_columns(data / "journal.db", kept, days_back(DAYS, BEFORE))
        with mall(config, data=data) as server:
            _all_pages(server, server.token("manager", "--name", "dewi"), "ever")
        with mall(config, data=data) as server:
            token = server.token("manager", "--name", "dewi")
            _all_pages(server, token, "after the next start")
            _calls(server, token)


def _all_pages(server: Mall, token: str, start: str) -> None:
    for title, (first, last) in PAGES.items():
        _pages(server, token, title, f"/report?from={first}&to={last}&lang=en", start)


def _pages(server: Mall, token: str, title: str, path: str, start: str) -> None:
    used = cpu_s([server.pid])
    took = [_page(server, token, path)]
    cpu = (cpu_s([server.pid]) - used) * 1_000
    took += [_page(server, token, path) for _ in range(3)]
    again = statistics.median(took[1:])
    click.echo(f"a page of {title}: the first {start} {took[0]:.0f} ms ({cpu:.0f} of CPU), again {again:.0f} ms")


def _page(server: Mall, token: str, path: str) -> float:
    """Milliseconds until it was read whole."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    began = time.perf_counter()
    line.request("GET", path, headers={"Authorization": f"Bearer {token}", "Accept": "text/html"})
    answer = line.getresponse()
    answer.read()
    took = (time.perf_counter() - began) * 1_000
    line.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return took


def _calls(server: Mall, token: str) -> None:
    clerk, kiosk = (Poster(server.port, server.token(role, "--name", "bench")) for role in ("clerk", "kiosk"))
    clerk.post("/api/v1/counters/1/open")
    slices: dict[str, list[Slice]] = {"idle": [], "reports": []}
    for _ in range(ROUNDS):
        slices["idle"].append(measure(lambda: _presses(clerk, kiosk), [server.pid]))
        with readers(server, token) as pid:
            slices["reports"].append(measure(lambda: _presses(clerk, kiosk), [server.pid, pid]))
    for name, those in slices.items():
        said = {key: statistics.median(one.value[key] for one in those) for key in those[0].value}
        foreign = statistics.median(one.foreign for one in those)
        click.echo(f"call-next, {name}: p50 {said['p50']:.2f} ms, p99 {said['p99']:.2f} ms, foreign CPU {foreign:.0%}")


@contextmanager
def readers(server: Mall, token: str) -> Iterator[int]:
    """Somebody asks for a year by half-hour, back to back, never the same year."""
    command = [sys.executable, "-m", "bench.reader", str(server.port), token]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("no report came")
        yield process.pid
    finally:
        process.kill()
        process.wait(10)


def _presses(clerk: Poster, kiosk: Poster) -> Mapping[str, float]:
    times: list[float] = []
    for _ in range(PRESSES):
        kiosk.post("/api/v1/tickets", '{"service": "s0"}')
        began = time.perf_counter()
        clerk.post("/api/v1/counters/1/call-next")
        times.append((time.perf_counter() - began) * 1_000)
        clerk.post("/api/v1/counters/1/start")
    return {"p99": percentile(times, 0.99), "p50": percentile(times, 0.5)}
