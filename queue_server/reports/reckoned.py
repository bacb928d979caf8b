"""The answers of `stats/` in the form that a report is made from. Whose steps are counted, `sight` narrows there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from msgspec.structs import replace

from queue_server.reports.numbers import HALF_HOURS, CounterTime, Group, Key, Slot, Where, said_half_hour
from queue_server.reports.period import Period
from queue_server.stats.course import HALF_HOUR_S, Course
from queue_server.stats.sight import Sight
from queue_server.stats.targets import Targets
from queue_server.wire import stats
from queue_server.wire.stats import UNTIL, CounterTimeView, Measures, StatsQuestion, StatsView, StepsBehind


class Answers(Protocol):
    """Who counts steps, in a thread of its own."""

    async def answer(self, question: StatsQuestion, sight: Sight, *, waits_alone: bool = False) -> StatsView: ...

    async def counter_time(self, question: StatsQuestion, sight: Sight) -> CounterTimeView: ...

    async def course(self, question: StatsQuestion, sight: Sight) -> Course: ...

    async def service_times(self, question: StatsQuestion, sight: Sight) -> list[tuple[int, int]]: ...

    async def dates(self, question: StatsQuestion, sight: Sight, *, of_counters: bool = False) -> list[str]: ...

    async def targets(self, question: StatsQuestion, sight: Sight) -> Targets: ...

    async def steps_behind(self, question: StatsQuestion, sight: Sight, *, offset: int, limit: int) -> StepsBehind: ...


class Reckoned:
    """Numbers (numbers.py) for one reader."""

    def __init__(self, answers: Answers, sight: Sight) -> None:
        self._answers = answers
        self._sight = sight

    async def groups(
        self, period: Period, by: tuple[str, ...], where: Where, *, waits_alone: bool = False
    ) -> list[Group]:
        view = await self._answers.answer(_question(period, by, where), self._sight, waits_alone=waits_alone)
        return _groups(view, by) if by else _whole(view)

    async def with_whole(self, period: Period, by: tuple[str, ...], where: Where) -> tuple[list[Group], Group]:
        view = await self._answers.answer(_question(period, by, where), self._sight)
        whole = _whole(view)
        if view.total is None:  # what is folded together is one person's, and all of it need not be
            whole = await self.groups(period, (), where)
        return _groups(view, by), whole[0] if whole else Group()

    async def days(self, period: Period, where: Where) -> list[str]:
        return await self._answers.dates(_question(period, (), where), self._sight)

    async def slots(self, period: Period, where: Where) -> list[Slot]:
        found = await self._answers.course(_question(period, (), where), self._sight)
        many, open_on = max(1, found.days) * HALF_HOUR_S, found.days_of_counters * HALF_HOUR_S
        unknown = found.days > 0 and not open_on
        return [
            Slot(waiting=one / many, counters=None if unknown else two / max(HALF_HOUR_S, open_on))
            for one, two in zip(found.waiting, found.open, strict=True)
        ]

    async def counter_time(self, period: Period, where: Where) -> list[CounterTime]:
        """What would show one person's day is left out."""
        question = _question(period, ("counter",), replace(where, category=""))
        view = await self._answers.counter_time(question, self._sight)
        return [
            CounterTime(
                counter=row.key["counter"] or "",
                seconds={
                    "serving": row.time.serving_s,
                    "walking": row.time.walking_s,
                    "idle_waiting": row.time.idle_waiting_s,
                    "idle": row.time.idle_s,
                    "paused": row.time.paused_s,
                },
            )
            for row in view.rows
            if row.time is not None and not row.folded
        ]

    async def counter_days(self, period: Period, where: Where) -> list[str]:
        question = _question(period, (), replace(where, category=""))
        return await self._answers.dates(question, self._sight, of_counters=True)

    async def own_time(self, period: Period, where: Where) -> stats.CounterTime | None:
        """All of it together."""
        return (await self._answers.counter_time(_question(period, (), where), self._sight)).total

    async def service_times(self, period: Period, where: Where) -> list[tuple[int, int]]:
        return await self._answers.service_times(_question(period, (), where), self._sight)

    async def targets(self, period: Period, where: Where) -> Targets:
        of = replace(where, category=where.category or "regular")
        return await self._answers.targets(_question(period, (), of), self._sight)

    async def behind(
        self,
        period: Period,
        where: Where,
        limit: int,
        half_hour: int | None = None,
        *,
        also: Mapping[str, tuple[str, ...]] = {},
        offset: int = 0,
    ) -> StepsBehind:
        """`also` are further conditions of stats/behind.py."""
        question = _question(period, (), where)
        question.where.update(also)
        if half_hour is not None:
            question.where["half_hour"] = (said_half_hour(half_hour),)
        return await self._answers.steps_behind(question, self._sight, offset=offset, limit=limit)


def _question(period: Period, by: tuple[str, ...], where: Where) -> StatsQuestion:
    asked = {
        "agency": where.agency,
        "service": where.service,
        "counter": where.counter,
        "category": where.category,
        "clerk": where.clerk,
    }
    narrowed: dict[str, tuple[str, ...]] = {name: (value,) for name, value in asked.items() if value}
    if len(where.weekdays) < 7:
        narrowed["weekday"] = tuple(str(day + 1) for day in sorted(where.weekdays))
    if where.until < HALF_HOURS:
        narrowed["half_hour"] = tuple(said_half_hour(at) for at in range(where.until))
    if where.cut is not None:
        narrowed[UNTIL] = (f"{where.cut[0]}T{said_half_hour(where.cut[1])}",)
    return StatsQuestion(from_=period.first.isoformat(), to=period.last.isoformat(), group=by, where=narrowed)


def _groups(view: StatsView, by: tuple[str, ...]) -> list[Group]:
    return [
        _group(tuple(_value(name, row.key[name]) for name in by), row.measures)
        for row in view.rows
        if row.measures is not None and not row.folded
    ]


def _whole(view: StatsView) -> list[Group]:
    if view.total is None and any(row.folded for row in view.rows):
        return [Group(hidden=True)]
    return [_group((), view.total, view.days)] if view.total is not None and view.total.steps else []


def _value(name: str, value: str | None) -> str | int | None:
    """Half-hours from 0, weekdays from Monday 0, weeks as their Monday."""
    if value is None:
        return None
    if name == "half_hour":
        return int(value[:2]) * 2 + int(value[3:]) // 30
    if name == "weekday":
        return int(value) - 1
    if name == "week":
        year, week = value.split("-W")
        return date.fromisocalendar(int(year), int(week), 1).isoformat()
    return value


def _group(key: Key, found: Measures, days: int = 0) -> Group:
    return Group(
        key=key,
        days=days,
        issued=found.steps,
        count=found.wait.count,
        mean=found.wait.mean_s,
        half=found.wait.p50_s,
        most=found.wait.p90_s,
        longest=found.wait.max_s,
        within=found.within_target,
        unknown=found.unknown,
        served=found.served,
        no_shows=found.no_shows,
        abandoned=found.abandoned,
        no_show_share=found.no_show_share,
        abandoned_share=found.abandoned_share,
        transfers=found.transferred,
        walk=found.walk.p50_s,
        service_half=found.service.p50_s,
        service_most=found.service.p90_s,
        promised=found.promised.count,
        kept_half=found.promised.within_p50,
        kept_most=found.promised.within_p90,
    )
