"""`antrean display`: the agent of an LED panel over a counter, or calls as lines."""

from __future__ import annotations

import asyncio
import signal

import click

from display.agent import AgentConfig, run_agent
from display.lines import say
from display.panels import drivers
from display.simulator import panel
from queue_server.service import logs


@click.command(short_help="Run a counter's panel, or print its calls.")
@click.option("--server", metavar="URL", help="The mall's server, such as http://10.0.0.2:8080.")
@click.option("--token", envvar="ANTREAN_TOKEN", help="From `antrean token --role display`.")
@click.option("--counter", metavar="ID", help="The counter's id in config.toml.")
@click.option("--device", metavar="URL", default="print://", show_default=True, help="How the panel is reached.")
@click.option(
    "--driver",
    type=click.Choice(sorted(drivers())),
    default="segments",
    show_default=True,
    help="Which language the panel speaks.",
)
@click.option("--simulate", metavar="PORT", type=click.IntRange(1, 65535), help="Be a panel and say what it shows.")
def command(
    server: str | None, token: str | None, counter: str | None, device: str, driver: str, simulate: int | None
) -> None:
    """Show on a panel over one counter who is called there; dark while the counter is closed, or the server away.

    \b
    How a panel is reached:
      print://                              lines on standard output: counter, number, what happened
      tcp://10.0.0.40:4001                  a panel on the network, or behind a serial server
      serial:///dev/ttyUSB0?baud=9600       a serial port

    \b
    Languages: segments (plain text for seven-segment panels), alpha (Alpha and BetaBrite signs).
    """
    if simulate is not None:
        asyncio.run(_simulate(driver, simulate))
        return
    if server is None or token is None or counter is None:
        raise click.UsageError("Needs --server, --token and --counter; or --simulate alone.")
    logs.set_up()
    config = AgentConfig(server=server, token=token, counter=counter, device=device)
    asyncio.run(_run(config, driver))


async def _run(config: AgentConfig, driver: str) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await run_agent(config, drivers()[driver], stop)


async def _simulate(driver: str, port: int) -> None:
    def shows(text: str, blinks: bool) -> None:
        say(f"[{text:^8}]{' blinks' if blinks else ''}")

    async with panel(driver, shows, port):
        await asyncio.Event().wait()
