"""Answers to questions about steps and counters, exact and never sampled.

    view = statistics.answer(question, sight, today)

Everything here runs in a thread of its own and takes what it needs of the hall as `today` (today.py): no call waits
for a report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from msgspec.structs import replace

from queue_server.errors import Forbidden
from queue_server.journal.day_facts import Names
from queue_server.journal.sqlite.past_rows import PastRows
from queue_server.stats import behind
from queue_server.stats.answers import Answers
from queue_server.stats.counter_time import NEEDED as NEEDED_OF_COUNTERS
from queue_server.stats.counter_time import TimeTally
from queue_server.stats.course import (
    NOTHING,
    OF_COUNTERS,
    OF_SERVICE,
    OF_WAITS,
    Course,
    OpenTally,
    ServiceTally,
    WaitTally,
)
from queue_server.stats.grouping import Counted, Counting, Group
from queue_server.stats.groups import days_asked
from queue_server.stats.made_sums import WORTH, MadeSums, Worth
from queue_server.stats.moments import Moments, Usual
from queue_server.stats.question import check, check_counter_time
from queue_server.stats.sight import Sight, narrowed
from queue_server.stats.source import SPANS, STEPS, TARGETS, Day, Prepared, Rows, Source
from queue_server.stats.store import Store
from queue_server.stats.summed import Asked, Summed
from queue_server.stats.targets import OF_TARGETS, TARGET, Targets, held
from queue_server.stats.withheld import cuts, withheld
from queue_server.views.instants import rfc3339
from queue_server.wire.api import Texts
from queue_server.wire.stats import (
    MOST_LISTED,
    CounterTime,
    CounterTimeRow,
    CounterTimeView,
    Measures,
    StatsQuestion,
    StatsRow,
    StatsView,
    StepsBehind,
)

Given = TypeVar("Given")


def open_statistics(journal: Path, kept: Path | None, worth: Worth = WORTH) -> Statistics:
    """Over a journal's file; `kept` is where columns and sums are kept, None where nothing is."""
    rows = PastRows(journal)
    return Statistics(rows, Store(kept, rows.file_id()) if kept is not None else None, worth)


class Statistics:
    def __init__(self, rows: Rows, store: Store | None = None, worth: Worth = WORTH) -> None:
        self._rows = rows
        self.store = store
        self._source = Source(rows, store)
        self._words = self._source.words
        self._summed = Summed(self._source, MadeSums(self._source, store.sums, worth) if store is not None else None)
        self.answers = Answers()
        self._moments = Moments(rows)

    def close(self) -> None:
        self._rows.close()
        if self.store is not None:
            self.store.close()

    def prepare(self, today: Day) -> bool:
        """While nobody waits: make one thing that will be of use; whether there was any."""
        return self._summed.make_one(today)

    def answer(self, question: StatsQuestion, sight: Sight, today: Day, *, waits_alone: bool = False) -> StatsView:
        """With `waits_alone` nothing is said of walks, services and promises.

        Raises Invalid for what cannot be answered, Forbidden for what this caller may not ask.
        """
        check(question)
        asked = narrowed(question, sight)
        days = self._days(STEPS, asked, today)
        kind = "waits" if waits_alone else "all"
        return self._kept(
            kind, asked, sight, today, days, lambda: self._answer(asked, sight, today, days, waits_alone=waits_alone)
        )

    def _kept(
        self,
        kind: str,
        asked: StatsQuestion,
        sight: Sight,
        today: Day,
        days: Mapping[str, int],
        make: Callable[[], Given],
    ) -> Given:
        """What was answered before, where no day of it goes on."""
        if today.day in days:
            return make()
        about = (kind, asked, sight, today.timezone, today.languages, tuple(days.items()))
        return self.answers.get(about, make)

    def _answer(
        self, asked: StatsQuestion, sight: Sight, today: Day, days: dict[str, int], *, waits_alone: bool
    ) -> StatsView:
        counted: Counted[Measures] = WITHHELD
        if not self._withheld(STEPS, asked, sight, days, today):
            counted = self._summed.count(Asked(asked, days, today, waits_alone), folds=sight.folding(asked))
        rows = tuple(StatsRow(key=group.key, measures=group.said, folded=group.folded) for group in counted.groups)
        return StatsView(
            from_=asked.from_,
            to=asked.to,
            group=asked.group,
            where=asked.where,
            timezone=today.timezone,
            days=len({day[:10] for day in days}),
            until=rfc3339(today.at) if today.day in days else None,
            rows=rows,
            total=counted.total,
            mall=self._mall(asked, today) if sight.agencies is not None else None,
            names=self._names(asked, [row.key for row in rows], days, today),
        )

    def _withheld(self, table: str, asked: StatsQuestion, sight: Sight, days: Mapping[str, int], today: Day) -> bool:
        if not sight.folding(asked) or not cuts(asked.where, sight.scope):
            return False
        prepared = self._source.prepared(table, days, today)
        return withheld(prepared, asked.where, sight.scope, list(days), self._words)

    def dates(self, question: StatsQuestion, sight: Sight, today: Day, *, of_counters: bool = False) -> list[str]:
        """On which dates somebody queued for what is asked, or it is known what counters did. Nothing is counted;
        raises what `answer` does."""
        (check_counter_time if of_counters else check)(question)
        table, asked = SPANS if of_counters else STEPS, narrowed(replace(question, group=()), sight)
        days = self._days(table, asked, today)
        if not set(asked.where) - OF_DAYS:
            return sorted({day[:10] for day in days})
        kind = f"dates of {table}"
        return self._kept(kind, asked, sight, today, days, lambda: self._dates(table, asked, sight, today, days))

    def _dates(self, table: str, asked: StatsQuestion, sight: Sight, today: Day, days: dict[str, int]) -> list[str]:
        if self._withheld(table, asked, sight, days, today):
            return []
        prepared = self._source.prepared(table, days, today)
        counting = Counting(prepared, ("day",), asked.where, list(days), self._words, folds=False)
        return sorted(counting.groups.key(int(code))["day"] or "" for code in np.flatnonzero(counting.there()))

    def _mall(self, asked: StatsQuestion, today: Day) -> Measures | None:
        """What everybody may know: the whole mall's totals of these days."""
        question = StatsQuestion(from_=asked.from_, to=asked.to)
        days = self._days(STEPS, question, today)
        return self._summed.count(Asked(question, days, today, waits_alone=False), folds=False).total

    def counter_time(self, question: StatsQuestion, sight: Sight, today: Day) -> CounterTimeView:
        """How long counters were in which state; raises what `answer` does."""
        check_counter_time(question)
        asked = narrowed(question, sight)
        days = self._days(SPANS, asked, today)
        return self._kept("time", asked, sight, today, days, lambda: self._counter_time(asked, sight, today, days))

    def _counter_time(self, asked: StatsQuestion, sight: Sight, today: Day, days: dict[str, int]) -> CounterTimeView:
        prepared = self._source.prepared(SPANS, days, today)
        folds = sight.folding(asked)
        counting = Counting(prepared, asked.group, asked.where, list(days), self._words, folds=folds)
        reasons = self._words.all("reason")
        counted: Counted[CounterTime] = WITHHELD
        if not self._withheld(SPANS, asked, sight, days, today):
            counted = counting.count(lambda groups: TimeTally(groups, reasons), NEEDED_OF_COUNTERS)
        rows = tuple(CounterTimeRow(key=group.key, time=group.said, folded=group.folded) for group in counted.groups)
        return CounterTimeView(
            from_=asked.from_,
            to=asked.to,
            group=asked.group,
            where=asked.where,
            timezone=today.timezone,
            days=len({day[:10] for day in days}),
            until=rfc3339(today.at) if today.day in days else None,
            rows=rows,
            total=counted.total if days else None,  # of imported days nothing may be known
            names=self._names(asked, [row.key for row in rows], days, today),
        )

    def steps_behind(
        self, question: StatsQuestion, sight: Sight, today: Day, *, offset: int = 0, limit: int = 50
    ) -> StepsBehind:
        """The steps of a number, those that waited longest first. `group` does not matter; `where` may ask for a
        `promise` that was not kept (behind.py), too. Raises what `answer` does, and Forbidden where folding hides them.
        """
        where = {name: values for name, values in question.where.items() if name != "promise"}
        check(replace(question, where=where))
        asked = narrowed(replace(question, group=()), sight)
        days, prepared = self._prepared(STEPS, asked, today)
        folds, limit = sight.folding(asked), min(limit, MOST_LISTED)
        beside = {name: values for name, values in asked.where.items() if name != "promise"}
        if self._withheld(STEPS, replace(asked, where=beside), sight, days, today):
            raise Forbidden("Folded: shows one person's day.", reason="folded")
        count, places = behind.longest(prepared, asked.where, self._words, offset, limit, folds=folds)
        steps = tuple(behind.listed(places, self._rows, today, sight, folds=folds))
        return StepsBehind(from_=asked.from_, to=asked.to, where=asked.where, count=count, offset=offset, steps=steps)

    def course(self, question: StatsQuestion, sight: Sight, today: Day) -> Course:
        """Who waited and which counters were open through the day. Where only some steps are asked for, the counters
        are those that called them; what would be one person's day at a counter is left out where the mall says so."""
        check(question)
        asked = narrowed(replace(question, group=()), sight)
        days, spans = self._days(STEPS, asked, today), self._days(SPANS, asked, today)
        # counters may have been open on days without a step, and learn of them later
        every = {**{f"{day} spans": version for day, version in spans.items()}, **days}
        if today.day in spans:
            return self._course(asked, sight, today, days)
        return self._kept("course", asked, sight, today, every, lambda: self._course(asked, sight, today, days))

    def _course(self, asked: StatsQuestion, sight: Sight, today: Day, days: dict[str, int]) -> Course:
        prepared = self._source.prepared(STEPS, days, today)
        by_day = Counting(prepared, ("day",), asked.where, list(days), self._words, folds=False)
        waited = by_day.count(WaitTally, OF_WAITS)
        there, waiting = waited.total or (0, NOTHING)
        spanned = {day[:10] for day in self._source.days(SPANS, asked.from_, asked.to, today)}
        known = sum((group.key["day"] or "")[:10] in spanned for group in waited.groups)
        where = {name: values for name, values in asked.where.items() if name in OF_DAYS_AND_COUNTERS}
        if len(where) < len(asked.where):
            counters = Counting(prepared, ("counter",), asked.where, list(days), self._words, folds=False)
            called = [group.key["counter"] for group in counters.count(WaitTally, OF_WAITS).groups]
            where["counter"] = tuple(counter for counter in called if counter)
        every, days = days, self._days(SPANS, replace(asked, where=where), today)
        prepared = self._source.prepared(SPANS, days, today)
        spans = Counting(prepared, (), where, list(days), self._words, folds=sight.folding(asked))
        opened = spans.count(OpenTally, OF_COUNTERS).total or NOTHING
        if self._withheld(STEPS, asked, sight, every, today):
            opened = NOTHING
        return Course(days=there, waiting=waiting, days_of_counters=known, open=opened)

    def service_times(self, question: StatsQuestion, sight: Sight, today: Day) -> list[tuple[int, int]]:
        """How often serving took how many seconds, the shortest first; nothing where it is one person's work and the
        mall does not show that."""
        check(question)
        asked = narrowed(replace(question, group=()), sight)
        days = self._days(STEPS, asked, today)
        return self._kept("service", asked, sight, today, days, lambda: self._service_times(asked, sight, today, days))

    def _service_times(
        self, asked: StatsQuestion, sight: Sight, today: Day, days: dict[str, int]
    ) -> list[tuple[int, int]]:
        if self._withheld(STEPS, asked, sight, days, today):
            return []
        prepared = self._source.prepared(STEPS, days, today)
        counting = Counting(prepared, (), asked.where, list(days), self._words, folds=sight.folding(asked))
        return counting.count(ServiceTally, OF_SERVICE).total or []

    def usual(self, dates: Sequence[date], sight: Sight, today: Day) -> Usual:
        """The live figures at this time of the day on these dates, and today so far."""
        return self._moments.usual(dates, sight.agencies, today)

    def targets(self, question: StatsQuestion, sight: Sight, today: Day) -> Targets:
        """Which targets held, by service, for whom is asked."""
        check(question)
        asked = narrowed(replace(question, group=()), sight)
        days = self._days(TARGETS, asked, today)
        return self._kept("targets", asked, sight, today, days, lambda: self._targets(asked, today, days))

    def _targets(self, asked: StatsQuestion, today: Day, days: dict[str, int]) -> Targets:
        prepared = self._source.prepared(TARGETS, days, today)
        return held(prepared.chunks((*OF_TARGETS, TARGET)), asked.where, self._words)

    def _days(self, table: str, asked: StatsQuestion, today: Day) -> dict[str, int]:
        """The days that are asked for, each with its version."""
        there = self._source.days(table, asked.from_, asked.to, today)
        return {day: there[day] for day in days_asked(list(there), asked.where)}

    def _prepared(self, table: str, asked: StatsQuestion, today: Day) -> tuple[dict[str, int], Prepared]:
        """The same, and their columns."""
        days = self._days(table, asked, today)
        return days, self._source.prepared(table, days, today)

    def _names(
        self, asked: StatsQuestion, keys: Iterable[Mapping[str, str | None]], days: Mapping[str, int], today: Day
    ) -> dict[str, dict[str, Texts]]:
        """What the values in the answer were called: by the latest of its days that knew them."""
        missing = {name: set(asked.where.get(name, ())) for name in NAMED if name in asked.group or name in asked.where}
        for key in keys:
            for name, wanted in missing.items():
                wanted |= {value for value in (key.get(name),) if value}
        found: dict[str, dict[str, Texts]] = {name: {} for name in missing}
        for day in sorted(days, reverse=True):
            if not any(missing.values()):
                break
            names = today.names if day == today.day else self._rows.names(day)
            if names is not None:
                _name(missing, found, names, today.languages)
        return found


OF_DAYS_AND_COUNTERS = ("counter", "half_hour", "weekday", "day", "week", "month")
"""What can be asked of counters that nobody has called anybody to."""

WITHHELD: Counted[Any] = Counted((Group({}, None, 1),), None)
"""One person's work could be reckoned by it."""

OF_DAYS = frozenset({"weekday", "day", "week", "month"})
"""What leaves out whole days."""

NAMED = ("agency", "service", "counter", "kiosk", "category", "outcome")
"""Dimensions whose values have names."""


def _name(
    missing: Mapping[str, set[str]],
    found: Mapping[str, dict[str, Texts]],
    names: Names,
    languages: Iterable[str],
) -> None:
    """Move what this day can name from what is missing to what is found."""
    labels = {counter: dict.fromkeys(languages, label) for counter, label in names.counters.items()}
    known: dict[str, dict[str, Texts]] = {
        "agency": names.agencies,
        "service": names.services,
        "counter": labels,
        "kiosk": names.kiosks,
        "category": names.categories,
        "outcome": names.outcomes,
    }
    for name, wanted in missing.items():
        for value in wanted & known[name].keys():
            found[name][value] = known[name][value]
        wanted.difference_update(known[name])
