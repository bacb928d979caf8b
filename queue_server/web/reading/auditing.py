"""The auditor's page: who did what, when, where and why, out of the journal itself; filtered, and saved as CSV.

Names and addresses come from the registry, for as long as they are kept there; the journal has neither.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing as closes
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web
from msgspec import Struct

from queue_server.domain.acts import ActKind
from queue_server.errors import AntreanError, Forbidden, JournalDamaged
from queue_server.journal.trail import Did, trail
from queue_server.languages.catalogues import say
from queue_server.languages.locales import day_text
from queue_server.letters.days import day_said
from queue_server.registry.acts import MACHINE, PROVIDER
from queue_server.web.edge.headers import SECURITY
from queue_server.web.identity.access import Caller, admit
from queue_server.web.noting import doer
from queue_server.web.page.visit import Shown, Visit
from queue_server.web.parts import PARTS, Parts
from queue_server.web.permissions import AUDITORS

SHOWN = 200
"""So many lines are on the page; all of them are in the CSV."""

LONGEST_DAYS = 31
"""So many days are read at once: each is read whole, since its chain is checked on the way."""

PAGE = "audit"


NEAR_MS = 60_000
"""What somebody did is from where they were known to be within this."""

Place = tuple[str, int, int]
"""An address, and from when until when somebody was there."""


class Asked(Struct, frozen=True, kw_only=True):
    """`first` and `last` are dates; the rest is empty for everything."""

    first: date
    last: date
    who: str = ""
    what: str = ""
    word: str = ""


class Line(Struct, frozen=True, kw_only=True):
    """One line, as it is shown."""

    day: str
    when: str
    who: str
    what: str
    where: str
    about: str
    why: str


class Found(Struct, frozen=True, kw_only=True):
    """The newest first; `damaged` is the day whose rows do not fit together, which hides what came after."""

    dids: list[tuple[str, Did]]
    kinds: tuple[str, ...]
    damaged: str = ""


async def audit_page(visit: Visit, caller: Caller, language: str) -> Shown:
    """What people did in a time, the newest first."""
    parts = visit.request.app[PARTS]
    _check_whole(caller)
    asked = _asked(visit.request.query, _today(parts))
    names = _names(parts, language)
    found = await asyncio.to_thread(_find, parts, asked, names)
    shown = found.dids[:SHOWN]
    lines = await asyncio.to_thread(_lines, parts, shown, names, language)
    values = {
        "asked": asked,
        "lines": lines,
        "count": len(found.dids),
        "damaged": found.damaged,
        "people": sorted(names.items(), key=lambda item: item[1].casefold()),
        "kinds": sorted(((kind, _did(language, kind)) for kind in found.kinds), key=lambda item: item[1]),
        "query": visit.request.query_string,
    }
    return Shown(values=values)


async def export(request: web.Request) -> web.StreamResponse:
    """All of it as CSV; that it was saved is a line of its own from now on."""
    parts = request.app[PARTS]
    caller = admit(parts.doors, request, AUDITORS)
    _check_whole(caller)
    asked = _asked(request.query, _today(parts))
    names = _names(parts, "en")

    def make() -> bytes:
        lines = _lines(parts, _find(parts, asked, names).dids, names, "en")
        details = {"from": asked.first, "to": asked.last, "lines": len(lines)}
        parts.registry.acts.note(ActKind.AUDIT_EXPORTED, by=doer(caller), address=request.remote, details=details)
        return _csv(lines)

    raw = await asyncio.to_thread(make)
    named = f'attachment; filename="audit-{asked.first}-{asked.last}.csv"'
    headers = {**SECURITY, "Content-Disposition": named, "Content-Type": "text/csv; charset=utf-8"}
    return web.Response(body=raw, headers=headers)


def routes() -> list[web.RouteDef]:
    return [web.get("/audit/export.csv", export)]


def _check_whole(caller: Caller) -> None:
    """What the mall's people did is not for one agency's."""
    if caller.agencies is not None:
        raise Forbidden("Who did what is for the mall's own auditors.", reason="agency")


def _today(parts: Parts) -> date:
    now = parts.engine.now()
    return datetime.fromtimestamp(now / 1000, ZoneInfo(parts.engine.state.rules.timezone)).date()


def _asked(query: Mapping[str, str], today: date) -> Asked:
    """What is no date counts as today; a longer time is cut to its end."""
    last = _date(query.get("to", ""), today)
    first = min(_date(query.get("from", ""), last), last)
    first = max(first, last - timedelta(days=LONGEST_DAYS - 1))
    said = {name: query.get(name, "")[:64] for name in ("who", "what", "word")}
    return Asked(first=first, last=last, **said)


def _date(said: str, otherwise: date) -> date:
    try:
        return day_said(said)
    except ValueError:
        return otherwise


def _names(parts: Parts, language: str) -> dict[str, str]:
    """By pseudonym, or number of a token."""
    names = {person.id: person.name for person in parts.registry.people.list()}
    for token in parts.registry.tokens.list():
        named = token.name or token.pseudonym
        said = f"{say('staff', language, f'role.{token.role}')} {named}"
        names[f"token:{token.id}"] = said
        names.setdefault(named, said)
    names |= {MACHINE: say(PAGE, language, "machine"), PROVIDER: say(PAGE, language, "provider")}
    return names


# Reading


def _find(parts: Parts, asked: Asked, names: Mapping[str, str]) -> Found:
    """For a thread: days are read whole."""
    dids: list[tuple[str, Did]] = []
    kinds: set[str] = set()
    damaged = ""
    with closes(parts.engine.journal.reader()) as history:
        for day in history.days():
            if not asked.first.isoformat() <= day[:10] <= asked.last.isoformat():
                continue
            try:
                for did in trail(history.read_day(day)):
                    kinds.add(did.what)
                    if _fits(did, asked, names):
                        dids.append((day, did))
            except JournalDamaged:
                damaged = day
    dids.reverse()
    return Found(dids=dids, kinds=tuple(kinds), damaged=damaged)


def _fits(did: Did, asked: Asked, names: Mapping[str, str]) -> bool:
    if asked.who and asked.who not in (did.by, did.about):
        return False
    if asked.what and asked.what != did.what:
        return False
    if not asked.word:
        return True
    said = (did.about, did.why, did.counter, names.get(did.by or ""), names.get(did.about or ""), *did.details.values())
    return any(asked.word.casefold() in one.casefold() for one in said if one)


def _lines(parts: Parts, dids: list[tuple[str, Did]], names: Mapping[str, str], language: str) -> list[Line]:
    """For a thread: addresses are looked up."""
    acts = parts.registry.acts
    addresses: dict[str, str] = {}
    named = [did.act for _, did in dids if did.act]
    for start in range(0, len(named), 500):
        addresses.update(acts.addresses(named[start : start + 500]))
    zone, stays = ZoneInfo(parts.engine.state.rules.timezone), _stays(parts, [did for _, did in dids])

    def line(day: str, did: Did) -> Line:
        address = addresses.get(did.act) if did.act else _address(stays.get(did.by or "", ()), did.at)
        return _line(parts, day, did, names, address, zone, language)

    return [line(day, did) for day, did in dids]


def _stays(parts: Parts, dids: list[Did]) -> dict[str, list[Place]]:
    """Where each of these people was while they did all that; for a thread."""
    moves = [did for did in dids if did.by and not did.act]
    if not moves:
        return {}
    since, until = (end(did.at for did in moves) for end in (min, max))
    people = {did.by for did in moves if did.by}
    return {who: parts.registry.acts.places(who, since - NEAR_MS, until + NEAR_MS) for who in people}


def _address(stays: Iterable[Place], at: int) -> str | None:
    """Of the stay that is nearest in time, of those that are equally near the shortest."""
    near = [(max(first - at, at - last, 0), last - first, address) for address, first, last in stays]
    best = min(near, default=None)
    return best[2] if best is not None and best[0] <= NEAR_MS else None


def _line(
    parts: Parts,
    day: str,
    did: Did,
    names: Mapping[str, str],
    address: str | None,
    zone: ZoneInfo,
    language: str,
) -> Line:
    at = datetime.fromtimestamp(did.at / 1000, zone)
    where = [say(PAGE, language, "counter_n", counter=did.counter)] if did.counter else []
    if address:
        where.append(address)
    return Line(
        day=day_text(at.date(), language, "d MMM"),
        when=f"{at:%H:%M:%S}",
        who=names.get(did.by, did.by) if did.by else "",
        what=_did(language, did.what),
        where=" · ".join(where),
        about=names.get(did.about) or _word(language, f"about.{did.about}", did.about) if did.about else "",
        why=" · ".join(_whys(parts, did, zone, language)),
    )


def _whys(parts: Parts, did: Did, zone: ZoneInfo, language: str) -> Iterator[str]:
    """The reason in words, how often, and what it was before and after."""
    if did.why:
        yield _reason(parts, did.why, language)
    if did.times > 1:
        yield say(PAGE, language, "times", n=did.times)
    if did.done_at is not None:
        yield say(PAGE, language, "happened", time=f"{datetime.fromtimestamp(did.done_at / 1000, zone):%Y-%m-%d %H:%M}")
    yield from (f"{_word(language, f'detail.{name}', name)}: {value}" for name, value in did.details.items())


def _reason(parts: Parts, why: str, language: str) -> str:
    """A configured code by its name, words by themselves while they are kept."""
    if why.startswith("~"):
        try:
            return parts.registry.personal.read(why[1:]) or ""
        except AntreanError:
            return ""
    rules = parts.engine.state.rules
    for table in (rules.reasons, rules.pause_reasons, rules.park_reasons, rules.outcomes):
        if why in table:
            return next((table[why][code] for code in (language, *rules.languages) if table[why].get(code)), why)
    return _word(language, f"why.{why}", why)


def _did(language: str, what: str) -> str:
    return _word(language, f"did.{what}", what)


def _word(language: str, key: str, code: str) -> str:
    """A newer version's code stands for itself."""
    try:
        return say(PAGE, language, key)
    except KeyError:
        return code


# CSV


def _csv(lines: list[Line]) -> bytes:
    """With a byte order mark, so that spreadsheets read it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(Line.__struct_fields__)
    for line in lines:
        writer.writerow([plain_cell(getattr(line, name)) for name in Line.__struct_fields__])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def plain_cell(said: str) -> str:
    """A spreadsheet must read it as text, never as a formula."""
    return f"'{said}" if said.lstrip()[:1] in ("=", "+", "-", "@") or said[:1] in ("\t", "\r", "\n") else said
