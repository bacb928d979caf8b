"""Numbers reckoned from the journal's tables, row by row, through a connection of its own that cannot write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from queue_server.database import Connection
from queue_server.domain.measures import percentile
from queue_server.reports.numbers import HALF_HOURS, Behind, CounterTime, Group, Key, Slot, Where
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

    def groups(self, period: Period, by: tuple[str, ...], where: Where) -> list[Group]:
        found: dict[Key, list[Step]] = defaultdict(list)
        key_of = [self._part(one) for one in by]
        for step in self._steps(period, where):
            found[tuple(part(step) for part in key_of)].append(step)
        return [_group(key, found[key]) for key in sorted(found, key=lambda key: tuple(map(_sortable, key)))]

    def slots(self, period: Period, where: Where) -> list[Slot]:
        waiting, working = [0.0] * HALF_HOURS, [0.0] * HALF_HOURS
        days = {step.day for step in self._spread_waits(period, where, waiting)}
        counters = {step.counter for step in self._steps(period, where) if step.counter} if _narrow(where) else None
        for _, counter, _, begins, ends in self._spans(period, where):
            if counters is None or counter in counters:
                self._spread(begins, ends, working)
        many = max(1, len(days)) * HALF_HOUR_MS
        return [Slot(waiting=one / many, counters=two / many) for one, two in zip(waiting, working, strict=True)]

    def counter_time(self, period: Period, where: Where) -> list[CounterTime]:
        found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        counters = {step.counter for step in self._steps(period, where) if step.counter} if _narrow(where) else None
        for _, counter, state, begins, ends in self._spans(period, where):
            if counters is None or counter in counters:
                found[counter][state] += (ends - begins) / 1000
        return [CounterTime(counter=counter, seconds=dict(found[counter])) for counter in found]

    def service_times(self, period: Period, where: Where) -> list[int]:
        return sorted(step.service_time for step in self._steps(period, where) if step.service_time is not None)

    def behind(self, period: Period, where: Where, limit: int, half_hour: int | None = None) -> list[Behind]:
        slot = self._part("half_hour")
        those = [step for step in self._steps(period, where) if half_hour is None or slot(step) == half_hour]
        those.sort(key=lambda step: (step.wait is None, -(step.wait or 0), step.day, step.queued_at))
        return [
            Behind(
                day=step.day,
                ticket=step.ticket,
                number=step.number,
                service=step.service,
                category=step.category,
                counter=step.counter,
                queued_at=step.queued_at,
                wait=step.wait,
                service_time=step.service_time,
                state=step.ended,
                outcome=step.outcome,
                target=step.target // 1000 if step.target is not None else None,
            )
            for step in those[:limit]
        ]

    def days(self) -> tuple[date, date] | None:
        with Opened(self._connection) as db:
            first, last = db.execute("SELECT min(day), max(day) FROM steps").fetchone()
        return (date.fromisoformat(first[:10]), date.fromisoformat(last[:10])) if first else None

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
            into[_half_hour(at // HALF_HOUR_MS, self._timezone())] += until - at
            at = until

    def _part(self, name: str) -> Callable[[Step], str | int | None]:
        zone = self._timezone()
        parts: dict[str, Callable[[Step], str | int | None]] = {
            "half_hour": lambda step: _half_hour(step.queued_at // HALF_HOUR_MS, zone),
            "weekday": lambda step: _weekday(step.day),
            "day": lambda step: step.day[:10],
            "week": lambda step: _week(step.day),
            "month": lambda step: step.day[:7],
        }
        if name in parts:
            return parts[name]
        at = Step._fields.index(name)
        return lambda step: step[at]


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


@lru_cache(maxsize=4096)
def _week(day: str) -> str:
    """Its Monday."""
    found = date.fromisoformat(day[:10])
    return (found - timedelta(days=found.weekday())).isoformat()


@lru_cache(maxsize=65_536)
def _half_hour(since_epoch: int, zone: str) -> int:
    local = (_EPOCH + timedelta(seconds=1800 * since_epoch)).astimezone(ZoneInfo(zone))
    return local.hour * 2 + local.minute // 30


def _sortable(value: str | int | None) -> tuple[bool, str | int]:
    return value is None, 0 if value is None else value


def _group(key: Key, steps: Sequence[Step]) -> Group:
    waits = sorted(step.wait for step in steps if step.wait is not None)
    services = sorted(step.service_time for step in steps if step.service_time is not None)
    walks = sorted(step.walk for step in steps if step.walk is not None)
    aims = [(step.wait, step.target / 1000) for step in steps if step.wait is not None and step.target is not None]
    told = [step for step in steps if step.wait is not None and step.p50 is not None and step.p90 is not None]
    return Group(
        key=key,
        issued=len(steps),
        count=len(waits),
        mean=sum(waits) / len(waits) if waits else None,
        half=percentile(waits, 50),
        most=percentile(waits, 90),
        longest=waits[-1] if waits else None,
        within=_share(wait <= target for wait, target in aims),
        served=sum(step.ended == "finished" for step in steps),
        no_shows=sum(step.ended == "no_show" for step in steps),
        abandoned=sum(step.wait is None and step.ended in ("cancelled", "expired") for step in steps),
        transfers=sum(step.ended == "transferred" for step in steps),
        walk=percentile(walks, 50),
        service_half=percentile(services, 50),
        service_most=percentile(services, 90),
        promised=len(told),
        kept_half=_share((step.wait or 0) * 1000 <= (step.p50 or 0) for step in told),
        kept_most=_share((step.wait or 0) * 1000 <= (step.p90 or 0) for step in told),
    )


def _share(kept: Iterable[bool]) -> float | None:
    known = list(kept)
    return sum(known) / len(known) if known else None
