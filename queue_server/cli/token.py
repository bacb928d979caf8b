"""`antrean token`: bearer tokens of devices and programs, made, listed, rotated and revoked beside a running server.

A token is alone on standard output, so that a script can take it.

What it is for is not checked against config.toml, which may stand elsewhere or not be written yet. Whatever can be seen
to be of little use is said on standard error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from queue_server.cli.options import data_option
from queue_server.cli.registry import opened
from queue_server.domain.acts import ActKind
from queue_server.errors import ConfigWrong
from queue_server.registry.acts import MACHINE
from queue_server.registry.agencies import agencies_in, together
from queue_server.registry.roles import DEVICES, Role
from queue_server.settings import Settings, load
from queue_server.settings.mistakes import nearest

HERE = Path("config.toml")


@click.group(short_help="Make, list, rotate and revoke bearer tokens.", invoke_without_command=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Who it lets in as what.")
@click.option("--name", help="A device's id as config.toml has it, or what you want to call the token.")
@click.option("--counter", help="The one counter that it is for.")
@click.option("--agency", help="The agency that it is for; several with commas.")
@click.option("--shows", metavar="BOARD", help="The one board that a display shows; without it, any, or its namesake.")
@data_option
@click.pass_context
def command(
    context: click.Context,
    role: str | None,
    name: str | None,
    counter: str | None,
    agency: str | None,
    shows: str | None,
    data: Path,
) -> None:
    """Make a bearer token and print it, alone on standard output. It is shown this once and kept only as a hash."""
    if context.invoked_subcommand is not None:
        return
    if role is None:
        raise click.UsageError("Missing option '--role'.")
    if shows is not None and role != Role.DISPLAY:
        raise click.UsageError("Only a display shows a board.")
    if shows is not None and not shows.strip():
        raise click.UsageError("An empty --shows would open every board.")
    known = _settings()
    if shows is not None and known is not None and shows not in known.boards:
        raise click.UsageError(f'{HERE} here has no board "{shows}"{nearest(shows, known.boards)}')
    with opened(data) as registry:
        click.echo(registry.tokens.create(Role(role), name=name, counter=counter, agency=agency, shows=shows))
        number = registry.tokens.list()[-1].id
        registry.acts.note(ActKind.TOKEN_MADE, by=MACHINE, about=f"token:{number}", details={"role": role})
    for doubt in _doubts(Role(role), name, counter, agency):
        click.echo(f"warning: {doubt}", err=True)


@command.command("list", short_help="Show every token that lets somebody in.")
@click.option("--all", "revoked", is_flag=True, help="Revoked ones, too.")
@data_option
def list_all(revoked: bool, data: Path) -> None:
    """Show tokens, one per line: number, role, name, what it is for, when it was used last. Never the token itself."""
    with opened(data) as registry:
        found = [token for token in registry.tokens.list() if revoked or token.revoked_at is None]
    for token in found:
        narrowed = [
            f"counter {token.counter}" if token.counter else "",
            f"board {token.shows}" if token.shows else "",
            f"agency {together(token.agencies)}" if token.agencies else "",
        ]
        ended = "revoked" if token.revoked_at is not None else f"used {_when(token.used_at)}"
        known = " ".join(part for part in narrowed if part) or "-"
        click.echo("\t".join([str(token.id), token.role, token.name or "-", known, ended]))
    if not found:
        click.echo("No token lets anybody in: antrean token --role kiosk --name ID", err=True)


@command.command(short_help="Let nobody in by a token any more.")
@click.argument("number", type=int)
@data_option
def revoke(number: int, data: Path) -> None:
    """Revoke the token NUMBER. What is open by it is cut off within a second."""
    with opened(data) as registry:
        registry.tokens.revoke(number)
        registry.acts.note(ActKind.TOKEN_REVOKED, by=MACHINE, about=f"token:{number}")
    click.echo(f"Token {number} lets nobody in any more.")


@command.command(short_help="Put a fresh token in the place of another.")
@click.argument("number", type=int)
@data_option
def rotate(number: int, data: Path) -> None:
    """Print a fresh token for what the token NUMBER was for, alone on standard output; the old one is revoked."""
    with opened(data) as registry:
        click.echo(registry.tokens.rotate(number))
        registry.acts.note(ActKind.TOKEN_ROTATED, by=MACHINE, about=f"token:{number}")


def _when(at: int | None) -> str:
    return "never" if at is None else datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _doubts(role: Role, name: str | None, counter: str | None, agency: str | None) -> Iterator[str]:
    """Why the token may let nobody do anything, as far as the file in this folder tells."""
    if role in DEVICES and not name:
        yield f"without --name the server cannot tell which {role} this is; make another with its id."
    known = _settings()
    if known is None:
        return
    named: list[tuple[str, str | None, Collection[str]]] = [
        ("counter", counter, known.counters),
        *(("agency", one, known.agencies) for one in agencies_in(agency) or ()),
    ]
    if role is Role.PRINTER:  # kiosks and displays may be others than the file's
        named.append(("printer", name, known.printers))
    for what, id_, there in named:
        if id_ and id_ not in there:
            yield f'{HERE} here has no {what} "{id_}"{nearest(id_, there)}'


def _settings() -> Settings | None:
    """The mall's file in this folder, if it is there and right."""
    try:
        return load(HERE)
    except ConfigWrong:
        return None
