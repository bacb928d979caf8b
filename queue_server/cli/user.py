"""`antrean user`: who signs in. Works beside a running server.

A secret is never an argument, since arguments are seen by everybody on the machine: it is asked for twice at a
terminal, else read as one line from standard input.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from queue_server.cli.options import config_option, data_option
from queue_server.cli.registry import opened
from queue_server.domain.acts import ActKind
from queue_server.errors import Invalid, NotFound
from queue_server.handover import rights
from queue_server.handover.persons import Journal
from queue_server.letters.lines import for_terminal
from queue_server.registry.acts import MACHINE
from queue_server.registry.people import Person
from queue_server.registry.roles import PEOPLE, Role
from queue_server.registry.store import Registry
from queue_server.service.listening import ADDRESS
from queue_server.settings import load
from queue_server.settings.mistakes import nearest

HERE = rights.Doer(by=MACHINE)

BY_PROVIDER = (
    "{name} signs in by the identity provider; a password here would outlive its word. To let somebody in without the"
    " provider add an account of another name (antrean user add); to keep {name} out, antrean user suspend."
)


@click.group(short_help="Say who signs in: add, list, link, password, suspend, restore, sign-out…")
def command() -> None:
    """Say who signs in: clerks, supervisors, managers, admins, auditors."""


@command.command(short_help="Let somebody sign in.")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role if role in PEOPLE]), required=True)
@click.option("--agency", help="The agency that they belong to; several with commas.")
@click.option("--skills", help="The services that a clerk may serve, with commas; all of the counter's if not given.")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="The mall's file, which says what services there are.",
)
@data_option
def add(name: str, role: str, agency: str | None, skills: str | None, config: Path, data: Path) -> None:
    """Let NAME sign in as ROLE. Asks for a PIN or password, or reads it as one line from standard input."""
    known = _skills(skills, config)
    secret = _ask_secret()
    with opened(data) as registry:
        person = registry.people.add(name, Role(role), secret=secret, agency=agency, skills=known)
        registry.acts.note(ActKind.PERSON_ADDED, by=MACHINE, about=person.id, details={"role": role})
    click.echo(f"{person.name} may sign in as {person.role}. In records: {person.id}.")


@command.command("list", short_help="Show who signs in.")
@data_option
def list_all(data: Path) -> None:
    """Show everybody who signs in, one per line: name, role, agency, skills, the pseudonym in records."""
    with opened(data) as registry:
        people = registry.people.list()
    for person in people:
        skills = ",".join(person.skills) if person.skills is not None else "all"
        said = (person.name, person.role, ",".join(person.agencies or ()) or "-", skills, person.id)
        click.echo("\t".join(map(for_terminal, said)))
    if not people:
        click.echo("Nobody signs in yet: antrean user add NAME --role clerk", err=True)


@command.command(short_help="Let somebody sign in no longer.")
@click.argument("name")
@data_option
def remove(name: str, data: Path) -> None:
    """Let NAME sign in no longer. Records keep the pseudonym."""
    with opened(data) as registry:
        person = _named(registry, name)
        registry.people.remove(person.id)
        registry.acts.note(ActKind.PERSON_REMOVED, by=MACHINE, about=person.id, details={"was": person.role})
    click.echo(f"{person.name} does not sign in any more. Records keep {person.id}.")


@command.command(short_help="Print all that is kept of somebody, as JSON.")
@click.argument("name")
@data_option
def export(name: str, data: Path) -> None:
    """Print all that is kept of NAME, as JSON: account, sessions, from where, what they did. It is recorded."""
    path = data / "journal.db"
    with opened(data) as registry:
        person = _named(registry, name)
        kept = rights.copy_of_staff(registry, Journal(path) if path.exists() else None, person, HERE)
    click.echo(msgspec.json.format(msgspec.json.encode(kept), indent=2))


@command.command(short_help="Forget somebody: the account, and from where they did what.")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@data_option
def erase(name: str, yes: bool, data: Path) -> None:
    """Forget NAME for good: the account, its sessions, every address. Records keep the pseudonym, of which nothing says
    any more whose it was. `remove` keeps the addresses for as long as [privacy] addresses says.
    """
    path = data / "journal.db"
    with opened(data) as registry:
        person = _named(registry, name)
        if not yes:
            click.confirm(f"Forget {person.name} for good?", abort=True, err=True)
        rights.erase_staff(registry, Journal(path) if path.exists() else None, person, HERE)
    click.echo(f"{person.name} is forgotten. Records keep {person.id}; nothing says any more whose that was.")


@command.command(short_help="Give somebody a new PIN or password.")
@click.argument("name")
@data_option
def password(name: str, data: Path) -> None:
    """Give NAME a new PIN or password: asked for, or read as one line from standard input."""
    with opened(data) as registry:
        person = _named(registry, name)
        if registry.provided.has(person.id):  # before anything is asked
            raise Invalid(BY_PROVIDER.format(name=person.name))
        registry.people.set_secret(person.id, _ask_secret())
        registry.acts.note(ActKind.SECRET_SET, by=MACHINE, about=person.id)
    click.echo(f"{person.name} has a new secret and has to sign in again.")


@command.command(short_help="Make a link by which somebody chooses a secret.")
@click.argument("name")
@data_option
def link(name: str, data: Path) -> None:
    """Print a link, good once and for three days, by which NAME chooses a new PIN or password."""
    with opened(data) as registry:
        person = _named(registry, name)
        if registry.provided.has(person.id):
            raise Invalid(BY_PROVIDER.format(name=person.name))
        secret, _ends = registry.links.make(person.id)
        registry.acts.note(ActKind.PERSON_INVITED, by=MACHINE, about=person.id)
    address = data / ADDRESS
    url = address.read_text(encoding="utf-8").strip() if address.exists() else ""
    click.echo(f"{url}/join#{secret}")


@command.command(short_help="Let somebody in no longer, for now.")
@click.argument("name")
@data_option
def suspend(name: str, data: Path) -> None:
    """Let NAME sign in no longer until `antrean user restore`; whoever is signed in by that name is put out at once."""
    with opened(data) as registry:
        person = _named(registry, name)
        registry.people.suspend(person.id, True)
        registry.acts.note(ActKind.PERSON_SUSPENDED, by=MACHINE, about=person.id)
    click.echo(f"{person.name} is suspended.")


@command.command(short_help="Let somebody who was suspended sign in again.")
@click.argument("name")
@data_option
def restore(name: str, data: Path) -> None:
    """Let NAME sign in again."""
    with opened(data) as registry:
        person = _named(registry, name)
        registry.people.suspend(person.id, False)
        registry.acts.note(ActKind.PERSON_RESTORED, by=MACHINE, about=person.id)
    click.echo(f"{person.name} may sign in again.")


@command.command("let-in", short_help="Let in again whom the identity provider knows and who was removed here.")
@click.argument("person", required=False)
@data_option
def let_in(person: str | None, data: Path) -> None:
    """Let PERSON, a pseudonym, sign in by the identity provider again; without it, show who was removed and when."""
    with opened(data) as registry:
        if person is None:
            for one, at in registry.provided.shut_out():
                click.echo(f"{one}\t{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M UTC}")
            return
        registry.provided.let_in(person)
        registry.acts.note(ActKind.PERSON_RESTORED, by=MACHINE, about=person)
    click.echo(f"{person} may sign in by the identity provider again.")


@command.command("reset-second-factor", short_help="Take somebody's second factor away.")
@click.argument("name")
@data_option
def reset_second_factor(name: str, data: Path) -> None:
    """Let NAME sign in without a second factor, who has lost it; where the mall wants one, they set it up anew."""
    with opened(data) as registry:
        person = _named(registry, name)
        if not registry.second_factors.remove(person.id):
            raise NotFound(f"{person.name} has no second factor.")
        registry.acts.note(ActKind.SECOND_FACTOR_REMOVED, by=MACHINE, about=person.id)
    click.echo(f"{person.name} signs in without a second factor until they set one up.")


@command.command(short_help="Give somebody a badge to sign in with, or take it away.")
@click.argument("name")
@click.option("--remove", "takes", is_flag=True, help="Take it away; it lets nobody in from then on.")
@config_option
@data_option
def badge(name: str, takes: bool, config: Path, data: Path) -> None:
    """Give NAME a badge: its number is asked for, or read as one line from standard input, as a reader types it.

    Whether a badge is enough to sign in stands in config.toml, under [sign_in].
    """
    with opened(data, config) as registry:
        person = _named(registry, name)
        if not takes:
            registry.badges.set(person.id, _ask_secret("Badge"))
        elif not registry.badges.remove(person.id):
            raise NotFound(f"{person.name} has no badge.")
        done = "removed" if takes else "set"
        registry.acts.note(ActKind.BADGE_SET, by=MACHINE, about=person.id, details={"badge": done})
    click.echo(f"{person.name} has {'no badge any more' if takes else 'a badge'}.")


@command.command("sign-out", short_help="End somebody's sessions on every device.")
@click.argument("name")
@data_option
def sign_out(name: str, data: Path) -> None:
    """Sign NAME out everywhere at once."""
    with opened(data) as registry:
        person = _named(registry, name)
        ended = registry.sessions.end_all(person.id)
        registry.acts.note(ActKind.SESSION_ENDED, by=MACHINE, about=person.id, details={"sessions": ended})
    click.echo(f"{person.name} was signed out of {ended} browsers.")


def _named(registry: Registry, name: str) -> Person:
    person = registry.people.named(name)
    if person is None:
        raise NotFound(f"Nobody named {name!r} signs in; antrean user list shows who does.")
    return person


def _ask_secret(what: str = "PIN or password") -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    secret: str = click.prompt(what, hide_input=True, confirmation_prompt=True)
    return secret


def _skills(text: str | None, config: Path) -> tuple[str, ...] | None:
    """The services in a list with commas. Raises Invalid for one that the mall has not: its clerk could call nobody."""
    if text is None:
        return None
    skills = tuple(part.strip() for part in text.split(",") if part.strip())
    if not config.exists():
        click.echo(f"Whether there are such services was not checked: there is no {config}; see --config.", err=True)
        return skills
    services = load(config).services
    for skill in skills:
        if skill not in services:
            raise Invalid(f'There is no service "{skill}" in {config}{nearest(skill, services)}', reason="services")
    return skills
