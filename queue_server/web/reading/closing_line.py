"""The hash that closed the last day of a report, so that whoever keeps the paper can hold the mall to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from queue_server.journal.closing import Closing
from queue_server.reports.period import Period
from queue_server.reports.report import Report
from queue_server.reports.words import Words
from queue_server.web.parts import Parts


def closed(report: Report, period: Period, words: Words, parts: Parts) -> Report:
    """The same with that sentence, if one of its days is closed and signed."""
    return closed_by(report, period, words, parts.closings.list if parts.closings is not None else [])


def closed_by(report: Report, period: Period, words: Words, signed: Sequence[Closing]) -> Report:
    """`signed` are the closings of all days, the oldest first."""
    first, last = period.first.isoformat(), period.last.isoformat()
    found = next((one for one in reversed(signed) if first <= one.day[:10] <= last), None)
    if found is None:
        return report
    day = words.day(date.fromisoformat(found.day[:10]))
    return replace(report, closing=words.t("closing", day=day, row=found.row, hash=found.hash))
