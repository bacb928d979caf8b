"""What things are called, as views carry it: an id and its name in each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from queue_server.domain.rules import Rules
from queue_server.domain.state import State
from queue_server.views.instants import rfc3339
from queue_server.wire.api import Evacuation, Named, Texts, WayOut


class _Thing(Protocol):
    """An agency, a service, a zone…"""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> Texts: ...


def named(things: Iterable[_Thing]) -> tuple[Named, ...]:
    return tuple(Named(id=thing.id, name=thing.name) for thing in things)


def codes(texts: Mapping[str, Texts]) -> tuple[Named, ...]:
    """Configured codes (outcomes, reasons) with their words."""
    return tuple(Named(id=code, name=words) for code, words in texts.items())


def service_name(rules: Rules, service: str) -> Texts:
    """The name; of a service that is no longer offered, its id."""
    known = rules.services.get(service)
    return known.name if known else dict.fromkeys(rules.languages, service)


def agency_of(rules: Rules, service: str) -> str:
    """The agency's id; empty for a service that is no longer offered."""
    known = rules.services.get(service)
    return known.agency if known else ""


def held_reason(state: State) -> str | None:
    """The reason's code while the hall is held."""
    return state.held.reason if state.held else None


def evacuation_view(state: State, zones: Iterable[str] | None = None) -> Evacuation | None:
    """What is said while everybody must leave the building, with the ways out of these zones (None: of all)."""
    if state.held is None or state.held.evacuated_since is None:
        return None
    rules = state.rules
    concerned = [zone for zone in rules.zones.values() if zones is None or zone.id in frozenset(zones)]
    return Evacuation(
        since=rfc3339(state.held.evacuated_since),
        text=rules.evacuation,
        assembly_point=rules.assembly_point,
        ways=tuple(WayOut(zone=zone.id, name=zone.name, way=zone.way_out) for zone in concerned if zone.way_out),
    )


def held_text(state: State) -> Texts:
    """The reason in the mall's words while the hall is held; empty where it has none, or is not held."""
    return state.rules.reasons.get(state.held.reason, {}) if state.held else {}
