"""The cost of call-next over HTTP with few and with very many people waiting over 100 services.

Aim: with 10,000 (and 100,000) waiting within 1.2 of 10 waiting.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from bench.fanout import Poster
from bench.mall import mall
from bench.quiet import Slice, measure, take_turns
from bench.tickets import shoot

SERVICES = 100
ROUNDS = 5
PRESSES = 300


@contextmanager
def hundred_services() -> Iterator[Path]:
    """A mall of one agency with 100 services and one counter that serves them all."""
    letters = "ACDEFGHJKL"
    names = [f"s{index}" for index in range(SERVICES)]
    lines = [
        "[mall]",
        'id = "bench"',
        'name = { en = "Bench" }',
        'languages = ["en"]',
        'timezone = "UTC"',
        '[limits]\ntickets_per_kiosk = "off"\nper_token = "off"',
        "[policy]",
        "finish_on_call_next = true",
        '[agencies.a]\nname = { en = "Agency" }',
        '[zones.z]\nname = { en = "Hall" }',
        f'[counters.1]\nzone = "z"\nservices = {names!r}'.replace("'", '"'),
        '[boards.b]\nzones = ["z"]',
        '[kiosks.bench]\nname = { en = "Kiosk" }',
    ]
    for index, name in enumerate(names):
        prefix = letters[index // 10] + letters[index % 10]
        lines.append(
            f'[services.{name}]\nagency = "a"\nprefix = "{prefix}"\nname = {{ en = "Service {index}" }}\n'
            'target = "10m"\nhours = { mon = ["00:00-24:00"], tue = ["00:00-24:00"], wed = ["00:00-24:00"] }'
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text("\n".join(lines), encoding="utf-8")
        yield path


def run() -> None:
    click.echo("waiting  call-next ms  against 10  foreign CPU")
    with hundred_services() as config:
        first = 0.0
        for waiting in (10, 10_000, 100_000):
            with mall(config) as server:
                kiosk = server.token("kiosk", "--name", "bench")
                clerk = Poster(server.port, server.token("clerk", "--name", "bench"))
                clerk.post("/api/v1/counters/1/open")
                for index in range(min(SERVICES, waiting)):
                    count = waiting // min(SERVICES, waiting)
                    body = f'{{"service": "s{index}"}}'
                    shoot(server.port, min(32, count), count, kiosk, "/api/v1/tickets", body, [server.pid])
                kiosk_line = Poster(server.port, kiosk)

                def press(clerk: Poster = clerk, line: Poster = kiosk_line, pid: int = server.pid) -> Slice:
                    return measure(lambda: _presses(clerk, line), [pid])

                found = take_turns({"call": press}, ROUNDS)["call"]
                first = first or found["ms"]
                click.echo(f"{waiting:7,d}  {found['ms']:12.3f}  {found['ms'] / first:10.2f}  {found['foreign']:11.0%}")


def _presses(clerk: Poster, kiosk: Poster) -> Mapping[str, float]:
    """For each call one comes and one goes, so that as many wait at the end as at the start."""
    times = []
    for _ in range(PRESSES):
        kiosk.post("/api/v1/tickets", '{"service": "s0"}')
        began = time.perf_counter()
        clerk.post("/api/v1/counters/1/call-next")
        times.append((time.perf_counter() - began) * 1000)
        clerk.post("/api/v1/counters/1/start")
    return {"ms": statistics.median(times)}
