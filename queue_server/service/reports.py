"""Questions to the statistics while the hall is at work: each is counted in a thread of its own, one after the other,
over today as the hall has it at one moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TypeVar

from queue_server.database import Fault
from queue_server.domain.events import AnyEvent
from queue_server.domain.state import Changes
from queue_server.errors import RateLimited, Unavailable
from queue_server.service.engine import Engine
from queue_server.service.logs import log
from queue_server.stats.course import Course
from queue_server.stats.moments import Usual
from queue_server.stats.sight import Sight
from queue_server.stats.source import Day
from queue_server.stats.statistics import Statistics, open_statistics
from queue_server.stats.store import discard
from queue_server.stats.targets import Targets
from queue_server.stats.today import Today
from queue_server.wire.stats import CounterTimeView, StatsQuestion, StatsView, StepsBehind

Given = TypeVar("Given")

MOST_WAITING = 50
"""Questions at once: each keeps a day's rows while it waits for its turn."""


class Reports:
    """`journal` is the file that is read, `kept` where columns of earlier days are kept: damaged, it is thrown away."""

    def __init__(self, engine: Engine, journal: Path, kept: Path) -> None:
        self._engine = engine
        self._journal = journal
        self._kept = kept
        self._statistics: Statistics | None = None
        self._today = Today()
        self._waiting = 0
        self._closing = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reports")
        engine.changed.append(self._note)
        engine.rebuilt.append(self._today.forget)

    def _note(self, changes: Changes, events: tuple[AnyEvent, ...]) -> None:
        self._today.note(changes)

    async def answer(self, question: StatsQuestion, sight: Sight, *, waits_alone: bool = False) -> StatsView:
        """Raises Invalid or Forbidden, as stats/question.py and stats/sight.py say; Unavailable where nothing can be
        read."""
        return await self._counted(
            lambda statistics, today: statistics.answer(question, sight, today, waits_alone=waits_alone)
        )

    async def counter_time(self, question: StatsQuestion, sight: Sight) -> CounterTimeView:
        """The same of what counters did."""
        await self._engine.settled()  # today's spans are read from the disk
        return await self._counted(lambda statistics, today: statistics.counter_time(question, sight, today))

    async def dates(self, question: StatsQuestion, sight: Sight, *, of_counters: bool = False) -> list[str]:
        """On which dates somebody queued, or it is known what counters did."""
        await self._engine.settled()
        return await self._counted(
            lambda statistics, today: statistics.dates(question, sight, today, of_counters=of_counters)
        )

    async def steps_behind(self, question: StatsQuestion, sight: Sight, *, offset: int, limit: int) -> StepsBehind:
        """The steps of which a number was made, longest wait first."""
        return await self._counted(
            lambda statistics, today: statistics.steps_behind(question, sight, today, offset=offset, limit=limit)
        )

    async def course(self, question: StatsQuestion, sight: Sight) -> Course:
        """Who waited and how many counters were open through the day."""
        await self._engine.settled()
        return await self._counted(lambda statistics, today: statistics.course(question, sight, today))

    async def usual(self, dates: Sequence[date], sight: Sight) -> Usual:
        """The live figures at this time of the day on these dates, and today so far."""
        await self._engine.settled()
        return await self._counted(lambda statistics, today: statistics.usual(dates, sight, today))

    async def service_times(self, question: StatsQuestion, sight: Sight) -> list[tuple[int, int]]:
        """How often serving took how many seconds."""
        return await self._counted(lambda statistics, today: statistics.service_times(question, sight, today))

    async def targets(self, question: StatsQuestion, sight: Sight) -> Targets:
        """Which targets held."""
        return await self._counted(lambda statistics, today: statistics.targets(question, sight, today))

    async def _counted(self, count: Callable[[Statistics, Day], Given]) -> Given:
        if self._waiting >= MOST_WAITING:
            raise RateLimited("Too many reports are being made at once. Try again in a moment.", retry_after_s=2)
        self._waiting += 1
        try:
            today = await self._day()
            found = await asyncio.get_running_loop().run_in_executor(self._thread, self._count, count, today)
        finally:
            self._waiting -= 1
        if not self._waiting and not self._closing:
            self._thread.submit(self._prepare, today)
        return found

    def _prepare(self, today: Day) -> None:
        """In the thread, until somebody asks; what cannot be made is counted when it is asked for, and that is told."""
        try:
            while not self._waiting and not self._closing and self._opened().prepare(today):
                pass
        except (Fault, OSError) as error:
            log.warning("statistics_not_prepared", why=str(error))

    def _count(self, count: Callable[[Statistics, Day], Given], today: Day) -> Given:
        """In the thread. What was kept may be damaged: then everything is made anew, once."""
        try:
            return count(self._opened(), today)
        except Fault as error:
            log.warning("statistics_made_anew", why=str(error))
            self._let_go()
        try:
            discard(self._kept)
            return count(self._opened(), today)
        except (Fault, OSError) as error:
            self._let_go()
            raise Unavailable(f"The statistics cannot be read at the moment ({error}).") from error

    def _opened(self) -> Statistics:
        if self._statistics is None:
            self._statistics = open_statistics(self._journal, self._kept)
        return self._statistics

    def _let_go(self) -> None:
        if self._statistics is not None:
            self._statistics.close()
            self._statistics = None

    async def _day(self) -> Day:
        """Today at one moment; what is not ready is made ready in between other things."""
        while True:
            state = self._engine.state
            if self._today.catch_up(state):
                return self._today.day(state, self._engine.now())
            await asyncio.sleep(0)

    def close(self) -> None:
        """What is being counted is finished, what waits is given up."""
        self._closing = True
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._let_go()
