"""`antrean devices`: which machines are which kiosk, display or printer. Works beside a running server.

A new screen opens `/screen` and shows a code; `accept` says who it is.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import click

from queue_server.cli.options import data_option
from queue_server.cli.registry import opened
from queue_server.domain.acts import ActKind
from queue_server.errors import IllegalMove, Invalid, NotFound
from queue_server.letters.lines import for_terminal
from queue_server.registry.acts import MACHINE
from queue_server.registry.roles import DEVICES
from queue_server.registry.tokens import device_name
from queue_server.settings import load
from queue_server.settings.mistakes import nearest

_kind = click.argument("kind", type=click.Choice(sorted(role.value for role in DEVICES)))


@click.group(short_help="Let screens in, rename, replace and revoke devices.")
def command() -> None:
    """Say which machine is which kiosk, display or printer."""


@command.command("list", short_help="Show every machine that is let in.")
@data_option
def list_all(data: Path) -> None:
    """Show devices, one per line: kind, id, what it shows, when it was last seen, its last error."""
    with opened(data) as registry:
        tokens = [one for one in registry.tokens.list() if one.role in DEVICES and one.name and one.revoked_at is None]
        seen = {(device.kind, device.id): device for device in registry.devices.list()}
        now = registry.now()
    for token in tokens:
        device = seen.get((token.role, token.name or ""))
        last = "never" if device is None or device.seen_at is None else f"{(now - device.seen_at) // 60_000} min ago"
        error = (device.error if device else None) or "-"
        said = (token.role, token.name or "-", token.shows or "-", last, error)
        click.echo("\t".join(map(for_terminal, said)))
    if not tokens:
        click.echo("No machine is let in yet: open /screen on one, and accept its code.", err=True)


@command.command(short_help="Let in the screen that shows a code.")
@click.argument("code")
@click.argument("kind", type=click.Choice(["kiosk", "display"]))
@click.argument("id_", metavar="ID")
@click.option("--name", help="What this display is called, where several show one board.")
@click.option("--replace", is_flag=True, help="It takes the place of the machine that was this device.")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="The mall's file, which says what kiosks and boards there are.",
)
@data_option
def accept(code: str, kind: str, id_: str, name: str | None, replace: bool, config: Path, data: Path) -> None:
    """The screen that shows CODE is the kiosk ID, or a display of the board ID."""
    _check(kind, id_, config)
    if kind == "kiosk" and name not in (None, id_):
        raise Invalid("A kiosk is called what config.toml calls it; --name is for displays.", reason="name")
    named = device_name(name) if name else id_
    with opened(data) as registry:
        if registry.tokens.of_device(kind, named) and not replace:
            raise IllegalMove(
                f"A machine is {named} already; say --replace if this one takes its place.", reason="taken"
            )
        registry.pairings.accept(code, kind, named, id_ if kind == "display" else None)
        what = ActKind.DEVICE_REPLACED if replace else ActKind.DEVICE_ASKED
        registry.acts.note(what, by=MACHINE, about=f"{kind}:{named}")
    click.echo(f"That screen is the {kind} {named}; it goes to its page by itself.")


@command.command(short_help="Let a device in no more.")
@_kind
@click.argument("id_", metavar="ID")
@data_option
def revoke(kind: str, id_: str, data: Path) -> None:
    """No machine is the device ID any more. What is open there is cut off within a second."""
    with opened(data) as registry:
        tokens = registry.tokens.of_device(kind, id_)
        if not tokens:
            raise NotFound(f"No machine is the {kind} {id_!r}; antrean devices list shows which are let in.")
        for token in tokens:
            registry.tokens.revoke(token.id)
        registry.acts.note(ActKind.DEVICE_REVOKED, by=MACHINE, about=f"{kind}:{id_}")
    click.echo(f"No machine is the {kind} {id_} any more.")


@command.command(short_help="Call a device otherwise.")
@_kind
@click.argument("id_", metavar="ID")
@click.argument("new")
@data_option
def rename(kind: str, id_: str, new: str, data: Path) -> None:
    """The machine that is the device ID is the device NEW from now on; its screen goes there by itself."""
    with opened(data) as registry:
        if registry.tokens.of_device(kind, new):
            raise IllegalMove(f"A machine is {new} already.", reason="taken")
        if not registry.tokens.rename(kind, id_, new):
            raise NotFound(f"No machine is the {kind} {id_!r}; antrean devices list shows which are let in.")
        registry.acts.note(ActKind.DEVICE_RENAMED, by=MACHINE, about=f"{kind}:{new}", details={"was": id_})
    click.echo(f"The {kind} {id_} is {new} now.")


def _check(kind: str, id_: str, config: Path) -> None:
    """Raises NotFound where the mall's file has no such kiosk or board."""
    if not config.exists():
        click.echo(f"Whether there is such a {kind} was not checked: there is no {config}; see --config.", err=True)
        return
    settings = load(config)
    there: Collection[str] = settings.kiosks if kind == "kiosk" else settings.boards
    if id_ not in there:
        what = "kiosk" if kind == "kiosk" else "board"
        raise NotFound(f'There is no {what} "{id_}" in {config}{nearest(id_, there)}')
