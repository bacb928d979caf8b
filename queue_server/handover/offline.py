"""The statistics of a data folder without its server: today as the journal has it, earlier days from its tables.

Only reads, so also beside a running server. Columns of days are made for this one use, in a file of their own: the
server's is the server's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from queue_server.database import Connection, open_to_read
from queue_server.domain.state import State
from queue_server.journal.closing import Closing, read_closings
from queue_server.journal.day_facts import names_of
from queue_server.journal.sqlite.history import SqliteHistory
from queue_server.registry.day_notes import DayNote
from queue_server.registry.store import open_registry
from queue_server.reports.that_day import ThatDay
from queue_server.service.closings import FILE
from queue_server.service.reading_back import read_back
from queue_server.service.rulebook import day_at, rules_for
from queue_server.settings import Settings
from queue_server.stats.course import Course
from queue_server.stats.sight import Sight
from queue_server.stats.source import Day
from queue_server.stats.statistics import Statistics, open_statistics
from queue_server.stats.targets import Targets
from queue_server.stats.today import Today
from queue_server.wire.stats import CounterTimeView, StatsQuestion, StatsView, StepsBehind


class Offline:
    """Answers as the server's (reports/reckoned.py), one question after the other."""

    def __init__(self, data: Path, statistics: Statistics, state: State, today: Day) -> None:
        self._data = data
        self._statistics = statistics
        self._today = today
        self.state = state
        self.that_day = ThatDay(self._connection, self._history, lambda: state)

    def _connection(self) -> Connection:
        return open_to_read(self._data / "journal.db").conn

    def _history(self) -> SqliteHistory:
        return SqliteHistory(self._data / "journal.db")

    async def answer(self, question: StatsQuestion, sight: Sight, *, waits_alone: bool = False) -> StatsView:
        return await asyncio.to_thread(self._statistics.answer, question, sight, self._today, waits_alone=waits_alone)

    async def counter_time(self, question: StatsQuestion, sight: Sight) -> CounterTimeView:
        return await asyncio.to_thread(self._statistics.counter_time, question, sight, self._today)

    async def course(self, question: StatsQuestion, sight: Sight) -> Course:
        return await asyncio.to_thread(self._statistics.course, question, sight, self._today)

    async def service_times(self, question: StatsQuestion, sight: Sight) -> list[tuple[int, int]]:
        return await asyncio.to_thread(self._statistics.service_times, question, sight, self._today)

    async def dates(self, question: StatsQuestion, sight: Sight, *, of_counters: bool = False) -> list[str]:
        return await asyncio.to_thread(
            lambda: self._statistics.dates(question, sight, self._today, of_counters=of_counters)
        )

    async def targets(self, question: StatsQuestion, sight: Sight) -> Targets:
        return await asyncio.to_thread(self._statistics.targets, question, sight, self._today)

    async def steps_behind(self, question: StatsQuestion, sight: Sight, *, offset: int, limit: int) -> StepsBehind:
        return await asyncio.to_thread(
            self._statistics.steps_behind, question, sight, self._today, offset=offset, limit=limit
        )

    def closings(self) -> list[Closing]:
        """What was signed and given away, the oldest first."""
        path = self._data / FILE
        return read_closings(path.read_bytes()) if path.is_file() else []

    def notes(self, first: date, last: date, agencies: frozenset[str] | None) -> list[DayNote]:
        """What was noted on these days; nothing where there is no registry yet."""
        path = self._data / "registry.db"
        if not path.is_file():
            return []
        with closing(open_registry(path)) as registry:
            return registry.day_notes.between(first, last, agencies)


@contextmanager
def offline(data: Path, settings: Settings, now: int) -> Iterator[Offline]:
    """Raises Broken or Unavailable where there is no journal, or it cannot be read. `now` is real (milliseconds)."""
    path = data / "journal.db"
    with ExitStack() as stack:
        history = stack.enter_context(closing(SqliteHistory(path)))
        state, _ = read_back(history)
        if not state.day:
            state.rules = rules_for(settings, day_at(settings, now))
        folder = stack.enter_context(TemporaryDirectory(prefix="antrean-"))
        statistics = stack.enter_context(closing(open_statistics(path, Path(folder) / "statistics.db")))
        yield Offline(data, statistics, state, _today(state, now))


def _today(state: State, now: int) -> Day:
    """As it was when the last thing happened."""
    rows = Today()
    if not state.day:
        rules = state.rules
        return Day(
            day="", at=now, timezone=rules.timezone, languages=rules.languages, names=names_of(rules), tickets=()
        )
    while not rows.catch_up(state):
        pass
    return rows.day(state, state.at)
