"""What checking costs: tickets per second over HTTP with every check, beside the same server without (unchecked.py), in
the same run.

Checks are: who asks (token, role, origin), whose it is (scope), how often (the rate of one token, of one address and of
one kiosk, each set so high that it refuses nothing). Aim: under 10 % of the request rate at 32 clients.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bench.mall import Mall, mall, unlimited
from bench.quiet import Slice, take_turns
from bench.tickets import services, shoot

ROUNDS, CLIENTS, COUNT = 9, 32, 4_000
NEVER = "1000000 per minute"
"""A rate that is counted and never reached."""
COUNTED = ("requests", "per_token", "tickets_per_kiosk")


@contextmanager
def _counted(config: Path) -> Iterator[Path]:
    """The same mall, in which everybody is counted."""
    lines = [line for line in config.read_text(encoding="utf-8").splitlines() if not line.startswith(COUNTED)]
    at = lines.index("[limits]") + 1
    lines[at:at] = [f'{name} = "{NEVER}"' for name in COUNTED]
    path = config.with_name("counted.toml")
    path.write_text("\n".join(lines), encoding="utf-8")
    yield path


def run() -> None:
    peer = ("-m", "bench.unchecked")
    with (
        unlimited() as plain,
        _counted(plain) as counted,
        mall(counted) as checked,
        mall(plain, program=peer) as unchecked,
    ):
        body = json.dumps({"service": services(checked)[0]})
        found = take_turns({"checked": _shot(checked, body), "unchecked": _shot(unchecked, body)}, ROUNDS)
    for name, slices in found.items():
        click.echo(
            f"{name:9}  {slices['per_s']:8,.0f}/s  p50 {slices['p50_ms']:6.2f} ms  p99 {slices['p99_ms']:6.2f} ms"
            f"  foreign CPU {slices['foreign']:.0%}  quiet slices {slices['quiet_slices']:.0f}"
        )
    click.echo(f"checks cost {1 - found['checked']['per_s'] / found['unchecked']['per_s']:.1%} of the request rate")


def _shot(server: Mall, body: str) -> Callable[[], Slice]:
    token = server.token("kiosk", "--name", "bench")
    return lambda: shoot(server.port, CLIENTS, COUNT, token, "/api/v1/tickets", body, [server.pid])
