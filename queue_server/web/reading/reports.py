"""The pages of reports. Written by the server for who is signed in: an agency's people read of their agency only.

What is asked for stands in the address, so that a view can be sent to a colleague, who sees of it what they may.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup

from queue_server.domain.records import Ticket
from queue_server.domain.rules import Rules
from queue_server.errors import Forbidden, NotFound
from queue_server.handover import paper
from queue_server.handover.commas import comma_in, csv_of
from queue_server.handover.spreadsheet import KIND, xlsx_of
from queue_server.letters.days import day_said
from queue_server.reports import period as span
from queue_server.reports.numbers import HALF_HOURS, Group, Where
from queue_server.reports.own import own_day
from queue_server.reports.reckoned import Reckoned
from queue_server.reports.report import Report, make, read
from queue_server.reports.story import Clock, told
from queue_server.reports.tables import Section, Table
from queue_server.reports.words import Words
from queue_server.web.identity.access import Caller
from queue_server.web.page.visit import Elsewhere, Handed, Shown, Visit
from queue_server.web.parts import PARTS
from queue_server.web.permissions import FLOOR
from queue_server.web.reading.closing_line import closed
from queue_server.web.reading.paper import paper_of
from queue_server.web.reading.seen_by import named_to, sight_of
from queue_server.web.scope import agencies_of

FILTERS = ("agency", "service", "counter", "category")
BRIEF_COLUMNS, BRIEF_ROWS = (0, 2, 3, 4, 5, 6, 7), 8
OWN_STEPS = 300
"""So many of a clerk's own are listed."""


def ms(instant: str) -> int:
    """Of an instant as the API writes it."""
    return round(datetime.fromisoformat(instant).timestamp() * 1000)


PICTURES = {
    "TicketIssued": "ticket",
    "TicketCalled": "megaphone",
    "TicketRecalled": "bell",
    "ServiceStarted": "user-check",
    "ServiceFinished": "circle-check",
    "TicketMissed": "user-x",
    "TicketPutBack": "corner-up-left",
    "TicketParked": "square-parking",
    "TicketSteppedAway": "coffee",
    "TicketReturned": "rotate-ccw",
    "TicketTransferred": "arrow-right-left",
    "TicketCancelled": "x",
    "TicketExpired": "clock",
    "SlipRequested": "printer",
    "SlipReported": "printer-check",
    "Undone": "undo-2",
    "OutcomeCorrected": "file-text",
}


async def report(visit: Visit, caller: Caller, language: str) -> Shown | None:
    """The figures of a span of days, compared."""
    today = today_of(visit)
    if "period" in visit.request.query:
        raise Elsewhere(f"/report?{urlencode(_dated(visit, today))}")
    asked = span.asked(visit.request.query, today)
    words = await words_of(visit, language, asked)
    made = await _made(visit, caller, asked, words)
    if "format" in visit.request.query:
        await _as_file(visit, made["report"], asked, words)
        return None
    values = {
        **made,
        "as_file": lambda **more: f"{address_of(visit, asked)}&{urlencode({'lang': language, **more})}",
        "prints": visit.request.app[PARTS].press.there,
        "asked": asked,
        "named": [(name, words.t(f"period.{name}")) for name in span.NAMED],
        "is": span.name_of(asked, today),
        "today": today,
        "choices": _choices(visit.rules, caller, words, filters_of(visit)),
        "unfiltered": f"/report?{urlencode(_dates(asked))}",
        "before": address_of(visit, _shifted(asked, -1)),
        "after": address_of(visit, _shifted(asked, 1)) if asked.last < today else "",
        "brief": address_of(visit, asked, "/report/brief"),
        "last_day": words.day(asked.last, short=True),
        "misread": _misread(visit, words, asked, today),
    }
    return Shown(values=values)


def _misread(visit: Visit, words: Words, asked: span.Period, today: date) -> str:
    """That the address asks for days that cannot be shown, and which are shown instead."""
    name = span.misread(visit.request.query, today)
    if not name:
        return ""
    value = visit.request.query.get(name, "")[:64]
    return words.t("misread", name=name, value=value, period=words.period(asked))


async def brief(visit: Visit, caller: Caller, language: str) -> Shown:
    """The same on one sheet, for a minister."""
    asked = span.asked(visit.request.query, today_of(visit))
    words = await words_of(visit, language, asked)
    made = await _made(visit, caller, asked, words)
    return Shown(values={**made, "whole": address_of(visit, asked), "few": _first_rows, "several": asked.days > 1})


def _first_rows(part: Section) -> Table:
    """Of the services only those that need somebody most, and of their columns those that a minister asks for."""
    return Table(
        columns=tuple(part.table.columns[at] for at in BRIEF_COLUMNS),
        rows=tuple(tuple(row[at] for at in BRIEF_COLUMNS) for row in part.table.rows[:BRIEF_ROWS]),
    )


async def _made(visit: Visit, caller: Caller, asked: span.Period, words: Words) -> dict[str, Any]:
    """What both kinds of a report show."""
    where, parts = where_of(visit, caller), visit.request.app[PARTS]

    def behind(**more: object) -> str:
        return f"/report/tickets?{urlencode({**filters_of(visit), **_dates(asked), **more})}"

    found = await read(numbers_of(visit, caller), asked, where, _until(visit, asked))
    first = min(asked.first, asked.last - timedelta(days=55))
    notes = await asyncio.to_thread(parts.registry.day_notes.between, first, asked.last, agencies_of(caller))
    noted = [(note.day, note.text) for note in notes]
    return {
        "report": closed(
            make(found, asked, words, notes=noted, behind=behind, service=where.service), asked, words, parts
        ),
        "where": filters_of(visit),
        "narrowed": words.name,
        "notes": [
            {"id": note.id, "day": words.day(date.fromisoformat(note.day)), "text": note.text}
            for note in notes
            if note.day >= asked.first.isoformat()
        ],
        "made": words.made(parts.engine.now()),
        "svg": Markup,
    }


async def my_day(visit: Visit, caller: Caller, language: str) -> Shown:
    """What the reader served on one day, beside what is usual for them, where the mall shows it."""
    parts, today = visit.request.app[PARTS], today_of(visit)
    sight = sight_of(caller, parts.settings(), parts.engine.state.day)
    if sight.clerks is not None and caller.clerk not in sight.clerks:
        raise Forbidden("This mall shows no clerk's figures.", reason="clerks")
    day = span.asked({"from": visit.request.query.get("day", today.isoformat())}, today).first
    if day.isoformat() < sight.clerks_since:
        words = await words_of(visit, language, span.Period(first=day, last=day))
        told = {"finding": words.t("own.past", day=words.day(date.fromisoformat(sight.clerks_since))), "tiles": ()}
        return Shown(values={**told, "steps": None, **_days_beside(day, today, words)})
    numbers, own = Reckoned(parts.reports, sight), Where(clerk=caller.clerk)
    one, weeks = span.Period(first=day, last=day), span.usual(span.Period(first=day, last=day))
    words = await words_of(visit, language, one)
    at = clock_of(words)
    made = own_day(
        next(iter(await numbers.groups(one, (), own)), Group()),
        next(iter(await numbers.groups(weeks, (), own)), Group()),
        len(await numbers.days(weeks, own)),
        await numbers.own_time(one, own),
        (await numbers.behind(one, own, OWN_STEPS)).steps,
        words,
        lambda instant: at(ms(instant)),
    )
    values = {
        "finding": made.finding,
        "tiles": made.tiles,
        "steps": made.steps,
        **_days_beside(day, today, words),
    }
    return Shown(values=values)


def _days_beside(day: date, today: date, words: Words) -> dict[str, object]:
    return {
        "period": words.day(day),
        "before": f"/my-day?day={day - timedelta(days=1)}",
        "after": f"/my-day?day={day + timedelta(days=1)}" if day < today else "",
        "svg": Markup,
    }


async def _as_file(visit: Visit, made: Report, asked: span.Period, words: Words) -> None:
    """A whole report as XLSX or PDF, or one of its tables as CSV; nothing where there is no such table.

    Raises Handed; Unavailable where this machine prints no PDF.
    """
    query, name = visit.request.query, f"report-{asked.first}-{asked.last}"
    mall = words.pick(visit.rules.name)
    if query["format"] == "xlsx":
        raise Handed(await asyncio.to_thread(xlsx_of, made, mall), KIND, f"{name}.xlsx")
    if query["format"] == "pdf":
        parts = visit.request.app[PARTS]
        page = await asyncio.to_thread(
            paper_of, made, words, filters_of(visit), parts.settings().mall.accent, parts.engine.now()
        )
        raise Handed(await parts.press.print(page), paper.KIND, f"{name}.pdf")
    section = next((one for one in made.sections if one.id == query.get("part")), None)
    if query["format"] == "csv" and section is not None:
        signs = {"comma": True, "point": False}
        comma = signs.get(query.get("decimal", ""), comma_in(words.language))
        raise Handed(csv_of(section.exported, comma=comma), "text/csv; charset=utf-8", f"{name}-{section.id}.csv")


async def story(visit: Visit, caller: Caller, language: str) -> Shown | None:
    """What one ticket lived through; None where there is none, or it is another agency's."""
    parts, day = visit.request.app[PARTS], _dated_day(visit["day"])
    if day is None:
        return None
    words = await words_of(visit, language, span.Period(first=day, last=day))
    events = await asyncio.to_thread(parts.past.of_ticket, visit["day"], visit["ticket"])
    named = named_to(caller, parts.settings(), parts.engine.state.day, visit["day"])
    people = parts.registry.people.list() if caller.role in FLOOR else ()
    clerks = {one.id: one.name for one in people if named is None or one.id in named}
    found = told(events, await _record(visit), words, clock_of(words), agencies_of(caller), clerks)
    if found is None:
        return None
    return Shown(
        values={
            "story": found,
            "day": words.day(day),
            "words": words,
            "pictures": PICTURES,
        }
    )


async def _record(visit: Visit) -> Ticket | None:
    """The ticket as it is, or was when its day ended."""
    try:
        found = await visit.request.app[PARTS].engine.find_ticket(visit["ticket"], imported=True)
    except NotFound:
        return None
    return found if found.day == visit["day"] else None


async def words_of(visit: Visit, language: str, asked: span.Period) -> Words:
    """Names and rules as they were then."""
    that_day = visit.request.app[PARTS].that_day
    return await asyncio.to_thread(that_day.words, language, asked.first, asked.last)


def _dated_day(text: str) -> date | None:
    """The date of a business day's name."""
    try:
        return day_said(text[:10])
    except ValueError:
        return None


def numbers_of(visit: Visit, caller: Caller) -> Reckoned:
    parts = visit.request.app[PARTS]
    return Reckoned(parts.reports, sight_of(caller, parts.settings(), parts.engine.state.day))


def today_of(visit: Visit) -> date:
    """The date of the business day that is open."""
    return date.fromisoformat(visit.request.app[PARTS].engine.state.day[:10])


def _until(visit: Visit, asked: span.Period) -> int:
    """Before which half-hour the day is cut that today is held against: the one that now is nearest to."""
    zone = ZoneInfo(visit.rules.timezone)
    now = datetime.fromtimestamp(visit.request.app[PARTS].engine.now() / 1_000, zone)
    if asked.last != now.date() or asked.last != today_of(visit):
        return HALF_HOURS
    return max(1, round((now.hour * 60 + now.minute) / 30))


def where_of(visit: Visit, caller: Caller) -> Where:
    asked = filters_of(visit)
    return Where(
        agencies=agencies_of(caller),
        agency=asked.get("agency", ""),
        service=asked.get("service", ""),
        counter=asked.get("counter", ""),
        category=asked.get("category", ""),
    )


def filters_of(visit: Visit) -> dict[str, str]:
    return {name: value for name in FILTERS if (value := visit.request.query.get(name, "")[:64])}


def _dates(asked: span.Period) -> dict[str, str]:
    return {"from": asked.first.isoformat(), "to": asked.last.isoformat()}


def _dated(visit: Visit, today: date) -> dict[str, str]:
    """The same with its dates, which still say the same tomorrow."""
    query = visit.request.query
    name = query["period"]
    asked = span.named(name, today) if name in span.NAMED else span.asked(dict(query.items()), today)
    kept = {"lang": query["lang"]} if "lang" in query else {}
    return {**_dates(asked), **filters_of(visit), **kept}


def address_of(visit: Visit, asked: span.Period, page: str = "/report") -> str:
    return f"{page}?{urlencode({**_dates(asked), **filters_of(visit)})}"


def _shifted(asked: span.Period, by: int) -> span.Period:
    """The span before, or the one of the same kind after."""
    before, first = span.earlier(asked), asked.last + timedelta(days=1)
    if by < 0:
        return before
    on = asked.first - before.first
    after = span.Period(first=asked.first + on, last=asked.last + on)
    for kind in ("month", "quarter", "year"):
        whole = span.whole(kind, first)
        if span.whole(kind, asked.first) == asked:
            return whole
    return after


def _choices(
    rules: Rules, caller: Caller, words: Words, chosen: dict[str, str]
) -> dict[str, list[tuple[str, str, str]]]:
    """What may be filtered by: id, name, and in which group it stands; of other agencies nothing. What there is today,
    and what there was then and is no more. Of a chosen agency its services and counters, and what is chosen beside."""
    own, names = agencies_of(caller), words.names
    whose = {**{one.id: one.agency for one in rules.services.values()}, **names.of}
    services = [id_ for id_, agency in whose.items() if own is None or agency in own]
    served = {**{one.id: one.services for one in rules.counters.values()}, **names.served}
    if agency := chosen.get("agency"):
        services = [id_ for id_ in services if whose[id_] == agency or id_ == chosen.get("service")]
    counters = [
        id_
        for id_, those in served.items()
        if not set(those).isdisjoint(services) or (agency and id_ == chosen.get("counter") and own is None)
    ]
    return {
        "agency": [
            (id_, words.name("agency", id_), "")
            for id_ in {**rules.agencies, **names.agencies}
            if own is None or id_ in own
        ],
        "service": [(id_, words.name("service", id_), words.name("agency", whose[id_])) for id_ in services],
        "counter": [(id_, words.name("counter", id_), "") for id_ in counters],
        "category": [(id_, words.name("category", id_), "") for id_ in {**rules.categories, **names.categories}],
    }


def clock_of(words: Words) -> Clock:
    zone = ZoneInfo(words.rules.timezone)

    def at(ms: int | None) -> str:
        if ms is None:
            return words.t("unknown")
        local = datetime.fromtimestamp(ms / 1000, zone)
        return local.strftime("%H.%M" if words.language == "id" else "%H:%M")

    return at
