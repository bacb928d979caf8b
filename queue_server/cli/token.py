"""`antrean token`: a bearer token for a device or a program, alone on standard output, beside a running server."""

from __future__ import annotations

from pathlib import Path

import click

from queue_server.registry.roles import Role
from queue_server.registry.store import open_registry


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
