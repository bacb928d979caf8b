"""`antrean replay`: a recorded day through a whole server, to see that nobody is lost and nothing doubled."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
import tempfile
import time
import zoneinfo
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import click
import uvloop

from queue_server.cli.drive.arrivals import Day, read_day
from queue_server.cli.drive.client import Api
from queue_server.cli.drive.day import KIOSK, Drive, Tokens, play
from queue_server.cli.drive.mall import BOARD, DayMall, mall_of
from queue_server.cli.drive.report import Report, figures, report_of, skipped_lines, text
from queue_server.cli.options import unlimited
from queue_server.compose import Mall, Setting, running
from queue_server.registry.roles import Role
from queue_server.registry.store import Registry
from queue_server.service import logs
from queue_server.service.clock import DrivenClock
from queue_server.settings import load

LOOK_MS = 60_000
"""So often, in the mall's time, estimates are worked out anew; a real server does it every second."""


class Zone(click.ParamType[zoneinfo.ZoneInfo]):
    name = "zone"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> zoneinfo.ZoneInfo:
        if isinstance(value, zoneinfo.ZoneInfo):
            return value
        try:
            return zoneinfo.ZoneInfo(str(value))
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            self.fail(f"there is no time zone {value!r}; write one like Europe/Warsaw.", param, ctx)


@click.command(short_help="Drive a recorded day through a whole server.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--speed", type=click.FloatRange(min=0, min_open=True), help="So many times as fast as the day itself.")
@click.option("--timezone", type=Zone(), default="UTC", show_default=True, help="Of times without an offset.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="Port; 0 is a free one.")
@click.option("--json", "as_json", is_flag=True, help="End with one line of JSON; the table goes to standard error.")
def command(file: Path, speed: float | None, timezone: zoneinfo.ZoneInfo, port: int, as_json: bool) -> None:
    """Make a mall of the day in FILE and let its citizens and clerks live it again, as fast as the server can.

    FILE is CSV; its first line names the columns agency, queue, service, issued_at and, where known, called_at and
    open_counters_at_issue. Rows that cannot be used are named and skipped. Exit status 1 if a ticket was lost or
    doubled, or the file cannot be used.
    """
    logs.set_up(plain=True, quiet=True)
    day = read_day(file, timezone)
    for line in (*skipped_lines(day.skipped), *skipped_lines(day.doubted, "used, not all of it")):
        click.echo(f"{file.name}: {line}", err=True)
    try:
        report = uvloop.run(replay(day, speed=speed, port=port))
    except asyncio.CancelledError:
        raise click.Abort from None
    for line in text(report):
        click.echo(line, err=as_json)
    if as_json:
        click.echo(json.dumps(figures(report), ensure_ascii=False))
    if report.failed:
        raise click.exceptions.Exit(1)


async def replay(day: Day, *, speed: float | None = None, port: int = 0) -> Report:
    """The day in a temporary folder, which is gone afterwards, also after SIGINT or SIGTERM."""
    mall = mall_of(day)
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, lambda: task and task.cancel())
    first, last = day.arrivals[0].issued_at, max(row.called_at or row.issued_at for row in day.arrivals)
    with tempfile.TemporaryDirectory(prefix="antrean-replay-") as folder:
        config = Path(folder) / "config.toml"
        config.write_text(mall.config, encoding="utf-8")
        clock = DrivenClock(first)
        settings = unlimited(load(config))
        setting = Setting(settings=settings, data=Path(folder) / "data", port=port, clock=clock, demo=True)
        async with running(setting) as server, Api(server.url) as api:
            tokens = await asyncio.to_thread(_tokens, server.parts.registry, mall)
            if speed is not None:
                click.echo(f"Watch it at {server.url}/display/{BOARD}", err=True)
            began = time.perf_counter()
            with _progress(len(day.arrivals)) as told:
                drive = Drive(move=_mover(server, clock), speed=speed, told=told)
                ledger = await play(mall, api, tokens, drive)
            seconds = time.perf_counter() - began
    return report_of(ledger, mall.agencies, day.skipped, seconds=seconds, day_s=(last - first) / 1000)


def _tokens(registry: Registry, mall: DayMall) -> Tokens:
    create = registry.tokens.create
    counters = [counter for queue in mall.queues for counter in queue.counters]
    return Tokens(
        kiosk=create(Role.KIOSK, name=KIOSK),
        counters={counter: create(Role.CLERK, name=f"clerk-{counter}", counter=counter) for counter in counters},
    )


def _mover(server: Mall, clock: DrivenClock) -> Callable[[int], Awaitable[None]]:
    """Moves the clock, and lets the hall look around as a running clock would."""
    looked = clock.now()

    async def move(at: int) -> None:
        nonlocal looked
        clock.move(at)
        if at - looked >= LOOK_MS:
            looked = at
            await server.parts.engine.keep_up()

    return move


@contextlib.contextmanager
def _progress(length: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, if that is a terminal; it is told how many are done."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=length, label="Called", file=sys.stderr, show_pos=True) as bar:
        yield lambda done: bar.update(done - bar.pos)
