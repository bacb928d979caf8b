"""A recorded day, read from a CSV file. What cannot be used is counted, named and left out, never silently.

The first line names the columns, after a line `sep=;` if a spreadsheet left one. Needed are `agency`, `queue`,
`service` and `issued_at`; of use are `called_at` and `open_counters_at_issue`; all others are passed over. Times are
ISO 8601; one without an offset is local in the zone that the caller names. Whatever is blank, `NA` or the like is not
known, and so are 0 open counters. Open counters are advice only: what cannot be read there is named and taken as not
known, and the row is used. A local time that a change of clocks makes occur twice is used as its first occurrence and
named; one that it leaves out cannot be used.

A replay is one business day, the date that most rows are of: it begins at the hour of the first ticket and is 24 hours
long, so that a night's work stays together.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from queue_server.domain.calendar import bounds
from queue_server.errors import Invalid

T = TypeVar("T")

NEEDED = ("agency", "queue", "service", "issued_at")
CALLED, COUNTERS = "called_at", "open_counters_at_issue"
NOT_KNOWN = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "?"})

LONGEST_NAME = 200
"""Characters of an agency, queue or service; a longer one means that a quotation mark is missing."""
LONGEST_RECORD = 20
"""Lines of one row: a name may have line breaks in it, a whole file may not."""
MOST_COUNTERS = 200
"""Open counters of one queue; more is a mistake."""
LATEST_START = 11
"""The hour at which a business day begins at the latest."""
YEARS = range(1980, 2200)

_SEPARATOR = re.compile(r'"?sep=([^\w\s"]|\t)"?\s*', re.IGNORECASE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Arrival(Struct, frozen=True, kw_only=True):
    """One ticket of the day; instants in milliseconds since the epoch."""

    line: int
    agency: str
    queue: str
    service: str
    issued_at: int
    called_at: int | None
    open_counters: int | None


class Skipped(Struct, frozen=True, kw_only=True):
    """A row that could not be used, or a part of one."""

    line: int
    why: str


class Day(Struct, frozen=True, kw_only=True):
    """`arrivals` in order of issue, those of one instant as in the file; `start_hour` is local.

    `doubted` are rows that are used without a field that cannot be read.
    """

    date: date
    zone: ZoneInfo
    start_hour: int
    starts_at: int
    ends_at: int
    arrivals: tuple[Arrival, ...]
    skipped: tuple[Skipped, ...]
    doubted: tuple[Skipped, ...] = ()


class _Bad(Exception):
    """Why a row cannot be used."""


def read_day(path: Path, zone: ZoneInfo) -> Day:
    """The day in the file. Raises Invalid, which says what to do, if there is none."""
    lines = _lines(path)
    header_at, said = _separator(lines)
    names, separator = _header(path.name, lines, header_at, said)
    rows: list[Arrival] = []
    skipped: list[Skipped] = []
    doubted: list[Skipped] = []
    for line, fields in _records(lines, header_at + 1, separator, len(names)):
        try:
            if isinstance(fields, _Bad):
                raise fields
            row = dict(zip(names, fields, strict=True))
            doubts: list[str] = []
            rows.append(_arrival(line, row, zone, doubts))
            doubted += [Skipped(line=line, why=doubt) for doubt in doubts]
        except _Bad as bad:
            skipped.append(Skipped(line=line, why=str(bad)))
    if not rows:
        first = f"; line {skipped[0].line}: {skipped[0].why}" if skipped else ", only the names of its columns"
        raise Invalid(f"{path.name}: no row can be used{first}.", reason="rows")
    return _one_day(rows, skipped, doubted, zone)


# Lines and columns


def _lines(path: Path) -> list[str | None]:
    """The file's lines with their ends; None is one that is not UTF-8."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise Invalid(f"{path}: there is no such file; name a CSV file with a day's tickets.") from None
    except OSError as error:
        raise Invalid(f"{path}: cannot be read ({error.strerror}); look at who may read it.") from error
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw[:1000]:
        raise Invalid(f"{path.name}: this is not UTF-8 text; save it as CSV in UTF-8.")
    return [_decoded(line) for line in raw.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)]


def _decoded(line: bytes) -> str | None:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


def _separator(lines: list[str | None]) -> tuple[int, str | None]:
    """Which line names the columns, and what stands between them if a spreadsheet wrote that above: `sep=;`."""
    said = _SEPARATOR.fullmatch((lines and lines[0]) or "")
    return (1, said[1]) if said else (0, None)


def _header(file: str, lines: list[str | None], at: int, separator: str | None) -> tuple[list[str], str]:
    """The names of the columns, and what stands between them: a comma, a semicolon or a tab, if nothing says so."""
    needs = f"its first line must name at least {', '.join(NEEDED)}"
    if not any(line is None or line.strip() for line in lines[at:]):
        raise Invalid(f"{file} is empty; {needs}, each other line is a ticket.", reason="empty")
    first = lines[at]
    if first is None:
        raise Invalid(f"{file}: this is not UTF-8 text; save it as CSV in UTF-8.", reason="encoding")
    separator = separator or max(",;\t", key=first.count)
    try:
        names = [name.strip().lower() for name in next(csv.reader([first], delimiter=separator, strict=True), [])]
    except csv.Error as error:
        raise Invalid(f"{file}: the first line is no CSV ({error}); {needs}.", reason="header") from None
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise Invalid(f"{file} has no column {', '.join(missing)}; {needs}.", reason="columns")
    twice = [name for name in (*NEEDED, CALLED, COUNTERS) if names.count(name) > 1]
    if twice:
        raise Invalid(f"{file} has the column {twice[0]} twice; keep one of them.", reason="columns")
    return names, separator


def _records(lines: list[str | None], at: int, separator: str, width: int) -> Iterator[tuple[int, list[str] | _Bad]]:
    """Each row from line `at` on, with the number of its first line. After a broken one the next line is read."""
    while at < len(lines):
        fields, used = _record(lines, at, separator, width)
        if fields != []:
            yield at + 1, fields
        at += used


def _record(lines: list[str | None], at: int, separator: str, width: int) -> tuple[list[str] | _Bad, int]:
    """One row and how many lines it takes; an empty list is an empty line."""
    if lines[at] is None:
        return _Bad("is not UTF-8; save the file as UTF-8"), 1
    reader = csv.reader(_readable(lines, at), delimiter=separator, strict=True)
    try:
        fields = next(reader)
    except csv.Error as error:
        return _Bad(f"is no CSV ({error}; is a quotation mark missing?)"), 1
    if fields and len(fields) != width:
        hint = "; is a quotation mark missing?" if reader.line_num > 1 else ""
        return _Bad(f"has {len(fields)} fields, the first line {width}{hint}"), 1
    return fields, reader.line_num


def _readable(lines: list[str | None], at: int) -> Iterator[str]:
    for line in lines[at : at + LONGEST_RECORD]:
        if line is None:
            return
        yield line


# Fields


def _arrival(line: int, row: dict[str, str], zone: ZoneInfo, doubts: list[str]) -> Arrival:
    """`doubts` hears of what cannot be read for certain in a row that is used."""
    agency, queue = _name(row, "agency"), _name(row, "queue")
    issued_at = _moment(row, "issued_at", zone, doubts)
    if issued_at is None:
        raise _Bad("issued_at is not known")
    called_at = _moment(row, CALLED, zone, doubts, not_before=issued_at)
    if called_at is not None and called_at < issued_at:
        raise _Bad("was called before it was issued")
    return Arrival(
        line=line,
        agency=agency,
        queue=queue,
        service=_name(row, "service", instead=queue),
        issued_at=issued_at,
        called_at=called_at,
        open_counters=_counters(row, doubts),
    )


def _counters(row: dict[str, str], doubts: list[str]) -> int | None:
    """How many were open, if that is known."""
    try:
        return _known(row, COUNTERS, _count) or None
    except _Bad as bad:
        doubts.append(str(bad))
        return None


def _moment(
    row: dict[str, str], column: str, zone: ZoneInfo, doubts: list[str], not_before: int | None = None
) -> int | None:
    """Milliseconds. Of a local time that occurs twice the first that is not before `not_before`."""
    moment = _known(row, column, _time)
    if moment is None:
        return None
    if moment.tzinfo is not None:
        return _ms(moment)
    first, second = (_ms(moment.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    if first == second:
        return first
    text = row[column].strip()
    if first > second:  # so in a gap: each reading takes the offset of the other side (PEP 495)
        raise _Bad(f'{column} "{text}" does not exist in {zone.key}, where clocks were put forward over it')
    used = 1 if not_before is not None and first < not_before <= second else 0
    doubts.append(
        f'{column} "{text}" occurs twice in {zone.key}, where clocks were put back;'
        f" taken as the {('first', 'second')[used]}; write its offset from UTC to be sure"
    )
    return (first, second)[used]


def _name(row: dict[str, str], column: str, instead: str = "") -> str:
    name = " ".join(row[column].split()) or instead
    if not name:
        raise _Bad(f"{column} is empty")
    if len(name) > LONGEST_NAME:
        raise _Bad(f"{column} has {len(name)} characters; is a quotation mark missing?")
    if any(unicodedata.category(letter) == "Cc" for letter in name):
        raise _Bad(f"{column} holds a control character")
    return name


def _known(row: dict[str, str], column: str, read: Callable[[str], T]) -> T | None:
    text = row.get(column, "").strip()
    if text.lower() in NOT_KNOWN:
        return None
    try:
        return read(text)
    except ValueError as error:
        raise _Bad(f'{column} "{text[:40]}" {error}') from None


def _time(text: str) -> datetime:
    """With an offset, or local. Raises ValueError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is no time; write it like 2020-01-13T08:05:48") from None
    if len(text) <= len("2020-01-13"):
        raise ValueError("has no time of day")
    if moment.year not in YEARS:
        raise ValueError("is no year of ours")
    return moment


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _count(text: str) -> int:
    """A whole number, also written `3.0`. Raises ValueError."""
    try:
        number = float(text)
    except ValueError:
        raise ValueError("is no number") from None
    if not 0 <= number <= MOST_COUNTERS or number != int(number):
        raise ValueError(f"is no whole number from 0 to {MOST_COUNTERS}")
    return int(number)


# The day


def _one_day(rows: list[Arrival], skipped: list[Skipped], doubted: list[Skipped], zone: ZoneInfo) -> Day:
    """What of the rows belongs to the day that most of them are of."""
    local = [(_EPOCH + row.issued_at * _MILLISECOND).astimezone(zone) for row in rows]
    dates = Counter(moment.date() for moment in local)
    day = max(dates, key=lambda date_: (dates[date_], -date_.toordinal()))
    start_hour = min(LATEST_START, *(moment.hour for moment in local if moment.date() == day))
    starts_at, ends_at = bounds(day, start_hour * 60, zone)
    kept: list[Arrival] = []
    left_out = list(skipped)
    for row, moment in zip(rows, local, strict=True):
        if not starts_at <= row.issued_at < ends_at:
            left_out.append(Skipped(line=row.line, why=f"is of {moment.date()}; this replay is of {day}"))
        elif row.called_at is not None and row.called_at >= ends_at:
            left_out.append(Skipped(line=row.line, why=f"was called after {day} had ended"))
        else:
            kept.append(row)
    used = {row.line for row in kept}
    return Day(
        date=day,
        zone=zone,
        start_hour=start_hour,
        starts_at=starts_at,
        ends_at=ends_at,
        arrivals=tuple(sorted(kept, key=lambda row: row.issued_at)),
        skipped=tuple(sorted(left_out, key=lambda skip: skip.line)),
        doubted=tuple(doubt for doubt in doubted if doubt.line in used),
    )
