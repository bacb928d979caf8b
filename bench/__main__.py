"""`python -m bench [name…]`: all benchmarks, or those that are named."""

from importlib import import_module

import click

#: name -> what it measures; `bench/<name>.py` has a `run()` that prints its lines.
BENCHES = {
    "engine": "the pure domain: issue, call-next, replay",
    "tickets": "durable tickets per second over HTTP",
    "checks": "what it costs to check who asks, whose it is and how often",
    "counted": "what a ticket costs in instructions (wants valgrind)",
    "waiting": "call-next over HTTP with few and with very many waiting",
    "fanout": "from a press to the last display",
    "paint": "from a press to what the hall's display has painted",
    "kiosk": "from a tap to the number on a kiosk, and what its page costs to open",
    "restart": "reading a full day back",
    "stats": "statistics of a year and of ten, beside a plain SQL scan",
    "reports": "pages of reports, and call-next while they are made",
    "tiles": "the floor page with very many waiting",
    "slips": "building a slip, and the printer's first byte",
    "speech": "from a press of call-next to the sound of the call",
    "hostile": "what somebody with few rights can cost everybody else",
    "paper": "from a ticket on disk to the printer's first byte, through server and agent",
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHES)))
def main(names: tuple[str, ...]) -> None:
    """Measure, and print what came out beside its limit."""
    for name in names or BENCHES:
        click.secho(f"{name}: {BENCHES[name]}", bold=True)
        import_module(f"bench.{name}").run()


main()
