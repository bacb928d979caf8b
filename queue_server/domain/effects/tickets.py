"""What happens to a ticket away from the counter: issued, cancelled, expired, returned, noted."""

from __future__ import annotations

from heapq import heappush

from queue_server.domain import events as e
from queue_server.domain.effects.memory import remember_by
from queue_server.domain.effects.moves import free, move, queue, touch, wait_again, watch_away
from queue_server.domain.lifecycle import Move, StepState, after
from queue_server.domain.numbering import key
from queue_server.domain.records import Slip, Step, Ticket
from queue_server.domain.slip_life import SlipState
from queue_server.domain.state import ABSENT, RollEntry, State, copy_of


def issued(state: State, event: e.TicketIssued) -> None:
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
        slip = Slip(
            state=SlipState.QUEUED,
            reason=event.slip_reason,
            job=event.slip_job,
            printer=event.printer,
            expires_at=event.slip_expires_at,
            sent=event.slip_sent,
        )
        if not slip.sent:
            heappush(state.deadlines, (event.slip_expires_at or event.at, "slip", event.ticket))
    last = state.ranks.get(event.prefix)
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
        citizen=event.citizen,
        slip=slip,
        place=None if last is None or last < event.ordinal else last + 1,
    )
    state.tickets[ticket.id] = ticket
    state.numbers[key(ticket.prefix, ticket.ordinal)] = ticket.id
    if event.channel == "roll":
        _note_entry(state, event)
    state.ordinals[event.prefix] = event.ordinal
    state.ranks[event.prefix] = ticket.rank
    for service in event.services:
        state.issued[service] = state.issued.get(service, 0) + 1
    queue(state, ticket)
    touch(state, ticket)


def _note_entry(state: State, event: e.TicketIssued) -> None:
    """One entry of a paper roll is one command; it may be taken back as long as no other follows."""
    if not event.then:
        state.rolls[event.prefix] = RollEntry(
            before=state.ordinals.get(event.prefix), rank_before=state.ranks.get(event.prefix), tickets=[]
        )
    state.rolls[event.prefix].tickets.append(event.ticket)


def roll_taken_back(state: State, event: e.RollTakenBack) -> None:
    """The roll stands where it stood; whoever was entered is gone, and counts as little as if never entered."""
    for ticket in event.tickets:
        if state.tickets[ticket].step.state is StepState.WAITING:
            _end(state, ticket, Move.CANCEL)
        state.tickets[ticket].void = True
        touch(state, state.tickets[ticket])
    _give_back_numbers(state, event.tickets)
    state.issued[event.service] -= len(event.tickets)
    entry = state.rolls[event.prefix]
    entry.tickets = entry.tickets[: -len(event.tickets)]
    if not entry.tickets:
        del state.rolls[event.prefix]
    rank = state.tickets[entry.tickets[-1]].rank if entry.tickets else entry.rank_before
    _stands(state.ordinals, event.prefix, event.ordinal)
    _stands(state.ranks, event.prefix, rank)


def _stands(last: dict[str, int], prefix: str, at: int | None) -> None:
    if at is None:
        last.pop(prefix, None)
    else:
        last[prefix] = at


def _give_back_numbers(state: State, gone: tuple[str, ...]) -> None:
    """A number that was entered by mistake is again the one's who had it before, if anybody had."""
    numbers = {key(state.tickets[ticket].prefix, state.tickets[ticket].ordinal) for ticket in gone}
    for number in numbers:
        state.numbers.pop(number, None)
    for ticket in state.tickets.values():
        if not ticket.void and (number := key(ticket.prefix, ticket.ordinal)) in numbers:
            state.numbers[number] = ticket.id


def cancelled(state: State, event: e.TicketCancelled) -> None:
    remember_by(state, event, event.by, state.tickets[event.ticket])
    _end(state, event.ticket, Move.CANCEL)


def left(state: State, event: e.TicketLeft) -> None:
    ticket = state.tickets[event.ticket]
    ticket.unclaimed = True
    state.changes.tickets.add(ticket.id)


def expired(state: State, event: e.TicketExpired) -> None:
    _end(state, event.ticket, Move.EXPIRE)


def _end(state: State, ticket_id: str, way: Move) -> None:
    ticket = state.tickets[ticket_id]
    counter = ticket.step.counter
    for step in ticket.steps[ticket.current :]:
        step.was = step.state
    move(state, ticket, way)
    for step in ticket.steps[ticket.current + 1 :]:
        step.state = after(step.state, way)
    if ticket.step.was not in ABSENT:  # who was away had left already
        ticket.step.left_at = state.at
    free(state, counter, ticket.id)
    touch(state, ticket)


def returned(state: State, event: e.TicketReturned) -> None:
    ticket = state.tickets[event.ticket]
    remember_by(state, event, event.by, ticket)
    step = move(state, ticket, Move.RETURN)
    if step.back_at is None:  # who only let others pass is still meant for the same counter
        step.address = None
    wait_again(step, event.credit)
    step.started_at = None
    queue(state, ticket)
    touch(state, ticket)


def stepped_away(state: State, event: e.TicketSteppedAway) -> None:
    ticket = state.tickets[event.ticket]
    step = move(state, ticket, Move.PARK)
    step.left_at, step.back_at = event.at, event.until
    ticket.times_away += 1
    watch_away(state, ticket)
    free(state, event.counter, ticket.id)
    touch(state, ticket)


def address_released(state: State, event: e.AddressReleased) -> None:
    ticket = state.tickets[event.ticket]
    if state.undo_of is not None and event.then:
        state.undo_of.last = state.seq
        state.undo_of.tickets.setdefault(ticket.id, copy_of(ticket))
    state.dequeue(ticket)
    ticket.step.address = None
    queue(state, ticket)
    touch(state, ticket)


def cases_set(state: State, event: e.CasesSet) -> None:
    ticket = state.tickets[event.ticket]
    ticket.cases = event.cases
    state.changes.tickets.add(ticket.id)


def note_attached(state: State, event: e.NoteAttached) -> None:
    ticket = state.tickets[event.ticket]
    ticket.note = event.note
    state.changes.tickets.add(ticket.id)


def outcome_corrected(state: State, event: e.OutcomeCorrected) -> None:
    ticket = state.tickets.get(event.ticket)
    if ticket is not None:
        ticket.steps[event.step].outcome = event.outcome
        touch(state, ticket)


def data_erased(state: State, event: e.PersonalDataErased) -> None:
    for ticket in state.tickets.values():
        if event.reference in (ticket.note, ticket.citizen):
            ticket.note = None if ticket.note == event.reference else ticket.note
            ticket.citizen = None if ticket.citizen == event.reference else ticket.citizen
            state.changes.tickets.add(ticket.id)
