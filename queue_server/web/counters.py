"""Counters over HTTP: what a clerk does, and what a supervisor does at anybody's counter.

A clerk acts at the counter where they work; a supervisor acts in the name of the clerk who is there. Every move may
name the ticket that it means, and is refused if another one is at the counter by now.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.undo import undoable
from queue_server.errors import Invalid, NotAtCounter
from queue_server.letters import composed
from queue_server.views.desk import counter_detail, counter_view, counter_views
from queue_server.web.endpoint import Ask, Nothing
from queue_server.web.rules import supervise
from queue_server.web.scope import agencies_of, check_counter, check_seen, check_services, check_ticket
from queue_server.web.showing import acting, after, outcome_code, ticket_after
from queue_server.web.words_kept import notes_at, reason_code
from queue_server.wire.api import (
    AutoCallRequest,
    CallRequest,
    CounterDetail,
    CounterView,
    FinishRequest,
    ParkRequest,
    TicketRequest,
    TicketView,
    TransferRequest,
)
from queue_server.wire.staff import CloseRequest, NextRequest, PutBackRequest, ServicesRequest, WhyRequest

# Looking


def _seen(ask: Ask[Any]) -> dict[str, Any]:
    return {
        "estimates": ask.parts.engine.expected,
        "track_base": ask.parts.engine.state.rules.public_url,
        "agencies": agencies_of(ask.caller),
    }


async def counters(ask: Ask[None]) -> tuple[CounterView, ...]:
    """Every counter with who is there; an agency's staff see those that serve it."""
    return counter_views(ask.parts.engine.state, **_seen(ask))


async def counter(ask: Ask[None]) -> CounterDetail:
    """One counter with what waits for it; a clerk's mall may keep to itself who is next."""
    engine, id_ = ask.parts.engine, ask["counter"]
    check_seen(ask.caller, engine.state, id_)
    blind = ask.caller.role == "clerk" and engine.state.rules.policy.blind
    return counter_detail(engine.state, id_, engine.now(), notes=notes_at(ask.parts, id_), blind=blind, **_seen(ask))


# The counter itself


def at(ask: Ask[Any]) -> tuple[str, str]:
    """The counter in the path, if it is the caller's to work at, and in whose name."""
    id_ = ask["counter"]
    check_counter(ask.caller, ask.parts.engine.state, id_)
    return id_, acting(ask, id_)


async def changed(ask: Ask[Any], command: c.Command) -> CounterView:
    """The counter after a command."""
    id_ = ask["counter"]
    await ask.carry_out(command)
    return counter_view(ask.parts.engine.state, id_, notes=notes_at(ask.parts, id_), **_seen(ask))


async def open_(ask: Ask[Nothing]) -> CounterView:
    """Begin to work here; the counter where the clerk was before is left."""
    counter, clerk = at(ask)
    now = ask.parts.engine.now()
    return await changed(ask, c.OpenCounter(at=now, counter=counter, clerk=clerk, skills=_skills(ask)))


def _skills(ask: Ask[Any]) -> tuple[str, ...] | None:
    """What this clerk may serve: an agency's clerk only its services, also at a counter that serves others, too."""
    skills, agency = ask.caller.skills, ask.caller.agency
    if agency is None:
        return skills
    services = ask.parts.engine.state.rules.services.values()
    return tuple(s.id for s in services if s.agency == agency and (skills is None or s.id in skills))


async def pause(ask: Ask[WhyRequest]) -> CounterView:
    """Call nobody for a while, and say why."""
    at(ask)
    reason = await reason_code(ask, ask.body.reason, ask.parts.engine.state.rules.pause_reasons)
    counter, clerk = at(ask)
    now = ask.parts.engine.now()
    return await changed(ask, c.PauseCounter(at=now, counter=counter, clerk=clerk, reason=reason))


async def resume(ask: Ask[Nothing]) -> CounterView:
    """Go on after a pause."""
    counter, clerk = at(ask)
    return await changed(ask, c.ResumeCounter(at=ask.parts.engine.now(), counter=counter, clerk=clerk))


async def close(ask: Ask[CloseRequest]) -> CounterView:
    """Nobody works here any more; refused while somebody is called or served."""
    by, reason = await by_supervisor(ask, ask.body.reason)
    counter, clerk = at(ask)
    now = ask.parts.engine.now()
    return await changed(ask, c.CloseCounter(at=now, counter=counter, clerk=clerk, by=by, reason=reason))


async def by_supervisor(ask: Ask[Any], reason: str | None) -> tuple[str | None, str | None]:
    """Who acts in the clerk's place and why, for the record; (None, the reason) where it is the clerk."""
    _, clerk = at(ask)
    code = await reason_code(ask, reason, ask.parts.engine.state.rules.reasons) if reason else None
    return (ask.caller.clerk if ask.caller.clerk != clerk else None), code


async def auto_call(ask: Ask[AutoCallRequest]) -> CounterView:
    """Call by itself when the counter has been free for as long as the mall says, while the clerk's screen answers."""
    counter, clerk = at(ask)
    now = ask.parts.engine.now()
    return await changed(ask, c.SetAutoCall(at=now, counter=counter, clerk=clerk, on=ask.body.on))


async def help_(ask: Ask[Nothing]) -> CounterView:
    """Ask the supervisors to come."""
    counter, clerk = at(ask)
    return await changed(ask, c.AskHelp(at=ask.parts.engine.now(), counter=counter, clerk=clerk))


async def help_answered(ask: Ask[Nothing]) -> CounterView:
    """Somebody has come, or the clerk needs nobody any more."""
    counter, _ = at(ask)
    return await changed(ask, c.AnswerHelp(at=ask.parts.engine.now(), counter=counter, by=ask.caller.clerk))


async def services(ask: Ask[ServicesRequest]) -> CounterView:
    """Let this counter serve other services until the day ends."""
    state, body, id_ = ask.parts.engine.state, ask.body, ask["counter"]
    check_counter(ask.caller, state, id_)
    if not body.services or len(set(body.services)) != len(body.services):
        raise Invalid("Name at least one service, each once.", reason="services", field="services")
    served = state.rules.counters[id_].services
    check_services(ask.caller, state, tuple(sorted(set(body.services) ^ set(served))))
    reason = await reason_code(ask, body.reason, state.rules.reasons)
    rules = ask.parts.engine.state.rules
    counters = {**rules.counters, id_: replace(rules.counters[id_], services=body.services)}
    return await changed(ask, supervise(ask, replace(rules, counters=counters), reason))


# With a ticket


def _at(ask: Ask[Any]) -> dict[str, Any]:
    """The beginning of each of a clerk's commands."""
    counter, clerk = at(ask)
    here = ask.parts.engine.state.counters[counter].ticket
    if here is not None:
        check_ticket(ask.caller, ask.parts.engine.state, ask.parts.engine.state.tickets[here])
    return {"at": ask.parts.engine.now(), "counter": counter, "clerk": clerk}


async def call_next(ask: Ask[NextRequest]) -> TicketView | None:
    """Call whoever is due first; 204 when nobody waits. Finishes who is being served, if the mall says so."""
    command = c.CallNext(
        **_at(ask), ticket=ask.body.ticket, outcome=outcome_code(ask.body.outcome), estimates=ask.parts.engine.estimates
    )
    return await after(ask, command)


async def call(ask: Ask[CallRequest]) -> TicketView:
    """Call a chosen ticket, where the mall allows choosing."""
    return await ticket_after(
        ask, c.CallTicket(**_at(ask), ticket=ask.body.ticket, estimates=ask.parts.engine.estimates)
    )


async def recall(ask: Ask[TicketRequest]) -> TicketView:
    """Call the same ticket again."""
    return await ticket_after(ask, c.Recall(**_at(ask), ticket=ask.body.ticket))


async def start(ask: Ask[TicketRequest]) -> TicketView:
    """The citizen is here: serving begins."""
    return await ticket_after(ask, c.StartService(**_at(ask), ticket=ask.body.ticket))


async def finish(ask: Ask[FinishRequest]) -> TicketView:
    """The step is done; the journey's next service waits, if there is one."""
    outcome = outcome_code(ask.body.outcome)
    command = c.FinishService(**_at(ask), ticket=ask.body.ticket, outcome=outcome, estimates=ask.parts.engine.estimates)
    return await ticket_after(ask, command)


async def no_show(ask: Ask[TicketRequest]) -> TicketView:
    """Called often enough, far enough apart, and did not come."""
    return await ticket_after(ask, c.MarkNoShow(**_at(ask), ticket=ask.body.ticket))


async def park(ask: Ask[ParkRequest]) -> TicketView:
    """Set aside; the citizen will come back. Also a waiting ticket that is named."""
    at(ask)
    named = ask.body.reason
    reason = await reason_code(ask, named, ask.parts.engine.state.rules.reasons) if named else None
    _check_named(ask, ask.body.ticket)
    return await ticket_after(ask, c.ParkTicket(**_at(ask), ticket=ask.body.ticket, reason=reason))


async def transfer(ask: Ask[TransferRequest]) -> TicketView:
    """A new step waits at another service, counter or clerk, with the same number. Also of a waiting ticket."""
    body, engine = ask.body, ask.parts.engine
    _check_named(ask, body.ticket)
    command = c.TransferTicket(
        **_at(ask),
        ticket=body.ticket,
        service=body.service,
        to_counter=body.counter,
        to_clerk=composed(body.clerk) if body.clerk is not None else None,
        estimates=engine.estimates,
    )
    return await ticket_after(ask, command)


async def put_back(ask: Ask[PutBackRequest]) -> TicketView:
    """Called by mistake: waits again at its old place. A reason that is given is recorded."""
    by, reason = await by_supervisor(ask, ask.body.reason)
    return await ticket_after(ask, c.PutBack(**_at(ask), ticket=ask.body.ticket, by=by, reason=reason))


async def undo(ask: Ask[TicketRequest]) -> TicketView | None:
    """Take the counter's last command back, for a few seconds; 204 if that was about the counter and no ticket."""
    begin, meant = _at(ask), ask.body.ticket
    slot = undoable(ask.parts.engine.state, begin["counter"], begin["at"])
    replayed = ask.parts.engine.replayed(ask.key) is not None
    if meant is not None and slot is not None and meant not in slot.tickets and not replayed:
        raise NotAtCounter("The last command here was about another ticket.", reason="another")
    return await after(ask, c.Undo(**begin))


def _check_named(ask: Ask[Any], named: str | None) -> None:
    """A waiting ticket that is named must be the caller's agency's."""
    known = ask.parts.engine.state.tickets.get(named or "")
    if known is not None:
        check_ticket(ask.caller, ask.parts.engine.state, known)
