"""What counters did and who waited through the day, reckoned from the journal's tables row by row.

Each question has a connection of its own that cannot write. Today counts as far as its tickets and spans are over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from queue_server.database import Connection
from queue_server.reports.numbers import HALF_HOURS, Slot, Where
from queue_server.reports.period import Period

HALF_HOUR_MS = 1_800_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_COLUMNS = (
    "day, ticket, number, service, agency, category, channel, counter, queued_at, booked_at, first_called_at, left_at,"
    " target, p50, p90, state, was, outcome, wait_s, walk_s, service_s, step"
)


class Step(NamedTuple):
    day: str
    ticket: str
    number: str
    service: str
    agency: str
    category: str
    channel: str
    counter: str | None
    queued_at: int
    booked_at: int | None
    first_called_at: int | None
    left_at: int | None
    target: int | None
    p50: int | None
    p90: int | None
    state: str
    was: str | None
    outcome: str | None
    wait: int | None
    walk: int | None
    service_time: int | None
    step: int

    @property
    def ended(self) -> str:
        """As what it ended, also where a ticket's end came later."""
        return self.was or self.state


class Plain:
    """`connection` gives one for this question."""

    def __init__(self, connection: Callable[[], Connection], timezone: Callable[[], str]) -> None:
        self._connection = connection
        self._timezone = timezone

    def slots(self, period: Period, where: Where) -> list[Slot]:
        waiting, working = [0.0] * HALF_HOURS, [0.0] * HALF_HOURS
        days = {step.day for step in self._spread_waits(period, where, waiting)}
        counters = {step.counter for step in self._steps(period, where) if step.counter} if _narrow(where) else None
        for _, counter, _, begins, ends in self._spans(period, where):
            if counters is None or counter in counters:
                self._spread(begins, ends, working)
        many = max(1, len(days)) * HALF_HOUR_MS
        return [Slot(waiting=one / many, counters=two / many) for one, two in zip(waiting, working, strict=True)]

    def service_times(self, period: Period, where: Where) -> list[int]:
        return sorted(step.service_time for step in self._steps(period, where) if step.service_time is not None)

    def numbered(self, day: str, number: str, agencies: frozenset[str] | None) -> list[tuple[str, str, str]]:
        """Tickets of a date that bear this number and are over: day, ticket, its first service; the newest first."""
        sql = "SELECT day, ticket, service, agency FROM steps WHERE day >= ? AND day < ? AND number = ?"
        first = date.fromisoformat(day)
        with Opened(self._connection) as db:
            rows = db.execute(
                sql + " ORDER BY issued_at DESC, step", (*_days(Period(first=first, last=first)), number)
            ).fetchall()
        seen: dict[str, tuple[str, str, str]] = {}
        for name, ticket, service, agency in rows:
            if agencies is None or agency in agencies:
                seen.setdefault(ticket, (name, ticket, service))
        return list(seen.values())

    def _steps(self, period: Period, where: Where) -> Iterator[Step]:
        conditions, values = ["day >= ?", "day < ?", "queued_at IS NOT NULL"], [*_days(period)]
        for column, wanted in (
            ("agency", where.agency),
            ("service", where.service),
            ("counter", where.counter),
            ("category", where.category),
        ):
            if wanted:
                conditions.append(f"{column} = ?")
                values.append(wanted)
        if where.agencies is not None:
            conditions.append(f"agency IN ({','.join('?' * len(where.agencies))})")
            values += sorted(where.agencies)
        with Opened(self._connection) as db:
            rows = db.execute(f"SELECT {_COLUMNS} FROM steps WHERE {' AND '.join(conditions)}", values).fetchall()
        return (step for step in map(Step._make, rows) if _weekday(step.day) in where.weekdays)

    def _spans(self, period: Period, where: Where) -> Iterator[tuple[str, str, str, int, int]]:
        """Day, counter, state, from, to; without what goes on, and without counters of other agencies."""
        values: list[Any] = [*_days(period)]
        condition = ""
        if where.counter:
            condition = " AND counter = ?"
            values.append(where.counter)
        sql = f"SELECT day, counter, state, from_at, to_at FROM counter_spans WHERE day >= ? AND day < ?{condition}"
        with Opened(self._connection) as db:
            rows = db.execute(sql + " AND to_at IS NOT NULL", values).fetchall()
        own = None
        if where.agencies is not None:
            own = {step.counter for step in self._steps(period, Where(agencies=where.agencies))}
        return (row for row in rows if _weekday(row[0]) in where.weekdays and (own is None or row[1] in own))

    def _spread_waits(self, period: Period, where: Where, into: list[float]) -> Iterator[Step]:
        for step in self._steps(period, where):
            until = step.first_called_at or step.left_at
            begins = max(step.queued_at, step.booked_at or 0)
            if until is not None and until > begins:
                self._spread(begins, until, into)
            yield step

    def _spread(self, begins: int, ends: int, into: list[float]) -> None:
        """Milliseconds of a span, by the local half-hours that it falls into."""
        at = begins
        while at < ends:
            until = min(ends, (at // HALF_HOUR_MS + 1) * HALF_HOUR_MS)
            into[half_hour_of(at // HALF_HOUR_MS, self._timezone())] += until - at
            at = until


class Opened:
    """A connection for one question, closed with it."""

    def __init__(self, make: Callable[[], Connection]) -> None:
        self._make = make

    def __enter__(self) -> Connection:
        self._here = self._make()
        return self._here

    def __exit__(self, *_: object) -> None:
        self._here.close()


def _narrow(where: Where) -> bool:
    return bool(where.agency or where.service or where.category or where.agencies is not None)


def _days(period: Period) -> tuple[str, str]:
    """A day that was opened again, `2026-11-24.2`, is among them."""
    return period.first.isoformat(), (period.last + timedelta(days=1)).isoformat()


@lru_cache(maxsize=4096)
def _weekday(day: str) -> int:
    return date.fromisoformat(day[:10]).weekday()


@lru_cache(maxsize=65_536)
def half_hour_of(since_epoch: int, zone: str) -> int:
    """Which of the local day's 48 the half-hour is that began so many half-hours after the epoch."""
    local = (_EPOCH + timedelta(seconds=1800 * since_epoch)).astimezone(ZoneInfo(zone))
    return local.hour * 2 + local.minute // 30
