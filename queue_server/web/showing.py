"""What this asker is shown of a ticket: the public view, or the staff's within their own agency."""

from __future__ import annotations

from typing import Any

from queue_server.domain.commands import Command
from queue_server.domain.records import Ticket
from queue_server.errors import IllegalMove, NotFound
from queue_server.views.ticket import ticket_view
from queue_server.web.access import STAFF
from queue_server.web.endpoint import Ask
from queue_server.web.lookups import LONGEST_ID
from queue_server.web.scope import agencies_of, concerns
from queue_server.web.words_kept import note_text
from queue_server.wire.api import TicketView


def acting(ask: Ask[Any], counter: str) -> str:
    """In whose name a counter is worked: the clerk's own, or for a supervisor the clerk's who is there."""
    caller = ask.caller
    if caller.role == "clerk":
        return caller.clerk
    return ask.parts.engine.state.counters[counter].clerk or caller.clerk


def outcome_code(outcome: str | None) -> str | None:
    """`documents missing` is the code `documents_missing`."""
    return outcome.strip().replace(" ", "_") if outcome else None


def shown_ticket(ask: Ask[Any], ticket: Ticket) -> TicketView:
    """The ticket as the caller may see it."""
    state, caller = ask.parts.engine.state, ask.caller
    staff = caller.role in STAFF and concerns(caller, state, ticket)
    engine = ask.parts.engine
    # a plain dictionary of the two costs less to look into than both at once
    estimates = engine.ticket_estimates if ticket.id in engine.ticket_estimates else engine.estimates
    return ticket_view(
        state,
        ticket,
        staff=staff,
        estimates=estimates,
        track_base=state.rules.public_url,
        note=note_text(ask.parts, ticket) if staff else None,
        agencies=agencies_of(caller),
    )


async def after(ask: Ask[Any], command: Command, status: int = 200, *, about: str | None = None) -> TicketView | None:
    """The ticket that a command came to (`about` where it changed nothing), as it is now; None if it is about none."""
    engine = ask.parts.engine
    try:
        result = await ask.carry_out(command, status)
    except NotFound as missing:
        await _refuse_earlier(ask, missing)
        raise
    named = result.ticket or about
    if named is None:
        return None
    known = engine.state.tickets.get(named)
    if known is None:  # an earlier day's, corrected now, or the same key came on a later day: the disk knows how it is
        await engine.settled()
        known = await engine.find_ticket(named)
    return shown_ticket(ask, known)


async def _refuse_earlier(ask: Ask[Any], missing: NotFound) -> None:
    """A ticket that today does not know may be an earlier day's: it is shown, and nothing moves it any more."""
    named = missing.fields.get("ticket")
    if isinstance(named, str) and 0 < len(named) <= LONGEST_ID:
        refuse_over(await ask.parts.engine.find_ticket(named))


def refuse_over(earlier: Ticket) -> None:
    """The refusal of every move of a ticket whose day is over."""
    raise IllegalMove(f"That ticket was valid on {earlier.day}.", reason="day_over", day=earlier.day)


async def ticket_after(ask: Ask[Any], command: Command, status: int = 200, *, about: str | None = None) -> TicketView:
    """The same where there always is a ticket."""
    view = await after(ask, command, status, about=about)
    if view is None:
        raise NotFound("There is no such ticket.")
    return view
