"""The span of days that a report is about, what it is compared with, and how it is asked for. Pure.

A span is made of whole business days, named by their dates. `before` of one day is the day before, of a month the month
before, whatever their lengths, and of the beginning of a month, quarter or year as much of the one before; of any other
span the same weekdays, so many weeks before that the two do not meet.
`usual` are the eight weeks before it, of which only the weekdays count that the span has.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

from queue_server.letters.days import day_said

NAMED = (
    "today",
    "yesterday",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
)
"""In the order in which they are offered."""

LONGEST_DAYS = 3_660
USUAL_WEEKS = 8
WEEK = 7


class Period(Struct, frozen=True, kw_only=True):
    """From one date to another, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def weekdays(self) -> frozenset[int]:
        """Those it has, Monday 0."""
        return frozenset((self.first + timedelta(days=day)).weekday() for day in range(min(7, self.days)))

    def dates(self) -> list[date]:
        return [self.first + timedelta(days=day) for day in range(self.days)]


def named(name: str, today: date) -> Period:
    """One of `NAMED`, as it stands on `today`. What goes on ends today."""
    if name in ("today", "yesterday"):
        day = today - timedelta(days=name == "yesterday")
        return Period(first=day, last=day)
    kind = name.partition("_")[2]
    this = Period(first=_start(kind, today), last=today)
    return this if name.startswith("this") else _before_whole(kind, this.first)


def _start(kind: str, day: date) -> date:
    """Of the week, month, quarter or year that `day` is in."""
    if kind == "week":
        return day - timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[kind]
    return date(day.year, month, 1)


def _before_whole(kind: str, start: date) -> Period:
    last = start - timedelta(days=1)
    return Period(first=_start(kind, last), last=last)


def name_of(period: Period, today: date) -> str:
    """Which of `NAMED` it is today, or `dates`."""
    return next((name for name in NAMED if named(name, today) == period), "dates")


def before(period: Period) -> Period:
    """What it is compared with: the day, month, quarter or year before; of one that goes on, the same days of it; of
    any other span the same weekdays some weeks before."""
    if kind := _whole_kind(period):
        return _before_whole(kind, period.first)
    if kind := _begun_kind(period):
        return _as_far(kind, period)
    back = timedelta(days=1) if period.days == 1 else timedelta(weeks=-(-period.days // 7))
    return Period(first=period.first - back, last=period.last - back)


def earlier(period: Period) -> Period:
    """Where a step back leads: of a month that goes on, to the whole month before."""
    kind = _begun_kind(period)
    return _before_whole(kind, period.first) if kind else before(period)


def _whole_kind(period: Period) -> str:
    """Of which of year, quarter and month it is a whole one; empty where of none."""
    for kind in ("year", "quarter", "month"):
        if period.first == _start(kind, period.first) and period.last == _end(kind, period.first):
            return kind
    return ""


def _begun_kind(period: Period) -> str:
    """Of which of month, quarter and year it is the beginning, the shortest first; empty where of none."""
    if period.days == 1 or (period.days <= WEEK and period.first.weekday() == 0):
        return ""
    for kind in ("month", "quarter", "year"):
        if period.first == _start(kind, period.first) and period.last < _end(kind, period.first):
            return kind
    return ""


def _as_far(kind: str, period: Period) -> Period:
    """The one before, until the same date in it; of a shorter month until its end."""
    then = _before_whole(kind, period.first)
    months = period.last.month - period.first.month
    last_month = whole("month", date(then.first.year, then.first.month + months, 1))
    day = min(period.last.day, last_month.last.day)
    return Period(first=then.first, last=last_month.first.replace(day=day))


def _end(kind: str, first: date) -> date:
    long = {"month": 31, "quarter": 92, "year": 366}[kind]
    return _start(kind, first + timedelta(days=long)) - timedelta(days=1)


def whole(kind: str, day: date) -> Period:
    """The month, quarter or year that `day` is in."""
    first = _start(kind, day)
    return Period(first=first, last=_end(kind, first))


def usual(period: Period) -> Period:
    """The weeks before it, of which only `period.weekdays` are asked."""
    return Period(first=period.first - timedelta(weeks=USUAL_WEEKS), last=period.first - timedelta(days=1))


def asked(query: Mapping[str, str], today: date) -> Period:
    """What an address asks for; dates go before a name, and what cannot be read is yesterday."""
    first, last = _date(query.get("from")), _date(query.get("to"))
    if first is not None or last is not None:
        one, other = first or last or today, last or first or today
        one, other = min(one, other), max(one, other)
        return Period(first=max(one, other - timedelta(days=LONGEST_DAYS)), last=other)
    name = query.get("period", "")
    return named(name if name in NAMED else "yesterday", today)


def misread(query: Mapping[str, str], today: date) -> str:
    """Which of `from` and `to` an address says in a way that `asked` cannot follow; empty where it does."""
    for name in ("from", "to"):
        if query.get(name) and _date(query[name]) is None:
            return name
    found, first = asked(query, today), _date(query.get("from"))
    if first is not None and first not in (found.first, found.last):
        return "from"
    return ""


def _date(text: str | None) -> date | None:
    try:
        return day_said(text) if text else None
    except ValueError:
        return None
