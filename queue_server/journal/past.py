"""Tickets of earlier days: what today's events still change about them. Pure.

The state knows today only. A late word from a printer, a reprint or a corrected outcome is an event of today about a
ticket that the state no longer holds; the same `evolve` carries it, into a state with nothing but that ticket.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol, cast

from msgspec import MsgspecError

from queue_server.domain.events import Event, OutcomeCorrected, SlipReported, SlipRequested
from queue_server.domain.evolve import evolve
from queue_server.domain.state import State
from queue_server.journal.rows import StepKey, StepRow, slip_to_json, ticket_of

Late = OutcomeCorrected | SlipRequested | SlipReported
"""What can still happen to a ticket whose day is over."""

_LATE = frozenset({OutcomeCorrected, SlipRequested, SlipReported})


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


def late_of(state: State, events: Iterable[Event]) -> tuple[Late, ...]:
    """Those of a command's events that are about tickets which the state does not hold, told apart once it is done."""
    late = [cast(Late, event) for event in events if type(event) in _LATE]
    return tuple([event for event in late if event.ticket not in state.tickets]) if late else ()


def follow(earlier: Earlier, late: Iterable[Late]) -> None:
    """Carry events about earlier tickets into their rows.

    Each event is carried before the next one is looked at: two about one ticket build on each other.
    """
    for event in late:
        rows = earlier.earlier(event.ticket)
        if rows:
            _carry(earlier, event, rows)


def _carry(earlier: Earlier, event: Late, rows: list[StepRow]) -> None:
    state = State()
    try:
        ticket = state.tickets[event.ticket] = ticket_of(rows)
    except (ValueError, MsgspecError):
        return  # rows that were damaged are mended from the events, this one among them; the hall goes on
    evolve(state, event)
    for row, step in zip(rows, ticket.steps, strict=True):
        slip = slip_to_json(ticket.slip) if row.step == 0 else None
        earlier.correct(row.key, step.outcome, slip)
