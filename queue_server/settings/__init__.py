"""config.toml, typed. A file with mistakes is never used in part: all of them are said at once, and nothing starts.

    from queue_server.settings import load

    settings = load(Path("config.toml"))
    settings.services["passport_new"].target   # milliseconds
    read(text).mistakes                        # each with its path, its line, what is wrong and what to do

The tables and their keys are in tables.py, how values are written in values.py, what must fit together in meaning.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from queue_server.errors import ConfigWrong
from queue_server.settings.fitting import fit
from queue_server.settings.meaning import check, check_openings
from queue_server.settings.mistakes import Mistake, Mistakes
from queue_server.settings.reading import Reading
from queue_server.settings.syntax import parse
from queue_server.settings.tables import WORKING_DAYS, Hours, Settings, TextLists, Texts, Week
from queue_server.settings.touch import check_panels
from queue_server.settings.values import Rate

__all__ = ["WORKING_DAYS", "Hours", "Mistake", "Rate", "Read", "Settings", "TextLists", "Texts", "Week", "load", "read"]

MissingLetters = Callable[[str], Iterable[str]]
"""The letters of a text that a printer's fonts cannot draw."""

#: The tables whose texts come onto slips.
_ON_SLIPS = {"mall", "agencies", "services", "categories", "zones", "slip"}


class Read(Struct, frozen=True, kw_only=True):
    """What a text came to: `settings` where it has no mistakes, and notes on what screens show badly."""

    settings: Settings | None
    mistakes: tuple[Mistake, ...]
    notes: tuple[Mistake, ...] = ()


def read(
    text: str,
    folder: Path | None = None,
    missing_letters: MissingLetters | None = None,
    wrong_model: Callable[[str], str | None] | None = None,
) -> Read:
    """Every mistake of a mall's file, with its place and what to do; in the order of the text.

    Logos are looked for in `folder`. `missing_letters` also refuses texts that would come out of a printer as empty
    boxes, `wrong_model` models of printers of which nothing is known: it says what is wrong with a name.
    """
    parsed = parse(text)
    mistakes, doubts = Mistakes(parsed.lines), Mistakes(parsed.lines)
    for line, wrong, todo in parsed.mistakes:
        mistakes.add_line(line, wrong, todo)
    if parsed.raw is None:
        return Read(settings=None, mistakes=mistakes.all())
    reading = Reading(mistakes, _languages(parsed.raw), parsed.set_aside, also=_boards_languages(parsed.raw))
    settings = reading.table(Settings, parsed.raw)
    check(settings, mistakes, folder, reading.spoken.judge(mistakes), reading.spoken.found)
    check_openings(settings, mistakes, reading.openings)
    fit(settings, mistakes, doubts)
    check_panels(settings, mistakes)
    for place, said in reading.texts if missing_letters else ():
        missing = sorted(set(missing_letters(said))) if missing_letters and place[0] in _ON_SLIPS else []
        if missing:
            undrawn = f"no printer's font here can draw {' '.join(missing)}"
            mistakes.add(place, undrawn, "write it otherwise, or install a font")
    for id_, printer in settings.printers.items() if wrong_model else ():
        if wrong_model and printer.model and (refused := wrong_model(printer.model)):
            mistakes.add(("printers", id_, "model"), *_parted(refused))
    found = mistakes.all()
    return Read(settings=None if found else settings, mistakes=found, notes=doubts.all())


def load(
    path: Path,
    missing_letters: MissingLetters | None = None,
    notes: list[str] | None = None,
    wrong_model: Callable[[str], str | None] | None = None,
) -> Settings:
    """The mall's file. Raises ConfigWrong with every mistake, one line each; `notes` is filled with its notes."""
    found = read(_text(path), path.parent, missing_letters, wrong_model)
    if found.settings is None:
        raise ConfigWrong(said_of(path.name, found.mistakes))
    if notes is not None:
        notes.extend(said_of(path.name, found.notes))
    return found.settings


def said_of(file: str, mistakes: Iterable[Mistake]) -> list[str]:
    """One line each, for people: `config.toml:210: services.ktp_el.agency: there is no agency "x"; …`."""
    return [f"{file}:{mistake.line}: {mistake.sentence}" for mistake in mistakes]


def _parted(refused: str) -> tuple[str, str]:
    """What is wrong with a model, and what to do."""
    wrong, _, todo = refused.partition("; ")
    return wrong, todo or "take another"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # editors of Windows begin a file with a byte order mark
    except FileNotFoundError:
        wrong = f"{path}: there is no such file; write one, or name another with --config"
    except UnicodeDecodeError as error:
        wrong = f"{path.name}:1: this is not UTF-8 from byte {error.start} on; save it as UTF-8"
    except OSError as error:
        wrong = f"{path}: cannot be read ({error.strerror}); look at who may read it"
    raise ConfigWrong([wrong])


def _languages(raw: dict[str, Any]) -> tuple[str, ...]:
    """The mall's languages, needed before anything else is read; whether they are right is said later."""
    mall = raw.get("mall")
    languages = mall.get("languages") if isinstance(mall, dict) else None
    return tuple(str(language) for language in languages) if isinstance(languages, list) else ()


def _boards_languages(raw: dict[str, Any]) -> frozenset[str]:
    """A board may speak more languages than the mall; only what it shows needs a text in them."""
    boards = raw.get("boards")
    tables = boards.values() if isinstance(boards, dict) else ()
    named = [table.get("languages") for table in tables if isinstance(table, dict)]
    return frozenset(str(language) for languages in named if isinstance(languages, list) for language in languages)
