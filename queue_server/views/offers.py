"""What may be done now with one ticket, or at a counter in its clerk's place: asked of the rules themselves, as for a
desk (desk.py).

Who may do it is another question, which the tables of routes answer (web/may.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from queue_server.domain import commands as c
from queue_server.domain.decide import decide
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import CounterRecord, Ticket
from queue_server.domain.state import State
from queue_server.errors import Refused

SOMEBODY = "somebody"
"""Stands for whoever would do it."""
SOME_WORDS = "~words"
"""Stands for whatever reason would be given."""


def taken(state: State, command: c.Command) -> bool:
    """Whether the rules would take it. What changes nothing is no move, but for a call while nobody waits."""
    try:
        return bool(decide(state, command)) or isinstance(command, c.CallNext)
    except Refused:
        return False


def ticket_moves(state: State, ticket: Ticket, now: int, counter: str | None = None) -> tuple[str, ...]:
    """In the words of the API's paths. What a counter does with a ticket is among them where a `counter` is given."""
    possible = (move for move, command in _commands(state, ticket, now, counter) if taken(state, command))
    return tuple(dict.fromkeys(possible))


def counter_moves(state: State, record: CounterRecord, now: int) -> tuple[str, ...]:
    """What a supervisor may do there: `help-answered put-back close`."""
    counter, clerk, possible = record.id, record.clerk or "", []
    if record.help_since is not None and taken(state, c.AnswerHelp(at=now, counter=counter, by=SOMEBODY)):
        possible.append("help-answered")
    if record.ticket is not None and taken(
        state, c.PutBack(at=now, counter=counter, clerk=clerk, ticket=record.ticket)
    ):
        possible.append("put-back")
    if record.clerk is not None and taken(state, c.CloseCounter(at=now, counter=counter, clerk=clerk)):
        possible.append("close")
    return tuple(possible)


def _commands(state: State, ticket: Ticket, at: int, counter: str | None) -> Iterator[tuple[str, c.Command]]:
    """Each move as the command that its button would send, with some reason or destination where it wants one."""
    id_, step = ticket.id, ticket.step
    if counter is not None and counter in state.counters:
        clerk = state.counters[counter].clerk or ""
        yield "call", c.CallTicket(at=at, counter=counter, clerk=clerk, ticket=id_)
        yield "park", c.ParkTicket(at=at, counter=counter, clerk=clerk, ticket=id_)
        yield "transfer", c.TransferTicket(at=at, counter=counter, clerk=clerk, ticket=id_, service=step.service)
    yield "return", c.ReturnTicket(at=at, ticket=id_)
    if step.counter in state.counters:
        there = state.counters[step.counter]
        yield "put-back", c.PutBack(at=at, counter=there.id, clerk=there.clerk or "", ticket=id_)
    for printer in (None, *list(state.rules.printers)[:1]):  # its own, or another where it has none
        # a job that waits is asked back from its agent before
        yield "reprint", c.RequestSlip(at=at, ticket=id_, job="", printer=printer, withdrawn=ticket.slip.job)
    for number, one in enumerate(ticket.steps):
        if one.state is StepState.FINISHED:
            outcome = next(iter(state.rules.outcomes), "")
            yield (
                "correct",
                c.CorrectOutcome(
                    at=at, ticket=id_, step=number, outcome=outcome, reason=SOME_WORDS, by=SOMEBODY, earlier=ticket
                ),
            )
    yield "cancel", c.CancelTicket(at=at, ticket=id_)
