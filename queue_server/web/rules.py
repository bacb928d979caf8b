"""Other rules until the day ends: a supervisor looks at the order that they would give, then saves them with a reason.

What is saved is recorded as the day's rules and wins over config.toml until the day ends; the file is never written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.dispatch import order_of
from queue_server.domain.rules import Rules
from queue_server.domain.state import State
from queue_server.errors import ConfigWrong, Invalid
from queue_server.service.rulebook import shares_of
from queue_server.views.queues import PLACES_OF_SERVICE, counter_places, places
from queue_server.web.endpoint import Ask
from queue_server.web.scope import agencies_of, check_counter, check_services, check_whole_mall
from queue_server.web.words_kept import reason_code, say_why
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


def supervise(ask: Ask[Any], rules: Rules, reason: str) -> c.SetRules:
    """The command that makes these the day's rules. Build it right before it is submitted."""
    by, now = ask.caller.clerk, ask.parts.engine.now()
    return c.SetRules(at=now, rules=rules, source="supervisor", by=by, reason=reason)


async def rules(ask: Ask[None]) -> RulesView:
    """The targets and `help_after` that hold now."""
    return rules_view(ask, ask.parts.engine.state.rules)


async def preview(ask: Ask[RulesRequest]) -> RulesPreview:
    """The order that other targets or `help_after` would give, beside the order as it is. Changes nothing.

    Targets shift services against each other, which only a counter's order shows: so every counter that serves one of
    theirs is there.
    """
    engine = ask.parts.engine
    state, now = engine.state, engine.now()
    other = state.under(changed(ask, state.rules))
    return RulesPreview(
        queues=tuple(
            QueuePreview(service=service, order=_order(other, service, now), now=_order(state, service, now))
            for service in ask.body.targets
        ),
        counters=tuple(
            CounterPreview(
                counter=counter, order=counter_places(other, counter, now), now=counter_places(state, counter, now)
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


async def save(ask: Ask[RulesRequest]) -> RulesView:
    """Let other targets or `help_after` hold until the day ends, with a reason."""
    body, engine = ask.body, ask.parts.engine
    if not body.targets and not body.help_after:
        raise Invalid("Name targets or help_after.", reason="field", field="targets")
    if body.reason is None:
        raise say_why()
    changed(ask, engine.state.rules)
    reason = await reason_code(ask, body.reason, engine.state.rules.reasons)
    await ask.carry_out(supervise(ask, changed(ask, engine.state.rules), reason))
    return rules_view(ask, engine.state.rules)


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
    except ConfigWrong as wrong:
        raise Invalid(wrong.detail, reason="config") from None
    return Reloaded(taken=not refused, refused=tuple(refused))


async def confirm_clock(ask: Ask[ClockConfirm]) -> Health:
    """Say that this machine's clock is right although the mall's time is another; the mall goes on by it.

    Where the mall's time was ahead, its day ends and a new one begins at the right time, with the same people.
    """
    check_whole_mall(ask.caller)
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
    state, body = ask.parts.engine.state, ask.body
    check_services(ask.caller, state, tuple(body.targets))
    services, counters = dict(rules.services), dict(rules.counters)
    for id_, wanted in body.targets.items():
        service = services[id_]
        shares = shares_of(ask.parts.settings(), id_)
        services[id_] = replace(service, targets=_targets(service.targets, wanted, shares))
    for id_, after in body.help_after.items():
        check_counter(ask.caller, state, id_)
        check_services(ask.caller, state, tuple(after))
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


def rules_view(ask: Ask[Any], rules: Rules) -> RulesView:
    agencies = agencies_of(ask.caller)
    return RulesView(
        targets={
            service.id: {category: target // 1000 for category, target in service.targets.items()}
            for service in rules.services.values()
            if agencies is None or service.agency in agencies
        },
        help_after={
            counter.id: {service: after // 1000 for service, after in counter.help_after.items()}
            for counter in rules.counters.values()
            if counter.help_after
        },
    )
