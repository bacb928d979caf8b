"""`antrean restore`: a data folder of a backup, proved before anybody uses it."""

from __future__ import annotations

from pathlib import Path

import click

from queue_server.cli import verify
from queue_server.cli.options import data_option
from queue_server.errors import Invalid
from queue_server.handover import backup
from queue_server.settings.secrets import secret_of


@click.command(short_help="Make a data folder of a backup, and prove it.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--key", metavar="FILE|env:NAME", help="Where the secret key is; never the key itself.")
@data_option
@click.pass_context
def command(context: click.Context, file: Path, key: str | None, data: Path) -> None:
    """Make the data folder anew of FILE, a backup by antrean backup. The folder must be missing or empty.

    What comes out is proved as antrean verify does. config.toml lies in the folder, too: put it where it belongs.
    """
    if key is None and backup.is_encrypted(file):
        raise Invalid("It is encrypted: say where the secret key is (--key FILE, or --key env:NAME).", reason="field")
    try:
        secret = backup.secret_keys(secret_of(key, Path())) if key else []
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"The key cannot be read: {error}.", reason="field") from None
    found = backup.restore(file, secret, data)
    click.echo(f"{data}: {', '.join(found)}")
    context.invoke(verify.command, data=data, against=(), key=())
