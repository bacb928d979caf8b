"""`antrean demo`: a mall to try, open whatever the hour, with virtual printers and people to sign in as."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
import uvloop
from msgspec.structs import replace

from queue_server.cli.drive.printers import VirtualPrinters
from queue_server.cli.drive.rush import rush
from queue_server.cli.options import config_option, unlimited
from queue_server.cli.serve import say, until_stopped
from queue_server.compose import Mall, Setting, running
from queue_server.registry.roles import Role
from queue_server.service import logs
from queue_server.service.listening import only_this_machine
from queue_server.settings import load

PEOPLE = (
    ("ani", Role.CLERK),
    ("budi", Role.CLERK),
    ("sari", Role.SUPERVISOR),
    ("dewi", Role.MANAGER),
    ("rini", Role.ADMIN),
    ("agus", Role.AUDITOR),
)
WORDS = (
    "kopi",
    "melati",
    "pandan",
    "salak",
    "rambai",
    "kenari",
    "cempaka",
    "sawah",
    "gunung",
    "pantai",
    "layang",
)


def password_of(secret: bytes) -> str:
    """Easy to type, another one in each data folder, and the same after a restart: who is signed in stays so."""
    first, second, *rest = secret
    return f"{WORDS[first % len(WORDS)]}-{WORDS[second % len(WORDS)]}-{int.from_bytes(rest, 'big') % 10**4:04}"


EXPOSED = """warning: at {host} every machine that reaches this one may use the demonstration: its kiosks and displays
let anybody in, and nothing is encrypted. For real citizens: antrean serve."""


@click.command(short_help="A mall to try, open whatever the hour.")
@config_option
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data/demo"),
    show_default=True,
    help="Where the demonstration keeps its day.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="Port; 0 is a free one.")
@click.option(
    "--rush", "crowd", type=click.IntRange(0, 500), default=0, help="Simulated citizens, and clerks for them."
)
def command(config: Path, data: Path, host: str, port: int, crowd: int) -> None:
    """Run the sample mall with virtual printers, whose slips can be seen in the browser.

    Everything else is as in a real one. Stop it with Ctrl+C; started again it goes on where it was.
    """
    logs.set_up(plain=True, quiet=True)
    settings = unlimited(load(config))
    setting = Setting(
        settings=settings, data=data, host=host, port=port, always_open=True, demo=True, folder=config.parent
    )
    if not only_this_machine(host):
        click.echo(EXPOSED.format(host=host), err=True)
    uvloop.run(demonstrate(setting, crowd))


async def demonstrate(setting: Setting, crowd: int) -> None:
    """Run until SIGTERM or SIGINT."""
    printers, stop = VirtualPrinters(setting.settings), asyncio.Event()
    setting = replace(setting, routes=tuple(printers.routes()))
    async with running(setting) as mall, asyncio.TaskGroup() as group:
        registry = mall.parts.registry
        password = password_of(registry.secret("demonstration"))
        for name, role in PEOPLE:
            known = registry.people.named(name)
            if known is None:
                await asyncio.to_thread(registry.people.add, name, role, secret=password)
            elif await asyncio.to_thread(registry.people.check, name, password) is None:
                await asyncio.to_thread(registry.people.set_secret, known.id, password)
        printing = group.create_task(printers.run(mall.url, registry, setting.data, stop))
        crowding = group.create_task(rush(mall.url, registry, crowd, stop)) if crowd else None
        say(welcome(mall, password))
        say(f"ready {mall.url}")
        await until_stopped()
        stop.set()
        for task in (printing, crowding):
            if task is not None:
                await asyncio.wait({task}, timeout=5)
                task.cancel()


def welcome(mall: Mall, password: str) -> str:
    """What somebody who just started it wants to know."""
    rules, url = mall.parts.engine.state.rules, mall.url
    name = rules.name[rules.languages[0]]
    kiosk, board = next(iter(rules.kiosks)), next(iter(rules.boards))
    return "\n".join(
        (
            "",
            f"  {name}",
            "",
            f"  Start here       {url}/",
            f"  Take a ticket    {url}/kiosk/{kiosk}",
            f"  See the slip     {url}/printers",
            f"  Hall display     {url}/display/{board}",
            f"  Call it          {url}/terminal        sign in as ani, {password}",
            f"  The floor        {url}/floor           sign in as sari, {password}",
            f"  Reports          {url}/report          sign in as dewi, {password}",
            f"  People, devices  {url}/people          sign in as rini, {password}",
            f"  The API          {url}/api/docs",
            "",
            f"  Others to sign in as: {', '.join(f'{n} ({r})' for n, r in PEOPLE[1:])}.",
            f"  Password         {password}",
            "",
        )
    )
