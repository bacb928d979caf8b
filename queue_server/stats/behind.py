"""The steps behind a number: which they are, those that waited longest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from queue_server.domain import measures
from queue_server.errors import Forbidden
from queue_server.stats.columns import ESTIMATED, PROMISED, RAW, WITHIN, WITHIN_P50, WITHIN_P90, Words, fate_of
from queue_server.stats.folding import Workers
from queue_server.stats.groups import Conditions
from queue_server.stats.sight import Sight
from queue_server.stats.source import STEPS, Day, Prepared, Rows
from queue_server.views.instants import rfc3339
from queue_server.wire.stats import StepBehind

PROMISES = {"late": (PROMISED, WITHIN), "over_p50": (ESTIMATED, WITHIN_P50), "over_p90": (ESTIMATED, WITHIN_P90)}
"""What `promise` asks for: whoever was promised a time, and waited longer; which mark of a step says either."""

Place = tuple[str, int]
"""A day, and which of its rows."""


def longest(
    prepared: Prepared, where: Mapping[str, tuple[str, ...]], words: Words, offset: int, limit: int, *, folds: bool
) -> tuple[int, list[Place]]:
    """How many steps there are, and which stand at these places.

    Raises Forbidden where `folds` and all of them are one person's work."""
    broken = [PROMISES[one] for one in where.get("promise", ())]
    conditions = Conditions({name: values for name, values in where.items() if name != "promise"}, words)
    marks = ["mark"] if broken else []
    workers, clerks = Workers(), ["clerk"] if folds else []
    days: list[str] = []
    found = [np.zeros((0, 3), dtype=np.int64)]
    for chunk in prepared.chunks(list(dict.fromkeys(["wait_s", *marks, *clerks, *conditions.columns]))):
        of = np.repeat(np.arange(len(days), len(days) + len(chunk.days)), chunk.sizes)
        rows = np.concatenate([np.arange(size) for size in chunk.sizes])
        here = np.stack([-chunk.columns["wait_s"].astype(np.int64), of, rows], axis=1)
        chosen = conditions.chosen(chunk.columns, chunk.days, chunk.sizes)
        for promised, kept in broken:
            over = chunk.columns["mark"] & (promised | kept) == promised
            chosen = over if chosen is None else chosen & over
        found.append(here if chosen is None else here[chosen])
        if folds:
            of_whom = chunk.columns["clerk"] if chosen is None else chunk.columns["clerk"][chosen]
            workers.add(np.zeros(of_whom.size, dtype=np.int64), of_whom)
        days += chunk.days
    if workers.one_person():
        raise Forbidden("Folded: shows one person's day.", reason="folded")
    every = np.concatenate(found)
    count, end = len(every), min(len(every), offset + limit)
    if 0 < end < count:  # sort only those that may stand there
        every = every[every[:, 0] <= np.partition(every[:, 0], end - 1)[end - 1]]
    every = every[np.lexsort((every[:, 2], every[:, 1], every[:, 0]))]
    return count, [(days[day], row) for _, day, row in every[offset:end].tolist()]


def listed(places: Sequence[Place], rows: Rows, today: Day, sight: Sight, *, folds: bool) -> Iterator[StepBehind]:
    """`folds`: without where and how long each was served, by which a list of many could be told apart by person."""
    by_day: dict[str, list[tuple[Any, ...]]] = {}
    for day, place in places:
        if day not in by_day:
            by_day[day] = today.rows() if day == today.day else rows.rows(STEPS, day, RAW)[1]
        step = _step(day, dict(zip(RAW, by_day[day][place], strict=True)), sight)
        yield replace(step, counter=None, started_at=None, walk_s=None, service_s=None) if folds else step


def _step(day: str, row: dict[str, Any], sight: Sight) -> StepBehind:
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
        clerk=row["clerk"] if sight.knows(row["clerk"], day) else None,
        outcome=row["outcome"],
        wait_s=None if wait is None else wait // 1_000,
        walk_s=row["walk_s"],
        service_s=row["service_s"],
        target_s=None if target is None else target // 1_000,
        within_target=None if wait is None or target is None else wait <= target,
    )
