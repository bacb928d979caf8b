"""A mall for a recorded day: an agency per office, a service with its own prefix per queue, counters as the day needs.

Always open, without quotas, so that whoever took a ticket then can take one again.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise, product
from statistics import median

from msgspec import Struct

from queue_server.cli.drive.arrivals import Arrival, Day
from queue_server.errors import Invalid

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of prefixes: without I and O, which look like digits."""

USUAL_MS = 5 * 60_000
"""How long serving somebody takes where the day does not say."""
SHORTEST_MS, LONGEST_MS = 60_000, 30 * 60_000
ENOUGH_GAPS = 5
"""Calls one after the other while people waited that say how long serving takes."""
WINDOW_MS = 30 * 60_000
"""The stretch whose arrivals say how many counters a queue needs."""
BUSY = 0.85
"""The share of their time that clerks are taken to have served, where only arrivals and counters are known."""
HOUR_MS = 3600_000


class Queue(Struct, frozen=True, kw_only=True):
    """One queue of the day. `counters` are ids; `serve_ms` is how long serving somebody there usually takes."""

    service: str
    agency: str
    name: str
    prefix: str
    counters: tuple[str, ...]
    serve_ms: int
    arrivals: tuple[Arrival, ...]


class DayMall(Struct, frozen=True, kw_only=True):
    """`agencies` are names by id, in the order of the names; `config` is the text of a config.toml.

    `ends_at` is when the business day closes (milliseconds).
    """

    agencies: dict[str, str]
    queues: tuple[Queue, ...]
    config: str
    ends_at: int


BOARD = "hall"


def mall_of(day: Day) -> DayMall:
    """Raises Invalid for more queues than there are prefixes."""
    by_queue: dict[tuple[str, str], list[Arrival]] = {}
    for row in day.arrivals:
        by_queue.setdefault((row.agency, row.queue), []).append(row)
    ids = _ids(sorted({agency for agency, _ in by_queue}))
    prefixes = _prefixes()
    queues = tuple(_queue(ids[key[0]], next(prefixes), by_queue[key], day.ends_at) for key in sorted(by_queue))
    agencies = {id_: name for name, id_ in ids.items()}
    config = "\n".join(_config(day, agencies, queues))
    return DayMall(agencies=agencies, queues=queues, config=config, ends_at=day.ends_at)


def _queue(agency: str, prefix: str, rows: list[Arrival], ends_at: int) -> Queue:
    known = [row.open_counters for row in rows if row.open_counters is not None]
    serve_ms = usual_service(rows, round(median(known)) if known else None)
    counters = max(max(known, default=_needed(rows, serve_ms)), _to_finish(rows, serve_ms, ends_at))
    return Queue(
        service=f"{agency}-{prefix.lower()}",
        agency=agency,
        name=rows[0].service,
        prefix=prefix,
        counters=tuple(f"{prefix.lower()}{place}" for place in range(1, counters + 1)),
        serve_ms=serve_ms,
        arrivals=tuple(rows),
    )


# What the day says about its clerks


def usual_service(rows: list[Arrival], counters: int | None) -> int:
    """How long serving somebody of this queue takes (milliseconds).

    While people wait, each of n counters calls again when it has served: the time between calls, n times. Without
    calls, what keeps the known counters busy; without either, `USUAL_MS`.
    """
    called = sorted((row.called_at, row.issued_at) for row in rows if row.called_at is not None)
    gaps = [later - earlier for (earlier, _), (later, issued) in pairwise(called) if issued <= earlier]
    if len(gaps) >= ENOUGH_GAPS:
        estimate = median(gaps) * (counters or 1)
    elif counters is not None and not called:
        span = max(row.issued_at for row in rows) - min(row.issued_at for row in rows)
        estimate = BUSY * counters * max(span, HOUR_MS) / len(rows)
    else:
        estimate = USUAL_MS
    return round(min(max(estimate, SHORTEST_MS), LONGEST_MS) / 1000) * 1000


def _needed(rows: list[Arrival], serve_ms: int) -> int:
    """Counters that can serve the busiest half-hour as it comes."""
    times = sorted(row.called_at or row.issued_at for row in rows)
    busiest = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - WINDOW_MS:
            first += 1
        busiest = max(busiest, last - first + 1)
    return max(1, -(-busiest * serve_ms // WINDOW_MS))


def _to_finish(rows: list[Arrival], serve_ms: int, ends_at: int) -> int:
    """Counters that can serve everybody whose call is not known before the day ends, however late they came."""
    uncalled = [row.issued_at for row in rows if row.called_at is None]
    if not uncalled:
        return 1
    left = max(ends_at - max(uncalled) - HOUR_MS, 2 * LONGEST_MS)
    return max(1, -(-len(uncalled) * serve_ms * 2 // left))


# Names


def _ids(names: Iterable[str]) -> dict[str, str]:
    """An id for each name, as like it as ids may be."""
    ids: dict[str, str] = {}
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:24] or "office"
        id_, more = stem, 1
        while id_ in ids.values():
            more += 1
            id_ = f"{stem}_{more}"
        ids[name] = id_
    return ids


def _prefixes() -> Iterator[str]:
    for length in (2, 3):
        yield from map("".join, product(LETTERS, repeat=length))
    raise Invalid("The file has more queues than there are ticket prefixes; replay a part of it.", reason="queues")


# The file


def _config(day: Day, agencies: dict[str, str], queues: tuple[Queue, ...]) -> Iterator[str]:
    yield "[mall]"
    yield 'id = "replay"'
    yield f"name = {_quoted(f'Replay of {day.date}')}"
    yield 'languages = ["en"]'
    yield f"timezone = {_quoted(day.zone.key)}"
    yield f'day_starts = "{day.start_hour:02d}:00"'
    yield '[policy]\nclosing = "off"\nfinish_on_call_next = true'
    yield '[hours.always]\nmon-sun = ["00:00-24:00"]'
    for id_, name in agencies.items():
        yield f"[agencies.{id_}]\nname = {_quoted(name)}"
        yield f"[zones.{id_}]\nname = {_quoted(name)}"
    yield f"[boards.{BOARD}]\nzones = [{', '.join(map(_quoted, agencies))}]"
    for queue in queues:
        yield f"[services.{queue.service}]\nagency = {_quoted(queue.agency)}\nname = {_quoted(queue.name)}"
        yield f'prefix = "{queue.prefix}"\nhours = "always"\nexpected = "{queue.serve_ms // 1000}s"'
        for place, counter in enumerate(queue.counters, 1):
            yield f"[counters.{counter}]\nzone = {_quoted(queue.agency)}\nservices = [{_quoted(queue.service)}]"
            yield f'label = "{queue.prefix} {place}"'


def _quoted(text: str) -> str:
    """A TOML basic string; control characters never come here."""
    return json.dumps(text, ensure_ascii=False)
