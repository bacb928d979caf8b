"""What a clerk's terminal shows: one counter, who is there, what waits, and what may be done now.

Which moves are possible is asked of the rules themselves: a command that `decide` would take is a move, so a screen can
offer nothing that the server then refuses, and no rule is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from queue_server.domain import commands as c
from queue_server.domain.admission import why_not_sent
from queue_server.domain.counter_life import CounterState
from queue_server.domain.dispatch import next_for
from queue_server.domain.lifecycle import Move, StepState, allowed
from queue_server.domain.records import CounterRecord, Estimate, Ticket
from queue_server.domain.rules import Service
from queue_server.domain.serving import call_counts_in, calls_missing, no_show_in
from queue_server.domain.state import State
from queue_server.domain.undo import undoable
from queue_server.views.instants import rfc3339, seconds
from queue_server.views.names import agency_of, codes, evacuation_view, held_reason, held_text, named
from queue_server.views.offers import taken
from queue_server.views.queues import counter_queue, is_blind
from queue_server.views.ticket import ticket_view
from queue_server.wire.api import CounterDetail, CounterView, Named, TicketView
from queue_server.wire.live import DeskView, Destination, UndoView

NOTE = "note"
"""Stands for the reference of whatever note would be written."""

PARKED = 20
"""As many of those who may return are listed, the latest first."""


def counter_view(
    state: State,
    counter: str,
    *,
    estimates: Mapping[str, Estimate],
    track_base: str,
    notes: Mapping[str, str] | None = None,
    agencies: frozenset[str] | None = None,
) -> CounterView:
    """The counter and its ticket, for staff. Raises NotFound.

    `notes` are texts by the references that tickets carry. A ticket for an agency outside `agencies` is left out.
    """
    return CounterView(**_counter(state, counter, estimates, track_base, notes, agencies))


def counter_detail(
    state: State,
    counter: str,
    now: int,
    *,
    estimates: Mapping[str, Estimate],
    track_base: str,
    notes: Mapping[str, str] | None = None,
    agencies: frozenset[str] | None = None,
    sees_order: bool = False,
) -> CounterDetail:
    """The counter with its queue, without who is next where it `is_blind` to the reader. Raises NotFound."""
    known = _counter(state, counter, estimates, track_base, notes, agencies)
    blind = is_blind(state, sees_order)
    return CounterDetail(**known, queue=counter_queue(state, counter, now, blind=blind, agencies=agencies))


def counter_views(
    state: State,
    *,
    estimates: Mapping[str, Estimate],
    track_base: str,
    notes: Mapping[str, str] | None = None,
    agencies: frozenset[str] | None = None,
) -> tuple[CounterView, ...]:
    """Every counter, or those that serve one of `agencies` if that is given."""
    return tuple(
        counter_view(state, counter, estimates=estimates, track_base=track_base, notes=notes, agencies=agencies)
        for counter in counters_of(state, agencies)
    )


def counters_of(state: State, agencies: frozenset[str] | None) -> Iterator[str]:
    """The counters that serve something of these agencies; None means all."""
    for counter in state.rules.counters.values():
        if agencies is None or any(agency_of(state.rules, service) in agencies for service in counter.services):
            yield counter.id


def _counter(
    state: State,
    counter: str,
    estimates: Mapping[str, Estimate],
    track_base: str,
    notes: Mapping[str, str] | None,
    agencies: frozenset[str] | None,
) -> dict[str, Any]:
    record, config = state.counter(counter), state.rules.counters[counter]
    ticket = _ticket_at(state, counter, agencies)
    return {
        "id": counter,
        "label": config.label,
        "state": record.state,
        "zone": config.zone,
        "services": config.services,
        "ticket": _staff_ticket(state, ticket, estimates, track_base, notes, agencies) if ticket else None,
        "clerk": None if _is_others(state, counter, agencies) else record.clerk,
        "reason": record.pause_reason,
        "since": rfc3339(record.since),
    }


def _ticket_at(state: State, counter: str, agencies: frozenset[str] | None) -> Ticket | None:
    """Who is at the counter, if it is for the reader to know."""
    record = state.counters[counter]
    ticket = state.tickets[record.ticket] if record.ticket else None
    return ticket if ticket is not None and _is_theirs(state, ticket, agencies) else None


def _is_others(state: State, counter: str, agencies: frozenset[str] | None) -> bool:
    """Somebody is there for an agency that is none of the reader's: who works there is not for the reader to know."""
    return state.counters[counter].ticket is not None and _ticket_at(state, counter, agencies) is None


def _is_theirs(state: State, ticket: Ticket, agencies: frozenset[str] | None) -> bool:
    return agencies is None or agency_of(state.rules, ticket.step.service) in agencies


def _staff_ticket(
    state: State,
    ticket: Ticket,
    estimates: Mapping[str, Estimate],
    track_base: str,
    notes: Mapping[str, str] | None,
    agencies: frozenset[str] | None = None,
) -> TicketView:
    note = notes.get(ticket.note) if notes and ticket.note else None
    return ticket_view(
        state, ticket, staff=True, estimates=estimates, track_base=track_base, note=note, agencies=agencies
    )


def desk_view(
    state: State,
    counter: str,
    now: int,
    *,
    estimates: Mapping[str, Estimate],
    track_base: str,
    notes: Mapping[str, str] | None = None,
    agencies: frozenset[str] | None = None,
    sees_order: bool = False,
) -> DeskView:
    """The terminal of one counter. Raises NotFound. Tickets for an agency outside `agencies` are left out.

    In a blind mall it shows who is next to a reader who `sees_order`.
    """
    blind = is_blind(state, sees_order)
    record, rules = state.counter(counter), state.rules
    ticket = _ticket_at(state, counter, agencies)
    called = ticket is not None and ticket.step.state is StepState.CALLED
    others = _is_others(state, counter, agencies)
    services = [rules.services[service] for service in state.serves(counter) if service in rules.services]
    absent = [ticket for ticket in _may_return(state, counter, now) if _is_theirs(state, ticket, agencies)]
    return DeskView(
        counter=counter_view(
            state, counter, estimates=estimates, track_base=track_base, notes=notes, agencies=agencies
        ),
        queue=counter_queue(state, counter, now, blind=blind, agencies=agencies),
        moves=() if others else (*moves(state, counter, now), *(("return",) if absent else ())),
        undo=None if others else _undo(state, counter, now),
        timer_from=rfc3339(_timer_from(ticket)),
        target_s=seconds(rules.services[ticket.step.service].expected_ms) if ticket else None,
        no_show_in_s=whole_seconds(no_show_in(state, ticket, now)) if ticket and called else 0,
        calls_missing=calls_missing(state, ticket) if ticket and called else 0,
        call_counts_in_s=whole_seconds(call_counts_in(state, ticket, now) or 0) if ticket and called else 0,
        calls=ticket.step.calls if ticket else 0,
        auto_call=record.auto_call,
        help_since=rfc3339(record.help_since),
        serving_services=named(services),
        transfer_services=_destinations(state, now),
        transfer_counters=_colleagues(state, counter),
        outcomes=codes(rules.outcomes),
        pause_reasons=codes(rules.pause_reasons),
        park_reasons=codes(rules.reasons_to_park),
        picking=rules.policy.picking and not rules.policy.blind,
        blind=blind,
        held=held_reason(state),
        held_text=held_text(state),
        evacuation=evacuation_view(state, (rules.counters[counter].zone,)),
        away_after_s=seconds(rules.policy.away_after_ms),
        parked=tuple(_staff_ticket(state, ticket, estimates, track_base, notes, agencies) for ticket in absent),
        served_today=state.finished.get(counter, 0),
        closes_at=rfc3339(_closes_at(state, services)),
    )


def moves(state: State, counter: str, now: int) -> tuple[str, ...]:
    """What may be done at this counter now, in the words of the API's paths; a `walk-up` is a ticket issued there.

    A no-show is among them as soon as the ticket's state allows it, though it may still be too early. A press that
    would change nothing is not; only `call-next` stays while nobody waits, and is answered 204.
    """
    record = state.counter(counter)
    if not state.open:
        return ()
    possible = [move for move, command in _commands(state, record, now) if taken(state, command)]
    ticket = state.tickets[record.ticket] if record.ticket else None
    if ticket is not None and allowed(ticket.step.state, Move.MISS) and state.held is None:
        possible.append("no-show")
    if undoable(state, counter, now) is not None:
        possible.append("undo")
    if any(taken(state, command) for command in _walk_ups(state, record, now)):
        possible.append("walk-up")
    return tuple(possible)


def _walk_ups(state: State, record: CounterRecord, at: int) -> Iterator[c.Command]:
    """A ticket for somebody who stands here without one, by service."""
    for service in state.serves(record.id) if record.state is not CounterState.CLOSED else ():
        yield c.IssueTicket(at=at, ticket="", services=(service,), channel="desk", counter=record.id)


def _commands(state: State, record: CounterRecord, at: int) -> Iterator[tuple[str, c.Command]]:
    """Each move as the command that its button would send, with some reason or destination where it wants one."""
    # whoever comes may open a closed counter, so this asks without a clerk
    counter, clerk = record.id, record.clerk or ""
    if record.state is CounterState.CLOSED:
        yield "open", c.OpenCounter(at=at, counter=counter, clerk=clerk)
        return
    yield "call-next", c.CallNext(at=at, counter=counter, clerk=clerk)
    best = next_for(state, counter) if state.rules.policy.picking else None
    if best is not None:
        yield "call", c.CallTicket(at=at, counter=counter, clerk=clerk, ticket=best.ticket)
    if record.ticket is not None:
        ticket = state.tickets[record.ticket]
        service, other_cases = ticket.step.service, ticket.cases % 2 + 1
        yield "recall", c.Recall(at=at, counter=counter, clerk=clerk)
        yield "start", c.StartService(at=at, counter=counter, clerk=clerk)
        yield "finish", c.FinishService(at=at, counter=counter, clerk=clerk)
        yield "park", c.ParkTicket(at=at, counter=counter, clerk=clerk)
        yield "transfer", c.TransferTicket(at=at, counter=counter, clerk=clerk, service=service)
        yield "put-back", c.PutBack(at=at, counter=counter, clerk=clerk)
        yield "note", c.AttachNote(at=at, ticket=record.ticket, note=NOTE, by=clerk)
        yield "cases", c.SetCases(at=at, ticket=record.ticket, cases=other_cases, by=clerk)
    for reason in [*state.rules.pause_reasons][:1] if record.state is CounterState.OPEN else ():
        yield "pause", c.PauseCounter(at=at, counter=counter, clerk=clerk, reason=reason)
    yield "resume", c.ResumeCounter(at=at, counter=counter, clerk=clerk)
    yield "close", c.CloseCounter(at=at, counter=counter, clerk=clerk)
    yield "auto-call", c.SetAutoCall(at=at, counter=counter, clerk=clerk, on=not record.auto_call)
    yield "help", c.AskHelp(at=at, counter=counter, clerk=clerk)
    yield "help-answered", c.AnswerHelp(at=at, counter=counter, by=clerk)


def whole_seconds(left: int) -> int:
    """Of milliseconds that are left, none too few."""
    return -(-left // 1000)


def _undo(state: State, counter: str, now: int) -> UndoView | None:
    slot = undoable(state, counter, now)
    if slot is None:
        return None
    return UndoView(command=slot.command, until=rfc3339(slot.at + state.rules.policy.undo_ms))


def _closes_at(state: State, services: Iterable[Service]) -> int | None:
    """When the last of these services closes, or None where that is no sooner than the day itself."""
    last = max((service.open[-1][1] for service in services if service.open), default=state.ends_at)
    return last if last < state.ends_at else None


def _timer_from(ticket: Ticket | None) -> int | None:
    """Since when the ticket is served, or was last called."""
    if ticket is None:
        return None
    return ticket.step.started_at if ticket.step.state is StepState.SERVING else ticket.step.called_at


def _destinations(state: State, now: int) -> tuple[Destination, ...]:
    """Every service, with why a transfer to it would be refused."""
    return tuple(
        Destination(id=service.id, name=service.name, closed=why_not_sent(state, service.id, now))
        for service in state.rules.services.values()
    )


def _colleagues(state: State, counter: str) -> tuple[Named, ...]:
    """Other counters where somebody works, by their labels."""
    rules = state.rules
    return tuple(
        Named(id=record.id, name=dict.fromkeys(rules.languages, rules.counters[record.id].label))
        for record in state.counters.values()
        if record.state is not CounterState.CLOSED and record.id != counter
    )


def _may_return(state: State, counter: str, now: int) -> list[Ticket]:
    """Parked and no-show tickets for what this counter serves, the latest first, while they may return."""
    mine = frozenset(state.serves(counter))
    found: list[Ticket] = []
    too_late = False
    for id_ in reversed(state.absent):
        ticket = state.tickets[id_]
        missed = ticket.step.state is StepState.NO_SHOW
        if ticket.step.service not in mine or (missed and too_late):
            continue
        if taken(state, c.ReturnTicket(at=now, ticket=id_)):
            found.append(ticket)
            if len(found) == PARKED:
                break
        elif missed:
            too_late = True  # whoever did not come before that is later still
    return found
