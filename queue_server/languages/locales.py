"""How a language writes dates, times and figures, and from which side it is read.

Babel reads CLDR's tables from its own files when a language is first asked for; the answer never depends on anything
else, so views that ask here stay pure.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from queue_server.languages.catalogues import HOUSE, SOURCE, catalogue

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

MINUTE_MS = 60_000


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The one that its house catalogue names, else the one of its code; what Babel does not know writes as English."""
    known = catalogue(HOUSE, language)
    if known is not None and known.locale is not None:
        return known.locale
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return locale_of(SOURCE)


def rtl(language: str) -> bool:
    """Whether it is read from right to left."""
    return locale_of(language).text_direction == "rtl"


def date_text(ms: int, tz: tzinfo, language: str) -> str:
    """With its weekday: `Selasa, 24 November 2026`."""
    return _of_minute(ms // MINUTE_MS, tz, language)[0]


def time_text(ms: int, tz: tzinfo, language: str) -> str:
    """To the minute: `09.05`."""
    return _of_minute(ms // MINUTE_MS, tz, language)[1]


@lru_cache(maxsize=1024)
def _of_minute(minute: int, tz: tzinfo, language: str) -> tuple[str, str]:
    """Date and time. Slips, tickets and boards ask for the same few minutes again and again."""
    local, locale = (_EPOCH + timedelta(minutes=minute)).astimezone(tz), locale_of(language)
    return format_date(local.date(), "full", locale), format_time(local, "short", tzinfo=tz, locale=locale)


def day_text(day: date, language: str, pattern: str = "full") -> str:
    """A date; `pattern` is one of CLDR's, such as `d MMM`, or a name of one."""
    return str(format_date(day, pattern, locale_of(language)))


def clock_text(hour: int, minute: int, language: str) -> str:
    """A time of day to the minute: `09.30`."""
    return str(format_time(time(hour, minute), "short", locale=locale_of(language)))


def weekday_text(day: int, language: str) -> str:
    """The name of a weekday, Monday 0."""
    return str(locale_of(language).days["format"]["wide"][day])


def decimal_text(value: float, language: str) -> str:
    """With European digits: `1,5`, and `2` for a whole number."""
    return format_decimal(value, locale=locale_of(language), numbering_system="latn")
