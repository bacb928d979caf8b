"""What is known of a slip; only the latest job of a ticket counts."""

from __future__ import annotations

from heapq import heappush

from msgspec.structs import replace

from queue_server.domain import events as e
from queue_server.domain.records import Slip
from queue_server.domain.slip_life import SlipState
from queue_server.domain.state import State


def slip_requested(state: State, event: e.SlipRequested) -> None:
    ticket = state.tickets.get(event.ticket)
    if ticket is None:
        return
    ticket.slip = Slip(
        state=SlipState.QUEUED,
        job=event.job,
        printer=event.printer,
        expires_at=event.expires_at,
        copy=event.copy,
        clean=ticket.slip.clean and ticket.slip.state in (SlipState.NONE, SlipState.NOT_PRINTED),
    )
    if event.by is not None:
        ticket.unclaimed = False  # staff print it again for somebody who stands there
    heappush(state.deadlines, (event.expires_at, "slip", ticket.id))
    state.changes.tickets.add(ticket.id)


def slip_reported(state: State, event: e.SlipReported) -> None:
    ticket = state.tickets.get(event.ticket)
    if ticket is None or ticket.slip.job != event.job:
        return
    sent = not event.stayed and (ticket.slip.sent or event.sent or event.state == SlipState.PRINTING)
    ticket.slip = replace(ticket.slip, state=SlipState(event.state), reason=event.reason, sent=sent, told_at=event.at)
    if event.stayed and ticket.slip.expires_at is not None:
        heappush(state.deadlines, (ticket.slip.expires_at, "slip", ticket.id))
    state.changes.tickets.add(ticket.id)
