"""Beside live figures: what is usual now and the day so far; and notes on days."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from queue_server.domain.measures import rank
from queue_server.errors import IllegalMove, Invalid
from queue_server.letters.days import day_said
from queue_server.registry.day_notes import DayNote
from queue_server.reports.numbers import Group, Slot, Where
from queue_server.reports.period import Period, usual
from queue_server.reports.reckoned import Reckoned
from queue_server.stats.columns import LocalTime
from queue_server.web.ask import Ask, Nothing
from queue_server.web.reading.seen_by import sight_of
from queue_server.web.scope import agencies_of
from queue_server.wire.reports import DayNoteRequest, DayNoteView, HalfHour, UsualView


async def usual_now(ask: Ask[None]) -> UsualView:
    """What is usual at this hour of this weekday, and the day so far; for the tiles of the floor page."""
    parts, state = ask.parts, ask.engine.state
    numbers = Reckoned(parts.reports, sight_of(ask.caller, parts.settings(), ask.engine.state.day))
    today = date.fromisoformat(state.day[:10])
    weekday, slot = today.weekday(), _slot(ask.engine.now(), state.rules.timezone)
    day, where = Period(first=today, last=today), Where(agencies=agencies_of(ask.caller))
    same = Where(agencies=where.agencies, weekdays=frozenset({weekday}))
    weeks = usual(day)
    known = {int(group.key[0] or 0): group for group in await numbers.groups(weeks, ("half_hour",), same)}
    days = len(await numbers.days(weeks, same))
    whole = next(iter(await numbers.groups(weeks, (), same)), Group())
    slots = await numbers.slots(weeks, same) if days else []
    now = known.get(slot, Group())
    so_far = {int(group.key[0] or 0): group for group in await numbers.groups(day, ("half_hour",), where)}
    course = await numbers.slots(day, where)
    return UsualView(
        weekday=weekday,
        at=_at(slot),
        days=days,
        waiting=round(slots[slot].waiting, 1) if slots else None,
        counters=_tenths(slots[slot].counters) if slots else None,
        wait_p50_s=None if now.few else now.half,
        wait_max_s=None if now.few else _longest(await numbers.groups(weeks, ("day", "half_hour"), same), slot),
        within_target=whole.within,
        served=_served(known, slot, days),
        today=tuple(
            _half_hour(at, so_far.get(at, Group()), course[at] if at < slot else None)
            for at in range(min(so_far, default=slot + 1), max((slot, *so_far)) + 1)
        ),
    )


def _half_hour(slot: int, group: Group, course: Slot | None) -> HalfHour:
    return HalfHour(
        at=_at(slot),
        queued=group.issued,
        served=group.served or 0,  # of today it is known
        wait_p50_s=group.half,
        wait_max_s=group.longest,
        within_target=group.within,
        few=group.few,
        waiting=None if course is None else round(course.waiting, 1),
        counters=None if course is None else _tenths(course.counters),
    )


def _longest(of_days: Iterable[Group], slot: int) -> float | None:
    """Of the longest waits of this half-hour, one for each day, the median."""
    found = sorted(one.longest for one in of_days if one.key[1] == slot and one.longest is not None)
    return found[rank(len(found), 50)] if found else None


def _served(known: Mapping[int, Group], slot: int, days: int) -> float | None:
    """How many by this time of the day; None where some of the days do not know it."""
    so_far = [one for at, one in known.items() if at <= slot]
    if not days or any(one.unknown for one in so_far):
        return None
    return round(sum(one.served or 0 for one in so_far) / days, 1)


def _tenths(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _at(slot: int) -> str:
    return f"{slot // 2:02}:{slot % 2 * 30:02}"


def _slot(now: int, timezone: str) -> int:
    return LocalTime(timezone).half_hour(now)


async def day_notes(ask: Ask[None]) -> list[DayNoteView]:
    """Notes on the days from `from` to `to`, the last four weeks where they are left out."""
    first, last = _day(ask, "from", -28), _day(ask, "to", 0)
    found = await asyncio.to_thread(ask.parts.registry.day_notes.between, first, last, agencies_of(ask.caller))
    return [_view(note) for note in found]


async def note_day(ask: Ask[DayNoteRequest]) -> DayNoteView:
    """Leave a note on a day; it stands on every chart of it."""
    words = " ".join(ask.body.words.split())
    if not words:
        raise Invalid("A note has words.", reason="field", field="words")
    by, agencies = ask.caller.clerk or ask.caller.id, ask.caller.agencies
    note = await asyncio.to_thread(ask.parts.registry.day_notes.add, _date(ask.body.day, "day"), words, agencies, by)
    if note is None:
        raise IllegalMove("That day has as many notes as it can have.", reason="full")
    return _view(note)


async def remove_note(ask: Ask[Nothing]) -> None:
    """Take a note away; an agency's people take away their agency's."""
    await asyncio.to_thread(ask.parts.registry.day_notes.remove, ask["note"])


def _view(note: DayNote) -> DayNoteView:
    return DayNoteView(id=note.id, day=note.day, words=note.text, agencies=note.agencies)


def _day(ask: Ask[None], name: str, otherwise: int) -> date:
    said = ask.request.query.get(name)
    if said is None:
        return date.fromisoformat(ask.engine.state.day[:10]) + timedelta(days=otherwise)
    return _date(said, name)


def _date(said: str, field: str) -> date:
    try:
        return day_said(said)
    except ValueError:
        raise Invalid(f"`{field}` is a day such as 2026-11-24.", reason="field", field=field) from None
