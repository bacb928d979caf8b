"""`antrean token`: a bearer token for a device or a program, alone on standard output, beside a running server.

What it is for is not checked against config.toml, which may stand elsewhere or not be written yet. Whatever can be seen
to be of little use is said on standard error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import click

from queue_server.errors import ConfigWrong
from queue_server.registry.roles import DEVICES, Role
from queue_server.registry.store import open_registry
from queue_server.settings import Settings, load
from queue_server.settings.mistakes import nearest

HERE = Path("config.toml")


@click.command(short_help="Make a bearer token for a device or a program.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="Who it lets in as what.")
@click.option("--name", help="A device's id as config.toml has it, or what you want to call the token.")
@click.option("--counter", help="The one counter that it is for.")
@click.option("--agency", help="The one agency that it is for.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="The data folder, made if missing.",
)
def command(role: str, name: str | None, counter: str | None, agency: str | None, data: Path) -> None:
    """Make a bearer token and print it, alone on standard output. It is shown this once and kept only as a hash."""
    registry = open_registry(data / "registry.db")
    try:
        click.echo(registry.tokens.create(Role(role), name=name, counter=counter, agency=agency))
    finally:
        registry.close()
    for doubt in _doubts(Role(role), name, counter, agency):
        click.echo(f"warning: {doubt}", err=True)


def _doubts(role: Role, name: str | None, counter: str | None, agency: str | None) -> Iterator[str]:
    """Why the token may let nobody do anything, as far as the file in this folder tells."""
    if role in DEVICES and not name:
        yield f"without --name the server cannot tell which {role} this is; make another with its id."
    known = _settings()
    if known is None:
        return
    named: list[tuple[str, str | None, Collection[str]]] = [
        ("counter", counter, known.counters),
        ("agency", agency, known.agencies),
    ]
    if role is Role.PRINTER:  # kiosks and displays may be others than the file's
        named.append(("printer", name, known.printers))
    for what, id_, there in named:
        if id_ and id_ not in there:
            yield f'{HERE} here has no {what} "{id_}"{nearest(id_, there)}'


def _settings() -> Settings | None:
    """The mall's file in this folder, if it is there and right."""
    try:
        return load(HERE)
    except ConfigWrong:
        return None
