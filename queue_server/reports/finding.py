"""The sentence that a report begins with: what people suffered most, when, and what stood behind it. Pure.

It says what the figures say and no more: that a wait rose while fewer counters were open is two facts beside each
other, not a cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from queue_server.reports.numbers import FEWEST, Group, Slot
from queue_server.reports.worst import worst

WORTH_S = 120
"""A median that moved by less is as before."""
WORTH_SHARE = 0.15
NEARLY = 0.75
"""Half-hours beside the worst count as one with it, if half waited at least this share of its time."""
LATE_SHARE = 0.9
"""A service that keeps its target for fewer than this is worth a word."""
WORTH_MOST_S = 300
"""And the wait of nine in ten by less than this."""
SUFFERED = 5
"""What the wait of nine in ten rose by was lived by one in so many."""
LONG_S = 1_800
TIMES = 3
"""A crowd that waited longer than LONG_S and so many times the usual wait goes before whatever moved."""
SHUT = 0.05
"""Counters open on the average of a half-hour: fewer are none."""


class Finding(Struct, frozen=True, kw_only=True):
    """What the sentence says, for words in any language. `kind`: hidden, quiet, few, peak (many waited long at
    once), rose, rose_most (by the wait of nine in ten), fell, late, short, calm, plain (nothing was promised)."""

    kind: str
    service: str | None = None
    count: int = 0
    now: float | None = None
    before: float | None = None
    most: float | None = None
    within: float | None = None
    first_slot: int | None = None
    last_slot: int | None = None
    weekday: int | None = None
    counters: float | None = None
    usual_counters: float | None = None
    together: bool = False
    """The hours are those of all services, since too few waited for this one."""
    shut: tuple[int, int] | None = None
    """From which half-hour to before which people waited and no counter was open."""


def finding(
    whole: Group,
    earlier: Group,
    services: Iterable[Group],
    earlier_services: Iterable[Group],
    cells: Iterable[Group] = (),
) -> Finding:
    """Which service it is about; `placed` says when. `cells` are all services by weekday and half-hour."""
    if whole.hidden:
        return Finding(kind="hidden")
    if whole.issued == 0 and whole.count == 0:
        return Finding(kind="quiet")
    if whole.few:
        return Finding(kind="few", count=whole.count, now=whole.half)
    crowd = _peak(whole, earlier, cells)
    if crowd is not None:
        return crowd
    services = list(services)
    then = {group.key[0]: group for group in earlier_services if not group.few}
    known = [(group, then[group.key[0]]) for group in services if group.key[0] in then and not group.few]
    moves = [move for pair in known for move in _moves(*pair)]
    if moves:
        return max(moves, key=lambda move: move[0])[1]
    group = misses_most(services)
    if group is not None and (group.within or 0) < LATE_SHARE:
        return Finding(kind="late", service=str(group.key[0]), now=group.half, within=group.within)
    if whole.within is None:
        return Finding(kind="plain", now=whole.half, most=whole.most)
    kind = "short" if whole.within < LATE_SHARE else "calm"
    return Finding(kind=kind, now=whole.half, before=earlier.half, within=whole.within)


def misses_most(services: Iterable[Group]) -> Group | None:
    """The service that keeps its target for the smallest share, of those with enough cases: the first sentence and
    the table of services name the same one."""
    known = [group for group in services if not group.few and group.within is not None]
    return min(known, key=lambda group: (group.within or 0, -group.count), default=None)


def _peak(whole: Group, earlier: Group, cells: Iterable[Group]) -> Finding | None:
    """The hours of one weekday in which many waited much longer than usual, and past their target. What most people
    lived through is no crowd: then it is the wait that rose."""
    those = [cell for cell in cells if cell.half is not None]
    bad = worst(those)
    seeds = [seed for seed in (bad.top, bad.steady) if seed is not None] if bad is not None else []
    usual = min(known) if (known := [one.half for one in (whole, earlier) if one.half is not None]) else 0
    for seed in seeds:
        span = _around(seed, those)
        if span is None or (seed.half or 0) < max(LONG_S, TIMES * usual):
            continue
        day = [cell for cell in those if cell.key[0] == seed.key[0]]
        crowd = sum(cell.count for cell in day if span[0] <= int(cell.key[1] or 0) < span[1])
        if crowd > whole.count / 2 or (seed.within is not None and seed.within >= LATE_SHARE):
            continue
        return Finding(
            kind="peak",
            now=seed.half,
            most=whole.most,
            before=earlier.most if not earlier.few else None,
            weekday=int(seed.key[0] or 0),
            first_slot=span[0],
            last_slot=span[1],
        )
    return None


def _moves(now: Group, old: Group) -> list[tuple[float, Finding]]:
    """What moved for a service, each with what people lost or won in all by it: what got worse goes before what got
    better, and nothing got better where the longest waits got longer."""
    service, half, most = str(now.key[0]), (now.half or 0) - (old.half or 0), (now.most or 0) - (old.most or 0)
    found = []
    if worth(most, old.most, WORTH_MOST_S) and most > 0:
        said = Finding(kind="rose_most", service=service, now=now.most, before=old.most, within=now.within)
        found.append((most * now.count / SUFFERED, said))
    if worth(half, old.half, WORTH_S) and (half > 0 or not found):
        said = Finding(
            kind="rose" if half > 0 else "fell", service=service, now=now.half, before=old.half, within=now.within
        )
        found.append((half * now.count if half > 0 else half * now.count / -1e6, said))
    return found


def worth(change: float, before: float | None, least: float) -> bool:
    """Whether a wait that moved by `change` is not as before."""
    return abs(change) >= least and abs(change) >= WORTH_SHARE * max(before or 0, 1)


def placed(found: Finding, cells: Iterable[Group], everybody: Iterable[Group] = ()) -> Finding:
    """The weekday and the hours in which this service's people waited longest (worst.py), if enough of them did; else
    those of all services together; else its worst day.

    `cells` are its, by weekday and half-hour, `everybody` those of all.
    """
    those = [cell for cell in cells if cell.half is not None]
    own = _hours(those)
    if own is not None:
        return _at(found, own)
    all_ = _hours([cell for cell in everybody if cell.half is not None])
    if all_ is not None:
        return replace(_at(found, all_), together=True)
    bad = worst(those)
    if bad is None or sum(cell.count for cell in those if cell.key[0] == bad.top.key[0]) < FEWEST:
        return found
    return replace(found, weekday=int(bad.top.key[0] or 0))


def _at(found: Finding, hours: tuple[int, int, int]) -> Finding:
    return replace(found, weekday=hours[0], first_slot=hours[1], last_slot=hours[2])


def _hours(cells: Sequence[Group]) -> tuple[int, int, int] | None:
    """A weekday, from which half-hour, and before which."""
    bad = worst(cells)
    if bad is None:
        return None
    for seed in (bad.top, bad.steady):
        span = _around(seed, cells) if seed is not None else None
        if seed is not None and span is not None:
            return int(seed.key[0] or 0), *span
    span = _wider(bad.top, cells)
    return (int(bad.top.key[0] or 0), *span) if span is not None else None


WIDER = (2, 4)
"""Half-hours of one hour and of two: more would say nothing of when."""


def _wider(seed: Group, cells: Sequence[Group]) -> tuple[int, int] | None:
    """From when to when people were called within the hour or the two hours around it: the first of these in which
    enough were."""
    day = {int(cell.key[1] or 0): cell.count for cell in cells if cell.key[0] == seed.key[0]}
    slot = int(seed.key[1] or 0)
    for wide in WIDER:
        those = [at for at in day if at // wide == slot // wide]
        if sum(day[at] for at in those) >= FEWEST:
            return min(those), max(those) + 1
    return None


def _around(seed: Group, cells: Sequence[Group]) -> tuple[int, int] | None:
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
    return (first, last + 1) if many >= FEWEST else None


def with_counters(found: Finding, slots: Sequence[Slot]) -> Finding:
    """`slots` are those of the weekday that it names: how many counters were open then, at most on that day, and
    whether none was."""
    if found.first_slot is None or found.last_slot is None or not slots:
        return found
    hours = range(found.first_slot, found.last_slot)
    most = max(slot.counters or 0 for slot in slots)
    if not most:
        return found
    open_ = sum(slots[at].counters or 0 for at in hours) / len(hours)
    return replace(found, counters=open_, usual_counters=most, shut=_shut(hours, slots))


def _shut(hours: Sequence[int], slots: Sequence[Slot]) -> tuple[int, int] | None:
    """The first of these half-hours in which people waited before no counter at all, and those that follow on it."""
    shut = [at for at in hours if slots[at].waiting >= 0.5 and slots[at].counters is not None]
    shut = [at for at in shut if (slots[at].counters or 0) < SHUT]
    if not shut:
        return None
    last = shut[0]
    while last + 1 in shut:
        last += 1
    return shut[0], last + 1
