"""That days of a report were not lived here: their log says less, and a reader must know. Pure."""

from __future__ import annotations

from itertools import groupby

from queue_server.reports.period import Period
from queue_server.reports.words import Words

MOST = 3
"""Spans that are named one by one; of more the first and the last day."""


def imported_said(words: Words) -> str:
    """A sentence; empty where all days were lived here."""
    days = words.imported
    spans = [
        Period(first=those[0], last=those[-1])
        for imported, some in groupby(days, key=lambda day: days[day])
        if imported and (those := list(some))
    ]
    if not spans:
        return ""
    if all(days.values()):
        return words.t("imported.whole")
    if len(spans) > MOST:
        spans = [Period(first=spans[0].first, last=spans[-1].last)]
    return words.t("imported.some", days=", ".join(map(words.period, spans)))
