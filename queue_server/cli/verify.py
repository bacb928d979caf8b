"""`antrean verify`: is the journal what was written? Works beside a running server; keep the hash that it prints
elsewhere. Whatever it finds, it says which command or backup mends that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from queue_server.database import Fault, damage_of, malformed, open_to_read
from queue_server.errors import FileDamaged, JournalDamaged, Unavailable
from queue_server.journal.closing import read_closings
from queue_server.journal.sqlite.verify import Report, verify_file
from queue_server.journal.verify import Against

RESTORE = "Restore the data folder from the latest backup that `antrean verify` calls whole."
REBUILD = "Every event is whole: stop the server and run `antrean rebuild`, which makes all the rest anew."
REGISTRY = (
    "Stop the server and restore registry.db from a backup; without one move it away, and let people and devices in"
    " anew."
)


@click.command(short_help="Prove that the journal was not edited.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="The data folder.",
)
@click.option(
    "--against",
    metavar="HASH|FILE",
    multiple=True,
    help="A hash that was kept elsewhere, or a file of closing hashes as the mall gives them away; may be repeated.",
)
@click.option(
    "--key",
    metavar="KEY",
    multiple=True,
    help="The mall's public key, in hex: days that were signed by another, or not, are found by it.",
)
def command(data: Path, against: tuple[str, ...], key: tuple[str, ...]) -> None:
    """Prove that the journal is what was written: every row hashes to what it says, every day follows the one before,
    pages and indexes fit together, and the tables that statistics read say what the events say.

    Exit status 0 if so; 1 with what is wrong and what mends it if not. Keep the last hash, the closing hashes that the
    mall gives away and its public key in another place: with --against and --key they prove later that nothing was cut
    off at the end, and that the whole was not made anew.
    """
    kept = _kept(against, key)
    path = data / "journal.db"
    try:
        report = verify_file(path, against=kept)
        registry = _registry(data / "registry.db")
    except Fault as error:
        if malformed(error):
            raise FileDamaged(f"{path} cannot be read at all: {error}. {RESTORE}") from error
        raise Unavailable(f"{path} cannot be read: {error}.") from error
    found = "\n".join([*_journal(path, report), *registry])
    if report.wrong_seq is not None:
        raise JournalDamaged(found, seq=report.wrong_seq)
    if found:
        raise FileDamaged(found)
    if report.signed:
        click.echo(f"{report.signed} days signed by {', '.join(report.keys)}")
    click.echo(f"{report.rows} rows, {report.days} days, whole. Last hash {report.last_hash}")


def _kept(against: tuple[str, ...], keys: tuple[str, ...]) -> Against:
    """What others have kept. Raises UsageError where it is neither a hash nor a file of them."""
    hashes: set[str] = set()
    for said in against:
        if _HEX.fullmatch(said.lower()):
            hashes.add(said.lower())
            continue
        try:
            closings = read_closings(Path(said).read_bytes())
        except OSError as error:
            raise click.UsageError(f"{said} is no hash, and no file that can be read ({error.strerror}).") from error
        except ValueError as error:
            raise click.UsageError(f"{said} is no file of closing hashes: {error}.") from error
        if wrong := [closing.day for closing in closings if not closing.holds]:
            raise click.UsageError(f"{said} was changed: the signature of {', '.join(wrong)} does not fit.")
        hashes.update(closing.hash for closing in closings)
    if wrong_keys := [key for key in keys if not _HEX.fullmatch(key.lower())]:
        raise click.UsageError(f"{', '.join(wrong_keys)} is no public key: 64 digits 0-9 a-f.")
    return Against(hashes=frozenset(hashes), keys=frozenset(key.lower() for key in keys))


_HEX = re.compile(r"[0-9a-f]{64}")


def _journal(path: Path, report: Report) -> Iterator[str]:
    """What is wrong, one line each, and then what mends it."""
    if report.wrong_seq is not None:
        yield f"Row {report.wrong_seq} of {path} is wrong: {report.wrong}."
    yield from (f"{path} is damaged: {said}." for said in report.damage)
    yield from (f"{path}: {said}" for said in report.differing)
    if not report.whole:
        yield RESTORE if report.wrong_seq is not None else REBUILD


def _registry(path: Path) -> list[str]:
    if not path.is_file():
        return []
    with closing(open_to_read(path)) as db:
        found = [f"{path} is damaged: {said}." for said in damage_of(db)]
    return [*found, REGISTRY] if found else []
