"""`antrean privacy`: what is kept of one citizen, and the key by which that and second factors are sealed.

Works beside a running server.

A citizen is named by a ticket's id, its number and day, or the phone that was given, which is asked for: arguments
are seen by everybody on the machine and stay in the shell's history. The chain of the journal cannot
forget: what is forgotten are the words that it only refers to, and then nothing says any more whose ticket it was.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import click
import msgspec

from queue_server.cli.options import config_option, data_option
from queue_server.cli.registry import opened
from queue_server.handover import rights
from queue_server.handover.persons import Journal
from queue_server.letters.phones import phone as phone_of
from queue_server.notices.phones.erasing import PhonesFile
from queue_server.registry.acts import MACHINE
from queue_server.registry.keys import fresh

HERE = rights.Doer(by=MACHINE)

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
    with opened(data, config) as registry:
        found = rights.copies(registry, journal, PhonesFile(data), journal.tickets(registry, asked, day), HERE)
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

    A phone that is told of the ticket while its page is closed is forgotten, too, and told nothing more.

    The ticket itself stays in the journal, with nothing that says whose it was; the journal says that words went.
    Backups that were made before keep them until they expire.
    """
    asked, journal = _named(ticket, phone), Journal(data / "journal.db")
    with opened(data, config) as registry:
        tickets = journal.tickets(registry, asked, day)
        found = [journal.of_ticket(registry, ticket) for ticket in tickets]
        if not yes:
            click.confirm(f"Forget the words of {len(found)} tickets for good?", abort=True, err=True)
        gone = rights.erase(registry, PhonesFile(data), found, HERE)
    click.echo(f"{gone} texts of {len(found)} tickets are gone. Backups from before keep them until they expire.")


@command.command(short_help="Let nobody read or use a citizen's words for now.")
@click.argument("ticket", required=False)
@_phone
@_day
@config_option
@data_option
def hold(ticket: str | None, phone: bool, day: str | None, config: Path, data: Path) -> None:
    """Put on hold what is kept of whoever held TICKET (its id or number) or gave the phone of --phone.

    Their name, phone, notes and reasons stay, are shown to nobody and taken away by no job, until `release` or `erase`.
    """
    count, tickets = _turned(ticket, phone, day, config, data, held=True)
    click.echo(f"{count} texts of {tickets} tickets are on hold: antrean privacy release ends that.")


@command.command(short_help="End the hold of a citizen's words.")
@click.argument("ticket", required=False)
@_phone
@_day
@config_option
@data_option
def release(ticket: str | None, phone: bool, day: str | None, config: Path, data: Path) -> None:
    """End the hold. What is due by then goes within an hour."""
    count, tickets = _turned(ticket, phone, day, config, data, held=False)
    click.echo(f"{count} texts of {tickets} tickets are on hold no longer.")


def _turned(
    ticket: str | None, phone: bool, day: str | None, config: Path, data: Path, *, held: bool
) -> tuple[int, int]:
    """How many texts of how many tickets."""
    asked, journal = _named(ticket, phone), Journal(data / "journal.db")
    with opened(data, config) as registry:
        found = [journal.of_ticket(registry, one) for one in journal.tickets(registry, asked, day)]
        return rights.hold(registry, found, held, HERE), len(found)


@command.command(short_help="Print a fresh key for personal words.")
def key() -> None:
    """Print a fresh key: put it as the first line of the file that `[privacy] key_file` names, or data/personal.key."""
    click.echo(fresh())


@command.command(short_help="Say how much is still sealed by older keys.")
@config_option
@data_option
def keys(config: Path, data: Path) -> None:
    """Say how many texts and second factors the first key has not sealed yet. The server does so within a minute."""
    with opened(data, config) as registry:
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
