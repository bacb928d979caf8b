"""Deciding about tickets away from the counter: issuing, cancelling, returning, notes, corrections."""

from __future__ import annotations

from collections.abc import Iterator

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.addresses import given
from queue_server.domain.admission import admit, admit_at_kiosk, refuse_roll
from queue_server.domain.codes import check_category, check_outcome, check_reason
from queue_server.domain.credit import of_return
from queue_server.domain.estimate import of_newcomer
from queue_server.domain.lifecycle import Move, StepState, after
from queue_server.domain.numbering import next_number
from queue_server.domain.promise import promise
from queue_server.domain.state import State
from queue_server.errors import IllegalMove, Invalid, NotFound

MAX_SERVICES = 12
"""More services on one slip than this is a mistake, not a journey."""


def issue(state: State, command: c.IssueTicket) -> list[e.AnyEvent]:
    services = command.services
    if not services or len(services) > MAX_SERVICES or len(set(services)) != len(services):
        raise Invalid(f"Name one to {MAX_SERVICES} different services.", reason="services")
    for service in services:
        state.check_service(service)
    check_category(state, command.category)
    if command.channel == "kiosk" and not state.rules.categories[command.category].at_kiosk:
        raise Invalid(f"The category {command.category!r} is not for kiosks; ask at the desk.", reason="category")
    if command.channel == "kiosk":
        admit_at_kiosk(state, command.kiosk, services, command.at)
    language = command.language or state.rules.languages[0]
    if language not in state.rules.languages:
        known = ", ".join(state.rules.languages)
        raise Invalid(f"The mall does not speak {language!r}; it speaks {known}.", reason="language")
    estimates = [of_newcomer(command.estimates, service, command.category) for service in services]
    for service, estimate in zip(services, estimates, strict=True):
        refuse_roll(state, service)
        admit(state, service, command.at, estimate)
    text, ordinal = next_number(state, state.rules.services[services[0]].prefix)
    printer = printer_for(state, command)
    outlook = command.outlooks.get(printer) if printer else None
    address = given(state, command.counter, services[0], command.at)
    return [
        e.TicketIssued(
            at=command.at,
            ticket=command.ticket,
            number=text,
            prefix=state.rules.services[services[0]].prefix,
            ordinal=ordinal,
            services=services,
            category=command.category,
            language=language,
            promise=promise(state, services[0], command.category, estimates[0], address),
            channel=command.channel,
            kiosk=command.kiosk,
            by=command.by,
            booked_at=command.booked_at,
            address=address,
            note=command.note,
            citizen=command.citizen,
            printer=printer,
            slip_job=command.slip_job if printer else None,
            slip_expires_at=command.at + state.rules.policy.slip_ttl_ms if printer else None,
            slip_sent=outlook is not None and outlook.leaves,
            slip_reason=outlook.reason if outlook is not None else None,
        )
    ]


def printer_for(state: State, command: c.IssueTicket) -> str | None:
    """Where the slip comes out: where staff said, at the kiosk, or at the desk that issues; None means no paper."""
    if command.slip_job is None:
        return None
    if command.printer is not None:
        if command.printer not in state.rules.printers:
            raise NotFound(f"There is no printer {command.printer!r}.", printer=command.printer)
        return command.printer
    if command.kiosk is not None:
        kiosk = state.rules.kiosks.get(command.kiosk)
        return kiosk.printer if kiosk else None
    return next(filter(None, (state.rules.counters[desk].printer for desk in _desks(state, command))), None)


def _desks(state: State, command: c.IssueTicket) -> Iterator[str]:
    """The counters that may be the desk where this is issued: the one named, the token's own, where the clerk works."""
    for counter in (command.counter, command.desk):
        if counter in state.rules.counters:
            yield counter
    works_at = state.counter_of(command.by)
    if works_at is not None:
        yield works_at


def cancel(state: State, command: c.CancelTicket) -> list[e.AnyEvent]:
    ticket = state.ticket(command.ticket)
    after(ticket.step.state, Move.CANCEL)
    return [e.TicketCancelled(at=command.at, ticket=ticket.id, by=command.by)]


def give_back(state: State, command: c.ReturnTicket) -> list[e.AnyEvent]:
    """A parked or no-show ticket waits again, while the grace period of a no-show lasts."""
    ticket = state.ticket(command.ticket)
    step = ticket.step
    after(step.state, Move.RETURN)
    assert step.left_at is not None
    began = max(step.left_at, state.resumed_at)
    if step.state is StepState.NO_SHOW and command.at - began > state.rules.policy.grace_ms:
        raise IllegalMove("The grace period is over; take a new ticket.", reason="grace_over")
    credit = of_return(state, step, command.at)
    if command.reason is not None:
        check_reason(command.reason, state.rules.reasons)
    return [e.TicketReturned(at=command.at, ticket=ticket.id, credit=credit, by=command.by, reason=command.reason)]


def set_cases(state: State, command: c.SetCases) -> list[e.AnyEvent]:
    ticket = state.ticket(command.ticket)
    if not 1 <= command.cases <= 99:
        raise Invalid("Cases are 1 to 99.", reason="cases")
    if ticket.cases == command.cases:
        return []
    return [e.CasesSet(at=command.at, ticket=ticket.id, cases=command.cases, by=command.by)]


def attach_note(state: State, command: c.AttachNote) -> list[e.AnyEvent]:
    ticket = state.ticket(command.ticket)
    return [e.NoteAttached(at=command.at, ticket=ticket.id, note=command.note, by=command.by)]


def correct(state: State, command: c.CorrectOutcome) -> list[e.AnyEvent]:
    """Another outcome for a step that is finished, today or on an earlier day; the reason stays with it."""
    ticket = state.tickets.get(command.ticket) or command.earlier or state.ticket(command.ticket)
    if not 0 <= command.step < len(ticket.steps):
        raise NotFound("There is no such step on this ticket.", step=command.step)
    if ticket.steps[command.step].state is not StepState.FINISHED:
        raise IllegalMove("Only a finished step has an outcome to correct.", reason="not_finished")
    check_outcome(state, command.outcome)
    check_reason(command.reason, state.rules.reasons)
    return [
        e.OutcomeCorrected(
            at=command.at,
            ticket=ticket.id,
            step=command.step,
            outcome=command.outcome,
            reason=command.reason,
            by=command.by,
        )
    ]


def forget(state: State, command: c.ForgetPerson) -> list[e.AnyEvent]:
    return [e.PersonalDataErased(at=command.at, reference=command.reference)]
