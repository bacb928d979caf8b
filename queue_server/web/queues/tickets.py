"""Tickets over HTTP: taking, following, finding, cancelling, returning, parking, notes, corrections, reprints.

Whoever holds a ticket's id may follow it, step away and cancel it; that is what the id is for, and why look-ups that
find nothing are counted against an address that has no token.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from secrets import token_bytes
from time import monotonic

from aiohttp import web
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.acts import ActKind
from queue_server.domain.records import Ticket
from queue_server.errors import Invalid, NotFound
from queue_server.languages.locales import MINUTE_MS
from queue_server.service.engine import Result
from queue_server.views.ticket import ticket_page
from queue_server.web import noting
from queue_server.web.ask import Ask, Done, Nothing, key_of, refuse_over
from queue_server.web.identity.access import CALLER, Caller, admit
from queue_server.web.parts import Parts
from queue_server.web.permissions import ANYONE, HOLDERS
from queue_server.web.queues import citizens, daily_limit
from queue_server.web.queues.counters import outcome_code
from queue_server.web.queues.lookups import look_up
from queue_server.web.queues.places import held
from queue_server.web.queues.showing import shown_ticket
from queue_server.web.scope import concerns, corrected_step, for_staff, has_at_hand, parking_counter, wanted
from queue_server.wire.api import IssueRequest, LeaveRequest, ReprintRequest, StepAwayRequest, TicketView
from queue_server.wire.live import TicketPageView
from queue_server.wire.staff import CasesRequest, CorrectRequest, NoteRequest, ParkElsewhereRequest, ReturnRequest

ID_LETTERS = b"23456789abcdefghijkmnpqrstuvwxyz"
"""Nothing that is mistaken for something else (0 and o, 1 and l, small and capital): some type it from the slip."""

ISSUE = "/api/v1/tickets"
"""Where tickets are asked for: keys count by path."""

ID_LENGTH = 12
"""60 random bits that need no escaping in a URL: nobody guesses one, any phone scans it."""

_LETTER_OF_BYTE = ID_LETTERS * (256 // len(ID_LETTERS))


_DRAWN = 256
"""So many ids are drawn at once. Each question to the system lets the journal's thread have the interpreter, and a
ticket then waits to get it back."""

_drawn: deque[str] = deque()


def new_id() -> str:
    """One that nobody can guess and that is given once."""
    if not _drawn:
        letters = token_bytes(_DRAWN * ID_LENGTH).translate(_LETTER_OF_BYTE).decode()
        _drawn.extend(letters[at : at + ID_LENGTH] for at in range(0, len(letters), ID_LENGTH))
    return _drawn.popleft()


# Anyone with the id


def speaker(parts: Parts, request: web.Request, caller: Caller, body: IssueRequest | LeaveRequest) -> Caller:
    """The kiosk as whom its page speaks in a browser where staff are signed in, too; else the caller."""
    if not caller.by_cookie or body.kiosk is None or (isinstance(body, IssueRequest) and for_staff(body)):
        return caller
    cookies = parts.doors.cookies(request)
    return next((one for one in cookies if one.role == "kiosk" and one.name == body.kiosk), caller)


async def issue(ask: Ask[IssueRequest]) -> Done[TicketView]:
    """Take a ticket: one place, for one service or for a journey of several."""
    body, caller = ask.body, ask.caller
    if body.services and body.service is not None:
        raise Invalid("Name `service` or `services`, not both.", reason="services", field="services")
    at_kiosk = caller.role == "kiosk"
    if not at_kiosk and body.kiosk is not None and body.kiosk not in ask.engine.state.rules.kiosks:
        raise NotFound(f"There is no kiosk {body.kiosk!r}.", kiosk=body.kiosk)
    rate = ask.parts.settings().limits.tickets_per_kiosk if at_kiosk else None
    given, now = ask.parts.limits.tickets, monotonic()
    async with held(ask, partial(given.take, caller.name, rate, now), partial(given.give_back, caller.name, now)):
        return await _issued(ask, at_kiosk=at_kiosk)


async def _issued(ask: Ask[IssueRequest], *, at_kiosk: bool) -> Done[TicketView]:
    body, caller = ask.body, ask.caller
    ticket, services = new_id(), wanted(body)
    said = citizens.understood(ask, services)
    if at_kiosk and said.identity is None:
        daily_limit.refuse_unasked(ask.parts.settings(), services)
    async with daily_limit.place(ask, ticket, services, said.identity):
        return await ask.do(
            c.IssueTicket,
            ticket=ticket,
            services=services,
            category=body.category,
            language=body.language,
            channel="kiosk" if at_kiosk else "desk",
            kiosk=caller.name if at_kiosk else body.kiosk,
            by=caller.clerk or None,
            counter=body.counter,
            desk=caller.counter,
            printer=body.printer or None,
            note=ask.note,
            citizen=await citizens.keep(ask, ticket, services, said),
            slip_job=None if body.printer == "" else new_id(),
            outlooks=ask.parts.printing.outlooks,
        )


async def leave(ask: Ask[LeaveRequest]) -> Done[TicketView | None]:
    """Nobody will see the answer to a request for a ticket, named by its key: what came of it is unclaimed, and nothing
    comes of it later. 204 where nothing had, or its day is over.
    """
    engine = ask.engine
    key = key_of(ask.parts, ask.request, ask.caller, ask.body.key, b"", path=ISSUE)
    known = engine.state.tickets.get(engine.keys.give_up(key, engine.now()) or "")
    if known is None:
        return Done(Result())
    job, withdrawn = known.slip.job, await ask.parts.printing.cancel(known)
    done = await ask.do(c.LeaveTicket, ticket=known.id, withdrawn=job if withdrawn else None)
    return Done(replace(done.result, ticket=known.id))


async def ticket(ask: Ask[None]) -> TicketView:
    """Follow a ticket, today's or an earlier day's; staff also see its clerks, its note and its `moves`."""
    return shown_ticket(ask, ask.ticket)


async def cancel(ask: Ask[Nothing]) -> Done[TicketView]:
    """Give a place up."""
    return await ask.do(c.CancelTicket, by=ask.caller.clerk or None)


async def step_away(ask: Ask[StepAwayRequest]) -> Done[TicketView]:
    """Let others pass for a while, within the mall's rules; the place is kept, and nobody calls meanwhile."""
    return await ask.do(c.StepAway, for_ms=ask.body.minutes * MINUTE_MS, by=ask.caller.clerk or None)


async def come_back(ask: Ask[Nothing]) -> Done[TicketView]:
    """Wait again, sooner than was said."""
    return await ask.do(c.ComeBack, by=ask.caller.clerk or None)


async def page(ask: Ask[None]) -> TicketPageView:
    """What the ticket's own page shows, also of an earlier day: the live topic's view, asked for once."""
    engine = ask.engine
    state = engine.state
    return ticket_page(state, ask.ticket, estimates=engine.expected, track_base=state.rules.public_url)


async def look(parts: Parts, request: web.Request, id_: str) -> Ticket:
    """A ticket for what is no call of the API. Raises NotFound or RateLimited, as every look-up."""
    caller = request[CALLER] = admit(parts.doors, request, ANYONE)
    return await look_up(parts, request, caller, id_)


async def first_page(parts: Parts, request: web.Request, id_: str) -> TicketPageView:
    """The same for the page itself, with which it comes. Raises NotFound or RateLimited, as every look-up."""
    known = await look(parts, request, id_)
    engine = parts.engine
    state = engine.state
    view = ticket_page(state, known, estimates=engine.expected, track_base=state.rules.public_url)
    await engine.settled(engine.lives)
    return view


# Staff


async def find(ask: Ask[None]) -> TicketView:
    """Find today's ticket by its number, for whoever lost the slip; `a2` finds A002.

    Its `moves` say what may be done with it, from `counter` if that is named.
    """
    number = ask.request.query.get("number", "").strip()
    if not number:
        raise Invalid("Say which number: /tickets?number=A012.", reason="field", field="number")
    found = ask.engine.find_number(number)
    if not concerns(ask.caller, ask.engine.state, found):
        raise NotFound(f"There is no ticket {number} today.", number=number)
    if ask.caller.role not in HOLDERS or not has_at_hand(ask.caller, ask.engine.state, found):
        await note_found(ask, found)
    return shown_ticket(ask, found)


async def note_found(ask: Ask[None], found: Ticket) -> None:
    """Whoever may not cancel a ticket is told its id, by which anybody may who shows no token: that is on record."""
    await noting.note(ask, ActKind.TICKET_FOUND, about=found.number)


async def give_back(ask: Ask[ReturnRequest]) -> Done[TicketView]:
    """Let a parked or no-show ticket wait again. A reason that is given is recorded."""
    return await ask.do(c.ReturnTicket)


async def note(ask: Ask[NoteRequest]) -> Done[TicketView]:
    """Write a note for colleagues, or take it away. The words are kept encrypted, never in the journal."""
    return await ask.do(c.AttachNote, note=ask.note)


async def cases(ask: Ask[CasesRequest]) -> Done[TicketView]:
    """Say how many cases one ticket brings: three passports."""
    return await ask.do(c.SetCases, cases=ask.body.cases)


async def correct(ask: Ask[CorrectRequest]) -> Done[TicketView]:
    """Correct the outcome of a finished step, today's or an earlier day's, with a reason."""
    outcome = outcome_code(ask.body.outcome) or ""
    return await ask.do(c.CorrectOutcome, step=corrected_step(ask), outcome=outcome, earlier=ask.ticket)


async def park(ask: Ask[ParkElsewhereRequest]) -> Done[TicketView]:
    """Set a ticket aside wherever it is; its citizen will come back."""
    return await ask.do(c.ParkTicket, counter=parking_counter(ask))


async def reprint(ask: Ask[ReprintRequest]) -> Done[TicketView]:
    """Print the slip again; what is still open is taken back first."""
    state, printer, known = ask.engine.state, ask.body.printer, ask.ticket
    if known.id not in state.tickets:
        refuse_over(known)
    if printer is not None and printer not in state.rules.printers:
        raise NotFound(f"There is no printer {printer!r}.", printer=printer)
    job, withdrawn = known.slip.job, await ask.parts.printing.cancel(known)
    return await ask.do(c.RequestSlip, job=new_id(), printer=printer, withdrawn=job if withdrawn else None)
