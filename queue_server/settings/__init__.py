"""config.toml, typed. A file with mistakes is never used in part: all of them are said at once, and nothing starts.

    from queue_server.settings import load

    settings = load(Path("config.toml"))
    settings.services["passport_new"].target   # milliseconds

The tables and their keys are in tables.py, how values are written in values.py, what must fit together in meaning.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from queue_server.errors import ConfigWrong
from queue_server.settings.fitting import fit
from queue_server.settings.meaning import check, check_openings
from queue_server.settings.mistakes import Mistakes
from queue_server.settings.reading import Reading
from queue_server.settings.syntax import parse
from queue_server.settings.tables import WORKING_DAYS, Hours, Settings, TextLists, Texts, Week
from queue_server.settings.values import Rate

__all__ = ["WORKING_DAYS", "Hours", "Rate", "Settings", "TextLists", "Texts", "Week", "load"]

MissingLetters = Callable[[str], Iterable[str]]
"""The letters of a text that a printer's fonts cannot draw."""

#: The tables whose texts come onto slips.
_ON_SLIPS = {"mall", "agencies", "services", "categories", "zones", "slip"}


def load(
    path: Path,
    missing_letters: MissingLetters | None = None,
    notes: list[str] | None = None,
    wrong_model: Callable[[str], str | None] | None = None,
) -> Settings:
    """Reads the mall's file. Raises ConfigWrong with every mistake, one line each, in the order of the file.

    `missing_letters` also refuses texts that would come out of a printer as empty boxes, `wrong_model` models of
    printers of which nothing is known: it says what is wrong with a name. `notes` is filled with what screens show
    badly, each with its place.
    """
    parsed = parse(_text(path))
    mistakes = Mistakes(path.name, parsed.lines)
    for line, wrong in parsed.mistakes:
        mistakes.add_line(line, wrong)
    if parsed.raw is None:
        raise ConfigWrong(mistakes.all())
    reading = Reading(mistakes, _languages(parsed.raw), parsed.set_aside, also=_boards_languages(parsed.raw))
    settings = reading.table(Settings, parsed.raw)
    check(settings, mistakes, path.parent, reading.spoken.judge(mistakes), reading.spoken.found)
    check_openings(settings, mistakes, reading.openings)
    doubts = Mistakes(path.name, parsed.lines)
    fit(settings, mistakes, doubts)
    for place, text in reading.texts if missing_letters else ():
        missing = sorted(set(missing_letters(text))) if missing_letters and place[0] in _ON_SLIPS else []
        if missing:
            mistakes.add(place, f"no printer's font here can draw {' '.join(missing)}")
    for id_, printer in settings.printers.items() if wrong_model else ():
        if wrong_model and printer.model and (refused := wrong_model(printer.model)):
            mistakes.add(("printers", id_, "model"), refused)
    if mistakes.all():
        raise ConfigWrong(mistakes.all())
    if notes is not None:
        notes.extend(doubts.all())
    return settings


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
