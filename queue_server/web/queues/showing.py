"""What this asker is shown: a ticket's public view or the staff's within their own agency, and what a command came to.

`SHOWS` says of each kind of view how it is made after a command: the first time and when the same key comes again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from queue_server.domain.numbering import number
from queue_server.domain.records import Ticket
from queue_server.domain.state import State
from queue_server.errors import NotFound
from queue_server.service.engine import Result
from queue_server.views.desk import counter_view
from queue_server.views.instants import rfc3339
from queue_server.views.names import evacuation_view, held_reason, held_text
from queue_server.views.offers import ticket_moves
from queue_server.views.queues import queue_view
from queue_server.views.ticket import ticket_view
from queue_server.web.ask import Ask
from queue_server.web.permissions import STAFF
from queue_server.web.queues.words_kept import note_text, notes_at
from queue_server.web.reading.seen_by import named_to
from queue_server.web.scope import agencies_of, concerns, has_at_hand
from queue_server.wire.api import CounterView, QueueView, TicketView
from queue_server.wire.staff import HallView, RollView, RulesView

Show = Callable[[Ask[Any], Result], Awaitable[Any]]


def shown_ticket(ask: Ask[Any], ticket: Ticket) -> TicketView:
    """The ticket as the caller may see it."""
    engine, caller = ask.engine, ask.caller
    state = engine.state
    staff = caller.role in STAFF and concerns(caller, state, ticket)
    theirs = staff and has_at_hand(caller, state, ticket)
    # a plain dictionary of the two costs less to look into than both at once
    estimates = engine.ticket_estimates if ticket.id in engine.ticket_estimates else engine.estimates
    return ticket_view(
        state,
        ticket,
        staff=staff,
        estimates=estimates,
        track_base=state.rules.public_url,
        note=note_text(ask.parts, ticket) if theirs else None,
        moves=ticket_moves(state, ticket, engine.now(), ask.request.query.get("counter")) if theirs else (),
        agencies=agencies_of(caller),
        clerks=None if ticket.id in state.tickets else named_to(caller, ask.parts.settings(), state.day, ticket.day),
    )


def seen_counters(ask: Ask[Any]) -> dict[str, Any]:
    """How the views of counters are made for this caller."""
    engine = ask.engine
    return {
        "estimates": engine.expected,
        "track_base": engine.state.rules.public_url,
        "agencies": agencies_of(ask.caller),
    }


def hall_view(state: State) -> HallView:
    return HallView(
        held=held_reason(state),
        held_text=held_text(state),
        since=rfc3339(state.held.since) if state.held else None,
        paused=dict(state.paused),
        evacuation=evacuation_view(state),
    )


def rules_view(ask: Ask[Any]) -> RulesView:
    rules, agencies = ask.engine.state.rules, agencies_of(ask.caller)
    return RulesView(
        targets={
            service.id: {category: target // 1000 for category, target in service.targets.items()}
            for service in rules.services.values()
            if agencies is None or service.agency in agencies
        },
        help_after={
            counter.id: {service: after // 1000 for service, after in counter.help_after.items()}
            for counter in rules.counters.values()
            if counter.help_after
        },
    )


# After a command


async def _ticket(ask: Ask[Any], result: Result) -> TicketView:
    """The ticket that it was about, or that the path names where it changed nothing."""
    view = await _ticket_if_any(ask, result)
    if view is None:
        raise NotFound("There is no such ticket.")
    return view


async def _ticket_if_any(ask: Ask[Any], result: Result) -> TicketView | None:
    named = result.ticket or ask.request.match_info.get("ticket")
    if named is None:
        return None
    known = ask.engine.state.tickets.get(named)
    if known is None:  # an earlier day's, corrected now, or the same key came on a later day: the disk knows how it is
        await ask.engine.settled()
        known = await ask.engine.find_ticket(named)
    return shown_ticket(ask, known)


async def _counter(ask: Ask[Any], result: Result) -> CounterView:
    id_ = ask["counter"]
    return counter_view(ask.engine.state, id_, notes=notes_at(ask.parts, id_), **seen_counters(ask))


async def _queue(ask: Ask[Any], result: Result) -> QueueView:
    engine = ask.engine
    return queue_view(engine.state, ask["service"], engine.now(), engine.estimates)


async def _roll(ask: Ask[Any], result: Result) -> RollView:
    state, service = ask.engine.state, ask["service"]
    state.check_service(service)  # the same key may come again when it is offered no more
    prefix = state.rules.services[service].prefix
    ordinal = state.ordinals.get(prefix)
    last = None if ordinal is None else number(prefix, ordinal)
    return RollView(service=service, last=last, waiting=state.waiting(service))


async def _hall(ask: Ask[Any], result: Result) -> HallView:
    return hall_view(ask.engine.state)


async def _rules(ask: Ask[Any], result: Result) -> RulesView:
    return rules_view(ask)


SHOWS: dict[Any, Show] = {
    TicketView: _ticket,
    TicketView | None: _ticket_if_any,
    CounterView: _counter,
    QueueView: _queue,
    RollView: _roll,
    HallView: _hall,
    RulesView: _rules,
}
