"""What somebody says for a day or an instant, in an address or a body: one form, and only what a mall can have lived.

Python reads more (`20261124`, `2026-W48-2`, the year 1), and at the ends of its calendar every sum with a day fails.
"""

from __future__ import annotations

import re
from datetime import date, datetime

YEARS = range(1900, 2200)

_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_said(text: str) -> date:
    """Raises ValueError for what is none."""
    if not _FORM.fullmatch(text):
        raise ValueError("no day")
    return _within(date.fromisoformat(text))


def instant_said(text: str) -> datetime:
    """With its zone, if it says one. Raises ValueError for what is none."""
    read = datetime.fromisoformat(text)
    _within(read.date())
    return read


def _within(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError("no day of a mall")
    return day
