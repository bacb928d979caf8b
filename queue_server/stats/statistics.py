"""Answers to questions about steps, exact and never sampled.

    view = statistics.answer(question, sight, today)

Everything here runs in a thread of its own and takes what it needs of the hall as `today` (today.py): no call waits
for a report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from queue_server.domain import measures
from queue_server.errors import Invalid
from queue_server.stats.columns import RAW, Array, Columns, Words, fate_of
from queue_server.stats.counting import NEEDED, Tally
from queue_server.stats.folding import Workers
from queue_server.stats.groups import Conditions, Groups, days_asked
from queue_server.stats.question import check
from queue_server.stats.sight import Sight, narrowed
from queue_server.stats.source import Chunk, Day, Rows, Source
from queue_server.views.instants import rfc3339
from queue_server.wire.stats import MOST_LISTED, Measures, StatsQuestion, StatsRow, StatsView, StepBehind, StepsBehind

MOST_ROWS = 50_000


class Statistics:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._words = Words()
        self._source = Source(rows, self._words)

    def close(self) -> None:
        self._rows.close()

    def answer(self, question: StatsQuestion, sight: Sight, today: Day) -> StatsView:
        """Raises Invalid for what cannot be answered, Forbidden for what this caller may not ask."""
        check(question)
        asked = narrowed(question, sight)
        days, made = self._days(asked, today)
        rows, total = self._grouped(asked, sight, made)
        mall = None
        if sight.agency is not None:
            everybody = StatsQuestion(from_=asked.from_, to=asked.to)
            _, all_days = self._days(everybody, today)
            _, mall = self._grouped(everybody, sight, all_days)
        return StatsView(
            from_=asked.from_,
            to=asked.to,
            group=asked.group,
            where=asked.where,
            timezone=today.timezone,
            days=len(days),
            until=rfc3339(today.at) if today.day in days else None,
            rows=rows,
            total=total,
            mall=mall,
        )

    def steps_behind(
        self, question: StatsQuestion, sight: Sight, today: Day, *, offset: int = 0, limit: int = 50
    ) -> StepsBehind:
        """The steps of a number, those that waited longest first. `group` does not matter."""
        check(question)
        asked = narrowed(replace(question, group=()), sight)
        _, made = self._days(asked, today)
        conditions = Conditions(asked.where, self._words)
        found: list[tuple[int, str, int]] = []
        for chunk in self._source.chunks(made, [*conditions.columns, "wait_s"]):
            found += _longest(chunk, conditions)
        found.sort()
        steps = self._listed(found[offset : offset + min(limit, MOST_LISTED)], today, sight)
        return StepsBehind(
            from_=asked.from_, to=asked.to, where=asked.where, count=len(found), offset=offset, steps=tuple(steps)
        )

    def _days(self, asked: StatsQuestion, today: Day) -> tuple[list[str], dict[str, Columns]]:
        days = days_asked(self._source.days(asked.from_, asked.to, today), asked.where)
        return days, self._source.prepared(days, today)

    def _grouped(
        self, asked: StatsQuestion, sight: Sight, made: dict[str, Columns]
    ) -> tuple[tuple[StatsRow, ...], Measures | None]:
        groups = Groups(asked.group, list(made), self._words)
        conditions = Conditions(asked.where, self._words)
        names = dict.fromkeys([*groups.columns, *conditions.columns, *NEEDED, "clerk"])
        lonely: frozenset[int] = frozenset()
        workers = Workers()
        if sight.folds:
            for of, columns in self._chosen(made, list(names), groups, conditions):
                workers.add(of, columns["clerk"])
            lonely = workers.lonely()
        tally = Tally(groups.count + 1)
        for of, columns in self._chosen(made, list(names), groups, conditions):
            tally.add(np.where(np.isin(of, list(lonely)), groups.count, of) if lonely else of, columns)
        present = [group for group in tally.present if group < groups.count]
        if len(present) > MOST_ROWS:
            raise Invalid("Those are too many groups: ask for fewer days, or by less.", reason="groups", field="group")
        measured = tally.measures([*present, groups.count])
        rows = [StatsRow(key=groups.key(g), measures=m) for g, m in zip(present, measured, strict=False)]
        rows.sort(key=lambda row: [value or "" for value in row.key.values()])
        hidden = bool(lonely) and workers.is_one_person(lonely)
        if lonely:
            rows.append(StatsRow(key={}, measures=None if hidden else measured[-1], folded=len(lonely)))
        return tuple(rows), None if hidden else tally.total()

    def _chosen(
        self, made: dict[str, Columns], names: list[str], groups: Groups, conditions: Conditions
    ) -> Iterator[tuple[Array, Columns]]:
        """The steps that are asked for, and the group of each."""
        for chunk in self._source.chunks(made, names):
            of, columns = groups.codes(chunk.columns, chunk.days, chunk.sizes), chunk.columns
            chosen = conditions.chosen(columns)
            if chosen is not None:
                of, columns = of[chosen], {name: column[chosen] for name, column in columns.items()}
            yield of, columns

    def _listed(self, found: Sequence[tuple[int, str, int]], today: Day, sight: Sight) -> Iterator[StepBehind]:
        rows: dict[str, list[tuple[Any, ...]]] = {}
        for _, day, place in found:
            if day not in rows:
                rows[day] = today.rows() if day == today.day else self._rows.rows(day, RAW)
            yield _step_behind(day, dict(zip(RAW, rows[day][place], strict=True)), sight)


def _longest(chunk: Chunk, conditions: Conditions) -> list[tuple[int, str, int]]:
    """The steps of a chunk that are asked for, as (negative wait, day, place in the day): sorted, the longest first."""
    chosen = conditions.chosen(chunk.columns)
    waits = chunk.columns["wait_s"]
    days = np.repeat(np.arange(len(chunk.days)), chunk.sizes)
    places = np.concatenate([np.arange(size) for size in chunk.sizes]) if chunk.sizes else days
    if chosen is not None:
        waits, days, places = waits[chosen], days[chosen], places[chosen]
    return [
        (-wait, chunk.days[day], place)
        for wait, day, place in zip(waits.tolist(), days.tolist(), places.tolist(), strict=True)
    ]


def _step_behind(day: str, row: dict[str, Any], sight: Sight) -> StepBehind:
    wait = measures.waited(row["queued_at"], row["booked_at"], row["first_called_at"], row["held_ms"])
    target = row["target"]
    return StepBehind(
        ticket=row["ticket"],
        step=row["step"],
        number=row["number"],
        day=day,
        service=row["service"],
        agency=row["agency"],
        category=row["category"],
        channel=row["channel"],
        fate=fate_of(row["state"], row["was"], row["missed"], row["started_at"], row["served_ms"]),
        state=row["state"],
        queued_at=rfc3339(row["queued_at"]),
        first_called_at=rfc3339(row["first_called_at"]),
        started_at=rfc3339(row["started_at"]),
        counter=row["counter"],
        clerk=row["clerk"] if sight.knows(row["clerk"]) else None,
        outcome=row["outcome"],
        wait_s=None if wait is None else wait // 1_000,
        walk_s=row["walk_s"],
        service_s=row["service_s"],
        target_s=None if target is None else target // 1_000,
        within_target=None if wait is None or target is None else wait <= target,
    )
