"""What undo needs to know: what each counter's last command found, and how that is put back.

Events after the first of a command add to the same memory, since a command is taken back as a whole.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from queue_server.domain import events as e
from queue_server.domain.effects.moves import place, watch_auto_call
from queue_server.domain.lifecycle import FINAL, StepState
from queue_server.domain.records import Ticket
from queue_server.domain.state import State, Undoable, copy_of

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
    e.TicketReturned: "return",
    e.TicketCancelled: "cancel",
}


def remember(state: State, event: e.Event, counter: str, *tickets: Ticket) -> None:
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
        slot.counters[counter] = replace(state.counters[counter])
    state.changes.counters.add(counter)


def forget(state: State, counter: str) -> None:
    """Something happened at this counter that is not its clerk's to take back, nor what the clerk did before it."""
    state.undoable.pop(counter, None)
    state.changes.counters.add(counter)


def remember_by(state: State, event: e.Event, clerk: str | None, ticket: Ticket) -> None:
    """Let a clerk undo, at their own counter, what they did to a ticket that stands elsewhere.

    If the ticket is at another counter, that counter is as it was again, too.
    """
    counter = state.counter_of(clerk)
    if counter is None:
        return
    remember(state, event, counter, ticket)
    for record in state.counters.values():
        if record.ticket == ticket.id:
            state.undoable[counter].counters.setdefault(record.id, replace(record))


def undone(state: State, event: e.Undone) -> None:
    """Everything is as it was; auto-call waits its time anew, or it would call the same ticket again at once."""
    first, last = event.seqs
    state.undoable.pop(event.counter, None)
    _forget(state.calls, first, last)
    for rows in state.served.values():
        for served in _forget(rows, first, last):
            if served.counter is not None:
                state.finished[served.counter] -= 1
    for was in event.counters:
        state.counters[was.id] = replace(was)
        state.changes.counters.add(was.id)
        state.undone_at[was.id] = event.at
        watch_auto_call(state, was)
    for ticket in event.tickets:
        _take_out(state, ticket)
        place(state, copy_of(ticket))


def _take_out(state: State, was: Ticket) -> None:
    """The ticket as the command left it goes; steps that it began are gone."""
    now = state.tickets[was.id]
    state.changes.services.add(now.step.service)
    if now.step.state is StepState.WAITING:
        state.dequeue(now)
    ended = now.step.state in FINAL
    state.changes.gone.update((was.id, step) for step in range(0 if ended else len(was.steps), len(now.steps)))


def _forget(rows: list[Any], first: int, last: int) -> list[Any]:
    """Take out, and return, what was recorded from `first` to `last`; rows stand in the order of their seqs."""
    index = len(rows)
    while index and rows[index - 1].seq >= first:
        index -= 1
    gone = [row for row in rows[index:] if row.seq <= last]
    rows[index:] = [row for row in rows[index:] if row.seq > last]
    return gone
