"""Beside live figures: what is usual now and the day so far; and notes on days."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

from queue_server.errors import IllegalMove, Invalid
from queue_server.letters.days import day_said
from queue_server.registry.day_notes import DayNote
from queue_server.reports.period import Period, usual
from queue_server.stats.moments import Moment
from queue_server.stats.sight import Sight
from queue_server.web.ask import Ask, Nothing
from queue_server.web.noting import doer
from queue_server.web.scope import agencies_of
from queue_server.wire.reports import DayNoteRequest, DayNoteView, HalfHour, UsualView


async def usual_now(ask: Ask[None]) -> UsualView:
    """The live figures at this time of this weekday, and the day so far; for the tiles of the floor page."""
    state = ask.engine.state
    today = date.fromisoformat(state.day[:10])
    weeks = usual(Period(first=today, last=today))
    days = (weeks.first + timedelta(days=n) for n in range((weeks.last - weeks.first).days + 1))
    sight = Sight(agencies=agencies_of(ask.caller))
    found = await ask.parts.reports.usual([day for day in days if day.weekday() == today.weekday()], sight)
    return UsualView(
        weekday=today.weekday(),
        at=f"{found.at:%H:%M}",
        days=found.days,
        waiting=found.waiting,
        longest_wait_s=found.longest_s,
        within_target=found.within,
        counters=found.counters,
        served=found.served,
        today=tuple(_half_hour(end, moment) for end, moment in found.today),
    )


def _half_hour(end: datetime, moment: Moment) -> HalfHour:
    return HalfHour(
        at=f"{end:%H:%M}",
        waiting=moment.waiting,
        longest_wait_s=moment.longest_s,
        within_target=moment.share,
        counters=moment.counters,
        served=moment.served,
    )


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
    by, agencies = doer(ask.caller) or ask.caller.id, ask.caller.agencies
    day, notes = _date(ask.body.day, "day"), ask.parts.registry.day_notes
    note = await asyncio.to_thread(notes.add, day, words, agencies, by, address=ask.request.remote)
    if note is None:
        raise IllegalMove("That day has as many notes as it can have.", reason="full")
    return _view(note)


async def remove_note(ask: Ask[Nothing]) -> None:
    """Take a note away; an agency's people take away their agency's."""
    notes, by = ask.parts.registry.day_notes, doer(ask.caller)
    await asyncio.to_thread(notes.remove, ask["note"], by=by, address=ask.request.remote)


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
