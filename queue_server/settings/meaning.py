"""What a table may say only in the light of others: that an agency exists, that a prefix is used once.

Everything here looks at tables that reading.py has made; what it found wrong is not complained about a second time.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path as File

from queue_server.letters import look, prefix_look
from queue_server.settings.codes import check_codes
from queue_server.settings.edge import check_server
from queue_server.settings.menus import check_menus
from queue_server.settings.messages import check_messages
from queue_server.settings.mistakes import Mistakes, meant
from queue_server.settings.provider import check_provider
from queue_server.settings.push import check_push
from queue_server.settings.questions import check_questions
from queue_server.settings.syntax import Path
from queue_server.settings.tables import SLIP_PARTS, WORKING_DAYS, Hours, Prefix, Settings
from queue_server.settings.technician import check_technician
from queue_server.settings.theme import check_theme
from queue_server.settings.values import DAY_MINUTES, PAPER, READABLE, WHITE, Span, contrast

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
#: More could not be told apart on a display.
PLAN_COLUMNS = 16
#: Codes that the server gives by itself.
_RESERVED_PAUSES = ("away",)


def check(
    settings: Settings,
    mistakes: Mistakes,
    folder: File | None,
    dealt_with: Collection[str] = (),
    written: Collection[str] = (),
) -> None:
    """Adds everything that does not fit together; logos are looked for in `folder`, if there is one.

    `dealt_with` are languages of which the mistake is said already, where the mall's languages stand; `written` are
    those that any text is in.
    """
    languages = (*settings.mall.languages, *dealt_with)
    _mall(settings, mistakes)
    _privacy(settings, mistakes)
    _logos(settings, mistakes, folder)
    check_server(settings, mistakes, folder)
    check_provider(settings, mistakes, folder)
    check_theme(settings.theme, mistakes)
    _policy(settings, mistakes)
    _services(settings, mistakes)
    _prefixes(settings, mistakes)
    _counters(settings, mistakes)
    _kiosks(settings, mistakes, languages)
    _printers(settings, mistakes)
    _slip(settings, mistakes)
    _plans(settings, mistakes)
    _boards(settings, mistakes, tuple(dict.fromkeys((*languages, *sorted(written)))))
    _voices(settings, mistakes, languages)
    _dates(settings, mistakes)
    check_messages(settings, mistakes, folder)
    check_questions(settings, mistakes, folder)
    check_push(settings, mistakes, folder)
    check_codes(settings, mistakes)
    check_technician(settings.sign_in.technician, mistakes, folder)


def check_openings(settings: Settings, mistakes: Mistakes, openings: Iterable[tuple[Path, Span]]) -> None:
    """An opening lies within one business day: where the next begins, all go home and numbers start anew.

    What never closes has no better hour for that, so the whole day may be written.
    """
    starts = settings.mall.day_starts
    for path, span in openings:
        if _cut(span, starts):
            mistakes.add(path[:-1], *_reaches_past(span, starts), int(path[-1]))
    usual = WORKING_DAYS[0][0]
    unsaid = any(service.hours == "default" for service in settings.services.values())
    if unsaid and "default" not in settings.hours and _cut(usual, starts):
        mistakes.add(("mall", "day_starts"), *_reaches_past(usual, starts))


def _cut(span: Span, starts: int) -> bool:
    """A business day begins in the middle of it."""
    start, end = span
    return span != (0, DAY_MINUTES) and any(start < begins < end for begins in (starts, starts + DAY_MINUTES))


def _reaches_past(span: Span, starts: int) -> tuple[str, str]:
    start, end, begins = (f"{at % DAY_MINUTES // 60:02}:{at % 60:02}" for at in (*span, starts))
    return (
        f"{start}-{end} reaches past {begins}, where the next business day begins (day_starts) and whoever waits is"
        " sent home",
        "let days start when nothing is open",
    )


def _refer(mistakes: Mistakes, path: Path, what: str, names: Iterable[str], valid: Collection[str]) -> None:
    """A list whose entries must all exist."""
    for place, name in enumerate(names):
        if name not in valid:
            mistakes.add(path, *_unknown(what, name, valid), place)


def _refer_keys(mistakes: Mistakes, path: Path, what: str, names: Iterable[str], valid: Collection[str]) -> None:
    """A table whose keys must all exist."""
    for name in names:
        _refer_one(mistakes, (*path, name), what, name, valid)


def _refer_one(mistakes: Mistakes, path: Path, what: str, name: str | None, valid: Collection[str]) -> None:
    if name is not None and name not in valid:
        mistakes.add(path, *_unknown(what, name, valid))


def _unknown(what: str, name: str, valid: Collection[str]) -> tuple[str, str]:
    return f'there is no {what} "{name}"', meant(name, valid, "take it out, or add what it names")


def _timetables(settings: Settings) -> Mapping[str, object]:
    return {"default": None, **settings.hours}


def _language_codes(mistakes: Mistakes, path: Path, languages: Iterable[str]) -> None:
    for place, language in enumerate(languages):
        if not _LANGUAGE.fullmatch(language):
            mistakes.add(path, f'"{language}" is no language code', 'write one like "id" or "en"', place)


def _mall(settings: Settings, mistakes: Mistakes) -> None:
    mall = settings.mall
    if not mall.languages:
        mistakes.add(("mall", "languages"), "names no language", 'write a list like ["id", "en"]')
    _language_codes(mistakes, ("mall", "languages"), mall.languages)
    if not _is_time_zone(mall.timezone):
        zones = zoneinfo.available_timezones()
        todo = meant(mall.timezone, zones, 'write one like "Asia/Jakarta"')
        mistakes.add(("mall", "timezone"), f'there is no time zone "{mall.timezone}"', todo)
    if mall.public_url and not _is_public(mall.public_url):
        mistakes.add(("mall", "public_url"), "is no address", 'write one like "https://antrean.example.id", or ""')
    if settings.categories and "regular" not in settings.categories:
        mistakes.add(
            ("categories",), 'has no "regular", the category of whoever has no other', "add [categories.regular]"
        )
    if mall.accent:
        _readable(mall.accent, mistakes)


def _privacy(settings: Settings, mistakes: Mistakes) -> None:
    if settings.privacy.notes < DAY_MINUTES * 60_000:
        mistakes.add(("privacy", "notes"), "is too short: a note would go while its ticket waits", 'write "1d" or more')


def _is_time_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False
    return True


def _readable(accent: str, mistakes: Mistakes) -> None:
    on_paper, under_white = contrast(accent, PAPER), contrast(accent, WHITE)
    if min(on_paper, under_white) < READABLE:
        mistakes.add(
            ("mall", "accent"),
            f"{accent} cannot be read: its contrast is {on_paper:.2f}:1 on the pages' {PAPER} and"
            f" {under_white:.2f}:1 under white text",
            f"it must be at least {READABLE}:1, so take a darker one",
        )


def _logos(settings: Settings, mistakes: Mistakes, folder: File | None) -> None:
    logos: dict[Path, str | None] = {("mall", "logo"): settings.mall.logo}
    logos |= {("agencies", id_, "logo"): agency.logo for id_, agency in settings.agencies.items()}
    for path, logo in logos.items():
        if folder and logo and not (folder / logo).is_file():
            mistakes.add(path, f'there is no file "{logo}" beside config.toml', "put it there, or take the key out")


def _policy(settings: Settings, mistakes: Mistakes) -> None:
    policy = settings.policy
    if policy.blind and policy.picking:
        mistakes.add(
            ("policy", "picking"), "clerks who cannot see the queue (blind) cannot pick from it", "take one of the two"
        )
    if policy.no_show_calls > policy.max_recalls + 1:
        mistakes.add(
            ("policy", "no_show_calls"),
            f"{policy.no_show_calls} calls are never reached with max_recalls = {policy.max_recalls}",
            "ask for fewer calls, or allow more recalls",
        )
    for code in _RESERVED_PAUSES:
        if code in settings.pause_reasons:
            mistakes.add(("pause_reasons", code), "is the server's own code", "take another")


def _services(settings: Settings, mistakes: Mistakes) -> None:
    for id_, service in settings.services.items():
        path = ("services", id_)
        _refer_one(mistakes, (*path, "agency"), "agency", service.agency, settings.agencies)
        _refer_keys(mistakes, (*path, "targets"), "category", service.targets, settings.categories or ("regular",))
        if isinstance(service.hours, Hours):
            _refer_one(mistakes, (*path, "hours"), "timetable", service.hours, _timetables(settings))


def _prefixes(settings: Settings, mistakes: Mistakes) -> None:
    used: dict[str, str] = {}
    for id_, service in settings.services.items():
        if not service.prefix:
            continue  # what stands there was no prefix, which is said already
        first = used.setdefault(prefix_look(service.prefix), id_)
        if first != id_:
            _twice(settings, mistakes, first, id_)
    _refer_keys(mistakes, ("prefixes",), "service with the prefix", settings.prefixes, _prefixes_of(settings))
    for letters, prefix in settings.prefixes.items():
        if prefix.end < prefix.start:
            wrong = f"{prefix.end} lies before the start, {prefix.start}, and no number is left"
            mistakes.add(("prefixes", letters, "end"), wrong, "write a larger one")
        elif prefix.step > max(1, prefix.end - prefix.start):
            wrong = f"{prefix.step} steps over all from {prefix.start} to {prefix.end}"
            mistakes.add(("prefixes", letters, "step"), wrong, "write a smaller one")


def _prefixes_of(settings: Settings) -> list[str]:
    return list(dict.fromkeys(str(service.prefix) for service in settings.services.values() if service.prefix))


def _twice(settings: Settings, mistakes: Mistakes, first: str, second: str) -> None:
    """Two services whose numbers would look the same: only a series that one agency's services share may do that."""
    one, other = settings.services[first], settings.services[second]
    path = ("services", second, "prefix")
    shared = settings.prefixes.get(other.prefix, Prefix()).shared
    if one.prefix != other.prefix:
        wrong = f'"{other.prefix}" cannot be told from "{one.prefix}" of {first}: its letters look alike'
        mistakes.add(path, wrong, "take another")
    elif one.agency != other.agency:
        todo = "only services of one agency share a prefix" if shared else "take another"
        mistakes.add(path, f'"{other.prefix}" is the prefix of {first} already', todo)
    elif not shared:
        share = f"to give both one series of numbers, write shared = true under [prefixes.{other.prefix}]"
        mistakes.add(path, f'"{other.prefix}" is the prefix of {first} already', share)
    elif one.paper_roll or other.paper_roll:
        wrong = f'"{other.prefix}" cannot be shared with {first}: what is torn off a paper roll is for one service'
        mistakes.add(path, wrong, "take another")


def _counters(settings: Settings, mistakes: Mistakes) -> None:
    labels: dict[str, str] = {}
    for id_, counter in settings.counters.items():
        path = ("counters", id_)
        _refer_one(mistakes, (*path, "zone"), "zone", counter.zone, settings.zones)
        _refer(mistakes, (*path, "services"), "service", counter.services, settings.services)
        _refer_keys(mistakes, (*path, "help_after"), "service of this counter", counter.help_after, counter.services)
        _refer_one(mistakes, (*path, "printer"), "printer", counter.printer, settings.printers)
        _language_codes(mistakes, (*path, "languages"), counter.languages)
        if counter.printer and not counter.desk:
            mistakes.add((*path, "printer"), "only a desk issues tickets", "add desk = true")
        label = counter.label or id_
        first = labels.setdefault(look(" ".join(label.split())), id_)
        if first != id_ and label == (settings.counters[first].label or first):
            mistakes.add((*path, "label"), f'"{label}" is what counter {first} is called already', "take another")
        elif first != id_:
            mistakes.add(
                (*path, "label"), f'"{label}" cannot be told from what counter {first} is called', "take another"
            )


def _kiosks(settings: Settings, mistakes: Mistakes, languages: Collection[str]) -> None:
    for id_, kiosk in settings.kiosks.items():
        path = ("kiosks", id_)
        _refer_one(mistakes, (*path, "zone"), "zone", kiosk.zone, settings.zones)
        _refer_one(mistakes, (*path, "printer"), "printer", kiosk.printer, settings.printers)
        _refer(mistakes, (*path, "languages"), "language", kiosk.languages, languages)
        if isinstance(kiosk.hours, Hours):
            _refer_one(mistakes, (*path, "hours"), "timetable", kiosk.hours, _timetables(settings))
    check_menus(settings, mistakes)


def _printers(settings: Settings, mistakes: Mistakes) -> None:
    for id_, printer in settings.printers.items():
        path = ("printers", id_, "fallback")
        if printer.fallback == id_:
            mistakes.add(path, "a printer cannot stand in for itself", "name another")
        elif printer.fallback:
            _refer_one(mistakes, path, "printer", printer.fallback, settings.printers)


def _slip(settings: Settings, mistakes: Mistakes) -> None:
    slip = settings.slip
    for key, names in (("parts", slip.parts), ("large", slip.large), ("small", slip.small)):
        _refer(mistakes, ("slip", key), "part of a slip", names, SLIP_PARTS)
    if slip.parts and "number" not in slip.parts:
        mistakes.add(("slip", "parts"), 'must hold "number": a slip without its number is of no use', "add it")
    for place, name in enumerate(slip.small):
        if name in slip.large:
            mistakes.add(("slip", "small"), f'"{name}" is large already', "take it out of one of the two", place)


def _plans(settings: Settings, mistakes: Mistakes) -> None:
    for id_, zone in settings.zones.items():
        path = ("zones", id_, "plan")
        here = [counter for counter, one in settings.counters.items() if one.zone == id_]
        rows = [row.split() for row in zone.plan]
        if len({len(row) for row in rows}) > 1 or any(not 1 <= len(row) <= PLAN_COLUMNS for row in rows):
            wrong = "has rows of different length, or of too many places"
            mistakes.add(path, wrong, f"write up to {PLAN_COLUMNS} in each, with . for a gap")
            continue
        for place, row in enumerate(rows):
            for cell in row:
                if cell not in (".", "*") and cell not in here:
                    todo = meant(cell, here, "name one, or write . for a gap")
                    mistakes.add(path, f'there is no counter "{cell}" in this zone', todo, place)


def _boards(settings: Settings, mistakes: Mistakes, languages: Collection[str]) -> None:
    for id_, board in settings.boards.items():
        path = ("boards", id_)
        _refer(mistakes, (*path, "zones"), "zone", board.zones, settings.zones)
        _refer(mistakes, (*path, "languages"), "language", board.languages, languages)
        _refer_keys(mistakes, (*path, "arrows"), "zone", board.arrows, board.zones)
        if not board.zones:
            mistakes.add((*path, "zones"), "names no zone, so the board would stay empty", "name one")


def _voices(settings: Settings, mistakes: Mistakes, languages: Collection[str]) -> None:
    boards = (language for board in settings.boards.values() for language in board.languages)
    _refer_keys(mistakes, ("voices",), "language", settings.voices, tuple(dict.fromkeys((*languages, *boards))))
    for language, voice in settings.voices.items():
        if voice.engine == "command" and not voice.command:
            mistakes.add(
                ("voices", language, "engine"), "wants a command", 'add one like command = ["/usr/local/bin/say"]'
            )
        if voice.engine == "piper" and not voice.voice:
            mistakes.add(("voices", language, "engine"), "wants Piper's model file", "name it as voice")


def _dates(settings: Settings, mistakes: Mistakes) -> None:
    timetables = _timetables(settings)
    for id_, dates in settings.dates.items():
        path = ("dates", id_)
        if dates.last and dates.last < dates.first:
            mistakes.add((*path, "last"), f"{dates.last} lies before the first, {dates.first}", "write a later day")
        _refer(mistakes, (*path, "services"), "service", dates.services, settings.services)
        _refer(mistakes, (*path, "agencies"), "agency", dates.agencies, settings.agencies)
        if isinstance(dates.hours, Hours):
            _refer_one(mistakes, (*path, "hours"), "timetable", dates.hours, timetables)
        elif dates.hours:
            _refer_keys(mistakes, (*path, "hours"), "timetable", dates.hours, timetables)
            for usual, instead in dates.hours.items():
                _refer_one(mistakes, (*path, "hours", usual), "timetable", instead, timetables)


_PUBLIC = re.compile(r"https?://(?:[\w-]+(?:\.[\w-]+)*|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?((?:/[^\s/?#\\@]*)*)")


def _is_public(address: str) -> bool:
    """Whether every program reads the same host in it: it stands in QR codes, and leads people with their tickets."""
    found = _PUBLIC.fullmatch(address)
    if found is None or int(found[1] or "1") not in range(1, 65_536):
        return False
    return not {".", ".."}.intersection((found[2] or "").split("/"))
