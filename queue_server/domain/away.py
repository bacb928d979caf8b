"""Deciding when a citizen lets others pass: steps away for a while by the mall's rules, and comes back.

Who has stepped away stands in no lane, so nobody calls them. They wait again at `back_at` by time alone, or sooner when
they say that they are here. The time away is no wait: whoever came meanwhile may stand before them.
"""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.addresses import Reach, released
from queue_server.domain.credit import of_return
from queue_server.domain.lanes import tag_of
from queue_server.domain.lifecycle import Move, StepState, after
from queue_server.domain.records import Ticket
from queue_server.domain.state import State
from queue_server.errors import IllegalMove, Invalid


def step_away(state: State, command: c.StepAway) -> list[e.AnyEvent]:
    """Somebody who waits, or is called and cannot come at once; a called one gives the counter free."""
    ticket, policy = state.ticket(command.ticket), state.rules.policy
    step = ticket.step
    if step.state is StepState.SERVING:
        raise IllegalMove("Who is being served is at the counter.", reason="park_from_serving", state="serving")
    after(step.state, Move.PARK)
    if not policy.step_away_ms:
        raise IllegalMove("In this mall nobody steps away by themselves.", reason="no_step_away")
    if command.for_ms not in policy.step_away_ms:
        raise Invalid("The mall offers other times to step away.", reason="step_away_time")
    if ticket.times_away >= policy.step_away_times:
        raise IllegalMove("That was done often enough.", reason="away_often_enough", times=policy.step_away_times)
    counter = step.counter if step.state is StepState.CALLED else None
    until = command.at + command.for_ms
    return [e.TicketSteppedAway(at=command.at, ticket=ticket.id, until=until, counter=counter, by=command.by)]


def offered(state: State, ticket: Ticket) -> tuple[int, ...]:
    """For how long (milliseconds) this ticket's citizen may step away now; empty where they may not."""
    policy = state.rules.policy
    may = ticket.step.state in (StepState.WAITING, StepState.CALLED) and ticket.times_away < policy.step_away_times
    return policy.step_away_ms if may else ()


def come_back(state: State, command: c.ComeBack) -> list[e.AnyEvent]:
    """Sooner than was said; who was set aside by staff is for staff to take back."""
    ticket = state.ticket(command.ticket)
    after(ticket.step.state, Move.RETURN)
    if ticket.step.back_at is None:
        raise IllegalMove("Ask the staff to take you back.", reason="ask_staff")
    return back(state, ticket, command.at, command.by)


def back(state: State, ticket: Ticket, at: int, by: str | None = None) -> list[e.AnyEvent]:
    """They wait again; one whose addressee has gone meanwhile waits for all."""
    step = ticket.step
    returned = e.TicketReturned(at=at, ticket=ticket.id, credit=of_return(state, step, at), by=by)
    lost = Reach(state.rules, state.counters).misses(tag_of(step.address), step.service)
    return [returned, *released(at, [ticket.id] if lost else [])]


def is_over_at(state: State, at: int, ticket: str) -> bool:
    """Their time away ends at this moment."""
    step = state.tickets[ticket].step
    return step.state is StepState.PARKED and step.back_at == at
