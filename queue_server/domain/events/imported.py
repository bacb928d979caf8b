"""History from elsewhere: another system's log, or what `antrean export` wrote. No state follows from it.

These events stand in streams of their own, never in a business day. Each says a whole row of what statistics read
(journal/rows.py, spans.py, day_facts.py): nothing is known of the moves that led to it. What is not known is left out.
"""

from __future__ import annotations

from typing import Any

from msgspec import field

from queue_server.domain.events.event import Event
from queue_server.domain.lifecycle import StepState


class ImportBegan(Event, frozen=True, kw_only=True):
    """`id` is random, `source` is `log` or `export`; `digest` is of the files' bytes and of what they were read by."""

    id: str
    source: str
    digest: str


class DayImported(Event, frozen=True, kw_only=True):
    """A day that the mall did not live here; `names` are what things were called, as day_facts.Names has them."""

    day: str
    starts_at: int
    ends_at: int
    timezone: str
    names: dict[str, dict[str, Any]] = field(default_factory=dict)


class StepImported(Event, frozen=True, kw_only=True):
    """One step of a ticket. Texts that are not known are empty, all else that is not is None.

    `served_ms` and `held_ms` are 0 where no stretch of serving, no hold is known. `slip` is JSON.
    """

    day: str
    issued_at: int
    ticket: str
    step: int = 0
    number: str = ""
    service: str
    agency: str
    category: str = ""
    channel: str = ""
    language: str = ""
    kiosk: str | None = None
    cases: int = 1
    state: StepState
    queued_at: int | None = None
    credit: int = 0
    booked_at: int | None = None
    target: int | None = None
    p50: int | None = None
    p90: int | None = None
    first_called_at: int | None = None
    called_at: int | None = None
    calls: int = 0
    started_at: int | None = None
    finished_at: int | None = None
    left_at: int | None = None
    was: StepState | None = None
    counter: str | None = None
    clerk: str | None = None
    outcome: str | None = None
    reason: str | None = None
    served_ms: int = 0
    held_ms: int = 0
    note: str | None = None
    slip: str | None = None
    missed: int = 0
    from_log: bool = False
    """As another system's log says it, which knows nothing of credit, holds, and calls in vain: 0 says nothing then."""


class CounterSpanImported(Event, frozen=True, kw_only=True):
    """From when to when a counter was in which state."""

    day: str
    counter: str
    from_at: int
    to_at: int | None = None
    clerk: str | None = None
    state: str
    reason: str | None = None
    service: str | None = None
    agency: str | None = None


class HallSpanImported(Event, frozen=True, kw_only=True):
    """From when to when the hall was held, evacuated, or the server away."""

    day: str
    from_at: int
    state: str
    to_at: int | None = None
    reason: str | None = None


class DayTakenBack(Event, frozen=True, kw_only=True):
    """All that was imported of a day was imported by mistake: nothing is known of it any more."""

    day: str


ImportedEvent = ImportBegan | DayImported | StepImported | CounterSpanImported | HallSpanImported | DayTakenBack
"""A type of the union alone says that an event belongs here."""
