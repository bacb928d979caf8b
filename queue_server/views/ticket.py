"""One ticket: as the API answers it, and as its own page behind the slip's QR code shows it.

The public view says nothing about clerks and carries no note. A ticket of an earlier day (one that the state does not
hold) is shown as it ended, even if its service is no longer offered.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET, UnsetType

from queue_server.domain.away import offered
from queue_server.domain.dispatch import due_at
from queue_server.domain.lanes import base
from queue_server.domain.lifecycle import Move, StepState, allowed
from queue_server.domain.measures import wait as wait_of
from queue_server.domain.records import Estimate, Step, Ticket
from queue_server.domain.state import State
from queue_server.languages.locales import MINUTE_MS
from queue_server.views.board import serving_at
from queue_server.views.instants import rfc3339, seconds
from queue_server.views.names import agency_of, evacuation_view, held_reason, held_text, service_name
from queue_server.views.waits import Told, place_in_line
from queue_server.wire.api import BoardServing, StepView, Texts, TicketSlip, TicketView
from queue_server.wire.live import TicketPageView

USUAL = "regular"
"""The category that says nothing of its citizen."""

_AT_COUNTER = (StepState.CALLED, StepState.SERVING)


def ticket_view(
    state: State,
    ticket: Ticket,
    *,
    staff: bool,
    estimates: Mapping[str, Estimate],
    track_base: str,
    note: str | None = None,
    moves: tuple[str, ...] | UnsetType = UNSET,
    agencies: frozenset[str] | None = None,
    clerks: frozenset[str] | None = None,
) -> TicketView:
    """The ticket as it is now.

    `estimates` are for newcomers by service, for this ticket by its id, or both. `track_base` is where phones reach the
    server. `note` is the note's text, `moves` are what may be done with it (offers.py). `agencies` are those whose
    clerks the reader may know, `clerks` those whom it names; None means all.
    """
    ahead: int | None = None
    wait = Told()
    current = ticket.step.state
    if current is StepState.WAITING and ticket.id in state.tickets:
        ahead, wait = place_in_line(state, ticket, estimates)
    elif current in _AT_COUNTER:
        ahead = 0
    return TicketView(
        id=ticket.id,
        number=ticket.number,
        state=ticket.state,
        category=ticket.category,
        language=ticket.language,
        day=ticket.day,
        issued_at=rfc3339(ticket.issued_at),
        steps=tuple([_step_view(state, ticket, step, staff, agencies, clerks) for step in ticket.steps]),
        people_ahead=ahead,
        estimated_wait=wait.estimated_wait,
        wait_behind=wait.wait_behind,
        wait_reason=wait.wait_reason,
        track_url=f"{track_base}/t/{ticket.id}",
        slip=TicketSlip(state=ticket.slip.state, reason=ticket.slip.reason, at=_elsewhere(state, ticket)),
        cases=ticket.cases,
        note=note if staff else UNSET,
        unclaimed=True if staff and ticket.unclaimed else UNSET,
        citizen=True if staff and ticket.citizen else UNSET,
        current=ticket.current,
        moves=moves if staff else UNSET,
    )


def _elsewhere(state: State, ticket: Ticket) -> Texts | UnsetType:
    """Where the printer is that stands in for the kiosk's own: its citizen must know where to go."""
    kiosk = state.rules.kiosks.get(ticket.kiosk or "")
    printer = state.rules.printers.get(ticket.slip.printer or "")
    if kiosk is None or printer is None or kiosk.printer == printer.id:
        return UNSET
    return printer.place or printer.name


def _step_view(
    state: State,
    ticket: Ticket,
    step: Step,
    staff: bool,
    agencies: frozenset[str] | None,
    clerks: frozenset[str] | None,
) -> StepView:
    agency = agency_of(state.rules, step.service)
    known = (agencies is None or agency in agencies) and (clerks is None or step.clerk in clerks)
    waited = wait_of(step)
    return StepView(
        service=step.service,
        agency=agency,
        state=str(step.state),
        queued_at=rfc3339(step.queued_at),
        due_at=rfc3339(_due(state, ticket, step)),
        first_called_at=rfc3339(step.first_called_at),
        called_at=rfc3339(step.called_at),
        started_at=rfc3339(step.started_at),
        finished_at=rfc3339(step.finished_at),
        counter=step.counter,
        clerk=(step.clerk if known else None) if staff else UNSET,
        outcome=step.outcome,
        waited_s=None if waited is None else seconds(waited),
    )


def _due(state: State, ticket: Ticket, step: Step) -> int | None:
    """By today's targets while it waits; after that, what was promised."""
    if step.queued_at is None:
        return None
    if step.state is StepState.WAITING and step is ticket.step and step.service in state.rules.services:
        return due_at(state, ticket)
    if step.booked_at is not None:
        return step.booked_at
    return base(step) + step.promise.target if step.promise else None


def ticket_page(state: State, ticket: Ticket, *, estimates: Mapping[str, Estimate], track_base: str) -> TicketPageView:
    """The public view of the ticket with what its reader needs: where to go, what to bring, who is served meanwhile."""
    rules, step = state.rules, ticket.step
    service = step.service
    known = rules.services.get(service)
    agency = rules.agencies.get(known.agency) if known else None
    today = ticket.id in state.tickets
    label, direction = where(state, ticket)
    return TicketPageView(
        ticket=ticket_view(state, ticket, staff=False, estimates=estimates, track_base=track_base),
        mall=rules.name,
        languages=rules.languages,
        service=service_name(rules, service),
        agency=agency.name if agency else {},
        counter_label=label,
        direction=direction,
        held=held_reason(state),
        held_text=held_text(state),
        evacuation=evacuation_view(state, _zones_of(state, ticket)),
        documents=known.documents if known else {},
        serving=_meanwhile(state, ticket) if today else (),
        timezone=rules.timezone,
        may_cancel=today and state.open and allowed(step.state, Move.CANCEL),
        category=_privilege(state, ticket),
        away_minutes=_away_minutes(state, ticket) if today and state.open else (),
        back_at=rfc3339(step.back_at) if step.state is StepState.PARKED else None,
        return_until=_return_until(state, step) if today and state.open else None,
        services={one.service: service_name(rules, one.service) for one in ticket.steps},
        times_away_left=max(0, rules.policy.step_away_times - ticket.times_away),
    )


def _privilege(state: State, ticket: Ticket) -> Texts:
    """The category's name, where it is not the usual one."""
    known = state.rules.categories.get(ticket.category)
    return known.name if known is not None and known.id != USUAL else {}


def _away_minutes(state: State, ticket: Ticket) -> tuple[int, ...]:
    return tuple(for_ms // MINUTE_MS for for_ms in offered(state, ticket))


def _return_until(state: State, step: Step) -> str | None:
    """When the grace of somebody who was missed is over, or was."""
    if step.state is not StepState.NO_SHOW or step.left_at is None:
        return None
    return rfc3339(max(step.left_at, state.resumed_at) + state.rules.policy.grace_ms)


def where(state: State, ticket: Ticket) -> tuple[str | None, Texts]:
    """The counter's label and the way there, while the ticket is called, served, or set aside by that counter."""
    step = ticket.step
    counter = state.rules.counters.get(step.counter or "")
    aside = step.state is StepState.PARKED and step.back_at is None
    if counter is None or not (aside or step.state in _AT_COUNTER):
        return None, {}
    zone = state.rules.zones.get(counter.zone)
    return counter.label, zone.direction if zone else {}


def _zones_of(state: State, ticket: Ticket) -> tuple[str, ...] | None:
    """Where its citizen is, while that is known."""
    counter = state.rules.counters.get(ticket.step.counter or "")
    return (counter.zone,) if counter is not None and ticket.step.state in _AT_COUNTER else None


def _meanwhile(state: State, ticket: Ticket) -> tuple[BoardServing, ...]:
    """Who is at the counters that may serve a waiting ticket's service."""
    if ticket.step.state is not StepState.WAITING:
        return ()
    service = ticket.step.service
    return serving_at(state, (c for c in state.rules.counters.values() if service in c.services))
