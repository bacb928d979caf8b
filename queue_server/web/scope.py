"""Whose data a call or a live view touches, and whether it is this caller's: decided here and nowhere else.

Each route, topic and page names one of these scopes; what stands in no table is in `OUTSIDE`. Whoever belongs to an
agency sees only what concerns it (tickets with a step there, counters that serve it) and moves only what is with it
now: a ticket whose step at hand is there, an outcome of its own. `endpoint.py` makes the check for calls, `live.py` for
views.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from msgspec import Struct

from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Ticket
from queue_server.domain.state import State
from queue_server.errors import Forbidden, IllegalMove, Invalid, NotFound
from queue_server.registry.people import Person
from queue_server.views.desk import counters_of
from queue_server.views.names import agency_of
from queue_server.web.identity.access import Caller
from queue_server.web.parts import Parts
from queue_server.web.permissions import ORDER
from queue_server.wire.api import IssueRequest
from queue_server.wire.people import PersonRequest


class Asked(Protocol):
    """What a scope looks at: who asks, the id in the path or topic, the body, and the ticket that the path names."""

    @property
    def parts(self) -> Parts: ...
    @property
    def caller(self) -> Caller: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> Any: ...
    @property
    def ticket(self) -> Ticket: ...


class Scope(Struct, frozen=True, kw_only=True):
    """`says` is how the API's description has it; `check` raises Forbidden or NotFound.

    `whole` is what concerns everybody, and is for nobody who belongs to one agency.
    """

    says: str
    check: Callable[[Any], None]
    whole: bool = False


def agencies_of(caller: Caller) -> frozenset[str] | None:
    """The agencies whose queues, counters and clerks this caller may see; None means all."""
    return None if caller.agencies is None else frozenset(caller.agencies)


def sees_order(caller: Caller) -> bool:
    """Whether this caller sees who is next where the mall keeps its queue blind, in answers and live alike."""
    return caller.role in ORDER


def concerns(caller: Caller, state: State, ticket: Ticket) -> bool:
    """Some step of the ticket is at the caller's agency, or the caller belongs to none."""
    own = caller.agencies
    return own is None or any(agency_of(state.rules, step.service) in own for step in ticket.steps)


def has_at_hand(caller: Caller, state: State, ticket: Ticket) -> bool:
    """The step at hand is at the caller's agency, or the caller belongs to none: theirs to move, its note to read."""
    return caller.agencies is None or agency_of(state.rules, ticket.step.service) in caller.agencies


def check_ticket(caller: Caller, state: State, ticket: Ticket) -> None:
    """Raises Forbidden for a ticket that is with another agency now."""
    if not has_at_hand(caller, state, ticket):
        raise Forbidden("That ticket is with another agency now.", reason="other_agency")


def check_counter(caller: Caller, state: State, counter: str) -> None:
    """Raises NotFound, or Forbidden where the caller may not act at this counter."""
    state.counter(counter)
    if caller.counter is not None and caller.counter != counter:
        raise Forbidden(f"You are let in at counter {caller.counter} only.", reason="other_counter", counter=counter)
    check_seen(caller, state, counter)


def check_seen(caller: Caller, state: State, counter: str) -> None:
    """Raises NotFound, or Forbidden where the counter serves nothing of the caller's agency."""
    state.counter(counter)
    agencies = agencies_of(caller)
    if agencies is not None and counter not in counters_of(state, agencies):
        raise Forbidden("That counter serves other agencies.", reason="other_agency", counter=counter)


def check_services(caller: Caller, state: State, services: tuple[str, ...]) -> None:
    """Raises UnknownService, or Forbidden where a service is another agency's."""
    for service in services:
        state.check_service(service)
        if caller.agencies is not None and state.rules.services[service].agency not in caller.agencies:
            raise Forbidden("That service is another agency's.", reason="other_agency", service=service)


def check_printer(caller: Caller, state: State, printer: str | None) -> None:
    """Raises Forbidden for the printer of other agencies' desks. One at no such desk is for all."""
    desks = [one.id for one in state.rules.counters.values() if printer and one.printer == printer and one.services]
    if caller.agencies is None or not desks:
        return
    if not set(desks) & set(counters_of(state, frozenset(caller.agencies))):
        raise Forbidden("That printer is another agency's.", reason="other_agency")


def for_staff(body: IssueRequest) -> bool:
    """It says what only staff may say."""
    return not (body.counter is None and body.note is None and body.printer is None)


def wanted(body: IssueRequest) -> tuple[str, ...]:
    """The services of a journey, or the one."""
    return body.services or ((body.service,) if body.service is not None else ())


def parking_counter(asked: Asked) -> str:
    """The counter that parks: the one that is named, where the ticket is, or where the caller works."""
    state, ticket = asked.parts.engine.state, asked.ticket
    if asked.body.counter is not None:
        return str(asked.body.counter)
    there = next((record.id for record in state.counters.values() if record.ticket == ticket.id), None)
    found = there or state.counter_of(asked.caller.clerk)
    if found is None:
        raise Invalid("Say at which counter.", reason="field", field="counter")
    return found


def corrected_step(asked: Asked) -> int:
    """The step whose outcome is corrected: the one that is named, or the last that is finished."""
    finished = [n for n, step in enumerate(asked.ticket.steps) if step.state is StepState.FINISHED]
    if asked.body.step is None and not finished:
        raise IllegalMove("Only a finished step has an outcome to correct.", reason="not_finished")
    return finished[-1] if asked.body.step is None else int(asked.body.step)


# The scopes


def _everybodys(asked: Asked) -> None:
    pass


def _agencys(asked: Asked) -> None:
    wanted, own = asked.subject, asked.caller.agencies
    if own is not None and wanted not in ("", *own):
        raise Forbidden("That is another agency's.", reason="other_agency")
    if wanted and wanted not in asked.parts.engine.state.rules.agencies:
        raise NotFound(f"There is no agency {wanted!r}.", agency=wanted)


def _counters(asked: Asked) -> None:
    check_seen(asked.caller, asked.parts.engine.state, asked.subject)


def _signs(asked: Asked) -> None:
    if asked.subject not in asked.parts.engine.state.rules.counters:
        raise NotFound(f"There is no counter {asked.subject!r}.", counter=asked.subject)


def _boards(asked: Asked) -> None:
    if asked.subject not in asked.parts.engine.state.rules.boards:
        raise NotFound(f"There is no board {asked.subject!r}.", board=asked.subject)
    own = _board_of(asked.caller, asked.parts.engine.state)
    if own is not None and own != asked.subject:
        raise Forbidden(f"This display shows {own}.", reason="other_device")


def _board_of(caller: Caller, state: State) -> str | None:
    """The one board of a display: the one it was let in for, or whose name its token has. Other names are for any."""
    if caller.role != "display":
        return None
    return caller.shows or (caller.name if caller.name in state.rules.boards else None)


def _kiosks(asked: Asked) -> None:
    if asked.caller.role == "kiosk":
        if asked.caller.name != asked.subject:
            raise Forbidden(f"This is kiosk {asked.caller.name}.", reason="other_device")
    elif not is_kiosk(asked.parts, asked.subject):
        raise NotFound("There is no such kiosk.")


def is_kiosk(parts: Parts, name: str) -> bool:
    """config.toml names it, or a token lets it in: whatever else stands in an address is some word."""
    return name in parts.engine.state.rules.kiosks or bool(parts.registry.tokens.of_device("kiosk", name))


def _menus(asked: Asked) -> None:
    _kiosks(asked)
    _whole(asked)


def _printers(asked: Asked) -> None:
    if asked.caller.name != asked.subject:
        raise Forbidden(f"This token is printer {asked.caller.name}'s.", reason="other_device")
    if asked.subject not in asked.parts.engine.state.rules.printers:
        raise NotFound(f"There is no printer {asked.subject!r} in config.toml.", printer=asked.subject)


def _day_notes(asked: Asked) -> None:
    note = asked.parts.registry.day_notes.get(asked.subject)
    if note is None:
        raise NotFound("There is no such note.")
    own = agencies_of(asked.caller)
    if own is not None and (note.agencies is None or not own.issuperset(note.agencies)):
        raise Forbidden("That note is another's.", reason="other_agency")


def _whole(asked: Asked) -> None:
    if asked.caller.agencies is not None:
        raise Forbidden("That concerns the whole mall.", reason="other_agency")


def _services(asked: Asked) -> None:
    check_services(asked.caller, asked.parts.engine.state, (asked.subject,))


def _tickets(asked: Asked) -> None:
    check_ticket(asked.caller, asked.parts.engine.state, asked.ticket)


def _reprinted(asked: Asked) -> None:
    state, ticket = asked.parts.engine.state, asked.ticket
    if not concerns(asked.caller, state, ticket):
        raise Forbidden("That ticket is another agency's.", reason="other_agency")
    check_printer(asked.caller, state, asked.body.printer)


def _corrected(asked: Asked) -> None:
    state, own = asked.parts.engine.state, asked.caller.agencies
    if own is None:
        return
    step, steps = corrected_step(asked), asked.ticket.steps
    if not 0 <= step < len(steps) or agency_of(state.rules, steps[step].service) not in own:
        raise Forbidden("That step is another agency's.", reason="other_agency")


def _called(asked: Asked) -> None:
    caller, ticket = asked.caller, asked.ticket
    parts = asked.parts
    if not parts.callers.has_called(caller, ticket.id, parts.engine.state.counters, parts.registry.tokens):
        raise Forbidden("Whoever has called that ticket may read it, nobody else.", reason="other_clerk")


def _held(asked: Asked) -> None:
    if asked.caller.role:
        _tickets(asked)


def governs(caller: Caller, person: Person) -> bool:
    """Whether somebody is this admin's to manage: everybody is the mall's, an agency's admin has their own people."""
    if caller.agencies is None:
        return True
    return person.agencies is not None and set(person.agencies) <= set(caller.agencies)


def _persons(asked: Asked) -> None:
    caller, body = asked.caller, asked.body
    if asked.subject:
        person = asked.parts.registry.people.get(asked.subject)
        if person is None:
            raise NotFound("There is nobody of that id.")
        if not governs(caller, person):
            raise Forbidden("That is another agency's.", reason="other_agency")
    own = caller.agencies
    if own is not None and isinstance(body, PersonRequest) and not (body.agencies and set(body.agencies) <= set(own)):
        raise Forbidden("That is another agency's.", reason="other_agency")


def _parking(asked: Asked) -> None:
    _tickets(asked)
    check_counter(asked.caller, asked.parts.engine.state, parking_counter(asked))


def _workplaces(asked: Asked) -> None:
    check_counter(asked.caller, asked.parts.engine.state, asked.subject)


def _moves(asked: Asked) -> None:
    _workplaces(asked)
    state = asked.parts.engine.state
    here = state.counters[asked.subject].ticket
    if here is not None:
        check_ticket(asked.caller, state, state.tickets[here])


def _named_moves(asked: Asked) -> None:
    _moves(asked)
    state = asked.parts.engine.state
    named = state.tickets.get(asked.body.ticket or "")
    if named is not None:
        check_ticket(asked.caller, state, named)


def _served(asked: Asked) -> None:
    _workplaces(asked)
    state = asked.parts.engine.state
    served = state.rules.counters[asked.subject].services
    check_services(asked.caller, state, tuple(sorted(set(asked.body.services) ^ set(served))))


def _ruled(asked: Asked) -> None:
    state, body = asked.parts.engine.state, asked.body
    check_services(asked.caller, state, tuple(body.targets))
    for counter, after in body.help_after.items():
        check_counter(asked.caller, state, counter)
        check_services(asked.caller, state, tuple(after))


def _issued(asked: Asked) -> None:
    caller, state, body = asked.caller, asked.parts.engine.state, asked.body
    if caller.role == "kiosk":
        if body.kiosk not in (None, caller.name) or for_staff(body):
            raise Forbidden("A kiosk takes tickets for itself, without counter, printer or note.", reason="kiosk")
    elif caller.agencies is not None:
        check_services(caller, state, wanted(body)[:1])
        if body.counter is not None:
            check_seen(caller, state, body.counter)
        check_printer(caller, state, body.printer)


EVERYBODY = Scope(says="what everybody in the hall may know", check=_everybodys)
AGENCY = Scope(says="the mall's; for an agency's staff their agency's part", check=_agencys)
COUNTER = Scope(says="a counter; for an agency's staff one that serves it", check=_counters)
BOARD = Scope(says="a board; for a display its own", check=_boards)
SIGN = Scope(says="a counter's sign, which everybody sees", check=_signs)
KIOSK = Scope(says="a kiosk that is known; for a kiosk itself", check=_kiosks)
MENU = Scope(says="a kiosk that is known; for a kiosk itself; not for an agency's staff", check=_menus)
PRINTER = Scope(says="the printer whose token it is", check=_printers)
HOLDER = Scope(says="the ticket whose id is known", check=_everybodys)
HELD = Scope(says="the ticket whose id is known; for an agency's staff while it is with them", check=_held)
DAY_NOTE = Scope(says="a note on a day; for an agency's staff their agency's own", check=_day_notes)
PERSON = Scope(says="the person who is named; for an agency's admin their agencies' people", check=_persons)
OWN = Scope(says="the caller's own", check=_everybodys)
HOUSE = Scope(says="the house's devices and settings, whatever agency one belongs to", check=_everybodys)
MALL = Scope(says="the whole mall; not for an agency's staff", check=_whole, whole=True)
SERVICE = Scope(says="a service; for an agency's staff their agency's", check=_services)
TICKET = Scope(says="a ticket; for an agency's staff while its step at hand is theirs", check=_tickets)
REPRINT = Scope(says="a ticket, and a printer; for an agency's staff one with a step there", check=_reprinted)
CORRECTION = Scope(says="a finished step of a ticket; for an agency's staff one of theirs", check=_corrected)
CALLED = Scope(says="the ticket that the caller has called, while it is at their counter", check=_called)
PARKING = Scope(says="a ticket, and the counter that parks it", check=_parking)
ISSUE = Scope(says="a kiosk's own tickets; for an agency's staff those that begin there", check=_issued)
WORKPLACE = Scope(says="the counter where one may work", check=_workplaces)
MOVE = Scope(says="the counter where one may work, and the ticket there", check=_moves)
NAMED_MOVE = Scope(says="the counter where one may work, the ticket there or the one that is named", check=_named_moves)
SERVED = Scope(says="the counter where one may work, and the services that it gains or loses", check=_served)
RULES = Scope(says="the services and counters that are named; for an agency's staff their agency's", check=_ruled)

OUTSIDE: dict[str, Scope] = {
    "/api/v1/live": EVERYBODY,
    "/api/v1/openapi.json": EVERYBODY,
    "/healthz": EVERYBODY,
    "/readyz": EVERYBODY,
    "/metrics": EVERYBODY,
    "/favicon.ico": EVERYBODY,
    "/static/{build}/{path}": EVERYBODY,
    "/texts/{build}/{page}/{language}.json": EVERYBODY,
    "/qr/{ticket}.svg": HOLDER,
    "/speech/{key}.wav": EVERYBODY,
    "/media/{board}/{file}": BOARD,
    "/oidc/start": OWN,
    "/oidc/back": OWN,
    "/oidc/out": OWN,
    "/accent/{colour}.css": EVERYBODY,
    "/theme/{colours}.css": EVERYBODY,
    "/poster/code.svg": EVERYBODY,
    "/poster/sheet.svg": HOUSE,
    "/printing/preview.png": HOUSE,
    "/audit/export.csv": MALL,
}
"""Addresses that are in no table; each topic of the live one has a scope of its own."""
