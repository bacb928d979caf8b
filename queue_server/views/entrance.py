"""The entrance's board: every agency of the mall, whether it takes people now, and how long they wait there.

It is what `GET /mall` tells anybody, an agency in one line. An agency is open while any of its services gives tickets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from queue_server.domain.admission import availability
from queue_server.domain.records import Estimate
from queue_server.domain.rules import Agency, Service
from queue_server.domain.state import State
from queue_server.views.instants import rfc3339
from queue_server.views.presentation import Presentation
from queue_server.views.waits import Told, counters_open, told_newcomer
from queue_server.wire.api import Wait
from queue_server.wire.boards import BoardAgency

FULL = frozenset({"full", "quota_reached"})


def agencies_now(
    state: State,
    now: int,
    look: Presentation,
    estimates: Mapping[str, Estimate],
    later: Mapping[str, int],
    zones: Collection[str] = (),
) -> tuple[BoardAgency, ...]:
    """In the mall's order. `later` says by service when it opens that does not open any more today.

    `zones` are those that the board shows: of others it would not know the way.
    """
    rules = state.rules
    services: dict[str, list[Service]] = {agency: [] for agency in rules.agencies}
    for service in rules.services.values():
        services[service.agency].append(service)
    counters, stands = counters_open(state), _zones_of(state, zones)
    return tuple(
        replace(
            _agency(state, agency, services[agency.id], now, look, estimates, later, counters),
            zones=stands.get(agency.id, ()),
        )
        for agency in rules.agencies.values()
        if services[agency.id]
    )


def _zones_of(state: State, zones: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By agency, in the order of `zones`."""
    rules = state.rules
    found: dict[str, dict[str, None]] = {}
    for zone in zones:
        for counter in rules.counters.values():
            if counter.zone == zone:
                for service in counter.services:
                    found.setdefault(rules.services[service].agency, {})[zone] = None
    return {agency: tuple(there) for agency, there in found.items()}


def _agency(
    state: State,
    agency: Agency,
    services: Iterable[Service],
    now: int,
    look: Presentation,
    estimates: Mapping[str, Estimate],
    later: Mapping[str, int],
    counters: Mapping[str, int],
) -> BoardAgency:
    why = {one.id: availability(state, one.id, now, estimates.get(one.id))[0] for one in services}
    open_ = [service for service, reason in why.items() if reason is None]
    told = [told_newcomer(state, service, now, estimates, counters) for service in open_]
    stands = _stands(why.values())
    return BoardAgency(
        id=agency.id,
        name=agency.name,
        colour=look.stripes.get(agency.id),
        state=stands,
        waiting=sum(map(state.waiting, why)),
        estimated_wait=_spanned(told),
        wait_reason="no_counter" if told and all(one.wait_reason == "no_counter" for one in told) else None,
        opens_at=_opens_at(state, services, now, later) if stands == "closed" else None,
    )


def _stands(reasons: Iterable[str | None]) -> str:
    reasons = set(reasons)
    if None in reasons:
        return "open"
    if "paused" in reasons:
        return "paused"
    return "full" if reasons & FULL else "closed"


def _spanned(told: Iterable[Told]) -> Wait | None:
    """From the shortest of the usual waits to the longest of the long ones."""
    waits = [one.estimated_wait for one in told if one.estimated_wait is not None]
    if not waits:
        return None
    return Wait(p50_s=min(wait.p50_s for wait in waits), p90_s=max(wait.p90_s for wait in waits))


def _opens_at(state: State, services: Iterable[Service], now: int, later: Mapping[str, int]) -> str | None:
    """Later today, or on another day; a hall that was closed early opens on another day only."""
    opens = []
    for service in services:
        today = [start for start, _ in service.open if start > now and not state.ended_early]
        opens += today[:1] or [later[service.id]] if today or service.id in later else []
    return rfc3339(min(opens)) if opens else None
