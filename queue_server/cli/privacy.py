"""`antrean privacy`: what is kept of one citizen, and the key by which that and second factors are sealed.

Works beside a running server.

A citizen is named by a ticket's id, its number and day, or the phone that was given, which is asked for: arguments
are seen by everybody on the machine and stay in the shell's history. The chain of the journal cannot
forget: what is forgotten are the words that it only refers to, and then nothing says any more whose ticket it was.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import msgspec

from queue_server.cli.options import config_option, data_option
from queue_server.domain.acts import ActKind
from queue_server.handover.persons import Journal
from queue_server.letters.phones import phone as phone_of
from queue_server.registry.acts import MACHINE
from queue_server.registry.keys import fresh, personal_keys
from queue_server.registry.store import Registry, open_registry
from queue_server.settings import load

_day = click.option("--day", help="The day of a number, 2026-11-24; the latest if it is not given.")


_phone = click.option("--phone", is_flag=True, help="Ask for a phone, or read it as one line from standard input.")


@click.group(short_help="Give out or forget what is kept of one citizen; keys of personal words.")
def command() -> None:
    """Give out or forget what is kept of one citizen; the keys by which notes, names and phones are sealed."""


@command.command(short_help="Print all that is kept of one citizen, as JSON.")
@click.argument("ticket", required=False)
@_phone
@_day
@config_option
@data_option
def export(ticket: str | None, phone: bool, day: str | None, config: Path, data: Path) -> None:
    """Print all that is kept, as JSON, of whoever held TICKET (its id, or its number) or gave the phone of --phone.

    That it was asked for is recorded.
    """
    asked, journal = _named(ticket, phone), Journal(data / "journal.db")
    with _opened(config, data) as registry:
        found = [journal.of_ticket(registry, ticket) for ticket in journal.tickets(registry, asked, day)]
        for kept in found:
            registry.acts.note(ActKind.PERSON_EXPORTED, by=MACHINE, about=f"ticket:{kept.ticket}")
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2))


@command.command(short_help="Forget a citizen's name, phone, and all words about their ticket.")
@click.argument("ticket", required=False)
@_phone
@_day
@click.option("--yes", is_flag=True, help="Do not ask again.")
@config_option
@data_option
def erase(ticket: str | None, phone: bool, day: str | None, yes: bool, config: Path, data: Path) -> None:
    """Forget the name, phone, notes and reasons of whoever held TICKET (its id or number) or gave the phone of --phone.

    The ticket itself stays in the journal, with nothing that says whose it was; the journal says that words went.
    Backups that were made before keep them until they expire.
    """
    asked, journal = _named(ticket, phone), Journal(data / "journal.db")
    with _opened(config, data) as registry:
        tickets = journal.tickets(registry, asked, day)
        found = [journal.of_ticket(registry, ticket) for ticket in tickets]
        if not yes:
            click.confirm(f"Forget the words of {len(found)} tickets for good?", abort=True, err=True)
        gone = 0
        for kept in found:
            forgotten = sum(registry.personal.forget(reference) for reference in kept.words)
            registry.daily.forget(kept.ticket)
            registry.acts.note(
                ActKind.CITIZEN_ERASED, by=MACHINE, about=f"ticket:{kept.ticket}", details={"gone": forgotten}
            )
            gone += forgotten
    click.echo(f"{gone} texts of {len(found)} tickets are gone. Backups from before keep them until they expire.")


@command.command(short_help="Print a fresh key for personal words.")
def key() -> None:
    """Print a fresh key: put it as the first line of the file that `[privacy] key_file` names, or data/personal.key."""
    click.echo(fresh())


@command.command(short_help="Say how much is still sealed by older keys.")
@config_option
@data_option
def keys(config: Path, data: Path) -> None:
    """Say how many texts and second factors the first key has not sealed yet. The server does so within a minute."""
    with _opened(config, data) as registry:
        click.echo(str(registry.sealed_by_others()))


def _named(ticket: str | None, phone: bool) -> str:
    """What somebody names. Raises UsageError for a phone among the arguments."""
    if phone == (ticket is not None):
        raise click.UsageError("Name a ticket, or say --phone.")
    if ticket is None:
        return str(click.prompt("Phone", err=True)) if sys.stdin.isatty() else sys.stdin.readline().strip()
    with suppress(ValueError):
        phone_of(ticket)
        raise click.UsageError("A phone is no argument, where everybody on the machine sees it: say --phone.")
    return ticket


@contextmanager
def _opened(config: Path, data: Path) -> Iterator[Registry]:
    """The registry with the mall's own keys, wherever config.toml has them."""
    settings = load(config)
    registry = open_registry(
        data / "registry.db", keys=lambda make: personal_keys(settings, config.parent, data, make=make)
    )
    try:
        yield registry
    finally:
        registry.close()
