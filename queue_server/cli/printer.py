"""`antrean printer`: the agent beside one printer; or, with `--probe`, a look at what a printer can do."""

from __future__ import annotations

import asyncio
import signal
from importlib.metadata import version
from pathlib import Path

import click

from printer.run import AgentConfig, run_agent
from printer.transports.address import Address, WrongAddress, parse_address
from printer.transports.virtual import VirtualPrinter, VirtualSlip
from printer.trial import probe
from queue_server.service import logs
from queue_server.wire.printing import Paper


class PrinterAddress(click.ParamType[Address]):
    """How a printer is reached, such as tcp://10.0.0.9:9100."""

    name = "url"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Address:
        if isinstance(value, Address):
            return value
        try:
            return parse_address(str(value))
        except WrongAddress as error:
            self.fail(error.detail, param, ctx)


@click.command(short_help="Run the agent beside a printer.")
@click.option("--server", metavar="URL", help="The mall's server, such as http://10.0.0.2:8080.")
@click.option("--token", envvar="ANTREAN_TOKEN", help="From `antrean token --role printer`; or in ANTREAN_TOKEN.")
@click.option("--printer", metavar="ID", help="The printer's id in config.toml.")
@click.option("--device", type=PrinterAddress(), help="How the printer is reached, see below.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="The agent's folder; what it knows of its slips is kept there.",
)
@click.option("--probe", "tried", type=PrinterAddress(), help="Say what this printer can do and print a test slip.")
def command(
    server: str | None,
    token: str | None,
    printer: str | None,
    device: Address | None,
    data: Path,
    tried: Address | None,
) -> None:
    """Run the agent beside one printer: it dials the server, prints each slip once, and says what became of it.

    \b
    How a printer is reached:
      tcp://10.0.0.9:9100                      its network port
      usb://04b8:0e15                          maker and model, as lsusb shows them
      serial:///dev/ttyUSB0?baud=115200        a serial port
      file:///dev/usb/lp0                      a device file
      lp://NAME                                a queue of CUPS
      virtual://                               pictures of slips, in the data folder

    After a `?`, joined by `&`: width=384 (dots), dpi=180, cut=partial|full|none, near_end_mm=2500,
    mode=raster|text, model=TM-T20II, confirm=id|counter|gs_r|none, blind=yes.
    """
    if tried is not None:
        raise SystemExit(asyncio.run(_probe(tried)))
    if server is None or token is None or printer is None or device is None:
        raise click.UsageError("Needs --server, --token, --printer and --device; or --probe alone.")
    logs.set_up()
    config = AgentConfig(
        server=server,
        token=token,
        printer=printer,
        device=device.text,
        data=data,
        version=version("antrean"),
    )
    asyncio.run(_run(config, _virtual(device, data / f"printer-{printer}" / "slips")))


async def _run(config: AgentConfig, virtual: VirtualPrinter | None) -> None:
    """Until SIGTERM or SIGINT, and the slip in hand."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await run_agent(config, stop, virtual=virtual)


async def _probe(address: Address) -> int:
    """0 if the test slip came out, or nothing can tell; 1 if it did not."""
    last = ""
    async for line in probe(address):
        click.echo(line)
        last = line
    return 0 if last.startswith(("test slip: printed", "test slip: unknown")) else 1


_SLIPS = "slip-[0-9][0-9][0-9][0-9][0-9][0-9].png"


def _virtual(address: Address, folder: Path) -> VirtualPrinter | None:
    """A printer whose slips are files, the newest hundred."""
    if address.scheme != "virtual":
        return None

    last = max((int(old.stem.removeprefix("slip-")) for old in folder.glob(_SLIPS)), default=0)

    def keep(slip: VirtualSlip) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"slip-{last + slip.place:06}.png").write_bytes(slip.png)
        for old in sorted(folder.glob(_SLIPS))[:-100]:
            old.unlink()

    return VirtualPrinter(address.name, address.paper(Paper()), mm_per_s=150.0, on_slip=keep)
