"""`antrean export`: the whole history as CSV, into a folder of its own. Works beside a running server."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from queue_server.cli.options import data_option
from queue_server.cli.registry import opened
from queue_server.database import Fault
from queue_server.domain.acts import ActKind
from queue_server.errors import Broken, Unavailable
from queue_server.handover.history import write
from queue_server.journal.sqlite.copied import TABLES, copied
from queue_server.registry.acts import MACHINE


@click.command(short_help="Copy the whole history into a folder, as CSV.")
@data_option
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def command(data: Path, folder: Path) -> None:
    """Copy the whole history into FOLDER, which is made: every event, every step of every ticket, what counters did.

    All of it is of one moment, also while the server runs. The folder is there when it is complete, and not before.
    docs/handover.md says what each column means.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Broken(f"{folder} is there already, and not empty. Name another folder.")
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True, mode=0o700)
        with copied(data / "journal.db") as source:
            total = sum(map(source.count, TABLES))
            with click.progressbar(length=total, label="Rows", file=sys.stderr) as bar:
                counts = write(source, part, bar.update)
        part.replace(folder)
        with opened(data) as registry:
            registry.acts.note(ActKind.HISTORY_EXPORTED, by=MACHINE, details={"rows": sum(counts.values())})
    except (Fault, OSError) as error:
        raise Unavailable(f"{folder} cannot be written from {data}: {error}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    click.echo("\n".join(f"{folder / name}.csv  {count} rows" for name, count in counts.items()))
