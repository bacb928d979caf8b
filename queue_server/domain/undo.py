"""Taking the counter's last command back: for a few seconds, one level, and not once somebody else acted on it.

The `Undone` event carries what it restores, tickets and counters as they were, times included. What stands beside the
command stays as it is now: the slip's fate, notes, personal words and cases.
"""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.addresses import left_behind, loses, released
from queue_server.domain.numbering import key
from queue_server.domain.state import State, Undoable, copy_of
from queue_server.errors import Forbidden, IllegalMove, NotAtCounter


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
    if command.ticket is not None and command.ticket not in slot.tickets:
        raise NotAtCounter("The last command here was about another ticket.", reason="another")
    tickets = []
    for was in slot.tickets.values():
        now, ticket = state.tickets[was.id], copy_of(was)
        ticket.slip, ticket.note, ticket.citizen, ticket.cases = now.slip, now.note, now.citizen, now.cases
        tickets.append(ticket)
    undone = e.Undone(
        at=command.at,
        counter=command.counter,
        command=slot.command,
        seqs=(slot.first, slot.last),
        tickets=tuple(tickets),
        counters=tuple(slot.counters.values()),
    )
    return [undone, *released(command.at, _left_behind(state, slot))]


def _left_behind(state: State, slot: Undoable) -> list[str]:
    """Who would wait after the undo for a counter that is closed then, or for a clerk who has gone."""
    records = {**state.counters, **slot.counters}
    restored = [ticket.id for ticket in slot.tickets.values() if loses(ticket, state.rules, records)]
    return restored + [ticket for ticket in left_behind(state, records) if ticket not in slot.tickets]


def _acted_on(state: State, slot: Undoable) -> bool:
    """A ticket or counter of the command has changed since, a number is somebody else's, a clerk works elsewhere."""
    for was in slot.tickets.values():
        if state.tickets[was.id].changed > slot.last or state.numbers.get(key(was.prefix, was.ordinal)) != was.id:
            return True
    if any(state.counters[counter].changed > slot.last for counter in slot.counters):
        return True
    clerks = {was.clerk for was in slot.counters.values() if was.clerk is not None}
    return any(record.clerk in clerks for record in state.counters.values() if record.id not in slot.counters)
