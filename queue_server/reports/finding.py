"""The sentence that a report begins with: what people suffered most, when, and what stood behind it. Pure.

It says what the figures say and no more: that a wait rose while fewer counters were open is two facts beside each
other, not a cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from queue_server.reports.numbers import FEWEST, Group, Slot
from queue_server.reports.stretches import Stretch, around, hours, weekday_of, worst_stretch
from queue_server.reports.worst import worst

WORTH_S = 120
"""A median that moved by less is as before."""
WORTH_SHARE = 0.15
LATE_SHARE = 0.9
"""A service that keeps its target for fewer than this is worth a word."""
WORTH_MOST_S = 300
"""And the wait of nine in ten by less than this."""
SUFFERED = 5
"""What the wait of nine in ten rose by was lived by one in so many."""
LONG_S = 1_800
TIMES = 3
"""A crowd that waited longer than LONG_S and so many times the usual wait goes before whatever moved."""
FEWER = 0.8
"""Of the most counters that were open at once: with more than this nothing is said of counters."""
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
    date: str | None = None
    """Where it was not that weekday in general, but one."""
    counters: int | None = None
    """Open for the longest of these hours in which they were fewer than `usual_counters`, the most on that day…"""
    usual_counters: int | None = None
    fewer: tuple[int, int] | None = None
    """…from this half-hour to before that one."""
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
    days: Iterable[Group] = (),
) -> Finding:
    """Which service it is about; `placed` says when. `cells` are all services by weekday and half-hour, `days` by date
    and half-hour, where single days may be named."""
    if whole.hidden:
        return Finding(kind="hidden")
    if whole.issued == 0 and whole.count == 0:
        return Finding(kind="quiet")
    if whole.few:
        return Finding(kind="few", count=whole.count, now=whole.half)
    crowd = _peak(whole, earlier, cells, days)
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


def _peak(whole: Group, earlier: Group, cells: Iterable[Group], days: Iterable[Group]) -> Finding | None:
    """The hours of one weekday, or of one day, in which many waited much longer than usual, and past their target. What
    most people lived through is no crowd: then it is the wait that rose."""
    usual = min(known) if (known := [one.half for one in (whole, earlier) if one.half is not None]) else 0

    def crowded(those: Sequence[Group]) -> Stretch | None:
        bad = worst(those)
        for seed in (bad.top, bad.steady) if bad is not None else ():
            span = around(seed, those) if seed is not None else None
            if seed is None or span is None or span.half < max(LONG_S, TIMES * usual):
                continue
            day = [cell for cell in those if cell.key[0] == seed.key[0]]
            crowd = sum(cell.count for cell in day if span.first <= int(cell.key[1] or 0) < span.last)
            if crowd <= whole.count / 2 and (seed.within is None or seed.within < LATE_SHARE):
                return span
        return None

    found = worst_stretch(_known(cells), _known(days), crowded)
    if found is None:
        return None
    before = earlier.most if not earlier.few else None
    return _at(Finding(kind="peak", now=found.half, most=whole.most, before=before), found)


def _known(cells: Iterable[Group]) -> list[Group]:
    return [cell for cell in cells if cell.half is not None]


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


def placed(
    found: Finding,
    cells: Iterable[Group],
    everybody: Iterable[Group] = (),
    days: Iterable[Group] = (),
    days_of_all: Iterable[Group] = (),
) -> Finding:
    """The weekday or the day and the hours in which this service's people waited longest (stretches.py), if enough of
    them did; else those of all services together; else its worst weekday.

    `cells` are its, by weekday and half-hour, `everybody` those of all; `days` the same by date.
    """
    those = _known(cells)
    own = worst_stretch(those, _known(days), hours)
    if own is not None:
        return _at(found, own)
    all_ = worst_stretch(_known(everybody), _known(days_of_all), hours)
    if all_ is not None:
        return replace(_at(found, all_), together=True)
    bad = worst(those)
    if bad is None or sum(cell.count for cell in those if cell.key[0] == bad.top.key[0]) < FEWEST:
        return found
    return replace(found, weekday=int(bad.top.key[0] or 0))


def _at(found: Finding, hours: Stretch) -> Finding:
    return replace(
        found,
        weekday=weekday_of(hours.of),
        date=None if isinstance(hours.of, int) else hours.of,
        first_slot=hours.first,
        last_slot=hours.last,
    )


def with_counters(found: Finding, slots: Sequence[Slot]) -> Finding:
    """`slots` are those of the weekday or day that it names: how many counters were open then and when, at most on that
    day, and whether none was. An average over hours would be a number of counters that never was."""
    if found.first_slot is None or found.last_slot is None or not slots:
        return found
    those = range(found.first_slot, found.last_slot)
    most = max(_counters(slot) for slot in slots)
    if not most:
        return found
    found = replace(found, usual_counters=most, shut=_shut(those, slots))
    few = [run for run in _runs(those, slots) if 0 < _counters(slots[run[0]]) <= FEWER * most]
    if not few:
        return found
    first, last = max(few, key=lambda run: (run[1] - run[0], -_counters(slots[run[0]]), -run[0]))
    return replace(found, counters=_counters(slots[first]), fewer=(first, last))


def _counters(slot: Slot) -> int:
    """As many as were open for most of it; one that was open for a while is one."""
    many = slot.counters or 0
    return 0 if many < SHUT else max(1, int(many + 0.5))


def _runs(those: Sequence[int], slots: Sequence[Slot]) -> list[tuple[int, int]]:
    """From which half-hour to before which the same number of counters was open."""
    starts = [at for at in those if at == those[0] or _counters(slots[at]) != _counters(slots[at - 1])]
    return list(zip(starts, [*starts[1:], those[-1] + 1], strict=True))


def _shut(half_hours: Sequence[int], slots: Sequence[Slot]) -> tuple[int, int] | None:
    """The first of these half-hours in which people waited before no counter at all, and those that follow on it."""
    shut = [at for at in half_hours if slots[at].waiting >= 0.5 and slots[at].counters is not None]
    shut = [at for at in shut if (slots[at].counters or 0) < SHUT]
    if not shut:
        return None
    last = shut[0]
    while last + 1 in shut:
        last += 1
    return shut[0], last + 1
