"""`antrean speech`: what is to be recorded, whether a set of recordings is good, what a call sounds like."""

from __future__ import annotations

from pathlib import Path

import click

from queue_server.cli.options import config_option
from queue_server.errors import Broken, Invalid
from queue_server.settings import load
from queue_server.speech.recordings import judge
from queue_server.speech.rendering import Order, render
from queue_server.speech.survey import clips_needed, speaker
from queue_server.speech.voices import TITLES
from queue_server.speech.wording import LANGUAGES, Language, sentence, sheet, text


@click.group(short_help="Say what to record, check recordings, hear a call.")
def command() -> None:
    """Say what to record, check recordings, hear a call."""


@command.command(short_help="List the recordings of a language, or check a set of them.")
@click.argument("language")
@click.option(
    "--check",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Check the recordings in this folder instead.",
)
@config_option
def clips(language: str, folder: Path | None, config: Path) -> None:
    """Print each file to record for this mall in LANGUAGE, and what is said in it, tab between them.

    With --check, print what is wrong with a set of recordings; exit status 1 if anything is.
    """
    settings = load(config)
    needed = clips_needed(settings, _known(language))
    if folder is None:
        for name, piece in needed.items():
            click.echo(f"{name}.wav\t{piece.text}")
        return
    faults = judge(folder, needed)
    if faults:
        raise Broken("\n".join(faults))
    click.echo(f"All {len(needed)} recordings in {folder} are good.")


@command.command("sheet", short_help="Print what is said in a language, for a reviewer.")
@click.argument("language")
def print_sheet(language: str) -> None:
    """Print letters, numbers, counters and sentences in LANGUAGE as a table, with room for corrections.

    For somebody at home in the language, who need not know the program.
    """
    click.echo("what\twritten\tsaid\tcorrection")
    for row in sheet(_known(language)):
        click.echo("\t".join((*row, "")))


@command.command(short_help="Speak one call into a file.")
@click.argument("language")
@click.argument("number")
@click.argument("counter")
@click.option("--again", is_flag=True, help="As a call that is repeated.")
@click.option("--moved", is_flag=True, help="As a call to another counter than the one the citizen is walking to.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("call.wav"),
    show_default=True,
    help="The WAV file to write.",
)
@config_option
def say(language: str, number: str, counter: str, again: bool, moved: bool, out: Path, config: Path) -> None:
    """Speak the call of ticket NUMBER to COUNTER (its label) in LANGUAGE, as this mall's displays would."""
    settings, known = load(config), _known(language)
    voices = speaker(settings, config.parent, language)
    hundreds = settings.speech.numbers == "hundreds"
    pieces = sentence(known, number, counter, again=again, moved=moved, hundreds=hundreds)
    click.echo(text(pieces))
    if not voices.voices:
        raise Broken(" ".join(voices.missing))
    made = render(Order(pieces=pieces, voices=voices.voices, level=settings.speech.loudness, path=str(out.absolute())))
    for why in made.failed:
        click.echo(f"note: {why}", err=True)
    if not made.by:
        raise Broken("Nobody could speak it.")
    click.echo(f"{out}: {TITLES[made.by]}, {made.seconds:.1f} seconds, {made.lufs:.1f} LUFS")


def _known(code: str) -> Language:
    if code not in LANGUAGES:
        raise Invalid(f"There are no words for {code!r}. There are for: {', '.join(LANGUAGES)}.")
    return LANGUAGES[code]
