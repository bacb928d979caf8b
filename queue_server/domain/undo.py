"""Taking the counter's last command back: for a few seconds, one level, and not once somebody else acted on it.

The `Undone` event carries what it restores, tickets and counters as they were, times included. What stands beside the
command stays as it is now: the slip's fate, notes and cases.
"""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.state import State, Undoable, copy_of
from queue_server.errors import Forbidden, IllegalMove


def undoable(state: State, counter: str, at: int) -> Undoable | None:
    """What undo would take back at this counter now, or None."""
    slot = state.undoable.get(counter)
    if slot is None or at > slot.at + state.rules.policy.undo_ms or _acted_on(state, slot):
        return None
    return slot


def undo(state: State, command: c.Undo) -> list[e.AnyEvent]:
    record = state.counter(command.counter)
    slot = state.undoable.get(command.counter)
    if slot is None:
        raise IllegalMove("There is nothing to undo here.", reason="undo_nothing")
    if command.clerk not in (record.clerk, slot.counters[command.counter].clerk):
        raise Forbidden("Somebody else works at this counter.", reason="other_clerk", counter=record.id)
    if command.at > slot.at + state.rules.policy.undo_ms:
        raise IllegalMove("The time to undo that is over.", reason="undo_too_late")
    if _acted_on(state, slot):
        raise IllegalMove("Somebody has acted on it already.", reason="undo_acted_on")
    tickets = []
    for was in slot.tickets.values():
        now, ticket = state.tickets[was.id], copy_of(was)
        ticket.slip, ticket.note, ticket.cases = now.slip, now.note, now.cases
        tickets.append(ticket)
    return [
        e.Undone(
            at=command.at,
            counter=command.counter,
            command=slot.command,
            seqs=(slot.first, slot.last),
            tickets=tuple(tickets),
            counters=tuple(slot.counters.values()),
        )
    ]


def _acted_on(state: State, slot: Undoable) -> bool:
    """A ticket of the command has moved since, or a clerk or a counter that it would bring back is elsewhere by now."""
    if any(state.tickets[ticket].changed > slot.last for ticket in slot.tickets if ticket in state.tickets):
        return True
    if any(ticket not in state.tickets for ticket in slot.tickets):
        return True
    for was in slot.counters.values():
        if was.id not in state.counters:
            return True
        others = (r for r in state.counters.values() if r.id not in slot.counters)
        if was.clerk is not None and any(r.clerk == was.clerk for r in others):
            return True
        if was.ticket is not None and any(r.ticket == was.ticket for r in others):
            return True
    return any(
        other is not slot and other.first > slot.last and any(id_ in slot.counters for id_ in other.counters)
        for other in state.undoable.values()
    )
