"""`antrean check`: every mistake of config.toml at once, on standard error; or what the file adds up to."""

from __future__ import annotations

import math
from pathlib import Path

import click

from printer.fonts import NoFonts, load_fonts
from printer.models import WrongModel, model
from queue_server.languages import survey as languages
from queue_server.media.library import folder_of
from queue_server.settings import Settings, load
from queue_server.settings.summary import notes, summary
from queue_server.settings.tables import Prefix
from queue_server.speech.survey import survey
from queue_server.views.legibility import legibility, longest_number

USUAL_END = Prefix().end


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
    untold = [f"note: {said}" for said in languages.notes(settings.mall.languages)]
    media = _media(settings, config.parent)
    for line in [*summary(settings), *notes(settings), *_seats(settings), *media, *unseen, *unspoken, *untold]:
        click.echo(f"  {line}")


def _seats(settings: Settings) -> list[str]:
    """Of each board, from how far it is read, on a screen that lies."""
    known = {letters: prefix.end for letters, prefix in settings.prefixes.items()}
    used = {str(service.prefix) for service in settings.services.values()}
    longest = longest_number((letters, known.get(letters, USUAL_END)) for letters in used)
    lines = []
    for id_, board in settings.boards.items():
        if not board.inches or not board.farthest:
            lines.append(f"note: boards.{id_} does not say inches and farthest: nobody knows who can read it")
            continue
        found = legibility(
            inches=board.inches, farthest_m=board.farthest, layout=board.layout, upright=False, longest=longest
        )
        reach = f"calls are read from {found.call_m} m, lists from {found.row_m} m; farthest seat {board.farthest} m"
        short = f"; a panel of {found.wanted_inches} inches would do" if not found.call_ok else ""
        mark = "" if found.call_ok and found.row_ok else "note: "
        lines.append(f"{mark}boards.{id_}: {reach}{short}")
    return lines


def _media(settings: Settings, folder: Path) -> list[str]:
    """What lies in the boards' folders, and what is wrong with it."""
    lines = []
    named = [board.media.folder for board in settings.boards.values() if board.media and board.media.folder]
    for name in dict.fromkeys(named):
        found = folder_of(settings, folder, name, None).look(math.inf)
        films = sum(one.kind == "video" for one in found.items)
        lines.append(f"{name}/: {len(found.items) - films} pictures, {films} videos")
        lines += [f"note: {name}/{trouble.file}: {trouble.detail}" for trouble in found.troubles]
    return lines


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
