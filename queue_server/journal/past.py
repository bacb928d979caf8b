"""Tickets of earlier days: what today's events still change about them. Pure.

The state knows today only. A late word from a printer, a reprint or a corrected outcome is an event of today about a
ticket that the state no longer holds; the same `evolve` carries it, into a state with nothing but that ticket.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from msgspec import MsgspecError

from queue_server.domain.events import Event, OutcomeCorrected, SlipReported, SlipRequested
from queue_server.domain.evolve import evolve
from queue_server.domain.state import State
from queue_server.journal.rows import StepKey, StepRow, slip_to_json, ticket_of


class Earlier(Protocol):
    """The rows of tickets of earlier days, in whatever store."""

    def earlier(self, ticket: str) -> list[StepRow]:
        """All steps of a ticket of an earlier day, in order; none of today's."""

    def correct(self, step: StepKey, outcome: str | None, slip: bytes | None) -> None:
        """What may still change about a step."""


def is_day(stream: object) -> bool:
    """Whether a stream is a business day; imported history has streams of other names.

    A date that was opened again, since a wrong clock had opened it before, has a number: `2026-11-24.2`. What a damaged
    file has in place of a name is none.
    """
    return isinstance(stream, str) and re.fullmatch(r"\d{4}-\d\d-\d\d(\.\d+)?", stream) is not None


def follow(earlier: Earlier, events: Iterable[Event], of_today: set[str]) -> None:
    """Carry events about earlier tickets into their rows; rows of the tickets `of_today` are written anyway.

    Each event is carried before the next one is looked at: two about one ticket build on each other.
    """
    for event in events:
        if isinstance(event, OutcomeCorrected | SlipRequested | SlipReported) and event.ticket not in of_today:
            rows = earlier.earlier(event.ticket)
            if rows:
                _carry(earlier, event, rows)


def _carry(earlier: Earlier, event: OutcomeCorrected | SlipRequested | SlipReported, rows: list[StepRow]) -> None:
    state = State()
    try:
        ticket = state.tickets[event.ticket] = ticket_of(rows)
    except (ValueError, MsgspecError):
        return  # rows that were damaged are mended from the events, this one among them; the hall goes on
    evolve(state, event)
    for row, step in zip(rows, ticket.steps, strict=True):
        slip = slip_to_json(ticket.slip) if row.step == 0 else None
        earlier.correct(row.key, step.outcome, slip)
