"""`antrean verify`: was history edited? Works beside a running server; keep the hash that it prints elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from queue_server.database import Fault
from queue_server.errors import JournalDamaged, Unavailable
from queue_server.journal.verify import verify


@click.command(short_help="Prove that the journal was not edited.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="The data folder.",
)
@click.option("--expect", metavar="HASH", help="A hash printed earlier: rows cut off at the end are found by it.")
def command(data: Path, expect: str | None) -> None:
    """Prove that the journal was not edited: every row hashes to what it says, every day follows the one before.

    Exit status 0 if so; 1 with the number of the first wrong row if not. Keep the last hash in another place: with
    --expect it proves later that nothing was cut off at the end either.
    """
    path = data / "journal.db"
    try:
        report = verify(path, expected=expect.lower() if expect else None)
    except Fault as error:
        raise Unavailable(f"{path} cannot be read: {error}.") from error
    if report.wrong_seq is not None:
        raise JournalDamaged(f"Row {report.wrong_seq} of {path} is wrong: {report.wrong}.", seq=report.wrong_seq)
    click.echo(f"{report.rows} rows, {report.days} days, whole. Last hash {report.last_hash}")
