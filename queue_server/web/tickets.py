"""Tickets over HTTP: taking, following, finding, cancelling, returning, parking, notes, corrections, reprints.

Whoever holds a ticket's id may follow and cancel it; that is what the id is for, and why look-ups that find nothing are
counted against an address that has no token.
"""

from __future__ import annotations

from secrets import token_bytes
from time import monotonic
from typing import Any

from queue_server.domain import commands as c
from queue_server.domain.estimate import of_newcomer
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Ticket
from queue_server.errors import Forbidden, IllegalMove, Invalid, NotFound
from queue_server.web.access import STAFF, Caller
from queue_server.web.endpoint import Ask, Nothing, remembered
from queue_server.web.lookups import look_up
from queue_server.web.scope import check_counter, check_services, check_ticket, concerns
from queue_server.web.showing import acting, outcome_code, refuse_over, shown_ticket, ticket_after
from queue_server.web.words_kept import keep, reason_code
from queue_server.wire.api import IssueRequest, LeaveRequest, ReprintRequest, TicketView
from queue_server.wire.staff import CasesRequest, CorrectRequest, NoteRequest, ParkElsewhereRequest, ReturnRequest

ID_LETTERS = b"23456789abcdefghijkmnpqrstuvwxyz"
"""Nothing that is mistaken for something else (0 and o, 1 and l, small and capital): some type it from the slip."""

ISSUE = "/api/v1/tickets"
"""Where tickets are asked for: keys count by path."""

ID_LENGTH = 12
"""60 random bits that need no escaping in a URL: nobody guesses one, any phone scans it."""

_LETTER_OF_BYTE = ID_LETTERS * (256 // len(ID_LETTERS))


def new_id() -> str:
    return token_bytes(ID_LENGTH).translate(_LETTER_OF_BYTE).decode()


def new_ids() -> tuple[str, str]:
    """Two that know nothing of each other, for one question to the system."""
    drawn = token_bytes(2 * ID_LENGTH).translate(_LETTER_OF_BYTE).decode()
    return drawn[:ID_LENGTH], drawn[ID_LENGTH:]


# Anyone with the id


async def issue(ask: Ask[IssueRequest]) -> TicketView:
    """Take a ticket: one place, for one service or for a journey of several."""
    body, engine = ask.body, ask.parts.engine
    if body.kiosk is not None and not _for_staff(body) and (caller := _kiosk_here(ask, body.kiosk)) is not None:
        named = ask.request.headers.get("Idempotency-Key")
        ask.caller = caller
        ask.key = remembered(ask.parts, ask.request, caller, named, await ask.request.read()) if named else None
    caller = ask.caller
    if body.services and body.service is not None:
        raise Invalid("Name `service` or `services`, not both.", reason="services", field="services")
    services = body.services or ((body.service,) if body.service is not None else ())
    kiosk = body.kiosk
    if caller.role == "kiosk":
        kiosk = _own_kiosk(ask)
    elif caller.agency is not None and not any(_is_of(ask, caller.agency, service) for service in services):
        check_services(caller, engine.state, services)
    note = await keep(ask, "note", body.note) if body.note else None
    id_, job = new_ids()
    command = c.IssueTicket(
        at=engine.now(),
        ticket=id_,
        services=services,
        category=body.category,
        language=body.language,
        channel="kiosk" if caller.role == "kiosk" else "desk",
        kiosk=kiosk,
        by=caller.clerk or None,
        counter=body.counter,
        desk=caller.counter,
        printer=body.printer or None,
        note=note,
        slip_job=None if body.printer == "" else job,
        estimates=tuple([of_newcomer(engine.estimates, service, body.category) for service in services]),
    )
    return await ticket_after(ask, command, 201)


def _kiosk_here(ask: Ask[Any], kiosk: str) -> Caller | None:
    """The kiosk as whom its page speaks in a browser where staff are signed in, too; None where that is not so."""
    cookies = ask.parts.doors.cookies(ask.request) if ask.caller.by_cookie else ()
    return next((caller for caller in cookies if caller.role == "kiosk" and caller.name == kiosk), None)


async def leave(ask: Ask[LeaveRequest]) -> TicketView | None:
    """Nobody will see the answer to a request for a ticket, named by its key: what came of it is unclaimed, and nothing
    comes of it later. 204 where nothing had, or its day is over.
    """
    parts, body = ask.parts, ask.body
    caller = (_kiosk_here(ask, body.kiosk) if body.kiosk is not None else None) or ask.caller
    named = parts.engine.keys.give_up(
        remembered(parts, ask.request, caller, body.key, b"", path=ISSUE), parts.engine.now()
    )
    known = parts.engine.state.tickets.get(named or "")
    if known is None:
        return None
    job, withdrawn = known.slip.job, await parts.printing.cancel(known)
    command = c.LeaveTicket(at=parts.engine.now(), ticket=known.id, withdrawn=job if withdrawn else None)
    await ask.carry_out(command)
    return shown_ticket(ask, known)


def _own_kiosk(ask: Ask[IssueRequest]) -> str:
    """A kiosk speaks for itself alone, and only so often as the mall says."""
    body, caller, parts = ask.body, ask.caller, ask.parts
    if body.kiosk not in (None, caller.name) or _for_staff(body):
        raise Forbidden("A kiosk takes tickets for itself, without counter, printer or note.", reason="kiosk")
    rate = parts.settings().limits.tickets_per_kiosk
    if rate is not None:
        parts.limits.tickets.check(caller.name, rate, monotonic())
        parts.limits.tickets.count(caller.name, rate, monotonic())
    return caller.name


def _for_staff(body: IssueRequest) -> bool:
    """It says what only staff may say."""
    return not (body.counter is None and body.note is None and body.printer is None)


def _is_of(ask: Ask[Any], agency: str, service: str) -> bool:
    known = ask.parts.engine.state.rules.services.get(service)
    return known is not None and known.agency == agency


async def ticket(ask: Ask[None]) -> TicketView:
    """Follow a ticket, today's or an earlier day's; staff also see its clerks and its note."""
    return shown_ticket(ask, await looked_up(ask))


async def cancel(ask: Ask[Nothing]) -> TicketView:
    """Give a place up."""
    known = await looked_up(ask)
    engine, staff = ask.parts.engine, ask.caller.role in STAFF
    by = ask.caller.clerk if staff and concerns(ask.caller, engine.state, known) else None
    return await ticket_after(ask, c.CancelTicket(at=engine.now(), ticket=known.id, by=by))


async def looked_up(ask: Ask[Any]) -> Ticket:
    """The ticket in the path."""
    return await look_up(ask.parts, ask.request, ask.caller, ask["ticket"])


# Staff


async def find(ask: Ask[None]) -> TicketView:
    """Find today's ticket by its number, for whoever lost the slip; `a2` finds A002."""
    number = ask.request.query.get("number", "").strip()
    if not number:
        raise Invalid("Say which number: /tickets?number=A012.", reason="field", field="number")
    found = ask.parts.engine.find_number(number)
    if not concerns(ask.caller, ask.parts.engine.state, found):
        raise NotFound(f"There is no ticket {number} today.", number=number)
    return shown_ticket(ask, found)


async def of_staff(ask: Ask[Any]) -> Ticket:
    """The ticket in the path, if it is the caller's agency's."""
    found = await looked_up(ask)
    check_ticket(ask.caller, ask.parts.engine.state, found)
    return found


async def give_back(ask: Ask[ReturnRequest]) -> TicketView:
    """Let a parked or no-show ticket wait again. A reason that is given is recorded."""
    engine, known = ask.parts.engine, await of_staff(ask)
    reason = await reason_code(ask, ask.body.reason, engine.state.rules.reasons) if ask.body.reason else None
    command = c.ReturnTicket(at=engine.now(), ticket=known.id, by=ask.caller.clerk, reason=reason)
    return await ticket_after(ask, command)


async def note(ask: Ask[NoteRequest]) -> TicketView:
    """Write a note for colleagues, or take it away. The words are kept encrypted, never in the journal."""
    known = await of_staff(ask)
    reference = await keep(ask, "note", ask.body.text) if ask.body.text.strip() else None
    command = c.AttachNote(at=ask.parts.engine.now(), ticket=known.id, note=reference, by=ask.caller.clerk)
    return await ticket_after(ask, command)


async def cases(ask: Ask[CasesRequest]) -> TicketView:
    """Say how many cases one ticket brings: three passports."""
    known = await of_staff(ask)
    command = c.SetCases(at=ask.parts.engine.now(), ticket=known.id, cases=ask.body.cases, by=ask.caller.clerk)
    return await ticket_after(ask, command, about=known.id)


async def correct(ask: Ask[CorrectRequest]) -> TicketView:
    """Correct the outcome of a finished step, today's or an earlier day's, with a reason."""
    engine, body, known = ask.parts.engine, ask.body, await of_staff(ask)
    finished = [n for n, step in enumerate(known.steps) if step.state is StepState.FINISHED]
    if body.step is None and not finished:
        raise IllegalMove("Only a finished step has an outcome to correct.", reason="not_finished")
    reason = await reason_code(ask, body.reason, engine.state.rules.reasons)
    command = c.CorrectOutcome(
        at=engine.now(),
        ticket=known.id,
        step=finished[-1] if body.step is None else body.step,
        outcome=outcome_code(body.outcome) or "",
        reason=reason,
        by=ask.caller.clerk,
        earlier=known,
    )
    return await ticket_after(ask, command, about=known.id)


async def park(ask: Ask[ParkElsewhereRequest]) -> TicketView:
    """Set a ticket aside wherever it is; its citizen will come back."""
    engine, body, known = ask.parts.engine, ask.body, await of_staff(ask)
    reason = await reason_code(ask, body.reason, engine.state.rules.reasons) if body.reason else None
    counter = body.counter or _counter_for(ask, known)
    check_counter(ask.caller, engine.state, counter)
    clerk = acting(ask, counter)
    command = c.ParkTicket(at=engine.now(), counter=counter, clerk=clerk, ticket=known.id, reason=reason)
    return await ticket_after(ask, command)


def _counter_for(ask: Ask[Any], known: Ticket) -> str:
    """The counter that parks: where the ticket is, or where the caller works."""
    state = ask.parts.engine.state
    for record in state.counters.values():
        if record.ticket == known.id:
            return record.id
    if (own := state.counter_of(ask.caller.clerk)) is not None:
        return own
    raise Invalid("Say at which counter.", reason="field", field="counter")


async def reprint(ask: Ask[ReprintRequest]) -> TicketView:
    """Print the slip again; what is still open is taken back first."""
    engine, body, known = ask.parts.engine, ask.body, await of_staff(ask)
    if known.id not in engine.state.tickets and engine.replayed(ask.key) is None:
        refuse_over(known)
    if body.printer is not None and body.printer not in engine.state.rules.printers:
        raise NotFound(f"There is no printer {body.printer!r}.", printer=body.printer)
    reason = await reason_code(ask, body.reason, engine.state.rules.reasons)
    job = known.slip.job
    withdrawn = engine.replayed(ask.key) is None and await ask.parts.printing.cancel(known)
    command = c.RequestSlip(
        at=engine.now(),
        ticket=known.id,
        job=new_id(),
        printer=body.printer,
        reason=reason,
        by=ask.caller.clerk,
        withdrawn=job if withdrawn else None,
    )
    return await ticket_after(ask, command)
