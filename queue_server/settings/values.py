"""How small values are written in config.toml: durations, times of day, dates, rates, colours.

Each reader takes what TOML gave and returns the value, or raises NotWritten, which says how it is written.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from queue_server.letters import capital, composed

#: The mall's accent must be readable on the pages' paper, and white letters on a button in it.
PAPER = "#FBFAF7"
WHITE = "#FFFFFF"
#: WCAG 2.2, success criterion 1.4.3, level AA for text of ordinary size.
READABLE = 4.5

#: Read from afar: level AAA, criterion 1.4.6; what only stands beside, such as a frame, criterion 1.4.11.
READ_FROM_AFAR = 7.0

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
LONGEST_MS = 366 * 86_400_000

Span = tuple[int, int]
"""From (included) to (excluded), minutes since midnight; after midnight they go on past 1440."""


class NotWritten(ValueError):
    """A value that is not written as it should be; `todo` says how it is."""

    def __init__(self, wrong: str, todo: str) -> None:
        super().__init__(f"{wrong}; {todo}")
        self.wrong = wrong
        self.todo = todo


class Duration(int):
    """Milliseconds."""


class ClockTime(int):
    """Minutes since local midnight."""


class VolumeFrom(NamedTuple):
    """From so many minutes since local midnight on, so many percent."""

    minute: int
    percent: int


class Volumes(tuple[VolumeFrom, ...]):
    """A day's, by their time."""


class Colour(str):
    """`#RRGGBB`, capitals."""


class MallId(str):
    """What a mall is called in its journal, for ever."""


class Rate(Struct, frozen=True, kw_only=True):
    """At most `count` within any `per_ms`."""

    count: int
    per_ms: int


_UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_DURATION = re.compile(r"(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?")
_CLOCK = re.compile(r"(\d\d):(\d\d)")
_VOLUME = re.compile(r"(\d\d:\d\d) (\d{1,3})%")
_RATE = re.compile(r"([1-9]\d*) per (\w+)")
_MALL_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,30}[a-z0-9]")
_EACH = {"second": "1s", "minute": "1m", "hour": "1h", "day": "1d"}


def duration(raw: object) -> Duration:
    """`"10m"`, `"90s"`, `"1h30m"`, `"500ms"`."""
    match = _DURATION.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        raise NotWritten(f"{shown(raw)} is no duration", 'write it like "90s", "10m" or "1h30m"')
    parts = zip(match.groups(), _UNITS.values(), strict=True)
    length = sum(int(number) * unit for number, unit in parts if number)
    if length > LONGEST_MS:
        raise NotWritten(f"{shown(raw)} is too long", "no duration is longer than 366 days")
    return Duration(length)


def clock_time(raw: object) -> ClockTime:
    """`"08:00"` to `"24:00"`."""
    match = _CLOCK.fullmatch(raw) if isinstance(raw, str) else None
    minutes = int(match[1]) * 60 + int(match[2]) if match else DAY_MINUTES + 1
    if match is None or int(match[2]) > 59 or minutes > DAY_MINUTES:
        raise NotWritten(f"{shown(raw)} is no time of day", 'write it like "08:00"')
    return ClockTime(minutes)


def volumes(raw: object) -> Volumes:
    """`["07:00 100%", "12:00 70%"]`."""
    found = (
        [_VOLUME.fullmatch(one) if isinstance(one, str) else None for one in raw] if isinstance(raw, list) else [None]
    )
    read = [VolumeFrom(clock_time(one[1]), int(one[2])) for one in found if one is not None]
    if len(read) < len(found) or any(one.percent > 100 for one in read):
        raise NotWritten(f"{shown(raw)} says no volumes", 'write from when on and how much, like ["12:00 70%"]')
    return Volumes(sorted(read))


def start_of_day(raw: object) -> ClockTime:
    """A time of day before noon: where a business day begins."""
    time = clock_time(raw)
    if time >= DAY_MINUTES // 2:
        raise NotWritten(f"{shown(raw)} is too late", 'a business day begins between "00:00" and "11:59"')
    return time


def span(raw: object) -> Span:
    """`"08:00-12:00"`; one that ends no later than it starts goes on past midnight."""
    start, dash, end = raw.partition("-") if isinstance(raw, str) else ("", "", "")
    if not dash:
        raise NotWritten(f"{shown(raw)} is no opening", 'write it like "08:00-12:00"')
    opens, closes = clock_time(start.strip()), clock_time(end.strip())
    if opens in (closes, DAY_MINUTES):
        raise NotWritten(f"{shown(raw)} is no opening", 'the whole day is "00:00-24:00"')
    return opens, closes if closes > opens else closes + DAY_MINUTES


def weekdays(key: str) -> range:
    """`mon`, or `mon-thu` for several in a row; Monday is 0."""
    first, dash, last = key.partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        raise NotWritten("is no weekday, nor several like mon-thu", f"write {', '.join(WEEKDAYS)}")
    start = WEEKDAYS.index(first)
    end = WEEKDAYS.index(last) if dash else start
    if end < start:
        raise NotWritten("goes backwards", "the week begins with mon")
    return range(start, end + 1)


def day(raw: object) -> date:
    """`2026-12-25`, in quotes or without."""
    try:
        found = date.fromisoformat(raw) if isinstance(raw, str) else raw
    except ValueError:
        found = None
    if type(found) is not date:
        raise NotWritten(f"{shown(raw)} is no date", "write it like 2026-12-25")
    return found


def rate(raw: object) -> Rate | None:
    """`"30 per minute"`, `"5 per 10m"`, or `"off"` for no limit (None)."""
    if raw == "off":
        return None
    match = _RATE.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        raise NotWritten(f"{shown(raw)} is no limit", 'write it like "30 per minute" or "5 per 10m", or "off"')
    return Rate(count=int(match[1]), per_ms=duration(_EACH.get(match[2], match[2])))


def mall_id(raw: object) -> MallId:
    """`"nusa-raya"`: it may become part of a host name, so it is as these are."""
    if not isinstance(raw, str) or not _MALL_ID.fullmatch(raw):
        raise NotWritten(
            f"{shown(raw)} is no id of a mall",
            'write 2 to 32 of a-z, 0-9 and -, like "nusa-raya", no - first or last',
        )
    return MallId(raw)


def colour(raw: object) -> Colour:
    if not isinstance(raw, str) or not re.fullmatch(r"#[0-9A-Fa-f]{6}", raw):
        raise NotWritten(f"{shown(raw)} is no colour", 'write it like "#0A5560"')
    return Colour(raw.upper())


def prefix(raw: object) -> str:
    """One to three letters of any script: capitals, where it is written with capitals."""
    letters = composed(raw) if isinstance(raw, str) else ""
    if not 1 <= len(letters) <= 3 or not letters.isalpha():
        raise NotWritten(f"{shown(raw)} is no prefix", 'write one to three capital letters, like "A"')
    capitals = composed("".join(map(capital, letters)))
    if letters != capitals:
        raise NotWritten(f"{shown(raw)} is no prefix", f'write one to three capital letters, like "{capitals}"')
    return letters


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(written: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance")."""
    channels = [int(written[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def shown(raw: object) -> str:
    """A value as whoever wrote it would recognise it, and no longer than a line takes."""
    text = {True: "true", False: "false"}[raw] if isinstance(raw, bool) else str(raw)
    if isinstance(raw, dict):
        return "a table"
    if isinstance(raw, list):
        return "a list"
    return f'"{text[:40]}"' if isinstance(raw, str) else text[:40]
