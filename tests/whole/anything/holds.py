"""What must hold whatever happens, reckoned apart from the program: from answers, from the events, and the slow way."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.dispatch import next_for, order_of
from queue_server.domain.evolve import evolve
from queue_server.domain.hall import next_deadline
from queue_server.domain.lifecycle import FINAL, StepState
from queue_server.domain.presence import CLOSED, presence
from queue_server.domain.records import Ticket
from queue_server.domain.state import State
from tests.domain import obvious

S = StepState

#: What a command may make of the ticket that it is about: from the states of its step, to those of its step then.
MAY: dict[type[c.Command], tuple[set[str], set[str]]] = {
    c.CancelTicket: ({S.WAITING, S.CALLED, S.PARKED, S.NO_SHOW}, {S.CANCELLED}),
    c.ReturnTicket: ({S.PARKED, S.NO_SHOW}, {S.WAITING}),
    c.CallNext: ({S.WAITING, S.SERVING}, {S.CALLED}),  # whoever is served may go on to a step that waits here
    c.CallTicket: ({S.WAITING}, {S.CALLED}),
    c.Recall: ({S.CALLED}, {S.CALLED}),
    c.StartService: ({S.CALLED}, {S.SERVING}),
    c.FinishService: ({S.SERVING}, {S.FINISHED, S.WAITING}),
    c.MarkNoShow: ({S.CALLED}, {S.NO_SHOW, S.PARKED}),
    c.ParkTicket: ({S.WAITING, S.CALLED, S.SERVING}, {S.PARKED}),
    c.TransferTicket: ({S.WAITING, S.CALLED, S.SERVING}, {S.WAITING}),
    c.PutBack: ({S.CALLED}, {S.WAITING}),
}


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """The facts of two states are equal; says which are not."""
    for name, value in other.items():
        assert one[name] == value, f"{name}: {_unlike(one[name], value)}"


def over_a_start(facts: dict[str, Any]) -> dict[str, Any]:
    """Without what begins anew as a server starts: the time that slips have, and when the hall was resumed."""
    kept = {name: value for name, value in facts.items() if name != "day"}
    kept["tickets"] = {id_: {**one, "slip": {**one["slip"], "expires_at": 0}} for id_, one in facts["tickets"].items()}
    return kept


def _unlike(one: Any, other: Any) -> str:
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [key for key in one.keys() | other.keys() if one.get(key) != other.get(key)]
        return "; ".join(f"{key}: {_unlike(one.get(key), other.get(key))}" for key in keys[:3])
    return f"{one} is not {other}"


class Seen(NamedTuple):
    """A ticket as it was seen at one moment."""

    number: str
    state: str
    places: tuple[Any, ...]
    """Where it waits or is: its step, since when, from which counter."""


def seen(state: State) -> dict[str, Seen]:
    return {ticket.id: _seen(ticket) for ticket in state.tickets.values()}


def _seen(ticket: Ticket) -> Seen:
    step = ticket.step
    return Seen(ticket.number, step.state.value, (ticket.current, step.queued_at, step.credit, step.counter))


def check_answer(
    command: c.Command, before: dict[str, Seen], after: dict[str, Seen], about: str | None, calling: bool
) -> None:
    """A command changes what it is about as the diagram says, and nobody else.

    Others can only be called, where a counter calls by itself (`calling`); or finished, before the next is called.
    """
    moved = {id_ for id_ in before if after[id_].state != before[id_].state}
    if isinstance(command, c.Undo | c.TakeRollBack | c.SetRules | c.CloseCounter):
        return
    for id_ in moved - {about}:
        finished = isinstance(command, c.CallNext | c.CallTicket) and after[id_].state in (S.FINISHED, S.WAITING)
        called = calling and (before[id_].state, after[id_].state) == (S.WAITING, S.CALLED)
        assert finished or called, f"{id_} moved: {before[id_]} {after[id_]}"
    if type(command) in MAY and about in moved:
        origins, ends = MAY[type(command)]
        assert before[about].state in origins, (before[about], after[about])
        assert after[about].state in ends, (before[about], after[about])


def check_state(state: State) -> None:
    """Counters and tickets agree; who waits stands in a lane; who is next and what is due is so the slow way too."""
    here = {record.ticket: record.id for record in state.counters.values() if record.ticket}
    there = {t.id: t.step.counter for t in state.tickets.values() if t.step.state in (S.CALLED, S.SERVING)}
    assert here == there
    assert state.counters.keys() == state.rules.counters.keys()
    clerks = [record.clerk for record in state.counters.values() if record.clerk]
    assert len(clerks) == len(set(clerks))
    held: dict[str, str] = {}
    for ticket in state.tickets.values():
        if ticket.step.state not in FINAL:
            assert held.setdefault(ticket.number, ticket.id) == ticket.id, f"{ticket.number} twice"
            assert ticket.step.service in state.rules.services
    for counter in state.rules.counters:
        order, first = obvious.order_at(state, counter), next_for(state, counter)
        assert (None if first is None else first.ticket) == (order[0].ticket if order else None)
    for service in state.rules.services:
        assert [place.ticket for place in order_of(state, service)] == [
            place.ticket for place in obvious.order_of_service(state, service)
        ]
    expected, found = obvious.deadline(state), next_deadline(state)
    assert (expected is None) == (found is None)


class Numbers:
    """Who was given which number on which day."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self.taken_back: set[str] = set()

    def follow(self, day: str, events: Iterable[e.AnyEvent]) -> None:
        """No number twice on a day, but those of a paper roll whose entry was taken back."""
        for event in events:
            if isinstance(event, e.TicketIssued):
                holder = self._given.setdefault((day, event.number), event.ticket)
                assert holder == event.ticket, f"{event.number} of {day} was given to {holder} and to {event.ticket}"
            elif isinstance(event, e.RollTakenBack):
                self.taken_back |= set(event.tickets)
                self._given = {place: id_ for place, id_ in self._given.items() if id_ not in self.taken_back}

    def keep(self, tickets: set[str]) -> None:
        """Forget those that were never recorded: a disk refused them before anybody heard of them."""
        self._given = {place: id_ for place, id_ in self._given.items() if id_ in tickets}


class Span(NamedTuple):
    counter: str
    since: int
    until: int | None
    state: str
    reason: str | None
    clerk: str | None


def spans_of(events: Iterable[e.Event]) -> list[Span]:
    """What each counter did, looked at after every single event: the slow way to `counter_spans`."""
    state, found = State(), list[Span]()
    running: dict[str, Span] = {}
    for event in events:
        evolve(state, event)
        here = {}
        if isinstance(event, e.Restarted):  # nobody could act since, so until then each was what it was
            found += [began._replace(until=max(event.down_since, began.since)) for began in running.values()]
            running = {}
        nobody = isinstance(event, e.Stopped) or (isinstance(event, e.Restarted) and event.at == state.ends_at)
        if state.open and not nobody:
            here = {counter: _span(state, counter, event.at) for counter in state.counters}
        for counter in {*running, *here}:
            was, is_ = running.get(counter), here.get(counter)
            if was is not None and (is_ is None or was[3:] != is_[3:]):
                found.append(running.pop(counter)._replace(until=event.at))
            if is_ is not None and is_.state != CLOSED:
                running.setdefault(counter, is_)
    return _joined([span for span in [*found, *running.values()] if span.until != span.since])


def _span(state: State, counter: str, since: int) -> Span:
    is_, reason = presence(state, counter)
    return Span(counter, since, None, is_, reason, state.counters[counter].clerk)


def _joined(spans: list[Span]) -> list[Span]:
    """Without the seams between two that are one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.counter, span.since)):
        last = joined[-1] if joined else None
        if last is not None and (last.counter, last.until, *last[3:]) == (span.counter, span.since, *span[3:]):
            joined[-1] = last._replace(until=span.until)
        else:
            joined.append(span)
    return joined


def spans_in(rows: Iterable[tuple[Any, ...]]) -> list[Span]:
    """The same from rows of the table, without those of no length."""
    return _joined([span for row in rows if (span := Span(*row)).until != span.since])


def check_spans(spans: list[Span]) -> None:
    """No counter does two things at once."""
    for earlier, later in pairwise(spans):
        if earlier.counter == later.counter:
            assert earlier.until is not None
            assert earlier.until <= later.since
