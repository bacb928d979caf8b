"""Putting the mall's clock back: what ends with the day that was ahead, and how its people's times move with the clock.

Time never runs back within a business day. A clock that was ahead is put right between two days: the one that was
ahead ends where it stands, and a new one begins at the right time with the same people. Whoever waits keeps number and
place, whoever was called waits again, whoever was being served is done, the parked and absent may still return.
"""

from __future__ import annotations

from msgspec.structs import replace

from queue_server.domain import events as e
from queue_server.domain.addresses import as_day_ends
from queue_server.domain.credit import of_kept_place, of_next_service
from queue_server.domain.lifecycle import StepState
from queue_server.domain.promise import promise
from queue_server.domain.records import Step, Ticket
from queue_server.domain.state import State, copy_of

INSTANTS = (
    "queued_at",
    "first_called_at",
    "called_at",
    "counted_at",
    "started_at",
    "finished_at",
    "left_at",
)
"""What of a step the mall's clock stamped. A time booked was agreed with somebody, by the right one."""


def leaving(state: State, ticket: Ticket, at: int, by: str) -> list[e.AnyEvent]:
    """What happens to a ticket as the day ends for a clock that is put back: it leaves the counter, and its address."""
    step = ticket.step
    events: list[e.AnyEvent] = []
    if step.state is StepState.SERVING:
        events.append(_done(state, ticket, at))
    elif step.state is StepState.CALLED and step.counter is not None:
        credit = of_kept_place(step, at)
        events.append(e.TicketPutBack(at=at, counter=step.counter, ticket=ticket.id, credit=credit, by=by))
    if step.state in (StepState.CALLED, StepState.WAITING):
        events += as_day_ends(ticket, at)
    return events


def _done(state: State, ticket: Ticket, at: int) -> e.ServiceFinished:
    """The journey goes on where it leads."""
    finished = e.ServiceFinished(at=at, ticket=ticket.id)
    ahead = ticket.steps[ticket.current + 1 :]
    if not ahead or ahead[0].service not in state.rules.services:
        return finished
    return replace(
        finished,
        credit=of_next_service(state, ticket.step, at),
        promise=promise(state, ahead[0].service, ticket.category, None),
    )


def moved(state: State, ticket: Ticket, by: int) -> Ticket:
    """The ticket with the times that the wrong clock stamped moved `by` (milliseconds, negative).

    The clock was wrong since the day began or the server last came back. What was stamped before keeps its time, but
    for staying before what came after it. Day and time of issue stay: its rows are filed under them.
    """
    began = state.clock_since

    def right(at: int | None) -> int | None:
        if at is None:
            return None
        return at + by if at >= began else min(at, began + by)

    def step_moved(step: Step) -> Step:
        times = {name: right(getattr(step, name)) for name in INSTANTS}
        before = None if step.before_call is None else (right(step.before_call[0]), right(step.before_call[1]))
        return replace(step, **times, before_call=before)

    twin = copy_of(ticket)
    twin.steps = [step_moved(step) for step in twin.steps]
    twin.slip = replace(twin.slip, expires_at=right(twin.slip.expires_at), told_at=right(twin.slip.told_at))
    return twin
