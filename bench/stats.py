"""Statistics of a generated year (2.5 million steps) and of ten (25 million), beside a plain SQL scan of the same rows.

The year stands in `steps` as the server writes it. The other nine are there as kept columns only, since nothing else of
them is read. Each question is asked for the first time ever, after which the sums of its months are made, for the first
time after opening, and warm; and warm of a year that ends in the middle of a month, which no sums cover whole. Aims:
a year 20 to 70 ms warm and at least 100 times as fast as the scan, the first after a start under 300 ms; ten years
under 250 ms warm.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import click
import numpy as np

from queue_server.database import open_file, writing
from queue_server.domain.measures import kept
from queue_server.journal.day_facts import Names
from queue_server.journal.sqlite.schema import MIGRATIONS
from queue_server.journal.sqlite.tables import STEP_COLUMNS
from queue_server.stats.columns import DTYPES, ESTIMATED, FIRST, FLAG_BITS, PROMISED, WITHIN, WITHIN_P50, WITHIN_P90
from queue_server.stats.sight import Sight
from queue_server.stats.source import STEPS, Day
from queue_server.stats.statistics import Statistics, open_statistics
from queue_server.wire.stats import StatsQuestion

DAYS, PER_DAY, YEARS = 250, 10_000, 10
LAST = date(2026, 12, 31)
MIDDLE = date(2026, 12, 16)
"""The end of a year that is no calendar year."""
NOBODY = Day(day="2027-01-01", at=0, timezone="UTC", languages=("en",), names=Names(), tickets=())

QUESTIONS = {
    "month by service": (("service",), 30),
    "year by half-hour": (("half_hour",), 365),
    "year by clerk": (("clerk",), 365),
    "year by month and service": (("month", "service"), 365),
}

_SCAN = """
    WITH ranked AS (
        SELECT {group} AS of, wait_s,
            row_number() OVER (PARTITION BY {group} ORDER BY wait_s) AS place,
            count(*) OVER (PARTITION BY {group}) AS count
        FROM steps WHERE day >= ? AND wait_s IS NOT NULL
    )
    SELECT of, count, avg(wait_s),
        min(CASE WHEN place >= (count * 50 + 99) / 100 THEN wait_s END),
        min(CASE WHEN place >= (count * 90 + 99) / 100 THEN wait_s END),
        min(CASE WHEN place >= (count * 95 + 99) / 100 THEN wait_s END), max(wait_s)
    FROM ranked GROUP BY of
"""
"""Of the waits alone; an answer has walks, services, outcomes and promises as well."""
_SQL_OF = {
    "service": "service",
    "half_hour": "queued_at / 1800000 % 48",
    "clerk": "clerk",
    "month": "substr(day, 1, 7)",
}


P50_S, P90_S, LONGEST_S = 600, 1_500, 7_200
"""What everybody was told, and the longest that anybody waited."""
KEPT = np.array([kept(wait_s, P50_S, P90_S) for wait_s in range(LONGEST_S + 1)])
"""By the seconds of a wait: whether it was within either."""


def days_back(count: int, last: date = LAST) -> list[str]:
    """Working days, the latest last."""
    found: list[str] = []
    day = last
    while len(found) < count:
        if day.isoweekday() < 6:
            found.append(day.isoformat())
        day -= timedelta(days=1)
    return found[::-1]


def one_day(chance: np.random.Generator, count: int) -> dict[str, Any]:
    """A day's steps as columns: 30 services of 8 agencies, 60 counters, 90 clerks, half past seven to four."""
    service = chance.integers(1, 31, count)
    wait = np.minimum(chance.exponential(900, count), LONGEST_S).astype(np.int32)
    within = wait <= 900
    flags = FIRST | PROMISED | ESTIMATED
    columns = {
        "agency": (service - 1) % 8 + 1,
        "service": service,
        "counter": chance.integers(1, 61, count),
        "clerk": chance.integers(1, 91, count),
        "category": chance.choice(np.arange(1, 5), count, p=[0.8, 0.1, 0.05, 0.05]),
        "channel": np.ones(count),
        "kiosk": chance.integers(1, 5, count),
        "language": chance.integers(1, 4, count),
        "outcome": chance.integers(1, 5, count),
        "half_hour": np.sort(chance.integers(15, 32, count)),
        "fate": chance.choice(np.arange(4), count, p=[0.9, 0.04, 0.03, 0.03]),
        "into_s": chance.integers(0, 1_800, count),
        "stay_s": wait + 1,
        "wait_s": wait + 1,
        "walk_s": chance.integers(5, 90, count),
        "service_s": np.minimum(chance.exponential(400, count), 5_000) + 1,
        "p50_s": np.full(count, P50_S + 1),
        "p90_s": np.full(count, P90_S + 1),
    }
    half, most = KEPT[wait].T
    marks = (np.where(those, bit, 0) for those, bit in ((within, WITHIN), (half, WITHIN_P50), (most, WITHIN_P90)))
    columns["mark"] = flags | sum(marks) | columns["fate"] << FLAG_BITS
    return {name: column.astype(DTYPES[name]) for name, column in columns.items()}


WORDS = {
    "agency": (8, "agency{}"),
    "service": (30, "service{}"),
    "counter": (60, "{}"),
    "clerk": (90, "clerk{:011d}"),
    "category": (4, "category{}"),
    "channel": (1, "kiosk"),
    "kiosk": (4, "K{}"),
    "language": (3, "l{}"),
    "outcome": (4, "outcome{}"),
}
"""What the codes of a column mean, in the order of the codes."""


def word(statistics: Statistics) -> None:
    """Give the codes of `one_day` their words, where no row has been read that would."""
    assert statistics.store is not None
    for column, (codes, said) in WORDS.items():
        for code in range(1, codes + 1):
            statistics.store.words.code(column, said.format(code))


def rows_of(day: str, columns: dict[str, Any], start: int) -> Iterator[tuple[Any, ...]]:
    """The same as rows of `steps`."""
    of = {name: column.tolist() for name, column in columns.items()}
    states = ("finished", "transferred", "expired", "cancelled")
    for n in range(len(of["wait_s"])):
        queued = start + of["half_hour"][n] * 1_800_000 + n % 1_800 * 1_000
        called = queued + (of["wait_s"][n] - 1) * 1_000
        started = called + (of["walk_s"][n] - 1) * 1_000
        fate = of["fate"][n]
        row: dict[str, Any] = dict.fromkeys(STEP_COLUMNS) | {
            "day": day,
            "issued_at": queued,
            "ticket": f"{day[2:4]}{day[5:7]}{day[8:10]}{n:06d}",
            "step": 0,
            "number": f"A{n % 1000:03d}",
            "service": f"service{of['service'][n]}",
            "agency": f"agency{of['agency'][n]}",
            "category": f"category{of['category'][n]}",
            "channel": "kiosk",
            "language": f"l{of['language'][n]}",
            "kiosk": f"K{of['kiosk'][n]}",
            "cases": 1,
            "state": states[fate],
            "was": {2: "no_show", 3: "waiting"}.get(fate),
            "queued_at": queued,
            "credit": 0,
            "target": 900_000,
            "p50": 600_000,
            "p90": 1_500_000,
            "first_called_at": called,
            "called_at": called,
            "calls": 1,
            "started_at": started,
            "finished_at": started + (of["service_s"][n] - 1) * 1_000,
            "counter": str(of["counter"][n]),
            "clerk": f"clerk{of['clerk'][n]:011d}",
            "outcome": f"outcome{of['outcome'][n]}",
            "served_ms": 0,
            "held_ms": 0,
            "wait_s": of["wait_s"][n] - 1,
            "walk_s": of["walk_s"][n] - 1,
            "service_s": of["service_s"][n] - 1,
            "missed": 0,
        }
        yield (*row.values(), 1)


def write_year(path: Path) -> float:
    """Gives the seconds that it took."""
    chance = np.random.default_rng(1)
    began = time.perf_counter()
    marks = ",".join("?" * (len(STEP_COLUMNS) + 1))
    with closing(open_file(path, MIGRATIONS)) as db:
        for day in days_back(DAYS):
            start = (date.fromisoformat(day) - date(1970, 1, 1)).days * 86_400_000
            rows: list[tuple[Any, ...]] = list(rows_of(day, one_day(chance, PER_DAY), start))
            with writing(db) as connection:
                connection.executemany(f"INSERT INTO steps ({','.join(STEP_COLUMNS)}, past) VALUES ({marks})", rows)
    return time.perf_counter() - began


def write_decade(path: Path, statistics: Statistics) -> None:
    """Nine years before that one."""
    write_columns(path, statistics, days_back(DAYS * YEARS)[:-DAYS])


def write_columns(path: Path, statistics: Statistics, days: list[str]) -> None:
    """A row of each day, so that it is known, and its columns as they are kept."""
    chance = np.random.default_rng(2)
    marks = ",".join("?" * (len(STEP_COLUMNS) + 1))
    store = statistics.store
    assert store is not None
    with closing(open_file(path, MIGRATIONS)) as db:
        for first in range(0, len(days), 50):
            some = days[first : first + 50]
            with writing(db) as connection:
                for day in some:
                    rows = list(rows_of(day, one_day(chance, 1), 0))
                    connection.executemany(f"INSERT INTO steps ({','.join(STEP_COLUMNS)}, past) VALUES ({marks})", rows)
            store.keep(STEPS, [(day, 1, one_day(chance, PER_DAY)) for day in some])


class Took(NamedTuple):
    """Milliseconds on the wall, and of the processor for who asks."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:,.1f} ms ({self.cpu:,.1f} of CPU)"


def ask(statistics: Statistics, group: tuple[str, ...], back: int, last: date = LAST) -> Any:
    """Reckoned, however often the same was asked before."""
    statistics.answers.clear()
    return again(statistics, group, back, last)


def prepare(statistics: Statistics) -> None:
    """Make the sums that were missed, as the server does while nobody asks."""
    while statistics.prepare(NOBODY):
        pass


def again(statistics: Statistics, group: tuple[str, ...], back: int, last: date = LAST) -> Any:
    """Answered as the server does, which remembers what it has answered."""
    question = StatsQuestion(from_=(last - timedelta(days=back)).isoformat(), to=last.isoformat(), group=group)
    return statistics.answer(question, Sight(), NOBODY)


def timed(what: Callable[[], Any], times: int) -> Took:
    """The medians."""
    wall, cpu = [], []
    for _ in range(times):
        began, used = time.perf_counter(), time.thread_time()
        what()
        wall.append((time.perf_counter() - began) * 1_000)
        cpu.append((time.thread_time() - used) * 1_000)
    return Took(sorted(wall)[times // 2], sorted(cpu)[times // 2])


@contextmanager
def opened(folder: Path) -> Iterator[Statistics]:
    statistics = open_statistics(folder / "journal.db", folder / "statistics.db")
    try:
        yield statistics
    finally:
        statistics.close()


def run() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        seconds = write_year(folder / "journal.db")
        size = (folder / "journal.db").stat().st_size / 1e6
        click.echo(f"{DAYS * PER_DAY:,} rows written in {seconds:.0f} s, {size:,.0f} MB")
        with opened(folder) as statistics:
            built = timed(lambda: ask(statistics, (), 365), 1).wall
            prepare(statistics)
        size = (folder / "statistics.db").stat().st_size / 1e6
        click.echo(f"columns of the year made in {built / 1_000:.1f} s ({built / DAYS:.0f} ms a day), {size:.0f} MB")
        for title, (group, back) in QUESTIONS.items():
            with opened(folder) as statistics:
                ever = timed(lambda: ask(statistics, group, back), 1)  # noqa: B023
                made = timed(lambda: prepare(statistics), 1)
            with opened(folder) as statistics:
                first = timed(lambda: ask(statistics, group, back), 1)  # noqa: B023
                warm = timed(lambda: ask(statistics, group, back), 7)  # noqa: B023
                middle = timed(lambda: ask(statistics, group, back, MIDDLE), 7)  # noqa: B023
                same = timed(lambda: again(statistics, group, back), 7)  # noqa: B023
            scan = _scan(folder / "journal.db", group, back)
            click.echo(
                f"{title}: {warm}, the first ever {ever}, sums made after it in {made}, the first"
                f" after opening {first}, once more"
                f" {same.wall:.1f} ms; until the middle of a month {middle}; a plain SQL scan of the waits alone"
                f" {scan}: {scan.cpu / warm.cpu:.0f} times as long by CPU, {scan.cpu / middle.cpu:.0f} until the middle"
            )
        with opened(folder) as statistics:
            idle, busy = asyncio.run(_lags(statistics))
            click.echo(
                f"the event loop comes late by {idle:.1f} ms (p99) alone, by {busy:.1f} ms while a year is counted by"
                " half-hour back to back"
            )
            write_decade(folder / "journal.db", statistics)
            for group in (("half_hour",), ("clerk",), ("month", "service")):
                ever = timed(lambda: ask(statistics, group, 3_700), 1)  # noqa: B023
                made = timed(lambda: prepare(statistics), 1)
                warm = timed(lambda: ask(statistics, group, 3_700), 5)  # noqa: B023
                same = timed(lambda: again(statistics, group, 3_700), 5)  # noqa: B023
                middle = timed(lambda: ask(statistics, group, 3_640, MIDDLE), 5)  # noqa: B023
                click.echo(
                    f"ten years by {' and '.join(group)}: {warm}, the first ever {ever}, sums made after it in {made},"
                    f" until the middle of a month"
                    f" {middle}, once more {same.wall:.1f} ms"
                )


async def _lags(statistics: Statistics) -> tuple[float, float]:
    """How late a loop comes that wants to be called every millisecond: alone, and while reports run in a thread."""
    idle = await _lag(lambda: False)
    counting = asyncio.create_task(asyncio.to_thread(_back_to_back, statistics))
    busy = await _lag(counting.done)
    await counting
    return idle, busy


def _back_to_back(statistics: Statistics) -> None:
    for _ in range(20):
        ask(statistics, ("half_hour",), 365)


async def _lag(over: Callable[[], bool], most: int = 3_000) -> float:
    """The 99th percentile, in milliseconds."""
    late: list[float] = []
    while not over() and len(late) < most:
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        late.append(time.perf_counter() - began - 0.001)
    return sorted(late)[len(late) * 99 // 100] * 1_000


def _scan(path: Path, group: tuple[str, ...], back: int) -> Took:
    by = " || ' ' || ".join(_SQL_OF[name] for name in group)
    first = (LAST - timedelta(days=back)).isoformat()
    with closing(open_file(path)) as db:
        return timed(lambda: db.execute(_SCAN.format(group=by), (first,)).fetchall(), 1)
