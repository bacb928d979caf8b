"""`antrean rebuild`: the journal's file made again from its events. Needs the data folder for itself."""

from __future__ import annotations

from pathlib import Path

import click

from queue_server.database import Fault, lock_folder, malformed
from queue_server.errors import Broken, FileDamaged, Unavailable
from queue_server.journal.sqlite.rebuild import rebuild_file


@click.command(short_help="Make the journal's tables and indexes again from its events.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="The data folder.",
)
def command(data: Path) -> None:
    """Make the journal's file again from its events alone: the tables that statistics read, and every index.

    It mends whatever `antrean verify` finds wrong beside the events. The server must be stopped, and the disk needs
    room for the file once more.
    """
    path = data / "journal.db"
    if not path.is_file():
        raise Broken(f"There is no file {path}. Is --data the right folder?")
    with lock_folder(data):
        try:
            rows = rebuild_file(path, progress=lambda stream: click.echo(stream, err=True))
        except (Fault, OSError) as error:
            if malformed(error):
                raise FileDamaged(f"{path} cannot be read: {error}. `antrean verify` says what mends it.") from error
            raise Unavailable(f"{path} cannot be rebuilt: {error}. What was there is still there.") from error
    click.echo(f"Made again from {rows} events.")
