"""Which business day an instant belongs to, and when a service is open on it.

A business day begins at a configured local time (`starts`, minutes since midnight) and ends where the next begins; it
is as long as the clocks make it. Openings are wall times: they belong to the date on which they start, may go on past
midnight, and are cut where the business day ends. A wall time that occurs twice means the first; one that the clocks
skip means the moment of the change. So neighbouring openings stay neighbours, whatever the clocks do.

Instants are milliseconds since the epoch, UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from queue_server.domain.rules import Interval

Span = tuple[int, int]
"""From (included) to (excluded), minutes since local midnight; after midnight they go on past 1440."""

Week = Sequence[Sequence[Span]]
"""The openings of the seven weekdays, from Monday."""

_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def instant(day: date, minutes: int, zone: tzinfo) -> int:
    """When the clocks show `minutes` after the midnight that begins `day`."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    first = _milliseconds(wall.replace(tzinfo=zone))
    later = _milliseconds(wall.replace(tzinfo=zone, fold=1))
    # In a gap the two readings of a wall time stand in reverse order (PEP 495), the change between them.
    return first if first <= later else _change(later, first, zone)


def date_of(at: int, zone: tzinfo) -> date:
    """The date that the calendar on the wall shows at the instant `at`."""
    return (_EPOCH + at * _MILLISECOND).astimezone(zone).date()


def business_day(at: int, starts: int, zone: tzinfo) -> date:
    """The business day that the instant `at` belongs to."""
    day = date_of(at, zone)
    while at < instant(day, starts, zone):
        day -= _DAY
    while at >= instant(day + _DAY, starts, zone):
        day += _DAY
    return day


def bounds(day: date, starts: int, zone: tzinfo) -> Interval:
    """Where a business day begins and where the next one does."""
    return instant(day, starts, zone), instant(day + _DAY, starts, zone)


def dates_in(within: Interval, zone: tzinfo) -> list[date]:
    """The calendar dates whose openings may lie in a business day, in order: the date before may reach into it."""
    first, last = (date_of(at, zone) for at in within)
    return [first + days * _DAY for days in range(-1, (last - first).days + 1)]


def openings(
    week: Week, differing: Mapping[date, Sequence[Span]], within: Interval, zone: tzinfo
) -> tuple[Interval, ...]:
    """When it is open in the business day with these bounds: in order, apart, and within them.

    `differing` holds the openings of dates on which they are not the weekday's; empty means closed.
    """
    spans = (
        (date_, span) for date_ in dates_in(within, zone) for span in differing.get(date_, _of_weekday(week, date_))
    )
    opens = ((instant(date_, start, zone), instant(date_, end, zone)) for date_, (start, end) in spans)
    return _within(within, opens)


def _of_weekday(week: Week, day: date) -> Sequence[Span]:
    return week[day.weekday()] if week else ()


def _within(day: Interval, opens: Iterable[Interval]) -> tuple[Interval, ...]:
    """What of `opens` lies in `day`; those that touch or overlap are one."""
    joined: list[Interval] = []
    for start, end in sorted((max(start, day[0]), min(end, day[1])) for start, end in opens):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _change(before: int, after: int, zone: tzinfo) -> int:
    """When the clocks changed, known to be after `before` and no later than `after`."""
    offset = _offset(before, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(at: int, zone: tzinfo) -> timedelta | None:
    return (_EPOCH + at * _MILLISECOND).astimezone(zone).utcoffset()
