"""Which calendar months and years a question asks for as a whole, and by what their sums are kept. Pure.

A span is named as its days begin: `2026-03`, `2026`. Whatever a question leaves out of one (some of its days, a
weekday, the month that goes on) makes it no whole one; its days are then counted themselves.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from msgspec import Struct

from queue_server.stats.columns import WORDS
from queue_server.wire.stats import UNTIL, Measures, Promised, StatsQuestion, Times

Base = tuple[str, ...]

BASES: frozenset[Base] = frozenset(
    {
        (),
        *((name,) for name in (*WORDS, "half_hour", "fate", "weekday")),
        *(("agency", name) for name in ("service", "counter", "clerk", "category", "half_hour")),
        ("half_hour", "weekday"),
    }
)
"""By what sums are kept: each dimension alone, those that an agency's readers ask for, and the weeks' heat map."""

SHAPE = " ".join(["2", *(name for kind in (Measures, Times, Promised) for name in kind.__struct_fields__)])
"""How sums are kept (the first says in which way), and what is said in them: those of another one are made anew."""

MONTH, YEAR = len("2026-03"), len("2026")


class Span(Struct, frozen=True):
    """`of` tells its days and the version of each: other rows, another `of`."""

    name: str
    days: tuple[str, ...]
    of: bytes


def base_of(asked: StatsQuestion) -> Base | None:
    """By what it needs sums, apart from months; None where there are none for it."""
    if {"day", "week", "weekday"} & asked.where.keys():
        return None
    names = {*asked.group, *asked.where} - {"month", UNTIL}
    base = (*sorted(names & {"agency"}), *sorted(names - {"agency"}))
    return base if base in BASES else None


def whole(asked: StatsQuestion, days: Mapping[str, int], today: str, length: int) -> list[Span]:
    """The months or years (`length` of their names) of which all of each day is asked for, and that are over.

    `days` are those that there are of what is asked, each with its version."""
    cut = asked.where.get(UNTIL, (" ",))[0]
    inside: dict[str, list[str]] = defaultdict(list)
    for day in days:
        inside[day[:length]].append(day)
    return [
        span(name, those, days)
        for name, those in inside.items()
        if asked.from_ <= ends(name)[0]
        and ends(name)[1] <= asked.to
        and not (today.startswith(name) or cut.startswith(name))
    ]


def months_of(year: Span, versions: Mapping[str, int]) -> list[Span]:
    """Of a month none."""
    names = sorted({day[:MONTH] for day in year.days} - {year.name})
    return [span(name, [day for day in year.days if day.startswith(name)], versions) for name in names]


def span(name: str, days: Sequence[str], versions: Mapping[str, int]) -> Span:
    said = "\n".join([SHAPE, *(f"{day} {versions[day]}" for day in days)])
    return Span(name, tuple(days), blake2b(said.encode(), digest_size=16).digest())


def ends(name: str) -> tuple[str, str]:
    """The first and the last date of a span."""
    if len(name) == YEAR:
        return f"{name}-01-01", f"{name}-12-31"
    return f"{name}-01", f"{name}-{monthrange(int(name[:YEAR]), int(name[YEAR + 1 :]))[1]}"
