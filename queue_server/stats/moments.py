"""What the floor page's figures were at one moment of a day: how many waited and how long, who had been served by then.

The live figures (views/figures.py) are of the state; of days that are over there are rows only, so each figure is
reckoned here from the instants at which steps were queued, called and left. Some things rows tell otherwise: who was
set aside for a while before the first call counts as if they had waited all the while, and who waits again after it
as if they did not. A counter is paused while the hall is held, and at work while somebody is at it. Who was carried
over from the day before is counted on that day.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from msgspec import Struct

from queue_server.domain.lifecycle import StepState
from queue_server.domain.measures import rank, wait_began, waited
from queue_server.domain.presence import PAUSED
from queue_server.journal.day_facts import EVACUATED, HELD
from queue_server.stats.columns import RAW, Array
from queue_server.stats.source import SPANS, STEPS, Day, Rows

KEPT = 40
"""Days of which the instants are kept: eight weeks of some weekdays."""
HOLDS = "hall_spans"
HALF_HOUR = timedelta(minutes=30)
NEVER = 1 << 62

_OF_SPAN = ("counter", "agency", "state", "from_at", "to_at")
_OF_HOLD = ("state", "from_at", "to_at")


class Moment(Struct, frozen=True, kw_only=True):
    """`longest_s` is how long whoever waited longest had waited, 0 where nobody did. `within` of `called` waits were
    within their target. `served` and `counters` (those that were open) are None where nobody wrote it down."""

    waiting: int
    longest_s: int
    called: int
    within: int
    served: int | None
    counters: int | None

    @property
    def share(self) -> float | None:
        return round(self.within / self.called, 4) if self.called else None


class Usual(Struct, frozen=True, kw_only=True):
    """Of so many `days` the median of each figure at this time of the day; and today at the end of each half-hour."""

    days: int
    waiting: int | None
    longest_s: int | None
    within: float | None
    served: int | None
    counters: int | None
    today: tuple[tuple[datetime, Moment], ...]
    at: datetime


class Instants:
    """One day's rows: steps as `RAW` has them, counters' spans and the hall's holds."""

    def __init__(self, steps: Iterable[Sequence[Any]], spans: Iterable[Sequence[Any]], holds: Iterable[Any]) -> None:
        of = [dict(zip(RAW, row, strict=True)) for row in steps]
        known = [one for one in of if one["first_called_at"] or one["left_at"] or one["state"] != StepState.UNKNOWN]
        self._queued = _whole(one["queued_at"] for one in known)
        self._began = _whole(wait_began(one["queued_at"], one["booked_at"]) for one in known)
        self._ended = _whole(one["first_called_at"] or one["left_at"] or NEVER for one in known)
        self._agency = np.array([one["agency"] or "" for one in known], dtype=object)
        called = [one for one in known if one["first_called_at"] is not None]
        self._called = _whole(one["first_called_at"] for one in called)
        self._kept = np.array([_within(one) for one in called], dtype=bool)
        self._called_of = np.array([one["agency"] or "" for one in called], dtype=object)
        self._served = [
            (one["ticket"], one["agency"] or "", one["finished_at"]) for one in of if one["state"] == StepState.FINISHED
        ]
        self._unknown = {one["agency"] or "" for one in of if one["state"] == StepState.UNKNOWN}
        self._spans = list(spans)
        self._holds = [(from_at, to_at or NEVER) for state, from_at, to_at in holds if state in (HELD, EVACUATED)]
        self.first = int(self._queued.min()) if known else None

    def at(self, when: int, agencies: frozenset[str] | None) -> Moment:
        """For whoever sees these agencies; None: all."""
        there = (self._queued <= when) & (self._ended > when) & _mine(self._agency, agencies)
        called = (self._called <= when) & _mine(self._called_of, agencies)
        return Moment(
            waiting=int(there.sum()),
            longest_s=self._so_far(int(self._began[there].min()), when) // 1_000 if there.any() else 0,
            called=int(called.sum()),
            within=int((called & self._kept).sum()),
            served=None if _sees(self._unknown, agencies) else self._served_by(when, agencies),
            counters=self._open(when, agencies) if self._spans else None,
        )

    def _so_far(self, began: int, when: int) -> int:
        """A wait, without the time in which the hall was held."""
        held = sum(max(0, min(end, when) - max(since, began)) for since, end in self._holds)
        return int(max(0, when - began - held))

    def _served_by(self, when: int, agencies: frozenset[str] | None) -> int:
        return len(
            {ticket for ticket, of, done in self._served if done <= when and (agencies is None or of in agencies)}
        )

    def _open(self, when: int, agencies: frozenset[str] | None) -> int:
        """An agency's are those that worked for it on that day."""
        mine = {counter for counter, of, *_ in self._spans if agencies is None or of in agencies}
        return len(
            {
                counter
                for counter, _, state, from_at, to_at in self._spans
                if counter in mine and state != PAUSED and from_at <= when < (to_at or NEVER)
            }
        )


class Moments:
    """Asked for by whoever opens the floor page, some times an hour; one at a time, in the statistics' thread."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._kept: OrderedDict[tuple[str, int], Instants] = OrderedDict()

    def usual(self, dates: Sequence[date], agencies: frozenset[str] | None, today: Day) -> Usual:
        """At this time of the day on these dates, and today so far."""
        now = _local(today.at, today.timezone)
        on = timedelta(days=(now.date() - date.fromisoformat(today.day[:10])).days)
        wanted = {day.isoformat() for day in dates}
        there = self._rows.days(STEPS, min(wanted), max(wanted)) if wanted else {}
        days = {day: version for day, version in there.items() if day[:10] in wanted and day != today.day}
        zones = self._rows.timezones(list(days))
        found = [
            self._instants(day, version).at(
                _instant(date.fromisoformat(day[:10]) + on, now.time(), zones.get(day, today.timezone)), agencies
            )
            for day, version in days.items()
        ]
        return Usual(
            days=len(found),
            waiting=_median([one.waiting for one in found]),
            longest_s=_median([one.longest_s for one in found]),
            within=_median([one.share for one in found if one.share is not None]),
            served=_median([one.served for one in found if one.served is not None]),
            counters=_median([one.counters for one in found if one.counters is not None]),
            today=tuple(self._so_far(agencies, today)),
            at=now,
        )

    def _so_far(self, agencies: frozenset[str] | None, today: Day) -> Iterable[tuple[datetime, Moment]]:
        """From the half-hour in which the first one came, each at its end."""
        lived = Instants(today.rows(), *self._beside(today.day))
        if lived.first is None:
            return
        end = _floor(_local(lived.first, today.timezone)) + HALF_HOUR
        while (at := round(end.timestamp() * 1_000)) <= today.at:
            yield end.astimezone(ZoneInfo(today.timezone)), lived.at(at, agencies)
            end += HALF_HOUR

    def _instants(self, day: str, version: int) -> Instants:
        found = self._kept.get((day, version))
        if found is None:
            _, steps = self._rows.rows(STEPS, day, RAW)
            found = self._kept[day, version] = Instants(steps, *self._beside(day))
        self._kept.move_to_end((day, version))
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found

    def _beside(self, day: str) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        return self._rows.rows(SPANS, day, _OF_SPAN)[1], self._rows.rows(HOLDS, day, _OF_HOLD)[1]


def _within(row: dict[str, Any]) -> bool:
    wait = waited(row["queued_at"], row["booked_at"], row["first_called_at"], row["held_ms"])
    return row["target"] is None or wait is None or wait <= row["target"]


def _whole(values: Iterable[int | None]) -> Array:
    return np.array(list(values), dtype=np.int64)


def _mine(of: Array, agencies: frozenset[str] | None) -> Array:
    return np.array([agencies is None or one in agencies for one in of], dtype=bool)


def _sees(of: set[str], agencies: frozenset[str] | None) -> bool:
    return bool(of if agencies is None else of & agencies)


def _median(values: Sequence[Any]) -> Any:
    """The middle one; None of none."""
    return sorted(values)[rank(len(values), 50)] if values else None


def _local(at: int, timezone: str) -> datetime:
    return datetime.fromtimestamp(at / 1_000, UTC).astimezone(ZoneInfo(timezone))


def _instant(day: date, at: time, timezone: str) -> int:
    return round(datetime.combine(day, at, ZoneInfo(timezone)).timestamp() * 1_000)


def _floor(at: datetime) -> datetime:
    """When its half-hour began, in a zone whose hours are all as long."""
    return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0).astimezone(UTC)
