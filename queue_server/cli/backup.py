"""`antrean backup`: the data folder as one encrypted file. Works beside a running server."""

from __future__ import annotations

from pathlib import Path

import click

from queue_server.cli.options import config_option, data_option
from queue_server.cli.registry import opened
from queue_server.domain.acts import ActKind
from queue_server.errors import Invalid
from queue_server.handover import backup
from queue_server.registry.acts import MACHINE

OPEN = (
    "Warning: this backup is not encrypted. Whoever gets the file reads names, notes and phones, and can sign as the"
    " mall."
)


@click.command(short_help="Copy the data folder into one encrypted file.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--to", "to", multiple=True, metavar="KEY", help="A public key (age1…) that opens it; may be repeated.")
@click.option("--unencrypted", is_flag=True, help="Without a key, for a place that is encrypted already.")
@click.option(
    "--new-key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Make a key instead: the secret one into this file, which belongs elsewhere; the public one is printed.",
)
@click.option("--journal", is_flag=True, help="For an auditor: only journal and closing hashes, no names, no keys.")
@config_option
@data_option
def command(
    file: Path | None,
    to: tuple[str, ...],
    unencrypted: bool,
    new_key: Path | None,
    journal: bool,
    config: Path,
    data: Path,
) -> None:
    """Copy journal, registry, outbox, uploads, keys and config.toml into FILE, encrypted for the public keys.

    The server's machine needs no secret key: keep that one elsewhere. antrean restore, or age, opens the file.
    """
    if new_key is not None:
        click.echo(backup.new_key(new_key))
        return
    if file is None:
        raise click.UsageError("Name the file to write, or make a key with --new-key FILE.")
    if bool(to) == unencrypted:
        raise Invalid(
            "Say for which public key (--to age1…): a backup holds names and keys. antrean backup --new-key makes one;"
            " --unencrypted is for a place that is encrypted already.",
            reason="field",
        )
    if unencrypted and not journal:
        click.echo(OPEN, err=True)
    inside = backup.write(data, config, file, backup.public_keys(to), journal_only=journal)
    with opened(data) as registry:
        registry.acts.note(ActKind.BACKUP_MADE, by=MACHINE, details={"encrypted": str(bool(to)).lower()})
    click.echo(f"{file}: {', '.join(named(inside))}")


def named(inside: list[str]) -> list[str]:
    """Uploads are counted: nobody knows them by their hashes."""
    files = [name for name in inside if "/" not in name]
    uploads = len(inside) - len(files)
    return [*files, *([f"{uploads} files of media"] if uploads else [])]
