"""Other rules until the day ends: a supervisor looks at the order that they would give, then saves them with a reason.

What is saved is recorded as the day's rules and wins over config.toml until the day ends; the file is never written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.acts import ActKind
from queue_server.domain.dispatch import order_of
from queue_server.domain.rules import Rules
from queue_server.domain.state import State
from queue_server.errors import ConfigWrong, Invalid
from queue_server.service.rulebook import shares_of
from queue_server.views.queues import PLACES_OF_SERVICE, counter_places, places
from queue_server.web.ask import Ask, Done
from queue_server.web.noting import note
from queue_server.web.queues.showing import rules_view
from queue_server.web.queues.words_kept import say_why
from queue_server.web.scope import agencies_of
from queue_server.wire.staff import (
    LONGEST_S,
    ClockConfirm,
    CounterPreview,
    Health,
    QueuePreview,
    Reloaded,
    ReloadRequest,
    RulesPreview,
    RulesRequest,
    RulesView,
)


async def rules(ask: Ask[None]) -> RulesView:
    """The targets and `help_after` that hold now."""
    return rules_view(ask)


async def preview(ask: Ask[RulesRequest]) -> RulesPreview:
    """The order that other targets or `help_after` would give, beside the order as it is. Changes nothing.

    Targets shift services against each other, which only a counter's order shows: so every counter that serves one of
    theirs is there.
    """
    engine = ask.engine
    state, now = engine.state, engine.now()
    other, own = state.under(changed(ask, state.rules)), agencies_of(ask.caller)
    return RulesPreview(
        queues=tuple(
            QueuePreview(service=service, order=_order(other, service, now), now=_order(state, service, now))
            for service in ask.body.targets
        ),
        counters=tuple(
            CounterPreview(
                counter=counter,
                order=counter_places(other, counter, now, agencies=own),
                now=counter_places(state, counter, now, agencies=own),
            )
            for counter in _counters_concerned(ask, state)
        ),
    )


def _counters_concerned(ask: Ask[RulesRequest], state: State) -> Iterable[str]:
    """The counters whose order may be another, those named first: each once, of the caller's own where bound to one."""
    targets, caller = ask.body.targets, ask.caller
    serving = (id_ for id_ in state.counters if not targets.keys().isdisjoint(state.serves(id_)))
    mine = (id_ for id_ in serving if caller.counter in (None, id_))
    return dict.fromkeys((*ask.body.help_after, *mine))


async def save(ask: Ask[RulesRequest]) -> Done[RulesView]:
    """Let other targets or `help_after` hold until the day ends, with a reason."""
    if not ask.body.targets and not ask.body.help_after:
        raise Invalid("Name targets or help_after.", reason="field", field="targets")
    if ask.reason is None:
        raise say_why()
    return await ask.do(c.SetRules, rules=changed(ask, ask.engine.state.rules), source="supervisor")


async def reload(ask: Ask[ReloadRequest]) -> Reloaded:
    """Read config.toml again; what it says holds at once, unless it would take away something that is in use."""
    parts, meant = ask.parts, ask.body.file
    if meant is not None and parts.config is not None and meant != str(parts.config):
        raise Invalid(f"This server reads {parts.config}, not {meant}.", reason="other_file")
    if parts.reload is None:
        raise Invalid("This server was not started from a file.", reason="no_file")
    try:
        settings = await asyncio.to_thread(parts.reload)
        refused = await parts.engine.take_settings(settings)
        parts.hub.refresh_all()  # what only shows has changed without an event
    except ConfigWrong as wrong:
        raise Invalid(wrong.detail, reason="config") from None
    await note(ask, ActKind.SETTINGS_TAKEN, details={"taken": "no" if refused else "yes", "refused": len(refused)})
    return Reloaded(taken=not refused, refused=tuple(refused))


async def confirm_clock(ask: Ask[ClockConfirm]) -> Health:
    """Say that this machine's clock is right although the mall's time is another; the mall goes on by it.

    Where the mall's time was ahead, its day ends and a new one begins at the right time, with the same people.
    """
    parts = ask.parts
    await parts.engine.confirm_clock(ask.caller.clerk, ask.body.alarm)
    return Health(
        status="ok" if parts.engine.healthy else "failing",
        boot=parts.boot,
        version=parts.version,
        alarms=tuple(parts.engine.alarms),
    )


def changed(ask: Ask[RulesRequest], rules: Rules) -> Rules:
    """The rules as the body would have them. Raises what says why they cannot be so."""
    body = ask.body
    services, counters = dict(rules.services), dict(rules.counters)
    for id_, wanted in body.targets.items():
        service = services[id_]
        shares = shares_of(ask.parts.settings(), id_)
        services[id_] = replace(service, targets=_targets(service.targets, wanted, shares))
    for id_, after in body.help_after.items():
        helped = {**counters[id_].help_after, **{service: seconds * 1000 for service, seconds in after.items()}}
        counters[id_] = replace(counters[id_], help_after={s: ms for s, ms in helped.items() if ms})
    return replace(rules, services=services, counters=counters)


def _targets(now: dict[str, int], wanted: int | dict[str, int], shares: Mapping[str, float]) -> dict[str, int]:
    """Milliseconds by category.

    One number is the target of `regular`, and the others have the share of it that config.toml gives them: shares of
    what holds now would drift with every change, and be lost with a target of 0. None is longer than one may be named.
    """
    if isinstance(wanted, dict):
        unknown = next((category for category in wanted if category not in now), None)
        if unknown is not None:
            raise Invalid(f"There is no category {unknown!r}.", reason="category", category=unknown)
        return {**now, **{category: seconds * 1000 for category, seconds in wanted.items()}}
    return {category: min(round(wanted * shares.get(category, 1.0)), LONGEST_S) * 1000 for category in now}


def _order(state: State, service: str, now: int) -> Any:
    return places(state, order_of(state, service), now, most=PLACES_OF_SERVICE)
