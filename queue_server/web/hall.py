"""The hall over HTTP: what the mall offers, who waits for what, boards, holds, pauses of services, paper rolls."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.events import EVACUATION, HOLD
from queue_server.domain.numbering import number, ordinal_of
from queue_server.domain.roll import roll_numbers
from queue_server.domain.state import State
from queue_server.errors import Invalid
from queue_server.views.board import board_view
from queue_server.views.instants import rfc3339
from queue_server.views.menu import mall_view
from queue_server.views.names import evacuation_view, held_reason, held_text
from queue_server.views.queues import queue_view
from queue_server.views.queues import queues as queue_views
from queue_server.web.endpoint import Ask, Nothing
from queue_server.web.scope import agencies_of, check_services, check_whole_mall
from queue_server.web.tickets import new_id
from queue_server.web.words_kept import reason_code
from queue_server.wire.api import BoardView, MallView, QueueView
from queue_server.wire.staff import GoOnRequest, HallView, HoldRequest, RollRequest, RollView, WhyRequest


async def mall(ask: Ask[None]) -> MallView:
    """What the mall offers, what is open, how many wait."""
    engine = ask.parts.engine
    tz = ZoneInfo(engine.state.rules.timezone)
    return mall_view(engine.state, engine.now(), engine.estimates, tz=tz)


async def board(ask: Ask[None]) -> BoardView:
    """What one kind of display shows."""
    return board_view(ask.parts.engine.state, ask["board"])


async def queues(ask: Ask[None]) -> tuple[QueueView, ...]:
    """Who waits for which service, in order and with the reasons; a clerk's mall may keep the order to itself."""
    engine = ask.parts.engine
    found = queue_views(engine.state, engine.now(), engine.estimates, agencies=agencies_of(ask.caller))
    if ask.caller.role == "clerk" and engine.state.rules.policy.blind:
        return tuple(replace(queue, order=()) for queue in found)
    return found


# Holding and pausing


def hall_view(state: State) -> HallView:
    return HallView(
        held=held_reason(state),
        held_text=held_text(state),
        since=rfc3339(state.held.since) if state.held else None,
        paused=dict(state.paused),
        evacuation=evacuation_view(state),
    )


async def hold(ask: Ask[HoldRequest]) -> HallView:
    """Hold the hall: nobody is called, kiosks give no tickets, every place is kept and the time does not count."""
    check_whole_mall(ask.caller)
    engine, reason = ask.parts.engine, HOLD
    if ask.body.reason not in (None, HOLD):
        if ask.body.reason == EVACUATION:
            raise Invalid("To evacuate the building, POST /api/v1/hall/evacuate.", reason="evacuation")
        reason = await reason_code(ask, ask.body.reason, engine.state.rules.reasons)
    command = c.HoldHall(at=engine.now(), reason=reason, by=ask.caller.clerk)
    await ask.carry_out(command)
    return hall_view(engine.state)


async def evacuate(ask: Ask[HoldRequest]) -> HallView:
    """Evacuate the building: a hold, and every screen says to leave it, with the way out. Ends by `all-clear` alone."""
    check_whole_mall(ask.caller)
    engine, reason = ask.parts.engine, ask.body.reason
    if reason not in (None, EVACUATION):
        reason = await reason_code(ask, reason, engine.state.rules.reasons)
    command = c.EvacuateHall(at=engine.now(), reason=reason, by=ask.caller.clerk)
    await ask.carry_out(command)
    return hall_view(engine.state)


async def all_clear(ask: Ask[GoOnRequest]) -> HallView:
    """The evacuation is over: people may come back in. The hall stays held until it is released."""
    check_whole_mall(ask.caller)
    engine, reason = ask.parts.engine, await _why(ask)
    command = c.EndEvacuation(at=engine.now(), by=ask.caller.clerk, reason=reason)
    await ask.carry_out(command)
    return hall_view(engine.state)


async def release(ask: Ask[GoOnRequest]) -> HallView:
    """The hall goes on."""
    check_whole_mall(ask.caller)
    engine, reason = ask.parts.engine, await _why(ask)
    command = c.ReleaseHall(at=engine.now(), by=ask.caller.clerk, reason=reason)
    await ask.carry_out(command)
    return hall_view(engine.state)


async def pause_service(ask: Ask[WhyRequest]) -> QueueView:
    """A service takes nobody for now; who waits is still called."""
    engine, service = ask.parts.engine, ask["service"]
    check_services(ask.caller, engine.state, (service,))
    reason = await reason_code(ask, ask.body.reason, engine.state.rules.reasons)
    command = c.PauseService(at=engine.now(), service=service, reason=reason, by=ask.caller.clerk)
    return await _queue(ask, command)


async def resume_service(ask: Ask[GoOnRequest]) -> QueueView:
    """A service takes people again."""
    engine, service = ask.parts.engine, ask["service"]
    check_services(ask.caller, engine.state, (service,))
    reason = await _why(ask)
    return await _queue(ask, c.ResumeService(at=engine.now(), service=service, by=ask.caller.clerk, reason=reason))


async def _why(ask: Ask[GoOnRequest]) -> str | None:
    reason = ask.body.reason
    return await reason_code(ask, reason, ask.parts.engine.state.rules.reasons) if reason is not None else None


async def _queue(ask: Ask[WhyRequest] | Ask[GoOnRequest], command: c.Command) -> QueueView:
    engine, service = ask.parts.engine, ask["service"]
    await ask.carry_out(command)
    return queue_view(engine.state, service, engine.now(), engine.estimates)


# Paper rolls


async def roll(ask: Ask[RollRequest]) -> RollView:
    """The number last torn off a service's paper roll: everybody up to it waits from now on."""
    engine, service, body = ask.parts.engine, ask["service"], ask.body
    check_services(ask.caller, engine.state, (service,))
    last = _ordinal(engine.state, service, body.last, "last")
    first = None if body.first is None else _ordinal(engine.state, service, body.first, "first")
    torn = roll_numbers(engine.state, service, last, first) if engine.replayed(ask.key) is None else []
    command = c.EnterRoll(
        at=engine.now(),
        service=service,
        last=last,
        first=first,
        category=body.category,
        tickets=tuple(new_id() for _ in torn),
        by=ask.caller.clerk,
    )
    await ask.carry_out(command)
    return _roll_view(engine.state, service)


async def roll_back(ask: Ask[Nothing]) -> RollView:
    """Take the last entry of a paper roll back, as far as nobody has been called from it: it was mistyped."""
    engine, service = ask.parts.engine, ask["service"]
    check_services(ask.caller, engine.state, (service,))
    command = c.TakeRollBack(at=engine.now(), service=service, by=ask.caller.clerk)
    await ask.carry_out(command)
    return _roll_view(engine.state, service)


def _ordinal(state: State, service: str, torn: int | str, field: str) -> int:
    """`47` and `"P047"` are the same number."""
    if isinstance(torn, int):
        return torn
    found = ordinal_of(state.rules.services[service].prefix, torn)
    if found is None:
        raise Invalid(f"{torn!r} is no number of this roll.", reason="roll", field=field)
    return found


def _roll_view(state: State, service: str) -> RollView:
    prefix = state.rules.services[service].prefix
    ordinal = state.ordinals.get(prefix)
    last = None if ordinal is None else number(prefix, ordinal)
    return RollView(service=service, last=last, waiting=state.waiting(service))
