"""A report that nobody has opened: made for a schedule, with what a supervisor of that agency, or of the mall, sees."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from queue_server.reports.numbers import Where
from queue_server.reports.period import Period
from queue_server.reports.reckoned import Reckoned
from queue_server.reports.report import Report, make, read
from queue_server.stats.sight import Sight
from queue_server.web.parts import Parts


def reporting(parts: Parts) -> Callable[[Period, str, str], Awaitable[Report]]:
    """Of a span of days, of one agency (empty: the whole mall), in a language."""

    async def report(period: Period, agency: str, language: str) -> Report:
        own = frozenset({agency}) if agency else None
        numbers = Reckoned(parts.reports, Sight(agencies=own))
        words = await asyncio.to_thread(parts.that_day.words, language, period.first, period.last)
        found = await read(numbers, period, Where(agencies=own))
        noted = await asyncio.to_thread(parts.registry.day_notes.between, period.first, period.last, own)
        notes = [(note.day, note.text) for note in noted]
        return make(found, period, words, notes=notes, behind=lambda **more: "")

    return report
