"""Deciding about slips: a reprint, a fail-over, what an agent reports. Paper never decides whether a ticket exists.

A paper that may have come out is never replaced by one that looks like an original: two people would hold one number.
"""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.codes import check_reason
from queue_server.domain.lifecycle import GIVEN_UP, StepState
from queue_server.domain.records import Ticket
from queue_server.domain.slip_life import TOLD, SlipState, may_request, may_tell
from queue_server.domain.state import State
from queue_server.errors import IllegalMove, Invalid, NotFound


def request(state: State, command: c.RequestSlip) -> list[e.AnyEvent]:
    """A new job. It says COPY if an earlier one may have printed, and is refused while an earlier one still may print.

    A number that nobody will call any more gets no paper; one that was served does, for whoever must show it.
    """
    ticket = state.ticket(command.ticket)
    slip = ticket.slip
    events: list[e.AnyEvent] = []
    if ticket.step.state in GIVEN_UP:
        raise IllegalMove("That ticket's number is not valid any more.", reason="slip_over")
    if command.reason is not None:
        check_reason(command.reason, state.rules.reasons)
    still_open = slip.state is SlipState.QUEUED and slip.sent and command.withdrawn != slip.job
    if still_open or not may_request(slip.state):
        raise IllegalMove("The last slip is still being printed; wait a moment.", reason="slip_open")
    if slip.state is SlipState.QUEUED:
        events.append(_taken_back(ticket, command.at))
    last = slip.printer if slip.printer in state.rules.printers else None  # it may have been taken out since
    printer = command.printer or last or _usual(state, ticket.kiosk)
    if printer not in state.rules.printers:
        raise NotFound(f"There is no printer {printer!r}.", printer=printer)
    clean = slip.clean and (slip.state in (SlipState.NONE, SlipState.NOT_PRINTED) or bool(events))
    events.append(
        e.SlipRequested(
            at=command.at,
            then=bool(events),
            ticket=ticket.id,
            job=command.job,
            printer=printer,
            expires_at=_expiry(state, command),
            copy=0 if clean else slip.copy + 1,
            reason=command.reason,
            by=command.by,
        )
    )
    return events


def leave(state: State, command: c.LeaveTicket) -> list[e.AnyEvent]:
    """Nobody saw the number. Paper that has not begun is taken back; what may be in somebody's hand stays valid.

    So the mall's rule cancels only a ticket of which no paper came out. One that has moved since is somebody's.
    """
    ticket = state.ticket(command.ticket)
    slip, events = ticket.slip, list[e.AnyEvent]()
    fresh = ticket.step.state is StepState.WAITING and ticket.current == 0 and not ticket.unclaimed
    if fresh:
        events.append(e.TicketLeft(at=command.at, ticket=ticket.id))
    given_back = slip.job is not None and slip.job == command.withdrawn
    stopped = slip.state is SlipState.QUEUED and (given_back or (fresh and not slip.sent))
    if stopped:
        events.append(_taken_back(ticket, command.at, then=bool(events)))
    paperless = slip.clean and (stopped or slip.state in (SlipState.NONE, SlipState.NOT_PRINTED))
    if fresh and paperless and state.rules.policy.unclaimed == "cancel":
        events.append(e.TicketCancelled(at=command.at, then=True, ticket=ticket.id))
    return events


def _taken_back(ticket: Ticket, at: int, *, then: bool = False) -> e.SlipReported:
    assert ticket.slip.job is not None
    job = ticket.slip.job
    return e.SlipReported(at=at, then=then, ticket=ticket.id, job=job, state="not_printed", reason="cancelled")


def _expiry(state: State, command: c.RequestSlip) -> int:
    """When it is no longer begun, so that no stale number comes out."""
    full = command.at + state.rules.policy.slip_ttl_ms
    return full if command.until is None else min(full, command.until)


def _usual(state: State, kiosk: str | None) -> str | None:
    """The printer of the kiosk that issued the ticket, or the mall's first."""
    place = state.rules.kiosks.get(kiosk or "")
    if place is not None and place.printer is not None:
        return place.printer
    return next(iter(state.rules.printers), None)


def report(state: State, command: c.ReportSlip) -> list[e.AnyEvent]:
    """What is known now. Final outcomes stay; a late word may still correct an `unknown`; old jobs change nothing."""
    if command.state not in TOLD:
        raise Invalid(f"A slip is one of {', '.join(TOLD)}.", reason="slip_state")
    ticket = state.tickets.get(command.ticket)
    if ticket is None or ticket.slip.job != command.job:
        return []
    slip = ticket.slip
    sent = not command.stayed and (slip.sent or command.sent)
    same = (slip.state, slip.reason, slip.sent) == (command.state, command.reason, sent)
    if same or not may_tell(slip.state, SlipState(command.state)):
        return []
    return [
        e.SlipReported(
            at=command.at,
            ticket=ticket.id,
            job=command.job,
            state=command.state,
            reason=command.reason,
            evidence=command.evidence,
            sent=command.sent,
            stayed=command.stayed and slip.sent,
        )
    ]
