"""The tickets behind a number of a report, page by page, and those that bear a number: each leads to its story.

What an address asks for and cannot be answered is said, and nothing is listed instead.
"""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from urllib.parse import urlencode

from msgspec import Struct
from multidict import MultiMapping

from queue_server.errors import Forbidden, Invalid
from queue_server.reports import period as span
from queue_server.reports.numbers import half_hour_of
from queue_server.reports.ticket_numbers import key, near
from queue_server.reports.words import Words
from queue_server.stats.behind import PROMISES
from queue_server.web.identity.access import Caller
from queue_server.web.page.visit import Elsewhere, Shown, Visit
from queue_server.web.parts import PARTS
from queue_server.web.reading import reports
from queue_server.web.scope import agencies_of, concerns

PAGE = 50
MOST_PAGES = 100_000
LONGEST_NUMBER = 32
FATES = ("served", "transferred", "no_show", "abandoned", "open", "unknown")
SUCH = {
    "from": "2026-11-24",
    "to": "2026-11-24",
    "weekday": "1, 2, 3, 4, 5, 6, 7",
    "half_hour": "09:30",
    "fate": ", ".join(FATES),
    "promise": ", ".join(PROMISES),
    "page": "1, 2, 3",
    "number": "A047",
}
"""How each is written, for whoever wrote it otherwise."""
ASKED = ("from", "to", *reports.FILTERS, "weekday", "half_hour", "fate", "promise", "page", "number", "lang")


class Asked(Struct, frozen=True, kw_only=True):
    """`weekday` from Monday 1; all empty for any."""

    days: span.Period
    weekday: str = ""
    half_hour: int | None = None
    fate: str = ""
    promise: str = ""
    page: int = 1
    number: str = ""

    @property
    def narrowed(self) -> dict[str, tuple[str, ...]]:
        said = {"weekday": self.weekday, "fate": self.fate, "promise": self.promise}
        return {name: (value,) for name, value in said.items() if value}


def asked_of(query: MultiMapping[str], today: date) -> Asked:
    """Raises Invalid, with `name` and `value` of what nobody can answer."""
    for name in query:
        if name not in ASKED:
            raise _unknown("name", name)
    if name := span.misread(query, today):
        raise _unknown(name, query.get(name, ""))
    said = {name: query.get(name, "") for name in ("weekday", "fate", "promise", "half_hour", "page")}
    known = {"weekday": tuple("1234567"), "fate": FATES, "promise": tuple(PROMISES)}
    for name, values in known.items():
        if said[name] and said[name] not in values:
            raise _unknown(name, said[name])
    half_hour = half_hour_of(said["half_hour"]) if said["half_hour"] else None
    if said["half_hour"] and half_hour is None:
        raise _unknown("half_hour", said["half_hour"])
    page = said["page"] or "1"
    if not (page.isascii() and page.isdecimal() and len(page) < 7 and 1 <= int(page) <= MOST_PAGES):
        raise _unknown("page", page)
    number = query.get("number", "").strip()
    if len(number) > LONGEST_NUMBER:
        raise _unknown("number", number[:LONGEST_NUMBER] + "…")
    return Asked(
        days=span.asked(query, today),
        weekday=said["weekday"],
        half_hour=half_hour,
        fate=said["fate"],
        promise=said["promise"],
        page=int(page),
        number=number,
    )


def _unknown(name: str, value: str) -> Invalid:
    return Invalid(f"`{name}` cannot be `{value[:64]}`.", reason="field", field=name)


async def behind(visit: Visit, caller: Caller, language: str) -> Shown:
    """The tickets behind a number, longest wait first."""
    today = reports.today_of(visit)
    try:
        asked = asked_of(visit.request.query, today)
    except Invalid as refused:
        return await _refused(visit, language, today, str(refused.fields["field"]))
    if asked.number:
        words = await reports.words_of(visit, language, span.Period(first=asked.days.last, last=asked.days.last))
        return await _found(visit, caller, words, asked)
    words = await reports.words_of(visit, language, asked.days)
    where, numbers = reports.where_of(visit, caller), reports.numbers_of(visit, caller)
    try:
        found = await numbers.behind(
            asked.days, where, PAGE, asked.half_hour, also=asked.narrowed, offset=(asked.page - 1) * PAGE
        )
    except Forbidden as hidden:
        if hidden.reason != "folded":
            raise
        return Shown(values={**_bare(visit, asked.days, words), "refused": words.t("folded")}, status=403)
    narrowed = [words.name(kind, value) for kind, value in reports.filters_of(visit).items()]
    if asked.weekday:
        narrowed.append(words.weekday(int(asked.weekday) - 1))
    if asked.half_hour is not None:
        narrowed.append(f"{words.half_hour(asked.half_hour)}\u2013{words.half_hour(asked.half_hour + 1)}")
    pages = max(1, -(-found.count // PAGE))
    first = (asked.page - 1) * PAGE + 1
    values = {
        **_bare(visit, asked.days, words),
        "steps": found.steps,
        "listed": words.t(
            "listed",
            first=words.count(first),
            last=words.count(first + len(found.steps) - 1),
            of=words.count(found.count),
        ),
        "newer": _page(visit, asked.page - 1) if asked.page > 1 else "",
        "older": _page(visit, asked.page + 1) if asked.page < pages else "",
        "narrowed": narrowed,
        "kept": [
            (name, value) for name, value in visit.request.query.items() if name not in ("fate", "promise", "page")
        ],
        "fates": [("", words.t("all"))] + [(fate, words.t(f"ended.{fate}")) for fate in FATES],
        "fate": asked.fate,
        "promises": [("", words.t("all"))] + [(one, words.t(f"promise.{one}")) for one in PROMISES],
        "promise": asked.promise,
        "clock_of": lambda said: reports.clock_of(words)(reports.ms(said)),
    }
    return Shown(values=values)


def _page(visit: Visit, page: int) -> str:
    kept = [(name, value) for name, value in visit.request.query.items() if name != "page"]
    return f"/report/tickets?{urlencode([*kept, ('page', str(page))])}"


def _bare(visit: Visit, days: span.Period, words: Words) -> dict[str, object]:
    """A page that lists nothing yet."""
    return {
        "refused": "",
        "steps": (),
        "fates": (),
        "numbered": None,
        "number": "",
        "earlier": (),
        "near": (),
        "words": words,
        "period": words.period(days),
        "narrowed": [],
        "to": days.last.isoformat(),
        "back": reports.address_of(visit, days),
    }


async def _refused(visit: Visit, language: str, today: date, name: str) -> Shown:
    """What of the address cannot be asked for."""
    yesterday = span.named("yesterday", today)
    words = await reports.words_of(visit, language, yesterday)
    value = visit.request.query.get(name)
    if value is None:
        name = next((one for one in visit.request.query if one not in ASKED), name)
    said = words.t("refused.name", name=name[:64])
    if value is not None:
        said = words.t("refused.value", name=name, value=value[:64])
        said = f"{said} {words.t('refused.such', such=SUCH[name])}"
    return Shown(values={**_bare(visit, yesterday, words), "refused": said, "period": ""}, status=422)


async def _found(visit: Visit, caller: Caller, words: Words, asked: Asked) -> Shown:
    """The tickets of one date with this number, today's as the hall has them; a single one leads to its story."""
    parts, agencies = visit.request.app[PARTS], agencies_of(caller)
    state, day = parts.engine.state, asked.days.last.isoformat()
    every = [
        (state.day, ticket.id, ticket.steps[0].service, ticket.number)
        for ticket in state.tickets.values()
        if state.day[:10] == day and concerns(caller, state, ticket)
    ]
    known = {ticket for _, ticket, _, _ in every}
    past = await asyncio.to_thread(parts.past.numbers, asked.days.last, asked.days.last, agencies)
    every += [one for one in past if one[1] not in known]
    found = [one for one in every if key(one[3]) == key(asked.number)]
    if len(found) == 1:
        raise Elsewhere(f"/report/tickets/{found[0][0]}/{found[0][1]}")
    earlier = [] if found else await _earlier(visit, asked, agencies)
    one_day = span.Period(first=asked.days.last, last=asked.days.last)
    values = {
        **_bare(visit, asked.days, words),
        "period": words.period(one_day),
        "numbered": found,
        "number": asked.number,
        "earlier": [(words.day(date.fromisoformat(one[0][:10])), *one) for one in earlier],
        "near": near(asked.number, (one[3] for one in every)) if not found else (),
    }
    return Shown(values=values)


DAYS_BEFORE = 7
"""So many days before the one that was asked for are looked through for a number that it does not have."""


async def _earlier(visit: Visit, asked: Asked, agencies: frozenset[str] | None) -> list[tuple[str, str, str, str]]:
    """Tickets with this number of the days before: day, ticket, first service, number; the newest first."""
    first, last = asked.days.last - timedelta(days=DAYS_BEFORE), asked.days.last - timedelta(days=1)
    past = await asyncio.to_thread(visit.request.app[PARTS].past.numbers, first, last, agencies)
    return [one for one in past if key(one[3]) == key(asked.number)]
