"""The pages of reports. Written by the server for who is signed in: an agency's people read of their agency only.

What is asked for stands in the address, so that a view can be sent to a colleague, who sees of it what they may.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup

from queue_server.domain.rules import Rules
from queue_server.reports import period as span
from queue_server.reports.numbers import HALF_HOURS, Where
from queue_server.reports.reckoned import Reckoned
from queue_server.reports.report import make, read
from queue_server.reports.story import Clock, told
from queue_server.reports.words import Words
from queue_server.web.access import Caller
from queue_server.web.parts import PARTS
from queue_server.web.permissions import FLOOR
from queue_server.web.scope import agencies_of, concerns
from queue_server.web.stats import sight_of
from queue_server.web.visit import Elsewhere, Shown, Visit

FILTERS = ("agency", "service", "counter", "category")
BEHIND = 50
"""So many tickets are listed behind a number, the longest waits first."""


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
    "TicketReturned": "rotate-ccw",
    "TicketTransferred": "arrow-right-left",
    "TicketCancelled": "x",
    "TicketExpired": "clock",
    "SlipRequested": "printer",
    "SlipReported": "printer-check",
    "Undone": "undo-2",
    "OutcomeCorrected": "file-text",
}


async def report(visit: Visit, caller: Caller, language: str) -> Shown:
    """The figures of a span of days, compared."""
    today = _today(visit)
    if "period" in visit.request.query:
        raise Elsewhere(f"/report?{urlencode(_dated(visit, today))}")
    asked, where = span.asked(visit.request.query, today), _where(visit, caller)
    words, numbers = Words(language, visit.rules), _numbers(visit, caller)

    def behind(**more: object) -> str:
        return f"/report/tickets?{urlencode({**_filters(visit), **_dates(asked), **more})}"

    found = await read(numbers, asked, where)
    weeks = span.Period(first=min(asked.first, asked.last - timedelta(days=55)), last=asked.last)
    notes = await asyncio.to_thread(
        visit.request.app[PARTS].registry.day_notes.between, weeks.first, weeks.last, agencies_of(caller)
    )
    made = make(
        found, asked, words, notes=[(note.day, note.text) for note in notes], behind=behind, service=where.service
    )
    values = {
        "report": made,
        "asked": asked,
        "named": [(name, words.t(f"period.{name}")) for name in span.NAMED],
        "is": span.name_of(asked, today),
        "today": today,
        "where": _filters(visit),
        "choices": _choices(visit.rules, caller, words),
        "before": _address(visit, _shifted(asked, -1)),
        "after": _address(visit, _shifted(asked, 1)) if asked.last < today else "",
        "narrowed": lambda kind, value: words.name(kind, value),
        "notes": [
            {"id": note.id, "day": words.day(date.fromisoformat(note.day)), "text": note.text}
            for note in notes
            if note.day >= asked.first.isoformat()
        ],
        "svg": Markup,
        "last_day": words.day(asked.last, short=True),
    }
    return Shown(values=values)


async def behind(visit: Visit, caller: Caller, language: str) -> Shown:
    """The tickets behind a number, longest wait first."""
    asked, where = span.asked(visit.request.query, _today(visit)), _where(visit, caller)
    words, numbers = Words(language, visit.rules), _numbers(visit, caller)
    number = visit.request.query.get("number", "").replace(" ", "").upper()[:12]
    if number:
        return await _found(visit, caller, words, asked, number)
    slot = _slot(visit.request.query.get("half_hour", ""))
    found = await numbers.behind(asked, where, BEHIND, slot)
    narrowed = [words.name(kind, value) for kind, value in _filters(visit).items()]
    if slot is not None:
        narrowed.append(f"{words.half_hour(slot)}\u2013{words.half_hour(slot + 1)}")
    values = {
        "steps": found.steps,
        "count": words.count(found.count),
        "numbered": None,
        "number": "",
        "more": found.count > len(found.steps),
        "words": words,
        "period": words.period(asked),
        "narrowed": narrowed,
        "back": _address(visit, asked),
        "clock_of": lambda said: _clock(visit, words)(ms(said)),
    }
    return Shown(values=values)


async def _found(visit: Visit, caller: Caller, words: Words, asked: span.Period, number: str) -> Shown:
    """The tickets of one date with this number, today's as the hall has them; a single one leads to its story."""
    parts, agencies = visit.request.app[PARTS], agencies_of(caller)
    state, day = parts.engine.state, asked.last.isoformat()
    found = [
        (state.day, ticket.id, ticket.steps[0].service)
        for ticket in state.tickets.values()
        if ticket.number == number and state.day[:10] == day and concerns(caller, state, ticket)
    ]
    known = {ticket for _, ticket, _ in found}
    past = await asyncio.to_thread(parts.numbers.numbered, day, number, agencies)
    found += [one for one in past if one[1] not in known]
    if len(found) == 1:
        raise Elsewhere(f"/report/tickets/{found[0][0]}/{found[0][1]}")
    values = {
        "steps": (),
        "more": False,
        "numbered": found,
        "number": number,
        "words": words,
        "period": words.day(asked.last),
        "narrowed": [],
        "back": _address(visit, asked),
    }
    return Shown(values=values)


async def story(visit: Visit, caller: Caller, language: str) -> Shown | None:
    """What one ticket lived through; None where there is none, or it is another agency's."""
    parts, words = visit.request.app[PARTS], Words(language, visit.rules)
    events = await asyncio.to_thread(parts.past.of_ticket, visit["day"], visit["ticket"])
    clerks = {one.id: one.name for one in parts.registry.people.list()} if caller.role in FLOOR else {}
    found = told(events, visit["ticket"], words, _clock(visit, words), agencies_of(caller), clerks)
    if found is None:
        return None
    return Shown(
        values={
            "story": found,
            "day": words.day(date.fromisoformat(visit["day"][:10])),
            "words": words,
            "pictures": PICTURES,
        }
    )


def _numbers(visit: Visit, caller: Caller) -> Reckoned:
    parts = visit.request.app[PARTS]
    return Reckoned(parts.reports, parts.numbers, sight_of(caller, parts.settings()))


def _today(visit: Visit) -> date:
    """The date of the business day that is open."""
    return date.fromisoformat(visit.request.app[PARTS].engine.state.day[:10])


def _where(visit: Visit, caller: Caller) -> Where:
    asked = _filters(visit)
    return Where(
        agencies=agencies_of(caller),
        agency=asked.get("agency", ""),
        service=asked.get("service", ""),
        counter=asked.get("counter", ""),
        category=asked.get("category", ""),
    )


def _filters(visit: Visit) -> dict[str, str]:
    return {name: value for name in FILTERS if (value := visit.request.query.get(name, "")[:64])}


def _dates(asked: span.Period) -> dict[str, str]:
    return {"from": asked.first.isoformat(), "to": asked.last.isoformat()}


def _dated(visit: Visit, today: date) -> dict[str, str]:
    """The same with its dates, which still say the same tomorrow."""
    query = visit.request.query
    name = query["period"]
    asked = span.named(name, today) if name in span.NAMED else span.asked(dict(query.items()), today)
    kept = {"lang": query["lang"]} if "lang" in query else {}
    return {**_dates(asked), **_filters(visit), **kept}


def _address(visit: Visit, asked: span.Period) -> str:
    return f"/report?{urlencode({**_dates(asked), **_filters(visit)})}"


def _shifted(asked: span.Period, by: int) -> span.Period:
    """The span just before, or the one of the same kind after."""
    if by < 0:
        return span.before(asked)
    first = asked.last + timedelta(days=1)
    after = span.Period(first=first, last=first + timedelta(days=asked.days - 1))
    for kind in ("month", "quarter", "year"):
        whole = span.whole(kind, first)
        if span.whole(kind, asked.first) == asked:
            return whole
    return after


def _choices(rules: Rules, caller: Caller, words: Words) -> dict[str, list[tuple[str, str, str]]]:
    """What may be filtered by: id, name, and in which group it stands; of other agencies nothing."""
    own = agencies_of(caller)
    agencies = [one for one in rules.agencies.values() if own is None or one.id in own]
    services = [one for one in rules.services.values() if own is None or one.agency in own]
    ids = {one.id for one in services}
    counters = [one for one in rules.counters.values() if ids.intersection(one.services)]
    return {
        "agency": [(one.id, words.pick(one.name), "") for one in agencies],
        "service": [(one.id, words.pick(one.name), words.name("agency", one.agency)) for one in services],
        "counter": [(one.id, words.name("counter", one.id), "") for one in counters],
        "category": [(one.id, words.pick(one.name), "") for one in rules.categories.values()],
    }


def _slot(text: str) -> int | None:
    return int(text) if text.isdecimal() and int(text) < HALF_HOURS else None


def _clock(visit: Visit, words: Words) -> Clock:
    zone = ZoneInfo(visit.rules.timezone)

    def at(ms: int | None) -> str:
        if ms is None:
            return words.t("unknown")
        local = datetime.fromtimestamp(ms / 1000, zone)
        return local.strftime("%H.%M" if words.language == "id" else "%H:%M")

    return at
