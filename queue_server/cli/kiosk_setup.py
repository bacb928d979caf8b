"""`antrean kiosk-setup`: the files that make a Debian or Raspberry Pi machine a kiosk or a display, in one folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import click

from queue_server.cli import Said
from queue_server.cli.options import config_option
from queue_server.cli.screen.files import TURNS, Screen, files
from queue_server.settings import Settings, load


@click.command(short_help="Make the files that turn a machine into a kiosk or a display.")
@click.argument("screen")
@click.option("--server", required=True, help="The server's address as browsers call it: https://queue.example.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the files go.  [default: a folder with the screen's id]",
)
@click.option(
    "--turned", type=click.Choice(list(TURNS)), default="normal", show_default=True, help="How the panel hangs."
)
@click.option("--user", default="screen", show_default=True, help="As whom the browser runs; made where there is none.")
@click.option("--restart", default="03:30", show_default=True, help="When the browser starts anew each night.")
@config_option
def command(screen: str, server: str, into: Path | None, turned: str, user: str, restart: str, config: Path) -> None:
    """Write what makes a machine the SCREEN of that id, a kiosk or a board of config.toml.

    Copy the folder there, run install.sh as root, and start the machine anew. docs/kiosk-setup.md goes through it.
    """
    settings = load(config)
    if screen not in settings.kiosks and screen not in settings.boards:
        known = ", ".join([*settings.kiosks, *settings.boards]) or "none"
        raise Said(f"config.toml has no kiosk or board {screen!r}. It has: {known}.")
    asked = Screen(
        server=_origin(server), size=_size(settings, screen), turned=turned, user=user, restart=_time(restart)
    )
    folder = into or Path(f"screen-{screen}")
    for place, text in files(asked).items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if path.name in ("install.sh", "session"):
            path.chmod(0o755)
    kind = "kiosk" if screen in settings.kiosks else "display"
    click.echo(f"The files of {kind} {screen} are in {folder}. Copy that folder to its machine, and there:")
    click.echo("  sudo ./install.sh && sudo reboot")
    click.echo(f"Then accept the code that it shows: antrean devices accept CODE {kind} {screen}")


def _origin(server: str) -> str:
    said = urlsplit(server)
    if said.scheme not in ("http", "https") or not said.netloc or said.path.strip("/") or "@" in said.netloc:
        raise click.UsageError("--server is an address like https://queue.example or http://10.0.0.5:8080")
    return f"{said.scheme}://{said.netloc}"


def _size(settings: Settings, screen: str) -> tuple[int, int] | None:
    kiosk = settings.kiosks.get(screen)
    return (kiosk.panel.width, kiosk.panel.height) if kiosk and kiosk.panel else None


def _time(said: str) -> str:
    hour, _, minute = said.partition(":")
    if not (hour.isdigit() and minute.isdigit() and len(said) == 5 and int(hour) < 24 and int(minute) < 60):
        raise click.UsageError('--restart is a time of day like "03:30"')
    return said
