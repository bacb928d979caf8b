"""`antrean restore`: a data folder of a backup, proved before anybody uses it."""

from __future__ import annotations

from pathlib import Path

import click

from queue_server.cli import verify
from queue_server.cli.backup import named
from queue_server.cli.options import data_option
from queue_server.cli.registry import opened
from queue_server.errors import Invalid
from queue_server.handover import backup
from queue_server.registry.keys import FILE
from queue_server.settings.secrets import secret_of

KEY_ELSEWHERE = (
    "Notes, names and second factors in it are sealed by a key that is not in this backup: put the file that [privacy]"
    " key_file names in its place, too, before the server starts."
)


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
    click.echo(f"{data}: {', '.join(named(found))}")
    if FILE not in found and _has_sealed(data):
        click.echo(KEY_ELSEWHERE, err=True)
    context.invoke(verify.command, data=data, against=(), key=())


def _has_sealed(data: Path) -> bool:
    if not (data / "registry.db").exists():
        return False
    with opened(data) as registry:
        return registry.has_sealed()
