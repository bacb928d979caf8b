"""In which hours people waited longest: of a weekday, or of a single date. Pure.

Over several weeks the bad hours of one Friday are few among those of all Fridays. So dates compete with weekdays: a
date is named where people suffered more on it than half of what they suffered on all dates of the weekday that would be
named, and twice as much as on its others on the average. What they suffered is by how much they waited longer than is
usual, all together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from msgspec import Struct

from queue_server.reports.numbers import FEWEST, Group
from queue_server.reports.worst import worst

NEARLY = 0.75
"""Half-hours beside the worst count as one with it, if half waited at least this share of its time."""
WIDER = (2, 4)
"""Half-hours of one hour and of two: more would say nothing of when."""
TWICE = 2
MOST_DAYS = 62
"""In a longer span no single day is looked at."""


class Stretch(Struct, frozen=True, kw_only=True):
    """From half-hour `first` to before `last` of a weekday (Monday 0) or a date; half waited `half` in its worst."""

    of: int | str
    first: int
    last: int
    half: float


Find = Callable[[Sequence[Group]], Stretch | None]
"""Looks among the half-hours of weekdays, or of one date."""


def worst_stretch(cells: Sequence[Group], days: Iterable[Group], find: Find) -> Stretch | None:
    """What `find` finds among `cells`, by weekday and half-hour, or on one of the `days`, by date and half-hour."""
    of_weekday, by_date = find(cells), defaultdict(list)
    for cell in days:
        by_date[str(cell.key[0])].append(cell)
    usual = _usual(cells)

    def suffered(those: Iterable[Group]) -> float:
        """On the whole day: a sharp peak is a short stretch, and no smaller for that."""
        return sum(cell.count * max(0.0, (cell.half or 0) - usual) for cell in those)

    found = [(suffered(cells_of), one) for cells_of in by_date.values() if (one := find(cells_of)) is not None]
    if not found:
        return of_weekday
    most, of_date = max(found, key=lambda pair: pair[0])
    if of_weekday is None:
        return of_date
    those = {day: suffered(some) for day, some in by_date.items() if weekday_of(day) == of_weekday.of}
    others = [much for day, much in those.items() if day != of_date.of]
    alone = not others or most > TWICE * sum(others) / len(others)
    return of_date if alone and most > sum(those.values()) / 2 else of_weekday


def weekday_of(day: int | str) -> int:
    """Of a date, or what is one already."""
    return day if isinstance(day, int) else date.fromisoformat(day).weekday()


def _usual(cells: Iterable[Group]) -> float:
    """What half waited in the half-hour of the person in the middle."""
    known = sorted((cell.half or 0, cell.count) for cell in cells if cell.half is not None)
    middle = sum(count for _, count in known) / 2
    for half, count in known:
        middle -= count
        if middle <= 0:
            return half
    return 0.0


def hours(cells: Sequence[Group]) -> Stretch | None:
    """Around the worst half-hour, else around the worst of those with enough people, else its hour or two."""
    bad = worst(cells)
    if bad is None:
        return None
    for seed in (bad.top, bad.steady):
        if seed is not None and (span := around(seed, cells)) is not None:
            return span
    return _wider(bad.top, cells)


def around(seed: Group, cells: Sequence[Group]) -> Stretch | None:
    """From which half-hour to before which it was nearly as bad; None where too few waited then."""
    slot = int(seed.key[1] or 0)
    day = {int(cell.key[1] or 0): cell for cell in cells if cell.key[0] == seed.key[0]}
    near = {at for at, cell in day.items() if (cell.half or 0) >= (seed.half or 0) * NEARLY}
    first = last = slot
    while first - 1 in near:
        first -= 1
    while last + 1 in near:
        last += 1
    many = sum(day[at].count for at in range(first, last + 1))
    return _stretch(seed, first, last + 1) if many >= FEWEST else None


def _wider(seed: Group, cells: Sequence[Group]) -> Stretch | None:
    """From when to when people were called within the hour or the two hours around it: the first of these in which
    enough were."""
    day = {int(cell.key[1] or 0): cell.count for cell in cells if cell.key[0] == seed.key[0]}
    slot = int(seed.key[1] or 0)
    for wide in WIDER:
        those = [at for at in day if at // wide == slot // wide]
        if sum(day[at] for at in those) >= FEWEST:
            return _stretch(seed, min(those), max(those) + 1)
    return None


def _stretch(seed: Group, first: int, last: int) -> Stretch:
    return Stretch(of=seed.key[0] or 0, first=first, last=last, half=seed.half or 0)
