"""A whole report: questions are asked, answers become a finding, tiles, and sections of a chart with its table. Pure
but for what `numbers` are asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from queue_server.reports.finding import Finding, finding, placed, with_counters
from queue_server.reports.imported_days import imported_said
from queue_server.reports.numbers import HALF_HOURS, CounterTime, Group, Numbers, Slot, Where
from queue_server.reports.period import WEEK, Period, before, usual
from queue_server.reports.said import sentence
from queue_server.reports.sections import by_service, counters, day, level, lost, promises, spread, tiles, week
from queue_server.reports.stretches import MOST_DAYS
from queue_server.reports.tables import Section, Tile
from queue_server.reports.words import Words

Note = tuple[str, str]
"""A date and what was noted on it."""


class Report(Struct, frozen=True, kw_only=True):
    """Ready to be shown: `period` and `compared` in words (this empty where nobody queued then), `finding` the first
    sentence."""

    period: str
    compared: str
    finding: str
    kind: str
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    notes: tuple[Note, ...] = ()
    notes_title: str = ""
    heads: tuple[str, ...] = ()
    """Of the tiles' three values, in a file."""
    imported: str = ""
    """Which of its days come from another system, in a sentence; empty where none does."""
    closing: str = ""
    """The hash that closed its last day, in a sentence; empty where no day of it is closed."""


class Read(Struct, frozen=True, kw_only=True):
    """All answers of one report."""

    finding: Finding
    whole: Group
    earlier: Group
    usual: Group
    services: list[Group]
    earlier_services: list[Group]
    half_hours: list[Group]
    cells: list[Group]
    course: list[Group]
    trends: list[Group]
    slots: list[Slot]
    counters: list[CounterTime]
    counters_of: Period | None
    """The days that these are of, where that is not all on which somebody queued."""
    service_times: list[tuple[int, int]]
    targets: dict[str, tuple[int, ...]]
    """Which held, by service."""
    days: Mapping[str, int] = {}
    """On how many days of each week of `course` somebody queued."""
    step: str
    """What `course` and `trends` are by: day, week or month."""
    then: Period | None = None
    """What it is compared with, where that is not what `before` says."""
    until: int = HALF_HOURS
    """And until which half-hour of its last day."""


NONE = Group()


LOOKED_BACK_DAYS = 14


def weeks_to(period: Period) -> Period:
    """It, or the eight weeks up to its end where it is shorter."""
    return Period(first=min(period.first, period.last - timedelta(days=55)), last=period.last)


async def compared(numbers: Numbers, period: Period, where: Where) -> Period:
    """What it is compared with; of one day the last one before it on which somebody queued."""
    then = before(period)
    if period.days > 1:
        return then
    back = Period(first=period.first - timedelta(days=LOOKED_BACK_DAYS), last=then.last)
    known = await numbers.days(back, where)
    last = date.fromisoformat(max(known)) if known else then.last
    return Period(first=last, last=last)


async def _known(numbers: Numbers, period: Period, where: Where) -> Period | None:
    """Of which days it is known what counters did; None where of all."""
    if period.days == 1:
        return None
    known = await numbers.counter_days(period, where)
    if not known or set(await numbers.days(period, where)) <= set(known):
        return None
    return Period(first=date.fromisoformat(known[0]), last=date.fromisoformat(known[-1]))


async def read(numbers: Numbers, period: Period, where: Where, until: int = HALF_HOURS) -> Read:
    """Ask everything. `until`: of a last day that goes on, before which half-hour the day that it is held against is
    cut: of a single day each of those that say what is usual, too."""
    then, weeks = await compared(numbers, period, where), usual(period)
    so_far = where if until >= HALF_HOURS else replace(where, cut=(then.last.isoformat(), until))
    same = replace(where, weekdays=where.weekdays & period.weekdays, until=until if period.days == 1 else HALF_HOURS)
    step = (
        "half_hour" if period.days == 1 else "day" if period.days <= 45 else "week" if period.days <= 200 else "month"
    )
    course_of = weeks_to(period)
    services, whole = await numbers.with_whole(period, ("service",), where)
    earlier_services, earlier = await numbers.with_whole(then, ("service",), so_far)

    async def waits(span: Period, by: tuple[str, ...], of: Where = where) -> list[Group]:
        return await numbers.groups(span, by, of, waits_alone=True)

    async def by_date(of: Where) -> list[Group]:
        return await waits(period, ("day", "half_hour"), of) if WEEK < period.days <= MOST_DAYS else []

    cells, days = await waits(period, ("weekday", "half_hour")), await by_date(where)
    said = finding(whole, earlier, services, earlier_services, cells, days)
    of_service = replace(where, service=said.service or where.service)
    if said.kind in ("rose", "rose_most", "late"):
        own = await waits(period, ("weekday", "half_hour"), of_service)
        said = placed(said, own, cells, await by_date(of_service), days)
    if said.weekday is not None:
        of, span = where if said.together else of_service, period
        if said.date is not None:
            span = Period(first=date.fromisoformat(said.date), last=date.fromisoformat(said.date))
        then_open = replace(of, weekdays=where.weekdays & {said.weekday})
        said = with_counters(said, await numbers.slots(span, then_open))
    return Read(
        finding=said,
        whole=whole,
        earlier=earlier,
        usual=_one(await numbers.groups(weeks, (), same)),
        services=services,
        earlier_services=earlier_services,
        half_hours=await waits(period, ("half_hour",)),
        cells=cells if period.days > 1 else await waits(course_of, ("weekday", "half_hour")),
        course=await waits(course_of, ("week",)),
        days=_by_week(await numbers.days(course_of, where)),
        trends=await waits(period, ("service", step)),
        slots=await numbers.slots(period, where),
        counters=await numbers.counter_time(period, where),
        counters_of=await _known(numbers, period, where),
        service_times=await numbers.service_times(period, where),
        targets=await numbers.targets(period, where),
        step=step,
        then=then,
        until=until,
    )


def _by_week(days: Sequence[str]) -> dict[str, int]:
    """How many of these dates are in each week, by its Monday."""
    dates = [date.fromisoformat(day) for day in days]
    return Counter((day - timedelta(days=day.weekday())).isoformat() for day in dates)


def _one(groups: Sequence[Group]) -> Group:
    return groups[0] if groups else NONE


def make(
    found: Read,
    period: Period,
    words: Words,
    *,
    notes: Sequence[Note] = (),
    behind: Callable[..., str],
    service: str = "",
) -> Report:
    """`behind(**more)` is the address of the tickets behind a number of this report."""
    said = found.finding
    targets = _targets(words, found, service)
    held = _shared(targets)
    target = held[-1] if held else None
    inside = notes_in(period, notes)
    of_weeks = list(notes) if period.days == 1 else inside
    cells = period if period.days > 1 else weeks_to(period)
    of_cells = {"from": cells.first.isoformat(), "to": cells.last.isoformat()}
    noted = {"level": notes, "week": of_weeks}
    sections = [
        day.through_the_day(
            found.half_hours,
            found.slots,
            target,
            words,
            behind,
            several=period.days > 1,
            differ=bool(targets) and not held,
        ),
        week.week(found.cells, words, partial(behind, **of_cells), of_weeks, whole=period.days > 1),
        by_service.by_service(found.services, found.earlier_services, found.trends, targets, words, behind, found.step),
        level.level(found.course, words, notes, found.days),
        spread.spread_of_service(found.service_times, words),
        counters.counter_time(found.counters, words, few=found.whole.few, of=found.counters_of),
        lost.lost(found.services, found.whole, words, behind),
        promises.promises(found.services, words, behind),
    ]
    return Report(
        period=words.period(period),
        compared=_compared(found, period, words) if found.earlier.issued or found.earlier.hidden else "",
        finding=sentence(said, words, single_day=period.days == 1),
        kind=said.kind,
        tiles=tiles.tiles(
            found.whole,
            found.earlier,
            found.usual,
            held,
            words,
            behind,
            cut=found.until < HALF_HOURS and period.days > 1,
        ),
        sections=()
        if said.kind == "hidden"
        else tuple(
            _noted(section, words, noted.get(section.id, inside)) for section in sections if section is not None
        ),
        notes=tuple(notes),
        notes_title=words.t("sheet.notes"),
        heads=(words.period(period), words.t("sheet.before"), words.t("sheet.usual")),
        imported=imported_said(words),
    )


def _compared(found: Read, period: Period, words: Words) -> str:
    then = words.period(found.then or before(period))
    if found.until >= HALF_HOURS:
        return then
    key = "until_then" if period.days == 1 else "until_then_days"
    return words.t(key, period=then, time=words.half_hour(found.until))


MOST_NOTED = 3
"""Notes beside one chart; the others stand below the finding."""


def _noted(section: Section, words: Words, notes: Sequence[Note]) -> Section:
    """With its name, and with what was noted on the days of its chart."""
    few = words.t("few")
    section = replace(section, name=words.t(f"tab.{section.id}"), table=replace(section.table, few=few))
    if section.sheet is not None:
        section = replace(section, sheet=replace(section.sheet, few=few))
    if not section.chart and not any(column.kind == "picture" for column in section.table.columns):
        return section
    said = [f"{words.day(date.fromisoformat(day), short=True)}: {text}" for day, text in notes]
    if len(said) > MOST_NOTED:
        said[MOST_NOTED:] = [words.t("noted_more", n=len(said) - MOST_NOTED)]
    return replace(section, notes=tuple(said))


def _targets(words: Words, found: Read, service: str) -> dict[str, tuple[float, ...]]:
    """Of the one service that was asked for, or of each in it: those that people were promised, else what the rules
    say."""
    rules = words.rules.services
    names = [service] if service else [str(group.key[0]) for group in found.services]
    said = {name: (rules[name].targets["regular"] / 1000,) for name in names if name in rules}
    return said | {name: found.targets[name] for name in names if name in found.targets}


def _shared(targets: Mapping[str, tuple[float, ...]]) -> tuple[float, ...]:
    """Those of all services, where they are the same."""
    different = set(targets.values())
    return different.pop() if len(different) == 1 else ()


def notes_in(period: Period, notes: Sequence[Note]) -> list[Note]:
    return [note for note in notes if period.first <= date.fromisoformat(note[0]) <= period.last]
