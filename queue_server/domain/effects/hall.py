"""What a day, its rules, a hold and a pause of a service do to the state."""

from __future__ import annotations

from heapq import heappush

from msgspec.structs import replace

from queue_server.domain import events as e
from queue_server.domain.addresses import prolonged
from queue_server.domain.effects.moves import place, watch_auto_calls
from queue_server.domain.lifecycle import FINAL, StepState
from queue_server.domain.measures import held_of_wait
from queue_server.domain.numbering import key
from queue_server.domain.records import CounterRecord, Ticket
from queue_server.domain.rules import within_bounds
from queue_server.domain.slip_life import SlipState
from queue_server.domain.state import Hold, State, copy_of
from queue_server.domain.supervised import Supervised

SUPERVISOR = "supervisor"
"""The source of rules that win over the file's until the day ends."""

_NOT_CALLED = (StepState.WAITING, StepState.PARKED)


def day_opened(state: State, event: e.DayOpened) -> None:
    state.mall, state.journal = event.mall, event.journal
    state.day, state.starts_at, state.ends_at = event.day, event.starts_at, event.ends_at
    state.open, state.ended_early = True, False
    state.resumed_at = state.moving_since = state.clock_since = event.at
    state.supervised = Supervised()
    state.held = state.held_over = None
    state.paused.clear()
    state.alerts.clear()
    for memory in (state.tickets, state.numbers, state.ordinals, state.ranks, state.issued, state.lanes, state.served):
        memory.clear()
    state.rolls.clear()
    state.finished.clear()
    state.absent.clear()
    state.moved_back.clear()
    state.counters.clear()
    state.auto_calling.clear()
    state.undoable.clear()
    state.undone_at.clear()
    state.calls.clear()
    state.deadlines.clear()
    state.ordinals.update(event.ordinals)
    state.ranks.update(event.ranks)
    state.issued.update(event.issued)
    for carried in event.carried:
        ticket = copy_of(carried)
        state.numbers[key(ticket.prefix, ticket.ordinal)] = ticket.id
        place(state, ticket)
        if ticket.slip.state is SlipState.QUEUED and ticket.slip.expires_at is not None:
            heappush(state.deadlines, (ticket.slip.expires_at, "slip", ticket.id))
    state.changes.hall = True


def rules_set(state: State, event: e.RulesSet) -> None:
    rules = within_bounds(event.rules)
    if event.source == SUPERVISOR:
        state.supervised.note(state.rules, rules)
    state.rules = rules
    for counter in event.rules.counters:
        if counter not in state.counters:
            state.counters[counter] = CounterRecord(id=counter, since=event.at)
    for counter in [c for c in state.counters if c not in event.rules.counters]:
        del state.counters[counter]
    state.undoable.clear()  # what an undo would bring back may not be offered any more
    state.changes.counters.update(state.counters)
    state.changes.hall = True
    watch_auto_calls(state)


def day_closed(state: State, event: e.DayClosed) -> None:
    state.open, state.ended_early = False, event.by is not None
    state.undoable.clear()
    state.deadlines.clear()
    state.changes.hall = state.changes.closed = True


def restarted(state: State, event: e.Restarted) -> None:
    """What runs out by itself starts its time anew, since nobody could act: grace and auto-call, slips not yet sent."""
    state.resumed_at = state.clock_since = event.at
    state.changes.hall = True
    watch_auto_calls(state)
    expires_at = event.at + state.rules.policy.slip_ttl_ms
    for ticket in state.tickets.values():
        if ticket.slip.state is SlipState.QUEUED and not ticket.slip.sent:
            ticket.slip = replace(ticket.slip, expires_at=expires_at)
            heappush(state.deadlines, (expires_at, "slip", ticket.id))
            state.changes.tickets.add(ticket.id)


def stopped(state: State, event: e.Stopped) -> None:
    """What was there is there when the server is back."""


def noted(state: State, event: e.ActNoted | e.ClosingSigned | e.ImportedEvent) -> None:
    """It is kept for whoever asks one day; nothing in the hall moves."""


def alert_began(state: State, event: e.AlertBegan) -> None:
    state.alerts[event.rule, event.subject] = event


def alert_ended(state: State, event: e.AlertEnded) -> None:
    state.alerts.pop((event.rule, event.subject), None)


def hall_held(state: State, event: e.HallHeld) -> None:
    since = event.at if event.since is None else event.since
    state.held = Hold(
        reason=event.reason,
        since=since if state.held is None else state.held.since,
        evacuated_since=since if event.evacuation else None,
    )
    state.undoable.clear()
    state.changes.hall = True


def evacuation_ended(state: State, event: e.EvacuationEnded) -> None:
    assert state.held is not None
    state.held = Hold(reason=e.HOLD, since=state.held.since)
    state.changes.hall = True


def hall_released(state: State, event: e.HallReleased) -> None:
    """Everybody keeps the place; the time of the hold counts neither as waiting nor as grace, nor for an address."""
    assert state.held is not None
    since = state.held.since
    for ticket in state.tickets.values():
        step = ticket.step
        if step.address is not None and step.state not in FINAL:
            _prolong(state, ticket, event.at - max(since, step.queued_at or since))
        if step.state in _NOT_CALLED and step.first_called_at is None:
            step.held += held_of_wait(step, since, event.at)
            state.changes.tickets.add(ticket.id)
        elif step.state is StepState.CALLED:
            step.held_called += held_of_wait(step, since, event.at)
    state.held_over = state.held if event.by is None else None
    state.held = None
    state.resumed_at = state.moving_since = event.at
    state.undoable.clear()
    state.changes.hall = True
    watch_auto_calls(state)


def _prolong(state: State, ticket: Ticket, held: int) -> None:
    """An address lasts longer by what was `held` of its time (milliseconds)."""
    address = ticket.step.address
    if address is None or address.until is None:
        return
    ticket.step.address = prolonged(address, held)
    if ticket.step.state is StepState.WAITING:
        heappush(state.deadlines, (address.until + held, "address", ticket.id))
    state.changes.tickets.add(ticket.id)


def service_paused(state: State, event: e.ServicePaused) -> None:
    state.paused[event.service] = event.reason
    state.changes.services.add(event.service)


def service_resumed(state: State, event: e.ServiceResumed) -> None:
    state.paused.pop(event.service, None)
    state.changes.services.add(event.service)
