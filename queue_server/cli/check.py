"""`antrean check`: every mistake of config.toml at once, on standard error; or what the file adds up to."""

from __future__ import annotations

from pathlib import Path

import click

from printer.fonts import NoFonts, load_fonts
from printer.models import WrongModel, model
from queue_server.settings import Settings, load
from queue_server.settings.summary import notes, summary
from queue_server.speech.survey import survey


@click.command(short_help="Say every mistake in config.toml at once.")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="The mall's file.",
)
def command(config: Path) -> None:
    """Say every mistake in config.toml at once, each with its line, its key and the nearest valid name.

    Exit status 0 if there is none, and a summary of what the file says; 1 if there are any.
    """
    settings, unseen = _load(config)
    click.echo(f"{config.name} is right.")
    unspoken = [f"note: {said}" for speaker in survey(settings, config.parent).values() for said in speaker.missing]
    for line in [*summary(settings), *notes(settings), *unseen, *unspoken]:
        click.echo(f"  {line}")


def _load(config: Path) -> tuple[Settings, list[str]]:
    """The settings, and notes on what screens show badly and what could not be checked on this machine."""
    badly: list[str] = []
    try:
        fonts = load_fonts()
    except NoFonts as error:
        settings, unchecked = (
            load(config, notes=badly, wrong_model=_wrong_model),
            [f"whether slips can show all letters was not checked. {error}"],
        )
    else:
        settings, unchecked = load(config, fonts.uncovered, badly, _wrong_model), []
    return settings, [f"note: {line}" for line in (*badly, *unchecked)]


def _wrong_model(name: str) -> str | None:
    """What is wrong with a printer's model."""
    try:
        model(name)
    except WrongModel as error:
        return error.detail
    return None
