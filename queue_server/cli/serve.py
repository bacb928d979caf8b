"""`antrean serve`: the mall, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
import uvloop

from queue_server.cli.options import config_option, data_option
from queue_server.compose import Setting, running
from queue_server.service import logs
from queue_server.service.listening import only_this_machine
from queue_server.settings import load

CLOCK_FORM = "2026-11-24T09:00:00+07:00"


SET_UP = """Nobody signs in here yet. This link makes you the admin of the mall. It is good once, for a day; another is
made at the next start while nobody has used it:

    {url}/join#{link}
"""


class Instant(click.ParamType[int]):
    """A moment with its offset from UTC, in milliseconds since the epoch."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a moment; write it as {CLOCK_FORM}.", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} does not say which time zone; write it as {CLOCK_FORM}.", param, ctx)
        return int(moment.timestamp() * 1000)


@click.command(help="Run the mall. Prints one line, `ready http://HOST:PORT`, when it can be used.")
@config_option
@data_option
@click.option("--host", help="Address to listen at [default: from the file, else 127.0.0.1].")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port; 0 is a free one [default: from the file, else 8080]."
)
@click.option("--clock", type=Instant(), help=f"Start the mall's clock at this moment, such as {CLOCK_FORM}.")
def command(config: Path, data: Path, host: str | None, port: int | None, clock: int | None) -> None:
    logs.set_up()
    settings = load(config)
    setting = Setting(
        settings=settings,
        data=data,
        host=host or settings.server.host,
        port=settings.server.port if port is None else port,
        clock_at=clock,
        config=config.resolve(),
        reload=lambda: load(config),
        folder=config.parent,
    )
    for said in exposed(setting):
        click.echo(said, err=True)
    uvloop.run(serve(setting))


def exposed(setting: Setting) -> Iterator[str]:
    """What an operator should know of a server that other machines reach without encryption, and how to mend it."""
    server = setting.settings.server
    if only_this_machine(setting.host) or server.certificate or server.proxies:
        return
    yield (
        f"warning: at {setting.host} passwords, tokens and notes cross the network unencrypted, for everybody in it to"
        " read. Name a certificate and its key under [server] in config.toml, or let a reverse proxy speak TLS and name"
        " its address under `proxies`: docs/install.md#encryption says how."
    )


async def serve(setting: Setting) -> None:
    """Run until SIGTERM or SIGINT."""
    async with running(setting) as mall:
        if not mall.parts.registry.people.has_admin():
            link, _ends = await asyncio.to_thread(mall.parts.registry.links.make, None)
            say(SET_UP.format(url=setting.settings.mall.public_url.rstrip("/") or mall.url, link=link))
        say(f"ready {mall.url}")
        await until_stopped()


def say(text: str) -> None:
    """Whoever started the server may have stopped reading, or send it to a full disk: the mall opens all the same."""
    try:
        click.echo(text)
    except OSError as error:
        logs.log.warning("not_said", error=error.strerror)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or what is left in the buffer fails again at the end


async def until_stopped() -> None:
    """Returns at SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
