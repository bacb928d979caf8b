"""The hall over HTTP: what the mall offers, who waits for what, holds, pauses of services, paper rolls."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from queue_server.domain import commands as c
from queue_server.domain.events import EVACUATION, HOLD
from queue_server.domain.numbering import ordinal_of
from queue_server.domain.roll import roll_numbers
from queue_server.domain.rules import Rules
from queue_server.domain.state import State
from queue_server.errors import Invalid
from queue_server.views.menu import mall_view
from queue_server.views.queues import queues as queue_views
from queue_server.web.ask import Ask, Done, Nothing
from queue_server.web.parts import Parts
from queue_server.web.queues.tickets import new_id
from queue_server.web.scope import agencies_of, sees_order
from queue_server.wire.api import MallView, QueueView
from queue_server.wire.staff import GoOnRequest, HallView, HoldRequest, RollRequest, RollView, WhyRequest


async def mall(ask: Ask[None]) -> MallView:
    """What the mall offers, what is open, how many wait."""
    return menu_of(ask.parts)


def menu_of(parts: Parts) -> MallView:
    engine = parts.engine
    tz = ZoneInfo(engine.state.rules.timezone)
    return mall_view(
        engine.state, engine.now(), engine.estimates, parts.presentation(), tz=tz, later=parts.opens_later().services
    )


async def queues(ask: Ask[None]) -> tuple[QueueView, ...]:
    """Who waits for which service, in order and with the reasons; a clerk's mall may keep the order to itself."""
    engine, caller = ask.engine, ask.caller
    return queue_views(
        engine.state,
        engine.now(),
        engine.estimates,
        agencies=agencies_of(caller),
        sees_order=sees_order(caller),
    )


# Holding and pausing


def why_held(rules: Rules) -> Mapping[str, object]:
    """The codes that a hold knows without being told."""
    return {**rules.reasons, HOLD: {}, EVACUATION: {}}


def why_evacuated(rules: Rules) -> Mapping[str, object]:
    return {**rules.reasons, EVACUATION: {}}


async def hold(ask: Ask[HoldRequest]) -> Done[HallView]:
    """Hold the hall: nobody is called, kiosks give no tickets, every place is kept and the time does not count."""
    if ask.reason == EVACUATION:
        raise Invalid("To evacuate the building, POST /api/v1/hall/evacuate.", reason="evacuation")
    return await ask.do(c.HoldHall, reason=ask.reason or HOLD)


async def evacuate(ask: Ask[HoldRequest]) -> Done[HallView]:
    """Evacuate the building: a hold, and every screen says to leave it, with the way out. Ends by `all-clear` alone."""
    return await ask.do(c.EvacuateHall)


async def all_clear(ask: Ask[GoOnRequest]) -> Done[HallView]:
    """The evacuation is over: people may come back in. The hall stays held until it is released."""
    return await ask.do(c.EndEvacuation)


async def release(ask: Ask[GoOnRequest]) -> Done[HallView]:
    """The hall goes on."""
    return await ask.do(c.ReleaseHall)


async def pause_service(ask: Ask[WhyRequest]) -> Done[QueueView]:
    """A service takes nobody for now; who waits is still called."""
    return await ask.do(c.PauseService)


async def resume_service(ask: Ask[GoOnRequest]) -> Done[QueueView]:
    """A service takes people again."""
    return await ask.do(c.ResumeService)


# Paper rolls


async def roll(ask: Ask[RollRequest]) -> Done[RollView]:
    """The number last torn off a service's paper roll: everybody up to it waits from now on."""
    state, service, body = ask.engine.state, ask["service"], ask.body
    last = _ordinal(state, service, body.last, "last")
    first = None if body.first is None else _ordinal(state, service, body.first, "first")
    torn = roll_numbers(state, service, last, first)
    tickets = tuple(new_id() for _ in torn)
    return await ask.do(c.EnterRoll, last=last, first=first, category=body.category, tickets=tickets)


async def roll_back(ask: Ask[Nothing]) -> Done[RollView]:
    """Take the last entry of a paper roll back, as far as nobody has been called from it: it was mistyped."""
    return await ask.do(c.TakeRollBack)


def _ordinal(state: State, service: str, torn: int | str, field: str) -> int:
    """`47` and `"P047"` are the same number."""
    if isinstance(torn, int):
        return torn
    found = ordinal_of(state.rules.services[service].prefix, torn)
    if found is None:
        raise Invalid(f"{torn!r} is no number of this roll.", reason="roll", field=field)
    return found
