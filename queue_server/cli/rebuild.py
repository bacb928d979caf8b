"""`antrean rebuild`: the tables that statistics read, made again from the events. Needs the data folder for itself."""

from __future__ import annotations

from pathlib import Path

import click

from queue_server.database import Fault, lock_folder
from queue_server.errors import Broken, Unavailable
from queue_server.journal.rebuild import rebuild


@click.command(short_help="Make the journal's tables again from its events.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="The data folder.",
)
def command(data: Path) -> None:
    """Make the tables that statistics read again, from the events alone. The server must be stopped."""
    path = data / "journal.db"
    if not path.is_file():
        raise Broken(f"There is no file {path}. Is --data the right folder?")
    with lock_folder(data):
        try:
            rows = rebuild(path, progress=lambda stream: click.echo(stream, err=True))
        except Fault as error:
            raise Unavailable(f"{path} cannot be rebuilt: {error}. What was there is still there.") from error
    click.echo(f"Made again from {rows} events.")
