"""A report that nobody has opened: made for a schedule or a command, with what a supervisor of that agency, or of the
mall, sees."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial

from queue_server.registry.day_notes import DayNote
from queue_server.reports.numbers import Numbers, Where
from queue_server.reports.period import Period
from queue_server.reports.reckoned import Reckoned
from queue_server.reports.report import Report, make, read
from queue_server.reports.words import Words
from queue_server.stats.sight import Sight
from queue_server.web.parts import Parts
from queue_server.web.reading.closing_line import closed
from queue_server.web.reading.paper import paper_of

Notes = Callable[[date, date, frozenset[str] | None], Sequence[DayNote]]
"""What was noted on these days, for these agencies; takes time."""


async def made(numbers: Numbers, words: Words, notes: Notes, period: Period, where: Where) -> Report:
    """Numbers lead nowhere: whoever reads it may have no server at hand."""
    found = await read(numbers, period, where)
    noted = await asyncio.to_thread(notes, period.first, period.last, where.agencies)
    told = [(note.day, note.text) for note in noted]
    return make(found, period, words, notes=told, behind=lambda **more: "", service=where.service)


def reporting(parts: Parts) -> Callable[[Period, str, str], Awaitable[tuple[Report, Callable[[], str]]]]:
    """Of a span of days, of one agency (empty: the whole mall), in a language; and what writes it as one page."""

    async def report(period: Period, agency: str, language: str) -> tuple[Report, Callable[[], str]]:
        own = frozenset({agency}) if agency else None
        numbers = Reckoned(parts.reports, Sight(agencies=own))
        words = await asyncio.to_thread(parts.that_day.words, language, period.first, period.last)
        found = await made(numbers, words, parts.registry.day_notes.between, period, Where(agencies=own))
        found = closed(found, period, words, parts)
        narrowed = {"agency": agency} if agency else {}
        return found, partial(paper_of, found, words, narrowed, parts.settings().mall.accent, parts.engine.now())

    return report
