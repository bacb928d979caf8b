"""Questions to the statistics while the hall is at work: each is counted in a thread of its own, one after the other,
over today as the hall has it at one moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from queue_server.service.engine import Engine
from queue_server.stats.sight import Sight
from queue_server.stats.source import Day
from queue_server.stats.statistics import Statistics
from queue_server.stats.today import Today
from queue_server.wire.stats import CounterTimeView, StatsQuestion, StatsView, StepsBehind

Given = TypeVar("Given")


class Reports:
    def __init__(self, engine: Engine, statistics: Statistics) -> None:
        self._engine = engine
        self._statistics = statistics
        self._today = Today()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reports")
        engine.changed.append(lambda changes, events: self._today.note(changes))
        engine.rebuilt.append(self._today.forget)

    async def answer(self, question: StatsQuestion, sight: Sight) -> StatsView:
        """Raises Invalid or Forbidden, as stats/question.py and stats/sight.py say."""
        return await self._counted(partial(self._statistics.answer, question, sight))

    async def counter_time(self, question: StatsQuestion, sight: Sight) -> CounterTimeView:
        """The same of what counters did."""
        await self._engine.settled()  # today's spans are read from the disk
        return await self._counted(partial(self._statistics.counter_time, question, sight))

    async def steps_behind(self, question: StatsQuestion, sight: Sight, *, offset: int, limit: int) -> StepsBehind:
        """The steps of which a number was made, longest wait first."""
        ask = partial(self._statistics.steps_behind, question, sight, offset=offset, limit=limit)
        return await self._counted(ask)

    async def _counted(self, count: Callable[[Day], Given]) -> Given:
        today = await self._day()
        return await asyncio.get_running_loop().run_in_executor(self._thread, count, today)

    async def _day(self) -> Day:
        """Today at one moment; what is not ready is made ready in between other things."""
        state = self._engine.state
        while not self._today.catch_up(state):
            await asyncio.sleep(0)
            state = self._engine.state
        return self._today.day(state, self._engine.now())

    def close(self) -> None:
        """What is being counted is given up as soon as it can be."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._statistics.close()
