"""What an event does to the state. Nothing is decided here: an event has happened, and the state follows.

The server, the rebuild after a crash, the estimate and the tests all run this same code. A handler never fails on an
event that `decide` made; one handler per event, in the table at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from heapq import heappush
from typing import Any

from msgspec.structs import replace

from queue_server.domain import events as e
from queue_server.domain.lifecycle import Move, StepState, after
from queue_server.domain.state import Call, Hold, Served, State, Undoable, copy_of
from queue_server.domain.tickets import Address, Promise, Slip, Step, Ticket


def evolve(state: State, event: e.Event) -> None:
    """Carry one event into the state, in place. `state.seq` grows by one for each."""
    state.seq += 1
    state.at = event.at
    if not event.then:
        state.undo_of = None
    HANDLERS[type(event)](state, event)


# Small moves that several events share


def _touch(state: State, ticket: Ticket) -> None:
    ticket.changed = state.seq
    state.changes.tickets.add(ticket.id)
    state.changes.services.add(ticket.step.service)


def _queue(state: State, ticket: Ticket) -> None:
    """The present step waits from now on."""
    state.enqueue(ticket)
    address = ticket.step.address
    if address is not None and address.until is not None:
        heappush(state.deadlines, (address.until, "address", ticket.id))
    for counter in state.counters.values():
        if counter.auto_call:
            _watch_auto_call(state, counter)


def _move(state: State, ticket: Ticket, move: Move) -> Step:
    """Take the present step along one way of the table; the lanes follow."""
    step = ticket.step
    to = after(step.state, move)
    if step.state is StepState.WAITING:
        state.dequeue(ticket)
    step.state = to
    state.note_absence(ticket)
    return step


def _free(state: State, counter: str | None, ticket: str) -> None:
    """The ticket is no longer at the counter."""
    record = state.counters.get(counter) if counter else None
    if record is not None and record.ticket == ticket:
        record.ticket = None
        record.free_since = state.at
        state.changes.counters.add(record.id)
        _watch_auto_call(state, record)


def _watch_auto_call(state: State, record: e.CounterRecord) -> None:
    if record.auto_call and record.state == "open" and record.ticket is None and record.free_since is not None:
        due = max(record.free_since, state.resumed_at) + state.rules.policy.auto_call_after_ms
        heappush(state.deadlines, (max(due, state.at), "auto_call", record.id))


def _remember(state: State, event: e.Event, counter: str, *tickets: Ticket) -> None:
    """Keep what this command found, for undo; events after the first of a command add to the same memory."""
    slot = state.undo_of if event.then else None
    if slot is None:
        slot = Undoable(command=UNDO_WORDS[type(event)], at=event.at, first=state.seq, last=state.seq)
        state.undoable[counter] = state.undo_of = slot
    slot.last = state.seq
    for ticket in tickets:
        if ticket.id not in slot.tickets:
            slot.tickets[ticket.id] = copy_of(ticket)
    if counter not in slot.counters:
        slot.counters[counter] = copy(state.counters[counter])
    state.changes.counters.add(counter)


def _wait_again(step: Step, credit: int) -> None:
    step.credit = credit
    step.reason = step.left_at = step.counter = step.clerk = step.counted_at = step.before_call = None
    step.calls = step.counted = 0


# The day


def _day_opened(state: State, event: e.DayOpened) -> None:
    state.day, state.starts_at, state.ends_at = event.day, event.starts_at, event.ends_at
    state.open = True
    state.resumed_at = event.at
    state.held = None
    state.paused.clear()
    for memory in (state.tickets, state.numbers, state.ordinals, state.issued, state.lanes, state.served):
        memory.clear()
    state.finished.clear()
    state.absent.clear()
    state.counters.clear()
    state.undoable.clear()
    state.calls.clear()
    state.deadlines.clear()
    heappush(state.deadlines, (event.ends_at, "day", ""))
    for carried in event.carried:
        ticket = copy_of(carried)
        state.numbers[ticket.number] = ticket.id
        state.put(ticket)
    state.changes.hall = True


def _rules_set(state: State, event: e.RulesSet) -> None:
    state.rules = event.rules
    for counter in event.rules.counters:
        if counter not in state.counters:
            state.counters[counter] = e.CounterRecord(id=counter, since=event.at)
    for counter in [c for c in state.counters if c not in event.rules.counters]:
        del state.counters[counter]
    state.changes.counters.update(state.counters)
    state.changes.hall = True


def _day_closed(state: State, event: e.DayClosed) -> None:
    state.open = False
    state.undoable.clear()
    state.deadlines.clear()
    state.changes.hall = True


def _restarted(state: State, event: e.Restarted) -> None:
    state.resumed_at = event.at
    state.changes.hall = True
    for record in state.counters.values():
        _watch_auto_call(state, record)


def _hall_held(state: State, event: e.HallHeld) -> None:
    state.held = Hold(reason=event.reason, since=event.at)
    state.undoable.clear()
    state.changes.hall = True


def _hall_released(state: State, event: e.HallReleased) -> None:
    """Everybody keeps the place; the time of the hold does not count as waiting."""
    assert state.held is not None
    for ticket in state.tickets.values():
        step = ticket.step
        if step.state is StepState.WAITING and step.queued_at is not None:
            step.held += event.at - max(state.held.since, step.queued_at)
            state.changes.tickets.add(ticket.id)
    state.held = None
    state.changes.hall = True
    for record in state.counters.values():
        _watch_auto_call(state, record)


def _service_paused(state: State, event: e.ServicePaused) -> None:
    state.paused[event.service] = event.reason
    state.changes.services.add(event.service)


def _service_resumed(state: State, event: e.ServiceResumed) -> None:
    state.paused.pop(event.service, None)
    state.changes.services.add(event.service)


# Tickets


def _issued(state: State, event: e.TicketIssued) -> None:
    first = Step(
        service=event.services[0],
        state=StepState.WAITING,
        queued_at=event.at,
        booked_at=event.booked_at,
        address=event.address,
        promise=event.promise,
    )
    slip = Slip()
    if event.slip_job is not None:
        slip = Slip(state="queued", job=event.slip_job, printer=event.printer, expires_at=event.slip_expires_at)
        heappush(state.deadlines, (event.slip_expires_at or event.at, "slip", event.ticket))
    ticket = Ticket(
        id=event.ticket,
        number=event.number,
        prefix=event.prefix,
        ordinal=event.ordinal,
        category=event.category,
        language=event.language,
        day=state.day,
        issued_at=event.at,
        steps=[first, *(Step(service=service) for service in event.services[1:])],
        channel=event.channel,
        kiosk=event.kiosk,
        note=event.note,
        slip=slip,
    )
    state.tickets[ticket.id] = ticket
    state.numbers[ticket.number] = ticket.id
    state.ordinals[event.prefix] = event.ordinal
    for service in event.services:
        state.issued[service] = state.issued.get(service, 0) + 1
    _queue(state, ticket)
    _touch(state, ticket)


def _end(state: State, ticket_id: str, move: Move) -> None:
    ticket = state.tickets[ticket_id]
    counter = ticket.step.counter
    _move(state, ticket, move)
    for step in ticket.steps[ticket.current + 1 :]:
        step.state = after(step.state, move)
    ticket.step.left_at = state.at
    _free(state, counter, ticket.id)
    _touch(state, ticket)


def _cancelled(state: State, event: e.TicketCancelled) -> None:
    _end(state, event.ticket, Move.CANCEL)


def _expired(state: State, event: e.TicketExpired) -> None:
    _end(state, event.ticket, Move.EXPIRE)


def _returned(state: State, event: e.TicketReturned) -> None:
    ticket = state.tickets[event.ticket]
    step = _move(state, ticket, Move.RETURN)
    _wait_again(step, event.credit)
    step.address = None
    step.started_at = None
    _queue(state, ticket)
    _touch(state, ticket)


def _address_released(state: State, event: e.AddressReleased) -> None:
    ticket = state.tickets[event.ticket]
    if state.undo_of is not None and event.then:
        state.undo_of.last = state.seq
        state.undo_of.tickets.setdefault(ticket.id, copy_of(ticket))
    state.dequeue(ticket)
    ticket.step.address = None
    _queue(state, ticket)
    _touch(state, ticket)


def _cases_set(state: State, event: e.CasesSet) -> None:
    ticket = state.tickets[event.ticket]
    ticket.cases = event.cases
    state.changes.tickets.add(ticket.id)


def _note_attached(state: State, event: e.NoteAttached) -> None:
    ticket = state.tickets[event.ticket]
    ticket.note = event.note
    state.changes.tickets.add(ticket.id)


def _outcome_corrected(state: State, event: e.OutcomeCorrected) -> None:
    ticket = state.tickets.get(event.ticket)
    if ticket is not None:
        ticket.steps[event.step].outcome = event.outcome
        _touch(state, ticket)


def _data_erased(state: State, event: e.PersonalDataErased) -> None:
    for ticket in state.tickets.values():
        if ticket.note == event.reference:
            ticket.note = None
            state.changes.tickets.add(ticket.id)


# At the counter


def _called(state: State, event: e.TicketCalled) -> None:
    ticket, record = state.tickets[event.ticket], state.counters[event.counter]
    _remember(state, event, event.counter, ticket)
    step = _move(state, ticket, Move.CALL)
    step.before_call = (step.first_called_at, step.called_at)
    step.called_at = step.counted_at = event.at
    step.calls = step.counted = 1
    if step.first_called_at is None:
        step.first_called_at = event.at
    step.counter, step.clerk = event.counter, event.clerk
    record.ticket, record.free_since = ticket.id, None
    state.calls.append(Call(seq=state.seq, at=event.at, ticket=ticket.id, counter=event.counter))
    _touch(state, ticket)


def _recalled(state: State, event: e.TicketRecalled) -> None:
    ticket = state.tickets[event.ticket]
    _remember(state, event, event.counter, ticket)
    step = _move(state, ticket, Move.RECALL)
    step.called_at = event.at
    step.calls += 1
    if step.counted_at is None or event.at - step.counted_at >= state.rules.policy.no_show_apart_ms:
        step.counted += 1
        step.counted_at = event.at
    state.calls.append(Call(seq=state.seq, at=event.at, ticket=ticket.id, counter=event.counter, recall=True))
    _touch(state, ticket)


def _started(state: State, event: e.ServiceStarted) -> None:
    ticket = state.tickets[event.ticket]
    _remember(state, event, event.counter, ticket)
    step = _move(state, ticket, Move.START)
    step.started_at = event.at
    _touch(state, ticket)


def _finished(state: State, event: e.ServiceFinished) -> None:
    ticket = state.tickets[event.ticket]
    if event.counter is not None:
        _remember(state, event, event.counter, ticket)
    step = _move(state, ticket, Move.FINISH)
    assert step.started_at is not None
    step.finished_at = event.at
    step.outcome = event.outcome
    took = step.served + event.at - step.started_at
    served = Served(seq=state.seq, at=event.at, took=took, counter=step.counter)
    state.served.setdefault(step.service, []).append(served)
    if step.counter is not None:
        state.finished[step.counter] = state.finished.get(step.counter, 0) + 1
    _free(state, step.counter, ticket.id)
    _touch(state, ticket)
    if ticket.current + 1 < len(ticket.steps) and event.promise is not None:
        ticket.current += 1
        _begin(ticket.step, event.at, event.credit, event.promise)
        _queue(state, ticket)
        return
    for planned in ticket.steps[ticket.current + 1 :]:  # the day closed on a journey
        planned.state = after(planned.state, Move.EXPIRE)


def _begin(step: Step, at: int, credit: int, promise: Promise, address: Address | None = None) -> None:
    step.state = after(step.state, Move.QUEUE)
    step.queued_at = at
    step.credit = credit
    step.promise = promise
    step.address = address


def _missed(state: State, event: e.TicketMissed) -> None:
    ticket = state.tickets[event.ticket]
    _remember(state, event, event.counter, ticket)
    step = _move(state, ticket, Move.PARK if event.parked else Move.MISS)
    step.left_at = event.at
    _free(state, event.counter, ticket.id)
    _touch(state, ticket)


def _put_back(state: State, event: e.TicketPutBack) -> None:
    ticket = state.tickets[event.ticket]
    _remember(state, event, event.counter, ticket)
    step = _move(state, ticket, Move.PUT_BACK)
    if step.before_call is not None:
        step.first_called_at, step.called_at = step.before_call
    _wait_again(step, event.credit)
    _free(state, event.counter, ticket.id)
    _queue(state, ticket)
    _touch(state, ticket)


def _parked(state: State, event: e.TicketParked) -> None:
    ticket = state.tickets[event.ticket]
    if event.counter is not None:
        _remember(state, event, event.counter, ticket)
    step = ticket.step
    if step.state is StepState.SERVING and step.started_at is not None:
        step.served += event.at - step.started_at
    _move(state, ticket, Move.PARK)
    step.left_at = event.at
    step.reason = event.reason
    _free(state, event.counter, ticket.id)
    _touch(state, ticket)


def _transferred(state: State, event: e.TicketTransferred) -> None:
    ticket = state.tickets[event.ticket]
    if event.counter is not None:
        _remember(state, event, event.counter, ticket)
    step = ticket.step
    if step.state is StepState.SERVING and step.started_at is not None:
        step.served += event.at - step.started_at
    _move(state, ticket, Move.TRANSFER)
    step.finished_at = event.at
    step.reason = event.reason
    _free(state, event.counter, ticket.id)
    _touch(state, ticket)
    ticket.current += 1
    ticket.steps.insert(ticket.current, Step(service=event.service))
    _begin(ticket.step, event.at, event.credit, event.promise, event.address)
    _queue(state, ticket)
    _touch(state, ticket)


def _forget(rows: list[Any], first: int, last: int) -> list[Any]:
    """Take out, and return, what was recorded from `first` to `last`; rows stand in the order of their seqs."""
    index = len(rows)
    while index and rows[index - 1].seq >= first:
        index -= 1
    gone = [row for row in rows[index:] if row.seq <= last]
    rows[index:] = [row for row in rows[index:] if row.seq > last]
    return gone


def _undone(state: State, event: e.Undone) -> None:
    first, last = event.seqs
    state.undoable.pop(event.counter, None)
    _forget(state.calls, first, last)
    for rows in state.served.values():
        for served in _forget(rows, first, last):
            if served.counter is not None:
                state.finished[served.counter] -= 1
    for was in event.tickets:
        ticket = copy_of(was)
        state.put(ticket)
        ticket.changed = was.changed
        state.changes.services.add(ticket.step.service)
        address = ticket.step.address
        if address is not None and address.until is not None:
            heappush(state.deadlines, (address.until, "address", ticket.id))
    for record in event.counters:
        state.counters[record.id] = copy(record)
        state.changes.counters.add(record.id)
    for record in event.counters:
        _watch_auto_call(state, state.counters[record.id])


# The counter itself


def _opened(state: State, event: e.CounterOpened) -> None:
    _remember(state, event, event.counter)
    record = state.counters[event.counter]
    record.state, record.clerk, record.skills = "open", event.clerk, event.skills
    record.since = record.free_since = event.at
    record.pause_reason = record.help_since = None


def _paused(state: State, event: e.CounterPaused) -> None:
    if event.reason == AWAY:
        state.undoable.pop(event.counter, None)
    else:
        _remember(state, event, event.counter)
    record = state.counters[event.counter]
    record.state, record.pause_reason, record.since = "paused", event.reason, event.at
    state.changes.counters.add(record.id)


def _resumed(state: State, event: e.CounterResumed) -> None:
    _remember(state, event, event.counter)
    record = state.counters[event.counter]
    record.state, record.pause_reason, record.since = "open", None, event.at
    if record.ticket is None:
        record.free_since = event.at
    _watch_auto_call(state, record)


def _left(state: State, event: e.CounterLeft) -> None:
    _remember(state, event, event.counter)
    state.counters[event.counter] = e.CounterRecord(id=event.counter, since=event.at)


def _auto_call_set(state: State, event: e.AutoCallSet) -> None:
    _remember(state, event, event.counter)
    record = state.counters[event.counter]
    record.auto_call = event.on
    _watch_auto_call(state, record)


def _help_asked(state: State, event: e.HelpAsked) -> None:
    _remember(state, event, event.counter)
    state.counters[event.counter].help_since = event.at


def _help_answered(state: State, event: e.HelpAnswered) -> None:
    state.undoable.pop(event.counter, None)
    state.counters[event.counter].help_since = None
    state.changes.counters.add(event.counter)


# Paper


def _slip_requested(state: State, event: e.SlipRequested) -> None:
    ticket = state.tickets.get(event.ticket)
    if ticket is None:
        return
    ticket.slip = Slip(
        state="queued",
        job=event.job,
        printer=event.printer,
        expires_at=event.expires_at,
        copy=event.copy,
        clean=ticket.slip.clean and ticket.slip.state in ("none", "not_printed"),
    )
    heappush(state.deadlines, (event.expires_at, "slip", ticket.id))
    state.changes.tickets.add(ticket.id)


def _slip_reported(state: State, event: e.SlipReported) -> None:
    ticket = state.tickets.get(event.ticket)
    if ticket is None or ticket.slip.job != event.job:
        return
    ticket.slip = replace(ticket.slip, state=event.state, reason=event.reason, sent=ticket.slip.sent or event.sent)
    state.changes.tickets.add(ticket.id)


AWAY = "away"
"""The pause reason of a counter whose clerk's screen has gone."""

#: How undo names the command whose first event this was, in the words of the API's paths.
UNDO_WORDS: dict[type[e.Event], str] = {
    e.TicketCalled: "call-next",
    e.TicketRecalled: "recall",
    e.ServiceStarted: "start",
    e.ServiceFinished: "finish",
    e.TicketMissed: "no-show",
    e.TicketPutBack: "put-back",
    e.TicketParked: "park",
    e.TicketTransferred: "transfer",
    e.CounterOpened: "open",
    e.CounterPaused: "pause",
    e.CounterResumed: "resume",
    e.CounterLeft: "close",
    e.AutoCallSet: "auto-call",
    e.HelpAsked: "help",
}

HANDLERS: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.DayOpened: _day_opened,
    e.RulesSet: _rules_set,
    e.DayClosed: _day_closed,
    e.Restarted: _restarted,
    e.HallHeld: _hall_held,
    e.HallReleased: _hall_released,
    e.ServicePaused: _service_paused,
    e.ServiceResumed: _service_resumed,
    e.TicketIssued: _issued,
    e.TicketCancelled: _cancelled,
    e.TicketExpired: _expired,
    e.TicketReturned: _returned,
    e.AddressReleased: _address_released,
    e.CasesSet: _cases_set,
    e.NoteAttached: _note_attached,
    e.OutcomeCorrected: _outcome_corrected,
    e.PersonalDataErased: _data_erased,
    e.TicketCalled: _called,
    e.TicketRecalled: _recalled,
    e.ServiceStarted: _started,
    e.ServiceFinished: _finished,
    e.TicketMissed: _missed,
    e.TicketPutBack: _put_back,
    e.TicketParked: _parked,
    e.TicketTransferred: _transferred,
    e.Undone: _undone,
    e.CounterOpened: _opened,
    e.CounterPaused: _paused,
    e.CounterResumed: _resumed,
    e.CounterLeft: _left,
    e.AutoCallSet: _auto_call_set,
    e.HelpAsked: _help_asked,
    e.HelpAnswered: _help_answered,
    e.SlipRequested: _slip_requested,
    e.SlipReported: _slip_reported,
}
