"""How another system's log is to be read: a TOML file that says which of its columns is which of our fields.

docs/handover.md shows one with every key. What a log does not have is left out here; nothing is made up for it.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping as Table
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from msgspec import Struct, field

from queue_server.errors import Broken
from queue_server.settings.mistakes import nearest

Column = str | int | list[str | int]
"""A heading, a place from 1 on where there are no headings, or several of these, joined by a space."""

TIMES = ("queued_at", "booked_at", "called_at", "started_at", "finished_at", "left_at")
LENGTHS = ("wait", "service_time", "target")
IDS = ("service", "agency", "counter", "category", "channel", "language", "kiosk", "outcome")
FIELDS = (*TIMES, *LENGTHS, *IDS, "journey", "number", "service_name", "agency_name", "clerk", "cases", "state")
"""What a row may say."""
TELLING = ("called_at", "started_at", "finished_at", "state", "counter", "clerk", "category", "channel", "target")
"""What statistics rest on, beside since when somebody waited for what."""

STATES = {
    "served": "finished",
    "finished": "finished",
    "transferred": "transferred",
    "no_show": "no_show",
    "abandoned": "cancelled",
    "cancelled": "cancelled",
    "unknown": "unknown",
}
"""How a step may have ended, and what we call it."""

ISO, EPOCH_S, EPOCH_MS = "iso", "epoch_s", "epoch_ms"
UNITS_MS = {"ms": 1, "s": 1_000, "min": 60_000}


class FileForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`skip` lines stand before the headings, or before the first row where there are none."""

    encoding: str = "utf-8-sig"
    separator: str = ","
    quote: str = '"'
    headings: bool = True
    skip: int = 0


class TimeForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`formats` are tried in their order: `iso`, `epoch_s`, `epoch_ms`, or as Python's strptime has them. `zone` is of
    times that do not say theirs, the mall's if left out. `lengths` is the unit of waits, service times and targets."""

    zone: str = ""
    formats: tuple[str, ...] = (ISO,)
    lengths: Literal["s", "min", "ms"] = "s"


class Mapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`missing` are the texts that stand for what is not known. `fixed` is so in every row. `values` says which of
    their words is which of ours, by field."""

    columns: dict[str, Column]
    file: FileForm = FileForm()
    time: TimeForm = TimeForm()
    missing: tuple[str, ...] = ("",)
    fixed: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)


def load(path: Path) -> Mapping:
    """Raises Broken, with what is wrong and what to do."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        found = msgspec.convert(raw, Mapping)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Broken(f"{path} cannot be read: {error}.") from error
    except msgspec.ValidationError as error:
        raise Broken(f"{path}: {_said(str(error))}") from error
    wrong = _wrong(found)
    if wrong:
        raise Broken(f"{path}: {wrong}")
    return found


def _said(error: str) -> str:
    unknown = re.search(r"unknown field `(.*?)`", error)
    if unknown is None:
        return error
    keys = [*Mapping.__struct_fields__, *FileForm.__struct_fields__, *TimeForm.__struct_fields__]
    return f'there is no key "{unknown[1]}"{nearest(unknown[1], keys)}'


def _wrong(mapping: Mapping) -> str | None:
    tables: tuple[tuple[str, Table[str, object]], ...] = (
        ("columns", mapping.columns),
        ("fixed", mapping.fixed),
        ("values", mapping.values),
    )
    for table, said in tables:
        for name in said:
            if name not in FIELDS:
                return f'{table}.{name}: there is no field "{name}"{nearest(name, FIELDS)}'
    for name in ("queued_at", "service", "agency"):
        if name not in mapping.columns and (name == "queued_at" or name not in mapping.fixed):
            return f"columns.{name}: without it no row can be read; name the column that has it"
    for name in ("separator", "quote"):
        if len(getattr(mapping.file, name)) != 1:
            return f'file.{name}: it is one sign, such as "{getattr(FileForm(), name)}"'
    try:
        codecs.lookup(mapping.file.encoding)
    except LookupError:
        return f'file.encoding: there is no encoding "{mapping.file.encoding}"; say utf-8, cp1252, cp1251…'
    return _wrong_zone(mapping.time.zone) if mapping.time.zone else None


def _wrong_zone(zone: str) -> str | None:
    if zone in available_timezones():
        return None
    return f'time.zone: there is no time zone "{zone}"{nearest(zone, sorted(available_timezones()))}'


def zone_of(mapping: Mapping, malls: str) -> ZoneInfo:
    return ZoneInfo(mapping.time.zone or malls)
