"""The sentence that a report begins with: what changed most, when, and what stood behind it. Pure.

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


class Finding(Struct, frozen=True, kw_only=True):
    """What the sentence says, for words in any language. `kind`: hidden, quiet, few, rose, fell, late, short,
    calm, plain (nothing was promised)."""

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


def finding(
    whole: Group,
    earlier: Group,
    services: Iterable[Group],
    earlier_services: Iterable[Group],
) -> Finding:
    """Which service it is about; `placed` says when."""
    if whole.hidden:
        return Finding(kind="hidden")
    if whole.issued == 0 and whole.count == 0:
        return Finding(kind="quiet")
    if whole.few:
        return Finding(kind="few", count=whole.count, now=whole.half)
    then = {group.key[0]: group for group in earlier_services}
    moved = [
        (group, then[group.key[0]])
        for group in services
        if group.key[0] in then and not group.few and not then[group.key[0]].few and _worth(group, then[group.key[0]])
    ]
    if moved:
        group, old = max(moved, key=lambda pair: _weight(*pair))
        service = str(group.key[0])
        kind = "rose" if (group.half or 0) > (old.half or 0) else "fell"
        return Finding(kind=kind, service=service, now=group.half, before=old.half, within=group.within)
    late = [group for group in services if not group.few and group.within is not None and group.within < LATE_SHARE]
    if late:
        group = max(late, key=lambda one: (1 - (one.within or 0)) * one.count)
        service = str(group.key[0])
        return Finding(kind="late", service=service, now=group.half, within=group.within)
    if whole.within is None:
        return Finding(kind="plain", now=whole.half, most=whole.most)
    kind = "short" if whole.within < LATE_SHARE else "calm"
    return Finding(kind=kind, now=whole.half, before=earlier.half, within=whole.within)


def _worth(now: Group, old: Group) -> bool:
    change = abs((now.half or 0) - (old.half or 0))
    return change >= WORTH_S and change >= WORTH_SHARE * max(old.half or 0, 1)


def _weight(now: Group, old: Group) -> float:
    """What people lost or won in all; what got worse goes before what got better."""
    change = ((now.half or 0) - (old.half or 0)) * now.count
    return change if change > 0 else change / -1e6


def placed(found: Finding, cells: Iterable[Group]) -> Finding:
    """The weekday and the hours in which this service's people waited longest (worst.py), if enough of them did; else
    those of the worst half-hour that has enough, or what is around the worst.

    `cells` are its, by weekday and half-hour.
    """
    those = [cell for cell in cells if cell.half is not None]
    bad = worst(those)
    if bad is None:
        return found
    top, steady = bad.top, bad.steady
    span = _around(top, those)
    if span is None and steady is not None:
        top, span = steady, _around(steady, those)
    if span is None:
        span = _wider(top, those)
    if span is None:
        return found
    return replace(found, weekday=int(top.key[0] or 0), first_slot=span[0], last_slot=span[1])


WIDER = (2, 24, 48)
"""Half-hours of an hour, of half a day and of a day."""


def _wider(seed: Group, cells: Sequence[Group]) -> tuple[int, int] | None:
    """From when to when people were called within the hour, the half day or the day around it: the first of these in
    which enough were. None where the whole day had too few."""
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
    """`slots` are those of the weekday that it names: how many counters were open then, and at most on that day."""
    if found.first_slot is None or found.last_slot is None or not slots:
        return found
    then = [slots[at].counters or 0 for at in range(found.first_slot, found.last_slot)]
    most = max(slot.counters or 0 for slot in slots)
    return replace(found, counters=sum(then) / len(then), usual_counters=most) if most else found
