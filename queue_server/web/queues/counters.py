"""Counters over HTTP: what a clerk does, and what a supervisor does at anybody's counter.

A clerk acts at the counter where they work; a supervisor acts in the name of the clerk who is there. Every move may
name the ticket that it means, and is refused if another one is at the counter by now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.rules import Rules
from queue_server.errors import Invalid
from queue_server.letters import composed
from queue_server.views.desk import counter_detail, counter_views
from queue_server.web.ask import Ask, Done, Nothing
from queue_server.web.queues.showing import seen_counters
from queue_server.web.queues.words_kept import notes_at
from queue_server.web.scope import sees_order
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


async def counters(ask: Ask[None]) -> tuple[CounterView, ...]:
    """Every counter with who is there; an agency's staff see those that serve it."""
    return counter_views(ask.engine.state, **seen_counters(ask))


async def counter(ask: Ask[None]) -> CounterDetail:
    """One counter with what waits for it; a clerk's mall may keep to itself who is next."""
    state, id_ = ask.engine.state, ask["counter"]
    notes, order = notes_at(ask.parts, id_), sees_order(ask.caller)
    return counter_detail(state, id_, ask.engine.now(), notes=notes, sees_order=order, **seen_counters(ask))


# The counter itself


async def open_(ask: Ask[Nothing]) -> Done[CounterView]:
    """Begin to work here; the counter where the clerk was before is left."""
    return await ask.do(c.OpenCounter, skills=_skills(ask))


def _skills(ask: Ask[Any]) -> tuple[str, ...] | None:
    """What this clerk may serve: an agency's clerk only its services, also at a counter that serves others, too."""
    skills, own = ask.caller.skills, ask.caller.agencies
    if own is None:
        return skills
    services = ask.engine.state.rules.services.values()
    return tuple(s.id for s in services if s.agency in own and (skills is None or s.id in skills))


def why_paused(rules: Rules) -> Mapping[str, object]:
    return rules.pause_reasons


async def pause(ask: Ask[WhyRequest]) -> Done[CounterView]:
    """Call nobody for a while, and say why."""
    return await ask.do(c.PauseCounter)


async def resume(ask: Ask[Nothing]) -> Done[CounterView]:
    """Go on after a pause."""
    return await ask.do(c.ResumeCounter)


async def close(ask: Ask[CloseRequest]) -> Done[CounterView]:
    """Nobody works here any more; refused while somebody is called or served."""
    return await ask.do(c.CloseCounter)


async def auto_call(ask: Ask[AutoCallRequest]) -> Done[CounterView]:
    """Call by itself when the counter has been free for as long as the mall says, while the clerk's screen answers."""
    return await ask.do(c.SetAutoCall, on=ask.body.on)


async def help_(ask: Ask[Nothing]) -> Done[CounterView]:
    """Ask the supervisors to come."""
    return await ask.do(c.AskHelp)


async def help_answered(ask: Ask[Nothing]) -> Done[CounterView]:
    """Somebody has come, or the clerk needs nobody any more."""
    return await ask.do(c.AnswerHelp)


async def services(ask: Ask[ServicesRequest]) -> Done[CounterView]:
    """Let this counter serve other services until the day ends."""
    rules, named, id_ = ask.engine.state.rules, ask.body.services, ask["counter"]
    if not named or len(set(named)) != len(named):
        raise Invalid("Name at least one service, each once.", reason="services", field="services")
    counters = {**rules.counters, id_: replace(rules.counters[id_], services=named)}
    return await ask.do(c.SetRules, rules=replace(rules, counters=counters), source="supervisor")


# With a ticket


async def call_next(ask: Ask[NextRequest]) -> Done[TicketView | None]:
    """Call whoever is due first; 204 when nobody waits. Finishes who is being served, if the mall says so."""
    return await ask.do(c.CallNext, ticket=ask.body.ticket, outcome=outcome_code(ask.body.outcome))


async def call(ask: Ask[CallRequest]) -> Done[TicketView]:
    """Call a chosen ticket, where the mall allows choosing."""
    return await ask.do(c.CallTicket, ticket=ask.body.ticket)


async def recall(ask: Ask[TicketRequest]) -> Done[TicketView]:
    """Call the same ticket again."""
    return await ask.do(c.Recall, ticket=ask.body.ticket)


async def start(ask: Ask[TicketRequest]) -> Done[TicketView]:
    """The citizen is here: serving begins."""
    return await ask.do(c.StartService, ticket=ask.body.ticket)


async def finish(ask: Ask[FinishRequest]) -> Done[TicketView]:
    """The step is done; the journey's next service waits, if there is one."""
    return await ask.do(c.FinishService, ticket=ask.body.ticket, outcome=outcome_code(ask.body.outcome))


async def no_show(ask: Ask[TicketRequest]) -> Done[TicketView]:
    """Called often enough, far enough apart, and did not come."""
    return await ask.do(c.MarkNoShow, ticket=ask.body.ticket)


def why_parked(rules: Rules) -> Mapping[str, object]:
    return {**rules.reasons, **rules.park_reasons}


async def park(ask: Ask[ParkRequest]) -> Done[TicketView]:
    """Set aside; the citizen will come back. Also a waiting ticket that is named."""
    return await ask.do(c.ParkTicket, ticket=ask.body.ticket)


async def transfer(ask: Ask[TransferRequest]) -> Done[TicketView]:
    """A new step waits at another service, counter or clerk, with the same number. Also of a waiting ticket."""
    body = ask.body
    return await ask.do(
        c.TransferTicket,
        ticket=body.ticket,
        service=body.service,
        to_counter=body.counter,
        to_clerk=composed(body.clerk) if body.clerk is not None else None,
    )


async def put_back(ask: Ask[PutBackRequest]) -> Done[TicketView]:
    """Called by mistake: waits again at its old place. A reason that is given is recorded."""
    return await ask.do(c.PutBack, ticket=ask.body.ticket)


async def undo(ask: Ask[TicketRequest]) -> Done[TicketView | None]:
    """Take the counter's last command back, for a few seconds; 204 if that was about the counter and no ticket."""
    return await ask.do(c.Undo, ticket=ask.body.ticket)


def outcome_code(outcome: str | None) -> str | None:
    """`documents missing` is the code `documents_missing`."""
    return outcome.strip().replace(" ", "_") if outcome else None
